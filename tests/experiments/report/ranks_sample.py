"""The invented comparison with true values, ranks, three horizons and ranked assumptions: nothing is a result.

Welfare is ranked oracle, design, then three arms of which the middle one cannot be told from its neighbours. Among the
assumptions one turns the sign at its high end, one leaves it untold at its low end, one does nothing.
"""

from __future__ import annotations

import dataclasses
from contextlib import nullcontext
from pathlib import Path

import pandas as pd

from qipan.experiments.report import write_report
from qipan.experiments.statistics.paired import NOT_DISTINGUISHABLE
from qipan.experiments.summaries.comparison import COLUMNS, Comparison
from tests.blank import blank_figures
from tests.experiments.figures.figures_sample import ARMS, Truth, comparison
from tests.once import Once

ORACLE = Truth("oracle", "Design with true values", "按真实值设计", {**ARMS[-1].policy, "arm": "oracle"}, 0.09, -0.06)
ORDER = ("oracle", "national-design", "information-only", "none", "lump-sum", "burn", "random-coordinator")
TIED = {("information-only", "none"), ("none", "lump-sum")}
MEASURES = ("welfare", "output_discounted")
RATE, VALUE, MARGIN = "policy.coordination.ecosystem_rate", "world.market.value_level", "world.market.margin"


def ranked_comparison() -> Comparison:
    """The sample with every table of this module."""
    made = comparison(arms=(*ARMS[:-1], ORACLE, ARMS[-1]))
    tables = {**made.tables, "ranking": ranking(), "horizons": horizons(), "importance": importance(made)}
    return dataclasses.replace(made, tables=tables)


def page(once: Once, language: str) -> Path:
    """The report of the sample, written once for all tests that read it; in Chinese with blank figures.

    Copy what you change.
    """

    def write(folder: Path) -> None:
        with blank_figures() if language == "zh" else nullcontext():
            write_report(ranked_comparison(), folder, language)

    return once(f"report-{language}", write) / "report.html"


def told(one: str, other: str) -> bool:
    """Whether two arms of the sample can be told apart."""
    return (one, other) not in TIED and (other, one) not in TIED


def ranking() -> pd.DataFrame:
    """Ranks of ORDER, the same on every measure."""
    rows = []
    for measure in MEASURES:
        for place, arm in enumerate(ORDER):
            below = [other for other in ORDER[place + 1 :] if told(arm, other)]
            above = [other for other in ORDER[:place] if told(arm, other)]
            rows.append(
                (
                    measure,
                    "total",
                    arm,
                    900.0 - place,
                    890.0 - place,
                    910.0 - place,
                    1 + len(above),
                    len(ORDER) - len(below),
                    1.0 / (place + 2),
                    ", ".join(below),
                    ", ".join(above),
                    ", ".join(ORDER),
                )
            )
    return pd.DataFrame(rows, columns=COLUMNS["ranking"])


def horizons() -> pd.DataFrame:
    """The design loses to 2035 and gains to 2060; of the placebo nothing is told; the others lose throughout."""
    told = {"national-design": ((-60, "worse"), (20, NOT_DISTINGUISHABLE), (117, "better"))}
    told["random-coordinator"] = ((-20, NOT_DISTINGUISHABLE),) * 3
    rows = []
    for arm in [name for name in ORDER if name != "none"]:
        for year, (mean, verdict) in zip((2035, 2050, 2060), told.get(arm, ((-90, "worse"),) * 3), strict=True):
            rows.append((arm, year, mean, mean - 40.0, mean + 40.0, mean, verdict, 100))
    return pd.DataFrame(rows, columns=COLUMNS["horizons"])


def importance(made: Comparison) -> pd.DataFrame:
    """Three assumptions on welfare, around the difference that the sample has."""
    now = float(made.difference("national-design", "welfare")["mean"])
    ends = (
        (RATE, 0.01, "low", 0.0, -now, "opens", 2.5),
        (RATE, 0.01, "high", 0.02, now, "keeps", 2.5),
        (VALUE, 1.0, "low", 0.5, 0.2 * now, "keeps", 1.7),
        (VALUE, 1.0, "high", 2.0, -1.5 * now, "turns", 1.7),
        (MARGIN, 0.09, "low", 0.07, 0.0, "keeps", 0.0),
        (MARGIN, 0.09, "high", 0.12, 0.0, "keeps", 0.0),
    )
    rows = [
        (
            "national-design",
            "welfare",
            path,
            "assumed",
            used,
            end,
            value,
            shift,
            shift - 2.0 * (shift != 0),
            shift + 2.0 * (shift != 0),
            1.0 if shift == 0 else 0.001,
            now + shift,
            now + shift - 3.0,
            now + shift + 3.0,
            sign,
            swing * now,
            64,
        )
        for path, used, end, value, shift, sign, swing in ends
    ]
    return pd.DataFrame(rows, columns=COLUMNS["importance"])
