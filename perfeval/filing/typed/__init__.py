"""What people type, read: numbers, dates, comparators, units, choices."""
