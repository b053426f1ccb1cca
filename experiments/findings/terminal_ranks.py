"""Lines for the terminal: ranks of the arms, welfare counted to several years, assumptions that matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qipan.experiments.findings.arms import arm_title
from qipan.experiments.findings.horizons import horizon_sentences
from qipan.experiments.summaries.ranking import open_ranks
from qipan.experiments.words.labels import Topic, measure_label, say

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import ArmResult, Comparison

RANKED = "welfare"
words = Topic("terminal")


def rank_lines(comparison: Comparison, language: str) -> list[str]:
    """A line of ranks on welfare, lines of signs that hang on the year counted to; what is absent."""
    titles = {arm.name: arm_title(arm, language) for arm in comparison.arms}
    policies = len(comparison.policies)
    lines = [words("rest", language)] if 1 < policies < len(comparison.arms) - 1 else []
    spoken = {arm.same_as or arm.name for arm in comparison.arms if printed(comparison, arm)}
    arms = comparison.table("arms")
    lines += [words("no_placebo", language, arm=titles[row.arm]) for row in arms.itertuples() if row.note]
    table = comparison.tables["ranking"]
    names = list(table.loc[table["measure"] == RANKED, "arm"])
    ranked = [f"{titles[name]} {open_ranks(comparison, name, RANKED)}" for name in names if name in spoken]
    if ranked:
        label = measure_label(RANKED, language, unit=False)
        listed = words("between", language).join(ranked)
        lines.append(words("ranks", language, measure=label, count=len(names), list=listed))
    return lines + horizon_sentences(comparison, language)


def printed(comparison: Comparison, arm: ArmResult) -> bool:
    """Whether an arm has its line on the terminal: with several policies the baseline, policies and placebos have."""
    return len(comparison.policies) < 2 or arm.role in ("baseline", "policy", "placebo")


def importance_lines(comparison: Comparison, language: str) -> list[str]:
    """Which assumptions matter, in one line; nothing where they were not ranked."""
    from qipan.experiments.findings.assumptions import finding, ranked

    if not ranked(comparison):
        return []
    count = int(comparison.table("importance")["n"].iloc[0])
    return [say("importance_printed", language, finding=finding(comparison, language), n=count)]
