"""What an attribution says in words and calls its parts, in English and Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qipan.experiments.designs.levers_tables import REMAINDER, TOTAL, WELFARE
from qipan.experiments.statistics.paired import IDENTICAL, NOT_DISTINGUISHABLE, UNTOLD
from qipan.experiments.words.labels import listed, measure_label
from qipan.experiments.words.numbers import fixed, places_apart, places_for
from qipan.model.extend.registry import LEVERS

if TYPE_CHECKING:
    import pandas as pd

PHRASES: dict[str, tuple[str, str]] = {
    TOTAL: ("All levers", "全部工具合计"),
    REMAINDER: ("Interactions of three or more", "三项及以上交互"),
    "main": ("Average over the others", "对其他工具取平均"),
    "alone": ("Alone", "单独使用"),
    "beside_all": ("Beside all others", "其他全部使用时"),
    "raw": ("Raw: against nobody", "原始：与无统筹相比"),
    "beyond_information": ("Beyond information alone", "超出仅信息共享的部分"),
    "beyond_random": ("Beyond its random twin", "超出随机对照的部分"),
    "met": ("Target met: {name}", "达成目标：{name}"),
    "shortfall": ("Shortfall: {name}", "目标缺口：{name}"),
    "cost": ("Coordinator's spending", "统筹支出"),
    "title": ("Which lever did it: {name}", "哪项工具起作用：{name}"),
    "none_title": (
        "No lever's share of welfare can be told from zero",
        "没有任何一项工具的福利贡献可与零区分",
    ),
    "some_title": (
        "Share of welfare told from zero (bn yuan): {levers}; not told: {rest}",
        "福利贡献可与零区分（十亿元）：{levers}；不可区分：{rest}",
    ),
    "shares_note": (
        "Shapley shares with 95% intervals; they sum to the effect of all levers together; hollow: not "
        "distinguishable after Holm's correction over the levers",
        "Shapley贡献与95%区间，合计等于全部工具的总效应；空心：Holm校正后不可区分",
    ),
    "half_note": (
        "Main effects from half of the combinations (equal to Shapley shares where no interaction involves "
        "three levers) with 95% intervals; hollow: not distinguishable",
        "由一半组合估计的主效应（无三项及以上交互时等于Shapley贡献）与95%区间；空心：不可区分",
    ),
    "comparisons_title": (
        "Levers that change welfare: beyond information alone {informed}; beyond random lists with the same money "
        "{random}",
        "改变福利的工具：超出信息共享的有{informed}；超出同等资金随机名单的有{random}",
    ),
    "comparisons_note": (
        "Means with 95% intervals; grey circle: raw, against nobody; blue square: beyond information "
        "alone; orange triangle: beyond the random twin (same money, random lists; a lever without a "
        "list has none); hollow: not distinguishable after Holm's correction over the levers",
        "均值与95%区间；灰色圆点：与无统筹相比；蓝色方块：超出仅信息共享；橙色三角：超出随机对照（资金相同、名单随机；"
        "无清单的工具没有）；空心：Holm校正后不可区分",
    ),
    "nothing": ("none", "无"),
    "footer": (
        "{name}: {arms} arms on one set of draws; {n} replicates, seed {seed}; world {world}, data {vintage}.",
        "{name}：{arms}个方案使用同一组随机数；重复{n}次，种子{seed}；世界{world}，数据{vintage}。",
    ),
    "alternative": ("Forest plot. {text}", "森林图。{text}"),
    "claim": (
        "{lever} adds more welfare than {others}",
        "{lever}的福利贡献高于{others}",
    ),
    "no_claim": (
        "No two levers can be told apart by their share of welfare: no order is claimed",
        "各工具的福利贡献两两不可区分：不作排序结论",
    ),
    "together": (
        "All levers together change {measure} by {change} (95% interval {low} to {high})",
        "全部工具合计使{measure}变化{change}（95%区间{low}至{high}）",
    ),
    "together_unclear": (
        "All levers together show no distinguishable change in {measure}: {change} (95% interval {low} to {high})",
        "全部工具合计对{measure}无可区分的影响：{change}（95%区间{low}至{high}）",
    ),
    "together_identical": (
        "All levers together leave {measure} identical to the last digit",
        "全部工具合计使{measure}完全不变",
    ),
}


def phrase(key: str, language: str, **values: object) -> str:
    """A phrase of this module in a language, blanks filled."""
    return PHRASES[key][language == "zh"].format(**values)


def lever_label(lever: str, language: str) -> str:
    """What a lever, or a row beside the levers, is called."""
    if lever in LEVERS:
        return LEVERS.label(lever, language)
    return phrase(lever, language) if lever in PHRASES else lever.replace("_", " ")


def key_label(key: str, language: str, unit: bool = True) -> str:
    """What a key of scores ("total:welfare", "met:...") is called."""
    kind, _, name = key.partition(":")
    if kind in ("met", "shortfall"):
        return phrase(kind, language, name=name)
    return phrase("cost", language) if name == "coordination_cost" else measure_label(name, language, unit)


def agreed(table: pd.DataFrame) -> list[str]:
    """Levers whose effect on welfare can be told from zero."""
    rows = table[(table["measure"] == f"total:{WELFARE}") & ~table["verdict"].isin(UNTOLD)]
    return [lever for lever in LEVERS if lever in set(rows["lever"])]


def shares_finding(shares: pd.DataFrame, language: str) -> str:
    """Which levers have a share of welfare that can be told from zero, in one sentence."""
    found, between = agreed(shares), "、" if language == "zh" else ", "
    rest = between.join(lever_label(lever, language) for lever in LEVERS if lever not in found)
    if not found:
        return phrase("none_title", language)
    rows = shares[shares["measure"] == f"total:{WELFARE}"].set_index("lever")
    order = sorted(found, key=lambda lever: -abs(float(rows.loc[lever, "mean"])))
    levers = between.join(_with_share(lever_label(lever, language), rows.loc[lever], language) for lever in order)
    text = phrase("some_title", language, levers=levers, rest=rest)
    return text if rest else text.partition("；" if language == "zh" else "; ")[0]


def comparisons_finding(effects: pd.DataFrame, language: str) -> str:
    """Which levers still do something beyond information alone, and beyond random lists, in one sentence."""
    between = "、" if language == "zh" else ", "

    def named(comparison: str) -> str:
        found = agreed(effects[effects["comparison"] == comparison])
        return between.join(lever_label(lever, language) for lever in found) or phrase("nothing", language)

    return phrase("comparisons_title", language, informed=named("beyond_information"), random=named("beyond_random"))


def _with_share(label: str, row: Any, language: str) -> str:
    return f"{label}（{_signed(row)}）" if language == "zh" else f"{label} ({_signed(row)})"


def _signed(row: Any) -> str:
    return fixed(float(row["mean"]), places_for((row["high"] - row["low"]) / 2), True)


def claims(ranking: pd.DataFrame, language: str) -> list[str]:
    """What may be said about the order of the levers, in sentences."""
    found = [
        phrase(
            "claim",
            language,
            lever=lever_label(row.lever, language),
            others=listed([lever_label(name, language) for name in row.above.split(", ")], language),
        )
        for row in ranking.itertuples()
        if row.above
    ]
    return found or [phrase("no_claim", language)]


def total_sentence(shares: pd.DataFrame, language: str) -> str:
    """What all levers do together to welfare."""
    row = shares[(shares["measure"] == f"total:{WELFARE}") & (shares["lever"] == TOTAL)].iloc[0]
    places = places_apart(row["low"], row["high"], places_for((row["high"] - row["low"]) / 2))
    ends = [fixed(float(row[column]), places, True) for column in ("mean", "low", "high")]
    label = measure_label(WELFARE, language)
    key = {IDENTICAL: "together_identical", NOT_DISTINGUISHABLE: "together_unclear"}
    return phrase(
        key.get(row["verdict"], "together"),
        language,
        measure=label[:1].lower() + label[1:],
        change=ends[0],
        low=ends[1],
        high=ends[2],
    )
