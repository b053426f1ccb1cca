"""What is kept of a block, and every table of a comparison made from it."""
