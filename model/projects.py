"""The stage pipeline: projects wait, start when money and projects meet, mature, succeed or fail.

A stage starts the lesser of projects waiting and money available, so money without projects waits and projects without
money wait: the valley of death can appear, and disappear, by itself.
"""

import math

from qipan.model.axes import Array, Element
from qipan.model.element import exp, larger, power, smaller
from qipan.model.region import TINY


def starts(waiting: Element, offer: Element, cost: Element) -> Element:
    """Projects started: the lesser of those waiting and those the offer pays for (assumption A12)."""
    return smaller(waiting, offer / cost)


def used_share(spent: Element, offer: Element) -> Element:
    """Share of every offer that projects took up, in [0, 1]: all sources are used pro rata."""
    return smaller(spent / larger(offer, TINY), 1.0)


def aged_queue(waiting: Element, started: Element, ageing: float, arrivals: Element) -> Element:
    """The queue at the end of the year: what did not start, less those given up, plus those that arrived."""
    return (waiting - started) * (1.0 - ageing) + arrivals


def shock(common: Element, own: Element, correlation: float, spread: float) -> Element:
    """Mean-one lognormal factor on a cohort's successes, with a part common to a sector (assumption A14).

    Args:
        common: Standard normal per sector.
        own: Standard normal per region and sector.
        correlation: Correlation of the log factor across regions, in [0, 1].
        spread: Log standard deviation.
    """
    luck = correlation**0.5 * common + (1.0 - correlation) ** 0.5 * own
    return exp(spread * luck - 0.5 * spread * spread)


def success_share(base: Element, boost: Element, pilot_boost: Element, know_how: Element, luck: Element) -> Element:
    """Share of completing projects that succeed, in [0, 1].

    The probability base * boost * pilot_boost * know_how is capped at 0.95 before luck, the share at one after it.
    """
    return smaller(smaller(base * boost * pilot_boost * know_how, 0.95) * luck, 1.0)


def unit_cost(initial: Element, cumulative: Array, reference: Array, learning: float) -> Element:
    """Cost of an industrial project after learning: initial (cumulative / reference)^log2(1 - learning)
    (assumption A15).
    """
    exponent = math.log2(1.0 - learning)
    return initial * power(larger(cumulative / larger(reference, TINY), 1.0), exponent)


def scale_penalty(capacity: Element, plant: float, minimum: float, exponent: float) -> Element:
    """Unit cost of capacity against that of an efficient base, at least 1: (minimum / (capacity + one plant))^(1 -
    exponent), the six-tenths rule below the smallest efficient base (assumption A30). The plant to be built counts, so
    a region without any can begin.

    Args:
        capacity: The base's so far, bn yuan a year.
        plant: Capacity of one industrial project, bn yuan a year.
        minimum: The smallest efficient base, bn yuan a year.
        exponent: The cost of a plant grows with its capacity to this power, in (0, 1].
    """
    return power(larger(minimum / larger(capacity + plant, TINY), 1.0), 1.0 - exponent)


def expansion(rate: float, capacity: Element, unit: Element, productivity: float) -> Element:
    """Projects proposed to expand proven lines: `rate` of capacity, in projects of the initial cost, since a project
    builds what that buys whatever it costs by now.
    """
    return rate * capacity / (unit * productivity)


def sited(capacity: Element, nation: Element, invited: Element, everywhere: Element, footloose: float) -> Element:
    """Capacity that a region's expansion goes by: its own plant, and of the nation's the part that money invites to it
    (assumption A32). Over all regions it is the nation's capacity; where no money invites, all goes by plant.

    Args:
        capacity: The region's, bn yuan a year.
        nation: All regions', bn yuan a year.
        invited: How much the region's money calls for the sector: its share of the portfolio times the region's size.
        everywhere: The same, summed over regions.
        footloose: Share of expansion that follows money instead of plant, in [0, 1].
    """
    loose = footloose * (everywhere > 0.0)
    return (1.0 - loose) * capacity + loose * nation * invited / larger(everywhere, TINY)


def pilot_boost(zone: Element, gain: float, support: Element, need: Element) -> Element:
    """Success is bought: a pilot zone raises the odds of its pilots by `gain` as far as co-funding covers their need
    (assumption A26).
    """
    return 1.0 + gain * zone * smaller(support / larger(need, TINY), 1.0)


def expansion_rate(year: int, start: float, full: float, ramp: int) -> float:
    """The rate of expansion climbs in a straight line from `start` in year 0 to `full` in year `ramp`."""
    done = 1.0 if ramp == 0 else min(1.0, year / ramp)
    return start + (full - start) * done


def new_capacity(successes: Element, initial_cost: float, productivity: float) -> Element:
    """Yearly output capacity from successful industrial projects: initial cost times yuan of output per yuan."""
    return successes * initial_cost * productivity


def proposed(ideas: Element, own: Element, portfolio: Element) -> Element:
    """Research projects proposed this year: ideas by its own split or its portfolio, whichever is more."""
    return ideas * larger(own, portfolio)


def under_way(in_progress: Element, started: Element, completed: Element) -> Element:
    """Projects under way at the end of the year."""
    return in_progress + started - completed


def worn(capacity: Element, depreciation: float, built: Element) -> Element:
    """Capacity at the end of the year: what has not worn out, and what was built."""
    return capacity * (1.0 - depreciation) + built
