"""perfeval: reads a department's performance self-evaluation workbook, checks, scores and reports it."""

__version__ = "0.1.0"
