"""The bureau's review: reviewed score workbooks in, opinions out."""
