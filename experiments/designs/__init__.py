"""Which arms a study runs, and the tables made of them: levers, assumptions, sweeps, precision."""
