"""Files of layouts: what is read, what is refused with its line, and real beside simulated."""

from pathlib import Path

import numpy as np
import pytest

from experiments.command_line import main
from experiments.measuring import measure_file, read_layouts
from model import load_scenario
from model.errors import DataError
from model.world import load_world

WORLD = load_world(load_scenario("baseline").world)
HEAD = "region,plan-6,confidence\n"


def file(folder: Path, text: str) -> Path:
    path = folder / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_is_the_layout_of_the_world():
    np.testing.assert_array_equal(read_layouts(Path("data/announced_layouts.csv"), "plan-6", WORLD),
                                  WORLD.announced_layout)  # fmt: skip


def test_regions_go_by_code_or_name_and_rows_of_low_confidence_do_not_count(tmp_path):
    text = f"{HEAD}CN-HA,gene,high\n河南,quantum,medium\nHenan,brain,low\nCN-AH,,high\n"
    layout = read_layouts(file(tmp_path, text), "plan-6", WORLD)
    place = WORLD.region_names.index("Henan")
    assert {WORLD.sector_codes[k] for k in np.flatnonzero(layout[place])} == {"gene", "quantum"}
    assert layout.sum() == 2


@pytest.mark.parametrize(
    "text, message",
    [
        (f"{HEAD}CN-XX,gene,high\n", "mine.csv:2: region: 'CN-XX' is not known"),
        (f"{HEAD}CN-HA,quantam,high\n", "mine.csv:2: plan-6: 'quantam' is not known; did you mean quantum?"),
        (f"{HEAD},gene,high\n", "mine.csv:2: region: is empty"),
        ("region,sector\nCN-HA,gene\n", "mine.csv:1: plan-6: no such column; there are region, sector"),
        (f"{HEAD}CN-HA,gene\n", "mine.csv:2: another number of cells than columns"),
        (HEAD, "no region has a sector"),
    ],
)
def test_a_wrong_file_is_answered_with_its_line(tmp_path, text, message):
    with pytest.raises(DataError) as refused:
        read_layouts(file(tmp_path, text), "plan-6", WORLD)
    assert message in str(refused.value)


def test_a_file_that_is_not_there_is_one_line(capsys):
    assert main(["measure", "nowhere.csv"]) == 2
    assert "nowhere.csv: cannot be read" in capsys.readouterr().err


def test_real_and_simulated_stand_at_equal_breadth():
    """The real cosine of 21 documents is .657 against .625 by chance (model details, What came out)."""
    found = measure_file("data/announced_layouts.csv", "plan-6", "baseline", 2024, 8, ())
    simulated = found["simulated"].set_index("measure")
    assert simulated.loc["layout_cosine", "announced"] == pytest.approx(0.657, abs=5e-4)
    assert simulated.loc["layout_cosine_null", "announced"] == pytest.approx(0.625, abs=5e-4)
    assert found["announced"]["regions"].iloc[0] == 21
