"""Findings: what is wrong with a workbook, as values; their catalogue; their wording."""
