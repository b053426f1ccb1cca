"""The break-even line of coordination: closed form and simulated points. Reached by `qipan plot theory/break-even`."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

import numpy as np

from qipan.experiments.designs.break_even import (
    COMMON_ERRORS,
    GAME,
    PRIORS,
    REPLICATES,
    ErrorPoint,
    difference_expected,
    points,
)
from qipan.experiments.figures.drawing import Plate
from qipan.experiments.figures.sheet import MUTED, SIZES, Sheet, plain_axes, save
from qipan.experiments.store.parts import write_atomic
from qipan.model.theory.coordination import break_even_error

LARGEST = 13.0
COLOURS = {"flat": "#D55E00", "bayes": "#0072B2"}
DASHES = {0.0: (4, 2), 2.0: (None, None)}
SQUARED = "\N{SUPERSCRIPT TWO}"
WORDS = {
    "en": {
        "title": "A planner who takes its signal at face value starts to hurt at an error of {first:.2f}, or "
        "{second:.2f} where regions share an error of {common:g}; one who shrinks it never does. {near} of {count} "
        "simulated points hold the closed form in their 95% interval",
        "x": "Planner's own error about a sector's value, s_p (payoff units)",
        "y": "Planner less regions (payoff units)",
        "flat": "face value",
        "bayes": "Bayesian",
        "common": "shared error {common:g}",
        "label": "{prior}, {common}",
        "note": f"lines: closed form s_p{SQUARED} = Var(v) + 4 s_d{SQUARED} at zero cost, and its Bayesian form; "
        "points: the engine, 620 regions, mean and 95% interval; triangles: break-even",
        "footer": "Scenarios theory/break-even, -planner, -bayesian | {replicates} replicates | seed 1 | payoff units "
        "of 31 regions",
    },
    "zh": {
        "title": "规划者照单全收自身信号时，误差达 {first:.2f} 即开始有害"
        "（各地共同误差为 {common:g} 时为 {second:.2f}）；"
        "按可靠度收缩信号则不会。{count} 个模拟点中 {near} 个的95%区间含解析值",
        "x": "规划者对部门价值的误差 s_p（收益单位）",
        "y": "规划者减去各地自主（收益单位）",
        "flat": "照单全收",
        "bayes": "贝叶斯",
        "common": "共同误差 {common:g}",
        "label": "{prior}，{common}",
        "note": f"线为零成本下的解析式 s_p{SQUARED} = Var(v) + 4 s_d{SQUARED} 及其贝叶斯形式；"
        "点为引擎模拟（620个地区），均值与95%区间；三角为盈亏平衡点",
        "footer": "情景 theory/break-even, -planner, -bayesian | 重复 {replicates} 次 | 种子 1 | "
        "以31个地区计的收益单位",
    },
}


def draw(found: Sequence[ErrorPoint], sheet: Sheet) -> Plate:
    """Draw curves, points and break-evens on one pair of axes."""
    words = WORDS[sheet.language]
    drawing = sheet.figure(3.9 if sheet.narrow else 4.3)
    axes = drawing.subplots()
    axes.axhline(0.0, color=MUTED, linewidth=0.8)
    for prior in PRIORS:
        for common in COMMON_ERRORS:
            _curve(axes, prior, common, words, sheet.narrow)
    for point in found:
        draw_point(axes, point)
    for common in COMMON_ERRORS:
        axes.plot(break_even_error(GAME, common), 0.0, "^", color=COLOURS["flat"], markersize=6, clip_on=False)
    axes.set(
        xlim=(-0.3, LARGEST + (3.6 if sheet.narrow else 2.9)),
        xlabel=words["x"],
        ylabel=words["y"],
        xticks=range(0, 14, 2),
    )
    plain_axes(axes)
    title = finding(found, sheet.language)
    return Plate(sheet.finish(drawing, title, words["note"]), title, _alternative(found))


def _curve(axes: Any, prior: Any, common: float, words: dict[str, str], narrow: bool) -> None:
    errors = np.linspace(0.0, LARGEST, 200)
    heights = [difference_expected(prior, common, error) for error in errors]
    axes.plot(errors, heights, color=COLOURS[prior], dashes=DASHES[common], linewidth=1.4)
    label = words["label"].format(prior=words[prior], common=words["common"].format(common=common))
    label = label.replace(", ", ",\n") if narrow else label
    axes.annotate(
        label, (LARGEST, heights[-1]), xytext=(4, 0), textcoords="offset points", color=COLOURS[prior], va="center"
    )


def draw_point(axes: Any, point: ErrorPoint) -> None:
    """A point is hollow where its interval holds zero: not distinguishable from no effect."""
    unclear = point.low <= 0.0 <= point.high
    axes.errorbar(
        point.planner_error,
        point.difference,
        [[point.difference - point.low], [point.high - point.difference]],
        fmt="o" if point.common_error else "s",
        color=COLOURS[point.prior],
        markersize=4,
        linewidth=1.0,
        capsize=2,
        markerfacecolor="white" if unclear else COLOURS[point.prior],
    )


def finding(found: Sequence[ErrorPoint], language: str) -> str:
    """What was found, from the numbers."""
    first, second = (break_even_error(GAME, common) for common in COMMON_ERRORS)
    near = sum(point.low <= point.expected <= point.high for point in found)
    return WORDS[language]["title"].format(
        first=first, second=second, common=COMMON_ERRORS[1], near=near, count=len(found)
    )


def _alternative(found: Sequence[ErrorPoint]) -> str:
    rows = (
        f"{point.prior}, shared error {point.common_error:g}, planner's error {point.planner_error:.2f}: "
        f"{point.difference:+.1f} (closed form {point.expected:+.1f})"
        for point in found
    )
    return "Planner less regions against the planner's own error. " + "; ".join(rows) + "."


def _table(found: Sequence[ErrorPoint]) -> bytes:
    """The points as CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in fields(ErrorPoint))
    writer.writerows(astuple(point) for point in found)
    return text.getvalue().encode()


def plot(folder: Path, language: str = "en", replicates: int = REPLICATES) -> str:
    """Simulate the points, write break-even.csv, .png, .svg and a narrow .svg into a folder, and say what was found."""
    footer = WORDS[language]["footer"].format(replicates=replicates)
    return write(folder, "break-even", points(replicates), draw, language, footer)


def write(
    folder: Path,
    name: str,
    found: Sequence[ErrorPoint],
    draw: Callable[[Sequence[ErrorPoint], Sheet], Plate],
    language: str,
    footer: str,
) -> str:
    """Write the points as CSV and their figure as PNG, SVG and narrow SVG into a folder, and say what was found."""
    import matplotlib

    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / f"{name}.csv", _table(found))
    title = ""
    for size, formats in (("page", ("png", "svg")), ("column", ("svg",))):
        sheet = Sheet(language, SIZES[size], footer)
        with matplotlib.rc_context(sheet.settings()):
            plate = draw(found, sheet)
            save(plate.drawing, folder / (name if size == "page" else f"{name}-{size}"), formats)
        title = plate.title
    return f"{folder / name}.png: {title}"


if __name__ == "__main__":
    print(plot(Path("docs") / "figures"))
