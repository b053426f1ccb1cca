"""The compiled executor: the year of `step.py` with some of its phases compiled by Numba, one replicate after another.

Numba is an optional dependency (`pip install 'qipan[fast]'`) and is imported only when a compiled run is asked for.
The rules are compiled from their own text; this package holds no equation of the model, only loops.
"""
