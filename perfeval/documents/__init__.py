"""What comes back: score workbook, report, returned workbook, summary."""
