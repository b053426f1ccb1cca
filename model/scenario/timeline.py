"""`policy.timeline` and `policy.regions` as files have them: brought into one form, and every key and value checked.

A key of an entry, or of a region, is the path of a setting below `policy`: `funding.guidance_share`, or `funding:` with
`guidance_share` below it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qipan.model.errors import Problem
from qipan.model.parameters import Parameter, Policy, Run
from qipan.model.parameters.stretches import FACTOR, REGIONS, START, Stretch, stretches, valued
from qipan.model.scenario.checking import validated, where
from qipan.model.scenario.source import Origin, Path, Source
from qipan.model.scenario.table import (
    HEADER,
    allowed_text,
    closest,
    key_hint,
    known_keys,
    parameter_table,
    shown,
)

TIMELINE, BY_REGION = ("policy", "timeline"), ("policy", "regions")
MULTIPLE = "x2 is twice, x0.5 half of what is in force"
ENTRY = "such as `- {from: 2028, funding.guidance_share: 0.0004}`"
REGION = "such as `Henan: {funding.guidance_share: x2}`"

Finding = tuple[str, str, str]
"""Key, message, hint."""


def arranged(source: Source) -> list[Problem]:
    """Bring timeline and regions of one file or setting into one form; groups of keys in regions, paths in entries.

    Args:
        source: Plain data of one file or setting; changed. What cannot be used is left out.

    Returns:
        What is wrong with it, each with its place.
    """
    policy = source.data.get("policy")
    if not isinstance(policy, dict):
        return []
    problems: list[Problem] = []
    if policy.get("timeline") is not None:
        policy["timeline"] = _entries(policy["timeline"], source, problems)
    if policy.get("regions") is not None and BY_REGION not in source.empty:
        regions = _regions(policy["regions"], BY_REGION, source, problems)
        policy["regions"] = {region: _grouped(given, (*BY_REGION, region), source) for region, given in regions.items()}
    return problems


def _entries(given: Any, source: Source, problems: list[Problem]) -> list[dict[str, Any]]:
    if not isinstance(given, list):
        problems.append(_problem(source, TIMELINE, f"{shown(given)} where a list of entries belongs", ENTRY))
        return []
    entries, places = [], []
    for place, entry in enumerate(given):
        path = (*TIMELINE, str(place))
        if not isinstance(entry, dict):
            problems.append(_problem(source, path, f"{shown(entry)} where an entry belongs", ENTRY))
            continue
        start = entry.get(START)
        if not isinstance(start, int) or isinstance(start, bool):
            message = f"{shown(start)} is no year" if START in entry else "no `from`: from which year on?"
            if near := "" if START in entry else next((key for key in entry if closest(key, [START])), ""):
                entry = _but(entry, near)
            hint = f"did you mean from by {near}?" if near else ENTRY
            problems.append(_problem(source, (*path, START), message, hint))
        elif not entry.get(REGIONS) and not _but(entry, START, REGIONS):
            problems.append(_problem(source, path, "nothing changes from that year on", ENTRY))
        kept: dict[str, Any] = {START: start}
        for key, value in _paths(_but(entry, START, REGIONS), path, source):
            if not (wrong := list(_setting_problems(key, value, (*path, key), source, region=False))):
                kept[key] = value
            problems += wrong
        if entry.get(REGIONS) is not None:
            kept[REGIONS] = _regions(entry[REGIONS], (*path, REGIONS), source, problems)
        if type(start) is int:
            entries.append(kept)
            places.append(place)
    source.move(TIMELINE, places)
    return entries


def _but(entry: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in keys}


def _regions(given: Any, path: Path, source: Source, problems: list[Problem]) -> dict[str, dict[str, Any]]:
    """What is given for each region, by path."""
    if not isinstance(given, dict):
        problems.append(_problem(source, path, f"{shown(given)} where regions belong", REGION))
        return {}
    found: dict[str, dict[str, Any]] = {}
    for region, settings in given.items():
        inside = (*path, region)
        if not isinstance(settings, dict):
            problems.append(_problem(source, inside, f"{shown(settings)} where settings of a region belong", REGION))
            continue
        found[region] = {}
        for key, value in _paths(settings, inside, source):
            if value is None and path == BY_REGION:  # back to the nation's
                found[region][key] = None
                continue
            wrong = list(_setting_problems(key, value, (*inside, key), source, region=True))
            problems += wrong
            if not wrong:
                found[region][key] = value
    return found


def _paths(given: Mapping[str, Any], path: Path, source: Source, above: Path = ()) -> Iterator[tuple[str, Any]]:
    """Settings by path, whether groups of keys or paths are given; the place of each is known by its path too."""
    for key, value in given.items():
        inside = (*above, key)
        if isinstance(value, dict):
            yield from _paths(value, path, source, inside)
        else:
            name, origin = ".".join(inside), source.positions.get((*path, *inside))
            if origin is not None:
                source.positions[(*path, name)] = origin
            yield name, value


def _grouped(given: Mapping[str, Any], path: Path, source: Source) -> dict[str, Any]:
    """Settings by path as groups of keys, so that regions of a base and a diff merge key by key."""
    groups: dict[str, Any] = {}
    for name, value in given.items():
        section, _, key = name.partition(".")
        groups.setdefault(section, {})[key] = value
        origin = source.positions.get((*path, name)) or source.positions.get(path) or Origin("")
        source.positions[(*path, section)] = source.positions[(*path, section, key)] = origin
    return groups


def _setting_problems(key: str, value: Any, path: Path, source: Source, region: bool) -> Iterator[Problem]:
    """What is wrong with one setting that changes in some year, or is different for a region."""
    inside = ("policy", *key.split("."))
    row, origin = parameter_table().get(f"policy.{key}"), source.positions.get(path)
    if row is None or row.path in (".".join(TIMELINE), ".".join(BY_REGION)):
        yield _unknown(key, inside, path, source)
    elif region and not row.by_region:
        able = ", ".join(name.removeprefix("policy.") for name, each in parameter_table().items() if each.by_region)
        yield _problem(source, path, "cannot vary by region", f"these can: {able}")
    elif row.steady:
        yield _problem(source, path, "cannot change from year to year", row.steady)
    elif value is None:
        yield _problem(source, path, "nothing is given", f"allowed {allowed_text(row)}")
    elif not _is_multiple(value, row):
        data: Any = value
        for name in reversed(inside):
            data = {name: data}
        _, problems = validated(data, {} if origin is None else {inside: origin}, where(source.positions, path, ""))
        text = isinstance(value, str) and isinstance(row.default, float)
        more = f", or a multiple: {MULTIPLE}" if text else ""
        yield from (replace(each, key=_told(path, source), hint=f"{each.hint}{more}") for each in problems)


def _unknown(key: str, inside: Path, path: Path, source: Source) -> Problem:
    if key.startswith("policy."):
        return _problem(source, path, "unknown key", f"write it below policy: {key.removeprefix('policy.')}")
    if inside[1] in (*HEADER, "world", "run"):
        hint = "only settings of the policy can, such as funding.guidance_share"
        return _problem(source, path, "cannot change from year to year or by region", hint)
    if inside[1] in (TIMELINE[1], BY_REGION[1]):
        return _problem(source, path, "cannot stand here", ENTRY if path[:2] == TIMELINE else REGION)
    group = known_keys(inside[:-1])
    if known_keys(inside) is not None:
        return _problem(source, path, "is a group of keys", ENTRY)
    return _problem(source, path, "unknown key", key_hint(inside) if len(inside) > 2 and group else _offered(key))


def _offered(key: str) -> str:
    """What may be meant by a key that stands in no group of settings."""
    paths = [name.removeprefix("policy.") for name in parameter_table() if name.startswith("policy.")]
    near = closest(key, [name for name in paths if "." in name])
    last = {name.rpartition(".")[2]: name for name in paths if "." in name}
    near = near or last.get(closest(key.rpartition(".")[2], last), "")
    return f"did you mean {near}?" if near else f"write it as a path, {ENTRY}"


def _is_multiple(value: Any, row: Parameter) -> bool:
    return isinstance(value, str) and isinstance(row.default, float) and FACTOR.fullmatch(value) is not None


def _problem(source: Source, path: Path, message: str, hint: str) -> Problem:
    return Problem(where(source.positions, path, ""), _told(path, source), message, hint)


def _told(path: Path, source: Source) -> str:
    """The key as a message names it."""
    given = source.data["policy"]["timeline"] if path[:2] == TIMELINE else []
    return told_key(".".join(path), given if isinstance(given, list) else [])


def told_key(key: str, timeline: Sequence[Any]) -> str:
    """A key as a message names it: an entry of a timeline by its year, the plan for its rows, which have lines.

    Example:
        >>> told_key("policy.timeline.0.coordination.levy", [{"from": 2028}])
        'policy.timeline[2028].coordination.levy'
        >>> told_key("policy.timeline.0", ["x"]), told_key("policy.coordination.plan.0.from", [])
        ('policy.timeline[entry 1]', 'policy.coordination.plan')
    """
    if key.startswith("policy.coordination.plan."):
        return "policy.coordination.plan"
    if not (found := re.fullmatch(r"(policy\.timeline)\.(\d+)(.*)", key)):
        return key
    place = int(found[2])
    entry = timeline[place] if place < len(timeline) else None
    year = entry.get(START) if isinstance(entry, dict) else None
    return f"{found[1]}[{year if type(year) is int else f'entry {place + 1}'}]{found[3]}"


def over(year: int, run: Run) -> bool:
    """Whether the programme has ended before a year."""
    return year > run.programme_until


def ended(year: int, run: Run) -> tuple[str, str]:
    """What is said of something of a policy that begins after the programme: message and hint."""
    message = f"{year} is after the programme, which ends in {run.programme_until}"
    return message, "give an earlier year, or a later run.programme_until"


def timeline_problems(policy: Policy, run: Run) -> Iterator[Finding]:
    """What cannot be in some stretch of years: an entry before the run or after the programme, a multiple that leads
    out of its range.
    """
    for place, entry in enumerate(policy.timeline):
        if entry[START] < run.first_year:
            message = f"{entry[START]} is before the run, {run.first_year} to {run.last_year}"
            yield f"policy.timeline.{place}.from", message, f"give {run.first_year} or a later year"
        elif over(entry[START], run):
            yield f"policy.timeline.{place}.from", *ended(entry[START], run)
    seen = set[tuple[str, Any]]()
    for stretch in stretches(policy):
        for key, path, value, given in (*_changed(policy, stretch), *_of_regions(policy, stretch)):
            row = parameter_table()[f"policy.{path}"]
            if row.allowed and not row.allowed[0] <= value <= row.allowed[1] and (key, value) not in seen:
                seen.add((key, value))
                yield key, f"{given} comes to {value:.6g}, out of range", f"allowed {allowed_text(row)}"


def _changed(policy: Policy, stretch: Stretch) -> Iterator[tuple[str, str, Any, Any]]:
    for path, place in stretch.given.items():
        yield f"policy.timeline.{place}.{path}", path, value_in(stretch.policy, path), policy.timeline[place][path]


def _of_regions(policy: Policy, stretch: Stretch) -> Iterator[tuple[str, str, Any, Any]]:
    for region, given in stretch.by_region.items():
        for path, value in given.items():
            key = region_key(policy, stretch, region, path)
            yield key, path, valued(value, value_in(stretch.policy, path)), value


def region_key(policy: Policy, stretch: Stretch, region: str, path: str) -> str:
    """The key that gives a region its setting in a stretch: the last entry that does, or `policy.regions`."""
    entries = [
        place
        for place, entry in enumerate(policy.timeline)
        if entry[START] <= stretch.begins and path in entry.get(REGIONS, {}).get(region, {})
    ]
    last = max(entries, key=lambda place: policy.timeline[place][START], default=None)
    return f"policy.regions.{region}.{path}" if last is None else f"policy.timeline.{last}.regions.{region}.{path}"


def value_in(policy: Policy, path: str) -> Any:
    """The value of a setting by its path below `policy`."""
    section, _, key = path.partition(".")
    return getattr(getattr(policy, section), key)


def placed(policy: Policy, stretch: Stretch, key: str) -> str:
    """The key of an entry that has given a setting its value in a stretch; the setting's own where none has."""
    place = stretch.given.get(key.removeprefix("policy."))
    return key if place is None else f"policy.timeline.{place}.{key.removeprefix('policy.')}"
