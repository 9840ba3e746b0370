"""Scoring: regulations are loaded, facts drawn from a submission, methods applied. Knows no year and no region."""
