"""From scenario names to a finished result: load, estimate, run, gather, compare, store, draw, print."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.console.interrupts import keeping
from qipan.experiments.console.language import said, spoken
from qipan.experiments.console.progress import step
from qipan.experiments.designs.assumptions import replicates_for
from qipan.experiments.designs.precision import Aim, enough_for, judged_runs, run_until, stopping_words
from qipan.experiments.results.own_data import say_idle, say_own
from qipan.experiments.runs.costing import cost_of
from qipan.experiments.runs.estimate import refuse_oversized
from qipan.experiments.runs.execute import Execution, StrictStopError
from qipan.experiments.runs.executor import chosen, named
from qipan.experiments.runs.failures import records
from qipan.experiments.runs.keeping import kept
from qipan.experiments.runs.plan import RunPlan, check_pairing, plan_request, with_run_settings
from qipan.experiments.runs.stage import INTERRUPTED, Manner, run_parts, say_nothing
from qipan.experiments.store.folder import given, holding, place_for
from qipan.experiments.store.parts import PARTS, PartStore
from qipan.experiments.store.requests import named_by
from qipan.experiments.studies.assumptions import run_trials, trial_size, with_importance
from qipan.experiments.studies.without_room import shown_as_it_stands
from qipan.experiments.summaries.family import family_of
from qipan.experiments.words.warned import stored
from qipan.model.errors import Problem, UserError
from qipan.model.measures.regional import welfare_weighted
from qipan.model.scenario import Scenario, load_scenario
from qipan.model.world import load_world
from qipan.model.world.reading.weights import region_weights

if TYPE_CHECKING:
    from qipan.experiments.runs.gather import Gathered
    from qipan.experiments.summaries.comparison import Comparison
    from qipan.model.executor import Choice
    from qipan.model.notices.notice import Notice
    from qipan.model.scenario import Scenario
    from qipan.model.world import World


USUAL_ARMS = 8
"""Arms of a usual comparison, by which the executor of any comparison is chosen: a design with its references."""


def conduct(names: Sequence[str | Scenario], **options: Any) -> int:
    """Run scenarios as the arms of one experiment; returns the exit status. Arguments and errors as `conducted`."""
    return conducted(names, **options)[0]


def conducted(
    names: Sequence[str | Scenario],
    *,
    settings: Sequence[str],
    replicates: int | None,
    seed: int | None,
    folder: str | None,
    dry_run: bool,
    workers: int,
    language: str,
    no_report: bool,
    strict: bool,
    quiet: bool,
    aim: Aim | None = None,
    references: bool | None = False,
    assumptions: int = 0,
    executor: Choice = "auto",
    keep: str | None = None,
    headline: str | None = None,
    force: bool = False,
    weights: str | None = None,
) -> tuple[int, Path]:
    """Run scenarios as the arms of one experiment, the first being the baseline; returns exit status and folder.

    With an aim, replicates are added until it is reached; with references, those of every policy are run too (None:
    of designs that are no solved game); assumptions are ranked with so many replicates (0: not); the
    headline names the policy that titles the figures (None: the last). Weights of regions stand beside the headline
    welfare: a built-in choice or a file (`region_weights`).

    Raises:
        UserError: a scenario, the data, a setting or the result folder is not as it must be, or the work is too large.
    """
    if folder is not None:
        given(folder)
    first = _loaded(names[0], with_run_settings(settings, None, seed))
    world = load_world(first.world)
    count = first.run.replicates if replicates is None else replicates
    count = count if aim is None else aim.most
    own = None if weights is None else region_weights(weights, world)
    if own is None and aim is not None and aim.measure == welfare_weighted.__name__:
        message = f"{aim.measure} needs weights of regions"
        raise UserError(Problem("command line", "--on", message, "give --weights, or another measure"))
    # by the size of one arm, so that an arm's numbers do not depend on what stands beside it
    carried_out = chosen(executor, first, world, 1 if len(names) == 1 else USUAL_ARMS, count)
    if not dry_run:
        refuse_oversized(cost_of([first] * len(names), world, count, workers, carried_out), None)
    arms = [_loaded(name, with_run_settings(settings, count, seed)) for name in names]
    family = family_of(arms, references, headline)
    asked = {
        "scenarios": [name if isinstance(name, str) else name.name for name in names],
        "set": list(with_run_settings(settings, count, seed)),
        **named(executor),
    }
    plan = RunPlan(
        "",
        Path(),
        tuple(one.scenario for one in family.runs),
        tuple(one.name for one in family.runs),
        tuple(sorted(world.files.items())),
        asked,
        family=family,
        executor=carried_out,
        weights=own,
    )
    check_pairing(plan.arms)
    trials = trial_size(plan, replicates_for(assumptions, family, count))
    plan = replace(plan, keep=kept(keep, count, looks=bool(aim), weights=own is not None))
    request = plan_request(
        "comparison",
        plan,
        keep=plan.keep,
        assumptions=trials[1],
        headline=family.headline,
        members=[[member.name, member.run] for member in family.members],
        stopping=None if aim is None else asdict(aim),
        **({} if own is None else {"weights": asdict(own)}),
    )
    marks = [] if aim is None else [f"precision-{aim.precision:g}"]
    marks += [] if own is None else [f"weights-{own.name}"]
    name = named_by(result_name([arm.name for arm in arms]), settings, usual(names[0], arms[0]), arms[0], *marks)
    cost = cost_of(plan.arms, world, count, workers, plan.executor, trials, plan.keep, not no_report)
    manner, files = Manner(workers, language, no_report, strict, quiet, force), plan.files + trials[0]
    if not dry_run and (shown := shown_as_it_stands(folder, name, request, cost, files, manner)) is not None:
        return 0, shown
    place = place_for(folder, name, request, force=force, files=files, quiet=quiet)
    plan = replace(plan, name=place.absolute().name, folder=place)
    if dry_run:
        say_idle(plan.arms, spoken(), quiet=quiet)
        names = ", ".join(member.name for member in family.members)
        lines = [*cost.lines(), f"result      {place}", f"names       {names}"]
        print("\n".join(map(said, lines)))
        return 0, place
    refuse_oversized(cost, place)
    say_own(world, spoken(), quiet=quiet, arms=plan.arms)
    going_on = f"the parts stored in {plan.folder} are kept; the same command goes on from there"
    with holding(place, request, force), keeping(going_on):
        return _carry_out(plan, world, manner, aim, trials[1]), place


def usual(given: str | Scenario, arm: Scenario) -> Scenario:
    """A scenario as it is without settings of the command line; the arm itself where it is not valid without them."""
    try:
        return _loaded(given, ())
    except UserError:
        return arm


def _loaded(given: str | Scenario, settings: Sequence[str]) -> Scenario:
    """A scenario by its name; one that is given as it is has its settings already."""
    return given if isinstance(given, Scenario) else load_scenario(given, settings)


def result_name(arms: Sequence[str]) -> str:
    """The default name of a result: the arm, or the last arm against the baseline.

    Example:
        >>> result_name(["baseline", "burn", "national-design"])
        'national-design-against-baseline'
    """
    first, last = arms[0].replace("/", "-"), arms[-1].replace("/", "-")
    return first if len(arms) == 1 else f"{last}-against-{first}"


def _carry_out(plan: RunPlan, world: World, manner: Manner, aim: Aim | None, trials: int) -> int:
    from qipan.experiments.findings.terminal import print_headline, print_ranks
    from qipan.experiments.results.write import write_failures, write_result
    from qipan.experiments.runs.gather import gather
    from qipan.experiments.studies.headline import headline

    store = PartStore(plan.folder / PARTS)
    try:
        plan, execution, stopped = _run(plan, store, manner, aim, world)
        gathered = gather(plan, store)
        if not len(gathered.replicates):
            write_failures(plan.folder, records(plan, gathered.failures))
            return say_nothing(plan, execution)
        # arms may come to replicates of their own, and rows may be too many to be kept: then with all tables
        soon = not manner.quiet and aim is None and not gathered.failures and gathered.summary is None
        if soon:
            print_headline(headline(plan, gathered, world), spoken())
        comparison = _compared(plan, store, world, gathered, execution, manner, stopped, aim)
        if not manner.quiet:  # before assumptions are ranked and figures drawn, which takes longer
            if not soon:
                print_headline(comparison, spoken())
            print_ranks(comparison, spoken())
        ranked = None if execution.interrupted else run_trials(plan, trials, manner)
    except StrictStopError as stop:
        print(said(f"stopped (--strict): {stop}; qipan replay {stop.failure.identifier}"), file=sys.stderr)
        return 1
    comparison = with_importance(comparison, ranked, gathered)
    write_result(comparison, plan.folder, records(plan, gathered.failures))
    interrupted = execution.interrupted or (ranked is not None and ranked.interrupted)
    return _show(plan, comparison, interrupted, manner)


def _run(
    plan: RunPlan, store: PartStore, manner: Manner, aim: Aim | None, world: World
) -> tuple[RunPlan, Execution, tuple[Notice, dict[str, Any]] | None]:
    """Run what was planned, or until the aim is reached; then also what stopping came to."""
    if aim is None:
        shown = not manner.quiet and sys.stdout.isatty()  # a file is to hold the table of all replicates alone
        begun = partial(_show_first, plan, store, manner, world) if shown else None
        return plan, run_parts(plan, store, manner, begun), None
    plan, execution, look = run_until(plan, store, manner, aim)
    return plan, execution, stopping_words(aim, look, [plan.names[place] for place in judged_runs(plan)])


def _show_first(plan: RunPlan, store: PartStore, manner: Manner, world: World) -> None:
    """Print what the first block comes to while the others are computed; nothing of it is stored."""
    from qipan.experiments.findings.terminal import print_first
    from qipan.experiments.studies.headline import first_block, headline

    gathered = first_block(plan, store)
    if len(gathered.replicates):
        print_first(headline(plan, gathered, world), plan.replicates, spoken())


def _compared(
    plan: RunPlan,
    store: PartStore,
    world: World,
    gathered: Gathered,
    execution: Execution,
    manner: Manner,
    stopped: tuple[Notice, dict[str, Any]] | None,
    aim: Aim | None,
) -> Comparison:
    """All tables but the ranking of assumptions."""
    from qipan.experiments.results.assemble import assemble
    from qipan.experiments.results.own_replicates import own_replicates, with_own_replicates

    with step("comparing the arms", quiet=manner.quiet):
        comparison = assemble(plan, gathered, world, execution)
        enough = {} if aim is None else enough_for(plan, store, aim)
        own = own_replicates(plan, store, gathered, world, execution, enough)
        fewer = any(count != plan.replicates for count in enough.values())
        comparison = with_own_replicates(comparison, own, f"warning_{'precision' if fewer else 'failed'}_each")
        return _with_stopping(comparison, stopped)


def _with_stopping(comparison: Comparison, stopped: tuple[Notice, dict[str, Any]] | None) -> Comparison:
    """The comparison with a warning and facts on how its replicates came to be so many."""
    if stopped is None:
        return comparison
    warnings = (*comparison.warnings, stopped[0])
    manifest = {**comparison.manifest, "warnings": [stored(told) for told in warnings], "stopping": stopped[1]}
    return replace(comparison, warnings=warnings, manifest=manifest)


def _show(plan: RunPlan, comparison: Comparison, interrupted: bool, manner: Manner) -> int:
    if not manner.quiet:
        from qipan.experiments.findings.terminal import print_rest

        print_rest(comparison, spoken())
    if interrupted:
        used = comparison.manifest["replicates"]["used"]
        where = " before the assumptions were ranked" if used == plan.replicates else ""
        told = (
            f"interrupted{where}: the tables in {plan.folder} hold {used:,} of "
            f"{plan.replicates:,} replicates; the same command goes on from there"
        )
        print(said(told), file=sys.stderr)
        return INTERRUPTED
    if manner.no_report:
        print(plan.folder)
    else:
        drawn_later = f"the tables in {plan.folder} are complete; the same command draws the figures"
        with step("drawing the figures", quiet=manner.quiet), keeping(drawn_later):
            from qipan.experiments.report.page import draw

            report = draw(comparison, plan.folder, manner.language)
        print(report)
    return 0
