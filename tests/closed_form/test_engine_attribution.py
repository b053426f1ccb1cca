"""What each lever does, known in closed form, and found by `attribute` and `compare` through the engine.

The world: six regions, one sector each, values 10 and 9, no congestion, one year. A region hears each value with an
error of standard deviation e and takes the larger; the coordinator sees the truth. So region r is in the better sector
with probability

    P_r = Phi((1 + list + layout + pilot_r) / sqrt(2 e^2 + 2 o^2)),

where each lever that is on adds its term: key areas the weight of the list (it names sector 1 alone), the regional
layout its weight (all six regions are assigned to sector 1: without congestion the sixth adds as much as the first),
pilot zones their weight in the first two regions (10 + 10 - ln 2 beats every pair with sector 2), and the shared
definition its official error o, common to all regions. The true value of the layouts is 54 + sum_r P_r on average.
Four levers have an effect, that of the shared definition is negative, and all interact through Phi. The fifth, the
ecosystem, works through money alone, of which a game has none: its effect is exactly zero. In a world with money it
has no closed form, since it reaches layouts through spending, completed projects and fit of several years.

`make verify` takes 500 repeats of 100 replicates; the suite takes fewer. Coverage is binomial: with a true rate of 95%
a count outside 5 standard errors happens less than once in a million tests.
"""

import math
import os
from itertools import permutations

import numpy as np
import pytest

from qipan import load_scenario, run
from qipan.experiments.command_line import main
from qipan.experiments.designs import levers_tables as tables
from qipan.experiments.designs.levers import arms_of
from qipan.experiments.designs.precision import Aim
from qipan.model.executor import Executor
from qipan.model.extend.registry import LEVERS
from qipan.model.measures import compute

LONG = bool(os.environ.get("QIPAN_VERIFICATION"))
REPEATS, REPLICATES = (500, 100) if LONG else (150, 40)
STOPPED = 500 if LONG else 100
REGIONS, ERROR, OFFICIAL, LISTED, ZONED, ASSIGNED = 6, 1.4, 2.0, 0.7, 1.5, 0.9
COORDINATION = {
    "arm": "design",
    "official_error": OFFICIAL,
    "list_weight": LISTED,
    "list_length": 1,
    "pilots": 2,
    "pilot_weight": ZONED,
    "layout_weight": ASSIGNED,
}
SETTINGS = {
    "world.values": [10, 9],
    "world.regions": REGIONS,
    "world.behaviour.congestion": 0,
    "world.behaviour.revision": "synchronous",
    "world.behaviour.rounds": 1,
    "world.uncertainty.private_error": ERROR,
    **{f"policy.coordination.{name}": value for name, value in COORDINATION.items()},
}


def better(combination: int) -> list[float]:
    """P_r of each region under a combination of levers (bit i is lever i): the formula above."""
    definition, key_areas, zones, layout, _ = (combination >> lever & 1 for lever in range(5))
    spread = math.sqrt(2.0 * ERROR**2 + 2.0 * (definition * OFFICIAL) ** 2)
    drawn = 1.0 + LISTED * key_areas + ASSIGNED * layout
    drawn_by_region = [drawn + (ZONED * zones if region < 2 else 0.0) for region in range(REGIONS)]
    return [0.5 * (1.0 + math.erf(value / spread / math.sqrt(2.0))) for value in drawn_by_region]


def truth(combination: int) -> float:
    """Mean true value of the layouts."""
    return 9.0 * REGIONS + sum(better(combination))


def crowding(combination: int) -> float:
    """Mean excess entry: without congestion all six belong in sector 1, so every region in sector 2 is one too many."""
    return REGIONS - sum(better(combination))


def true_shares() -> np.ndarray:
    """Shapley's definition word by word: what a lever adds, averaged over the 120 orders of switching levers on."""
    shares = np.zeros(5)
    for order in permutations(range(5)):
        on = 0
        for lever in order:
            shares[lever] += truth(on | 1 << lever) - truth(on)
            on |= 1 << lever
    return shares / math.factorial(5)


