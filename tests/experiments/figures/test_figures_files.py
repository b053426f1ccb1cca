"""Figures, pages and exports reach the disk whole or not at all; results of one, two and three years are drawn too."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import matplotlib
import pytest

import qipan.experiments.figures.sheet
from qipan.experiments.command_line import main
from qipan.experiments.figures import declared, draw_all, draw_one
from qipan.experiments.figures.drawing import Plate
from qipan.experiments.figures.sheet import SIZES, Sheet, save, settle
from qipan.experiments.findings.reading import footer
from qipan.experiments.report import write_report
from qipan.experiments.results.read import load_result
from qipan.experiments.store.disk import writing_to
from qipan.experiments.summaries.comparison import Comparison
from qipan.model.errors import StoreError
from tests.experiments.figures.figures_sample import ARMS, comparison
from tests.experiments.store.dying_disk import FailingDisk, QuickDisk, fill_up, interrupt


@cache
def two_arms() -> Comparison:
    """Two arms with all tables."""
    return comparison(20, (ARMS[0], ARMS[-1]))


@cache
def fastest() -> Plate:
    """The figure drawn fastest, not yet on disk."""
    plate = draw_one(two_arms(), "differences", Sheet("en", SIZES["page"], ""))
    assert plate is not None
    return plate


def write_figure(result: Comparison, folder: Path) -> None:
    """A figure in every format."""
    folder.mkdir(parents=True, exist_ok=True)
    save(fastest().drawing, folder / "differences", ("png", "svg", "pdf"))


WRITES: dict[str, Callable[[Comparison, Path], object]] = {
    "figure": write_figure,
    "report": lambda result, folder: write_report(result, folder, drawn={}),
}


@pytest.fixture(scope="module")
def few() -> Comparison:
    return two_arms()


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize("death", [fill_up, interrupt], ids=["disk full", "ctrl-c"])
def test_a_crash_halfway_keeps_the_old_file_and_leaves_nothing(
    few: Comparison, tmp_path: Path, what: str, death: Callable[[], object]
) -> None:
    """At every step of writing, in turn: each file is the old one or the new one, whole, and no other file is there."""
    write, counted = partial(WRITES[what], few), QuickDisk()
    with writing_to(counted):
        write(tmp_path / "new")
    new = content(tmp_path / "new")
    for number, place in ((1, "inside"), (2, "before"), (3, "before")):  # write, flush, rename of the first file
        folder = tmp_path / f"{number}-{place}"
        for name in new:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(b"old")
        with writing_to(FailingDisk(number, place, death)), pytest.raises((StoreError, KeyboardInterrupt)):
            write(folder)
        assert content(folder) == dict.fromkeys(new, b"old"), (number, place)


def test_every_file_of_the_figures_and_the_report_is_renamed_into_place(
    few: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        qipan.experiments.figures.sheet, "settle", lambda figure: None
    )  # where files go, not what they show
    monkeypatch.setattr(qipan.experiments.figures.sheet, "_drawn", lambda figure, kind, made: kind.encode())
    with writing_to(disk := FailingDisk()):
        write_report(few, tmp_path, drawn=draw_all(few, tmp_path / "figures", formats=("svg",), sizes=("page",)))
    written = {path for name, path in disk.steps if name == "rename"}
    assert written == {path for path in tmp_path.rglob("*") if path.is_file()}
    assert len(written) == len(list(tmp_path.glob("figures/*"))) + 1 >= 7


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Comparison]:
    """A real result that ends with a year: of one, two or three years."""

    @cache
    def made(last: int) -> Comparison:
        folder = tmp_path_factory.mktemp("short") / str(last)
        given = ["compare", "baseline", "national-design", "--replicates", "8", "--workers", "1", "--no-report"]
        assert main([*given, "--quiet", "--set", f"run.last_year={last}", "--out", str(folder)]) == 0
        return load_result(folder)

    return made


SHEETS = [
    *((2023, "en", size) for size in SIZES),
    (2023, "zh", "column"),
    (2024, "en", "page"),
    (2024, "zh", "column"),
    (2025, "en", "column"),
]
"""The shortest on every sheet: what is drawn of a single year has least to go by."""


@pytest.mark.parametrize(("last", "language", "size"), SHEETS)
def test_short_results_are_drawn_without_a_warning(
    short: Callable[[int], Comparison], last: int, language: str, size: str
) -> None:
    """Warnings are errors in these tests: neither identical ends of an axis nor axes that collapse."""
    result = short(last)
    sheet = Sheet(language, SIZES[size], footer(result, language))
    drawn = []
    for entry in declared():
        with matplotlib.rc_context(sheet.settings()):
            plate = entry.draw(result, sheet)
            if plate is not None:
                settle(plate.drawing)
                drawn.append(entry.name)
                for axes in plate.drawing.axes:
                    low, high = axes.get_xlim()
                    assert low != high, entry.name
    assert {"output", "over_time", "differences", "layout", "map", "money"} <= set(drawn)


@pytest.mark.parametrize("last", [2023, 2024, 2025])
def test_one_year_is_drawn_as_marks_not_as_lines_of_no_length(short: Callable[[int], Comparison], last: int) -> None:
    result = short(last)
    output = next(entry for entry in declared() if entry.name == "output")
    plate = output.draw(result, Sheet("en", SIZES["page"], ""))
    assert plate is not None
    panel, one = plate.drawing.axes[0], len(result.years) == 1
    assert any(line.get_marker() not in ("", "None", None) for line in panel.lines) == one
    room = 0.5 if one else 0.0
    assert panel.get_xlim() == (result.years[0] - room, result.years[-1] + room)
