"""What each arm is called and how it looks wherever it appears.

Colours are those of Okabe and Ito (2008), safe for the colour-blind; "none" is grey. Line style and marker repeat what
the colour says, so that a grey print keeps the arms apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from qipan.experiments.summaries.comparison import ArmResult, Comparison
from qipan.experiments.summaries.family import REFERENCES
from qipan.experiments.words.labels import GREY, say
from qipan.experiments.words.phrases import TEXT
from qipan.model.extend.registry import ARMS, LEVERS
from qipan.model.parameters.stretches import ever

Dash = tuple[float, ...]


@dataclass(frozen=True)
class ArmStyle:
    """Colour (hex), dash pattern in points (empty = solid), marker and line width in points of one arm."""

    colour: str
    dash: Dash
    marker: str
    width: float = 1.4


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
    coordination = arm.scenario.policy.coordination
    on = ever(arm.scenario.policy, (*LEVERS, "information"))
    shipped = set(LEVERS.shipped) <= set(on)
    if coordination.arm == "none" or (coordination.arm == "design" and not {*on} & {*LEVERS}):
        return "information" if "information" in on else "none"
    if coordination.arm == "design":
        return "design" if shipped else "lever"
    return str(coordination.arm)


def styles(comparison: Comparison) -> dict[str, ArmStyle]:
    """Give each arm its look: references of one kind look alike; policies differ from each other and the baseline.

    The policy asked about has the look of a design, as the only one has.
    """
    taken = {arm.name: KINDS[kind(arm)] for arm in comparison.arms if arm.role not in ("baseline", "policy")}
    spare = _spare(len(comparison.arms))
    used: list[ArmStyle] = []
    rest = [arm for arm in comparison.arms if arm.name not in taken]
    for arm in sorted(rest, key=lambda arm: (arm.role != "baseline", arm.name != comparison.asked.name)):
        look = KINDS.get(kind(arm), KINDS["design"])
        used.append(look if look not in used else next(spare))
        taken[arm.name] = used[-1]
    return taken


def _spare(count: int) -> Iterator[ArmStyle]:
    """At least so many looks for further policies: from the second round on, colours with the next one's marker."""
    for place in range(count):
        turn, index = divmod(place, len(SPARE))
        marked = SPARE[(index + turn) % len(SPARE)]
        yield replace(SPARE[index], marker=marked.marker, dash=marked.dash)


def arm_title(arm: ArmResult, language: str) -> str:
    """Return an arm's title in a language, falling back on English and on its name."""
    return (arm.title_zh if language == "zh" else "") or arm.title or arm.name


def arm_words(arm: ArmResult, language: str) -> str:
    """Return what an arm is, in a sentence; an arm that a plug-in brings prints its label."""
    what = kind(arm)
    return say(f"arm_{what}", language) if f"arm_{what}" in TEXT else ARMS.label(what, language)


def role_title(arm: ArmResult, language: str) -> str:
    """Return what an arm is called beside its policy: a reference by its role alone."""
    if arm.role not in REFERENCES:
        return arm_title(arm, language)
    return REFERENCES[arm.role].title_zh if language == "zh" else REFERENCES[arm.role].title