@pytest.fixture(scope="module")
def layout():
    return arms_of(load_scenario("theory/affine", SETTINGS))


def paid(arm, count: int) -> np.ndarray:
    """True value of the layouts in replicates 0 to count - 1 of an arm, (count,)."""
    with pytest.MonkeyPatch.context() as quick:  # larger blocks are quicker here and change no value
        quick.setattr(Executor, "block", lambda self, pairs: 2000)
        return compute(run(arm, replicates=range(count), fields=("payoff",)), ["layout_payoff"])["layout_payoff"][:, -1]


@pytest.fixture(scope="module")
def values(layout) -> dict[str, np.ndarray]:
    """(repeat, replicate) of each combination: repeats are replicates of their own, so independent."""
    shape = (REPEATS, REPLICATES)
    return {name: paid(layout.arms[name], REPEATS * REPLICATES).reshape(shape) for name in layout.combinations}


@pytest.fixture(scope="module")
def by_repeat(values) -> dict[str, dict[str, np.ndarray]]:
    """The scores of every repeat, as keys of one table."""
    return {name: {f"repeat:{place}": row for place, row in enumerate(rows)} for name, rows in values.items()}


def covered(table, lever: str, expected: float, low: str = "low", high: str = "high") -> float:
    """Share of repeats whose interval holds the true value of a lever."""
    rows = table[table["lever"] == lever]
    return float(((rows[low] <= expected) & (rows[high] >= expected)).mean())


def within_five_errors(rate: float, repeats: int) -> bool:
    return abs(rate - 0.95) <= 5.0 * math.sqrt(0.95 * 0.05 / repeats)


def test_every_combination_has_the_value_of_the_formula(values, layout):
    """Five standard errors over all repeats; 32 combinations of which many share draws: under two in 100,000."""
    for number, name in zip(layout.numbers, layout.combinations, strict=True):
        flat = values[name].ravel()
        assert abs(flat.mean() - truth(number)) <= 5.0 * flat.std(ddof=1) / math.sqrt(flat.size), name


def test_the_true_shares_are_not_trivial():
    """By the formula: the definition hurts, three levers help, the ecosystem does nothing; they interact."""
    shares, alone = true_shares(), np.array([truth(1 << lever) - truth(0) for lever in range(5)])
    assert shares[0] < -0.2
    assert (shares[1:4] > 0.1).all()
    assert shares[4] == 0.0
    assert shares.sum() == pytest.approx(truth(31) - truth(0), abs=1e-12)
    assert abs(shares - alone).max() > 0.05


def test_intervals_of_shares_cover_the_truth_at_their_nominal_rate(by_repeat, layout):
    """The t interval and the bootstrap's; the latter, of a bounded and skewed step, is allowed three points less."""
    table = tables.shares_table(by_repeat, layout, [f"repeat:{place}" for place in range(REPEATS)])
    for lever, expected in zip(
        [*list(LEVERS)[:4], tables.TOTAL], [*true_shares()[:4], truth(31) - truth(0)], strict=True
    ):
        assert within_five_errors(covered(table, lever, expected), REPEATS), lever
        resampled = covered(table, lever, expected, "boot_low", "boot_high")
        assert resampled >= 0.92 - 5.0 * math.sqrt(0.95 * 0.05 / REPEATS), lever
    nothing = table[table["lever"] == list(LEVERS)[4]]
    assert (nothing[["mean", "low", "high", "boot_low", "boot_high"]] == 0.0).all(axis=None)


def test_shares_of_every_repeat_sum_to_its_total(by_repeat, layout):
    keys = [f"repeat:{place}" for place in range(REPEATS)]
    shares = tables.shares_of(tables.value_table(by_repeat, layout.combinations, keys), layout)
    every = np.stack([by_repeat[layout.combinations[-1]][key] - by_repeat["none"][key] for key in keys], axis=-1)
    np.testing.assert_allclose(shares.sum(axis=1), every, rtol=0, atol=1e-12)


