"""What a sweep says, in English and Chinese: words for its tables, figures, page and the terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from qipan.experiments.designs.sweep_file import WELFARE
from qipan.experiments.designs.sweep_tables import HELPS, HURTS, UNCLEAR
from qipan.experiments.statistics.paired import IDENTICAL
from qipan.experiments.words.labels import Topic, measure_label, shown_unit, with_unit
from qipan.experiments.words.numbers import number, percent, percent_span
from qipan.experiments.words.warned import warned

if TYPE_CHECKING:
    from qipan.experiments.results.study import Study


phrase = Topic("sweep")


def arm_label(study: Study, name: str, language: str, inside: bool = False) -> str:
    """An arm's title in a language, also inside a sentence; its name where the study does not tell."""
    title, title_zh = study.facts.get("arm_titles", {}).get(name, ("", ""))
    label = str((title_zh if language == "zh" else "") or title or name)
    return _small(label) if inside and label[1:2].islower() else label


def parameter_label(key: str, language: str, unit: bool = False) -> str:
    """What a parameter is called: its Chinese label where there is one, else its name in words; with its unit."""
    from qipan.model.scenario.table import parameter_table

    row = parameter_table().get(key)
    name = key.rpartition(".")[2].replace("_", " ")
    label = row.zh if language == "zh" and row is not None and row.zh else name[:1].upper() + name[1:]
    return with_unit(label, row.unit, language) if unit and row is not None else label


def parameter_meanings(keys: list[str], language: str) -> str:
    """What parameters mean, for the note of a figure in English; Chinese labels say it already."""
    from qipan.model.scenario.table import parameter_table

    if language == "zh":
        return ""
    rows = [(key, parameter_table().get(key)) for key in keys]
    return " ".join(
        f"{parameter_label(key, language)}: {row.meaning[:1].lower()}{row.meaning[1:]}"
        for key, row in rows
        if row is not None
    )


def condition_label(text: str, language: str) -> str:
    """A condition of the tree with parameters and signs as they are printed."""
    if text in phrase:
        return phrase(text, language)
    named = re.sub(r"[a-z_]+(\.[a-z_0-9]+)+", lambda found: _small(parameter_label(found[0], language)), text)
    return named.replace(">=", "\N{GREATER-THAN OR EQUAL TO}").replace(" and ", phrase("and", language))


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def small_measure(name: str, language: str) -> str:
    """A measure's label inside a sentence."""
    label = measure_label(name, language, unit=False)
    return _small(label) if language == "en" else label


def criterion_label(name: str, language: str) -> str:
    """A criterion of the table `volume` inside a sentence."""
    return small_measure(name, language)


def sentences(study: Study, language: str) -> list[str]:
    """What a sweep says, most important first; the criteria one by one are in its table `volume`."""
    still = still_sentences(study, language)
    if "differences" not in study.tables:
        return [*still, phrase("nothing_to_compare", language)]
    return [
        *still,
        *main_sentences(study, language),
        *(() if study.facts.get("over") else best_sentences(study, language)),
        *_regret_sentences(study, language),
        *_tree_sentences(study, language),
        *driver_sentences(study, language),
    ]


def still_sentences(study: Study, language: str) -> list[str]:
    """Which parameters move nothing, and that there is one point only."""
    lines = [
        phrase(kind, language, parameter=parameter_label(key, language))
        for kind in ("still", "still_where_tried")
        for key in study.facts.get(kind, ())
    ]
    return [phrase("one_point", language), *lines] if len(study.tables["points"]) == 1 else lines


def main_sentences(study: Study, language: str, arm: str | None = None) -> list[str]:
    """Where each arm (or one) helps and hurts."""
    return volume_sentences(study, language, None, arm)


def volume_sentences(study: Study, language: str, criterion: str | None = None, arm: str | None = None) -> list[str]:
    """Points where each arm helps, hurts, cannot be told apart; shares with intervals where points are a sample."""
    table, lines = study.tables.get("volume"), []
    if table is None:
        return []
    for (name, key), rows in table.groupby(["arm", "criterion"], sort=False):
        if criterion in (None, key) and arm in (None, name):
            method = str(rows["sampler"].iloc[0])
            shares = {row.outcome: share_text(row, method, language) for row in rows.itertuples()}
            count, grid, same = int(rows["points"].iloc[0]), "_grid" if method == "grid" else "", shares.get(IDENTICAL)
            alike = same if rows.loc[rows["outcome"] == IDENTICAL, "share"].any() else ""
            over = study.facts.get("over")
            if over:
                told = {"helps": shares[HELPS], "unclear": shares[UNCLEAR], "hurts": shares[HURTS]}
                told |= {"arm": arm_label(study, name, language), "criterion": criterion_label(key, language)}
                alike = phrase("same", language, share=alike) if alike else ""
                lines.append(phrase("over", language, count=count, same=alike, name=over["name"], **told))
                continue
            lines.append(
                phrase(
                    f"volume{grid}",
                    language,
                    arm=arm_label(study, name, language),
                    criterion=criterion_label(key, language),
                    helps=shares[HELPS],
                    unclear=shares[UNCLEAR],
                    hurts=shares[HURTS],
                    points=points_told(count, language),
                    count=count,
                    same=phrase(f"same{grid}", language, share=alike) if alike else "",
                    sampler=phrase(method, language),
                )
            )
    return lines


MOST_POINTS = 4
"""Points that a sentence names by their values."""


