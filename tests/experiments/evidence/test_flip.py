"""The nearest reversal of a verdict: known surfaces, and a break-even that follows from the terms of welfare."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qipan import evaluate
from qipan.experiments.command_line import main
from qipan.experiments.designs.sweep_points import Axis, unit_points
from qipan.experiments.evidence.emulator import fitted
from qipan.experiments.evidence.flip import alone_table, measured_reversal, nearest_reversal, ray, sds_of, zero_of

PLACES = unit_points("sobol", 64, 2, 1)
SD = np.full(2, 12**-0.5)
START = np.array([0.5, 0.5])


def emulated(function):
    return fitted(PLACES, function(PLACES), np.full(len(PLACES), 1e-8))


@pytest.mark.parametrize(
    ("function", "distance"),
    [
        (lambda x: 1.0 - 2.0 * (x[:, 0] - 0.5) - 1.5 * (x[:, 1] - 0.5), 0.4 / SD[0]),
        (lambda x: 0.09 - (x[:, 0] - 0.5) ** 2 - (x[:, 1] - 0.5) ** 2, 0.3 / SD[0]),
    ],
    ids=["plane", "circle"],
)
def test_the_nearest_zero_of_a_known_surface(function, distance):
    """A plane 1 / |(2, 1.5)| away, a circle of radius 0.3; both in ranges, then in prior standard deviations."""
    found = nearest_reversal(emulated(function), START, SD)
    assert found.distance == pytest.approx(distance, rel=0.01)


def test_where_nothing_reverses_none_is_found():
    assert nearest_reversal(emulated(lambda x: 1.0 + x[:, 0]), START, SD) is None


def test_each_assumption_by_itself():
    axes = (Axis("a", 0.0, 10.0), Axis("b", 0.0, 1.0))
    table = alone_table(emulated(lambda x: 0.3 - (x[:, 0] - 0.5) - 0.1 * x[:, 1] + 0.05), axes, START).set_index(
        "parameter"
    )
    assert table.loc["a", "value"] == pytest.approx(8.0, rel=0.01)
    assert table.loc["a", "distance"] == pytest.approx(0.3 / SD[0], rel=0.01)
    assert np.isnan(table.loc["b", "value"])


def test_exact_runs_end_at_the_edge_of_the_ranges():
    axes = (Axis("a", 0.0, 1.0), Axis("b", 0.0, 1.0))
    found = nearest_reversal(emulated(lambda x: 0.4 - (x[:, 0] - 0.5)), START, SD)
    points, steps = ray(axes, START, found)
    assert steps[-1] == pytest.approx(0.5 / 0.4, rel=0.02) and points[-1]["a"] == pytest.approx(1.0, abs=1e-6)
    assert sds_of(axes) == pytest.approx(SD)


def test_the_interval_of_a_reversal_by_hand():
    """Mean 1 - s with half an interval of 0.25: zero at 1, between 0.75 and 1.25; without a zero nothing is claimed."""
    steps = np.array([0.0, 0.5, 1.5])
    table = pd.DataFrame({"step": steps, "mean": 1 - steps, "low": 0.75 - steps, "high": 1.25 - steps})
    assert measured_reversal(table) == pytest.approx((1.0, 0.75, 1.25))
    assert np.isnan(zero_of(steps, np.array([1.0, 0.5, 0.1])))


def test_a_break_even_that_follows_from_the_terms_of_welfare(tmp_path: Path) -> None:
    """Welfare is linear in what a yuan of completed research is worth outside and in the social cost of public money,
    and nobody's choice depends on either. So its zero is a line, whose nearest point is known from three means.
    """
    reach = {"research_spillover": (0.0, 20.0), "public_funds_cost": (0.5, 6.0)}
    given = ["--set", "run.last_year=2030", "--replicates", "16", "--exact", "16", "--points", "24", "--workers", "1"]
    given += [text for key, (low, high) in reach.items() for text in ("--vary", f"{key}={low}:{high}")]
    out = tmp_path / "flip"
    assert main(["flip", *given, "--no-report", "--quiet", "--out", str(out)]) == 0
    terms = ["welfare", "spillover_discounted", "public_discounted"]
    found = evaluate({"last_year": 2030}, terms, 16, scenario="national-design", against="baseline")
    slopes = np.array([found["spillover_discounted"], -found["public_discounted"]])  # at a spillover of 1
    sds = np.array([(high - low) / 12**0.5 for low, high in reach.values()])
    steepest = slopes * sds
    distance = abs(found["welfare"]) / np.linalg.norm(steepest)
    moved = -np.sign(found["welfare"]) * distance * steepest / np.linalg.norm(steepest)
    reversal = pd.read_parquet(out / "tables" / "reversal.parquet").iloc[0]
    change = pd.read_parquet(out / "tables" / "change.parquet").set_index("parameter")["moved"]
    assert reversal["distance"] == pytest.approx(distance, rel=0.01)
    assert reversal["predicted"] == pytest.approx(distance, rel=0.01)
    assert [change[f"world.market.{key}"] for key in reach] == pytest.approx(moved, rel=0.05)
    assert reversal["low"] < reversal["distance"] < reversal["high"]
