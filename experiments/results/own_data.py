"""Own data in results: what differs from the shipped tables, told wherever numbers are shown; a copy beside them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.store.ownership import MANIFEST
from qipan.experiments.store.versions import PLUG_IN
from qipan.experiments.words.labels import own_sentence
from qipan.experiments.words.warned import stored, warned, warning
from qipan.model.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from qipan.model.notices.notice import Notice
    from qipan.model.scenario import Scenario
    from qipan.model.world import World

DATA = "data"
"""Folder of a result that holds the own tables it was made from."""
BESIDE = "../data"
"""The same from the folder of its scenarios."""


def own_facts(world: World) -> dict[str, Any]:
    """What a manifest tells of own data; nothing where all tables are shipped."""
    own = getattr(world, "own", None)
    if own is None or not own.files:
        return {}
    told = {language: own.sentence(language) for language in ("en", "zh")}
    return {"own": {**told, "files": sorted(own.files), "warnings": [stored(told) for told in own.warnings]}}


def own_warnings(world: World) -> tuple[Notice, ...]:
    """What is hardly plausible in own data."""
    own = getattr(world, "own", None)
    return tuple(warning("warning_own", text=told) for told in own.warnings) if own is not None else ()


def idle_warnings(arms: Iterable[Scenario]) -> tuple[Notice, ...]:
    """What of the policies of a run never happens: dates after it, a coordinator's settings without one.

    Settings of the command line are those of every arm, so that they are idle only where nobody coordinates in any.
    """
    from qipan.model.scenario.consistency import idle_dates, idle_settings
    from qipan.model.scenario.merging import PYTHON

    arms = tuple(arms)
    dates = [problem for arm in arms for problem in idle_dates(arm)]
    nobody = all(arm.policy.coordination.arm == "none" for arm in arms)
    settings = [problem for arm in arms for _, problem in idle_settings(arm)] if nobody else []
    told = {(problem.where, problem.key, str(problem.message)): problem for problem in dates}
    told |= {("", problem.key, ""): replace(problem, hint="") for problem in reversed(settings)}
    named = {(key, message) for where, key, message in told if where != PYTHON}  # a reference has its policy's dates
    return tuple(
        (replace(problem, where="") if problem.where == PYTHON else problem).notice()
        for (where, *what), problem in told.items()
        if where != PYTHON or tuple(what) not in named
    )


def own_contents(world: World) -> dict[str, bytes]:
    """The own tables as files of a result, so that it can be drawn and run again without the folder they came from."""
    own = getattr(world, "own", None)
    return {f"{DATA}/{name}": content for name, content in own.files.items()} if own is not None else {}


def stored_yaml(scenario: Scenario, world: World) -> bytes:
    """The text of a scenario as a result holds it: its own tables are those beside it."""
    return scenario.to_yaml(BESIDE if own_contents(world) else "").encode()


def stored_scenario(path: Path) -> Scenario:
    """A scenario as a result holds it, on the tables the result was made from whatever QIPAN_DATA names now.

    Raises:
        ScenarioError: it cannot be read; named first is a plug-in with which it was made and which is not loaded.
    """
    from qipan.model.scenario import load_scenario
    from qipan.model.world import shipped_folder

    try:
        scenario = load_scenario(path)
    except ScenarioError as error:
        if missing := _missing_plugins(path.parent.parent / MANIFEST):
            message, hint = f"made with a plug-in that is not loaded: {', '.join(missing)}", "give it by --plugin FILE"
            raise ScenarioError([Problem(str(path), "", message, hint), *error.problems]) from error
        raise
    return scenario if scenario.world.tables else scenario.replace(**{"world.tables": shipped_folder()})


def _missing_plugins(manifest: Path) -> list[str]:
    """Plug-ins that a manifest names and that are not loaded; none where it cannot be read."""
    from qipan.model.extend.plugins import loaded_plugins

    try:
        versions = json.loads(manifest.read_text(encoding="utf-8"))["versions"]
        named = [key.removeprefix(PLUG_IN) for key in versions if key.startswith(PLUG_IN)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
    here = {each.name for each in loaded_plugins()}
    return [name for name in named if name not in here]


def say_own(world: World, language: str = "en", *, quiet: bool = False, arms: Iterable[Scenario] = ()) -> None:
    """Print what differs from the shipped tables, and what is hardly plausible, for who starts a command.

    Raises:
        ScenarioError: the lists or zones of an arm are larger than the own tables.
    """
    from qipan.model.coordination.prescribed import check_names
    from qipan.model.scenario.consistency import check_sizes

    arms = tuple(arms)
    for arm in arms:
        check_names(arm, world)
        check_sizes(arm, len(world.sector_codes), len(world.region_codes))
    if quiet:
        return
    sentence = own_sentence(world, language)
    for line in (*((sentence,) if sentence else ()), *(warned(told, language) for told in own_warnings(world))):
        print(line, file=sys.stderr)
    say_idle(arms, language, quiet=quiet)


def say_idle(arms: Iterable[Scenario], language: str = "en", *, quiet: bool = False) -> None:
    """Print what of the policies of a run never happens."""
    for told in () if quiet else idle_warnings(arms):
        print(warned(told, language), file=sys.stderr)
