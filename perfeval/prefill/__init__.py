"""Other people's forms → a filing workbook: nothing is typed twice."""
