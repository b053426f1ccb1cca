"""One format of stored results: what made them, written and read."""
