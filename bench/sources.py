"""Where the peer's draws come from: the addresses of the model, or Mesa's own generator."""

from math import log
from typing import Any

import numpy as np

from qipan.model.draws import Draws, Stream

NAMES = {
    "private": Stream.PRIVATE_SIGNAL,
    "choice": Stream.CHOICE,
    "own": Stream.RESULT_OWN,
    "value": Stream.VALUE,
    "hype": Stream.COMMON_ERROR,
    "common": Stream.RESULT_COMMON,
    "home": Stream.BREAKTHROUGH,
    "abroad": Stream.FOREIGN,
    "revision": Stream.REVISION,
    "adoption": Stream.ADOPTION,
    "understanding": Stream.UNDERSTANDING,
    "fit": Stream.FIT,
}


class Source:
    """Draws by name, region and sector."""

    def begin(self, year: int) -> None:
        """A new year."""

    @staticmethod
    def of_model(model: Any) -> "Source":
        """Mesa's own generator."""
        return OwnSource(model.random)

    def uniform(self, name: str, *place: int) -> float:
        """A uniform draw."""
        raise NotImplementedError

    def normal(self, name: str, *place: int) -> float:
        """A standard normal draw."""
        raise NotImplementedError

    def gumbel(self, name: str, *place: int) -> float:
        """A standard Gumbel draw."""
        return -log(-log(self.uniform(name, *place)))


class OwnSource(Source):
    """Mesa's `model.random`, wherever a number is needed."""

    def __init__(self, random: Any) -> None:
        self.random = random

    def uniform(self, name: str, *place: int) -> float:
        """A uniform draw."""
        return float(self.random.random()) or 0.5

    def normal(self, name: str, *place: int) -> float:
        """A standard normal draw."""
        return float(self.random.gauss(0.0, 1.0))


class AddressedSource(Source):
    """The draws of one replicate at the model's own addresses."""

    def __init__(self, draws: Draws) -> None:
        self.draws, self.year = draws, 0

    def begin(self, year: int) -> None:
        """A new year."""
        self.year = year

    def _array(self, name: str, kind: str, places: int) -> Any:
        over = {1: "r" if name in ("revision", "adoption", "understanding") else "k", 2: "rk"}[places]
        year = 0 if name in ("value", "hype", "understanding", "fit") else self.year
        return np.asarray(getattr(self.draws, kind)(NAMES[name], year=year, over=over))[0]

    def uniform(self, name: str, *place: int) -> float:
        """The uniform draw at the address."""
        return float(self._array(name, "uniform", len(place))[place])

    def normal(self, name: str, *place: int) -> float:
        """The normal draw at the address."""
        return float(self._array(name, "normal", len(place))[place])


def arrays_of(draws: Draws, years: range) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """All draws that the JAX peer takes, at the model's own addresses: those of the world, and those of the years.

    The first axis is the replicate, the second of those of the years the year.
    """
    normal, uniform, gumbel = draws.normal, draws.uniform, draws.gumbel
    world = (("value", normal, "k"), ("hype", normal, "k"), ("understanding", uniform, "r"), ("fit", normal, "rk"))
    yearly = (
        ("private", normal, "rk"),
        ("own", normal, "rk"),
        ("choice", gumbel, "rk"),
        ("common", normal, "k"),
        ("adoption", uniform, "r"),
        ("revision", uniform, "r"),
        ("home", uniform, "k"),
        ("abroad", uniform, "k"),
    )
    once = {name: kind(NAMES[name], over=over) for name, kind, over in world}
    rows = {
        name: np.stack([kind(NAMES[name], year=year, over=over) for year in years], axis=1)
        for name, kind, over in yearly
    }
    return once, rows
