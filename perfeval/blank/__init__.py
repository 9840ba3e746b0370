"""What is handed out: the blank workbook, the blank roster, the examples."""
