"""What must hold between values: a scenario that breaks one of these cannot be constructed."""

from collections.abc import Iterator, Mapping
from typing import Any

from qipan.model.errors import Problem, ScenarioError
from qipan.model.extend.registry import ARMS, LEVERS, PAYOFFS, SECTOR_TABLES, WORLDS
from qipan.model.notices.notice import Notice, notice
from qipan.model.parameters import Coordination, Policy, Run, WorldChoice
from qipan.model.parameters.stretches import ever, row_in_words, stretches
from qipan.model.scenario.source import Origin, in_ascii, named
from qipan.model.scenario.table import parameter_table
from qipan.model.scenario.timeline import ended, over, placed, timeline_problems, told_key

LONGEST = 1_000

Finding = tuple[str, str, str]
"""Key, message, hint."""


def consistency_problems(
    world: WorldChoice, policy: Policy, run: Run, origins: Mapping[str, Origin], fallback: str
) -> list[Problem]:
    """Every contradiction between the values of a scenario, with the place of the key that a user would change."""
    findings = [
        *_years(run),
        *_names(world),
        *_game(world),
        *_payoff(world),
        *_dates(policy.coordination, run),
        *timeline_problems(policy, run),
        *_rows_outside(policy, run),
        *_planned(policy),
        *_by_year(world, policy, sector_count(world), region_count(world)),
    ]
    return [
        Problem(str(origins.get(key, fallback)), told_key(key, policy.timeline), message, hint)
        for key, message, hint in findings
    ]


def _by_year(world: WorldChoice, policy: Policy, sectors: int, regions: int) -> Iterator[Finding]:
    """Contradictions between the coordinator's settings, each told once, where the timeline has brought it about."""
    told = set[Finding]()
    for stretch in stretches(policy):
        settings = stretch.policy.coordination
        for finding in (*_arm(settings), *_counts(world, settings, sectors, regions)):
            if finding not in told:
                told.add(finding)
                yield placed(policy, stretch, finding[0]), *finding[1:]


def sector_count(world: WorldChoice) -> int:
    """Number of sectors of a world; 0 when its name is unknown, or own tables say how many there are."""
    kind = WORLDS.get(world.data)
    if kind is None or kind.sectors is not None:
        return 0 if kind is None else int(kind.sectors)
    if "sectors" in kind.reads:
        if world.tables:
            return 0
        return SECTOR_TABLES[world.sectors].sectors if world.sectors in SECTOR_TABLES else 0
    return len(world.values) if "values" in kind.reads else world.sector_count


def region_count(world: WorldChoice) -> int:
    """Number of regions of a world; 0 when its name is unknown."""
    kind = WORLDS.get(world.data)
    return 0 if kind is None else kind.regions or world.regions


def _years(run: Run) -> Iterator[Finding]:
    if run.last_year < run.first_year:
        yield (
            "run.last_year",
            f"{run.last_year} is before run.first_year ({run.first_year})",
            "give a later one",
        )
    elif run.last_year - run.first_year >= LONGEST:
        yield "run.last_year", f"more than {LONGEST} years from {run.first_year} to {run.last_year}", "run fewer years"
    if run.programme_until < run.first_year:
        message = f"{run.programme_until} is before the run, {run.first_year} to {run.last_year}"
        yield "run.programme_until", message, f"give {run.first_year} or a later year"


def _names(world: WorldChoice) -> Iterator[Finding]:
    for key, given, known in (("data", world.data, WORLDS), ("sectors", world.sectors, SECTOR_TABLES)):
        if given not in known:
            hint = "; a folder of own tables is written with a slash, ./mydata" if key == "data" else ""
            odd = f" (it has {named(given)})" if named(given) else ""
            advice = known.advice(in_ascii(given).strip("\"' "))
            yield f"world.{key}", f"{given[:60]!r} is not known{odd}", advice + hint


def _game(world: WorldChoice) -> Iterator[Finding]:
    if world.data == "game":
        if not world.values:
            yield "world.values", "a game needs the value of each sector", "such as `values: [120, 60, 40]`"
        bad = [value for value in world.values if not 0.0 < value <= 1e9]
        if bad:
            yield "world.values", f"{bad[0]!r} is out of range", "allowed above 0 and up to 1e9"
        if len(world.values) > 1000:
            yield "world.values", f"{len(world.values)} values", "allowed up to 1000"
        yield from _start(world)
    elif world.values and "values" not in _read_by(world.data):
        yield "world.values", f"read only in the game world, and world.data is {world.data}", "set `data: game`"
    for name in ("regions", "initial_counts", "sector_count", "sectors"):
        readers = [f"`data: {other}`" for other, kind in WORLDS.items() if name in kind.reads]
        read = name in _read_by(world.data) if world.data in WORLDS else name != "sectors"
        yield from _unread(read, world, name, f"with {' or '.join(readers)}")


