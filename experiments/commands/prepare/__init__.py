"""Commands about scenarios, data and what there is, which run nothing."""
