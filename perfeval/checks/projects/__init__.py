"""项目: each row by itself, and what it spent."""
