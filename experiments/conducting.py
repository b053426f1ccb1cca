"""From scenario names to a finished result: load, estimate, run, gather, compare, store, draw, print."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.commands.options import with_run_settings
from experiments.costing import cost_of
from experiments.estimate import refuse_oversized
from experiments.executing import chosen, named
from experiments.forked import side_by_side
from experiments.importance import replicates_for
from experiments.importance_running import Ranked, run_trials, trial_size, with_importance
from experiments.keeping import kept
from experiments.lock import FolderLock
from experiments.parts import INTERRUPTED, PARTS, Manner, run_parts, say_nothing
from experiments.plan import Plan, check_pairing
from experiments.progress import step
from experiments.references import wants_references, with_references
from experiments.running import Execution, StrictStopError
from experiments.sequential import Aim, run_until, stopping_words
from experiments.store import PartStore, store_error
from experiments.workers import kept_workers
from model.scenario import load_scenario
from model.world import load_world

if TYPE_CHECKING:
    from experiments.comparison import Comparison
    from model.executor import Choice
    from model.scenario import Scenario
    from model.world import World


def conduct(
    names: Sequence[str], *, settings: Sequence[str], replicates: int | None, seed: int | None, folder: str | None,
    dry_run: bool, workers: int, language: str, no_report: bool, strict: bool, quiet: bool, aim: Aim | None = None,
    references: bool | None = False, assumptions: int | None = 0, executor: Choice = "auto",
    keep: str | None = None,
) -> int:  # fmt: skip
    """Run scenarios as the arms of one experiment, the first being the baseline; returns the exit status.

    With an aim, replicates are added until it is reached; with references, the reference arms that are missing are run
    too (None: where the last arm is a design); assumptions are ranked with so many replicates (None: where cheap).

    Raises:
        UserError: a scenario, the data, a setting or the result folder is not as it must be, or the work is too large.
    """
    first = load_scenario(names[0], with_run_settings(settings, None, seed))
    world = load_world(first.world)
    count = first.run.replicates if replicates is None else replicates
    count = count if aim is None else aim.most
    if not dry_run:
        refuse_oversized(cost_of([first] * len(names), world, count, workers, chosen(executor, first, world, 1, count)),
                         Path("." if folder is None else folder))  # fmt: skip
    arms = [load_scenario(name, with_run_settings(settings, count, seed)) for name in names]
    arms = with_references(arms) if references or (references is None and wants_references(arms)) else arms
    place = Path(folder) if folder is not None else Path("results") / result_name([arm.name for arm in arms])
    asked = {"scenarios": list(names), "set": list(with_run_settings(settings, count, seed)), **named(executor)}
    plan = Plan(place.name, place, tuple(arms), arm_names(arms), tuple(sorted(world.files.items())), asked)
    check_pairing(plan.arms)
    trials = trial_size(plan, replicates_for(assumptions, arms, world, count))
    runs = len(arms) * count + trials[0] * trials[1]
    plan = replace(plan, keep=kept(keep, count, looks=bool(aim)), executor=chosen(executor, first, world, 1, runs))
    cost = cost_of(arms, world, count, workers, plan.executor, trials, plan.keep, not no_report)
    if dry_run:
        print("\n".join([*cost.lines(), f"result      {place}", f"names       {', '.join(plan.names)}"]))
        return 0
    refuse_oversized(cost, place)
    return _carry_out(plan, world, Manner(workers, language, no_report, strict, quiet), aim, trials[1])


def result_name(arms: Sequence[str]) -> str:
    """The default name of a result: the arm, or the last arm against the baseline.

    Example:
        >>> result_name(["baseline", "burn", "national-design"])
        'national-design-against-baseline'
    """
    first, last = arms[0].replace("/", "-"), arms[-1].replace("/", "-")
    return first if len(arms) == 1 else f"{last}-against-{first}"


def arm_names(arms: Sequence[Scenario]) -> tuple[str, ...]:
    """Short names of the arms, fit for files and all different: 'theory-game', 'burn', 'burn-again-1'."""
    names: list[str] = []
    for arm in arms:
        name = arm.name.replace("/", "-")
        number = sum(1 for other in names if other == name or other.startswith(f"{name}-again-"))
        names.append(name if not number else f"{name}-again-{number}")
    return tuple(names)


def _carry_out(plan: Plan, world: World, manner: Manner, aim: Aim | None, trials: int) -> int:
    with FolderLock(plan.folder):
        store = PartStore(plan.folder / PARTS)
        store.remove_unfinished()
        try:
            with kept_workers():
                plan, execution, stopped = _run(plan, store, manner, aim)
                ranked = None if execution.interrupted else run_trials(plan, trials, manner)
        except StrictStopError as stop:
            print(f"stopped (--strict): {stop}; qipan replay {stop.failure.identifier}", file=sys.stderr)
            return 1
        comparison = _finish(plan, store, world, execution, manner, stopped, ranked)
        if comparison is None:
            return say_nothing(plan, execution)
        interrupted = execution.interrupted or (ranked is not None and ranked.interrupted)
        return _show(plan, comparison, interrupted, manner)


def _run(
    plan: Plan, store: PartStore, manner: Manner, aim: Aim | None
) -> tuple[Plan, Execution, tuple[str, dict[str, Any]] | None]:
    """Run what was planned, or until the aim is reached; then also what stopping came to."""
    if aim is None:
        return plan, run_parts(plan, store, manner), None
    plan, execution, look = run_until(plan, store, manner, aim)
    return plan, execution, stopping_words(aim, look, plan.names)


def _finish(
    plan: Plan, store: PartStore, world: World, execution: Execution, manner: Manner,
    stopped: tuple[str, dict[str, Any]] | None, ranked: Ranked | None,
) -> Comparison | None:  # fmt: skip
    from dataclasses import asdict

    from experiments.assembling import assemble
    from experiments.gathering import gather
    from experiments.writing import write_failures, write_result

    with step("comparing the arms", quiet=manner.quiet):
        gathered = gather(plan, store)
        failures = [{**asdict(failure), "arm_name": plan.names[failure.arm]} for failure in gathered.failures]
        if not len(gathered.replicates):
            write_failures(plan.folder, failures)
            return None
        comparison = _with_stopping(assemble(plan, gathered, world, execution), stopped)
        comparison = with_importance(comparison, ranked, gathered)
        write_result(comparison, plan.folder, failures)
    return comparison


def _with_stopping(comparison: Comparison, stopped: tuple[str, dict[str, Any]] | None) -> Comparison:
    """The comparison with a sentence and facts on how its replicates came to be so many."""
    if stopped is None:
        return comparison
    sentences = (*comparison.warnings, stopped[0])
    manifest = {**comparison.manifest, "warnings": list(sentences), "stopping": stopped[1]}
    return replace(comparison, warnings=sentences, manifest=manifest)


def _show(plan: Plan, comparison: Comparison, interrupted: bool, manner: Manner) -> int:
    if not manner.quiet:
        from experiments.printing import print_comparison

        print_comparison(comparison, manner.language)
    if interrupted:
        used = comparison.manifest["replicates"]["used"]
        where = " before the assumptions were ranked" if used == plan.replicates else ""
        print(f"interrupted{where}: the tables in {plan.folder} hold {used:,} of "
              f"{plan.replicates:,} replicates; the same command goes on from there", file=sys.stderr)  # fmt: skip
        return INTERRUPTED
    if manner.no_report:
        print(plan.folder)
    else:
        with step("drawing the figures", quiet=manner.quiet), side_by_side(manner.workers):
            report = draw(comparison, plan.folder, manner.language)
        print(report)
    return 0


def draw(comparison: Comparison, folder: Path, language: str) -> Path:
    """Draw the figures and write the report of a comparison; returns the report's path.

    Raises:
        StoreError: the folder cannot be written.
    """
    os.environ.setdefault("MPLBACKEND", "Agg")
    from experiments.report import write_report

    try:
        return write_report(comparison, folder, language)
    except OSError as error:
        reason = error.strerror or str(error)
        raise store_error(folder, f"figures and report cannot be written: {reason}", "the tables are kept") from error
