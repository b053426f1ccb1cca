"""Who coordinates in which year, and under which settings: dates and timeline of a policy."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from qipan.model.coordination.arms import Coordinator, NoCoordinator, arm_of
from qipan.model.coordination.levers import Lever
from qipan.model.coordination.mandate import Mandate, Plan
from qipan.model.errors import Problem, ScenarioError
from qipan.model.extend.registry import LEVERS
from qipan.model.parameters import Coordination, Funding, Policy
from qipan.model.parameters.stretches import ByRegion, stretches, valued
from qipan.model.scenario import Scenario
from qipan.model.scenario.timeline import told_key
from qipan.model.world import World
from qipan.model.world.names import NameProblemError, world_regions


class Acting(NamedTuple):
    """Who coordinates in a year.

    Attributes:
        stretch: Place of the year among the stretches of the policy.
        coordinator: Who coordinates: nobody before `from`, after `until` and after the programme.
        counts_from: The year from which delay and period count.
        withdrawn: Lists of levers that were on before and are off now.
        ended: Whether the programme has ended, in every arm.
    """

    stretch: int
    coordinator: Coordinator
    counts_from: int
    withdrawn: tuple[str, ...]
    ended: bool


class Years:
    """A policy by year.

    Args:
        scenario: Whose policy.
        coordinator: Who coordinates in the years in which somebody does.
    """

    def __init__(self, scenario: Scenario, coordinator: Coordinator) -> None:
        self.first_year, self.last_year = scenario.run.first_year, scenario.run.programme_end
        self.stretches = stretches(scenario.policy)
        self._own = {0: coordinator}
        self._nobody: dict[int, Coordinator] = {}
        self._left: dict[int, tuple[str, ...]] = {}

    def policy(self, stretch: int) -> Policy:
        """The settings of a stretch."""
        return self.stretches[stretch].policy

    def acting(self, year: int) -> Acting:
        """Who coordinates in a year."""
        place = max(place for place, each in enumerate(self.stretches) if each.begins <= year)
        own, settings = self.coordinator(place), self.policy(place).coordination
        ended = year > self.last_year
        begins = self.first_year if own.settings.begins is None else own.settings.begins
        if isinstance(own, NoCoordinator):
            return Acting(place, own, self.first_year, (), ended)
        if ended or year < begins or (own.settings.ends is not None and year > own.settings.ends):
            nobody = self._nobody.setdefault(place, NoCoordinator(settings))
            return Acting(place, nobody, self.first_year, (), ended)
        return Acting(place, own, begins, self._withdrawn(place), ended)

    def coordinator(self, place: int) -> Coordinator:
        """The coordinator of a stretch: the one before, unless it has other settings."""
        if place not in self._own:
            before, settings = self.coordinator(place - 1), self.policy(place).coordination
            same = settings == self.policy(place - 1).coordination
            self._own[place] = before if same else before.under(settings)
        return self._own[place]

    def _withdrawn(self, place: int) -> tuple[str, ...]:
        if place not in self._left:
            on = _switched_on(self.policy(place).coordination)
            before = {name for each in self.stretches[:place] for name in _switched_on(each.policy.coordination)}
            kept = {written for name in on for written in _written(name)}
            self._left[place] = tuple(sorted({written for name in before - on for written in _written(name)} - kept))
        return self._left[place]


def _switched_on(settings: Coordination) -> set[str]:
    return {name for name in LEVERS if getattr(settings, name, False)}


def _written(name: str) -> tuple[str, ...]:
    """The lists of a lever; all of them, where a class drafts some and does not say which."""
    lever: type[Lever] = LEVERS[name]
    return lever.writes or (() if lever.drafted is Lever.drafted else Plan._fields)


def mandates(scenario: Scenario) -> Iterator[Mandate]:
    """What the coordinator of a scenario may do in each year of the run."""
    years = Years(scenario, arm_of(scenario.policy.coordination))
    for year in range(scenario.run.first_year, scenario.run.last_year + 1):
        acts = years.acting(year)
        yield acts.coordinator.mandate(year - acts.counts_from)


def funding_of(funding: Funding, by_region: ByRegion, world: World) -> Funding:
    """Settings of money in which those that differ between regions are arrays over them, (region,)."""
    arrays: dict[str, Any] = {}
    names = world_regions(world)
    for region, given in by_region.items():
        for path, value in given.items():
            name = path.removeprefix("funding.")
            nation = getattr(funding, name)
            arrays.setdefault(name, np.full(world.size.size, nation))[names.row(region)] = valued(value, nation)
    return funding.model_copy(update=arrays) if arrays else funding


def check_regions(scenario: Scenario, world: World) -> None:
    """Refuse a policy for regions that the world does not have, or that gives one region two names.

    Raises:
        ScenarioError: With the place of each name.
    """
    if problems := region_problems(scenario, world):
        raise ScenarioError(problems)


def region_problems(scenario: Any, world: World) -> list[Problem]:
    """What is wrong with the regions that a policy names; of anything with `policy`, `origins` and `name`."""
    names, policy, problems = world_regions(world), scenario.policy, list[Problem]()
    places = [("policy.regions", list(policy.regions))]
    places += [
        (f"policy.timeline.{place}.regions", list(entry.get("regions", {})))
        for place, entry in enumerate(policy.timeline)
    ]
    rows: dict[int, str] = {}
    for group, given in places:
        for name in given:
            key = f"{group}.{name}"
            where, told = str(scenario.origins.get(key, scenario.name)), told_key(key, policy.timeline)
            try:
                row = names.row(name)
            except NameProblemError as error:
                problems.append(Problem(where, told, error.message, error.hint))
                continue
            other = rows.setdefault(row, name)
            if other != name:
                message = f"{names.shown[row]} is called {other!r} before"
                problems.append(Problem(where, told, message, "call a region by one name in a scenario"))
    return problems
