"""What is going to be done: the arms, the fixed blocks of replicates, and what they will cost.

Work is cut into blocks of 128 replicates, always the same ones, and every arm of a block comes before the next block:
any prefix of the work is a balanced, paired experiment. Neither the number of workers nor an interruption moves a
boundary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.runs.executor import Name
from qipan.experiments.store.parts import content_key
from qipan.experiments.store.requests import Request, request_of
from qipan.experiments.store.versions import SUMMARY_SOURCES, model_hash, sources_hash
from qipan.model.axes import BLOCK, MOST_PAIRS, MOST_TOGETHER
from qipan.model.errors import Problem, UserError
from qipan.model.extend.plugins import Plugin, loaded_plugins

if TYPE_CHECKING:
    from qipan.experiments.summaries.family import Family
    from qipan.model.scenario import Scenario
    from qipan.model.world.reading.weights import RegionWeights

PART_FORMAT = 4
SUMMARY = "summary"
"""Value of `keep` under which a block of all arms together is reduced to its summary."""
ROWS_ALONE = frozenset({"scores", "followed"})
"""Those under which rows alone are kept, each made of one replicate: made of several blocks at once, cut afterwards."""


@dataclass(frozen=True)
class Task:
    """One arm in one block of replicates: `arm` is its position, replicates run from `start` to before `stop`.

    `keep` names what is kept of the block, a key of `block.REDUCTIONS`; a summary is of so many `arms` from `arm` on.
    `plugins` must be loaded where it is run.
    """

    arm: int
    start: int
    stop: int
    key: str
    keep: str = "all"
    executor: Name = "numpy"
    arms: int = 1
    plugins: tuple[Plugin, ...] = ()

    def among(self, scenarios: tuple[Scenario, ...]) -> tuple[Scenario, ...]:
        """Those of all scenarios of a plan that this task is about."""
        return scenarios[self.arm : self.arm + self.arms]


Batch = tuple[Task, ...]
"""Tasks of the same arms over blocks that follow each other."""


def blocks_together(executor: Name, keep: str, pairs: int, block: int = BLOCK) -> int:
    """Most blocks run in one go, in a world of so many regions times sectors.

    Compiled code has a cost for each call that a block of 128 does not bear; NumPy gains nothing. Two are enough where
    every field of their histories is in memory, for little is gained by more.
    """
    if executor != "compiled":
        return 1
    return max(1, min(MOST_TOGETHER // block if keep in ROWS_ALONE else 2, MOST_PAIRS // (pairs * block)))


@dataclass(frozen=True, eq=False)
class RunPlan:
    """An experiment before it is run.

    Args:
        name: Name of the result.
        folder: Where it is stored.
        arms: Resolved scenarios in the order they are shown; the first is the baseline. All have the same replicates.
        names: Their short names, all different.
        data_files: SHA-256 of each data file the world was read from.
        arguments: What was asked for, as the manifest shows it.
        keep: What is kept of each block, a key of `block.REDUCTIONS`.
        block: Replicates in a block.
        executor: Who carries out the years; results of the two agree to 1e-12 and are kept apart.
        family: Of a comparison: which part each arm plays, and under which names it stands; None elsewhere.
        weights: A reader's own, of regions in welfare; what is run and stored does not depend on them.
    """

    name: str
    folder: Path
    arms: tuple[Scenario, ...]
    names: tuple[str, ...]
    data_files: tuple[tuple[str, str], ...] = ()
    arguments: Mapping[str, Any] = field(default_factory=dict)
    keep: str = "all"
    block: int = BLOCK
    executor: Name = "numpy"
    family: Family | None = None
    weights: RegionWeights | None = None

    @property
    def replicates(self) -> int:
        """Replicates of each arm."""
        return self.arms[0].run.replicates

    @property
    def blocks(self) -> tuple[range, ...]:
        """The blocks of replicates, in order; the last may be shorter."""
        starts = range(0, self.replicates, self.block)
        return tuple(range(start, min(start + self.block, self.replicates)) for start in starts)

    @property
    def files(self) -> int:
        """How many files it will write, about: its parts, and tables, scenarios and figures."""
        return len(self.blocks) * (1 if self.keep == SUMMARY else len(self.arms)) + 150

    def tasks(self) -> Iterator[Task]:
        """Every (arm, block), all arms of a block before the next block; for summaries one task for a block."""
        codes, plugins = [self._arm_key(arm) for arm in self.arms], loaded_plugins()
        for block in self.blocks:
            if self.keep == SUMMARY:
                key = content_key({"arms": codes, "start": block.start, "stop": block.stop})
                yield Task(0, block.start, block.stop, key, self.keep, self.executor, len(self.arms), plugins)
                continue
            for number, code in enumerate(codes):
                key = content_key({"arm": code, "start": block.start, "stop": block.stop})
                yield Task(number, block.start, block.stop, key, self.keep, self.executor, plugins=plugins)

    def batches(self, tasks: Iterable[Task], pairs: int) -> Iterator[Batch]:
        """Tasks of the same arms and of blocks that follow each other, so many as are run in one go.

        The first block of every arm comes by itself, so that there is something to show as soon as each arm has one.
        What is stored, and every number in it, is the same for any size.

        Args:
            tasks: In the order of `tasks`.
            pairs: Regions times sectors of the world.
        """
        most = blocks_together(self.executor, self.keep, pairs, self.block)
        waiting: dict[tuple[int, int], list[Task]] = {}
        for task in tasks:
            waiting.setdefault((-(-(task.start // self.block) // most), task.arm), []).append(task)
        for batch in waiting.values():
            cuts = [place for place, (one, other) in enumerate(pairwise(batch), 1) if one.stop != other.start]
            for start, stop in pairwise([0, *cuts, len(batch)]):
                yield tuple(batch[start:stop])

    def digest(self) -> str:
        """Twelve hexadecimal digits that stand for every number this plan will come to."""
        return content_key({"tasks": [task.key for task in self.tasks()]})[:12]

    def alone(self, policy: str) -> RunPlan:
        """The plan of the baseline, one policy of the family and its references; its parts are parts of this plan."""
        family = None if self.family is None else self.family.alone(policy)
        runs = () if family is None else family.runs
        return replace(
            self, arms=tuple(one.scenario for one in runs), names=tuple(one.name for one in runs), family=family
        )

    def _arm_key(self, arm: Scenario) -> str:
        """What decides an arm's numbers, the number of replicates left out: more of them keep the first ones."""
        kept = {} if self.keep == "all" else {"keep": self.keep}
        kept |= {} if self.executor == "numpy" else {"executor": self.executor}
        kept |= {"plugins": [[each.name, each.digest] for each in loaded_plugins()]} if loaded_plugins() else {}
        kept |= {} if self.keep != SUMMARY else {"summary": sources_hash(SUMMARY_SOURCES)}
        return content_key(
            {
                "format": PART_FORMAT,
                "scenario": arm.digest(replicates=1),
                "seed": arm.run.seed,
                "model": model_hash(),
                "data": [list(pair) for pair in self.data_files],
                **kept,
            }
        )


