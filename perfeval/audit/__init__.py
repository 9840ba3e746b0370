"""Finished reports, ours or anyone's: read, re-added, and told where they contradict themselves."""
