"""What a sweep says, in English and Chinese: words for its tables, figures, page and the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.labels import measure_label
from experiments.labels_numbers import number, percent, percent_span
from experiments.sweep_file import WELFARE
from experiments.sweep_tables import HELPS, HURTS, IN_ALL, UNCLEAR

if TYPE_CHECKING:
    from experiments.studying import Study

PHRASES: dict[str, tuple[str, str]] = {
    HELPS: ("helps", "有益"), HURTS: ("hurts", "有害"), UNCLEAR: ("not distinguishable", "不可区分"),
    IN_ALL: ("welfare at all three terminal values", "三种期末价值下的福利"),
    "volume": ("{arm}, {criterion}: helps in {helps}, not distinguishable in {unclear}, hurts in {hurts} of {points} "
               "points ({sampler})",
               "{arm}，{criterion}：在{points}个点（{sampler}）中有益{helps}，不可区分{unclear}，有害{hurts}"),
    "regret": ("{arm}: largest regret in {measure} {regret} (95% interval {low} to {high}), best in {best} of the "
               "points, proven in {proven}",
               "{arm}：{measure}最大遗憾{regret}（95%区间{low}至{high}），在{best}的点上最优，其中{proven}确定"),
    "leaf": ("{arm}, where {condition}: helps in {helps}, hurts in {hurts} of {points} points",
             "{arm}，当{condition}：{points}个点中有益{helps}，有害{hurts}"),
    "tree": ("This tree guesses {right} of points right that it has not seen; always naming the commonest outcome, "
             "{majority}{verdict}",
             "该决策树对未见点判断正确{right}；始终取最常见结果为{majority}{verdict}"),
    "useless": (": it separates nothing", "：不具区分力"), "useful": ("", ""),
    "driver": ("{parameter} goes with what {arm} does to {measure}: rank correlation {value} ({low} to {high})",
               "{parameter}与{arm}对{measure}的影响相关：秩相关{value}（{low}至{high}）"),
    "no_driver": ("No parameter goes with what {arm} does to {measure}", "没有参数与{arm}对{measure}的影响显著相关"),
    "footer": ("{name}: {points} points ({sampler}), {n} replicates of each arm at each, the same draws; "
               "world {world}, data {vintage}.",
               "{name}：{points}个点（{sampler}），每点每方案重复{n}次，随机数相同；世界{world}，数据{vintage}。"),
    "difference": ("Difference from {baseline} in {measure}", "{measure}与{baseline}之差"),
    "point": ("Points, sorted by difference", "点（按差异排序）"),
    "curve_note": ("Lines: mean difference; bands: 95% intervals; hollow: not distinguishable (false share 5% over "
                   "points)", "线：平均差异；带：95%区间；空心：不可区分（各点合计错误发现率5%）"),
    "heat_note": ("Cells: mean difference; ring: not distinguishable (false share 5% over points)",
                  "格：平均差异；圆圈：不可区分（错误发现率5%）"),
    "drivers_note": ("Rank correlation of a parameter with the difference, 95% interval; hollow: not distinguishable "
                     "after Holm's correction over all parameters",
                     "参数与差异的秩相关及95%区间；空心：经Holm校正不可区分"),
}  # fmt: skip


def phrase(key: str, language: str, **values: object) -> str:
    """A phrase of this module in a language, blanks filled."""
    return PHRASES[key][language == "zh"].format(**values)


def parameter_label(key: str, language: str) -> str:
    """What a parameter is called on an axis: its Chinese label where there is one, else its name in words."""
    from model.scenario.table import parameter_table

    row = parameter_table().get(key)
    name = key.rpartition(".")[2].replace("_", " ")
    return row.zh if language == "zh" and row is not None and row.zh else name


def small_measure(name: str, language: str) -> str:
    """A measure's label inside a sentence."""
    label = measure_label(name, language, unit=False)
    return label[:1].lower() + label[1:] if language == "en" else label


def sentences(study: Study, language: str) -> list[str]:
    """Everything a sweep says, most important first."""
    return [*volume_sentences(study, language), *_regret_sentences(study, language), *_tree_sentences(study, language),
            *driver_sentences(study, language)]  # fmt: skip


def volume_sentences(study: Study, language: str, criterion: str | None = None) -> list[str]:
    """Share of the points where each arm helps, cannot be told apart, hurts."""
    table, lines = study.tables.get("volume"), []
    if table is None:
        return []
    for (arm, name), rows in table.groupby(["arm", "criterion"], sort=False):
        if criterion in (None, name):
            shares = {row.outcome: f"{percent(row.share)} ({percent_span(row.low, row.high, language)})"
                      for row in rows.itertuples()}  # fmt: skip
            label = phrase(IN_ALL, language) if name == IN_ALL else small_measure(str(name), language)
            lines.append(phrase("volume", language, arm=arm, criterion=label, helps=shares[HELPS],
                                unclear=shares[UNCLEAR], hurts=shares[HURTS], points=int(rows["points"].iloc[0]),
                                sampler=str(rows["sampler"].iloc[0]).replace("_", " ")))  # fmt: skip
    return lines


def _regret_sentences(study: Study, language: str) -> list[str]:
    table = study.tables.get("robustness")
    if table is None:
        return []
    rows = table[table["measure"] == WELFARE[-1]]
    return [phrase("regret", language, arm=row.arm, measure=small_measure(row.measure, language),
                   regret=number(row.max_regret), low=number(row.max_regret_low), high=number(row.max_regret_high),
                   best=percent(row.best), proven=percent(row.proven)) for row in rows.itertuples()]  # fmt: skip


def _tree_sentences(study: Study, language: str) -> list[str]:
    table, lines = study.tables.get("separates"), []
    if table is None:
        return []
    for arm, rows in table.groupby("arm", sort=False):
        if len(rows) > 1:
            lines += [phrase("leaf", language, arm=arm, condition=row.condition, helps=percent(row.helps),
                             hurts=percent(row.hurts), points=row.points) for row in rows.itertuples()]  # fmt: skip
            first = rows.iloc[0]
            verdict = phrase("useful" if first["right"] > first["right_by_majority"] else "useless", language)
            lines.append(phrase("tree", language, right=percent(first["right"]), verdict=verdict,
                                majority=percent(first["right_by_majority"])))  # fmt: skip
    return lines


def driver_sentences(study: Study, language: str) -> list[str]:
    """Which parameters go with what each arm does to welfare, strongest first."""
    table, lines = study.tables.get("drivers"), []
    if table is None:
        return []
    for (arm, measure), rows in table[table["measure"] == WELFARE[-1]].groupby(["arm", "measure"], sort=False):
        sure, label = rows[rows["p_adjusted"] <= 0.05].head(6), small_measure(str(measure), language)
        if sure.empty:
            lines.append(phrase("no_driver", language, arm=arm, measure=label))
        lines += [phrase("driver", language, parameter=parameter_label(row.parameter, language), arm=arm, measure=label,
                         value=number(row.correlation, signed=True), low=number(row.low), high=number(row.high))
                  for row in sure.itertuples()]  # fmt: skip
    return lines


def print_sweep(study: Study, language: str) -> None:
    """Print what the sweep says on the terminal."""
    from rich.console import Console

    console = Console()
    console = console if console.is_terminal else Console(width=150)
    for line in [*sentences(study, language), *study.warnings]:
        console.print(line, markup=False, highlight=False)