def _read_by(data: str) -> tuple[str, ...]:
    return WORLDS[data].reads if data in WORLDS else ()


def _start(world: WorldChoice) -> Iterator[Finding]:
    """A start of a game: a whole number for each sector, no more than regions, all of them with a document."""
    counts = world.initial_counts
    if not counts:
        return
    if len(counts) != len(world.values):
        yield "world.initial_counts", f"{len(counts)} counts for {len(world.values)} sectors", "one for each value"
    if any(count < 0 or count != int(count) for count in counts) or sum(counts) > world.regions:
        hint = f"whole numbers from 0 with a sum of at most {world.regions} (world.regions)"
        yield "world.initial_counts", f"{[float(count) for count in counts][:8]} cannot be", hint
    if world.early_adopters != "all":
        message = f"only regions with a document hold a layout, and early_adopters is {world.early_adopters}"
        yield "world.initial_counts", message, "set `early_adopters: all`"


def _payoff(world: WorldChoice) -> Iterator[Finding]:
    for name, forms in payoff_readers().items():
        read = world.behaviour.payoff in forms
        yield from _unread(read, world.behaviour, name, f"with `payoff: {'` or `payoff: '.join(forms)}`", "behaviour.")


def payoff_readers() -> dict[str, list[str]]:
    """The payoff forms that read each of the settings of `world.behaviour` that not every form reads."""
    readers: dict[str, list[str]] = {}
    for form, kind in PAYOFFS.items():
        for name in kind.reads:
            readers.setdefault(name, []).append(form)
    return readers


def _unread(read: bool, section: Any, name: str, reader: str, group: str = "") -> Iterator[Finding]:
    key = f"world.{group}{name}"
    value = getattr(section, name)
    if not read and value != parameter_table()[key].default:
        yield key, f"{value!r} would have no effect: it is read only {reader}", "leave it out, or change the other"


def _arm(coordination: Coordination) -> Iterator[Finding]:
    kind = ARMS[coordination.arm]
    if not kind.uses_levers:
        directing = " | ".join(name for name, each in ARMS.items() if each.uses_levers)
        hint = f"set `arm: {directing}`, or switch it off"
        for name in (name for name in LEVERS if getattr(coordination, name, False)):
            yield f"policy.coordination.{name}", f"a lever needs a coordinator, and arm is {coordination.arm}", hint
        if coordination.information:
            message = f"information needs a coordinator, and arm is {coordination.arm}"
            yield "policy.coordination.information", message, hint
    elif kind.delays and coordination.delay >= coordination.period:
        message = f"a delay of {coordination.delay} years is not below the period of {coordination.period} years"
        yield "policy.coordination.delay", message, "a plan must be out before the next is drafted"


def _dates(coordination: Coordination, run: Run) -> Iterator[Finding]:
    """Years of coordination: none before the run, the first neither after the last nor after the programme."""
    begins, until, years = coordination.begins, coordination.ends, f"{run.first_year} to {run.last_year}"
    if begins is not None and begins < run.first_year:
        message = f"{begins} is before the run, {years}"
        yield "policy.coordination.from", message, f"give {run.first_year} or a later year"
    if begins is not None and over(begins, run):
        yield "policy.coordination.from", *ended(begins, run)
    if until is not None and begins is not None and until < begins:
        message = f"{until} is before policy.coordination.from ({begins})"
        yield "policy.coordination.until", message, "give that year or a later one"
    elif until is not None and until < run.first_year:
        message = f"{until} is before the run, {years}"
        yield "policy.coordination.until", message, f"give {run.first_year} or a later year"


def _rows_outside(policy: Policy, run: Run) -> Iterator[Finding]:
    for place, row in enumerate(policy.coordination.plan):
        if over(row.get("from", run.first_year), run):
            message, hint = ended(row["from"], run)
            yield f"policy.coordination.plan.{place}", f"{row_in_words(row)}: {message}", hint
        if row.get("from", run.first_year) < run.first_year:
            message = f"{row_in_words(row)}: that is before the run, {run.first_year} to {run.last_year}"
            hint = f"give {run.first_year} or a later year, or none"
            yield f"policy.coordination.plan.{place}", message, hint


def _planned(policy: Policy) -> Iterator[Finding]:
    """A plan of one's own needs a coordinator that follows it, and the levers that act on its lists."""
    plan, arm = policy.coordination.plan, policy.coordination.arm
    if not plan:
        return
    if not ARMS[arm].follows_plan:
        following = " | ".join(name for name, each in ARMS.items() if each.follows_plan)
        yield "policy.coordination.plan", f"nobody follows it, since arm is {arm}", f"set `arm: {following}`"
        return
    written = {name for lever in ever(policy, LEVERS) for name in LEVERS[lever].writes}
    for role, name in PLANNED.items():
        if any(row["role"] == role for row in plan) and name not in written:
            lever = next(each for each, kind in LEVERS.items() if name in kind.writes)
            yield "policy.coordination.plan", f"it has rows {role}, and {lever} is off", f"set `{lever}: true`"


