"""An emulator of a paired effect: a Gaussian process over assumptions and levers in the place of runs.

Every point is run on the same draws, so the luck of the replicates shifts the surface as a whole and hardly roughens
it. The process is therefore fitted to the mean effects with only that share of their known Monte-Carlo variance as
noise that makes them most likely; the whole variance comes back in the interval: emulator and luck, added in squares.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.statistics.paired import Array, normal_quantile

if TYPE_CHECKING:
    from sklearn.gaussian_process import GaussianProcessRegressor

LEAST_COVERAGE = 0.9
"""Coverage of fresh points below which nothing built on an emulator is shown."""
FRESH = 40
"""Fresh points: of an emulator whose intervals hold 95%, fewer than 36 of 40 are covered with probability 4.8%."""
SCALES = (0.05, 100.0)
"""Length scales of the process, in ranges of an axis."""
SEED = 1


@dataclass(frozen=True, eq=False)
class Predicted:
    """A predicted effect at some points, each (m,).

    Args:
        mean: The effect.
        emulator: Standard deviation of the process there, without noise.
        luck: Standard error that the replicates leave in the mean.
    """

    mean: Array
    emulator: Array
    luck: Array

    @property
    def sd(self) -> Array:
        """Emulator and luck, added in squares."""
        return np.hypot(self.emulator, self.luck)

    @property
    def low(self) -> Array:
        """Lower end of the 95% interval."""
        return self.mean - normal_quantile() * self.sd

    @property
    def high(self) -> Array:
        """Upper end of the 95% interval."""
        return self.mean + normal_quantile() * self.sd


@dataclass(frozen=True)
class Quality:
    """How good an emulator is.

    Args:
        q2: 1 less the squared errors of leaving one point out over the squared distances from the mean.
        left_out: Share of the points whose effect lies in the 95% interval of the process made without them.
        coverage: The same of fresh points, run on the same draws and seen by nobody before.
        shift: Mean distance of fresh runs on other draws from what is predicted, in standard errors of that mean: what
            the shared luck comes to; beyond 2 in one study of twenty.
        points, fresh: How many there are of each.
    """

    q2: float
    left_out: float
    coverage: float
    shift: float
    points: int
    fresh: int

    @property
    def good(self) -> bool:
        """Whether what is built on the emulator may be shown."""
        return self.coverage >= LEAST_COVERAGE


@dataclass(frozen=True, eq=False)
class Emulator:
    """A fitted process; `fitted` makes it.

    Args:
        points: In the unit cube, (N, D).
        means: Effects there, (N,).
        variances: Monte-Carlo variance of each, (N,).
        process: Of the effects in units of `scale` about `centre`.
        spread: Of the logarithm of the standard errors; None where no effect varies.
        centre, scale: Mean and standard deviation of the effects (1 where all are equal).
    """

    points: Array
    means: Array
    variances: Array
    process: GaussianProcessRegressor
    spread: GaussianProcessRegressor | None
    centre: float
    scale: float

    def predict(self, places: Array) -> Predicted:
        """The effect at places of the unit cube, (m, D)."""
        mean, sd = self.process.predict(places, return_std=True)
        luck = np.zeros(len(places)) if self.spread is None else np.exp(self.spread.predict(places))
        return Predicted(self.centre + self.scale * mean, self.scale * sd, luck)

    def mean(self, places: Array) -> Array:
        """The predicted effect alone, (m,): much faster for many places."""
        return np.asarray(self.centre + self.scale * self.process.predict(places))

    def smoother(self, places: Array) -> Array:
        """The linear map (m, N) from effects at the points to those at places, the fitted process held fixed."""
        from scipy.linalg import cho_solve

        between = self.process.kernel_(places, self.points)
        weights = cho_solve((self.process.L_, True), between.T).T
        return np.asarray(weights + (1.0 - weights.sum(axis=1))[:, None] / len(self.points))

    @property
    def unshared(self) -> float:
        """Share of the Monte-Carlo variance that the points do not have in common."""
        return float(np.exp(self.process.kernel_.k2.theta[0])) if len(self.process.kernel_.k2.theta) else 0.0

    @property
    def lengths(self) -> Array:
        """Length scale of each axis in ranges, (D,): long where nothing hangs on it."""
        return np.atleast_1d(self.process.kernel_.k1.k2.length_scale)

    def without_each(self) -> tuple[Array, Array]:
        """Each point predicted by the process made without it: means and standard deviations with noise, (N,) each."""
        from scipy.linalg import cho_solve

        inverse = cho_solve((self.process.L_, True), np.eye(len(self.points)))
        variance = 1.0 / np.diag(inverse)
        found = (self.means - self.centre) / self.scale
        return self.centre + self.scale * (found - inverse @ found * variance), self.scale * np.sqrt(variance)

    def quality(self, places: Array, same: Array, other: Array, error: Array) -> Quality:
        """How well fresh points are told.

        Args:
            places: Fresh points, (m, D).
            same: Effects there on the draws of the emulator, (m,).
            other: The same on other draws, (m, r) one column a replicate; (m, 0) where there are none.
            error: Standard error of `same`, (m,).
        """
        predicted = self.predict(places)
        wide = normal_quantile() * np.sqrt(predicted.emulator**2 + self.unshared * error**2)
        left, sd = self.without_each()
        missed = ((self.means - left) ** 2).sum()
        whole = ((self.means - self.means.mean()) ** 2).sum()
        return Quality(
            float(1.0 - missed / whole) if whole else 1.0,
            float((np.abs(self.means - left) <= normal_quantile() * sd + TIE * self.scale).mean()),
            float((np.abs(same - predicted.mean) <= wide + TIE * self.scale).mean()) if len(places) else np.nan,
            _shift(predicted, other),
            len(self.points),
            len(places),
        )


TIE = 1e-9
"""Distance, in standard deviations of the effects, within which two numbers are one."""


def _shift(predicted: Predicted, other: Array) -> float:
    """Mean of fresh runs on other draws less the prediction, over the error of both."""
    replicates = other.shape[1] if other.ndim == 2 else 0
    if replicates < 2:
        return float("nan")
    by_replicate = other.mean(axis=0)
    error = np.hypot(by_replicate.std(ddof=1) / np.sqrt(replicates), predicted.luck.mean())
    apart = float(by_replicate.mean() - predicted.mean.mean())
    return float(apart / error) if error > 0.0 else 0.0


def fitted(points: Array, means: Array, variances: Array) -> Emulator:
    """Fit an emulator: constant mean, Matern 5/2 with a length scale for each axis, known noise.

    Args:
        points: In the unit cube, (N, D), N at least 3.
        means: Mean effects over replicates, (N,).
        variances: Monte-Carlo variance of each mean, (N,), not below zero.

    Raises:
        UserError: scikit-learn is not installed.
        ValueError: lengths differ, or a number is not finite.
    """
    if not (len(points) == len(means) == len(variances) >= 3):
        raise ValueError(
            f"{len(points)} points, {len(means)} effects, {len(variances)} variances; 3 or more are needed"
        )
    if not (np.isfinite(points).all() and np.isfinite(means).all() and np.isfinite(variances).all()):
        raise ValueError("points, effects and variances must be finite")
    require_learning()
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern

    from qipan.experiments.evidence.noise import KnownNoise

    centre, scale = float(means.mean()), float(means.std()) or 1.0
    lengths = np.full(points.shape[1], 1.0)
    kernel = ConstantKernel(1.0, (1e-2, 1e3)) * Matern(lengths, SCALES, nu=2.5) + KnownNoise(variances / scale**2)
    process = _maximised(kernel, points, (means - centre) / scale, restarts=2)
    return Emulator(points, means, variances, process, _spread(points, variances), centre, scale)


def _spread(points: Array, variances: Array) -> Any:
    """A process of the logarithm of the standard errors, smoothed."""
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

    if not (variances > 0.0).any():
        return None
    floor = 1e-12 * variances.max()
    logs = 0.5 * np.log(np.maximum(variances, floor))
    kernel = ConstantKernel(1.0, (1e-3, 1e3)) * Matern(np.full(points.shape[1], 1.0), SCALES, nu=2.5)
    return _maximised(kernel + WhiteKernel(0.1, (1e-6, 1e2)), points, logs, restarts=0, normal=True)


def _maximised(kernel: Any, points: Array, values: Array, restarts: int, normal: bool = False) -> Any:
    """The process that makes values most likely, from the same starts every time."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from threadpoolctl import threadpool_limits

    process = GaussianProcessRegressor(
        kernel, alpha=1e-10, normalize_y=normal, n_restarts_optimizer=restarts, random_state=SEED
    )
    # an axis on which nothing hangs has the longest length scale there is
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return process.fit(points, values)


def require_learning() -> None:
    """Refuse to go on without scikit-learn.

    Raises:
        UserError: it is not installed.
    """
    from importlib.util import find_spec

    from qipan.model.errors import Problem, UserError

    if find_spec("sklearn") is None:
        hint = "pip install 'qipan[deep]', or set up the environment again with python install.py"
        raise UserError(Problem("command line", "", "an emulator needs scikit-learn, which is not installed", hint))
