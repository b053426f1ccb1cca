"""Who is who in a comparison: the baseline, the policies asked about, and the references of each policy.

A reference belongs to one policy: it has that policy's world, funding, levers, levy and delays, and differs from it in
one thing. Scenarios of equal content are run once and stand under every name they have, so that a policy's rows are the
same whatever stands beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from qipan.model.errors import Problem, UserError
from qipan.model.extend.registry import LEVERS
from qipan.model.parameters.stretches import ever, stretches, without

if TYPE_CHECKING:
    from qipan.model.parameters import Coordination
    from qipan.model.scenario import Scenario

BASELINE, POLICY = "baseline", "policy"
PLACEBO, INFORMATION, LUMP_SUM, BURN, CUT = "placebo", "information", "lump_sum", "burn", "cut"
TRUE_VALUES, NOBODY = "true_values", "nobody"


class Reference(NamedTuple):
    """What the arm of a role is called: the beginning of its name, its title, and its title with the policy's."""

    prefix: str
    title: str
    title_zh: str
    of: str
    of_zh: str


REFERENCES = {
    PLACEBO: Reference("placebo", "Placebo (random lists)", "安慰剂（随机清单）", "Placebo of {}", "{}的安慰剂"),
    INFORMATION: Reference(
        "information", "Information alone", "仅信息共享", "Information alone of {}", "{}的仅信息共享"
    ),
    LUMP_SUM: Reference("lump-sum", "Lump sum", "一次性返还", "Lump sum of {}", "{}的一次性返还"),
    BURN: Reference("burn", "Burn of the same money", "同额空转", "Burn of {}", "{}的空转"),
    CUT: Reference("cut", "Cut by the same money", "同额削减公共资金", "Cut of {}", "{}的同额削减"),
    TRUE_VALUES: Reference(
        "true-values", "Design with true values", "按真实值设计", "{} with true values", "{}（按真实值）"
    ),
    NOBODY: Reference(
        "nobody",
        "No coordinator in its world",
        "其世界中的无统筹",
        "No coordinator in the world of {}",
        "无统筹（{}所在世界）",
    ),
}
"""The references by role."""
LONGEST = 60
"""Characters of a policy's name in the names of its references, which name files."""
COORDINATION = "policy.coordination."


@dataclass(frozen=True, eq=False)
class Member:
    """One arm of a comparison.

    Args:
        name: Short name, different from all others.
        role: `BASELINE`, `POLICY`, or a key of `REFERENCES`.
        policy: Name of the policy it belongs to, its own for a policy; "" for the baseline.
        scenario: What it is, resolved.
        run: Place of its content among the scenarios that are run.
    """

    name: str
    role: str
    policy: str
    scenario: Scenario
    run: int


@dataclass(frozen=True, eq=False)
class Family:
    """All arms of a comparison: the baseline first, then each policy followed by its references.

    Args:
        members: The arms.
        headline: Name of the policy that titles the figures; the baseline's where there is no other arm.
    """

    members: tuple[Member, ...]
    headline: str

    @property
    def runs(self) -> tuple[Member, ...]:
        """The first member of each content, in the order in which they are run."""
        first: dict[int, Member] = {}
        for member in sorted(self.members, key=lambda one: (one.run, one.role in REFERENCES)):
            first.setdefault(member.run, member)
        return tuple(first.values())

    def member(self, name: str) -> Member:
        """The member of a name; raises KeyError."""
        return {member.name: member for member in self.members}[name]

    def of(self, policy: str) -> dict[str, Member]:
        """A policy and its references, by role."""
        return {member.role: member for member in self.members if member.policy == policy}

    def alone(self, policy: str) -> Family:
        """The baseline, one policy and its references, numbered among themselves."""
        places: dict[int, int] = {}
        members = [
            replace(one, run=places.setdefault(one.run, len(places)))
            for one in self.members
            if one.policy in ("", policy)
        ]
        return Family(tuple(members), policy)

    @property
    def policies(self) -> list[Member]:
        """The policies, in the order given."""
        return [member for member in self.members if member.role == POLICY]

    def title(self, member: Member) -> tuple[str, str]:
        """Title in English and Chinese: of its role where only one policy has references, else with the policy's; with
        the name of the arm where one before it has the same title.
        """
        title, title_zh = self._title(member)
        before = [self._title(one)[0] for one in self.members[: self.members.index(member)]]
        return (f"{title} ({member.name})", f"{title_zh}（{member.name}）") if title in before else (title, title_zh)

    def _title(self, member: Member) -> tuple[str, str]:
        if member.role in REFERENCES and len({one.policy for one in self.members if one.role in REFERENCES}) == 1:
            return REFERENCES[member.role].title, REFERENCES[member.role].title_zh
        return member.scenario.title, member.scenario.title_zh

    def with_settings(self, **settings: object) -> Family:
        """The same family with settings changed in all scenarios, by dotted key."""
        members = (replace(one, scenario=one.scenario.replace(**settings)) for one in self.members)
        return replace(self, members=tuple(members))


