"""What money and coordination are worth: a yuan more of each source, and the best of a searched set of policies."""
