"""What the figures say and show agrees with the tables; nothing overlaps or is cut off; files never differ."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from qipan.experiments.figures import declared, draw_all, draw_one
from qipan.experiments.figures.drawing import DrawnFigure, Plate
from qipan.experiments.figures.panels import arm_handle
from qipan.experiments.figures.sheet import SIZES, Sheet, save, settle
from qipan.experiments.findings.arms import KINDS, kind, styles
from qipan.experiments.findings.finding import clause, size
from qipan.experiments.findings.gains import parted
from qipan.experiments.findings.reading import footer
from qipan.experiments.summaries.comparison import Comparison
from qipan.experiments.words.labels import ink, luminance
from tests.experiments.figures.figures_sample import ARMS, comparison, several

NAMES = ("output", "over_time", "differences", "targets", "regional_targets", "layout", "map", "money")


@pytest.fixture(scope="module")
def sample() -> Comparison:
    return comparison()


@pytest.fixture(scope="module")
def files(sample: Comparison, tmp_path_factory: pytest.TempPathFactory) -> dict[str, DrawnFigure]:
    """Every figure on disk, as SVG, which names all that is drawn."""
    return draw_all(sample, tmp_path_factory.mktemp("figures"), formats=("svg",), sizes=("page",))


def sheet(sample: Comparison, language: str = "en", kind_of_size: str = "page") -> Sheet:
    return Sheet(language, SIZES[kind_of_size], footer(sample, language))


def plate(sample: Comparison, name: str, language: str = "en", kind_of_size: str = "page") -> Plate:
    drawn = draw_one(sample, name, sheet(sample, language, kind_of_size))
    assert drawn is not None
    return drawn


def marks(drawn: Plate, gid: str) -> int:
    """Count the drawn things that carry this mark."""
    return sum(1 for axes in drawn.drawing.axes for thing in (*axes.lines, *axes.patches) if thing.get_gid() == gid)


def test_every_figure_of_the_list_is_drawn() -> None:
    assert set(NAMES) <= {entry.name for entry in declared()}


def test_title_of_output_states_the_difference_of_the_table(sample: Comparison) -> None:
    row = sample.difference("national-design", "output_discounted")
    share = 100 * row["mean"] / row["baseline_mean"]
    title = plate(sample, "output").title
    assert f"raises output over the run by {share:.1f}%" in title
    table = sample.table("differences")
    rows = table[(table["measure"] == "output_discounted") & (table["arm"] != "national-design")]
    after = title.lower().split("; ")[-1]
    for arm, verdict in zip(rows["arm"], rows["verdict"], strict=True):
        assert (sample.arm(arm).title.lower() in after) == (verdict == "not distinguishable"), arm


def test_title_follows_the_numbers(sample: Comparison) -> None:
    """With the sign of every difference turned round, the title says the opposite."""
    tables = dict(sample.tables)
    turned = tables["differences"].copy()
    turned[["mean", "low", "high"]] = -turned[["mean", "high", "low"]].to_numpy()
    turned["probability_better"] = 1 - turned["probability_better"]
    other = dataclasses.replace(sample, tables={**tables, "differences": turned})
    assert "lowers output over the run" in plate(other, "output").title
    assert "better in no paired futures" in plate(other, "output").title


def test_not_distinguishable_is_drawn_hollow(sample: Comparison) -> None:
    """Every interval of the table is drawn once per panel: hollow where its verdict says so."""
    drawn = plate(sample, "differences")
    table = sample.table("differences")
    shown = (
        "output_discounted",
        "welfare",
        "investment_duplication",
        "excess_entry",
        "idle_share",
    )
    rows = table[table["measure"].isin(shown) & table["year"].isin(["total", "2035"])]
    hollow = int((rows["verdict"] == "not distinguishable").sum())
    assert hollow > 0
    assert marks(drawn, "hollow") == hollow
    assert marks(drawn, "filled") == len(rows) - hollow
    faces = {
        thing.get_markerfacecolor()
        for axes in drawn.drawing.axes
        for thing in axes.lines
        if thing.get_gid() == "hollow"
    }
    assert faces == {"#FFFFFF"}


def test_every_difference_has_a_zero_line(sample: Comparison) -> None:
    drawn = plate(sample, "differences")
    assert all(any(np.allclose(line.get_xdata(), 0.0) for line in axes.lines) for axes in drawn.drawing.axes)


def test_map_fills_what_stands_after_false_discovery_control(sample: Comparison) -> None:
    table = sample.table("regions")
    rows = table[table["arm"] == "national-design"].set_index("region")
    gain, lose, rest = parted(rows)
    drawn = plate(sample, "map")
    assert (marks(drawn, "filled"), marks(drawn, "hollow")) == (len(gain) + len(lose), len(rest))
    assert f"{len(gain)} of 31 regions gain output, {len(lose)} lose, {len(rest)} are" in drawn.title


def test_a_missing_layout_is_hatched_and_not_zero(sample: Comparison) -> None:
    layouts = sample.table("layouts")
    gone = layouts[~((layouts["region"] == "CN-XZ") & (layouts["sector"] == "gene"))]
    other = dataclasses.replace(sample, tables={**sample.tables, "layouts": gone})
    assert marks(plate(sample, "layout"), "missing") == 0
    assert marks(plate(other, "layout"), "missing") == 3


def test_a_figure_without_data_is_left_out(sample: Comparison) -> None:
    for name, table in (("money", "money"), ("map", "regions"), ("targets", "targets"), ("output", "fans")):
        other = dataclasses.replace(sample, tables={**sample.tables, table: sample.table(table).iloc[:0]})
        assert draw_one(other, name, sheet(other)) is None


def test_footer_names_scenario_replicates_seed_and_vintage(sample: Comparison) -> None:
    for name in NAMES:
        below = plate(sample, name).drawing.get_supxlabel().replace("\n", " ")
        for wanted in ("sample", "100 replicates", "seed 1", "provinces-31", "2022 yearbooks"):
            assert wanted in below, (name, wanted)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size_name", ["page", "column"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_text_overlaps_or_is_cut_off(
    sample: Comparison, name: str, language: str, size_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with matplotlib.rc_context(sheet(sample, language, size_name).settings()):
        drawn = plate(sample, name, language, size_name)
        settle(drawn.drawing)
        boxes = drawn_texts(drawn, monkeypatch)
    wide, high = drawn.drawing.bbox.width, drawn.drawing.bbox.height
    outside = [text for text, box in boxes if box.x0 < -1 or box.y0 < -1 or box.x1 > wide + 1 or box.y1 > high + 1]
    assert len(boxes) > 5
    assert outside == []
    assert overlaps(boxes) == []


@pytest.mark.parametrize("name", [name for name in NAMES if name != "layout"])
@pytest.mark.parametrize(
    ("count", "language", "size_name"),
    [(2, "en", "page"), (3, "zh", "page"), (3, "en", "column"), (7, "en", "page"), (7, "zh", "column")],
)
def test_no_text_of_several_policies_overlaps_or_is_cut_off(
    name: str, count: int, language: str, size_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_no_text_overlaps_or_is_cut_off(several(count), name, language, size_name, monkeypatch)


def test_every_policy_has_its_map_and_its_rows_in_the_forest() -> None:
    """Three policies: three maps on one scale; the forest has each with its references, of seven with the placebo."""
    three, seven = several(3), plate(several(7), "differences").drawing
    drawn = plate(three, "map")
    heads = [axes.get_title("left") for axes in drawn.drawing.axes]
    assert [head.partition(":")[0] for head in heads[:3]] == [arm.title for arm in three.policies]
    assert marks(drawn, "filled") + marks(drawn, "hollow") == 3 * 31
    labels = [
        label.get_text().replace("\n", " ") for label in plate(three, "differences").drawing.axes[0].get_yticklabels()
    ]
    block = ["Placebo (random lists)", "Burn of the same money"]
    policies = [arm.title for arm in three.policies]
    assert labels[::-1] == [policies[0], *block, policies[1], *block, policies[2]]
    assert len(seven.axes[0].get_yticklabels()) == 7 + 6
    assert "of each policy its placebo alone is drawn" in seven.get_supxlabel().replace("\n", " ")


def test_many_policies_are_shown_as_far_as_there_is_room_and_the_rest_is_named() -> None:
    """Of fifteen policies and the baseline twelve have a panel, the one in the title among them."""
    many = dataclasses.replace(several(15), headline="policy-15")
    drawn = plate(many, "output")
    heads = [axes.get_title("left") for axes in drawn.drawing.axes if axes.get_title("left")]
    assert len(heads) == 12
    assert heads[-1] == many.arm("policy-15").title
    assert "11 of 15 policies are shown" in drawn.drawing.get_supxlabel().replace("\n", " ")


def drawn_texts(drawn: Plate, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """Draw a figure, lines and areas left out, and return every text that is shown, with its box in pixels."""
    from matplotlib.text import Text

    found: dict[int, tuple[str, object]] = {}
    plain = Text.draw

    def record(self: Text, renderer: object) -> None:
        plain(self, renderer)
        if self.get_visible() and self.get_text().strip():
            found[id(self)] = (self.get_text(), Text.get_window_extent(self, renderer))

    with monkeypatch.context() as patch:
        patch.setattr(Text, "draw", record)
        drawn.drawing.draw_without_rendering()
    return list(found.values())


def overlaps(boxes: list[tuple[str, object]], slack: float = 2.0) -> list[tuple[str, str]]:
    """Return pairs of texts whose boxes cover each other by more than `slack` pixels in both directions."""

    def covered(one: object, two: object) -> float:
        across = min(one.x1, two.x1) - max(one.x0, two.x0)
        return min(across, min(one.y1, two.y1) - max(one.y0, two.y0))

    pairs = [(first, second) for i, first in enumerate(boxes) for second in boxes[i + 1 :]]
    return [(first[0], second[0]) for first, second in pairs if covered(first[1], second[1]) > slack]


def test_the_check_of_overlaps_finds_a_planted_one(sample: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = plate(sample, "regional_targets")
    settle(drawn.drawing)
    drawn.drawing.text(0.5, 0.5, "planted above")
    drawn.drawing.text(0.5, 0.5, "planted below")
    assert ("planted above", "planted below") in overlaps(drawn_texts(drawn, monkeypatch))


def test_same_numbers_same_bytes(sample: Comparison, files: dict[str, DrawnFigure], tmp_path: Path) -> None:
    second = draw_all(sample, tmp_path, formats=("svg",), sizes=("page",))
    assert set(files) == set(NAMES)
    for name, one in files.items():
        assert one.files["svg"].read_bytes() == second[name].files["svg"].read_bytes(), name


def test_same_figure_same_bytes_in_every_format(sample: Comparison, tmp_path: Path) -> None:
    written = []
    for number in range(2):
        with matplotlib.rc_context(sheet(sample).settings()):
            files = save(plate(sample, "map").drawing, tmp_path / str(number), ("png", "svg", "pdf"))
        written.append({form: path.read_bytes() for form, path in files.items()})
    assert set(written[0]) == {"png", "svg", "pdf"}
    assert written[0] == written[1]


def test_text_in_svg_stays_text_and_carries_no_date(files: dict[str, DrawnFigure]) -> None:
    text = files["map"].files["svg"].read_text(encoding="utf-8")
    assert "<text" in text and ">BJ<" in text
    assert "<dc:date>" not in text


def test_arms_differ_without_colour() -> None:
    """In a grey print each arm is known by its line and marker."""
    assert len({(style.dash, style.marker) for style in KINDS.values()}) == len(KINDS)
    assert arm_handle(KINDS["random"]).get_marker() == "^"


def test_one_look_per_arm_and_grey_for_none(sample: Comparison) -> None:
    looks = styles(sample)
    assert len(set(looks.values())) == len(ARMS)
    red, green, blue = (int(looks["none"].colour[i : i + 2], 16) for i in (1, 3, 5))
    assert red == green == blue
    assert kind(sample.asked) == "design"


def test_coloured_text_stands_out_on_white() -> None:
    """WCAG AA: 4.5 to 1. White has luminance 1, black 0, so their contrast is 1.05 / 0.05 = 21."""
    assert luminance("#FFFFFF") == pytest.approx(1.0)
    assert luminance("#000000") == 0.0
    assert all(1.05 / (luminance(ink(style.colour)) + 0.05) >= 4.5 for style in KINDS.values())


def test_a_difference_is_written_with_the_places_its_interval_deserves() -> None:
    """Baseline 200, difference 17 +- 1.5: 8.5% with an interval of 7.75% to 9.25%, half-width 0.75%: one place."""
    row = {"mean": 17.0, "low": 15.5, "high": 18.5, "baseline_mean": 200.0, "verdict": "better"}
    assert size(row, "output_total", "en") == ("8.5%", "7.8% to 9.2%")
    index = {"mean": -0.05, "low": -0.056, "high": -0.044, "baseline_mean": 0.6, "verdict": "lower"}
    assert size(index, "idle_share", "en", signed=True)[0] == "\N{MINUS SIGN}0.050"
    assert clause({**index, "verdict": "not distinguishable"}, "idle_share", "idle capacity", "en") == (
        "shows no distinguishable change in idle capacity"
    )
