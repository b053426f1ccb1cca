"""From a plan to its parts: blocks, worker pools, what is kept of a block, what it will cost."""