def test_intervals_of_effects_cover_the_truth_at_their_nominal_rate(values, layout):
    """Each lever alone, beside all others, and averaged over them."""
    from qipan.experiments.statistics import shapley as attribution
    from qipan.experiments.statistics.paired import mean_interval

    table = np.stack([values[name] for name in layout.combinations], axis=1).transpose(2, 1, 0)
    exact = np.array([[truth(number) for number in layout.numbers]])
    for effects in (attribution.first_effects, attribution.last_effects, attribution.main_effects):
        interval, expected = mean_interval(effects(table)), effects(exact)[0]
        rates = ((interval.low <= expected[:, None]) & (interval.high >= expected[:, None])).mean(axis=-1)
        assert all(within_five_errors(rate, REPEATS) for rate in rates[:4]), (effects.__name__, rates)
        assert (interval.low[4] == 0.0).all() and (interval.high[4] == 0.0).all()


@pytest.fixture(scope="module")
def differing(layout) -> tuple[np.ndarray, np.ndarray]:
    """(repeat, 400) of no coordinator and of all levers together."""
    names = ("none", "+".join(LEVERS))
    none, full = (paid(layout.arms[name], 400 * STOPPED).reshape(STOPPED, 400) for name in names)
    return none, full


@pytest.mark.parametrize("precision", [0.005, 0.007])
def test_intervals_cover_after_sequential_stopping(differing, precision):
    """Looks at 100, 200, 400 replicates until the interval of the difference is narrow: coverage 93% or more.

    The precisions are such that repeats stop at different looks.
    """
    rule = Aim(precision=precision, measure="layout_payoff", most=400).rule
    assert rule.looks == (100, 200, 400)
    difference, hits, stops = truth(31) - truth(0), 0, set()
    for base, arm in zip(*differing, strict=True):
        looks = (rule.look(arm[:count, None], base[:count, None], count) for count in rule.looks)
        look = next(look for look in looks if look.stop)
        stops.add(look.n)
        hits += bool(look.low[0] <= difference <= look.high[0])
    assert len(stops) > 1
    assert hits / STOPPED >= (0.93 if LONG else 0.95 - 5.0 * math.sqrt(0.95 * 0.05 / STOPPED)), hits


def test_the_command_finds_what_the_engine_gave(tmp_path, layout):
    """`qipan attribute` on this world, from a file: excess entry is the number of regions in sector 2.

    Its table has the mean over the same replicates as the engine, and the effects of the formula within five standard
    errors.
    """
    import pandas as pd

    path, folder, count = tmp_path / "known.yaml", tmp_path / "result", 128
    path.write_text(load_scenario("theory/affine", SETTINGS).to_yaml(), encoding="utf-8")
    assert (
        main(
            [
                "attribute",
                str(path),
                "--replicates",
                str(count),
                "--workers",
                "1",
                "--no-report",
                "--quiet",
                "--out",
                str(folder),
            ]
        )
        == 0
    )
    effects = pd.read_parquet(folder / "tables" / "effects.parquet")
    alone = effects[(effects["measure"] == "told:excess_entry") & (effects["comparison"] == "alone")]
    alone = alone.set_index("lever")
    for place, lever in list(enumerate(LEVERS))[1:4]:
        expected, row = crowding(1 << place) - crowding(0), alone.loc[lever]
        assert abs(row["mean"] - expected) <= 5.0 * (row["high"] - row["low"]) / 2.0 / 1.96, lever
        assert expected < -0.05
    shares = pd.read_parquet(folder / "tables" / "shares.parquet")
    shares = shares[shares["measure"] == "told:excess_entry"].set_index("lever")
    assert (shares.loc[list(LEVERS)[4], ["mean", "low", "high"]] == 0.0).all()
    assert shares.loc[list(LEVERS), "mean"].sum() == pytest.approx(shares.loc[tables.TOTAL, "mean"], abs=1e-12)
