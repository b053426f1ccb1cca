"""Share of futures that meet each stated target, per arm, with Wilson intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.drawing import Plate, figure
from qipan.experiments.figures.panels import grid, key
from qipan.experiments.figures.sheet import FAINT, PAPER, Sheet, plain_axes
from qipan.experiments.findings.arms import ArmStyle, arm_title, styles
from qipan.experiments.findings.finding import joined_notes, named, opening
from qipan.experiments.findings.reading import has, note_of, principal
from qipan.experiments.words.labels import enumerated, region_label, say, shown_unit
from qipan.experiments.words.numbers import number, percent

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.summaries.comparison import Comparison


@figure("targets", 40)
def draw(comparison: Comparison, sheet: Sheet) -> Plate | None:
    """Draw the share of futures that meet each target: a row per target, a dot with its interval per arm."""
    if not has(comparison, "targets"):
        return None
    table, arms = comparison.table("targets"), principal(comparison)
    names = list(dict.fromkeys(table["target"]))
    height = max(1.1, 0.5 + len(names) * (0.12 * len(arms) + 0.18))
    drawing, (axes,) = grid(sheet, 1, 1, height, arms=arms)
    for index, name in enumerate(names):
        one_target(axes, comparison, table[table["target"] == name], len(names) - 1 - index)
    labels = [target_label(comparison, table[table["target"] == name].iloc[0], sheet.language) for name in names]
    wrapped = [sheet.wrap(text, sheet.size.type - 0.5, width=1.9 * sheet.scale) for text in reversed(labels)]
    axes.set_yticks(range(len(names)), wrapped)
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.55, len(names) - 0.45)
    axes.xaxis.set_major_formatter(lambda value, _: percent(value, places=0))
    axes.set_xlabel(say("probability_axis", sheet.language))
    plain_axes(axes, "x")
    key(drawing, comparison, sheet, arms)
    title = finding(comparison, sheet.language)
    note = joined_notes([say("probability_note", sheet.language), note_of(comparison, sheet.language)], sheet.language)
    return Plate(sheet.finish(drawing, title, note), title, _alternative(comparison, names, labels, sheet.language))


def one_target(axes: Any, comparison: Comparison, rows: pd.DataFrame, height: float) -> None:
    """Draw the arms of one target one below the other."""
    looks, base = styles(comparison), _row(rows, comparison.baseline)
    axes.axhline(height - 0.5, color=FAINT, linewidth=0.5)
    arms = principal(comparison)
    for index, arm in enumerate(arms):
        row = _row(rows, arm.name)
        if row is not None:
            at = height + 0.36 - 0.72 * index / max(1, len(arms) - 1)
            dot(axes, row, at, looks[arm.name], arm.name == comparison.baseline or apart(row, base))


def dot(axes: Any, row: Any, at: float, look: ArmStyle, filled: bool) -> None:
    """Draw one probability with its interval."""
    axes.plot([row["low"], row["high"]], [at, at], color=look.colour, linewidth=1.4, zorder=2, clip_on=False)
    axes.plot(
        [row["probability"]],
        [at],
        marker=look.marker,
        markersize=5,
        linestyle="none",
        zorder=3,
        clip_on=False,
        color=look.colour,
        markerfacecolor=look.colour if filled else PAPER,
        markeredgecolor=look.colour,
        gid="filled" if filled else "hollow",
    )


def apart(row: Any, base: Any) -> bool:
    """Say whether two probabilities' intervals do not overlap."""
    return base is not None and bool(row["low"] > base["high"] or row["high"] < base["low"])


def _row(rows: pd.DataFrame, arm: str) -> Any:
    found = rows[rows["arm"] == arm]
    return None if found.empty else found.iloc[0]


def find(comparison: Comparison, identifier: str) -> Any:
    """Return the target object of the world, or None."""
    return next((t for t in comparison.world.targets if t.identifier == identifier), None)


def place(comparison: Comparison, row: Any, language: str) -> str:
    """Return the name of the place that stated the target: its own name (a city's) or its region's."""
    target = find(comparison, row["target"])
    if target is not None:
        return str(target.region_name_zh if language == "zh" else target.region_name)
    return region_label(comparison.world, str(row["region"]), language)


def target_label(comparison: Comparison, row: Any, language: str) -> str:
    """Return a target in two lines: who and what, how much and when."""
    from qipan.experiments.words.phrases import TEXT

    target, indicator = find(comparison, row["target"]), f"indicator_{row['indicator']}"
    what = say(indicator, language) if indicator in TEXT else str(row["indicator"]).replace("_", " ")
    sign = getattr(target, "comparator", ">=")
    comparator = {">=": "\N{GREATER-THAN OR EQUAL TO}", "<=": "\N{LESS-THAN OR EQUAL TO}", "~": "\N{ALMOST EQUAL TO}"}
    return say(
        "target_name",
        language,
        region=place(comparison, row, language),
        indicator=what,
        comparator=comparator.get(sign, sign),
        value=value_label(row, language),
        year=row["year"],
    )


def value_label(row: Any, language: str) -> str:
    """Return a target's value with its unit; a share as a percentage."""
    if str(row["unit"]) in ("1", "share"):
        return percent(float(row["value"]))
    factor, unit = shown_unit(str(row["unit"]), language)
    return number(factor * float(row["value"]), 2) + ("" if language == "zh" else " ") + unit


def finding(comparison: Comparison, language: str) -> str:
    """Say for how many targets the arm in question moves the chance beyond the intervals, and which is likeliest."""
    table, arm = comparison.table("targets"), comparison.asked
    mine = table[table["arm"] == arm.name]
    moved = sum(
        apart(row, _row(table[table["target"] == row["target"]], comparison.baseline)) for _, row in mine.iterrows()
    )
    best = mine.loc[mine["probability"].idxmax()]
    likeliest = say("place_year", language, region=place(comparison, best, language), year=best["year"])
    key = f"probability_title{'_one' * (len(mine) == 1)}{'' if moved else '_none'}"
    return opening(
        say(
            key,
            language,
            arm=named(arm, language),
            count=moved,
            total=len(mine),
            best=likeliest,
            probability=percent(float(best["probability"]), places=0),
        )
    )


def _alternative(comparison: Comparison, names: list[str], labels: list[str], language: str) -> str:
    table = comparison.table("targets")
    values = []
    for name, label in zip(names, labels, strict=True):
        rows = table[table["target"] == name]
        arms = (comparison.arm(comparison.baseline), *comparison.policies)
        parts = [
            f"{arm_title(arm, language)} {percent(float(row['probability']), places=0)}"
            for arm in arms
            if (row := _row(rows, arm.name)) is not None
        ]
        values.append(
            label.replace("\n", "，" if language == "zh" else ", ")
            + ("：" if language == "zh" else ": ")
            + enumerated(parts, language)
        )
    return say("probability_alt", language, values=joined_notes(values, language))
