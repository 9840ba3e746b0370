"""A regulation as a workbook that a bureau edits in Excel or WPS, and back."""
