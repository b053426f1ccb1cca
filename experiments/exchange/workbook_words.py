"""What the sheets of a workbook call their columns and what stands in them, in English and Chinese."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from qipan.experiments.findings.arms import arm_title
from qipan.experiments.results.stored import EVIDENCE
from qipan.experiments.summaries.comparison import TOTAL, Comparison
from qipan.experiments.summaries.family import REFERENCES
from qipan.experiments.words.labels import measure_label, region_label, say, sector_label
from qipan.experiments.words.phrases import HEADS, TEXT

if TYPE_CHECKING:
    from qipan.experiments.results.study import Study

Word = Callable[[str], str]
PERCENT = (
    "probability",
    "share",
    "shortfall",
    "relative",
    "return_rate",
    "satisficing",
    "surely",
    "possibly",
    "proven",
    "helps",
    "hurts",
    "not_distinguishable",
    "identical",
    "right",
)
"""Beginnings of the names of columns that hold shares of one."""
PERCENT_AT = {
    "targets.low",
    "targets.high",
    "targets.narrow",
    "targets.wide",
    "volume.low",
    "volume.high",
    "robustness.best",
}
WHOLE = {"year", "met_year", "n", "best", "worst", "points", "point", "replicates", "rows"}
"""Columns of whole numbers, written without separators."""


def column_head(table: str, column: str, language: str) -> str:
    """What the column of a table is called."""
    from qipan.experiments.findings.sweep import parameter_label
    from qipan.model.measures import MEASURES

    words = HEADS.get(f"{table}.{column}", HEADS.get(column))
    if words is not None:
        return words[language == "zh"]
    if column in MEASURES:
        return measure_label(column, language)
    return parameter_label(column, language, unit=True) if "." in column else column.replace("_", " ")


def told(key: str, language: str, **values: object) -> str:
    """A phrase of the workbook, blanks filled; the key itself where there is none."""
    words = HEADS.get(key)
    return key.partition(".")[2] if words is None else words[language == "zh"].format(**values)


def is_share(table: str, column: str) -> bool:
    """Whether a column holds shares of one, printed in per cent."""
    return f"{table}.{column}" in PERCENT_AT or (column.startswith(PERCENT) and column != "shares")


def words_of(result: Comparison | Study, language: str) -> Mapping[str, Word]:
    """By the name of a column: what its codes are called. Columns without an entry stand as they are."""
    common = {
        "stage": _phrase("stage", language),
        "verdict": _phrase("verdict", language),
        "grade": _phrase("grade", language),
        "weight": _phrase("weight", language),
        "mechanism": _mechanism(language),
        "year": lambda text: say("whole_run", language) if text == TOTAL else text,
        "parameter": _parameter(language),
    }
    if isinstance(result, Comparison):
        return common | _of_comparison(result, language)
    if result.kind in ("worth", "best"):
        return common | _of_value(language)
    if result.kind in EVIDENCE:
        return common | _of_evidence(language)
    return common | (_of_sweep(result, language) if result.kind == "sweep" else _of_attribution(language))


def _of_comparison(comparison: Comparison, language: str) -> dict[str, Word]:
    titles = {arm.name: arm_title(arm, language) for arm in comparison.arms}
    between = "、" if language == "zh" else ", "

    def arms(text: str) -> str:
        return between.join(titles.get(name, name) for name in text.split(", ") if name)

    def role(text: str) -> str:
        if text in REFERENCES:
            return REFERENCES[text].title_zh if language == "zh" else REFERENCES[text].title
        return HEADS[text][language == "zh"] if text in HEADS else text

    world = comparison.world
    return {
        "arm": arms,
        "baseline": arms,
        "policy": arms,
        "same_as": arms,
        "better_than": arms,
        "worse_than": arms,
        "family": arms,
        "role": role,
        "measure": lambda text: measure_label(text, language),
        "region": lambda text: region_label(world, text, language),
        "sector": lambda text: sector_label(world, text, language),
        "indicator": _phrase("indicator", language),
    }


def _of_sweep(study: Study, language: str) -> dict[str, Word]:
    from qipan.experiments.findings.sweep import arm_label, condition_label, criterion_label, phrase

    def known(text: str) -> str:
        return phrase(text, language) if text in phrase else text

    return {
        "arm": lambda text: arm_label(study, text, language),
        "measure": lambda text: measure_label(text, language),
        "criterion": lambda text: criterion_label(text, language),
        "outcome": known,
        "sampler": known,
        "condition": lambda text: condition_label(text, language),
    }


def _of_value(language: str) -> dict[str, Word]:
    from qipan.experiments.findings.quoted.searched import phrase, searched_label

    return {
        "source": _mechanism(language),
        "quantity": lambda text: phrase(f"quantity.{text}", language),
        "arm": lambda text: searched_label(text, language) if text else "",
        "verdict": lambda text: phrase(text, language) if text in phrase else text,
    }


def _of_evidence(language: str) -> dict[str, Word]:
    from qipan.experiments.evidence.words import phrase

    def known(text: str) -> str:
        return phrase(text, language) if text in phrase else text

    return {"measure": lambda text: measure_label(text, language), "outcome": known, "part": known, "verdict": known}


def _of_attribution(language: str) -> dict[str, Word]:
    from qipan.experiments.findings.attribution import key_label, lever_label, phrase

    between = "、" if language == "zh" else ", "
    return {
        "measure": lambda text: key_label(text, language, stored=True),
        "lever": lambda text: lever_label(text, language),
        "other": lambda text: lever_label(text, language),
        "comparison": lambda text: phrase(text, language) if text in phrase else text,
        "above": lambda text: between.join(lever_label(name, language) for name in text.split(", ") if name),
    }


def _phrase(prefix: str, language: str) -> Word:
    def word(text: str) -> str:
        key = f"{prefix}_{text}".replace(" ", "_")
        return say(key, language) if key in TEXT else text.replace("_", " ")

    return word


def _mechanism(language: str) -> Word:
    from qipan.experiments.figures.money import called

    return lambda text: called("mechanism", text, language)


def _parameter(language: str) -> Word:
    from qipan.experiments.findings.sweep import parameter_label

    return lambda text: parameter_label(text, language, unit=True)


def cells_of(row: Any) -> list[Any]:
    """The values of a row of a frame as Python's own."""
    return [value.item() if hasattr(value, "item") else value for value in row]
