"""`qipan attribute` from a scenario's name to its page: which lever did it, how sure are we, what did it cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from qipan.experiments.console.language import spoken
from qipan.experiments.console.progress import step
from qipan.experiments.designs import levers_tables as tables
from qipan.experiments.designs.levers import Layout, arms_of
from qipan.experiments.findings.attribution import claims, key_factor, key_label, lever_label
from qipan.experiments.results.study import Study
from qipan.experiments.runs.gather import Gathered
from qipan.experiments.runs.plan import RunPlan
from qipan.experiments.statistics.paired import UNTOLD
from qipan.experiments.store.ownership import staged
from qipan.experiments.studies.of_arms import StudyAsked, refuse_few, run_arms
from qipan.experiments.summaries.rows import Part
from qipan.experiments.words.warned import warned, warning
from qipan.model.world import load_world

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.runs.stage import Manner
    from qipan.model.notices.notice import Notice
    from qipan.model.world import World


def attribute(asked: StudyAsked, half: bool) -> int:
    """Attribute the effect of a scenario's design to its levers; returns the exit status.

    Raises:
        UserError: the scenario, a setting or the folder is not as it must be, or the work is too large.
    """
    scenario = asked.scenario()
    world, layout = load_world(scenario.world), arms_of(scenario, half)
    return run_arms(
        "attribution",
        asked,
        scenario,
        layout.arms,
        lambda plan, gathered: analyse(plan, layout, world, gathered),
        lambda study, plan: show(study, plan, world, asked.manner),
        marks=["half"] if half else [],
        arguments={"half": half},
        fraction="1/2" if half else "1",
    )


def analyse(plan: RunPlan, layout: Layout, world: World, gathered: Gathered) -> Study:
    """Make every table of the attribution.

    Raises:
        UserError: fewer than three replicates: there is no interval.
    """
    refuse_few(len(gathered.replicates))
    parts: Mapping[str, Part] = dict(zip(plan.names, gathered.parts, strict=True))
    scores, targets = tables.with_targets(parts, world)
    keys = tables.finite_keys(scores, list(scores), tables.measured(parts[layout.none], tables.MEASURES))
    found = {
        "shares": tables.shares_table(scores, layout, keys),
        "effects": tables.effects_table(scores, layout, keys),
        "interactions": tables.interactions_table(scores, layout, keys),
        "costs": tables.costs_table(scores, layout, keys),
        "ranking": tables.ranking_table(scores, layout),
    }
    if targets:
        found["targets"] = tables.shares_table(scores, layout, targets)
    found = {name: table for name, table in found.items() if len(table)}
    full = plan.arms[plan.names.index(layout.combinations[-1])]
    facts = {
        "combinations": list(layout.combinations),
        "arms_run": list(layout.arms),
        "title": full.title,
        "title_zh": full.title_zh,
    }
    return Study("attribution", plan.name, found, facts, _warnings(gathered))


def _warnings(gathered: Gathered) -> tuple[Notice, ...]:
    failed = {failure.replicate for failure in gathered.failures}
    if not failed:
        return ()
    return (warning("warning_replicates_left", count=len(failed), s="s" * (len(failed) != 1)),)


def show(study: Study, plan: RunPlan, world: World, manner: Manner) -> None:
    """Print the shares and what may be claimed; draw the figures and write the page unless told not to."""
    if not manner.quiet:
        print_shares(study, spoken())
    if manner.no_report:
        print(plan.folder)
        return
    from qipan.experiments.report.attribution import write_attribution

    with step("drawing the figures", quiet=manner.quiet), staged(plan.folder) as place:
        page = write_attribution(study, place, plan.arms[0].run.seed, world, manner.language)
    print(plan.folder / page.name)


def print_shares(study: Study, language: str) -> None:
    """A table of shares on the terminal: a row for each lever, a column for each main measure."""
    from rich.console import Console

    console = Console()
    console = console if console.is_terminal else Console(width=120)
    console.print(_shares_printed(study.tables["shares"], language))
    for sentence in claims(study.tables["ranking"], language):
        console.print(sentence, markup=False, highlight=False)
    for told in study.warnings:
        console.print(warned(told, language), style="yellow", markup=False, highlight=False)


def _shares_printed(shares: pd.DataFrame, language: str) -> object:
    from rich.table import Table
    from rich.text import Text

    from qipan.experiments.figures.levers import SHOWN
    from qipan.experiments.words.numbers import number

    keys = [key for key in SHOWN if key in set(shares["measure"])]
    printed = Table(show_lines=True)
    printed.add_column("", overflow="fold")
    for key in keys:
        printed.add_column(key_label(key, language), justify="right", overflow="fold")
    for lever in shares["lever"].unique():
        cells = []
        for key in keys:
            row = shares[(shares["measure"] == key) & (shares["lever"] == lever)].iloc[0]
            mean, low, high = (key_factor(key, language) * float(row[each]) for each in ("mean", "low", "high"))
            text = f"{number(mean, signed=True)}\n{number(low)} … {number(high)}"
            cells.append(Text(text, style="dim" if row["verdict"] in UNTOLD else ""))
        printed.add_row(lever_label(lever, language), *cells)
    return printed
