"""What a result says, printed: differences against the baseline with intervals and words, warnings, failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.comparison import TOTAL
from experiments.labels import arm_title, measure_label
from experiments.labels_numbers import number

if TYPE_CHECKING:
    from rich.table import Table

    from experiments.comparison import Comparison

WHOLE_RUN = ("welfare", "welfare_terminal_0", "output_discounted", "lost_share")
LAST_YEAR = (
    "output_total", "breakthroughs", "adopters", "layout_cosine", "layout_cosine_excess", "investment_duplication",
    "excess_entry", "idle_share", "leverage", "arrears_total",
)  # fmt: skip

WORDS = {
    "en": {
        "against": "{arm} against {baseline}", "measure": "Measure", "year": "Year", "baseline": "Baseline",
        "difference": "Difference", "interval": "95% interval", "verdict": "Verdict", "mean": "Mean",
        "range": "5% to 95%", "total": "whole run",
    },
    "zh": {
        "against": "{arm} 与 {baseline} 相比", "measure": "指标", "year": "年份", "baseline": "基准",
        "difference": "差异", "interval": "95%区间", "verdict": "判断", "mean": "均值", "range": "5%至95%",
        "total": "全程", "better": "更好", "worse": "更差", "higher": "更高", "lower": "更低",
        "not distinguishable": "无法区分",
    },
}  # fmt: skip
COLOURS = {"better": "green", "worse": "red", "not distinguishable": "dim"}


def print_comparison(comparison: Comparison, language: str) -> None:
    """Print one table for each arm but the baseline (or the only arm's means), then warnings."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console = Console(width=120)
    others = [arm for arm in comparison.arms if arm.name != comparison.baseline]
    for table in [difference_table(comparison, arm.name, language) for arm in others] or [
        mean_table(comparison, language)
    ]:
        console.print(table)
    for warning in comparison.warnings:
        console.print(warning, style="yellow", markup=False, highlight=False)


def chosen_measures(comparison: Comparison) -> list[tuple[str, str]]:
    """The (measure, year) pairs that are printed: whole-run measures first, then yearly ones in the last year."""
    table = comparison.table("summary")
    there = set(zip(table["measure"], table["year"], strict=True))
    last = str(comparison.years[-1])
    wanted = [(name, TOTAL) for name in WHOLE_RUN] + [(name, last) for name in LAST_YEAR]
    return [pair for pair in wanted if pair in there]


def difference_table(comparison: Comparison, arm: str, language: str) -> Table:
    """What an arm changes against the baseline."""
    from rich.table import Table

    words = WORDS[language]
    titles = {one.name: arm_title(one, language) for one in comparison.arms}
    table = Table(
        title=words["against"].format(arm=titles[arm], baseline=titles[comparison.baseline]), title_justify="left"
    )
    for name in ("measure", "year", "baseline", "difference", "interval", "verdict"):
        table.add_column(words[name], justify="left" if name in ("measure", "verdict") else "right")
    for measure, year in chosen_measures(comparison):
        row = comparison.difference(arm, measure, year)
        verdict = str(row["verdict"])
        table.add_row(
            measure_label(measure, language), words.get(year, year), number(row["baseline_mean"]),
            number(row["mean"], signed=True), f"{number(row['low'])} … {number(row['high'])}",
            words.get(verdict, verdict), style=COLOURS.get(verdict, ""),
        )  # fmt: skip
    return table


def mean_table(comparison: Comparison, language: str) -> Table:
    """Means and ranges of the only arm."""
    from rich.table import Table

    words = WORDS[language]
    table = Table(title=arm_title(comparison.arms[0], language), title_justify="left")
    for name in ("measure", "year", "mean", "range"):
        table.add_column(words[name], justify="left" if name == "measure" else "right")
    summary = comparison.table("summary").set_index(["measure", "year"])
    for measure, year in chosen_measures(comparison):
        row = summary.loc[(measure, year)]
        spread = f"{number(row['q05'])} … {number(row['q95'])}"
        table.add_row(measure_label(measure, language), words.get(year, year), number(row["mean"]), spread)
    return table
