"""Who can be told apart from whom, and who realises how much of what can be achieved: in words, from the tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from qipan.experiments.findings.finding import named, opening, shown
from qipan.experiments.words.labels import listed, say
from qipan.experiments.words.numbers import percent, percent_span

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import ArmResult, Comparison

SHOWN = ("welfare_terminal_0", "welfare_terminal_5", "welfare_terminal_10", "output_discounted")


def rank_sentences(comparison: Comparison, language: str) -> list[str]:
    """What holds at every terminal value; for each measure the order and the pairs not told apart; the error rate.

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
    return [*_always(comparison, names, language), *lines, rate(comparison, language)] if lines else []


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


def _always(comparison: Comparison, names: dict[str, str], language: str) -> list[str]:
    """Which arm is proven better than which on welfare whatever the terminal value: of these a ranking is claimed."""
    table = comparison.table("ranking")
    tables = [table[table["measure"] == name].set_index("arm")["better_than"] for name in SHOWN[:3]]
    if any(column.empty for column in tables):
        return []
    over_of: dict[tuple[str, ...], list[str]] = {}
    for arm in [name for name in tables[0].index if name in names]:
        under = tuple(other for other in names if all(other in beaten(column[arm]) for column in tables))
        over_of.setdefault(under, []).append(arm)
    said = [
        say(
            "rank_above" if len(over) == 1 else "rank_above_each",
            language,
            others=_named(under, names, language),
            one=_named(over, names, language),
        )
        for under, over in over_of.items()
        if under
    ]
    if not said:
        return [say("rank_never", language)]
    return [say("rank_always", language, list=("; " if language == "en" else "；").join(said))]


def _named(arms: Sequence[str], names: dict[str, str], language: str) -> str:
    return listed([names[arm] for arm in arms], language)


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


def realised_sentences(comparison: Comparison, language: str) -> list[str]:
    """For each measure the share of its own achievable gain of each policy and its placebo; then what it means.

    Where a policy's true values cannot be told from nobody, it is said that there is no share.
    """
    table = comparison.tables.get("realised")
    if table is None or table.empty:
        return []
    lines, between = [], "; " if language == "en" else "；"
    for measure in [name for name in SHOWN if name in set(table["measure"])]:
        rows = table[table["measure"] == measure].set_index("arm")
        label, said = opening(shown(measure, language)), []
        for policy in [policy for policy in comparison.policies if policy.name in rows.index]:
            own = comparison.of(policy.name)
            two = [arm for arm in (policy, own.get("placebo")) if arm is not None and arm.name in rows.index]
            shares = [
                _share(arm, rows.loc[arm.name], language) for arm in two if math.isfinite(rows.loc[arm.name, "share"])
            ]
            said += shares
            if not shares:
                lines.append(
                    say(
                        "rank_silent" if rows.loc[policy.name, "n"] > 1 else "rank_unjudged",
                        language,
                        measure=label,
                        arm=named(policy, language),
                        oracle=named(own["true_values"], language),
                        none=nobody(comparison, policy, language),
                    )
                )
        if said:
            lines.append(say("rank_realised", language, measure=label, list=between.join(said)))
    return [*lines, say("rank_static", language, none=nobody(comparison, comparison.asked, language))]


def _share(arm: ArmResult, row: Any, language: str) -> str:
    interval = percent_span(float(row["low"]), float(row["high"]), language)
    return say("rank_one", language, arm=named(arm, language), share=percent(float(row["share"])), interval=interval)


def nobody(comparison: Comparison, policy: ArmResult, language: str) -> str:
    """What the arm without a coordinator in a policy's world is called inside a sentence."""
    return named(comparison.of(policy.name).get("nobody", comparison.arm(comparison.baseline)), language)
