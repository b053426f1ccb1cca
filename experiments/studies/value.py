"""`qipan worth` and `qipan best`: what a yuan more of each source is worth; the best of a searched set of policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qipan.experiments.console.language import spoken
from qipan.experiments.console.progress import step
from qipan.experiments.results.study import Study
from qipan.experiments.store.ownership import staged
from qipan.experiments.studies.of_arms import LEAST, StudyAsked, refuse_few, run_arms
from qipan.experiments.summaries.family import is_design
from qipan.experiments.value.searched import searched_arms, searched_tables
from qipan.experiments.value.sources import worth_arms
from qipan.experiments.value.worth_tables import worth_tables
from qipan.experiments.words.warned import warned, warning
from qipan.model.errors import Problem, UserError
from qipan.model.extend.registry import LEVERS
from qipan.model.world import load_world

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.runs.gather import Gathered
    from qipan.experiments.runs.plan import RunPlan
    from qipan.experiments.summaries.rows import Part
    from qipan.model.scenario import Scenario

LEAST_BEST = 4
"""Replicates from which each half, the one that chooses and the one that does not, has an interval."""


def worth(asked: StudyAsked) -> int:
    """What a yuan more of each source is worth in a scenario; returns the exit status.

    Raises:
        UserError: the scenario, a setting or the folder is not as it must be, or the work is too large.
    """
    scenario = asked.scenario()
    return _conducted("worth", asked, scenario, worth_arms(scenario))


def best(asked: StudyAsked) -> int:
    """The best of a searched set of policies around a scenario's design; returns the exit status.

    Raises:
        UserError: the scenario is no design, or something is not as it must be, or the work is too large.
    """
    scenario = asked.scenario()
    refuse_few(scenario.run.replicates, asked.usual, LEAST_BEST)
    if not is_design(scenario):
        hint = "name a scenario with at least one lever, such as national-design"
        raise UserError(Problem("command line", "SCENARIO", f"{scenario.name} is no coordinator's design", hint))
    return _conducted("best", asked, scenario, searched_arms(scenario))


def _conducted(kind: str, asked: StudyAsked, scenario: Scenario, arms: Mapping[str, Scenario]) -> int:
    return run_arms(
        kind,
        asked,
        scenario,
        arms,
        lambda plan, gathered: analyse(kind, scenario, plan, gathered),
        lambda study, plan: show(study, plan, asked, scenario),
    )


def analyse(kind: str, scenario: Scenario, plan: RunPlan, gathered: Gathered) -> Study:
    """Make the tables of one of the two studies.

    Raises:
        UserError: too few replicates for an interval are left.
    """
    refuse_few(len(gathered.replicates), least=LEAST if kind == "worth" else LEAST_BEST)
    parts: dict[str, Part] = dict(zip(plan.names, gathered.parts, strict=True))
    cost = scenario.world.market.public_funds_cost
    tables: dict[str, pd.DataFrame] = worth_tables(parts, cost) if kind == "worth" else searched_tables(parts)
    facts: dict[str, Any] = {
        "arms_run": list(plan.names),
        "title": scenario.title,
        "title_zh": scenario.title_zh,
        "public_funds_cost": cost,
        "year": scenario.run.last_year,
        "levers": len(LEVERS),
        "seed": scenario.run.seed,
    }
    failed = len({failure.replicate for failure in gathered.failures})
    warnings = (warning("warning_replicates_left", count=failed, s="s" * (failed != 1)),) if failed else ()
    return Study(kind, plan.name, tables, facts, warnings)


def show(study: Study, plan: RunPlan, asked: StudyAsked, scenario: Scenario) -> None:
    """Print what the study says; draw the figure and write the page unless told not to."""
    from qipan.experiments.results.own_data import idle_warnings, own_warnings
    from qipan.experiments.value.page import write_value
    from qipan.experiments.value.words import sentences

    manner, world = asked.manner, load_world(scenario.world)
    if not manner.quiet:
        from rich.console import Console

        console = Console()
        console = console if console.is_terminal else Console(width=120)
        before = (*own_warnings(world), *idle_warnings(plan.arms))  # said before the work began
        new = (warned(text, spoken()) for text in study.warnings if text not in before)
        told = [*sentences(study, spoken()), *new]
        for line in told:
            console.print(line, markup=False, highlight=False)
    if manner.no_report:
        print(plan.folder)
        return
    with step("drawing the figures", quiet=manner.quiet), staged(plan.folder) as place:
        page = write_value(study, place, scenario.run.seed, world, manner.language)
    print(plan.folder / page.name)
