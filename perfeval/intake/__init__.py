"""From a file to a Submission: guard → read → match headers → convert → build; and the blank template."""
