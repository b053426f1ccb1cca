"""`qipan compare --over`: what is claimed of policies, in every world that published facts do not refute."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.designs.sweep_file import Sweep
from qipan.experiments.findings.sweep import phrase
from qipan.experiments.results.stored import KINDS, is_result, opened
from qipan.experiments.runs.plan import with_run_settings
from qipan.experiments.runs.stage import Manner
from qipan.experiments.store.versions import model_hash
from qipan.experiments.studies.sweep import run_points
from qipan.experiments.words.labels import listed
from qipan.experiments.words.warned import warning
from qipan.model.errors import Problem, UserError
from qipan.model.notices.notice import both
from qipan.model.scenario import load_scenario
from qipan.model.scenario.finding import scenarios_folder
from qipan.model.scenario.table import parameter_table
from qipan.model.world import load_world

if TYPE_CHECKING:
    from qipan.experiments.designs.sweep_points import Point
    from qipan.model.executor import Choice
    from qipan.model.notices.notice import Notice
    from qipan.model.world import World

REPLICATES = 64
DIGITS = 12
"""Of digests, as the file of shipped worlds has them."""
TOLD = ("world", "implausibility", "model", "data")
"""Columns of a table of worlds that are no parameters."""


@dataclass(frozen=True)
class Worlds:
    """Worlds that are not refuted: their name, values by key, and digests of the model and data behind them."""

    name: str
    points: tuple[Point, ...]
    model: str
    data: str


def compare_over(
    names: Sequence[str],
    calibration: str,
    *,
    settings: tuple[str, ...],
    replicates: int | None,
    seed: int | None,
    folder: str | None,
    dry_run: bool,
    workers: int,
    language: str,
    no_report: bool,
    strict: bool,
    quiet: bool,
    executor: Choice = "auto",
    force: bool = False,
) -> int:
    """Run arms in every world and tell in how many each policy helps; returns the exit status.

    Raises:
        UserError: a scenario, the worlds or the folder is not as it must be, or the work is too large.
    """
    worlds = load_worlds(calibration)
    count = REPLICATES if replicates is None else replicates
    arms = [load_scenario(name, with_run_settings(settings, count, seed)) for name in names]
    world = load_world(arms[0].world)
    called = {"en": [arm.title for arm in arms[1:]], "zh": [arm.title_zh or arm.title for arm in arms[1:]]}
    title, title_zh = (
        phrase("over_title", tongue, arms=listed(each, tongue), name=worlds.name) for tongue, each in called.items()
    )
    asked = Sweep(
        title=title,
        title_zh=title_zh,
        arms=list(names),
        method="sobol",
        points=len(worlds.points),
        replicates=count,
        seed=arms[0].run.seed,
        parameters=ranges(worlds.points),
    )
    own = [arm.name.replace("/", "-") for arm in arms]
    return run_points(
        asked,
        list(worlds.points),
        arms,
        f"{'-'.join(own[1:])}-over-{worlds.name}",
        folder,
        dry_run,
        Manner(workers, language, no_report, strict, quiet, force),
        executor,
        facts={"over": {"name": worlds.name, "model": worlds.model, "data": worlds.data}},
        warnings=stale(worlds, world),
    )


def ranges(points: Sequence[Point]) -> dict[str, list[Any]]:
    """Least and largest value of each key over worlds, as a sweep states them."""
    found = {}
    for key in points[0]:
        values = sorted({point[key] for point in points})
        found[key] = [values[0], values[-1]] if len(values) > 1 else [values[0]]
    return found


def load_worlds(name: str) -> Worlds:
    """The worlds of a calibration's folder, or those that come with the model under a name.

    Raises:
        StoreError: the folder is damaged.
        UserError: there is no such calibration, or it leaves no world.
    """
    if is_result(name):
        stored = opened(Path(name))
        if stored.kind != "calibration":
            hint = "give the folder of qipan calibrate"
            raise UserError(Problem("command line", "--over", f"{name} is {KINDS[stored.kind]}", hint))
        rows = stored.study().tables["worlds"].to_dict("records")
        points = [{key: value for key, value in row.items() if key not in TOLD} for row in rows]
        told: Mapping[str, Any] = stored.manifest
        found = Worlds(Path(name).absolute().name, tuple(points), str(told["model"])[:DIGITS], digest_of(told["data"]))
    else:
        found = _shipped(name)
    if not found.points:
        hint = "nothing can be said over no world: every one is refuted"
        raise UserError(Problem("command line", "--over", f"{name} leaves no world", hint))
    return found


def _shipped(name: str) -> Worlds:
    place = scenarios_folder() / "worlds"
    file = place / f"{name}.csv"
    known = sorted(each.stem for each in place.glob("*.csv"))
    if name not in known:
        hint = f"give the folder of qipan calibrate, or {', '.join(known)}"
        raise UserError(Problem("command line", "--over", f"{name} is no calibration", hint))
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    table = parameter_table()
    points = tuple(
        {key: (int if table[key].whole else float)(value) for key, value in row.items() if key not in TOLD}
        for row in rows
    )
    return Worlds(name, points, rows[0]["model"] if rows else "", rows[0]["data"] if rows else "")


def digest_of(data: Mapping[str, str]) -> str:
    """Twelve hexadecimal digits that stand for data files by name."""
    from qipan.experiments.store.parts import content_key

    return content_key({"data": dict(sorted(data.items()))})[:DIGITS]


def stale(worlds: Worlds, world: World) -> tuple[Notice, ...]:
    """The warning that worlds were found with another model or other data, where they were."""
    changed = []
    if worlds.model != model_hash()[:DIGITS]:
        changed.append(("code of the model", "模型代码"))
    if worlds.data != digest_of(world.files):
        changed.append(("data", "数据"))
    if not changed:
        return ()
    english, chinese = (listed([words[at] for words in changed], name) for at, name in ((0, "en"), (1, "zh")))
    return (warning("warning_over_stale", name=worlds.name, what=both(english, chinese)),)


def shipped_rows(points: Sequence[Point], model: str, data: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows of the file of worlds that comes with the model."""
    return [{**point, "model": model[:DIGITS], "data": digest_of(data)} for point in points]
