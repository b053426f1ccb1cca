"""Payoff forms for the loop of choices: one loop a form, over the form's own arithmetic."""

from typing import Any, NamedTuple

from model.compiled.compiling import called
from model.compiled.loops import compiled_rule
from model.payoffs import Affine, Cournot, Market, Payoff, Race, SharedPrize

FORMS: tuple[type[Payoff], ...] = (Market, SharedPrize, Affine, Race, Cournot)
"""The forms that are compiled, by number; others are left to NumPy."""


class Form(NamedTuple):
    """A payoff form: its number in FORMS and the settings of all forms."""

    number: int
    fit_weight: float
    efficient_bases: float
    cluster_gain: float
    congestion: float
    race_success: float
    entry_cost: float
    demand_slope: float


def form_of(payoff: Payoff) -> Form | None:
    """A payoff form as numbers, or None where it is not one of those compiled."""
    if type(payoff) not in FORMS:
        return None
    return Form(FORMS.index(type(payoff)), *(float(getattr(payoff.behaviour, name)) for name in Form._fields[1:]))


market, prize, affine, race, cournot = (compiled_rule(form.form.rule) for form in FORMS if form.form is not None)


@called
def perceived(form: Any, worth: Any, log_fit: Any, count: Any, out: Any) -> None:
    """What one of `count` regions earns, for a row of pairs."""
    if form.number == 0:
        for c in range(out.size):
            out[c] = market(worth[c], log_fit[c], count[c], form.fit_weight, form.efficient_bases)
    elif form.number == 1:
        for c in range(out.size):
            out[c] = prize(worth[c], log_fit[c], count[c], form.fit_weight)
    elif form.number == 2:
        for c in range(out.size):
            out[c] = affine(worth[c], log_fit[c], count[c], form.fit_weight, form.cluster_gain, form.congestion)
    elif form.number == 3:
        for c in range(out.size):
            out[c] = race(worth[c], log_fit[c], count[c], form.fit_weight, form.race_success, form.entry_cost)
    else:
        for c in range(out.size):
            out[c] = cournot(worth[c], log_fit[c], count[c], form.fit_weight, form.demand_slope, form.entry_cost)
