"""The break-even of coordination in a market with a fixed cost. Reached by `qipan plot theory/market-break-even`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qipan.experiments.designs.break_even import ErrorPoint
from qipan.experiments.designs.market_break_even import COMMON_ERRORS, MARKET, REPLICATES, difference_expected, points
from qipan.experiments.figures.break_even import COLOURS, draw_point, write
from qipan.experiments.figures.drawing import Plate
from qipan.experiments.figures.sheet import MUTED, Sheet, plain_axes
from qipan.model.theory.entry import entry_break_even

LARGEST = 1.6
DASHES = {COMMON_ERRORS[0]: (4, 2), COMMON_ERRORS[1]: (None, None)}
WORDS = {
    "en": {
        "title": "In a market with a fixed cost a planner starts to hurt at an error of {first:.2f} in the log of its "
        "value, or {second:.2f} where regions share an error of {common:g}; without errors it saves what free entry "
        "loses. {near} of {count} simulated points hold the closed form in their 95% interval",
        "x": "Planner's own error about the market's value, s_p (log points)",
        "y": "Planner less regions (payoff units)",
        "label": "shared error {common:g}",
        "note": "lines: closed form for counts in the continuum, none below zero; points: the engine, mean and 95% "
        "interval (without any error whole numbers put it .002 off the continuum); triangles: break-even",
        "footer": "Scenarios theory/market-break-even, -planner | V 200, b 8, F 10 | {replicates} replicates | seed 1",
    },
    "zh": {
        "title": "在有固定成本的市场中，规划者对市场价值对数的误差达 {first:.2f} 即开始有害"
        "（各地共同误差为 {common:g} 时为 {second:.2f}）；无误差时可挽回自由进入的全部损失。"
        "{count} 个模拟点中 {near} 个的95%区间含解析值",
        "x": "规划者对市场价值的误差 s_p（对数点）",
        "y": "规划者减去各地自主（收益单位）",
        "label": "共同误差 {common:g}",
        "note": "线为连续基地数（不低于零）下的解析式；点为引擎模拟，均值与95%区间"
        "（无误差时整数基地数使其与连续解相差0.002）；三角为盈亏平衡点",
        "footer": "情景 theory/market-break-even, -planner | V 200, b 8, F 10 | 重复 {replicates} 次 | 种子 1",
    },
}


def draw(found: Sequence[ErrorPoint], sheet: Sheet) -> Plate:
    """Draw both curves, points and break-evens on one pair of axes."""
    words = WORDS[sheet.language]
    drawing = sheet.figure(3.9 if sheet.narrow else 4.3)
    axes = drawing.subplots()
    axes.axhline(0.0, color=MUTED, linewidth=0.8)
    for common in COMMON_ERRORS:
        _curve(axes, common, words["label"].format(common=common))
        axes.plot(entry_break_even(MARKET, common), 0.0, "^", color=COLOURS["flat"], markersize=6, clip_on=False)
    for point in found:
        draw_point(axes, point)
    axes.set(xlim=(-0.05, LARGEST + (0.55 if sheet.narrow else 0.4)), xlabel=words["x"], ylabel=words["y"])
    plain_axes(axes)
    title = finding(found, sheet.language)
    return Plate(sheet.finish(drawing, title, words["note"]), title, _alternative(found))


def _curve(axes: Any, common: float, label: str) -> None:
    errors = np.linspace(0.0, LARGEST, 200)
    heights = [difference_expected(common, error) for error in errors]
    axes.plot(errors, heights, color=COLOURS["flat"], dashes=DASHES[common], linewidth=1.4)
    axes.annotate(label, (LARGEST, heights[-1]), xytext=(4, 0), textcoords="offset points", va="center")


def finding(found: Sequence[ErrorPoint], language: str) -> str:
    """What was found, from the numbers."""
    first, second = (entry_break_even(MARKET, common) for common in COMMON_ERRORS)
    near = sum(point.low <= point.expected <= point.high for point in found)
    return WORDS[language]["title"].format(
        first=first, second=second, common=COMMON_ERRORS[1], near=near, count=len(found)
    )


def _alternative(found: Sequence[ErrorPoint]) -> str:
    rows = (
        f"shared error {point.common_error:g}, planner's error {point.planner_error:.2f}: "
        f"{point.difference:+.1f} (closed form {point.expected:+.1f})"
        for point in found
    )
    return "Planner less regions against the planner's own error. " + "; ".join(rows) + "."


def plot(folder: Path, language: str = "en", replicates: int = REPLICATES) -> str:
    """Simulate the points, write market-break-even.csv, .png, .svg and a narrow .svg, and say what was found."""
    footer = WORDS[language]["footer"].format(replicates=replicates)
    return write(folder, "market-break-even", points(replicates), draw, language, footer)


if __name__ == "__main__":
    print(plot(Path("docs") / "figures"))
