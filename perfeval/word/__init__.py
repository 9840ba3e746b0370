"""A .docx from a template that a bureau edits in Word."""
