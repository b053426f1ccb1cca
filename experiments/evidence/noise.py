"""The noise of an emulator: Monte-Carlo variances that are known, of which the points share all but a part."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.gaussian_process.kernels import Hyperparameter, Kernel

from qipan.experiments.statistics.paired import Array

BOUNDS = (1e-6, 1.0)
"""Part of the variance that is not shared; nothing at all would make the matrix singular."""


class KnownNoise(Kernel):
    """Independent noise at the points of the fit, a fitted part of known variances; none elsewhere.

    Args:
        variances: At the points of the fit, in their order, (N,).
        part: Of the variances, from 0 to 1.
    """

    def __init__(self, variances: Array, part: float = 0.1) -> None:
        self.variances = variances
        self.part = part

    @property
    def hyperparameter_part(self) -> Hyperparameter:
        """What is fitted; scikit-learn asks for it by this name."""
        known = bool(np.any(self.variances > 0.0))
        return Hyperparameter("part", "numeric", BOUNDS if known else "fixed")

    def __call__(self, X: Array, Y: Array | None = None, eval_gradient: bool = False) -> Any:
        """The matrix between points, (N, N) or (N, M); with its gradient, (N, N, 1), where that is asked for."""
        if Y is not None:
            return np.zeros((len(X), len(Y)))
        if len(X) != len(self.variances):
            return np.zeros((len(X), len(X)))
        matrix = np.diag(self.part * self.variances)
        if not eval_gradient:
            return matrix
        free = 0 if self.hyperparameter_part.fixed else 1
        return matrix, np.repeat(matrix[:, :, None], free, axis=2)

    def diag(self, X: Array) -> Array:
        """Variance at new points: none, for what is predicted is without noise."""
        return np.zeros(len(X))

    def is_stationary(self) -> bool:
        """Whether it depends on distances alone."""
        return False

    def __repr__(self) -> str:
        return f"KnownNoise(part={self.part:.3g})"
