"""Payoff forms: what a region expects to earn in a sector when n regions are in it. One class a form.

A form says two things: what each of n regions earns (`perceived`), and what the n-th region adds for the nation
(`marginal`), which is what a planner with the same view would count. The gap between the two is the externality.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, final

import numpy as np

from model.axes import Array, Element, by_sector
from model.element import exp, larger, log, power, where
from model.lift import Cell, cell
from model.parameters import Behaviour


class Payoff(ABC):
    """A payoff form over (value, log fit, number of regions).

    `form` is its arithmetic, (worth, log fit, number) to utility; a form without one answers in NumPy, in `perceived`.
    """

    form: ClassVar[Cell | None] = None
    real: ClassVar[Cell | None] = None
    """What a region truly gets, where that is not the perceived payoff."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour

    def _of(self, form: Cell, worth: Element, log_fit: Element, count: Element) -> Element:
        """A form of arrays of any shapes that broadcast."""
        return form.rule(worth, log_fit, count, **{name: getattr(self.behaviour, name) for name in form.settings})

    def worth(self, value: Element) -> Element:
        """A value on the scale on which regions form beliefs and make errors: log points, unless a form says
        otherwise.
        """
        return log(value)

    def value(self, worth: Element) -> Element:
        """The value behind a worth, in payoff units or bn yuan a year: the inverse of `worth`."""
        return exp(worth)

    def perceived(self, worth: Element, log_fit: Element, count: Element) -> Element:
        """What one of `count` regions expects to earn, in utility."""
        if self.form is None:
            raise NotImplementedError(f"{type(self).__name__} has neither a form nor a method `perceived`")
        return self._of(self.form, worth, log_fit, count)

    def earned(self, worth: Element, demand: Element, log_fit: Element, count: Element) -> Element:
        """What regions in the sector were seen to earn last year: the game's payoff at the true worth."""
        return self.perceived(worth, log_fit, larger(count, 1.0))

    def realised(self, worth: Element, log_fit: Element, count: Element) -> Element:
        """What one of `count` regions truly gets, in payoff units (bn yuan a year in the market form)."""
        count = larger(count, 1.0)
        return (
            self.perceived(worth, log_fit, count) if self.real is None else self._of(self.real, worth, log_fit, count)
        )

    def realised_by(self, run: Callable[..., Any], worth: Array, log_fit: Array, count: Array) -> Array:
        """`realised` for all pairs, (n, region, sector), carried out by `run` where the form is a cell.

        Args:
            run: Takes a cell and its arrays.
            worth, count: (n, sector).
            log_fit: (n, region, sector).
        """
        own = type(self).realised is not Payoff.realised or type(self).perceived is not Payoff.perceived
        form = self.real or self.form
        if own or form is None:
            return np.asarray(self.realised(by_sector(worth), log_fit, by_sector(count)))
        result: Array = run(form, worth, log_fit, larger(count, 1.0))
        return result

    @abstractmethod
    def marginal(self, worth: Element, count: Element) -> Element:
        """What the `count`-th region of average fit adds to the nation's payoff."""


@cell("kn rkn kn -> rkn")
def market_payoff(
    worth: Element, log_fit: Element, count: Element, *, fit_weight: float, efficient_bases: float
) -> Element:
    """ln pi = worth + fit_weight ln A - ln max(n, bases), log points."""
    return worth + fit_weight * log_fit - log(sharing(count, efficient_bases))


def sharing(count: Element, bases: float) -> Element:
    """How many regions a sector's demand is divided by: those in it, but not fewer than it supports."""
    return larger(larger(count, bases), 1e-12)


@cell("kn rkn kn -> rkn")
def market_served(
    worth: Element, log_fit: Element, count: Element, *, fit_weight: float, efficient_bases: float
) -> Element:
    """A region's share of the market, bn yuan a year: exp(worth) A^fit_weight / max(n, bases)."""
    return exp(worth + fit_weight * log_fit) / sharing(count, efficient_bases)


@cell("kn rkn kn -> rkn")
def prize_payoff(worth: Element, log_fit: Element, count: Element, *, fit_weight: float) -> Element:
    """V / n."""
    return exp(worth + fit_weight * log_fit) / larger(count, 1.0)


