"""What the studies of value say, in English and Chinese: a yuan more of each source, the best of a searched set."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from qipan.experiments.findings.attribution import lever_label
from qipan.experiments.value.searched import BOUND, DESIGN, FIXED, INFORMATION, LEVIES, NONE
from qipan.experiments.value.worth_tables import NOT_WORTH, OPEN, WORTH
from qipan.experiments.words.labels import listed
from qipan.experiments.words.numbers import fixed, percent, percent_span, places_for
from qipan.model.extend.registry import MECHANISMS

if TYPE_CHECKING:
    from qipan.experiments.results.study import Study

PHRASES: dict[str, tuple[str, str]] = {
    WORTH: ("worth it", "值得"),
    NOT_WORTH: ("not worth it", "不值得"),
    OPEN: ("not distinguishable", "不可区分"),
    "worth_title": ("What a yuan more is worth: {name}", "多投一元值多少：{name}"),
    "worth_line": (
        "{source}: a yuan more is worth {worth} yuan ({low} to {high}) where {needed} is needed: {verdict}; median "
        "future {median}, mean without the highest and the lowest tenth {trimmed}",
        "{source}：多投一元值{worth}元（{low}至{high}），需达{needed}元：{verdict}；中位未来{median}元，去掉最高与最低各一成后的均值{trimmed}元",
    ),
    "worth_silent": (
        "{source}: how much more money is used cannot be told from nothing, so no value is stated",
        "{source}：所增资金与零不可区分，故不给出数值",
    ),
    "worth_rare": (
        "{source}: a few futures carry the mean: the tenth with the highest gain holds {top} of it{moved}",
        "{source}：均值取决于少数未来：增量最高的一成占全部增量的{top}{moved}",
    ),
    "worth_moved": (
        "; in the {still} of futures in which every breakthrough comes when it came, a yuan is worth {unchanged}",
        "；在突破时间均不变的{still}的未来中，一元值{unchanged}元",
    ),
    "worth_how": (
        "Each source is raised by 10% from the first year on, on the same draws ({n} replicates, seed {seed}); welfare "
        "is counted to {year}. Worth is the gain in welfare before the money itself is paid over the money used, both "
        "discounted: a ratio of means with Fieller's 95% interval. Public money is worth it above its social cost of "
        "{needed}, private money above 1",
        "各来源自首年起增加10%，随机数相同（重复{n}次，种子{seed}）；社会福利计至{year}年。数值为付款前的福利增量与所用资金之比（均贴现）："
        "均值之比，附Fieller 95%区间。公共资金高于其社会成本{needed}方为值得，社会资金高于1",
    ),
    "worth_axis": ("Yuan of welfare for a yuan more", "每多投一元的福利（元）"),
    "worth_note": (
        "ratio of means with 95% interval (Fieller); hollow: not told from what is needed (line: 1; dashed: social "
        "cost of public money); cross: median future",
        "均值之比与95%区间（Fieller）；空心：与所需水平不可区分（实线：1；虚线：公共资金社会成本）；叉：中位未来",
    ),
    "worth_caption": ("Value of a yuan more, by source", "各来源多投一元的价值"),
    "best_title": ("The best of a searched set: {name}", "所搜索政策中的最优：{name}"),
    "best_bound": (
        "The best of the {count} policies searched, chosen anew in every future, gains {mean} bn yuan of welfare over "
        "no coordinator ({low} to {high}): no policy of the set can gain more on average",
        "所搜索的{count}项政策中，若在每个未来各取最优，社会福利比无统筹高{mean}十亿元（{low}至{high}）：该集合中任何政策的平均收益均不会更高",
    ),
    "best_fixed": (
        "The best fixed one is {arm}: {mean} ({low} to {high}) in the half of the futures that had no part in choosing "
        "it, {own} in the half that had",
        "固定政策中最优的是{arm}：在未参与选择的一半未来中{mean}（{low}至{high}），在参与选择的一半中{own}",
    ),
    "best_share": (
        "{arm} gains {mean} ({low} to {high}), {share} ({span}) of that bound",
        "{arm}的收益为{mean}（{low}至{high}），为该上界的{share}（{span}）",
    ),
    "best_no_share": (
        "{arm} gains {mean} ({low} to {high}); the bound cannot be told from zero, so there is no share",
        "{arm}的收益为{mean}（{low}至{high}）；上界与零不可区分，故无份额",
    ),
    "best_how": (
        "Searched: every set of the {levers} levers at levies of {levies} with true values, beside no coordinator, the "
        "design as it is and information alone ({n} replicates, seed {seed}, welfare counted to {year}). At a levy of "
        "0 no lever has money: lists are followed, nothing is co-funded. Policies outside the set may gain more",
        "搜索范围：{levers}项工具的全部组合，提取率{levies}，按真实值；另有无统筹、原设计与仅信息共享（重复{n}次，种子{seed}，福利计至{year}年）。"
        "提取率为0时工具无资金：名单照行，不予共同出资。集合之外的政策可能收益更高",
    ),
    "best_axis": ("Welfare against no coordinator, bn yuan", "相对无统筹的社会福利（十亿元）"),
    "best_note": (
        "means with 95% intervals, hollow: not told from zero; the {shown} best, the design and information; dashed: "
        "the bound",
        "均值与95%区间，空心：与零不可区分；最优的{shown}项、原设计与仅信息共享；虚线：上界",
    ),
    "best_caption": ("Gain in welfare over no coordinator, best first", "相对无统筹的社会福利增量，由高到低"),
    "footer": (
        "{name}: {arms} arms on one set of draws; {n} replicates, seed {seed}; world {world}, data {vintage}.",
        "{name}：{arms}个方案使用同一组随机数；重复{n}次，种子{seed}；世界{world}，数据{vintage}。",
    ),
    NONE: ("No coordinator", "无统筹"),
    DESIGN: ("The design as it is", "原设计"),
    INFORMATION: ("Information alone", "仅信息共享"),
    "no-lever": ("No lever", "无工具"),
    "true": ("{levers}, levy {levy}, true values", "{levers}，提取率{levy}，按真实值"),
}

FEW = 1.0 / 3.0
"""Share of the gain that makes the tenth of the futures that holds it worth a sentence."""


def phrase(key: str, language: str, **values: object) -> str:
    """A phrase of this module in a language, blanks filled."""
    return PHRASES[key][language == "zh"].format(**values)


def searched_label(name: str, language: str) -> str:
    """What an arm of the searched set is called."""
    if name in PHRASES:
        return phrase(name, language)
    levers, _, levy = name.partition("-at-")
    labels = [lever_label(lever, language) for lever in levers.split("+")]
    inside = [label if place == 0 else label[:1].lower() + label[1:] for place, label in enumerate(labels)]
    return phrase("true", language, levers=listed(inside, language), levy=levy)


def title(study: Study, language: str) -> str:
    """The title of the page."""
    name = study.facts.get("title_zh") if language == "zh" else ""
    return phrase(f"{study.kind}_title", language, name=str(name or study.facts.get("title") or study.name))


def sentences(study: Study, language: str) -> list[str]:
    """What the study says, each with its stop."""
    stop = "。" if language == "zh" else "."
    return [text + stop for text in (_worth if study.kind == "worth" else _best)(study, language)]


def _worth(study: Study, language: str) -> list[str]:
    lines = []
    for row in study.tables["worth"].to_dict("records"):
        source = MECHANISMS.label(row["source"], language)
        if not math.isfinite(row["low"]):
            lines.append(phrase("worth_silent", language, source=source))
            continue
        places = max(places_for((row["high"] - row["low"]) / 2), 2)
        named = {key: fixed(row[key], places) for key in ("worth", "low", "high", "median", "trimmed")}
        words = {"source": source, "needed": f"{row['needed']:g}", "verdict": phrase(row["verdict"], language)}
        lines.append(phrase("worth_line", language, **named, **words))
        if rare(row):
            moved = ""
            if 0.0 < row["changed"] < 1.0:
                still = percent(1.0 - row["changed"], places=0)
                moved = phrase("worth_moved", language, still=still, unchanged=fixed(row["worth_unchanged"], places))
            top = percent(row["top_tenth"], places=0)
            lines.append(phrase("worth_rare", language, source=source, top=top, moved=moved))
    needed = f"{study.facts['public_funds_cost']:g}"
    told = {name: study.facts[name] for name in ("seed", "year")} | {"n": _count(study, "worth")}
    return [*lines, phrase("worth_how", language, needed=needed, **told)]


def rare(row: Any) -> bool:
    """Whether a few futures carry the mean: the tenth with the highest gain holds a third of it or more, and the median
    future lies below the interval of the mean, or on the other side of what is needed.
    """
    apart = row["median"] < row["low"] or row["median"] < row["needed"] <= row["worth"]
    return bool(apart and row["top_tenth"] >= FEW)


def _best(study: Study, language: str) -> list[str]:
    arms, bound = study.tables["arms"].set_index("arm"), study.tables["bound"].set_index("quantity")
    whole, fixed_one, own = bound.loc[BOUND], bound.loc[FIXED], bound.loc[f"{FIXED}_own_half"]
    arm = searched_label(str(fixed_one["arm"]), language)
    lines = [
        phrase("best_bound", language, count=len(arms), **_three(whole)),
        phrase("best_fixed", language, arm=arm, own=_three(own)["mean"], **_three(fixed_one)),
    ]
    for name in (DESIGN, INFORMATION):
        row = arms.loc[name]
        given = {"arm": searched_label(name, language), **_three(row)}
        if math.isfinite(row["share"]):
            span = percent_span(row["share_low"], row["share_high"], language)
            lines.append(phrase("best_share", language, share=percent(row["share"]), span=span, **given))
        else:
            lines.append(phrase("best_no_share", language, **given))
    told = {name: study.facts[name] for name in ("seed", "year", "levers")} | {"n": _count(study, "arms")}
    levies = listed([f"{levy:g}" for levy in LEVIES], language)
    return [*lines, phrase("best_how", language, levies=levies, **told)]


def _three(row: Any) -> dict[str, str]:
    """Mean and interval with the decimal places that the interval calls for."""
    places = places_for((row["high"] - row["low"]) / 2) if row["high"] > row["low"] else 0
    return {key: fixed(float(row[key]), places, True) for key in ("mean", "low", "high")}


def _count(study: Study, table: str) -> str:
    return f"{int(study.tables[table]['n'].iloc[0]):,}"
