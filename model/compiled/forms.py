"""Payoff forms for compiled loops: one loop a form, over the form's own arithmetic."""

from typing import Any

from qipan.model.compiled.compiling import called
from qipan.model.compiled.rules import affine_payoff, cournot_payoff, market_payoff, prize_payoff, race_payoff
from qipan.model.compiled.tables import Form
from qipan.model.parameters import Behaviour
from qipan.model.payoffs import Affine, Cournot, MarketPayoff, Payoff, Race, SharedPrize

FORMS: tuple[type[Payoff], ...] = (MarketPayoff, SharedPrize, Affine, Race, Cournot)
"""The forms that are compiled, by number; others are left to NumPy."""


def form_of(payoff: Payoff) -> Form | None:
    """A payoff form as numbers, or None where it is not one of those compiled."""
    if type(payoff) not in FORMS:
        return None
    b: Behaviour = payoff.behaviour
    slope = b.cluster_gain - b.congestion
    return Form(
        number=FORMS.index(type(payoff)),
        fit_weight=b.fit_weight,
        bases=b.efficient_bases,
        slope=slope,
        success=b.race_success,
        cost=b.entry_cost,
        demand_slope=b.demand_slope,
    )


@called
def perceived(form: Any, worth: Any, log_fit: Any, count: Any, out: Any) -> None:
    """What one of `count` regions earns, for a row of pairs."""
    if form.number == 0:
        for c in range(out.size):
            out[c] = market_payoff(worth[c], log_fit[c], count[c], form.fit_weight, form.bases)
    elif form.number == 1:
        for c in range(out.size):
            out[c] = prize_payoff(worth[c], log_fit[c], count[c], form.fit_weight)
    elif form.number == 2:
        for c in range(out.size):
            out[c] = affine_payoff(worth[c], log_fit[c], count[c], form.fit_weight, form.slope)
    elif form.number == 3:
        for c in range(out.size):
            out[c] = race_payoff(worth[c], log_fit[c], count[c], form.fit_weight, form.success, form.cost)
    else:
        for c in range(out.size):
            out[c] = cournot_payoff(worth[c], log_fit[c], count[c], form.fit_weight, form.demand_slope, form.cost)
