"""Finished reports, ours or anyone's: read, re-added, and reported where they contradict themselves."""