PLANNED = {"key_area": "key_areas", "pilot": "pilots", "assigned": "assigned"}
"""The list of a plan that each role of a row belongs to."""


UNREAD = (
    "from",
    "until",
    "levy",
    "cut",
    "administration",
    "compliance",
    "delay",
    "lobbying",
    "information_weight",
    "list_weight",
    "list_length",
    "layout_weight",
    "layout_adoption",
    "pilots",
    "pilot_weight",
    "pilot_success",
    "pilot_demand",
)
"""Settings of the coordinator that change nothing where nobody coordinates; the others are read by yardsticks."""


def idle_dates(scenario: Any) -> Iterator[Problem]:
    """What a run that ends early never reaches: no contradiction, since any scenario may be run for fewer years."""
    policy, last, coordination = scenario.policy, scenario.run.last_year, scenario.policy.coordination
    until = scenario.run.programme_until
    if until > last and until != parameter_table()["run.programme_until"].default:
        yield _noted(scenario, "run.programme_until", notice("idle_until", year=until, last=last))
    if coordination.arm != "none":
        if coordination.begins is not None and coordination.begins > last:
            told = notice("idle_nobody", year=coordination.begins, last=last)
            yield _noted(scenario, "policy.coordination.from", told)
        if coordination.ends is not None and coordination.ends > last:
            told = notice("idle_year", year=coordination.ends, last=last)
            yield _noted(scenario, "policy.coordination.until", told)
        elif coordination.ends is not None and over(coordination.ends, scenario.run):
            told = notice("idle_programme", year=coordination.ends, last=scenario.run.programme_until)
            yield _noted(scenario, "policy.coordination.until", told)
    for place, entry in enumerate(policy.timeline):
        if entry["from"] > last:
            told = notice("idle_year", year=entry["from"], last=last)
            yield _noted(scenario, f"policy.timeline.{place}.from", told)
    for place, row in enumerate(coordination.plan):
        if row.get("from", last) > last:
            told = notice("idle_row", row=row_in_words(row), last=last)
            yield _noted(scenario, f"policy.coordination.plan.{place}", told)


def idle_settings(scenario: Any) -> Iterator[tuple[str, Problem]]:
    """Settings of a coordinator where there is none, each with its key in `origins`."""
    policy = scenario.policy
    if policy.coordination.arm != "none":
        return
    given = {f"policy.coordination.{name}": getattr(policy.coordination, name) for name in UNREAD}
    found = {key: value for key, value in given.items() if value != parameter_table()[key].default}
    for place, entry in enumerate(policy.timeline):
        own = {name: value for name, value in entry.items() if name.removeprefix("coordination.") in UNREAD}
        found |= {f"policy.timeline.{place}.{name}": value for name, value in own.items() if "." in name}
    for key, value in found.items():
        coordinating = " | ".join(name for name in ARMS if name != "none")
        told = notice("idle_setting", value=str(value))
        yield key, _noted(scenario, key, told, f"set `arm: {coordinating}`, or leave it out")


def _noted(scenario: Any, key: str, message: str | Notice, hint: str = "") -> Problem:
    where = str(scenario.origins.get(key, scenario.name))
    return Problem(where, told_key(key, scenario.policy.timeline), message, hint)


def check_sizes(scenario: Any, sectors: int, regions: int) -> None:
    """Refuse a scenario whose lists and zones do not fit its world, where only the own tables say how large that is.

    Raises:
        ScenarioError: With the place of each key that a user would change.
    """
    findings = _by_year(scenario.world, scenario.policy, sectors, regions)
    problems = [_noted(scenario, *finding) for finding in findings]
    if problems:
        raise ScenarioError(problems)


def _counts(world: WorldChoice, coordination: Coordination, sectors: int, regions: int) -> Iterator[Finding]:
    if not sectors:
        return
    if coordination.key_areas and coordination.list_length > sectors:
        message = f"{coordination.list_length} sectors on a list of {sectors}"
        yield "policy.coordination.list_length", message, f"allowed 0 to {sectors} sectors in this world"
    if coordination.pilot_zones and coordination.pilots > sectors * regions:
        message = f"{coordination.pilots} pilot zones for {sectors * regions} pairs of region and sector"
        yield "policy.coordination.pilots", message, f"allowed 0 to {sectors * regions} pairs in this world"
    if world.breadth == "equal" and world.equal_breadth > sectors:
        message = f"{world.equal_breadth} sectors a region where there are {sectors}"
        yield "world.equal_breadth", message, f"allowed 1 to {sectors} sectors in this world"
