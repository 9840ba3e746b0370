"""指标: what is missing or unreadable, weights, subjects, kinds, results."""
