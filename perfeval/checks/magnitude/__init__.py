"""Magnitude: amounts and indicators filled in another unit than they seem to be, found by what they are beside."""
