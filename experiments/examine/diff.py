"""What differs between two scenarios or two stored comparisons: settings, what they were made of, numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.results.stored import is_result, load_comparison
from qipan.experiments.store.versions import model_hash, versions
from qipan.model.scenario import explain_values, load_scenario
from qipan.model.scenario.explaining import varied_rows
from qipan.model.scenario.table import VARIED
from qipan.model.world import load_world

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.summaries.comparison import Comparison
    from qipan.model.scenario import Scenario

DEFAULT = "default"
TABLES = "world.tables"
"""Where own tables lie; what stands in them is told by the digests of the data."""
SETTINGS = ("arm", "key", "a", "b", "unit", "where_a", "where_b")
MADE = ("what", "name", "a", "b")
NUMBERS = ("arm", "kind", "measure", "year", "a", "b", "change")
ALL = "all"
"""What stands in the place of the arms where all of them differ alike."""
LEVEL, EFFECT = "level", "effect"
"""Kinds of numbers: the mean of an arm, and its mean difference from the baseline of its result."""
FACTS = ("seed", "years", "programme_until", "keep", "weights")
SHORT = 12
"""Characters of a digest that are told."""


@dataclass(frozen=True, eq=False)
class Side:
    """One of two things that are compared: a scenario by itself, or all arms of a result."""

    name: str
    scenario: Scenario
    facts: Mapping[str, Any]
    result: Comparison | None = None


@dataclass(frozen=True, eq=False)
class SetBeside:
    """What differs.

    Args:
        sides: A and B.
        settings: Rows of `SETTINGS`; `arm` is empty for two scenarios.
        made: Rows of `MADE`: data files, code, seed, versions, replicates.
        numbers: Rows of `NUMBERS` that differ; None where one of the two is a scenario.
        compared: How many numbers both have.
        only: Arms that one result has alone.
    """

    sides: tuple[Side, Side]
    settings: pd.DataFrame
    made: pd.DataFrame
    numbers: pd.DataFrame | None
    compared: int
    only: tuple[str, ...] = ()


def diff(a: str, b: str) -> SetBeside:
    """Set two scenarios or two stored comparisons, or one of each, beside each other.

    Of a result beside a scenario the policy asked about counts. Arms of two results are paired by name, the baselines
    with each other, and the policies asked about where no policy has the same name in both.

    Raises:
        UserError: A name is neither a scenario nor a result; all problems of both.
        StoreError: A result is damaged.
    """
    from qipan.model.errors import UserError

    sides, problems = [], []
    for name in (a, b):
        try:
            sides.append(_side(name))
        except UserError as error:
            problems += error.problems
    if problems:
        raise UserError(problems)
    one, other = sides
    pairs, only = _pairs(one, other)
    same_data = one.facts["data"] == other.facts["data"]
    numbers = None if one.result is None or other.result is None else _numbers(one.result, other.result, pairs)
    return SetBeside(
        (one, other),
        _settings(one, other, pairs, same_data),
        _made(one, other),
        None if numbers is None else numbers[0],
        0 if numbers is None else numbers[1],
        only,
    )


def _side(name: str) -> Side:
    if not is_result(name):
        scenario = load_scenario(name)
        facts = {"data": dict(load_world(scenario.world).files), "model": model_hash(), "versions": versions()}
        return Side(name, scenario, facts)
    result = load_comparison(Path(name))
    return Side(name, result.asked.scenario, result.manifest, result)


Pairs = list[tuple[str, str, str]]
"""What a pair of arms is called, and the short name of each."""


def _pairs(one: Side, other: Side) -> tuple[Pairs, tuple[str, ...]]:
    if one.result is None or other.result is None:
        return [("", "", "")], ()
    ours, theirs = ([arm.name for arm in side.arms] for side in (one.result, other.result))
    first, second = one.result.baseline, other.result.baseline
    pairs = [(first if first == second else f"{first} / {second}", first, second)]
    shared = [name for name in ours if name in theirs and name not in (first, second)]
    pairs += [(name, name, name) for name in shared]
    asked = one.result.asked.name, other.result.asked.name
    policies = [{arm.name for arm in side.policies} for side in (one.result, other.result)]
    if not policies[0] & policies[1] and asked != (first, second):
        pairs.append((" / ".join(asked), *asked))
    paired = [{pair[place] for pair in pairs} for place in (1, 2)]
    only = [f"A: {name}" for name in ours if name not in paired[0]]
    return pairs, (*only, *(f"B: {name}" for name in theirs if name not in paired[1]))


def _scenario(side: Side, arm: str) -> Scenario:
    return side.scenario if side.result is None or not arm else side.result.arm(arm).scenario


def _settings(one: Side, other: Side, pairs: Pairs, same_data: bool) -> pd.DataFrame:
    """Rows of `SETTINGS`: the same difference in several arms stands once."""
    import pandas as pd

    found: dict[tuple[str, ...], list[str]] = {}
    for called, first, second in pairs:
        ours, theirs = _values(_scenario(one, first)), _values(_scenario(other, second))
        for key in dict.fromkeys((*ours, *theirs)):
            a, b = ours.get(key, ABSENT), theirs.get(key, ABSENT)
            if a[0] != b[0] and not (key == TABLES and same_data):
                found.setdefault((key, a[0], b[0], a[1] or b[1], a[2], b[2]), []).append(called)
    merged: dict[tuple[str, ...], tuple[list[str], str, str]] = {}
    for (key, a, b, unit, where_a, where_b), arms in found.items():
        kept = merged.setdefault((key, a, b, unit), ([], where_a, where_b))
        kept[0].extend(arms)
    every = [ALL] if len(pairs) > 1 else [""]
    rows = [
        (", ".join(every if len(arms) == len(pairs) else arms), key, a, b, unit, *where)
        for (key, a, b, unit), (arms, *where) in merged.items()
    ]
    return pd.DataFrame(rows, columns=list(SETTINGS))


ABSENT = ("", "", "")


def _values(scenario: Scenario) -> dict[str, tuple[str, str, str]]:
    """Value, unit and place of every setting, by key; entries of a plan are numbered."""
    found: dict[str, tuple[str, str, str]] = {}
    plain = [row for row in explain_values(scenario) if row.path not in VARIED or not row.value]
    for row in (*plain, *varied_rows(scenario)):
        key, number = row.path, 1
        while key in found:
            number += 1
            key = f"{row.path} ({number})"
        place = f"{row.file}:{row.line}" if row.line else row.file
        found[key] = (written(row.value), "" if row.unit == "1" else row.unit, place)
    return {key: told for key, told in found.items() if key not in VARIED or told[0] not in ("", "()", "[]", "{}")}


def written(value: Any) -> str:
    """A value as a scenario file has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _made(one: Side, other: Side) -> pd.DataFrame:
    """Rows of `MADE`: what the two were made of, as far as it differs."""
    import pandas as pd

    rows = []
    for what in ("data", "versions"):
        ours, theirs = (dict(side.facts.get(what) or {}) for side in (one, other))
        rows += [(what, key, ours.get(key), theirs.get(key)) for key in sorted({*ours, *theirs})]
    rows.append(("model", "", one.facts.get("model"), other.facts.get("model")))
    if one.result is not None and other.result is not None:
        rows += [(what, "", one.facts.get(what), other.facts.get(what)) for what in FACTS]
        used = [side.facts.get("replicates", {}).get("used") for side in (one, other)]
        rows.append(("replicates", "", *used))
    told = [(what, name, _short(what, a), _short(what, b)) for what, name, a, b in rows if a != b]
    return pd.DataFrame(told, columns=list(MADE))