def check_pairing(arms: tuple[Scenario, ...]) -> None:
    """Refuse arms that cannot be paired: other years, another seed, other regions or sectors than the baseline's.

    Raises:
        UserError: one problem for each key that differs.
    """
    from qipan.model.scenario.consistency import sector_count

    baseline = arms[0]
    same = (
        "run.first_year",
        "run.last_year",
        "run.programme_until",
        "run.seed",
        "world.data",
        "world.tables",
        "world.sectors",
        "world.regions",
    )
    problems: dict[tuple[str, object], Problem] = {}
    for arm in arms[1:]:
        for key in same:
            ours, theirs = _value(baseline, key), _value(arm, key)
            if ours != theirs and (key, theirs) not in problems:
                given = ["none" if value is None else repr(value) for value in (theirs, ours)]
                message = (
                    f"{arm.name} has {given[0]}, the baseline {baseline.name} has {given[1]}: they cannot be paired"
                )
                hint = f"give --set {key}=VALUE"
                if key == "world.tables":
                    own = [f"own tables {value}" if value else "the shipped tables" for value in (theirs, ours)]
                    message = (
                        f"{arm.name} has {own[0]}, the baseline {baseline.name} has {own[1]}: they cannot be paired"
                    )
                    hint = f"give --set world.data={ours or theirs}, or compare two stored results with --force"
                problems[key, theirs] = Problem(where="command line", key=key, message=message, hint=hint)
        ours, theirs = sector_count(baseline.world), sector_count(arm.world)
        if ours != theirs and not problems:
            key = "world.values" if arm.world.values else "world.sector_count"
            message = f"{arm.name} has {theirs} sectors, the baseline {baseline.name} has {ours}: they cannot be paired"
            problems[key, theirs] = Problem("command line", key, message, f"give both as many by --set {key}=VALUE")
    if problems:
        raise UserError(problems.values())


def _value(scenario: Scenario, key: str) -> object:
    section, name = key.split(".")
    return getattr(getattr(scenario, section), name)


def with_run_settings(settings: Sequence[str], replicates: int | None, seed: int | None) -> tuple[str, ...]:
    """The --set list with --replicates and --seed in it, which come last and so win.

    Example:
        >>> with_run_settings(["run.seed=3"], 200, None)
        ('run.seed=3', 'run.replicates=200')
    """
    extra = [f"run.{name}={value}" for name, value in (("replicates", replicates), ("seed", seed)) if value is not None]
    return (*settings, *extra)


def plan_request(kind: str, plan: RunPlan, **facts: object) -> Request:
    """The request of a plan, scenarios by the names of its arms."""
    settings = [text for text in plan.arguments.get("set", ()) if not text.startswith(("run.replicates=", "run.seed="))]
    return request_of(
        kind,
        dict(zip(plan.names, plan.arms, strict=True)),
        dict(plan.data_files),
        settings=settings,
        executor=plan.arguments.get("executor", "auto"),
        **facts,
    )
