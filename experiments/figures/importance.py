"""Assumptions by how much they matter: a tornado of the difference with each of them at both ends of its range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.drawing import Plate, figure
from qipan.experiments.figures.sheet import DARK, MUTED, PAPER, Sheet, plain_axes, thousands
from qipan.experiments.findings.arms import ArmStyle
from qipan.experiments.findings.assumptions import Assumption, finding, headline, labels, ranked, value_text
from qipan.experiments.findings.finding import named, shown
from qipan.experiments.words.labels import say, shown_measure

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import Comparison

SHOWN = 15
LOOKS = {"low": ArmStyle("#0072B2", (), "o"), "high": ArmStyle("#D55E00", (), "s")}
"""Blue circle: low end; vermilion square: high end."""
SURE = 0.05


@figure("importance", 90)
def draw(comparison: Comparison, sheet: Sheet) -> Plate | None:
    """Draw the assumptions with the largest swing, largest on top; None where they were not ranked."""
    every = ranked(comparison)
    if not every:
        return None
    found, language = every[:SHOWN], sheet.language
    names = [sheet.wrap(_label(one, language), sheet.size.type - 0.5, width=_margin(sheet)) for one in found]
    lines = max(name.count("\n") for name in names) + 1
    drawing = sheet.figure(1.5 + (0.13 + 0.13 * lines) * len(found))
    axes = drawing.subplots()
    for place, one in enumerate(found):
        bar(axes, one, len(found) - 1 - place)
    _frame(axes, comparison, found, names, sheet)
    title = finding(comparison, language)
    note = say("importance_note", language, shown=len(found), count=len(every))
    words = say("importance_alt", language, measure=shown(headline(comparison), language), text=title)
    return Plate(sheet.finish(drawing, title, note), title, words)


def bar(axes: Any, one: Assumption, height: int) -> None:
    """Draw one assumption: for each end the difference there, the way to it, and the interval of the shift."""
    for end, row in one.rows.items():
        look, at = LOOKS[end], height + (0.17 if end == "low" else -0.17)
        now, there = row["difference"] - row["shift"], row["difference"]
        sure = row["p_adjusted"] <= SURE
        axes.plot([now, there], [at, at], color=look.colour, linewidth=4.0, alpha=0.3, zorder=2)
        axes.plot([now + row["low"], now + row["high"]], [at, at], color=look.colour, linewidth=1.1, zorder=3)
        axes.plot(
            [there],
            [at],
            marker=look.marker,
            markersize=4.6,
            color=look.colour,
            zorder=4,
            linestyle="none",
            markerfacecolor=look.colour if sure else PAPER,
            gid="filled" if sure else "hollow",
        )


def _frame(axes: Any, comparison: Comparison, found: list[Assumption], names: list[str], sheet: Sheet) -> None:
    """Lines at the values used and at zero, names of the assumptions, the key, numbers."""
    row = next(iter(found[0].rows.values()))
    axes.axvline(row["difference"] - row["shift"], color=DARK, linewidth=0.9, zorder=1)
    axes.axvline(0, color=DARK, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
    axes.set_ylim(-0.7, len(found) - 0.3)
    axes.set_yticks(range(len(names)), names[::-1], linespacing=1.25 if sheet.language == "zh" else 1.0)
    language, measure = sheet.language, headline(comparison)
    factor, label = shown_measure(measure, language)
    text = say(
        "importance_axis",
        language,
        arm=named(comparison.arm(str(row["arm"])), language),
        baseline=named(comparison.arm(comparison.baseline), language),
        measure=label,
    )
    width = sheet.size.width - _margin(sheet) - 0.5
    axes.set_xlabel(sheet.wrap(text[:1].upper() + text[1:], sheet.size.type, width=width), linespacing=1.25)
    plain_axes(axes, "x")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_color(MUTED)
    thousands(axes.xaxis, factor)
    axes.margins(x=0.05)
    _key(axes, sheet)


def _key(axes: Any, sheet: Sheet) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=look.colour, marker=look.marker, markersize=4.6, linewidth=1.1) for look in LOOKS.values()
    ]
    names = [say(f"importance_{end}", sheet.language) for end in LOOKS]
    axes.legend(
        handles,
        names,
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        ncols=2,
        frameon=False,
        handlelength=1.8,
        borderaxespad=0.2,
        fontsize=sheet.size.type - 0.5,
    )


def _label(one: Assumption, language: str) -> str:
    """The name of an assumption with the values at its ends."""
    values = [value_text(float(one.rows[end]["value"])) for end in ("low", "high") if end in one.rows]
    between = "至" if language == "zh" else " to "
    inside = between.join(values)
    name = labels(language)[one.parameter]
    return f"{name}（{inside}）" if language == "zh" else f"{name[:1].upper()}{name[1:]} ({inside})"


def _margin(sheet: Sheet) -> float:
    """Inches kept at the left for the names."""
    return 1.35 if sheet.narrow else 2.6
