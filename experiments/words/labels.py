"""How everything drawn or printed is called, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qipan.experiments.words.phrases import TEXT, UNITS_ZH

LANGUAGES = ("en", "zh")


GREY = "#6E6E6E"


def say(key: str, language: str, **values: object) -> str:
    """Return a phrase of the phrase table with its blanks filled; raises KeyError for a phrase that does not exist."""
    return TEXT[key][LANGUAGES.index(language)].format(**values)


@dataclass(frozen=True)
class Topic:
    """The phrases of one topic: those whose keys begin with its name and a dot."""

    name: str

    def __call__(self, key: str, language: str, **values: object) -> str:
        """Return a phrase of this topic with its blanks filled."""
        return say(f"{self.name}.{key}", language, **values)

    def __contains__(self, key: str) -> bool:
        """Say whether there is such a phrase."""
        return f"{self.name}.{key}" in TEXT


def listed(names: list[str], language: str) -> str:
    """Join names: "a, b and c"."""
    if language == "zh":
        return "、".join(names)
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def enumerated(names: list[str], language: str) -> str:
    """Join names without a last "and": "a, b, c"."""
    return ("、" if language == "zh" else ", ").join(names)


def counted(key: str, count: int, language: str) -> str:
    """Return so many of something, in the singular for one: key "count_arms" gives "2 arms"."""
    return say(f"{key}_one" if count == 1 else key, language, count=f"{count:,}")


def verdict_label(verdict: str, language: str) -> str:
    """Return a verdict of the tables, one of `VERDICTS`, as printed."""
    return say("verdict_" + verdict.replace(":", "").replace(" ", "_"), language)


def small(text: str, language: str) -> str:
    """Return a label with a small first letter unless it is a name, an abbreviation or Chinese."""
    return text[:1].lower() + text[1:] if language == "en" and text[1:2].islower() else text


def unit_label(unit: str, language: str) -> str:
    """Return the unit of what is stored or set, in words; a pure number prints nothing. See `shown_unit`."""
    if unit in ("1", ""):
        return ""
    return UNITS_ZH.get(unit, unit) if language == "zh" else unit


SHOWN_ZH = {"bn yuan": (10.0, "亿元"), "bn yuan/year": (10.0, "亿元/年")}
"""What values kept in a unit are multiplied by in Chinese pages, and the unit they then have."""


def shown_unit(unit: str, language: str) -> tuple[float, str]:
    """Return what values kept in a unit are multiplied by where they are printed, and the unit as printed.

    Example:
        >>> shown_unit("bn yuan", "en"), shown_unit("bn yuan/year", "zh"), shown_unit("nats", "zh")
        ((1.0, 'bn yuan'), (10.0, '亿元/年'), (1.0, '奈特'))
    """
    if language == "zh" and unit in SHOWN_ZH:
        return SHOWN_ZH[unit]
    return 1.0, unit_label(unit, language)


def shown_measure(name: str, language: str) -> tuple[float, str]:
    """Return what a measure's values are multiplied by where they are printed, and its label with the unit they then
    have; `measure_label` has the unit of the stored tables.
    """
    declared = measure(name)
    if declared is None:
        return 1.0, measure_label(name, language)
    factor, unit = shown_unit(declared.unit, language)
    label = measure_label(name, language, unit=False)
    return factor, bracketed(label, unit, language)


def bracketed(label: str, unit: str, language: str) -> str:
    """Return "label (unit)" of a unit as printed, the label alone without one; in Chinese brackets are shared.

    Example:
        >>> bracketed("Output", "bn yuan", "en"), bracketed("累计产出（贴现）", "亿元", "zh")
        ('Output (bn yuan)', '累计产出（贴现，亿元）')
    """
    if not unit:
        return label
    if language != "zh":
        return f"{label} ({unit})"
    return f"{label[:-1]}，{unit}）" if label.endswith("）") else f"{label}（{unit}）"


def with_unit(label: str, unit: str, language: str) -> str:
    """Return "label (unit)", or the label alone for a pure number."""
    return bracketed(label, unit_label(unit, language), language)


def measure(name: str) -> Any:
    """Return the declaration of a measure: label, label_zh, unit, direction; None when the registry lacks it."""
    from qipan.model.measures import MEASURES

    return MEASURES.get(name)


def measure_label(name: str, language: str, unit: bool = True) -> str:
    """Return the label of a measure, with its unit where wanted; a measure not declared prints its name in words."""
    declared = measure(name)
    if declared is None:
        return name.replace("_", " ")
    label = declared.label_zh if language == "zh" and declared.label_zh else declared.label
    return with_unit(label, declared.unit, language) if unit else str(label)


def region_label(world: Any, code: str, language: str) -> str:
    """Return a region's name from its code; the nation is named too, an unknown code prints itself."""
    if code in ("nation", "CN"):
        return say("nation", language)
    names = world.region_names_zh if language == "zh" else world.region_names
    return str(names[world.region_codes.index(code)]) if code in world.region_codes else code


def sector_label(world: Any, code: str, language: str) -> str:
    """Return a sector's name from its code; an unknown code prints itself."""
    names = world.sector_names_zh if language == "zh" else world.sector_names
    return str(names[world.sector_codes.index(code)]) if code in world.sector_codes else code


def own_sentence(world: Any, language: str) -> str:
    """What differs from the shipped tables in one sentence, of a world or of what a manifest tells; empty if nothing.

    Args:
        world: A `World`, or anything with an attribute `own` as `own_facts` makes it.
        language: "en" or "zh".
    """
    own = getattr(world, "own", None)
    if own is None:
        return ""
    return str(own.get(language, "")) if isinstance(own, Mapping) else str(own.sentence(language))


def luminance(colour: str) -> float:
    """Return the relative luminance of a hex colour, 0 black to 1 white (WCAG 2.1)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ink(colour: str, contrast: float = 4.6) -> str:
    """Return the colour darkened until text in it stands out on white by this contrast ratio (WCAG AA asks 4.5)."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    while 1.05 / (luminance("#{:02X}{:02X}{:02X}".format(*parts)) + 0.05) < contrast:
        parts = [int(p * 0.95) for p in parts]
    return "#{:02X}{:02X}{:02X}".format(*parts)
