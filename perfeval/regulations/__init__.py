"""Data only: one folder an issued scheme."""
