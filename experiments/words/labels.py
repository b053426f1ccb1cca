"""How everything drawn or printed is called, in English and Chinese, and how each arm looks wherever it appears.

Colours are those of Okabe and Ito (2008), safe for the colour-blind; "none" is grey. Line style and marker repeat what
the colour says, so that a grey print keeps the arms apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qipan.experiments.words.phrases import TEXT, UNITS_ZH

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import ArmResult, Comparison

LANGUAGES = ("en", "zh")
Dash = tuple[float, ...]


@dataclass(frozen=True)
class ArmStyle:
    """Colour (hex), dash pattern in points (empty = solid), marker and line width in points of one arm."""

    colour: str
    dash: Dash
    marker: str
    width: float = 1.4


GREY = "#6E6E6E"
KINDS: dict[str, ArmStyle] = {
    "none": ArmStyle(GREY, (), "o", 1.6),
    "information": ArmStyle("#56B4E9", (6, 2), "s"),
    "random": ArmStyle("#E69F00", (1.2, 1.4), "^"),
    "lump_sum": ArmStyle("#009E73", (6, 1.5, 1.2, 1.5), "D"),
    "burn": ArmStyle("#CC79A7", (3, 1.5), "v"),
    "design": ArmStyle("#0072B2", (), "P", 2.2),
    "oracle": ArmStyle("#000000", (8, 2, 1.2, 2, 1.2, 2), "*"),
    "cut": ArmStyle("#8A6D00", (2, 3), "X"),
}
SPARE: tuple[ArmStyle, ...] = (
    ArmStyle("#D55E00", (5, 1), "<"),
    ArmStyle("#332288", (3, 1, 1, 1), ">"),
    ArmStyle("#882255", (2, 1), "h"),
    ArmStyle("#117733", (1, 2), "p"),
    ArmStyle("#AA4499", (7, 3), "d"),
    ArmStyle("#999933", (2, 2), "8"),
)
"""Further policies: colours that no reference has, vermilion of the same palette and the muted one of Tol (2021)."""


def kind(arm: ArmResult) -> str:
    """Say what an arm is from its policy: none, information, random, lump_sum, burn, cut, oracle, design or lever.

    "design" has all levers that ship; "lever" has some levers.
    """
    from qipan.model.registry import LEVERS

    coordination = arm.scenario.policy.coordination
    levers = [bool(getattr(coordination, lever, False)) for lever in LEVERS]
    shipped = all(getattr(coordination, lever) for lever in LEVERS.shipped)
    if coordination.arm == "none" or (coordination.arm == "design" and not any(levers)):
        return "information" if coordination.information else "none"
    if coordination.arm == "design":
        return "design" if shipped else "lever"
    return str(coordination.arm)


def styles(comparison: Comparison) -> dict[str, ArmStyle]:
    """Give each arm its look: references of one kind look alike; policies differ from each other and the baseline.

    The policy asked about has the look of a design, as the only one has.
    """
    taken = {arm.name: KINDS[kind(arm)] for arm in comparison.arms if arm.role not in ("baseline", "policy")}
    spare = iter(SPARE * (1 + len(comparison.arms) // len(SPARE)))
    used: list[ArmStyle] = []
    rest = [arm for arm in comparison.arms if arm.name not in taken]
    for arm in sorted(rest, key=lambda arm: (arm.role != "baseline", arm.name != comparison.asked.name)):
        look = KINDS.get(kind(arm), KINDS["design"])
        used.append(look if look not in used else next(spare))
        taken[arm.name] = used[-1]
    return taken


def arm_title(arm: ArmResult, language: str) -> str:
    """Return an arm's title in a language, falling back on English and on its name."""
    return (arm.title_zh if language == "zh" else "") or arm.title or arm.name


def arm_words(arm: ArmResult, language: str) -> str:
    """Return what an arm is, in a sentence; an arm that a plug-in brings prints its label."""
    from qipan.model.registry import ARMS

    what = kind(arm)
    return say(f"arm_{what}", language) if f"arm_{what}" in TEXT else ARMS.label(what, language)


def role_title(arm: ArmResult, language: str) -> str:
    """Return what an arm is called beside its policy: a reference by its role alone."""
    from qipan.experiments.summaries.family import REFERENCES

    if arm.role not in REFERENCES:
        return arm_title(arm, language)
    return REFERENCES[arm.role].title_zh if language == "zh" else REFERENCES[arm.role].title


def say(key: str, language: str, **values: object) -> str:
    """Return a phrase of the phrase table with its blanks filled; raises KeyError for a phrase that does not exist."""
    return TEXT[key][LANGUAGES.index(language)].format(**values)


def listed(names: list[str], language: str) -> str:
    """Join names: "a, b and c"."""
    if language == "zh":
        return "、".join(names)
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def small(text: str, language: str) -> str:
    """Return a label with a small first letter unless it is a name, an abbreviation or Chinese."""
    return text[:1].lower() + text[1:] if language == "en" and text[1:2].islower() else text


def unit_label(unit: str, language: str) -> str:
    """Return a unit as printed; a pure number prints nothing."""
    if unit in ("1", ""):
        return ""
    return UNITS_ZH.get(unit, unit) if language == "zh" else unit


def with_unit(label: str, unit: str, language: str) -> str:
    """Return "label (unit)", or the label alone for a pure number."""
    printed = unit_label(unit, language)
    if not printed:
        return label
    return f"{label}（{printed}）" if language == "zh" else f"{label} ({printed})"


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
