"""A study of one scenario whose arms are made of it: from what was asked to the plan, its folder, and its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.console.language import said, spoken
from qipan.experiments.results.own_data import say_idle, say_own
from qipan.experiments.results.provenance import one_digest
from qipan.experiments.results.study import MOST_NAMED, Study, conduct_study
from qipan.experiments.runs.estimate import estimate, refuse_oversized
from qipan.experiments.runs.executor import chosen, named
from qipan.experiments.runs.gather import Gathered
from qipan.experiments.runs.plan import RunPlan, plan_request, with_run_settings
from qipan.experiments.runs.stage import Manner
from qipan.experiments.store.folder import place_for
from qipan.experiments.store.requests import named_by
from qipan.model.errors import Problem, UserError
from qipan.model.scenario import load_scenario
from qipan.model.world import load_world

if TYPE_CHECKING:
    from qipan.experiments.store.requests import Request
    from qipan.model.executor import Choice
    from qipan.model.scenario import Scenario

LEAST = 3
"""Replicates from which means of two paired differences have a ratio with an interval."""


@dataclass(frozen=True)
class StudyAsked:
    """What the command line says of a study.

    Args:
        name: Of the scenario.
        settings: "KEY=VALUE" of --set.
        replicates, seed, folder, dry_run: As given.
        manner: How it is run and shown.
        executor: Who carries out the years.
        usual: Replicates unless told otherwise.
    """

    name: str
    settings: tuple[str, ...]
    replicates: int | None
    seed: int | None
    folder: str | None
    dry_run: bool
    manner: Manner
    executor: Choice = "auto"
    usual: int = 500

    @classmethod
    def of(cls, name: str, options: Mapping[str, Any]) -> StudyAsked:
        """What a command with `running_options` was given, by the names of its options."""
        kinds = {each.name for each in fields(Manner)}
        manner = Manner(**{key: value for key, value in options.items() if key in kinds})
        return cls(name, **{key: value for key, value in options.items() if key not in kinds}, manner=manner)

    @property
    def given(self) -> tuple[str, ...]:
        """The settings with replicates and seed among them."""
        unsaid = self.replicates is None and not any(
            text.replace(" ", "").startswith("run.replicates=") for text in self.settings
        )
        return with_run_settings(self.settings, self.usual if unsaid else self.replicates, self.seed)

    def scenario(self) -> Scenario:
        """The scenario, resolved.

        Raises:
            UserError: it cannot be used, or has too few replicates.
        """
        found = load_scenario(self.name, self.given)
        refuse_few(found.run.replicates, self.usual)
        return found


def refuse_few(count: int, usual: int = 500, least: int = LEAST) -> None:
    """Refuse a number of replicates from which no interval follows.

    Raises:
        UserError: there are fewer than `least`.
    """
    if count < least:
        said = "1 replicate gives" if count == 1 else f"{count} replicates give"
        hint = f"give at least {least}, better {usual}"
        raise UserError(Problem("command line", "run.replicates", f"{said} no interval", hint))


def planned_arms(
    kind: str,
    asked: StudyAsked,
    scenario: Scenario,
    arms: Mapping[str, Scenario],
    *,
    marks: Sequence[str] = (),
    arguments: Mapping[str, Any] = {},
    **facts: object,
) -> tuple[RunPlan, Request]:
    """The plan of such a study with its folder, and the request it stands for; arguments as of `run_arms`.

    Raises:
        UserError: the folder is not as it must be.
    """
    world, manner = load_world(scenario.world), asked.manner
    plan = RunPlan(
        "",
        Path(),
        tuple(arms.values()),
        tuple(arms),
        tuple(sorted(world.files.items())),
        {"scenario": asked.name, **arguments, "set": list(asked.given), **named(asked.executor)},
        keep="scores",
        executor=chosen(asked.executor, scenario, world, len(arms), scenario.run.replicates),
    )
    request = plan_request(kind, plan, **facts)
    if len(arms) > MOST_NAMED:  # told as one
        request["arms"] = [[scenario.name, one_digest([arm.digest(replicates=1, seed=1) for arm in plan.arms])]]
    usual = load_scenario(asked.name, with_run_settings((), asked.usual, None))
    called = named_by(f"{kind}-{scenario.name.replace('/', '-')}", asked.settings, usual, scenario, *marks)
    place = place_for(asked.folder, called, request, force=manner.force, files=plan.files, quiet=manner.quiet)
    return replace(plan, name=place.absolute().name, folder=place), request


def run_arms(
    kind: str,
    asked: StudyAsked,
    scenario: Scenario,
    arms: Mapping[str, Scenario],
    analyse: Callable[[RunPlan, Gathered], Study],
    show: Callable[[Study, RunPlan], None],
    *,
    marks: Sequence[str] = (),
    arguments: Mapping[str, Any] = {},
    **facts: object,
) -> int:
    """Run the arms of a study as far as they are missing, analyse and show it; returns the exit status.

    Args:
        kind: Of the study; it begins the name of the folder.
        asked: What the command line says.
        scenario: The scenario that the arms are made of.
        arms: By name, in the order they are shown.
        analyse: Makes the tables.
        show: Prints them, draws figures and the page.
        marks: Further marks in the folder's name.
        arguments: What the manifest tells beside scenario and settings.
        facts: What else decides what comes out.

    Raises:
        UserError: the folder is not as it must be, or the work is too large.
    """
    world, manner = load_world(scenario.world), asked.manner
    plan, request = planned_arms(kind, asked, scenario, arms, marks=marks, arguments=arguments, **facts)
    place = plan.folder
    cost = estimate(
        arms=len(plan.arms),
        replicates=scenario.run.replicates,
        regions=len(world.region_codes),
        sectors=len(world.sector_codes),
        years=scenario.run.last_year - scenario.run.first_year + 1,
        workers=manner.workers,
        executor=plan.executor,
        keep="scores",
        drawn=not manner.no_report,
    )
    if asked.dry_run:
        say_idle(plan.arms, spoken(), quiet=manner.quiet)
        print("\n".join(map(said, [*cost.lines(), f"result      {place}", f"plan        {plan.digest()}"])))
        return 0
    refuse_oversized(cost, place)
    say_own(world, spoken(), quiet=manner.quiet, arms=plan.arms)
    done = plan
    return conduct_study(
        done,
        request,
        world,
        manner,
        lambda gathered: analyse(done, gathered),
        lambda study: show(study, done),
    )
