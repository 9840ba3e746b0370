"""The texts of a workbook: tense, praise, names, figures, problems and measures."""
