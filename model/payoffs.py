"""Payoff forms: what a region expects to earn in a sector when n regions are in it. One class a form.

A form says two things: what each of n regions earns (`perceived`), and what the n-th region adds for the nation
(`marginal`), which is what a planner with the same view would count. The gap between the two is the externality.
In every form, what n regions of average fit add is what they truly get (`realised`) and what falls to others
(`outside`).
"""

import math
from abc import ABC, abstractmethod
from typing import Any, ClassVar, TypeVar, final

import numpy as np

from qipan.model.axes import Element
from qipan.model.element import exp, larger, log, power, where
from qipan.model.extend.answers import Asked, answers, numbers
from qipan.model.extend.registry import PAYOFFS
from qipan.model.parameters import Behaviour
from qipan.model.parameters.adding import with_parameters


def _payoff(who: str, given: Any, form: "Payoff", *looked_at: Element, **named: Element) -> Element:
    """A finite number for each that was asked for."""
    shape = np.broadcast_shapes(*(np.shape(value) for value in (*looked_at, *named.values())))
    return numbers(who, "the payoff", given, shape)


class Payoff(Asked, ABC):
    """A payoff form over (value, log fit, number of regions)."""

    name: ClassVar[str]
    label: ClassVar[str]
    label_zh: ClassVar[str]
    reads: ClassVar[tuple[str, ...]] = ()
    """Parameters of behaviour that are read by forms that say so, and by no other."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour

    @answers(_payoff)
    def worth(self, value: Element) -> Element:
        """A value on the scale on which regions form beliefs and make errors: log points, unless a form says
        otherwise.
        """
        return log(value)

    @answers(_payoff)
    def value(self, worth: Element) -> Element:
        """The value behind a worth, in payoff units or bn yuan a year: the inverse of `worth`."""
        return exp(worth)

    @property
    def threshold(self) -> float:
        """What a further base must add for a planner to place it, in the unit of `marginal`."""
        return self.behaviour.outside_option

    @property
    def waiting(self) -> float:
        """What leaving a sector out is worth to a region, in utility."""
        return self.behaviour.outside_option

    @answers(_payoff)
    @abstractmethod
    def perceived(self, worth: Element, log_fit: Element, count: Element) -> Element:
        """What one of `count` regions expects to earn, in utility."""

    @answers(_payoff)
    def earned(self, worth: Element, demand: Element, log_fit: Element, count: Element) -> Element:
        """What regions in the sector were seen to earn last year: the game's payoff at the true worth."""
        return self.perceived(worth, log_fit, larger(count, 1.0))

    @answers(_payoff)
    def realised(self, worth: Element, log_fit: Element, count: Element) -> Element:
        """What one of `count` regions truly gets, in payoff units (bn yuan a year in the market form)."""
        return self.perceived(worth, log_fit, larger(count, 1.0))

    @answers(_payoff)
    @abstractmethod
    def marginal(self, worth: Element, count: Element) -> Element:
        """What the `count`-th region of average fit adds to the nation's payoff."""

    @answers(_payoff)
    def outside(self, worth: Element, count: Element) -> Element:
        """What others gain where `count` regions are, such as consumers: nothing, unless a form says so."""
        return 0.0 * (worth + count)


Kind = TypeVar("Kind", bound=type[Payoff])


def payoff(kind: Kind) -> Kind:
    """Add a payoff form: a class with `name`, `label` and `label_zh`, chosen by `world.behaviour.payoff: NAME`. Its
    `parameters`, if it has some, become keys of that section.

    Raises:
        RegistryError: A form of this name exists, or something it must say is missing.
    """
    return with_parameters(PAYOFFS, kind, Payoff)


def market_payoff(worth: Element, log_fit: Element, count: Element, fit_weight: float, bases: float) -> Element:
    """ln of sales = worth + fit_weight ln A - ln(n + bases), log points."""
    reach = log(larger(count + bases, 1e-12))
    return worth + fit_weight * log_fit - reach


def sharing(count: Element, bases: float) -> Element:
    """What a market is divided by: n bases reach the share n / (n + bases) of it, in equal parts."""
    return larger(count + bases, 1e-12)


def market_alone(worth: Element, log_fit: Element, fit_weight: float) -> Element:
    """What a sector's demand would be worth to a region that had it for itself: exp(worth) A^fit_weight."""
    return exp(worth + fit_weight * log_fit)


def prize_payoff(worth: Element, log_fit: Element, count: Element, fit_weight: float) -> Element:
    """V / n."""
    return exp(worth + fit_weight * log_fit) / larger(count, 1.0)


def affine_payoff(worth: Element, log_fit: Element, count: Element, fit_weight: float, slope: float) -> Element:
    """V + slope n."""
    return worth + fit_weight * log_fit + slope * count


def race_payoff(
    worth: Element, log_fit: Element, count: Element, fit_weight: float, success: float, cost: float
) -> Element:
    """V (1 - (1-p)^n) / n - c."""
    n = larger(count, 1.0)
    won = 1.0 - power(1.0 - success, n)
    return exp(worth + fit_weight * log_fit) * won / n - cost


def cournot_payoff(
    worth: Element, log_fit: Element, count: Element, fit_weight: float, slope: float, cost: float
) -> Element:
    """A^2 / (b (n+1)^2) - F."""
    intercept = exp(worth + fit_weight * log_fit)
    per_firm = intercept / (larger(count, 1.0) + 1.0)
    return per_firm * per_firm / slope - cost