def family_of(arms: Sequence[Scenario], references: bool | None = False, headline: str | None = None) -> Family:
    """The family of the arms asked for, the first being the baseline.

    Args:
        arms: Resolved scenarios.
        references: Whether every design among the policies has its references; None: unless it is a solved game.
        headline: Name of the policy that titles the figures; None: the last.

    Raises:
        UserError: references are asked for and no policy is a design, or no policy has the headline's name.
    """
    names = arm_names([arm.name.replace("/", "-") for arm in arms])
    members = [
        Member(name, POLICY if place else BASELINE, name if place else "", arm, 0)
        for place, (name, arm) in enumerate(zip(names, arms, strict=True))
    ]
    wanted = [
        member
        for member in members[1:]
        if is_design(member.scenario) and (references or (references is None and member.scenario.world.data != "game"))
    ]
    if references and not wanted:
        message = "no arm is a coordinator's design, so there is nothing to make references of"
        raise UserError(Problem("command line", "--with-reference", message, "leave it out, or add a design"))
    made = [(member, role, scenario) for member in wanted for role, scenario in references_of(member.scenario, arms[0])]
    called = arm_names([*names, *(f"{REFERENCES[role].prefix}-of-{one.name[:LONGEST]}" for one, role, _ in made)])
    added = [
        Member(name, role, member.name, replace(scenario, name=name), 0)
        for name, (member, role, scenario) in zip(called[len(names) :], made, strict=True)
    ]
    title = members[-1].name if headline is None else chosen_policy([one.name for one in members[1:]], headline)
    return Family(_in_order(_numbered([*members, *added])), title)


def _numbered(members: Sequence[Member]) -> list[Member]:
    """Members with the place of what they run: equal content has one place, the baseline's is its own."""
    places: dict[str, int] = {}
    found = []
    for member in members:
        key = "" if member.role == BASELINE else member.scenario.digest()
        found.append(replace(member, run=places.setdefault(key, len(places))))
    return found


def _in_order(members: Sequence[Member]) -> tuple[Member, ...]:
    """The baseline, then each policy followed by its references."""
    policies = [member.name for member in members if member.role == POLICY]
    return tuple(sorted(members, key=lambda one: -1 if one.role == BASELINE else policies.index(one.policy)))


def chosen_policy(known: Sequence[str], asked: str) -> str:
    """The policy of a name, or of the name of its file.

    Raises:
        UserError: there is none.
    """
    for wanted in (asked.replace("/", "-"), Path(asked).stem):
        if wanted in known:
            return wanted
    close = get_close_matches(asked, known, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]}?" if close else f"the policies are {', '.join(known) or 'none'}"
    raise UserError(Problem("command line", "--headline", f"{asked!r} is no policy of this comparison", hint))


def plain_family(arms: Sequence[Scenario], names: Sequence[str]) -> Family:
    """The family of arms that are all run and have no references."""
    members = tuple(
        Member(name, POLICY if place else BASELINE, name if place else "", arm, place)
        for place, (name, arm) in enumerate(zip(names, arms, strict=True))
    )
    return Family(members, names[-1])


def arm_names(names: Sequence[str]) -> tuple[str, ...]:
    """Names that are all different: 'burn', 'burn-again-1'.

    Example:
        >>> arm_names(["burn", "burn", "cut"])
        ('burn', 'burn-again-1', 'cut')
    """
    found: list[str] = []
    for name in names:
        number = sum(1 for other in found if other == name or other.startswith(f"{name}-again-"))
        found.append(name if not number else f"{name}-again-{number}")
    return tuple(found)


def is_design(scenario: Scenario) -> bool:
    """Whether a scenario is a coordinator's design: it has at least one lever, in some year."""
    return scenario.policy.coordination.arm == "design" and bool(ever(scenario.policy, LEVERS))


