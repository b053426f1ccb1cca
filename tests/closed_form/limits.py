"""Every limit of model section 8, once: what is expected, how closely, and where the number comes from.

A test hands what the engine gave to the fixture `limits`; that compares, and keeps a row for docs/verification.md.
"""

from dataclasses import dataclass

DIGITS = 5e-7
"""Half of the last of six printed digits."""
ERRORS = None
"""Five standard errors from independent replicates, for each of the seeds 1, 2 and 3."""
ENGINE, RULES, MEASURES = "whole engine", "rule functions", "measures"


@dataclass(frozen=True)
class Limit:
    """One row: name, section, where it runs, what is expected and how far off it may be.

    Args:
        key: Name of the row.
        part: Letter of the section.
        what: What is reproduced, in words.
        where: Scenario or rule functions.
        expected: Numbers from outside the code; empty when a closed form of model/theory gives them (see `source`).
        tolerance: Largest distance, or ERRORS.
        kind: "closed form", or "docking" on another published model.
        source: Where the expected value comes from.
    """

    key: str
    part: str
    what: str
    where: str
    expected: tuple[float, ...]
    tolerance: float | None
    kind: str
    source: str


def _limit(
    key: str, what: str, where: str, expected: tuple[float, ...], tolerance: float | None, source: str,
    kind: str = "closed form",
) -> Limit:  # fmt: skip
    return Limit(key, key[0], what, where, expected, tolerance, kind, source)


ROSENTHAL = "Rosenthal (1973)"
AFFINE = "integer counts by enumeration of single moves"
GIBBS = "Gibbs measure of the potential, Blume (1993)"
BREAK_EVEN = "quadratic welfare in the continuum"
RACE = "free entry and marginal success"
WHINSTON = "Mankiw and Whinston (1986)"
ARTHUR = "Arthur (1989), gambler's ruin"
CASCADE = "Bikhchandani, Hirshleifer and Welch (1992)"
PAISE = "Chakrabarti, Chakrabarti, Chatterjee and Mitra (2009)"
TABLE = "hand computation on the 3 x 6 table"

