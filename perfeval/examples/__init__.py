"""The shipped example workbooks, built from published facts and a labelled completion."""
