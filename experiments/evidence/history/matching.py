"""History matching: worlds of the prior that published facts rule out, and those they do not.

The implausibility of a world against a fact is the distance of the fact from the emulated mean over the root of all
variances: emulator, luck of the mean, luck of a single future (history happened once), observation, discrepancy. A
world is ruled out where the largest over the facts is 3 or more (Pukelsheim's three-sigma rule), in any wave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.designs.sweep_points import unit_points
from qipan.experiments.evidence.emulator import Emulator, Quality, fitted
from qipan.experiments.evidence.surface import standard_errors
from qipan.experiments.statistics.paired import Array, wilson_interval

if TYPE_CHECKING:
    from qipan.experiments.evidence.history.patterns import Pattern

CUT = 3.0
CANDIDATES = 2**14
"""Places of the prior among which worlds are ruled out."""
MOST_WAVES = 4
STILL = 0.1
"""Waves end when the share not ruled out moves by less than this share of itself."""
SEED = 7
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Observed:
    """One fact as the emulators see it."""

    name: str
    value: float
    variance: float
    held_out: bool = False

    @classmethod
    def of(cls, name: str, pattern: Pattern) -> Observed:
        """The fact of a pattern: observation and discrepancy in squares."""
        return cls(name, pattern.value, pattern.observation_sd**2 + pattern.discrepancy_sd**2, pattern.held_out)


@dataclass(frozen=True, eq=False)
class Wave:
    """One wave: an emulator for each fact, how good it is, and the share of the prior that is left after it.

    Args:
        emulators, quality: By fact.
        replicates: Behind each mean.
        points: New points that were run in it.
        left: Which of the candidates are not ruled out by it or a wave before.
        second: The same by the second largest implausibility.
    """

    emulators: Mapping[str, Emulator]
    quality: Mapping[str, Quality]
    replicates: int
    points: int
    left: Mask
    second: Mask


@dataclass(eq=False)
class Matching:
    """Waves so far, and everything that was run.

    Args:
        facts: In the order of the file.
        dimensions: Assumptions that are varied.
    """

    facts: Sequence[Observed]
    dimensions: int
    waves: list[Wave] = field(default_factory=list)
    places: list[Array] = field(default_factory=list)
    values: dict[str, list[Array]] = field(default_factory=dict)

    @cached_property
    def candidates(self) -> Array:
        """Places of the prior, (CANDIDATES, D), the same in every wave."""
        return unit_points("sobol", CANDIDATES, self.dimensions, SEED)

    @property
    def left(self) -> Mask:
        """Candidates that are not ruled out."""
        return self.waves[-1].left if self.waves else np.ones(CANDIDATES, dtype=bool)

    def next_places(self, count: int) -> Array:
        """Places to run in the next wave, (count or fewer, D): inside what is left, none of them a candidate."""
        tries = unit_points("sobol", CANDIDATES, self.dimensions, SEED + 1 + len(self.waves))
        return tries[self.plausible(tries)][:count]

    def plausible(self, places: Array) -> Mask:
        """Which places no wave rules out."""
        found = np.ones(len(places), dtype=bool)
        for wave in self.waves:
            found &= largest(self.implausible(wave, places, self.ruling(wave))) < CUT
        return found

    def ruling(self, wave: Wave) -> list[str]:
        """Facts that rule out in a wave: not held out, with an emulator that is good enough."""
        return [fact.name for fact in self.facts if not fact.held_out and wave.quality[fact.name].good]

    def implausible(self, wave: Wave, places: Array, names: Sequence[str]) -> Array:
        """Implausibility of places by fact, (F, m)."""
        facts = {fact.name: fact for fact in self.facts}
        return np.array([implausibility(wave.emulators[name], facts[name], places, wave.replicates) for name in names])

    def add(self, places: Array, values: Mapping[str, Array], fresh: int) -> Wave:
        """Take in a wave of runs and rule out.

        Args:
            places: That were run, (P, D); the last `fresh` check the emulators.
            values: By fact, what the model has there, (P, R).
            fresh: Kept from the fit.
        """
        inside = [self.plausible(old) for old in self.places]
        seen = len(places) - fresh
        emulators, quality = {}, {}
        replicates = next(iter(values.values())).shape[1]
        for fact in self.facts:
            one = values[fact.name]
            old = [kept[rows] for kept, rows in zip(self.values.get(fact.name, []), inside, strict=True)]
            fit = np.concatenate([one[:seen], *old])
            at = np.concatenate([places[:seen], *(kept[rows] for kept, rows in zip(self.places, inside, strict=True))])
            emulators[fact.name] = fitted(at, fit.mean(axis=1), standard_errors(fit) ** 2)
            check = one[seen:]
            error = standard_errors(check)
            empty = np.zeros((len(check), 0))
            quality[fact.name] = emulators[fact.name].quality(places[seen:], check.mean(axis=1), empty, error)
        before = self.left
        wave = Wave(emulators, quality, replicates, len(places), before, before)
        every = self.implausible(wave, self.candidates, self.ruling(wave))
        second = (self.waves[-1].second if self.waves else before) & (second_largest(every) < CUT)
        wave = replace(wave, left=before & (largest(every) < CUT), second=second)
        self.places.append(places)
        for name, array in values.items():
            self.values.setdefault(name, []).append(array)
        self.waves.append(wave)
        return wave

    @property
    def done(self) -> bool:
        """Whether another wave would change little, or nothing is left."""
        shares = [1.0, *(float(wave.left.mean()) for wave in self.waves)]
        if not self.waves:
            return False
        return shares[-1] == 0.0 or len(self.waves) >= MOST_WAVES or abs(shares[-1] - shares[-2]) < STILL * shares[-2]


def implausibility(emulator: Emulator, fact: Observed, places: Array, replicates: int) -> Array:
    """Distance of a fact from the emulated mean, in standard deviations of everything that parts them, (m,)."""
    predicted = emulator.predict(places)
    single = replicates * predicted.luck**2
    return np.asarray(np.abs(fact.value - predicted.mean) / np.sqrt(predicted.sd**2 + single + fact.variance))


def largest(implausible: Array) -> Array:
    """Largest over facts, (m,); zero where no fact counts.

    Example:
        >>> largest(np.array([[1.0, 4.0], [2.0, 3.0]])).tolist()
        [2.0, 4.0]
    """
    return np.asarray(implausible.max(axis=0)) if len(implausible) else np.asarray(0.0)


def second_largest(implausible: Array) -> Array:
    """Second largest over facts, (m,): one fact whose emulator fails rules nothing out; zero with one fact."""
    return np.sort(implausible, axis=0)[-2] if len(implausible) > 1 else np.asarray(0.0)


def share_left(mask: Mask) -> tuple[float, float, float]:
    """Share of the candidates that is left with its Wilson interval."""
    interval = wilson_interval(float(mask.mean()), len(mask))
    return float(mask.mean()), float(interval.low), float(interval.high)
