"""What figures and report read out of a comparison's tables: rows by arm and measure, and which measures are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from qipan.experiments.summaries.comparison import TOTAL
from qipan.experiments.words.labels import LANGUAGES, counted, measure, own_sentence, say
from qipan.experiments.words.statements import stated
from qipan.model.notices.notice import BETWEEN

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.summaries.comparison import ArmResult, Comparison

CLEAR = ("better", "worse", "higher", "lower")
OVER_TIME = ("investment_duplication", "layout_cosine", "excess_entry", "idle_share")
HEADLINE = (
    "output_discounted",
    "welfare",
    "investment_duplication",
    "excess_entry",
    "idle_share",
    "lost_share",
    "breakthroughs",
)
OUTPUT = ("output_discounted", "output_total")


def has(comparison: Comparison, table: str) -> bool:
    """Say whether a table is there and has rows."""
    return table in comparison.tables and not comparison.tables[table].empty


def others(comparison: Comparison) -> list[ArmResult]:
    """Return the arms that are compared with the baseline."""
    return [arm for arm in comparison.arms if arm.name != comparison.baseline]


MOST_SHOWN = 12
"""Arms that a figure with a panel or a mark for each has room for."""


def principal(comparison: Comparison) -> list[ArmResult]:
    """Return the arms that figures show: all with one policy, with several the baseline and the policies.

    Of more than `MOST_SHOWN` the first are shown, the baseline and the policy asked about among them; see `note_of`.
    """
    one = len(comparison.policies) < 2
    every = [arm for arm in comparison.arms if one or arm.role in ("baseline", "policy")]
    asked = comparison.asked
    first = [arm for arm in every if arm.name != asked.name][: MOST_SHOWN - 1]
    return [arm for arm in every if arm in first or arm is asked]


def note_of(comparison: Comparison, language: str) -> str:
    """Return what a figure of the principal arms leaves out, and where it is; "" when nothing."""
    shown, every = principal(comparison), [arm for arm in comparison.arms if not arm.same_as]
    if len(shown) >= len(every):
        return ""
    policies = sum(arm.role == "policy" for arm in shown)
    key = "shown_policies" if policies == len(comparison.policies) else "shown_some"
    return say(key, language, shown=policies, count=len(comparison.policies))


def when(comparison: Comparison, name: str) -> str:
    """Return the text of column `year` at which a measure is summed up: "total", else `year_told`."""
    return TOTAL if name in comparison.summed_up else str(comparison.year_told)


def present(comparison: Comparison, names: Iterable[str], table: str = "summary") -> list[str]:
    """Return those of the measures that the table has rows of."""
    known = set(comparison.table(table)["measure"]) if has(comparison, table) else set()
    return [name for name in names if name in known]


def level(comparison: Comparison, arm: str, name: str, year: str | None = None) -> pd.Series | None:
    """Return the row of `summary` of an arm and measure, at a year or where it is summed up; None if absent."""
    return comparison.row("summary", arm, name, year or when(comparison, name))


def gap(comparison: Comparison, arm: str, name: str, year: str | None = None) -> pd.Series | None:
    """Return the row of `differences` of an arm and measure; None if absent."""
    return comparison.row("differences", arm, name, year or when(comparison, name))


def path(comparison: Comparison, arm: str, name: str) -> pd.DataFrame:
    """Return an arm's yearly rows of `summary` for a measure, in order of year, with `year` as int."""
    table = comparison.table("summary")
    rows = table[(table["arm"] == arm) & (table["measure"] == name) & (table["year"].astype(str) != TOTAL)]
    return rows.assign(year=rows["year"].astype(int)).sort_values("year")


def clear(row: Any) -> bool:
    """Say whether the verdict of a row is anything but "not distinguishable"."""
    return row is not None and str(row["verdict"]) in CLEAR


def relative(row: Any) -> tuple[float, float, float]:
    """Return mean, low and high of a difference as shares of the baseline's mean; NaN where that is about zero."""
    base = abs(float(row["baseline_mean"]))
    if base < 1e-12:
        return (float("nan"),) * 3
    return float(row["mean"]) / base, float(row["low"]) / base, float(row["high"]) / base


def unit_of(name: str) -> str:
    """Return the unit of a measure; "1" when it is not declared."""
    declared = measure(name)
    return "1" if declared is None else str(declared.unit)


def of_either_sign(name: str) -> bool:
    """Say whether a measure can be below zero as well as above it, so that a share of its level means little."""
    declared = measure(name)
    return declared is not None and declared.bounds[0] < 0 < declared.bounds[1]


def direction_of(name: str) -> str:
    """Return the direction of a measure; neutral when it is not declared."""
    declared = measure(name)
    return "neutral" if declared is None else str(declared.direction)


def vintage(world: Any, language: str) -> str:
    """Return what the data of a world are, in one line: vintage, and what own tables change.

    A part without a translation stays English.
    """
    own = own_sentence(world, language)
    return BETWEEN[LANGUAGES.index(language)].join([stated(str(world.vintage), language), *([own] if own else [])])


def how_many(comparison: Comparison) -> str:
    """The number of replicates of the arms, "400"; the least and the most where they differ, "200-400"."""
    counts = {arm.replicates for arm in comparison.arms}
    return f"{min(counts):,}" if len(counts) == 1 else f"{min(counts):,}-{max(counts):,}"


def footer(comparison: Comparison, language: str) -> str:
    """Return the footer of every figure: result, arms, replicates, seed, period, data vintage, changed settings."""
    from qipan.experiments.findings.arms import arm_title
    from qipan.experiments.findings.settings import SHOWN, changed_sentence

    first = comparison.arms[0].scenario.run
    counts = {arm.replicates for arm in comparison.arms}
    replicates = (
        counted("count_replicates", min(counts), language)
        if len(counts) == 1
        else say("count_replicates", language, count=how_many(comparison))
    )
    told = say(
        "footer",
        language,
        name=comparison.name,
        arms=counted("count_arms", len(comparison.arms), language),
        replicates=replicates,
        seed=first.seed,
        first=comparison.years[0],
        last=comparison.years[-1],
        world=comparison.world.name,
        vintage=vintage(comparison.world, language),
        baseline=arm_title(comparison.arm(comparison.baseline), language),
    )
    changed = changed_sentence(comparison, language, SHOWN)
    return told + (" " if language == "en" and changed else "") + changed
