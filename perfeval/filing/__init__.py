"""Cells → Submission: the form's sheets found, each cell read, with everything the reader has to say of it."""
