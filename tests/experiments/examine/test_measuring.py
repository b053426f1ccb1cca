"""Files of layouts: what is read, what is refused with its line, and real beside simulated."""

import os
from pathlib import Path

import numpy as np
import pytest

from qipan import load_scenario
from qipan.experiments.command_line import main
from qipan.experiments.examine.measure import layouts_of, measure_file, print_measured, rows_told
from qipan.model.errors import DataError
from qipan.model.world import load_world

WORLD = load_world(load_scenario("baseline").world)
HEAD = "region,plan-6,confidence\n"


def file(folder: Path, text: str) -> Path:
    path = folder / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_is_the_layout_of_the_world():
    np.testing.assert_array_equal(
        layouts_of(Path("data/announced_layouts.csv"), "plan-6", WORLD).layout, WORLD.announced_layout
    )


def test_regions_go_by_code_or_name_and_rows_of_low_confidence_do_not_count(tmp_path):
    text = f"{HEAD}CN-HA,gene,high\n河南,quantum,medium\nHenan,brain,low\nCN-AH,,high\n"
    layout = layouts_of(file(tmp_path, text), "plan-6", WORLD).layout
    place = WORLD.region_names.index("Henan")
    assert {WORLD.sector_codes[k] for k in np.flatnonzero(layout[place])} == {"gene", "quantum"}
    assert layout.sum() == 2


@pytest.mark.parametrize(
    "text, message",
    [
        (f"{HEAD}CN-XX,gene,high\n", "mine.csv:2: region: 'CN-XX' is not known"),
        (f"{HEAD}CN-HA,quantam,high\n", "mine.csv:2: plan-6: 'quantam' is not known; did you mean quantum ("),
        (f"{HEAD},gene,high\n", "mine.csv:2: region: the cell is empty"),
        ("region,place\nCN-HA,gene\n", "mine.csv:1: plan-6: column is missing; the head is: region, place"),
        (f"{HEAD}CN-HA,gene\n", "mine.csv:2: 2 cells where the head has 3"),
        (HEAD, "there are no rows below the head"),
        (f"{HEAD}CN-HA,gene,low\n", "no row counts as a layout: 1 rows of low confidence"),
        (f"{HEAD}CN-HA,gene,sure\n", "mine.csv:2: confidence: sure is not known; one of: high, medium, low"),
    ],
)
def test_a_wrong_file_is_answered_with_its_line(tmp_path, text, message):
    with pytest.raises(DataError) as refused:
        layouts_of(file(tmp_path, text), "plan-6", WORLD)
    assert message in str(refused.value)


def test_a_file_that_is_not_there_is_one_line(capsys):
    assert main(["measure", "nowhere.csv"]) == 2
    assert "nowhere.csv: cannot be read" in capsys.readouterr().err


def test_a_file_of_a_terabyte_is_not_read(capsys, tmp_path):
    (tmp_path / "layouts.csv").write_bytes(b"region,sector\n")
    os.truncate(tmp_path / "layouts.csv", 2**40)  # takes no room
    assert main(["measure", str(tmp_path / "layouts.csv"), "--replicates", "2", "--out", str(tmp_path / "m")]) == 2
    assert "larger than 16 MiB" in capsys.readouterr().err
    assert not (tmp_path / "m").exists()


def test_real_and_simulated_stand_at_equal_breadth():
    """The real cosine of 21 documents is .657 against .625 by chance (model details, What came out)."""
    found = measure_file("data/announced_layouts.csv", "plan-6", "baseline", 2024, 8, ())
    simulated = found["simulated"].set_index("measure")
    assert simulated.loc["layout_cosine", "announced"] == pytest.approx(0.657, abs=5e-4)
    assert simulated.loc["layout_cosine_null", "announced"] == pytest.approx(0.625, abs=5e-4)
    assert found["announced"]["regions"].iloc[0] == 21


SPELLINGS = ("High", "高", " high", "ＨＩＧＨ", "medium ", "中", "较高", "")


def test_every_spelling_of_a_counted_grade_counts_and_the_rest_is_told(tmp_path):
    """Four regions with High, 高, ' high' and low: three count."""
    text = f"{HEAD}CN-HA,gene,High\nCN-AH,gene,高\nCN-ZJ,quantum, high\nCN-SH,brain,low\nCN-BJ,,high\n"
    found = measure_file(str(file(tmp_path, text)), "plan-6", "baseline", 2024, 2, ())
    assert found["announced"]["regions"].iloc[0] == 3
    assert dict(zip(found["rows"]["reason"], found["rows"]["rows"], strict=True)) == {
        "counted": 3,
        "low_confidence": 1,
        "no_sector": 1,
    }
    assert rows_told(found["rows"], "plan-6", "en") == (
        "Rows that count: 3 of 5; not 1 of low confidence; not 1 without a sector of plan-6."
    )


@pytest.mark.parametrize("grade", SPELLINGS)
def test_a_grade_in_any_spelling(tmp_path, grade):
    assert layouts_of(file(tmp_path, f"{HEAD}CN-HA,gene,{grade}\n"), "plan-6", WORLD).layout.sum() == 1


def test_names_of_regions_and_sectors_in_any_form(tmp_path):
    text = "地区;产业;置信度\n内蒙古自治区;基因技术;高\n41;1;High\n410000.0;Quantum Information;中\n广东*;GENE;低\n"
    read = layouts_of(file(tmp_path, text), "plan-6", WORLD)
    places = {(WORLD.region_codes[r], WORLD.sector_codes[k]) for r, k in np.argwhere(read.layout)}
    assert places == {("CN-NM", "gene"), ("CN-HA", "brain"), ("CN-HA", "quantum")}
    assert read.left_out == {"low_confidence": 1}


def test_one_region_alone_has_no_measure_of_pairs(tmp_path, capsys):
    found = measure_file(str(file(tmp_path, f"{HEAD}CN-HA,gene,high\n")), "plan-6", "baseline", 2024, 2, ())
    announced = found["announced"].set_index("measure")["value"]
    blank = {"layout_cosine", "investment_krugman", "investment_overlap", "investment_duplication", "pair_count"}
    assert set(announced.index[announced.isna()]) == blank
    simulated = found["simulated"].set_index("measure")
    assert simulated.loc["layout_cosine"].isna().all() and simulated.loc["pair_count_z"].isna().all()
    assert simulated.loc["sectors_per_region", "announced"] == 1.0
    print_measured(found, "baseline", "plan-6", 2024, "en")
    shown = capsys.readouterr().out
    assert "Announced layouts of 1 region:" in shown and "nan" not in shown
