"""Paired intervals, many comparisons at once, stopping, Shapley shares: no model, no pandas needed."""
