"""Money from mechanisms through stages: a flow for the arm in question, and every arm's total with its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.drawing import Plate, figure
from qipan.experiments.figures.panels import key
from qipan.experiments.figures.sheet import DARK, PAPER, Sheet, plain_axes, thousands
from qipan.experiments.findings.arms import styles
from qipan.experiments.findings.finding import effects, joined_notes, named, sentence
from qipan.experiments.findings.reading import has, note_of, present, principal
from qipan.experiments.words.labels import say, shown_unit
from qipan.experiments.words.numbers import number
from qipan.experiments.words.phrases import TEXT
from qipan.model.extend.registry import MECHANISMS

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.summaries.comparison import ArmResult, Comparison

SHADES = ("#3B6FA0", "#7FA6C9", "#C98A3B", "#E3BE87", "#6B8E5A", "#B3B3B3")
GAP = 0.035
SPENT = ("money_discounted",)


@figure("money", 70)
def draw(comparison: Comparison, sheet: Sheet) -> Plate | None:
    """Draw the flow from mechanism to stage, and dots with intervals of what each mechanism gives in every arm."""
    if not has(comparison, "money"):
        return None
    arm, table = comparison.asked, comparison.table("money")
    rows = table[table["arm"] == arm.name]
    mechanisms = _mechanisms(rows)
    if not mechanisms:
        return None
    arms = principal(comparison)
    drawing, (flow, dots, strip) = _panels(sheet, len(mechanisms), len(arms))
    flows(flow, rows, mechanisms, sheet)
    flow.set_title(
        sheet.wrap(
            say("money_flow", sheet.language, arm=named(arm, sheet.language)),
            sheet.size.type,
            True,
            sheet.size.width * (0.75 if sheet.narrow else 0.45),
        ),
        fontsize=sheet.size.type,
        fontweight="bold",
    )
    totals(dots, comparison, arms, mechanisms, sheet)
    strip.set_axis_off()
    key(drawing, comparison, sheet, arms)
    title = finding(comparison, sheet.language)
    note = joined_notes(
        [
            say("money_note", sheet.language, year=comparison.years[-1], arm=named(arm, sheet.language)),
            note_of(comparison, sheet.language),
        ],
        sheet.language,
    )
    return Plate(sheet.finish(drawing, title, note), title, _alternative(comparison, rows, mechanisms, sheet.language))


def _panels(sheet: Sheet, mechanisms: int, arms: int) -> tuple[Any, tuple[Any, Any, Any]]:
    """Flow beside dots on a page, above them on a narrow sheet; the key's strip below."""
    strip = 0.2 * -(-arms // sheet.columns(3, 2))
    high = 0.4 + mechanisms * (0.16 + 0.085 * arms)
    content = 3.2 + high if sheet.narrow else max(high, 3.2)
    drawing = sheet.figure(content + strip + 1.1)
    cells = drawing.add_gridspec(2, 1, height_ratios=[content, strip])
    shape = (
        {"nrows": 2, "ncols": 1, "height_ratios": [3.2, high]}
        if sheet.narrow
        else {"nrows": 1, "ncols": 2, "width_ratios": [1.25, 1.0]}
    )
    pair = cells[0].subgridspec(**shape)
    return drawing, (drawing.add_subplot(pair[0]), drawing.add_subplot(pair[1]), drawing.add_subplot(cells[1]))


def _mechanisms(rows: pd.DataFrame) -> list[str]:
    """Mechanisms that have money, in the table's order."""
    whole = rows[rows["stage"] == "all"]
    return [str(name) for name in whole.loc[whole["used"] > 0, "mechanism"]]


def used(rows: pd.DataFrame, mechanism: str, stage: str) -> float:
    """Return the money of one mechanism and stage in billion yuan, 0 where there is no row."""
    found = rows[(rows["mechanism"] == mechanism) & (rows["stage"] == stage)]
    return 0.0 if found.empty or not math.isfinite(float(found["used"].iloc[0])) else float(found["used"].iloc[0])


def called(prefix: str, name: str, language: str) -> str:
    """Return the printed name of a mechanism or stage; one the phrase table lacks prints its name in words."""
    if prefix == "mechanism":
        return MECHANISMS.label(name, language)
    wanted = f"{prefix}_{name}"
    return say(wanted, language) if wanted in TEXT else name.replace("_", " ")


def flows(axes: Any, rows: pd.DataFrame, mechanisms: list[str], sheet: Sheet) -> None:
    """Draw bars for mechanisms at the left and stages at the right, and ribbons between them."""
    stages = [str(s) for s in dict.fromkeys(rows["stage"]) if s != "all"]
    parts = {(m, s): used(rows, m, s) for m in mechanisms for s in stages}
    total = sum(parts.values()) or 1.0
    left = _stack([sum(parts[m, s] for s in stages) / total for m in mechanisms])
    right = _stack([sum(parts[m, s] for m in mechanisms) / total for s in stages])
    at_left, at_right = [low for low, _ in left], [low for low, _ in right]
    for i, mechanism in enumerate(mechanisms):
        for j, stage in enumerate(stages):
            thick = parts[mechanism, stage] / total
            ribbon(axes, at_left[i], at_right[j], thick, SHADES[i % len(SHADES)])
            at_left[i], at_right[j] = at_left[i] + thick, at_right[j] + thick
    _bars(axes, left, 0.0, [SHADES[i % len(SHADES)] for i in range(len(mechanisms))])
    _bars(axes, right, 1.0, ["#555555"] * len(stages))
    _texts(axes, left, -0.05, "right", [_mechanism_text(rows, m, sheet.language) for m in mechanisms], sheet)
    factor, _ = shown_unit("bn yuan", sheet.language)
    heights = [sum(parts[m, s] for m in mechanisms) for s in stages]
    _texts(
        axes,
        right,
        1.05,
        "left",
        [f"{called('stage', s, sheet.language)}\n{number(factor * v)}" for s, v in zip(stages, heights, strict=True)],
        sheet,
    )
    axes.set_xlim(-1.12 if sheet.language == "en" else -0.8, 1.42)
    axes.set_ylim(1 + GAP * (max(len(left), len(right)) - 1) + 0.02, -0.02)
    axes.set_axis_off()


def _stack(shares: list[float]) -> list[tuple[float, float]]:
    """Put bars one below the other with gaps; return (start, thickness)."""
    starts, at = [], 0.0
    for share in shares:
        starts.append((at, share))
        at += share + GAP
    return starts


def ribbon(axes: Any, start: float, end: float, thick: float, colour: str) -> None:
    """Draw one curved band of constant thickness from x = 0 to x = 1."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    if thick <= 0:
        return
    points = [
        (0.03, start),
        (0.5, start),
        (0.5, end),
        (0.97, end),
        (0.97, end + thick),
        (0.5, end + thick),
        (0.5, start + thick),
        (0.03, start + thick),
        (0.03, start),
    ]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    axes.add_patch(PathPatch(Path(points, codes), facecolor=colour, alpha=0.55, linewidth=0.3, edgecolor=PAPER))


def _bars(axes: Any, stack: list[tuple[float, float]], centre: float, colours: list[str]) -> None:
    from matplotlib.patches import Rectangle

    for (start, thick), colour in zip(stack, colours, strict=True):
        axes.add_patch(Rectangle((centre - 0.03, start), 0.06, thick, facecolor=colour, edgecolor=DARK, linewidth=0.4))


def _texts(axes: Any, stack: list[tuple[float, float]], x: float, side: str, texts: list[str], sheet: Sheet) -> None:
    """Write labels beside bars, pushed apart so that none covers the next."""
    room, at = (0.135 if sheet.narrow else 0.125), -1.0
    places = []
    for start, thick in stack:
        at = max(start + thick / 2, at + room)
        places.append(at)
    over = max(0.0, places[-1] - (1 + GAP * (len(stack) - 1) - 0.03))
    for index in reversed(range(len(places))):
        last = index + 1 == len(places)
        places[index] = places[index] - over if last else min(places[index], places[index + 1] - room)
    for (start, thick), y, text in zip(stack, places, texts, strict=True):
        axes.annotate(
            text,
            (x * 0.8 + 0.2 * (x > 0), start + thick / 2),
            xytext=(x, y),
            ha=side,
            va="center",
            fontsize=sheet.size.type - 1,
            linespacing=1.1,
        )


def _mechanism_text(rows: pd.DataFrame, mechanism: str, language: str) -> str:
    """Name, money, and what came back per yuan of one mechanism."""
    row = rows[(rows["mechanism"] == mechanism) & (rows["stage"] == "all")].iloc[0]
    factor, _ = shown_unit("bn yuan", language)
    text = f"{called('mechanism', mechanism, language)} {number(factor * float(row['used']))}"
    rate = float(row["return_rate"])
    if not math.isfinite(rate):
        return text
    return text + "\n" + say("money_return", language, rate=number(1.0 + rate))


def totals(axes: Any, comparison: Comparison, arms: Sequence[ArmResult], mechanisms: list[str], sheet: Sheet) -> None:
    """Draw a row per mechanism: one dot per arm with the middle 90% of replicates."""
    table, looks = comparison.table("money"), styles(comparison)
    table = table[table["stage"] == "all"]
    count = len(arms)
    for i, mechanism in enumerate(mechanisms):
        for j, arm in enumerate(arms):
            found = table[(table["arm"] == arm.name) & (table["mechanism"] == mechanism)]
            if found.empty:
                continue
            row, look, at = found.iloc[0], looks[arm.name], i - 0.36 + 0.72 * j / max(1, count - 1)
            axes.plot([row["used_q05"], row["used_q95"]], [at, at], color=look.colour, linewidth=1.1)
            axes.plot([row["used"]], [at], marker=look.marker, markersize=4, color=look.colour, linestyle="none")
    names = [
        sheet.wrap(called("mechanism", m, sheet.language), sheet.size.type - 0.5, width=0.8 * sheet.scale)
        for m in mechanisms
    ]
    axes.set_yticks(range(len(mechanisms)), names)
    axes.set_ylim(len(mechanisms) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.set_xlabel(say("money_axis", sheet.language))
    plain_axes(axes, "x")
    axes.locator_params(axis="x", nbins=4)
    thousands(axes.xaxis, shown_unit("bn yuan", sheet.language)[0])


def finding(comparison: Comparison, language: str) -> str:
    """Say what the arm in question changes in the money used and in welfare: effects, no ratio of accounts."""
    arm = comparison.asked
    names = present(comparison, (*SPENT, "welfare"), "differences")
    if arm.name == comparison.baseline or not names:
        return say("money_title", language, arm=named(arm, language))
    return sentence([effects(comparison, arm, names, language)], language)


def _alternative(comparison: Comparison, rows: pd.DataFrame, mechanisms: list[str], language: str) -> str:
    texts = [
        _mechanism_text(rows, mechanism, language).replace("\n", "，" if language == "zh" else ", ")
        for mechanism in mechanisms
    ]
    return say("money_alt", language, arm=named(comparison.asked, language), flows=joined_notes(texts, language))
