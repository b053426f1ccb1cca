"""Lines for the terminal: ranks of the arms, shares of the achievable gain they realise, assumptions that matter."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.labels import arm_title, measure_label, say
from experiments.labels_numbers import percent, percent_span
from experiments.ranking import open_ranks

if TYPE_CHECKING:
    from experiments.comparison import Comparison

SHOWN = ("welfare_terminal_0", "welfare_terminal_5", "welfare_terminal_10")
WORDS = {
    "en": {
        "ranks": "Ranks on {measure} (arms not distinguishable share ranks; 5% error over all pairs): {list}",
        "realised": "Share of the gain of perfect information realised, {measure}: {list}",
        "silent": "perfect information cannot be told from nobody, so there is no share", "between": "; ",
        "static": "Perfect information is exact for a static problem only, so a share above 100% is possible.",
    },
    "zh": {
        "ranks": "{measure}名次（不可区分者名次重叠；全部比较误差5%）：{list}",
        "realised": "已实现的可得收益份额，{measure}：{list}", "silent": "完全信息与无统筹不可区分，故无份额",
        "between": "；", "static": "完全信息仅对静态问题为最优，份额可能超过100%。",
    },
}  # fmt: skip


def rank_lines(comparison: Comparison, language: str) -> list[str]:
    """One line of ranks for each welfare measure, one of realised shares where there is an oracle."""
    words, titles = WORDS[language], {arm.name: arm_title(arm, language) for arm in comparison.arms}
    lines = []
    for measure in SHOWN:
        table = comparison.tables["ranking"]
        names = table.loc[table["measure"] == measure, "arm"]
        ranked = [f"{titles[name]} {open_ranks(comparison, name, measure)}" for name in names]
        if ranked:
            label = measure_label(measure, language, unit=False)
            lines.append(words["ranks"].format(measure=label, list=words["between"].join(ranked)))
    return lines + _realised_lines(comparison, language, titles)


def _realised_lines(comparison: Comparison, language: str, titles: dict[str, str]) -> list[str]:
    words, table, lines = WORDS[language], comparison.tables["realised"], []
    for measure in SHOWN:
        rows = table[table["measure"] == measure]
        if rows.empty:
            continue
        said = [
            f"{titles[row.arm]} {percent(row.share)} ({percent_span(row.low, row.high, language)})"
            for row in rows.itertuples() if math.isfinite(row.share)
        ] or [words["silent"]]  # fmt: skip
        label = measure_label(measure, language, unit=False)
        lines.append(words["realised"].format(measure=label, list=words["between"].join(said)))
    return [*lines, words["static"]] if lines else []


def importance_lines(comparison: Comparison, language: str) -> list[str]:
    """Which assumptions matter, in one line; nothing where they were not ranked."""
    from experiments.importance_words import finding, ranked

    if not ranked(comparison):
        return []
    count = int(comparison.table("importance")["n"].iloc[0])
    return [say("importance_printed", language, finding=finding(comparison, language), n=count)]
