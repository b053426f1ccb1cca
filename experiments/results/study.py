"""A study of many arms (attribution, sweep) from its plan to its folder: run, gather, make tables, store.

A study folder holds `tables/` (Parquet and CSV), `scenarios/`, `figures/`, a page of its own and `manifest.json`; its
parts make an interrupted study go on where it stopped.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.console.interrupts import keeping
from qipan.experiments.console.language import said
from qipan.experiments.console.progress import step
from qipan.experiments.results.manifest import executor_facts, with_times
from qipan.experiments.results.own_data import idle_warnings, own_contents, own_facts, own_warnings, stored_yaml
from qipan.experiments.results.provenance import metadata, one_digest, provenance, with_made
from qipan.experiments.results.write import LONGEST_CSV, TABLES, csv_bytes, parquet_bytes, write_whole
from qipan.experiments.runs.execute import Execution
from qipan.experiments.runs.failures import StrictStopError
from qipan.experiments.runs.gather import Gathered, gather
from qipan.experiments.runs.plan import RunPlan
from qipan.experiments.runs.stage import INTERRUPTED, Manner, run_parts, say_nothing
from qipan.experiments.store.folder import holding
from qipan.experiments.store.ownership import FAILURES_FILE, SCENARIOS, STUDY
from qipan.experiments.store.parts import PARTS, PartStore, json_bytes
from qipan.experiments.store.requests import Request
from qipan.experiments.store.versions import model_hash, versions
from qipan.experiments.words.warned import stored

if TYPE_CHECKING:
    import pandas as pd

    from qipan.model.notices.notice import Notice
    from qipan.model.scenario import Scenario
    from qipan.model.world import World

FORMAT = STUDY
MOST_NAMED = 100
"""Arms that are named one by one, each with its scenario; of more there is one digest over all."""


@dataclass(frozen=True, eq=False)
class Study:
    """What a study found.

    Args:
        kind: "attribution", "sweep", "worth" or "best".
        name: Name of the result folder.
        tables: Frames by name.
        facts: What the manifest tells, its times and the hashes of the files left out.
        warnings: What a reader must see.
    """

    kind: str
    name: str
    tables: Mapping[str, pd.DataFrame]
    facts: Mapping[str, Any]
    warnings: tuple[Notice, ...] = ()


Analyse = Callable[[Gathered], Study]
Show = Callable[[Study], None]
Collect = Callable[[RunPlan, PartStore], Gathered]


def conduct_study(
    plan: RunPlan,
    request: Request,
    world: World,
    manner: Manner,
    analyse: Analyse,
    show: Show,
    collect: Collect = gather,
) -> int:
    """Run the parts of a plan that are missing, analyse all, write the tables, then show them. The exit status.

    Raises:
        StoreError: the folder cannot be written, holds another request, or another process works in it.
    """
    going_on = f"the parts stored in {plan.folder} are kept; the same command goes on from there"
    with holding(plan.folder, request, manner.force), keeping(going_on):
        store = PartStore(plan.folder / PARTS)
        try:
            execution = run_parts(plan, store, manner)
        except StrictStopError as stop:
            print(said(f"stopped (--strict): {stop}; qipan replay {stop.failure.identifier}"), file=sys.stderr)
            return 1
        with step("comparing the arms", quiet=manner.quiet):
            gathered = collect(plan, store)
            if not len(gathered.replicates):
                return say_nothing(plan, execution)
            found = analyse(gathered)
            found = replace(found, warnings=(*own_warnings(world), *idle_warnings(plan.arms), *found.warnings))
            study = replace(found, facts=facts_of(found, plan, world, gathered))
            write_study(study, plan, world, gathered, execution)
        if execution.interrupted:
            used = len(gathered.replicates)
            told = (
                f"interrupted: the tables in {plan.folder} hold {used:,} of {plan.replicates:,} replicates; "
                "the same command goes on from there"
            )
            print(said(told), file=sys.stderr)
            return INTERRUPTED
        with keeping(f"the tables in {plan.folder} are complete; the same command draws the figures"):
            show(study)
        return 0


def write_study(study: Study, plan: RunPlan, world: World, gathered: Gathered, execution: Execution) -> None:
    """Write tables, scenarios and failures; the manifest, with the hash of every file, comes last."""
    contents = table_contents(study.tables)
    for name, scenario in zip(plan.names, plan.arms, strict=True):
        if len(plan.arms) <= MOST_NAMED:
            contents[f"{SCENARIOS}/{name}.yaml"] = stored_yaml(scenario, world)
    contents |= own_contents(world)
    failures = [{**asdict(failure), "arm_name": plan.names[failure.arm]} for failure in gathered.failures]
    contents[FAILURES_FILE] = json_bytes(failures)
    seconds = {"all": sum(execution.seconds.values())}
    write_whole(plan.folder, contents, with_times(study.facts, execution.started, seconds))


def store_tables(
    folder: Path,
    request: Request,
    tables: Mapping[str, pd.DataFrame],
    force: bool = False,
    by: str = "arm",
    **facts: object,
) -> None:
    """Store tables that a command printed, with a manifest; each file tells what made it, as exported ones do.

    Args:
        folder: Where; judged again.
        request: What they are.
        tables: Frames by name.
        force: Whether tables of another request may be replaced.
        by: The column that names what `scenarios` of the facts names, if a table has one.
        facts: What else the manifest tells: `scenarios`, the digest by name, `data`, ...

    Raises:
        StoreError: the folder cannot be written, or holds something else.
    """
    started = time.time()
    with holding(folder, request, force):
        manifest = {
            "format": FORMAT,
            "kind": request["kind"],
            "name": folder.absolute().name,
            "request": dict(request),
            "seed": request.get("seed"),
            "warnings": [],
            "model": model_hash(),
            "versions": versions(),
            **facts,
        }
        write_whole(folder, table_contents(tables, provenance(manifest), by), with_times(manifest, started, {}))


def table_contents(
    tables: Mapping[str, pd.DataFrame], made: Mapping[str, Any] | None = None, by: str = "arm"
) -> dict[str, bytes]:
    """Each table as Parquet, and as CSV unless it is very long, by file name; with what made them where it is given."""
    contents = {}
    for name, table in tables.items():
        contents[f"{TABLES}/{name}.parquet"] = parquet_bytes(table, metadata(made) if made else None)
        if len(table) <= LONGEST_CSV:
            contents[f"{TABLES}/{name}.csv"] = csv_bytes(with_made(table, made, by) if made else table)
    return contents


def scenario_facts(scenario: Scenario) -> dict[str, Any]:
    """What the manifest of tables tells of the one scenario they are of."""
    from qipan.model.world import load_world

    world = load_world(scenario.world)
    digest = scenario.digest()
    return {
        "scenarios": {scenario.name: digest},
        "scenario_digest": digest,
        "world": world_facts(world),
        "data": dict(sorted(world.files.items())),
    }


def world_facts(world: World) -> dict[str, Any]:
    """What a manifest tells of a world."""
    return {"name": world.name, "vintage": world.vintage, **own_facts(world)}


def facts_of(study: Study, plan: RunPlan, world: World, gathered: Gathered) -> dict[str, Any]:
    """What the manifest of a study tells."""
    digests = [arm.digest() for arm in plan.arms]
    return {
        "format": FORMAT,
        "kind": study.kind,
        "name": study.name,
        "arguments": dict(plan.arguments),
        "executor": executor_facts(plan, gathered),
        "seed": plan.arms[0].run.seed,
        **study.facts,
        "arms": list(plan.names[:MOST_NAMED]),
        "number_of_arms": len(plan.arms),
        "scenarios": dict(zip(plan.names[:MOST_NAMED], digests, strict=False)),
        "scenario_digest": one_digest(digests),
        "replicates": {"planned": gathered.planned, "used": len(gathered.replicates)},
        "warnings": [stored(told) for told in study.warnings],
        "world": world_facts(world),
        "data": dict(sorted(world.files.items())),
        "model": model_hash(),
        "versions": versions(),
    }
