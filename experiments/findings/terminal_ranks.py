"""Lines for the terminal: ranks of the arms, shares of the achievable gain they realise, assumptions that matter."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from qipan.experiments.findings.arms import arm_title
from qipan.experiments.summaries.ranking import open_ranks
from qipan.experiments.words.labels import measure_label, say
from qipan.experiments.words.numbers import percent, percent_span

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import ArmResult, Comparison

SHOWN = ("welfare_terminal_0", "welfare_terminal_5", "welfare_terminal_10")
WORDS = {
    "en": {
        "ranks": "Ranks on {measure} among {count} arms (arms not distinguishable share ranks; 5% error over all "
        "pairs): {list}",
        "realised": "Share of the gain of its own true values realised, {measure}: {list}",
        "between": "; ",
        "silent": "{arm}: true values cannot be told from nobody, so there is no share",
        "static": "The design with true values is exact for a static problem only, so a share above 100% is possible.",
        "no_placebo": "{arm} has no list, so no placebo.",
        "rest": "The other references of each policy are in tables/differences.csv and on the page.",
    },
    "zh": {
        "ranks": "{measure}名次（{count}个方案；不可区分者名次重叠；全部比较误差5%）：{list}",
        "realised": "已实现的自身可得收益份额，{measure}：{list}",
        "between": "；",
        "silent": "{arm}：按真实值与无统筹不可区分，故无份额",
        "static": "按真实值设计仅对静态问题为最优，份额可能超过100%。",
        "no_placebo": "{arm}没有清单，故无安慰剂。",
        "rest": "各政策的其他对照见tables/differences.csv与页面。",
    },
}


def rank_lines(comparison: Comparison, language: str) -> list[str]:
    """A line of ranks for each welfare measure, one of shares realised where there are true values; what is absent."""
    words, titles = WORDS[language], {arm.name: arm_title(arm, language) for arm in comparison.arms}
    lines = (
        [words["rest"]] if len(comparison.policies) > 1 and len(comparison.arms) > 1 + len(comparison.policies) else []
    )
    spoken = {arm.same_as or arm.name for arm in comparison.arms if printed(comparison, arm)}
    arms = comparison.table("arms")
    lines += [words["no_placebo"].format(arm=titles[row.arm]) for row in arms.itertuples() if row.note]
    table = comparison.tables["ranking"]
    for measure in SHOWN:
        names = list(table.loc[table["measure"] == measure, "arm"])
        ranked = [f"{titles[name]} {open_ranks(comparison, name, measure)}" for name in names if name in spoken]
        if ranked:
            label = measure_label(measure, language, unit=False)
            lines.append(words["ranks"].format(measure=label, count=len(names), list=words["between"].join(ranked)))
    return lines + _realised_lines(comparison, language, titles)


def printed(comparison: Comparison, arm: ArmResult) -> bool:
    """Whether an arm has its line on the terminal: with several policies the baseline, policies and placebos have."""
    return len(comparison.policies) < 2 or arm.role in ("baseline", "policy", "placebo")


def _realised_lines(comparison: Comparison, language: str, titles: dict[str, str]) -> list[str]:
    words, table, lines = WORDS[language], comparison.tables["realised"], []
    for measure in SHOWN:
        rows = table[table["measure"] == measure]
        if rows.empty:
            continue
        said = []
        for policy in comparison.policies:
            own = [
                row
                for row in rows.itertuples()
                if (arm := comparison.arm(row.arm)).policy == policy.name and printed(comparison, arm)
            ]
            shares = [
                f"{titles[row.arm]} {percent(row.share)} ({percent_span(row.low, row.high, language)})"
                for row in own
                if math.isfinite(row.share)
            ]
            said += shares or ([words["silent"].format(arm=titles[policy.name])] if own else [])
        label = measure_label(measure, language, unit=False)
        lines.append(words["realised"].format(measure=label, list=words["between"].join(said)))
    return [*lines, words["static"]] if lines else []


def importance_lines(comparison: Comparison, language: str) -> list[str]:
    """Which assumptions matter, in one line; nothing where they were not ranked."""
    from qipan.experiments.findings.assumptions import finding, ranked

    if not ranked(comparison):
        return []
    count = int(comparison.table("importance")["n"].iloc[0])
    return [say("importance_printed", language, finding=finding(comparison, language), n=count)]
