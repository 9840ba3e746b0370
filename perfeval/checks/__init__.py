"""Checks of a filed workbook against itself, its regulation and its scores: one module a subject."""
