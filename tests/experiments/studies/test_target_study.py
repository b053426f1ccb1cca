"""Targets held against a scenario: parts that sum to the gap, both readings, and shares of variance by hand."""

import numpy as np
import pytest

from qipan import load_scenario, run
from qipan.experiments.command_line import main
from qipan.experiments.studies.targets import (
    LEVELS,
    attainment,
    catalogue,
    crossed_share,
    gaps,
    share_between,
    study_targets,
)
from qipan.model.draws import Draws, Stream
from qipan.model.scenario.table import parameter_table
from qipan.model.world import load_world


@pytest.fixture(scope="module")
def history():
    return run(load_scenario("baseline"), replicates=range(40), fields=["output", "money", "adopted"])


def test_share_of_variance_between_rows_by_hand():
    """Rows (0, 0) and (2, 2): all between. Rows (0, 2) and (2, 4): rows and columns each make half. No rows: none."""
    assert crossed_share(np.array([[0.0, 0.0], [2.0, 2.0]])) == 1.0
    assert crossed_share(np.array([[0.0, 2.0], [2.0, 4.0]])) == pytest.approx(0.5)
    assert crossed_share(np.array([[0.0, 2.0], [0.0, 2.0]])) == 0.0
    assert np.isnan(crossed_share(np.ones((3, 3))))


def test_share_of_variance_of_a_known_mixture_is_covered():
    """Row effect of variance 1, column effect 1, noise 2: a quarter is between rows."""
    draws = Draws(3, np.arange(60), np.arange(1, 61), np.array([1]))
    noise = draws.normal(Stream.VALUE, over="r")
    rows, columns = draws.normal(Stream.VALUE, over=""), draws.normal(Stream.FIT, over="r")[0]
    share, low, high = share_between(rows[:, None] + columns + np.sqrt(2.0) * noise)
    assert low < 0.25 < high
    assert share == pytest.approx(0.25, abs=0.1)


def test_the_gap_is_the_sum_of_its_sectors(history):
    table = gaps(history, history.world.targets)
    for name, rows in table[table["kind"] == "sector"].groupby("target"):
        assert rows["variance"].sum() == pytest.approx(1.0)
        if rows["met_less_missed"].notna().all():
            target = next(one for one in history.world.targets if one.identifier == name)
            place, year = history.world.region_codes.index(target.region), target.year - 2023
            values = history["output"][:, year, place].sum(axis=-1) * 2.3 * target.value / target.threshold
            met = values >= target.value
            assert rows["met_less_missed"].sum() == pytest.approx(values[met].mean() - values[~met].mean())


def test_probability_and_first_year_are_those_of_the_paths(history):
    table = attainment(history, history.world.targets, "corrected").set_index("target")
    target = next(one for one in history.world.targets if one.identifier == "hubei-scale-2026")
    output = history["output"][:, :, history.world.region_codes.index(target.region)].sum(axis=-1)
    path = output * 2.3
    row = table.loc["hubei-scale-2026"]
    assert row["probability"] == pytest.approx((path[:, 3] >= 100.0).mean())
    assert row["scope"] == 2.3
    assert [row["narrow"], row["wide"]] == pytest.approx([(output[:, 3] * s >= 100.0).mean() for s in (1.0, 4.0)])
    reached = (path >= 100.0).any(axis=1)
    assert row["ever_reached"] == pytest.approx(reached.mean())
    first = history.years[(path >= 100.0).argmax(axis=1)][reached]
    assert row["met_year_median"] == pytest.approx(float(np.median(first)))


def test_both_readings_of_a_garbled_target_stand_side_by_side():
    table = study_targets(load_scenario("baseline", {"run.replicates": 4}), points=0)["attainment"]
    values = table[table["target"] == "shanghai-output-2030"].set_index("reading")["value"]
    assert values.to_dict() == {"corrected": 500.0, "as_printed": 5000.0}


def test_every_target_is_in_the_catalogue_with_a_reason_where_it_is_not_simulated():
    targets = load_world(load_scenario("baseline").world).targets
    table = catalogue(targets)
    assert len(table) == len(targets)
    assert (table.loc[~table["simulated"].astype(bool), "why_not"] != "").all()


def test_level_parameters_exist_are_assumed_and_have_a_range():
    rows = [parameter_table()[key] for key in LEVELS]
    assert all(row.grade == "assumed" and row.plausible for row in rows)


@pytest.mark.parametrize("language, word", [("en", "not simulated"), ("zh", "未模拟")])
def test_the_command_prints_and_stores(tmp_path, capsys, language, word):
    status = main(
        [
            "targets",
            "baseline",
            "--replicates",
            "3",
            "--points",
            "2",
            "--lang",
            language,
            "--out",
            str(tmp_path / "t"),
            "--set",
            "run.last_year=2030",
        ]
    )
    assert status == 0
    assert word in capsys.readouterr().out
    assert {path.stem for path in (tmp_path / "t" / "tables").iterdir()} == {
        "catalogue",
        "attainment",
        "gaps",
        "levels",
    }
