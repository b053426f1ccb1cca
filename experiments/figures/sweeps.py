"""Figures of a sweep: what all of them share, and curves over one parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.drawing import Plate
from qipan.experiments.figures.panels import arm_handle, grid
from qipan.experiments.figures.sheet import DARK, PAPER, Sheet, plain_axes, thousands
from qipan.experiments.findings.arms import KINDS, SPARE, ArmStyle
from qipan.experiments.findings.sweep import arm_label, main_sentences, parameter_label, parameter_meanings, phrase
from qipan.experiments.statistics.paired import UNTOLD, mean_interval
from qipan.experiments.words.labels import shown_measure

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.results.study import Study

LOOKS = (KINDS["design"], KINDS["random"], KINDS["information"], *SPARE)
MOST_PANELS = 9


def shown_rows(study: Study) -> pd.DataFrame:
    """A row for each point, arm and measure with the point's parameters: differences; levels of an only arm."""
    table = study.tables.get("differences")
    return (level_rows(study) if table is None else table).merge(study.tables["points"], on="point")


def level_rows(study: Study) -> pd.DataFrame:
    """Mean and 95% interval over replicates at each point, in the columns of `differences`."""
    import pandas as pd

    runs = study.tables["runs"]
    rows = []
    for (point, arm), part in runs.groupby(["point", "arm"], sort=False):
        for measure in [name for name in runs.columns if name not in ("point", "arm", "replicate")]:
            found = mean_interval(part[[measure]].to_numpy(dtype=float))
            ends = (float(end[0]) for end in (found.estimate, found.low, found.high))
            rows.append((point, arm, measure, *ends, "level"))
    return pd.DataFrame(rows, columns=["point", "arm", "measure", "mean", "low", "high", "verdict"])


def measures_of(rows: pd.DataFrame) -> list[str]:
    """The measures there is room for, in the order of the file; the others are in the tables."""
    return list(rows["measure"].unique())[:MOST_PANELS]


def arms_of(rows: pd.DataFrame) -> list[str]:
    """Names of the arms drawn, in order."""
    return [str(name) for name in rows["arm"].unique()]


def curves(study: Study, baseline: str, parameter: str, sheet: Sheet) -> Plate:
    """Difference of each arm over one parameter, one panel a measure, with 95% intervals and a zero line."""
    rows = shown_rows(study)
    measures, arms = measures_of(rows), arms_of(rows)
    columns, several = min(len(measures), sheet.columns(3, 1)), len(arms) > 1
    drawing, panels = grid(sheet, len(measures), columns, 1.7, share=False, arms=arms if several else ())
    for axes, measure in zip(panels, measures, strict=True):
        part = rows[rows["measure"] == measure]
        for look, name in zip(looks(arms), arms, strict=True):
            _curve(axes, part[part["arm"] == name], parameter, look)
        if "differences" in study.tables:
            axes.axhline(0, color=DARK, linewidth=0.8, zorder=1)
        factor, label = shown_measure(measure, sheet.language)
        titled(axes, label, sheet, columns)
        axes.set_xlabel(parameter_label(parameter, sheet.language, unit=True))
        thousands(axes.yaxis, factor)
    if several:
        _key(drawing, [arm_label(study, name, sheet.language) for name in arms], looks(arms), sheet)
    note = "curve_note" if "differences" in study.tables else "level_note"
    return plate(drawing, study, baseline, arms, sheet, note, [parameter])


def looks(arms: list[str]) -> list[ArmStyle]:
    """A look for each arm; they repeat beyond nine."""
    return [LOOKS[place % len(LOOKS)] for place in range(len(arms))]


def _curve(axes: Any, part: pd.DataFrame, parameter: str, look: ArmStyle) -> None:
    """One arm: line and band over numbers, bars over names; a marker is hollow where not distinguishable."""
    if part[parameter].dtype.kind in "iuf":
        part = part.sort_values(parameter)
        across = part[parameter].to_numpy(dtype=float)
        axes.fill_between(across, part["low"], part["high"], color=look.colour, alpha=0.2, linewidth=0)
        thousands(axes.xaxis)
        axes.plot(across, part["mean"], color=look.colour, linewidth=1.4, dashes=look.dash or (None, None))
    else:
        across = range(len(part))
        axes.vlines(across, part["low"], part["high"], color=look.colour, linewidth=1.4)
        axes.set_xticks(across, [short(value) for value in part[parameter]])
        axes.margins(x=0.2)
    for place, mean, verdict in zip(across, part["mean"], part["verdict"], strict=True):
        clear = verdict not in UNTOLD
        axes.plot(
            [place],
            [mean],
            marker=look.marker,
            color=look.colour,
            markersize=4.5,
            linestyle="none",
            markerfacecolor=look.colour if clear else PAPER,
            gid="filled" if clear else "hollow",
        )


def short(value: object) -> str:
    """A value of a parameter on an axis."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.3g}"
    return str(value).replace("_", " ")


def _key(drawing: Any, titles: list[str], styles: list[ArmStyle], sheet: Sheet) -> None:
    drawing.axes[-1].legend(
        [arm_handle(look) for look in styles],
        titles,
        loc="center",
        frameon=False,
        ncols=sheet.columns(3, 2),
        fontsize=sheet.size.type - 0.5,
    )


def titled(axes: Any, text: str, sheet: Sheet, columns: int) -> None:
    """A panel's title, wrapped to its width."""
    width = (sheet.size.width - 1.0) / columns - 0.2
    axes.set_title(sheet.wrap(text, sheet.size.type, width=width), fontweight="bold", fontsize=sheet.size.type - 0.5)
    plain_axes(axes, "y")


def plate(
    drawing: Any,
    study: Study,
    baseline: str,
    arms: list[str],
    sheet: Sheet,
    note: str,
    parameters: list[str] | None = None,
    finding: str = "",
) -> Plate:
    """Title: what the sweep found for these arms, else what is shown; below: what is drawn, and how to read it."""
    language = sheet.language
    shown = what_is_shown(study, baseline, arms, language)
    said = [text for arm in arms for text in main_sentences(study, language, arm)]
    title = finding or ("；" if language == "zh" else "; ").join(said[:2]) or shown
    stop = "。" if language == "zh" else ". "
    parts = [
        "" if note == "regret_note" else shown,
        phrase(note, language),
        parameter_meanings(parameters or [], language),
    ]
    opened = [part[:1].upper() + part[1:].rstrip(".") for part in parts if part]
    return Plate(sheet.finish(drawing, title, stop.join(opened)), title, shown)


def what_is_shown(study: Study, baseline: str, arms: list[str], language: str) -> str:
    """Say which arm less which is drawn, or whose levels they are."""
    if "differences" not in study.tables:
        return phrase("levels", language, arm=arm_label(study, arms[0], language))
    if len(arms) > 1:
        return phrase("differences", language, baseline=arm_label(study, baseline, language, inside=True))
    return phrase(
        "difference",
        language,
        arm=arm_label(study, arms[0], language),
        baseline=arm_label(study, baseline, language, inside=True),
    )
