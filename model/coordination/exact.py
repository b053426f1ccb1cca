"""The assignment solved exactly, with HiGHS: the yardstick of the fast solver, and what perfect information uses.

Static problem: choose x_rk in {0, 1} to maximise sum_rk value_rk x_rk, subject to sum_k x_rk <= breadth_r and
sum_r x_rk <= ceiling_k, where as many pairs as possible are placed (the value of every pair is lifted by a common
constant
large enough that placing one more always pays). The constraint matrix is totally unimodular, so the linear programme
has
a whole-number optimum. It is exact for this objective, not for welfare over time.
"""

import numpy as np

from model.axes import Array


def exact_layout(value: Array, breadth: Array, ceiling: Array) -> Array:
    """The best assignment of each replicate, (n, region, sector), 1 where assigned.

    Args:
        value: Value of each pair, (n, region, sector).
        breadth: Most sectors per region, (region,).
        ceiling: Most regions per sector, (n, sector).
    """
    return np.stack([_solved(one, breadth, most) for one, most in zip(value, ceiling, strict=True)])


def _solved(value: Array, breadth: Array, ceiling: Array) -> Array:
    from scipy.optimize import linprog
    from scipy.sparse import eye, kron, vstack

    regions, sectors = value.shape
    lifted = value - value.min() + (value.max() - value.min() + 1.0) * min(regions, 1000)
    rows = vstack([kron(eye(regions), np.ones((1, sectors))), kron(np.ones((1, regions)), eye(sectors))])
    limits = np.concatenate([np.asarray(breadth, dtype=float), ceiling])
    answer = linprog(-lifted.ravel(), A_ub=rows.tocsr(), b_ub=limits, bounds=(0.0, 1.0), method="highs-ds")
    if answer.x is None:
        raise ArithmeticError(f"the assignment has no solution: {answer.message}")
    return np.asarray(np.round(answer.x).reshape(regions, sectors))
