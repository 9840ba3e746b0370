"""Letters: written into the outbox, sent when asked."""