def has_list(scenario: Scenario) -> bool:
    """Whether a design has a list (or a definition) that can be drawn at random; without one it has no placebo."""
    return any(LEVERS[lever].has_list for lever in ever(scenario.policy, LEVERS))


def withheld(settings: Coordination) -> float:
    """Share of the regions' public money that a design does not hand back, while its plan is in force."""
    from qipan.model.coordination.levers import active_levers

    spends = any(lever.spends for lever in active_levers(settings))
    return settings.levy if spends else min(settings.administration, settings.levy)


def references_of(policy: Scenario, baseline: Scenario) -> Iterator[tuple[str, Scenario]]:
    """The references of a design, by role, each differing from it in one thing, in the same years.

    The placebo has the same levers and money and random lists; a design without a list has none. Information alone
    directs nothing and levies nothing, whatever the levy is. The lump sum hands the levy back; burn and cut withhold
    the same money as the design in the same years. True values: the same levers and money without error. Nobody in
    the policy's own world is added where the baseline is not that.
    """
    levy = baseline.policy.coordination.levy
    parts = stretches(policy.policy)
    each = [_changes(part.policy.coordination, levy) for part in parts]
    for role, changed in each[0].items():
        if (role == PLACEBO and not has_list(policy)) or (role == NOBODY and is_nobody(baseline, policy)):
            continue
        settings: dict[str, Any] = {COORDINATION + key: value for key, value in changed.items()}
        if policy.policy.timeline:
            years = [(part.begins, changes[role]) for part, changes in zip(parts, each, strict=True)]
            settings["policy.timeline"] = _timeline(policy, years)
        made = policy.replace(**settings)
        called = REFERENCES[role]
        title = called.of.format(policy.title if called.of.startswith("{}") else _inside(policy.title))
        title_zh = called.of_zh.format(policy.title_zh or policy.title)
        yield role, replace(made, title=title, title_zh=title_zh, path=None, question="", question_zh="")


def _changes(settings: Coordination, levy: float) -> dict[str, dict[str, Any]]:
    """What a reference changes in a design with these settings, by role; `levy` is the baseline's."""
    off = {**dict.fromkeys(LEVERS, False), "plan": []}
    alone, money = {**off, "information": False}, withheld(settings)
    return {
        PLACEBO: {"arm": "random", "information": False, **_as_long(settings)},
        INFORMATION: {**off, "arm": "design", "information": True, "levy": levy},
        LUMP_SUM: {**alone, "arm": "lump_sum"},
        BURN: {**alone, "arm": "burn", "levy": money},
        CUT: {**alone, "arm": "cut", "cut": money},
        TRUE_VALUES: {"arm": "oracle", "plan": []},
        NOBODY: {**alone, "arm": "none", "from": None, "until": None},
    }


def _as_long(settings: Coordination) -> dict[str, Any]:
    """For the placebo of a plan of one's own: random lists as long as those of the plan."""
    rows = Counter(row["role"] for row in settings.plan)
    lengths = {key: rows[role] for role, key in (("key_area", "list_length"), ("pilot", "pilots")) if rows[role]}
    return {"plan": [], **lengths} if settings.plan else {}


def _timeline(policy: Scenario, years: Sequence[tuple[int, dict[str, Any]]]) -> list[dict[str, Any]]:
    """The timeline of a reference: the policy's, and in each year what the reference has in its place."""
    kept = without(policy.policy.timeline, (f"coordination.{key}" for key in years[0][1]))
    added = [
        {"from": year, **{f"coordination.{key}": value for key, value in now.items() if value != before[key]}}
        for (_, before), (year, now) in pairwise(years)
    ]
    return [*kept, *(entry for entry in added if len(entry) > 1)]


def is_nobody(baseline: Scenario, policy: Scenario) -> bool:
    """Whether a baseline is the policy's world and funding without a coordinator."""
    settings = baseline.policy.coordination
    levers = settings.arm == "design" and bool(ever(baseline.policy, LEVERS))
    informed = bool(ever(baseline.policy, ("information",)))
    alone = settings.arm in ("none", "design") and not levers and not informed
    return alone and _money(baseline) == _money(policy)


def _money(scenario: Scenario) -> tuple[Any, ...]:
    """World and funding of a scenario, in every year and region."""
    own = [key for entry in scenario.policy.timeline for key in entry if key.startswith("coordination.")]
    return scenario.world, scenario.policy.funding, scenario.policy.regions, without(scenario.policy.timeline, own)


def _inside(title: str) -> str:
    """A title inside another: its first letter small unless it is a name."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
