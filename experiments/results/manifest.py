"""What made a result: versions, hashes, seed, arguments. Its times stand in one block, "times", and nowhere else."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from qipan.experiments.results.own_data import own_facts
from qipan.experiments.results.read import FORMAT
from qipan.experiments.runs.failures import failed_by_arm
from qipan.experiments.runs.gather import Gathered
from qipan.experiments.runs.plan import SUMMARY, RunPlan
from qipan.experiments.store.versions import model_hash, versions
from qipan.experiments.words.warned import stored
from qipan.model.axes import BLOCK

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import ArmResult
    from qipan.model.notices.notice import Notice
    from qipan.model.world import World


def arm_facts(arms: Iterable[ArmResult]) -> list[dict[str, Any]]:
    """What a manifest tells of each arm."""
    return [
        {
            "name": arm.name,
            "title": arm.title,
            "title_zh": arm.title_zh,
            "replicates": arm.replicates,
            "role": arm.role,
            "policy": arm.policy,
            "same_as": arm.same_as,
            "scenario": arm.scenario.digest(),
        }
        for arm in arms
    ]


def make_manifest(
    plan: RunPlan,
    gathered: Gathered,
    arms: tuple[ArmResult, ...],
    headline: str,
    world: World,
    warnings: tuple[Notice, ...],
) -> dict[str, Any]:
    """Everything of the manifest but the times and the hashes of the files."""
    run = plan.arms[0].run
    return {
        "format": FORMAT,
        "name": plan.name,
        "baseline": plan.names[0],
        "headline": headline,
        "arms": arm_facts(arms),
        "years": list(range(run.first_year, run.last_year + 1)),
        "programme_until": run.programme_until,
        "seed": run.seed,
        "arguments": dict(plan.arguments),
        "executor": executor_facts(plan, gathered),
        "keep": "summary" if plan.keep == SUMMARY else "replicates",
        "replicates": {
            "planned": gathered.planned,
            "used": len(gathered.replicates),
            "failed": len({failure.replicate for failure in gathered.failures}),
            "block": BLOCK,
            **({"failed_by_arm": by_arm} if (by_arm := failed_by_arm(plan, gathered.failures)) else {}),
        },
        "warnings": [stored(told) for told in warnings],
        **weights_facts(plan, world),
        "world": {"name": world.name, "vintage": world.vintage, **own_facts(world)},
        **made_with(world),
    }


def weights_facts(plan: RunPlan, world: World) -> dict[str, Any]:
    """A reader's own weights of regions, by code; nothing where there are none."""
    if plan.weights is None:
        return {}
    values = dict(zip(world.region_codes, plan.weights.values, strict=True))
    return {"weights": {"name": plan.weights.name, "regions": values}}


def made_with(world: World) -> dict[str, Any]:
    """Hashes of the data and of the code, and versions of the packages."""
    return {"data": dict(sorted(world.files.items())), "model": model_hash(), "versions": versions()}


def executor_facts(plan: RunPlan, gathered: Gathered) -> dict[str, Any]:
    """Who carried out the years, and what compiled runs left to NumPy."""
    return {"name": plan.executor, "left": list(gathered.left)}


def with_times(manifest: Mapping[str, Any], started: float, seconds: Mapping[str, float]) -> dict[str, Any]:
    """The manifest with its block "times", the only one that differs between two runs of the same experiment.

    Args:
        manifest: Without times.
        started: Seconds since 1970 at which work began.
        seconds: Computing time of each arm in this run; parts that were stored already took none.
    """
    now = time.time()
    block = {
        "started": _moment(started),
        "finished": _moment(now),
        "seconds": round(now - started, 3),
        "computing": {name: round(value, 3) for name, value in seconds.items()},
    }
    return {**manifest, "times": block}


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
