"""What a run knows besides its workbooks: which departments were renamed, and which published sets stay although
nothing was made of their workbook."""
