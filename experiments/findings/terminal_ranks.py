"""Lines for the terminal: ranks of the arms, welfare counted to several years, assumptions that matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qipan.experiments.findings.arms import arm_title
from qipan.experiments.findings.horizons import horizon_sentences
from qipan.experiments.summaries.ranking import open_ranks
from qipan.experiments.words.labels import measure_label, say

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import ArmResult, Comparison

RANKED = "welfare"
WORDS = {
    "en": {
        "ranks": "Ranks on {measure} among {count} arms (arms not distinguishable share ranks; 5% error over all "
        "pairs): {list}",
        "between": "; ",
        "no_placebo": "{arm} has no list, so no placebo.",
        "rest": "The other references of each policy are in tables/differences.csv and on the page.",
    },
    "zh": {
        "ranks": "{measure}名次（{count}个方案；不可区分者名次重叠；全部比较误差5%）：{list}",
        "between": "；",
        "no_placebo": "{arm}没有清单，故无安慰剂。",
        "rest": "各政策的其他对照见tables/differences.csv与页面。",
    },
}


def rank_lines(comparison: Comparison, language: str) -> list[str]:
    """A line of ranks on welfare, lines of signs that hang on the year counted to; what is absent."""
    words, titles = WORDS[language], {arm.name: arm_title(arm, language) for arm in comparison.arms}
    lines = (
        [words["rest"]] if len(comparison.policies) > 1 and len(comparison.arms) > 1 + len(comparison.policies) else []
    )
    spoken = {arm.same_as or arm.name for arm in comparison.arms if printed(comparison, arm)}
    arms = comparison.table("arms")
    lines += [words["no_placebo"].format(arm=titles[row.arm]) for row in arms.itertuples() if row.note]
    table = comparison.tables["ranking"]
    names = list(table.loc[table["measure"] == RANKED, "arm"])
    ranked = [f"{titles[name]} {open_ranks(comparison, name, RANKED)}" for name in names if name in spoken]
    if ranked:
        label = measure_label(RANKED, language, unit=False)
        lines.append(words["ranks"].format(measure=label, count=len(names), list=words["between"].join(ranked)))
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
