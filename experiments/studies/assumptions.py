"""Assumptions ranked beside a comparison: their trials run, stored in a folder of their own, and put into a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qipan.experiments.designs.assumptions import FOLDER, UNFINISHED, Trials, trials_of
from qipan.experiments.runs.stage import Manner, run_parts
from qipan.experiments.store.parts import PARTS, PartStore
from qipan.experiments.words.warned import stored, warning
from qipan.model.errors import Problem, UserError

if TYPE_CHECKING:
    from qipan.experiments.runs.execute import Execution
    from qipan.experiments.runs.gather import Gathered
    from qipan.experiments.runs.plan import RunPlan
    from qipan.experiments.summaries.comparison import Comparison
    from qipan.model.notices.notice import Notice


@dataclass(frozen=True, eq=False)
class Ranked:
    """Trials that were run: what they are, where their parts lie, and what running them came to (None: nothing ran)."""

    trials: Trials
    replicates: int
    store: PartStore | None = None
    execution: Execution | None = None

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C stopped them."""
        return self.execution is not None and self.execution.interrupted


def planned_trials(plan: RunPlan, replicates: int) -> Trials:
    """The trials of a comparison, about its headline policy."""
    place = len(plan.arms) - 1 if plan.family is None else plan.family.member(plan.family.headline).run
    return trials_of(plan, place, min(replicates, plan.replicates))


def trial_size(plan: RunPlan, replicates: int) -> tuple[int, int]:
    """Scenarios that ranking the assumptions takes, and replicates of each; nothing where none are wanted.

    Raises:
        UserError: one replicate is asked for, which gives no interval.
    """
    if replicates < 1:
        return 0, 0
    if replicates == 1:
        message, hint = "1 replicate gives no interval", "give at least 2, better 64, or 0 to leave the ranking out"
        raise UserError(Problem("command line", "--assumptions", message, hint))
    trials = planned_trials(plan, replicates)
    return (0, 0) if trials.plan is None else (len(trials.plan.arms), trials.plan.replicates)


def run_trials(plan: RunPlan, replicates: int, manner: Manner) -> Ranked | None:
    """Run and store the trials that are missing, with a progress bar; None when none are wanted.

    Raises:
        StrictStopError: a replicate fails under strict.
        StoreError: a part cannot be written.
    """
    if replicates < 1 or len(plan.arms) < 2:
        return None
    trials = planned_trials(plan, replicates)
    count = min(replicates, plan.replicates)
    if trials.plan is None:
        return Ranked(trials, count)
    store = PartStore(trials.plan.folder / PARTS)
    store.remove_unfinished()
    return Ranked(trials, count, store, run_parts(trials.plan, store, manner))


def with_importance(comparison: Comparison, ranked: Ranked | None, gathered: Gathered) -> Comparison:
    """The comparison with its table `importance` (empty where none are ranked), and in the manifest what it is of."""
    from qipan.experiments.summaries.single import frame

    tables = {**comparison.tables, "importance": frame("importance", [])}
    if ranked is None:
        return replace(comparison, tables=tables)
    from qipan.experiments.designs.assumptions_tables import collect, importance_table

    plan = ranked.trials.plan
    done = [] if plan is None or ranked.store is None else collect(plan, ranked.store)
    arm = comparison.asked.name
    if not ranked.interrupted:
        run, differences = comparison.arms[0].scenario.run, comparison.table("differences")
        tables["importance"] = importance_table(ranked.trials, done, gathered, arm, differences, run)
    warnings = (*comparison.warnings, *_warnings(ranked, comparison.name))
    manifest = {
        **comparison.manifest,
        "warnings": [stored(told) for told in warnings],
        "assumptions": _facts(ranked),
        "times": _times(comparison.manifest.get("times", {}), ranked),
    }
    return replace(comparison, tables=tables, manifest=manifest, warnings=warnings)


def _facts(ranked: Ranked) -> dict[str, Any]:
    plan = ranked.trials.plan
    return {
        "replicates": ranked.replicates,
        "parameters": len({trial.parameter.path for trial in ranked.trials.trials}),
        "trials": len(ranked.trials.trials),
        "scenarios": 0 if plan is None else len(plan.arms),
        "refused": list(ranked.trials.refused),
    }


def _times(times: Mapping[str, Any], ranked: Ranked) -> dict[str, Any]:
    """The block of times with the computing time of all trials together."""
    seconds = {} if ranked.execution is None else ranked.execution.seconds
    return {**times, "computing": {**times.get("computing", {}), FOLDER: round(sum(seconds.values()), 3)}}


def _warnings(ranked: Ranked, name: str) -> list[Notice]:
    if ranked.execution is None:
        return []
    found = []
    if ranked.execution.failures:
        first = ranked.execution.failures[0]
        count = len(ranked.execution.failures)
        found.append(
            warning(
                "warning_trials_failed",
                count=count,
                s="s" * (count != 1),
                scenario=first.scenario,
                file=f"{FOLDER}/failures.json",
                replicate=first.replicate,
                message=first.message,
                command=f"qipan replay {first.identifier} --results, and the folder {name}",
            )
        )
    if ranked.interrupted:
        found.append(warning(UNFINISHED))
    return found
