"""From scenario names to a finished result: load, estimate, run, gather, compare, store, draw, print."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.commands.options import with_run_settings
from experiments.estimate import Estimate, estimate, refuse_oversized
from experiments.executing import chosen, named
from experiments.lock import FolderLock
from experiments.parts import INTERRUPTED, PARTS, Manner, run_parts, say_nothing
from experiments.plan import Plan, check_pairing
from experiments.progress import step
from experiments.references import with_references
from experiments.running import Execution, StrictStopError
from experiments.sequential import Aim, run_until, stopping_words
from experiments.store import PartStore, store_error
from model.scenario import load_scenario
from model.world import load_world

if TYPE_CHECKING:
    from experiments.comparison import Comparison
    from experiments.executing import Name
    from model.executor import Choice
    from model.scenario import Scenario
    from model.world import World


def conduct(
    names: Sequence[str], *, settings: Sequence[str], replicates: int | None, seed: int | None, folder: str | None,
    dry_run: bool, workers: int, language: str, no_report: bool, strict: bool, quiet: bool, aim: Aim | None = None,
    references: bool = False, executor: Choice = "auto",
) -> int:  # fmt: skip
    """Run scenarios as the arms of one experiment, the first being the baseline; returns the exit status.

    With an aim, replicates are added until it is reached; with references, the reference arms that are missing are run
    too.

    Raises:
        UserError: a scenario, the data, a setting or the result folder is not as it must be, or the work is too large.
    """
    first = load_scenario(names[0], with_run_settings(settings, None, seed))
    world = load_world(first.world)
    count = first.run.replicates if replicates is None else replicates
    count = count if aim is None else aim.most
    cost = _cost(first, world, len(names), count, workers, chosen(executor, first, world, len(names), count))
    if not dry_run:
        refuse_oversized(cost, Path("." if folder is None else folder))
    arms = [load_scenario(name, with_run_settings(settings, count, seed)) for name in names]
    arms = with_references(arms) if references else arms
    place = Path(folder) if folder is not None else Path("results") / result_name([arm.name for arm in arms])
    asked = {"scenarios": list(names), "set": list(with_run_settings(settings, count, seed)), **named(executor)}
    plan = Plan(place.name, place, tuple(arms), arm_names(arms), tuple(sorted(world.files.items())), asked,
                executor=chosen(executor, first, world, len(arms), count))  # fmt: skip
    check_pairing(plan.arms)
    if dry_run:
        cost = _cost(first, world, len(arms), count, workers, plan.executor)
        print("\n".join([*cost.lines(), f"result      {place}", f"names       {', '.join(plan.names)}"]))
        return 0
    return _carry_out(plan, world, Manner(workers, language, no_report, strict, quiet), aim)


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


def _cost(arm: Scenario, world: World, arms: int, replicates: int, workers: int, executor: Name) -> Estimate:
    return estimate(
        arms=arms, replicates=max(1, replicates), regions=len(world.region_codes), sectors=len(world.sector_codes),
        years=arm.run.last_year - arm.run.first_year + 1, workers=workers, executor=executor,
    )  # fmt: skip


def _carry_out(plan: Plan, world: World, manner: Manner, aim: Aim | None) -> int:
    with FolderLock(plan.folder):
        store = PartStore(plan.folder / PARTS)
        store.remove_unfinished()
        try:
            plan, execution, stopped = _run(plan, store, manner, aim)
        except StrictStopError as stop:
            print(f"stopped (--strict): {stop}; qipan replay {stop.failure.identifier}", file=sys.stderr)
            return 1
        comparison = _finish(plan, store, world, execution, manner, stopped)
        if comparison is None:
            return say_nothing(plan, execution)
        return _show(plan, comparison, execution, manner)


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
    stopped: tuple[str, dict[str, Any]] | None,
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
        write_result(comparison, plan.folder, failures)
    return comparison


def _with_stopping(comparison: Comparison, stopped: tuple[str, dict[str, Any]] | None) -> Comparison:
    """The comparison with a sentence and facts on how its replicates came to be so many."""
    if stopped is None:
        return comparison
    sentences = (*comparison.warnings, stopped[0])
    manifest = {**comparison.manifest, "warnings": list(sentences), "stopping": stopped[1]}
    return replace(comparison, warnings=sentences, manifest=manifest)


def _show(plan: Plan, comparison: Comparison, execution: Execution, manner: Manner) -> int:
    if not manner.quiet:
        from experiments.printing import print_comparison

        print_comparison(comparison, manner.language)
    if execution.interrupted:
        used = comparison.manifest["replicates"]["used"]
        print(f"interrupted: the tables in {plan.folder} hold {used:,} of {plan.replicates:,} replicates; "
              "the same command goes on from there", file=sys.stderr)  # fmt: skip
        return INTERRUPTED
    if manner.no_report:
        print(plan.folder)
    else:
        with step("drawing the figures", quiet=manner.quiet):
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
