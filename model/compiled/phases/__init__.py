"""The phases of a year for compiled loops: the order of work and the loops, with the rules of `rules.py` inside."""