def best_sentences(study: Study, language: str) -> list[str]:
    """The best point of each arm with its interval, the points not told apart from it, and edges it lies at."""
    table, lines = study.tables.get("best_points"), []
    factor, _ = shown_unit("bn yuan", language)
    for row in () if table is None else table.itertuples():
        alike = [int(point) for point in str(row.alike_points).split(", ") if point]
        told = [point_words(study, point, language) for point in alike[:MOST_POINTS]]
        if len(alike) > MOST_POINTS:
            told.append(phrase("best_more", language, count=len(alike) - MOST_POINTS))
        rest = phrase(
            "best_alike_one" if len(alike) == 1 else "best_alike",
            language,
            count=len(alike),
            list=phrase("best_between", language).join(told),
        )
        lines.append(
            phrase(
                "best",
                language,
                arm=arm_label(study, row.arm, language),
                baseline=arm_label(study, next(iter(study.facts["arm_titles"])), language, inside=True),
                point=point_words(study, int(row.point), language),
                mean=number(factor * row.mean, signed=True),
                low=number(factor * row.low),
                high=number(factor * row.high),
                rest=rest if alike else phrase("best_alone", language),
                points=points_told(row.points, language),
            )
        )
        for edge in (text for text in str(row.edges).split(", ") if text):
            key, _, end = edge.partition(" ")
            lines.append(
                phrase(
                    f"edge_{end}",
                    language,
                    arm=arm_label(study, row.arm, language, inside=True),
                    parameter=_small(parameter_label(key, language)),
                )
            )
    return lines


def point_words(study: Study, point: int, language: str) -> str:
    """The values of a point, up to three; of more parameters its number."""
    points = study.tables["points"]
    keys = [key for key in points.columns if key != "point"]
    if len(keys) > 3:
        return phrase("point_number", language, number=point)
    row = points[points["point"] == point].iloc[0]
    values = (row[key] if isinstance(row[key], str) else f"{row[key]:.4g}" for key in keys)
    named = [f"{_small(parameter_label(key, language))} {value}" for key, value in zip(keys, values, strict=True)]
    return phrase("and_values", language).join(named)


def points_told(count: int, language: str) -> str:
    """So many points, in words."""
    return phrase("number_one" if count == 1 else "number", language, count=f"{count:,}")


def share_text(row: Any, method: str, language: str) -> str:
    """A share of the points: their number on a grid, which is no sample of anything; else per cent with interval."""
    if method == "grid":
        return str(round(row.share * row.points))
    span = percent_span(row.low, row.high, language)
    return percent(row.share, places=0) + (f"（{span}）" if language == "zh" else f" ({span})")


def _regret_sentences(study: Study, language: str) -> list[str]:
    table = study.tables.get("robustness")
    if table is None:
        return []
    rows, (factor, _) = table[table["measure"] == WELFARE], shown_unit("bn yuan", language)
    return [
        phrase(
            "regret",
            language,
            arm=arm_label(study, row.arm, language),
            measure=small_measure(row.measure, language),
            regret=number(factor * row.max_regret),
            low=number(factor * row.max_regret_low),
            high=number(factor * row.max_regret_high),
            best=percent(row.best, places=0),
            proven=percent(row.proven, places=0),
        )
        for row in rows.itertuples()
    ]


def _tree_sentences(study: Study, language: str) -> list[str]:
    """The leaves of each arm's tree, where it guesses better than the commonest outcome does; else that it does not."""
    table, lines = study.tables.get("separates"), []
    if table is None:
        return []
    for name, rows in table.groupby("arm", sort=False):
        first, arm = rows.iloc[0], arm_label(study, name, language, inside=True)
        rates = {"right": percent(first["right"], places=0), "majority": percent(first["right_by_majority"], places=0)}
        if len(rows) > 1 and first["right"] > first["right_by_majority"]:
            lines += [
                phrase(
                    "leaf",
                    language,
                    arm=arm_label(study, name, language),
                    condition=condition_label(row.condition, language),
                    helps=percent(row.helps, places=0),
                    hurts=percent(row.hurts, places=0),
                    points=points_told(row.points, language),
                )
                for row in rows.itertuples()
            ]
            lines.append(phrase("tree", language, **rates))
        elif len(rows) > 1:
            lines.append(phrase("useless", language, arm=arm, **rates))
    return lines


def driver_sentences(study: Study, language: str, only: str | None = None) -> list[str]:
    """Which parameters go with what each arm (or one) does to welfare, strongest first."""
    table, lines = study.tables.get("drivers"), []
    if table is None:
        return []
    for (name, measure), rows in table[table["measure"] == WELFARE].groupby(["arm", "measure"], sort=False):
        if only in (None, name):
            sure, label = rows[rows["p_adjusted"] <= 0.05].head(6), small_measure(str(measure), language)
            arm = arm_label(study, name, language, inside=True)
            lines += [
                phrase(
                    "driver",
                    language,
                    parameter=parameter_label(row.parameter, language),
                    arm=arm,
                    measure=label,
                    value=number(row.correlation, signed=True),
                    span=_span(row, language),
                )
                for row in sure.itertuples()
            ] or [phrase("no_driver", language, arm=arm, measure=label)]
    return lines


def _span(row: Any, language: str) -> str:
    return "" if row.low != row.low else phrase("span", language, low=number(row.low), high=number(row.high))


def print_sweep(study: Study, language: str) -> None:
    """Print what the sweep says on the terminal."""
    from rich.console import Console

    console = Console()
    console = console if console.is_terminal else Console(width=150)
    for line in [*sentences(study, language), *(warned(text, language) for text in study.warnings)]:
        console.print(line, markup=False, highlight=False)
