"""Bytes → cells and cells → bytes. Knows no form."""
