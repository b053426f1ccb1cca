"""Local rules: what one region does with its own row over sectors.

Each works on (..., sector): an agent calls it with one row, the ensemble with (replicate, region, sector), and the
numbers are the same. The arithmetic is element by element, in the primitives of `element.py`.
"""

import math
from typing import NamedTuple

from qipan.model.axes import Array, Element
from qipan.model.element import LARGEST_EXPONENT, clip, exp, larger, log, where
from qipan.model.kernels import softmax_over_sectors, top_choice, total_over_sectors

TINY = 1e-100
BARRED = -1e100
LOG_THREE = 1.0986122886681098
LEAST_TENTH, MOST_TENTH = math.exp(-5.0), math.exp(0.1 * LOG_THREE)
"""Bounds of the tenth root of fit where it counts as productivity: fit between e^-50 and three."""


def signal(worth: Element, error: Element, unseen: Element, spread: Element, noise: Element) -> Element:
    """What a region hears about a sector this year (assumption A3).

    x = ln M + (1 - F) (hype + bias) + s e: common and definition errors persist and fade as the market shows (F is
    demand over mature value); the private error is fresh each year.

    Args:
        worth: True value at maturity, on the scale of beliefs.
        error: Common error plus definition bias, log.
        unseen: 1 - F, in [0, 1].
        spread: Standard deviation of the private error, log.
        noise: Standard normal draws.
    """
    return worth + unseen * error + spread * noise


def unseen_share(demand: Element, mature: Element) -> Element:
    """1 - F: the part of a sector's mature value that its market has not shown yet, in [0, 1]."""
    return 1.0 - clip(demand / mature, 0.0, 1.0)


def gain(variance: Element, noise_variance: Element) -> Element:
    """Weight of a new signal in a Gaussian update, in [0, 1]; zero when nothing is uncertain."""
    return variance / larger(variance + noise_variance, TINY)


def updated_belief(belief: Element, weight: Element, signal_heard: Element) -> Element:
    """Posterior mean: the belief moves by `weight` towards the signal (assumption A4)."""
    return belief + weight * (signal_heard - belief)


def updated_variance(variance: Element, weight: Element) -> Element:
    """Posterior variance: (1 - weight) of the prior's."""
    return variance - weight * variance


def blended(belief: Element, weight: Element, word: Element) -> Element:
    """A belief mixed with somebody's word: (1 - weight) belief + weight word."""
    return (1.0 - weight) * belief + weight * word


def behavioural_terms(
    peer_share: Element,
    quick: Element,
    key_area: Element,
    pilot: Element,
    outside: Element,
    incumbent: Element,
    variance: Element,
    imitation: Element,
    tournament: Element,
    list_weight: Element,
    pilot_weight: Element,
    layout_weight: Element,
    switching_cost: Element,
    risk_aversion: Element,
) -> Element:
    """What moves a choice beside the payoff, in utility. Zero when every weight is zero (assumption A8).

    Args:
        peer_share: Share of same-tier peers in the sector last year, in [0, 1].
        quick: How soon the sector shows results, standardised over sectors.
        key_area: 1 where the sector is on the national list.
        pilot: 1 where the region is a national pilot zone for the sector.
        outside: 1 where the sector is outside the region's assigned layout.
        incumbent: 1 where the region was in the sector last year.
        variance: Perceived variance, larger where the sector is less ready.
        imitation: Weight of peers, utility, 0 or more.
        tournament: Weight of quick results, utility, 0 or more.
        list_weight: Weight of the national list, utility, 0 or more.
        pilot_weight: Weight of a pilot zone, utility, 0 or more.
        layout_weight: Weight of the assigned layout, utility, 0 or more.
        switching_cost: Cost of a sector that is new to the region, utility, 0 or more.
        risk_aversion: Weight of variance, utility, 0 or more.
    """
    return (
        imitation * peer_share
        + tournament * quick
        + list_weight * key_area
        + pilot_weight * pilot
        - layout_weight * outside
        - switching_cost * (1.0 - incumbent)
        - 0.5 * risk_aversion * variance
    )


def perceived_variance(variance: Element, readiness: Element) -> Element:
    """Variance as it is felt: larger where a sector is less ready (a variance common to all sectors moves no
    choice).
    """
    return variance / readiness


def running_mean(mean: Element, new: Element, count: float) -> Element:
    """Mean of `count` values when the mean of those before is known and `new` is the last."""
    return mean + (new - mean) / count


def success_of_peers(earned: Element, peer_share: Element) -> Element:
    """What draws an imitator to a sector: what is earned there, and how many same-tier peers show it (log odds to meet
    one, one in twenty where there is none).
    """
    return earned + log(peer_share + 0.05)


