"""Running text → its quantities and the relations between them, whatever document it stands in."""
