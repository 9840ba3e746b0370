"""What a run knows in addition to its workbooks: which departments were renamed, and which published sets stay although
nothing was made of their workbook."""