LIMITS: dict[str, Limit] = {
    row.key: row
    for row in (
        _limit("a1", "Shared prize, six sectors: Nash counts", "theory/game", (14, 7, 4, 3, 2, 1), 0.0, ROSENTHAL),
        _limit("a2", "Shared prize: potential at these counts", "theory/game", (724.092241,), DIGITS, ROSENTHAL),
        _limit("a3", "Shared prize, v = (10, 4, 3): Nash counts", "theory/shared-prize-small", (2, 1, 0), 0.0, ROSENTHAL),
        _limit("a4", "The same: welfare", "theory/shared-prize-small", (14,), 1e-9, ROSENTHAL),
        _limit("a5", "The same: planner's welfare", "theory/shared-prize-small-planner", (17,), 1e-9, ROSENTHAL),
        _limit("b1", "Affine: Nash counts", "theory/affine", (13, 8, 6, 3, 1, 0), 0.0, AFFINE),
        _limit("b2", "Affine: welfare of the Nash counts", "theory/affine", (2094,), 1e-9, AFFINE),
        _limit("b3", "Affine: planner's counts", "theory/affine-planner", (9, 7, 6, 4, 3, 2), 0.0, AFFINE),
        _limit("b4", "Affine: planner's welfare", "theory/affine-planner", (2190,), 1e-9, AFFINE),
        _limit("b5", "Symmetric quantal response at .1, the engine's utility and softmax iterated", "Logit.utility, softmax",
               (0.360741, 0.231161, 0.172312, 0.119487, 0.074983, 0.041316), DIGITS, "McKelvey and Palfrey (1995)"),
        _limit("b6", "The same shares, reached by 200 years of noisy fictitious play", "theory/affine-fictitious-play",
               (0.360741, 0.231161, 0.172312, 0.119487, 0.074983, 0.041316), ERRORS, "Hofbauer and Sandholm (2002)"),
        _limit("b7", "Asynchronous logit at .1: mean counts", "theory/affine-logit",
               (11.125628, 7.179162, 5.370482, 3.730733, 2.331344, 1.262650), ERRORS, GIBBS),
        _limit("b8", "The same: mean welfare", "theory/affine-logit", (2142.632334,), ERRORS, GIBBS),
        _limit("b9", "Mean welfare at 0", "theory/affine-blind", (1942.666667,), ERRORS, "multinomial counts"),
        _limit("c01", "Break-even: planner's welfare without error", "theory/break-even-continuum-planner",
               (2166.833333,), 0.2, BREAK_EVEN),
        _limit("c02", "Break-even: regions' welfare without error", "theory/break-even-continuum", (2149.333333,), 0.2,
               BREAK_EVEN),
        _limit("c03", "Planner's welfare at an error of 10", "theory/break-even-planner", (2135.583333,), ERRORS, BREAK_EVEN),
        _limit("c04", "Regions' welfare at a common error of 2", "theory/break-even", (2144.333333,), ERRORS, BREAK_EVEN),
        _limit("c05", "Planner less regions at the break-even 7.483315, common error 0", "theory/break-even, -planner",
               (0.0,), ERRORS, BREAK_EVEN),
        _limit("c06", "Planner less regions at the break-even 8.485281, common error 2", "theory/break-even, -planner",
               (0.0,), ERRORS, BREAK_EVEN),
        _limit("c07", "The same at 0.6 of the break-even: the planner helps", "theory/break-even, -planner", (), ERRORS,
               BREAK_EVEN),
        _limit("c08", "The same at 1.4 of the break-even: the planner hurts", "theory/break-even, -planner", (), ERRORS,
               BREAK_EVEN),
        _limit("c09", "Bayesian planner at an error of 10: never below the regions", "theory/break-even-bayesian", (), ERRORS,
               BREAK_EVEN),
        _limit("c10", "Equal values, planner's error 4: planner less regions", "theory/break-even-equal, -planner", (),
               ERRORS, BREAK_EVEN),
        _limit("d1", "Parallel projects: free entry", "theory/parallel-projects", (19,), 0.0, RACE),
        _limit("d2", "Parallel projects: planner", "theory/parallel-projects-planner", (7,), 0.0, RACE),
        _limit("d3", "Cournot: entrants", "theory/excess-entry", (7,), 0.0, WHINSTON),
        _limit("d4", "Cournot: planner's entrants", "theory/excess-entry-planner", (3,), 0.0, WHINSTON),
        _limit("d5", "Cournot: loss of welfare, %", "Cournot.marginal summed", (9.259259,), DIGITS, WHINSTON),
        _limit("e1", "Agglomeration: herding counts", "theory/agglomeration", (5, 0), 0.0, "Arthur (1990)"),
        _limit("e2", "Agglomeration: efficient herd", "theory/agglomeration", (65,), 1e-9, "10 + .6 x 5, five times"),
        _limit("e3", "Agglomeration: locked in", "theory/agglomeration-locked-in", (55,), 1e-9, "8 + .6 x 5, five times"),
        _limit("e4", "Agglomeration: dispersed 3 and 2 by a fixed layout", "theory/agglomeration-dispersed", (53.8,), 1e-9,
               "3 x 11.8 + 2 x 9.2"),
        _limit("e5", "Largest count of 30 at a/c .5, .9, 1.1, 1.5", "theory/agglomeration-against-congestion", (5, 5, 30, 30),
               0.0, "sign of a - c"),
        _limit("f1", "Cascades, q = .7: right", "updated_belief, chosen_layout", (0.753165,), ERRORS, CASCADE, "docking"),
        _limit("f2", "Cascades: wrong", "updated_belief, chosen_layout", (0.246835,), ERRORS, CASCADE, "docking"),
        _limit("f3", "Lock-in, barriers 5, p = .55: probability", "Affine.perceived, chosen_layout", (0.731717,), ERRORS,
               ARTHUR, "docking"),
        _limit("f4", "Lock-in: expected time", "Affine.perceived, chosen_layout", (23.171740,), ERRORS, ARTHUR, "docking"),
        _limit("f5", "Kolkata Paise Restaurant, 100 guests at random", "chosen_layout", (0.633968,), ERRORS, PAISE, "docking"),
        _limit("f6", "The same, avoiding crowds: about .80", "Turn.put, chosen_layout", (0.80,), 0.01, PAISE, "docking"),
        _limit("f7", "The same, dictated", "assigned_layout", (1.0,), 0.0, PAISE, "docking"),
        _limit("g1", "Stages: net present value", "starts, aged_queue, success_share, discount_factors", (27.187651,), DIGITS,
               "model section 8(g)"),
        _limit("g2", "Stages: cumulative success", "success_share", (0.09,), 1e-12, "model section 8(g)"),
        _limit("h1", "Real option: exponent beta at which value^beta keeps its discounted mean", "shock", (2.0,), 1e-6,
               "Dixit and Pindyck (1994)"),
        _limit("h2", "Real option: hurdle multiple beta / (beta - 1)", "shock", (2.0,), 1e-6, "Dixit and Pindyck (1994)"),
        _limit("h3", "Real option: waiting until twice the cost less investing at once", "shock, chosen_layout", (), ERRORS,
               "Dixit and Pindyck (1994), 2,000 months"),
        _limit("h4", "Bass curve, p .03, q .38, after 5, 10, 15 years", "grown_demand, fine steps extrapolated", (), 1e-6,
               "Bass (1969)"),
        _limit("h5", "Documents of 2,000 regions after 10 years against the yearly recursion", "adoption_probability, happens",
               (), ERRORS, "Bass (1969), yearly steps"),
        _limit("i1", "Cosine of regions 1 and 2, mean cosine", "cosine", (0.978284, 0.326095), DIGITS, TABLE),
        _limit("i2", "Krugman index of regions 1 and 2", "krugman", (0.2,), 1e-12, TABLE),
        _limit("i3", "Concentration of rows", "portfolio_concentration", (0.46, 0.42, 0.38), 1e-12, TABLE),
        _limit("i4", "Effective regions per sector", "effective_regions", (1.983607, 1.96, 2, 1, 1, 1), DIGITS, TABLE),
        _limit("i5", "Location quotient of region 1 in sector 1", "location_quotient", (1.636364,), DIGITS, TABLE),
        _limit("i6", "Information I, exp(I)", "information, effective_portfolios", (0.640421, 1.897279), DIGITS, TABLE),
        _limit("i7", "Ellison-Glaeser", "ellison_glaeser_index", (0.061785,), DIGITS, "Ellison and Glaeser (1997)"),
        _limit("j1", "Venture returns: P(< 1), P(>= 10)", "shock, quantiles", (0.648, 0.04), 2e-6, "lognormal distribution"),
        _limit("j2", "Venture returns: mean, Gini", "shock, quadrature", (2.165492, 0.765084), DIGITS, "lognormal distribution"),
        _limit("j3", "Venture returns drawn by address: P(< 1), P(>= 10)", "shock, draws", (0.648, 0.04), ERRORS,
               "lognormal distribution"),
        _limit("k1", "Learning 20% per doubling: unit cost after tenfold output", "unit_cost", (0.476510,), DIGITS, "Wright (1936)"),
        _limit("k2", "Variance of the mean of six bets, correlation 0, .3, 1", "shock", (1 / 6, 2.5 / 6, 1.0), ERRORS,
               "(1 + 5 rho) / 6"),
    )
}  # fmt: skip
"""Every row of docs/verification.md, by key and in its order."""
