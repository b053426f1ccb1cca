"""Who can be told apart from whom: in words, from the tables."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from qipan.experiments.findings.finding import named, opening, shown
from qipan.experiments.words.labels import listed, say

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import Comparison

SHOWN = ("welfare", "output_discounted")


def rank_sentences(comparison: Comparison, language: str) -> list[str]:
    """For each measure the order of the arms and the pairs not told apart; the error rate.

    With several policies the sentences are about the baseline, the policies and their placebos; the table has all.
    """
    table = comparison.tables.get("ranking")
    if table is None or table.empty or len(comparison.arms) < 2:
        return []
    names, lines = _spoken(comparison, language), []
    for measure in SHOWN:
        rows = [row for row in table[table["measure"] == measure].to_dict("records") if row["arm"] in names]
        if rows:
            order = (", " if language == "en" else "、").join(names[row["arm"]] for row in rows)
            text = say("rank_order", language, measure=opening(shown(measure, language)), arms=order)
            lines.append(text + (" " if language == "en" else "") + apart(rows, names, language))
    return [*lines, rate(comparison, language)] if lines else []


def rate(comparison: Comparison, language: str) -> str:
    """The error rate of the ranks, and the arms that they are among."""
    family = str(comparison.table("ranking")["family"].iloc[0]).split(", ")
    titles = alike(comparison, language)
    text = ("; " if language == "en" else "；").join(titles[name] for name in family if name in titles)
    return say("rank_rate", language, count=len(family), family=text)


def alike(comparison: Comparison, language: str) -> dict[str, str]:
    """What each arm that was run is called inside a sentence, with those that are the same as it."""
    found = {}
    for arm in [arm for arm in comparison.arms if not arm.same_as]:
        others = [named(other, language) for other in comparison.arms if other.same_as == arm.name]
        title = named(arm, language)
        found[arm.name] = say("rank_alike", language, one=title, others=listed(others, language)) if others else title
    return found


def _spoken(comparison: Comparison, language: str) -> dict[str, str]:
    """The arms that sentences are about, by the name under which they are ranked."""
    several = len(comparison.policies) > 1
    wanted = {
        arm.same_as or arm.name
        for arm in comparison.arms
        if not several or arm.role in ("baseline", "policy", "placebo")
    }
    return {arm.name: named(arm, language) for arm in comparison.arms if arm.name in wanted}


def beaten(text: object) -> set[str]:
    """The arms in a cell of column `better_than`."""
    return set(filter(None, str(text or "").split(", ")))


def apart(rows: list[dict[str, Any]], names: dict[str, str], language: str) -> str:
    """Which of the ranked arms can be told apart, said the shorter way round."""
    above = {row["arm"]: beaten(row["better_than"]) for row in rows}
    pairs = list(combinations([row["arm"] for row in rows], 2))
    told = [pair for pair in pairs if pair[1] in above[pair[0]] or pair[0] in above[pair[1]]]
    rest = [pair for pair in pairs if pair not in told]
    if not rest or not told:
        return say("rank_nobody" if rest else "rank_all", language)
    chosen = rest if len(rest) <= len(told) else told
    said = [say("rank_pair", language, one=names[one], other=names[other]) for one, other in chosen]
    between = "; " if language == "en" else "；"
    return say("rank_pairs" if chosen is rest else "rank_most", language, pairs=between.join(said))
