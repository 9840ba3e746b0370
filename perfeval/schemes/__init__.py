"""A regulation for its author: as a workbook, compared, described, tried out."""
