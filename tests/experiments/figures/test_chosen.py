"""What is chosen is what is drawn, on sheets of a given size: nothing touches, nothing is cut off, data lie beside."""

from dataclasses import replace

import matplotlib
import pandas as pd
import pytest

from qipan import open_result
from qipan.experiments.command_line import main
from qipan.experiments.figures.chosen import choose, entries, narrowed
from qipan.experiments.figures.drawing import fitted
from qipan.experiments.figures.sheet import Sheet, settle, size_of
from qipan.experiments.findings.reading import footer
from tests.errors.test_command_line import refused
from tests.experiments.examine.test_region import made
from tests.experiments.figures.test_figures import drawn_texts, overlaps

CHOICES = {
    "measures": (("welfare", "idle_share", "excess_entry"), ("national-design",), (), "2024-2027"),
    "regions": ((), (), ("Guizhou", "上海", "CN-HA"), ""),
    "all": ((), ("national-design", "placebo-of-national-design"), (), "2023-2026"),
}


@pytest.fixture(scope="module")
def result(once):
    return once("region", made) / "r"


@pytest.mark.parametrize(("kind", "language"), [("measures", "en"), ("regions", "zh"), ("all", "en")])
@pytest.mark.parametrize("size", ["slide", "a4", "25x14cm"])
def test_what_is_chosen_fits_the_sheet(result, kind, language, size, monkeypatch):
    comparison = open_result(result)
    chosen = choose(comparison, *CHOICES[kind])
    shown = narrowed(comparison, chosen)
    wanted = size_of(size)
    for entry in entries(chosen):
        found = fitted(
            lambda sheet, entry=entry: entry.draw(shown, sheet), Sheet(language, wanted, footer(shown, language))
        )
        if found is None:
            continue
        plate, sheet = found
        with matplotlib.rc_context(sheet.settings()):
            settle(plate.drawing)
            boxes = drawn_texts(plate, monkeypatch)
        assert tuple(plate.drawing.get_size_inches()) == pytest.approx((wanted.width, wanted.height))
        wide, high = plate.drawing.bbox.width, plate.drawing.bbox.height
        outside = [text for text, box in boxes if box.x0 < -1 or box.y0 < -1 or box.x1 > wide + 1 or box.y1 > high + 1]
        assert len(boxes) > 5 and outside == [] and overlaps(boxes) == [], (entry.name, overlaps(boxes))


def test_slides_are_sixteen_to_nine():
    assert size_of("slide").width / size_of("slide").height == pytest.approx(16 / 9)
    assert (size_of("25.4x12.7cm").width, size_of("10 x 5in").height) == (10.0, 5.0)


def test_years_and_arms_are_those_chosen(result):
    comparison = open_result(result)
    shown = narrowed(comparison, choose(comparison, *CHOICES["measures"]))
    assert [arm.name for arm in shown.arms] == ["baseline", "national-design"] and shown.years == (
        2024,
        2025,
        2026,
        2027,
    )
    assert shown.year_told == 2026, "the programme's last year"
    early = narrowed(comparison, replace(choose(comparison, (), (), (), "2023-2024")))
    assert early.year_told == 2024 and early.arms[0].arrays["capacity"].shape[0] == 2


def test_the_numbers_lie_beside_the_figure(result, tmp_path):
    place = tmp_path / "mine"
    given = ("--measures", "welfare", "--arms", "national-design", "--title", "Mine", "--to", str(place))
    assert main(["plot", str(result), *given, "--size", "10x5in"]) == 0
    assert {path.name for path in place.iterdir()} == {"differences-chosen-10x5in.svg", "differences-chosen.csv"}
    (row,) = pd.read_csv(place / "differences-chosen.csv").to_dict("records")
    assert row["mean"] == open_result(result).difference("national-design", "welfare")["mean"]
    assert ">Mine<" in (place / "differences-chosen-10x5in.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            "--measures welfar --arms natonal-design,burn-of-national-design --regions Guizu --years 2010 --size slid",
            [
                "--size: no size 'slid'; did you mean slide?",
                "--regions: 'Guizu' is not known; did you mean CN-GZ (Guizhou, 贵州)?",
                "--years: 2010 is not within the years of the result; allowed 2023 to 2027",
                "--measures: no measure 'welfar'; did you mean welfare?",
                "--arms: no arm 'natonal-design'; did you mean national-design?",
            ],
        ),
        ("--years soon", ["--years: 'soon' is no span of years; write 2025-2035"]),
        (
            "--size 1x1cm",
            ["--size: no size '1x1cm'; page, column, slide, a4, or WIDTHxHEIGHT such as 25x14cm, 5 to 150 cm"],
        ),
    ],
)
def test_all_wrong_names_are_told_at_once(result, arguments, expected, capsys):
    lines = refused(capsys, "plot", str(result), *arguments.split())
    assert lines == [f"command line: {line}" for line in expected]


def test_arms_of_a_result_of_one_arm_are_told_to_be_one(tmp_path, capsys):
    alone = tmp_path / "alone"
    given = ("--replicates", "2", "--set", "run.last_year=2024", "--workers", "1", "--no-report", "--quiet")
    assert main(["run", "cut", *given, "--out", str(alone)]) == 0
    capsys.readouterr()
    lines = refused(capsys, "plot", str(alone), "--arms", "baseline,cut")
    assert lines == [
        "command line: --arms: no arm 'baseline'; cut alone was run",
        "command line: --arms: nothing beside the baseline is named; cut alone was run",
    ]


def test_a_sheet_too_small_to_read_is_refused(result, tmp_path, capsys):
    (line,) = refused(capsys, "plot", str(result), "--size", "6x5cm", "--to", str(tmp_path / "mine"))
    assert "6x5cm is too small for this figure: its type would be below 6 points" in line
    assert not (tmp_path / "mine").exists() or not list((tmp_path / "mine").iterdir())
