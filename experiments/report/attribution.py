"""The page of an attribution: what all levers do, whose share it is, what is left beyond information and chance."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.attribution_words import (
    claims,
    comparisons_finding,
    key_label,
    lever_label,
    phrase,
    shares_finding,
    total_sentences,
)
from experiments.figures.levers import SHOWN, draw_comparisons, draw_shares
from experiments.figures.reading import vintage
from experiments.report.grids import Grid
from experiments.report.study import draw_plates, frame_grid, write_page

if TYPE_CHECKING:
    import pandas as pd

    from experiments.studying import Study
    from model.world import World

HEADS = {
    "measure": ("Measure", "指标"), "lever": ("Lever", "工具"), "other": ("With", "与"),
    "comparison": ("Compared", "比较方式"), "mean": ("Mean", "均值"), "low": ("95% from", "95%下限"),
    "high": ("to", "上限"), "boot_low": ("Bootstrap from", "自助法下限"), "boot_high": ("to ", "自助法上限"),
    "median": ("Median", "中位数"), "q05": ("5%", "5%分位"), "q95": ("95%", "95%分位"),
    "share_of_total": ("Share of total", "占合计"), "verdict": ("Verdict", "判断"),
    "cost": ("Cost, bn yuan", "成本（十亿元）"),
    "effect": ("Effect", "效应"), "cost_per_unit": ("Cost per unit of effect", "单位效应成本"),
    "best": ("Best rank", "最好名次"), "worst": ("Worst rank", "最差名次"), "above": ("Proven above", "确定高于"),
    "welfare_terminal_0": ("Terminal value 0", "期末价值0年"), "welfare_terminal_5": ("5 years", "5年"),
    "welfare_terminal_10": ("10 years", "10年"),
}  # fmt: skip
CAPTIONS = {
    "shares": ("Share of each lever in the effect of all five; shares sum to the total", "各工具贡献，合计等于总效应"),
    "ranking": ("Levers by their share of welfare; above: at all three terminal values, Holm-corrected",
                "按福利贡献排列；“确定高于”须在三种期末价值下经Holm校正均成立"),
    "effects": ("Each lever seen six ways", "每项工具的六种比较"),
    "costs": ("Coordinator's spending by lever, and for one unit of effect where there is one",
              "各工具的统筹支出及单位效应成本（效应不可区分时留空）"),
    "interactions": ("How much one lever's effect grows when another is on", "两项工具之间的交互"),
    "targets": ("Share of each lever in the probability of meeting each target, and in its shortfall",
                "各工具对目标达成概率与缺口的贡献"),
}  # fmt: skip
STATISTICS = ("mean", "low", "high", "boot_low", "boot_high", "median", "q05", "q95", "verdict")
COLUMNS = {
    "shares": ("measure", "lever", "share_of_total", *STATISTICS),
    "ranking": ("lever", "welfare_terminal_0", "welfare_terminal_5", "welfare_terminal_10", "best", "worst", "above"),
    "effects": ("measure", "lever", "comparison", *STATISTICS),
    "costs": ("measure", "lever", "cost", "effect", "cost_per_unit", "low", "high"),
    "interactions": ("measure", "lever", "other", "mean", "low", "high", "verdict"),
    "targets": ("measure", "lever", *STATISTICS),
}


def write_attribution(study: Study, folder: Path, seed: int, world: World, language: str) -> Path:
    """Draw the figures and write attribution.html; returns its path.

    Raises:
        StoreError: the folder cannot be written.
        UserError: Chinese is asked for and no installed font has the characters.
    """
    os.environ.setdefault("MPLBACKEND", "Agg")
    shares, effects = study.tables["shares"], study.tables["effects"]
    footer = phrase("footer", language, name=study.name, arms=len(study.facts["arms_run"]), seed=seed,
                    n=f"{int(shares['n'].iloc[0]):,}", world=world.name, vintage=vintage(world, language))  # fmt: skip
    plates = {
        "shares": lambda sheet: draw_shares(shares, sheet),
        "comparisons": lambda sheet: draw_comparisons(effects, sheet),
    }
    drawn = draw_plates(plates, folder / "figures", language, footer)
    found = [*total_sentences(shares, language), shares_finding(shares, language),
             comparisons_finding(effects, language),
             *claims(study.tables["ranking"], language)]  # fmt: skip
    stop = "。" if language == "zh" else "."
    return write_page(folder / "attribution.html", language, phrase("title", language, name=study.name), footer,
                      [text + stop for text in found], study.warnings, drawn, page_grids(study, language))  # fmt: skip


def page_grids(study: Study, language: str) -> list[Grid]:
    """Tables of the page, main measures only; all others are in the tables of the folder."""
    grids = []
    for name, columns in COLUMNS.items():
        if name in study.tables:
            table = study.tables[name]
            if "measure" in table and name != "targets":
                table = table[table["measure"].isin(SHOWN)]
            heads = {column: HEADS[column][language == "zh"] for column in columns}
            grids.append(frame_grid(name, CAPTIONS[name][language == "zh"], _in_words(table, language), heads))
    return grids


def _in_words(table: pd.DataFrame, language: str) -> pd.DataFrame:
    """Names of measures, levers and comparisons as they are printed."""
    from experiments.printing import WORDS

    def verdict(text: str) -> str:
        return WORDS[language].get(text, text)

    printers: dict[str, Callable[[str], str]] = {
        "measure": lambda key: key_label(key, language), "lever": lambda name: lever_label(name, language),
        "other": lambda name: lever_label(name, language), "comparison": lambda name: phrase(name, language),
        "verdict": verdict,
        "above": lambda names: ", ".join(lever_label(name, language) for name in names.split(", ") if name),
    }  # fmt: skip
    return table.assign(**{column: table[column].map(show) for column, show in printers.items() if column in table})
