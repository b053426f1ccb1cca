"""(c) Break-even of coordination: when a planner with an error of its own beats regions that share theirs.

Stated for a continuum. 3,100 regions with congestion c/100 show the levels (tolerance .2). The line itself is crossed
with 620 regions and c/20, where whole numbers cost each side less than .1 of welfare 2150 (the draw breaks ties).
128 independent replicates for each of the seeds 1, 2 and 3, five standard errors of the paired difference; one
number is off by chance in fewer than two of a million runs.
"""

from functools import cache

import numpy as np
import pytest

from qipan.model.theory.coordination import AffineGame, break_even_error
from tests.closed_form.engine_runs import SEEDS, executor_of, ran, welfare

GAME = AffineGame((100, 96, 92, 88, 84, 80), congestion=4, regions=31)
PER_31 = 31 / 620


@cache
def regions(common_error, seed):
    """Welfare of the regions alone, in units of 31 regions."""
    error = {"world__uncertainty__common_error": common_error}
    return welfare(ran("break-even", seed, 128, ["payoff"], executor_of(seed), **error)) * PER_31


@cache
def planner(own_error, seed, name="break-even-planner"):
    """Welfare under a planner with that error."""
    error = {"policy__coordination__planner_error": own_error}
    return welfare(ran(name, seed, 128, ["payoff"], executor_of(seed), **error)) * PER_31


def test_levels_near_the_continuum(limits):
    """(c) 3,100 regions: planner 2166.833333 and regions 2149.333333, each to .2."""
    limits.exact("c01", welfare(ran("break-even-continuum-planner", replicates=1)) / 100)
    limits.exact("c02", welfare(ran("break-even-continuum", replicates=1)) / 100)


@pytest.mark.parametrize("seed", SEEDS)
def test_levels_with_errors(seed, limits):
    """(c) A planner that errs by 10: 2135.583333; regions that share an error of 2: 2144.333333."""
    limits.sampled("c03", planner(10.0, seed), seed)
    limits.sampled("c04", regions(2.0, seed), seed)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("key", "common_error"), [("c05", 0.0), ("c06", 2.0)])
def test_on_the_line_nobody_wins(key, common_error, seed, limits):
    """(c) At s_p^2 = Var(v) + 4 s_d^2 the difference is zero."""
    own_error = break_even_error(GAME, common_error)
    limits.sampled(key, planner(own_error, seed) - regions(common_error, seed), seed)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("key", "factor", "sign"), [("c07", 0.6, 1.0), ("c08", 1.4, -1.0)])
def test_either_side_of_the_line(key, factor, sign, seed, limits):
    """(c) Inside the line the planner helps, outside it hurts, by as much as the closed form says."""
    own_error = factor * break_even_error(GAME, 2.0)
    difference = planner(own_error, seed) - regions(2.0, seed)
    limits.sampled(key, difference, seed, GAME.planner_welfare(own_error) - GAME.regions_welfare(2.0))
    assert sign * difference.mean() > 5 * difference.std(ddof=1) / np.sqrt(128)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bayesian_planner_does_not_hurt(seed, limits):
    """(c) At an error of 10, where the flat planner loses 13.75 against regions without error, shrinking gains."""
    difference = planner(10.0, seed, "break-even-bayesian") - regions(0.0, seed)
    limits.sampled("c09", difference, seed, GAME.planner_welfare(10.0, "bayes") - GAME.regions_welfare())
    assert difference.mean() > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_where_all_values_are_equal_a_planner_can_only_hurt(seed, limits):
    """(c) Six times 90: every replicate with an error is below equal counts."""
    equal = AffineGame((90,) * 6, congestion=4, regions=31)
    sample = planner(4.0, seed, "break-even-equal-planner")
    limits.sampled("c10", sample - equal.base, seed, equal.planner_welfare(4.0) - equal.base)
    assert (sample < equal.base).all()