@payoff
@final
class MarketPayoff(Payoff):
    """pi = V A^alpha / (n + b) - F: n bases reach the share n / (n + b) of a market V and split it; each must carry its
    fixed cost, the sales F (assumption A7). Regions rank sectors by the log of sales, and wait below ln F.
    """

    name, label, label_zh = "market", "MarketPayoff", "市场"
    reads = ("entry_cost",)

    @property
    def threshold(self) -> float:
        """Nothing: a base that does not add its fixed cost is not worth placing."""
        return 0.0

    @property
    def waiting(self) -> float:
        """ln F, or the outside option where that is more."""
        cost, option = self.behaviour.entry_cost, self.behaviour.outside_option
        return max(option, math.log(cost)) if cost > 0.0 else option

    def perceived(self, worth: Element, log_fit: Element, count: Element) -> Element:
        """Log points of sales."""
        return market_payoff(worth, log_fit, count, self.behaviour.fit_weight, self.behaviour.efficient_bases)

    def earned(self, worth: Element, demand: Element, log_fit: Element, count: Element) -> Element:
        """Shares of the market as it is today, not as it may become."""
        return self.perceived(log(demand), log_fit, larger(count, 1.0))

    def realised(self, worth: Element, log_fit: Element, count: Element) -> Element:
        """The market a region would truly serve at maturity, less its fixed cost."""
        alone = market_alone(worth, log_fit, self.behaviour.fit_weight)
        return alone / sharing(larger(count, 1.0), self.behaviour.efficient_bases) - self.behaviour.entry_cost

    def marginal(self, worth: Element, count: Element) -> Element:
        """V [n / (n + b) - (n - 1) / (n - 1 + b)] - F, which is V b / ((n + b) (n - 1 + b)) - F from the second on."""
        bases, n = self.behaviour.efficient_bases, larger(count, 1.0)
        further = bases / sharing(n - 1.0, bases)
        reached = where(n > 1.0, further, 1.0) / sharing(n, bases)
        return exp(worth) * reached - self.behaviour.entry_cost


@payoff
@final
class SharedPrize(Payoff):
    """pi = V / n: the classic congestion game of a divided prize (Rosenthal 1973)."""

    name, label, label_zh = "shared_prize", "Shared prize", "均分奖金"

    def perceived(self, worth: Element, log_fit: Element, count: Element) -> Element:
        """Payoff units."""
        return prize_payoff(worth, log_fit, count, self.behaviour.fit_weight)

    def marginal(self, worth: Element, count: Element) -> Element:
        """The first region wins the prize for the nation; a second adds nothing."""
        return where(count <= 1.0, exp(worth), 0.0)


@payoff
@final
class Affine(Payoff):
    """pi = V - c n + g n: rivals cost c each and bring a cluster gain g each. Beliefs and errors are in payoff
    units.
    """

    name, label, label_zh = "affine", "Affine congestion", "线性拥挤"
    reads = ("congestion", "cluster_gain")

    def worth(self, value: Element) -> Element:
        """Payoff units: an affine game has additive errors."""
        return value / 1.0

    def value(self, worth: Element) -> Element:
        """Payoff units, never negative."""
        return larger(worth, 0.0)

    def perceived(self, worth: Element, log_fit: Element, count: Element) -> Element:
        """Payoff units."""
        slope = self.behaviour.cluster_gain - self.behaviour.congestion
        return affine_payoff(worth, log_fit, count, self.behaviour.fit_weight, slope)

    def marginal(self, worth: Element, count: Element) -> Element:
        """d/dn of n (V - (c - g) n) in steps of one."""
        slope = self.behaviour.cluster_gain - self.behaviour.congestion
        return worth + slope * (2.0 * count - 1.0)


@payoff
@final
class Race(Payoff):
    """pi = V (1 - (1-p)^n) / n - c: parallel projects, one prize."""

    name, label, label_zh = "race", "Race", "研发竞赛"
    reads = ("race_success", "entry_cost")

    def perceived(self, worth: Element, log_fit: Element, count: Element) -> Element:
        """Payoff units."""
        weights = self.behaviour
        return race_payoff(worth, log_fit, count, weights.fit_weight, weights.race_success, weights.entry_cost)

    def marginal(self, worth: Element, count: Element) -> Element:
        """V p (1-p)^(n-1) - c: the odds that only this project succeeds."""
        missed = power(1.0 - self.behaviour.race_success, larger(count, 1.0) - 1.0)
        return exp(worth) * self.behaviour.race_success * missed - self.behaviour.entry_cost


@payoff
@final
class Cournot(Payoff):
    """pi = A^2 / (b (n+1)^2) - F: quantity competition with a fixed cost (Mankiw and Whinston 1986)."""

    name, label, label_zh = "cournot", "Cournot competition", "古诺竞争"
    reads = ("entry_cost", "demand_slope")

    def perceived(self, worth: Element, log_fit: Element, count: Element) -> Element:
        """Payoff units."""
        weights = self.behaviour
        return cournot_payoff(worth, log_fit, count, weights.fit_weight, weights.demand_slope, weights.entry_cost)

    def marginal(self, worth: Element, count: Element) -> Element:
        """Welfare A^2 n (n+2) / (2 b (n+1)^2) - n F in steps of one."""
        intercept = exp(worth)
        before, after = count / 1.0, count + 1.0
        gain = 1.0 / (before * before) - 1.0 / (after * after)
        return intercept * intercept * gain / (2.0 * self.behaviour.demand_slope) - self.behaviour.entry_cost

    def outside(self, worth: Element, count: Element) -> Element:
        """The surplus of consumers, A^2 n^2 / (2 b (n+1)^2)."""
        sold = exp(worth) * count / (count + 1.0)
        return sold * sold / (2.0 * self.behaviour.demand_slope)
