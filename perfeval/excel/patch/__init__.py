"""Marks in somebody's own workbook: the package is patched, never saved again by a library."""
