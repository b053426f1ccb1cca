"""A policy over time and by region: its settings in each stretch of years, and those of regions that differ."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from qipan.model.parameters.coordination import Coordination
from qipan.model.parameters.scenario import Policy

FACTOR = re.compile(r"x([0-9]+\.?[0-9]*|\.[0-9]+)")
"""A value given as a multiple: of the one in force just before, or for a region of the nation's."""
START, REGIONS = "from", "regions"
"""Keys of an entry of a timeline that are no settings."""

ByRegion = dict[str, dict[str, Any]]
"""What is given for a region, by the region's name and the setting's path below `policy`."""


class Stretch(NamedTuple):
    """Years with the same settings.

    Attributes:
        begins: First year; 0 for the stretch from the start on.
        policy: The nation's settings.
        by_region: What regions have in their place.
        given: For each setting that an entry of the timeline has changed, the place of the last one that did.
    """

    begins: int
    policy: Policy
    by_region: ByRegion
    given: dict[str, int]


def stretches(policy: Policy) -> tuple[Stretch, ...]:
    """The stretches of a policy, in order: the first from the start on, one more for each year of its timeline.

    Example:
        >>> policy = Policy(timeline=[{"from": 2028, "coordination.levy": "x2"}])
        >>> [(each.begins, each.policy.coordination.levy) for each in stretches(policy)]
        [(0, 0.2), (2028, 0.4)]
    """
    found = [Stretch(0, policy, flat_regions(policy.regions), {})]
    order = sorted(range(len(policy.timeline)), key=lambda place: policy.timeline[place][START])
    for place in order:
        entry, last = policy.timeline[place], found[-1]
        changes = {path: value for path, value in entry.items() if path not in (START, REGIONS)}
        settings = with_changes(last.policy, changes)
        regions = merged_regions(last.by_region, entry.get(REGIONS, {}))
        given = last.given | dict.fromkeys(changes, place)
        if entry[START] == last.begins:
            found.pop()
        found.append(Stretch(entry[START], settings, regions, given))
    return tuple(found)


def with_changes(policy: Policy, changes: Mapping[str, Any]) -> Policy:
    """A policy with settings changed, by path below `policy`; they are not checked here."""
    for path, given in changes.items():
        name, _, key = path.partition(".")
        section = getattr(policy, name)
        new = section.model_copy(update={key: valued(given, getattr(section, key))})
        policy = policy.model_copy(update={name: new})
    return policy


def valued(given: Any, before: Any) -> Any:
    """What a given value comes to: a multiple of that before it, or itself."""
    found = FACTOR.fullmatch(given) if isinstance(given, str) else None
    return before * float(found[1]) if found else given


def flat_regions(regions: Mapping[str, Any]) -> ByRegion:
    """What is given for each region by path, from groups of keys as `policy.regions` has them."""
    return {
        region: {f"{name}.{key}": value for name, group in groups.items() for key, value in group.items()}
        for region, groups in regions.items()
    }


def merged_regions(before: ByRegion, after: Mapping[str, Mapping[str, Any]]) -> ByRegion:
    """What regions have, with what an entry of the timeline gives them."""
    return before | {region: before.get(region, {}) | dict(given) for region, given in after.items()}


def without(timeline: Sequence[Mapping[str, Any]], paths: Iterable[str]) -> list[dict[str, Any]]:
    """A timeline without some settings, and without the entries that then change nothing."""
    dropped = set(paths)
    kept = [{path: value for path, value in entry.items() if path not in dropped} for entry in timeline]
    return [entry for entry in kept if len(entry) > 1]


def ever(policy: Policy, switches: Iterable[str]) -> tuple[str, ...]:
    """The switches of the coordinator (levers, information) that are on in some year."""
    settings: list[Coordination] = [each.policy.coordination for each in stretches(policy)]
    return tuple(name for name in switches if any(getattr(each, name, False) for each in settings))


def in_words(given: Any) -> str:
    """A timeline, a plan, or what regions have, in one line.

    Example:
        >>> in_words([{"from": 2028, "coordination.levy": "x2", "regions": {"Henan": {"funding.donation_share": 1}}}])
        '2028: coordination.levy x2, Henan: funding.donation_share 1'
        >>> in_words({"Henan": {"funding": {"guidance_share": "x2"}}})
        'Henan: funding.guidance_share x2'
    """
    if isinstance(given, list) and given and "role" in given[0]:
        return "; ".join(row_in_words(row) for row in given)
    if isinstance(given, list):
        return "; ".join(f"{entry[START]}: {_entry_in_words(entry)}" for entry in given)
    return "; ".join(f"{region}: {_settings_in_words(own)}" for region, own in flat_regions(given).items()) or "none"


def row_in_words(row: Mapping[str, Any]) -> str:
    """A row of a plan.

    Example:
        >>> row_in_words({"region": "Henan", "sector": "quantum", "role": "pilot", "from": 2026})
        'pilot: Henan, quantum, from 2026'
    """
    since = [f"from {row[START]}"] if START in row else []
    return f"{row['role']}: " + ", ".join([*(row[name] for name in ("region", "sector") if name in row), *since])


def _entry_in_words(entry: Mapping[str, Any]) -> str:
    settings = {path: value for path, value in entry.items() if path not in (START, REGIONS)}
    regions = [f"{region}: {_settings_in_words(own)}" for region, own in entry.get(REGIONS, {}).items()]
    return ", ".join([*([_settings_in_words(settings)] if settings else []), *regions])


def _settings_in_words(settings: Mapping[str, Any]) -> str:
    told = {True: "on", False: "off"}
    return ", ".join(f"{path} {told[value] if isinstance(value, bool) else value}" for path, value in settings.items())