def chosen_layout(utility: Array, breadth: Array, temperature: float, gumbel: Array, outside_option: float) -> Array:
    """Random utility: the `breadth` best sectors by utility plus Gumbel noise, those below the outside option left out
    (assumption A6).

    Returns:
        1 where chosen, (..., sector). Ties go to the lower sector id.
    """
    return top_choice(noisy_utility(utility, temperature, gumbel), breadth[..., 0], outside_option)


def permitted(utility: Element, barred: Element) -> Element:
    """Utility of a sector that a region may choose; of one that the plan bars, below every outside option."""
    return where(barred > 0.0, BARRED, utility)


def noisy_utility(utility: Element, temperature: float, gumbel: Element) -> Element:
    """Utility as a region meets it in the moment of choice: plus Gumbel noise of the scale of the temperature."""
    return utility + temperature * gumbel


def split(utility: Array, layout: Array, temperature: float) -> Array:
    """Shares of a region's money over its layout: logit of utility / (2 temperature). Rows sum to one, or to zero."""
    return softmax_over_sectors(split_exponent(utility, temperature), layout)


def split_exponent(utility: Element, temperature: float) -> Element:
    """What stands in the exponent of the logit that splits money over a layout."""
    return utility / (2.0 * temperature)


def kept_while_waiting(portfolio: Element, chosen: Element, before: Element) -> Element:
    """A region that waits in every sector has a budget all the same: it goes on splitting it as last year.

    Args:
        portfolio: Split over the layout, all zero where nothing is chosen.
        chosen: How many sectors are chosen.
        before: Last year's split.
    """
    return where(chosen > 0.0, portfolio, before)


def own_split(fit: Array, demand_root: Array) -> Array:
    """How a region without a document spreads its money: in proportion to fit times the root of demand in 2022
    (assumption A10).
    """
    weight = fit * demand_root
    result: Array = share_of(weight, total_over_sectors(weight)[..., None])
    return result


def share_of(part: Element, total: Element) -> Element:
    """Part over total; zero where there is nothing to share."""
    return part / larger(total, TINY)


def echelon(weight: float, ecosystem: Element) -> Element:
    """Factor that an echelon of firms or talent brings, in proportion to what the ecosystem has added to log fit."""
    return 1.0 + weight * ecosystem


class Skill(NamedTuple):
    """What fit is worth.

    Attributes:
        fit: Fit itself, e^-700 to e^700.
        root: Fit to the power 0.5, the fit capped at three.
        fifth: Fit to the power 0.2, the fit capped at three.
    """

    fit: Array
    root: Array
    fifth: Array


def skill(log_fit: Element) -> Skill:
    """Fit and its roots, all products of its tenth root: one exponential."""
    tenth = exp(0.1 * clip(log_fit, -LARGEST_EXPONENT, LARGEST_EXPONENT))
    square = tenth * tenth
    half = square * square * tenth
    capped = clip(tenth, LEAST_TENTH, MOST_TENTH)
    fifth = capped * capped
    return Skill(fit=half * half, root=fifth * fifth * capped, fifth=fifth)


def log_productivity(log_fit: Element, exponent: float) -> Element:
    """Log of fit to a power, the fit capped at three."""
    return exponent * clip(log_fit, -50.0, LOG_THREE)


def ecosystem_growth(rate: float, own: Element, national: Element, reference: Element, cluster: Element) -> Element:
    """Growth of log fit from ecosystem money: rate ln(1 + (own + national) / reference) (1 + cluster) (assumption A27).

    Zero without a reference.

    Args:
        rate: Growth when the money doubles against its reference, log a year.
        own: The region's own ecosystem money, bn yuan.
        national: National ecosystem money that serves the region, bn yuan.
        reference: What the region would spend without any levy, bn yuan.
        cluster: Gain from sectors linked up and down the chain that the region is in.
    """
    return rate * (1.0 + cluster) * log(1.0 + (own + national) / larger(reference, TINY)) * (reference > 0.0)


def served(size: Element, nonrival: float) -> Element:
    """What of a yuan of national ecosystem money serves a region: its share by size, and of what serves all regions at
    once as much again; they sum to 1 + nonrival (assumption A27).

    Args:
        size: National share of the region.
        nonrival: Share of the money that serves all regions at once, in [0, 1].
    """
    return size * (1.0 + nonrival)


def net_growth(growth: Element, added: Element, decay: float) -> Element:
    """What the ecosystem gains in a year less what it loses: people leave, firms close; log
    (assumption A38).

    Args:
        growth: What the year's money brings, log.
        added: Log fit that the ecosystem has added so far.
        decay: Share of it that is lost in a year.
    """
    return growth - decay * added
