"""What a user can ask, from names to a page: compare, attribute, sweep, targets, assumptions, replay."""
