"""What carries the answer: docs/economy.md, by `make economy` or `python -m pages.economy [REPLICATES]`.

`comparisons.csv` names every comparison beforehand: an arm and what it is set against, each with its settings, and what
a prototype of these rules gave. `rules.csv` names every rule, its neutral value, and its place in two orders of the
ladder. `sampling` runs what is not stored yet, `tables` sets it side by side, `page` writes it.
"""