@cell("kn rkn kn -> rkn")
def affine_payoff(
    worth: Element, log_fit: Element, count: Element, *, fit_weight: float, cluster_gain: float, congestion: float
) -> Element:
    """V + (g - c) n."""
    return worth + fit_weight * log_fit + (cluster_gain - congestion) * count


@cell("kn rkn kn -> rkn")
def race_payoff(
    worth: Element, log_fit: Element, count: Element, *, fit_weight: float, race_success: float, entry_cost: float
) -> Element:
    """V (1 - (1-p)^n) / n - c."""
    n = larger(count, 1.0)
    won = 1.0 - power(1.0 - race_success, n)
    return exp(worth + fit_weight * log_fit) * won / n - entry_cost


@cell("kn rkn kn -> rkn")
def cournot_payoff(
    worth: Element, log_fit: Element, count: Element, *, fit_weight: float, demand_slope: float, entry_cost: float
) -> Element:
    """A^2 / (b (n+1)^2) - F."""
    intercept = exp(worth + fit_weight * log_fit)
    per_firm = intercept / (larger(count, 1.0) + 1.0)
    return per_firm * per_firm / demand_slope - entry_cost


@final
class Market(Payoff):
    """ln pi = belief + alpha ln A - ln max(n, nbar): demand supports nbar efficient bases, then they share it
    (assumption A7).
    """

    form = market_payoff
    real = market_served

    def earned(self, worth: Element, demand: Element, log_fit: Element, count: Element) -> Element:
        """Shares of the market as it is today, not as it may become."""
        return self.perceived(log(demand), log_fit, larger(count, 1.0))

    def marginal(self, worth: Element, count: Element) -> Element:
        """A further base is worth its share of the market it serves."""
        return exp(worth) / sharing(count, self.behaviour.efficient_bases)


@final
class SharedPrize(Payoff):
    """pi = V / n: the classic congestion game of a divided prize (Rosenthal 1973)."""

    form = prize_payoff

    def marginal(self, worth: Element, count: Element) -> Element:
        """The first region wins the prize for the nation; a second adds nothing."""
        return where(count <= 1.0, exp(worth), 0.0)


@final
class Affine(Payoff):
    """pi = V - c n + g n: rivals cost c each and bring a cluster gain g each. Beliefs and errors are in payoff
    units.
    """

    form = affine_payoff

    def worth(self, value: Element) -> Element:
        """Payoff units: an affine game has additive errors."""
        return value / 1.0

    def value(self, worth: Element) -> Element:
        """Payoff units, never negative."""
        return larger(worth, 0.0)

    def marginal(self, worth: Element, count: Element) -> Element:
        """d/dn of n (V - (c - g) n) in steps of one."""
        slope = self.behaviour.cluster_gain - self.behaviour.congestion
        return worth + slope * (2.0 * count - 1.0)


@final
class Race(Payoff):
    """pi = V (1 - (1-p)^n) / n - c: parallel projects, one prize."""

    form = race_payoff

    def marginal(self, worth: Element, count: Element) -> Element:
        """V p (1-p)^(n-1) - c: the odds that only this project succeeds."""
        missed = power(1.0 - self.behaviour.race_success, larger(count, 1.0) - 1.0)
        return exp(worth) * self.behaviour.race_success * missed - self.behaviour.entry_cost


@final
class Cournot(Payoff):
    """pi = A^2 / (b (n+1)^2) - F: quantity competition with a fixed cost (Mankiw and Whinston 1986)."""

    form = cournot_payoff

    def marginal(self, worth: Element, count: Element) -> Element:
        """Welfare A^2 n (n+2) / (2 b (n+1)^2) - n F in steps of one."""
        intercept = exp(worth)
        before, after = count / 1.0, count + 1.0
        gain = 1.0 / (before * before) - 1.0 / (after * after)
        return intercept * intercept * gain / (2.0 * self.behaviour.demand_slope) - self.behaviour.entry_cost


PAYOFFS: dict[str, type[Payoff]] = {
    "market": Market,
    "shared_prize": SharedPrize,
    "affine": Affine,
    "race": Race,
    "cournot": Cournot,
}
"""Registry of payoff forms, by the name a scenario gives."""