def _short(what: str, value: Any) -> str:
    if value is None:
        return ""
    if what == "years":
        return f"{value[0]} to {value[-1]}"
    return str(value)[:SHORT] if what in ("data", "model") else str(value)[:60]


def _numbers(one: Comparison, other: Comparison, pairs: Pairs) -> tuple[pd.DataFrame, int]:
    """Rows of `NUMBERS` that differ, and how many both have."""
    import pandas as pd

    pieces = []
    for kind, table in ((LEVEL, "summary"), (EFFECT, "differences")):
        ours, theirs = (
            side.table(table)[["arm", "measure", "year", "mean"]].astype({"year": str}) for side in (one, other)
        )
        for called, first, second in pairs:
            mine = ours[ours["arm"] == first].drop(columns="arm").rename(columns={"mean": "a"})
            yours = theirs[theirs["arm"] == second].drop(columns="arm").rename(columns={"mean": "b"})
            both = mine.merge(yours, on=["measure", "year"])
            pieces.append(both.assign(arm=called, kind=kind, change=both["b"] - both["a"]))
    whole = pd.concat(pieces, ignore_index=True)
    same = (whole["a"] == whole["b"]) | (whole["a"].isna() & whole["b"].isna())
    return whole.loc[~same, list(NUMBERS)].reset_index(drop=True), len(whole)
