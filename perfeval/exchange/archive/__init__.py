"""Parcels that can be recomputed, and last year's."""
