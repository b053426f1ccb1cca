"""Stored results set against each other: refused when what made them differs, unless it is asked for all the same."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.console import language as terminal
from qipan.experiments.results.stored import is_result, load_comparison
from qipan.experiments.statistics.paired import compare_paired, verdict
from qipan.experiments.store.folder import given, place_for
from qipan.experiments.store.parts import store_error
from qipan.experiments.summaries.comparison import TOTAL, Comparison
from qipan.model.errors import Problem, UserError

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "result",
    "arm",
    "measure",
    "year",
    "mean",
    "low",
    "high",
    "boot_low",
    "boot_high",
    "median",
    "baseline_mean",
    "probability_better",
    "variance_reduction",
    "n",
    "verdict",
)
FACTS = {
    "model": "the code of model/ differs from that",
    "data": "data files differ from those",
    "world": "the world differs from that",
    "seed": "the seed differs from that",
    "years": "the years differ from those",
    "programme_until": "the last year of the programme differs from that",
    "weights": "the weights of regions differ from those",
    "versions": "versions differ from those",
}


def compare_stored(names: Sequence[str], *, force: bool, folder: str | None, quiet: bool, **unused: object) -> int:
    """Compare the headline policy of each stored result with that of the first, by replicate; print and store a table.

    Raises:
        UserError: an argument is no result, or results were made by different data, code or worlds (unless forced).
        StoreError: a result is damaged, or the folder is not for this comparison.
    """
    if folder is not None:
        given(folder)
    strangers = [name for name in names if not is_result(name)]
    if strangers:
        message = f"{strangers[0]} is not a stored result, others are"
        raise UserError(Problem("command line", "", message, "give folders of results only, or scenarios only"))
    twice = [name for place, name in enumerate(names) if os.path.realpath(name) in map(os.path.realpath, names[:place])]
    if twice:
        message = f"{twice[0]} is given twice: a result does not differ from itself"
        raise UserError(Problem("command line", "", message, "give each result once"))
    results = {name: load_comparison(Path(name)) for name in names}
    digests = [result.manifest.get("digest", "") for result in results.values()]
    request = {"kind": "comparison of stored results", "results": digests}
    place = None if folder is None else place_for(folder, "", request, force=False)
    first, *others = results
    problems = [problem for name in others for problem in differing(results[first], results[name], first, name)]
    if problems and not force:
        raise UserError(problems)
    table = stored_table(results[first], {name: results[name] for name in others})
    if not quiet:
        for problem in problems:
            print(terminal.said(f"forced: {terminal.told(problem)}"))
        for name in others:
            ours, theirs = results[first].asked.name, results[name].asked.name
            if ours != theirs:
                other = f"{theirs} of {name} is set against another policy, {ours} of {first}"
                print(terminal.said(f"{other}; each result gives its headline"))
        _print(table, f"{results[first].asked.name} of {first}")
    if place is not None:
        from qipan.experiments.results.study import store_tables

        seeds = list(dict.fromkeys(result.manifest["seed"] for result in results.values()))
        told = {name: result.asked.scenario.digest() for name, result in results.items()}
        store_tables(
            place,
            request,
            {"stored_differences": table},
            by="result",
            results=list(results),
            scenarios=told,
            seed=seeds[0] if len(seeds) == 1 else ", ".join(map(str, seeds)),
        )
        print(place / "tables" / "stored_differences.csv")
    return 0


def differing(one: Comparison, other: Comparison, first: str, second: str) -> list[Problem]:
    """What differs between what made two results: one problem for each fact."""
    problems = []
    for key, said in FACTS.items():
        ours, theirs = one.manifest.get(key), other.manifest.get(key)
        if ours != theirs:
            message = f"{said} of {first}: {_difference(ours, theirs)}"
            problems.append(Problem(second, "", message, "compare all the same with --force"))
    return problems


def _difference(ours: Any, theirs: Any) -> str:
    """The entries that differ, in few words."""
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        keys = [key for key in sorted({*ours, *theirs}) if ours.get(key) != theirs.get(key)]
        shown = ", ".join(f"{key} ({_short(theirs.get(key))} against {_short(ours.get(key))})" for key in keys[:4])
        return shown + (f" and {len(keys) - 4} more" if len(keys) > 4 else "")
    return f"{_short(theirs)} against {_short(ours)}"


def _short(value: Any) -> str:
    value = value.get("name", f"{len(value)} values") if isinstance(value, Mapping) else value
    text = f"{value[0]} to {value[-1]}" if isinstance(value, list) and value else str(value)
    return text[:12]


def stored_table(base: Comparison, others: Mapping[str, Comparison]) -> pd.DataFrame:
    """Paired differences of the headline policy of each result from that of the first, over common replicates.

    Raises:
        StoreError: two results have no replicate in common.
    """
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for name, result in others.items():
        ours, theirs = _columns(result), _columns(base)
        for measure, year in [key for key in ours if key in theirs]:
            pair = pd.concat([ours[measure, year], theirs[measure, year]], axis=1, join="inner").dropna()
            if pair.empty:
                raise store_error(name, "has no replicate in common with the first result")
            rows.append((name, result.asked.name, measure, year, *_row(measure, pair.to_numpy(dtype=float))))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(measure: str, pair: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[Any, ...]:
    from qipan.model.measures import MEASURES

    direction = MEASURES[measure].direction if measure in MEASURES else "neutral"
    found = compare_paired(pair[:, 0], pair[:, 1], direction, bootstrap=True)
    values = (
        found.mean,
        found.low,
        found.high,
        found.boot_low,
        found.boot_high,
        found.median,
        found.baseline_mean,
        found.probability_better,
        found.variance_reduction,
    )
    return (*map(float, values), found.n, verdict(float(found.low), float(found.high), direction))


def _columns(result: Comparison) -> dict[tuple[str, str], pd.Series]:
    """Values by replicate of each measure of the headline policy: whole-run, and yearly ones in `year_told`."""
    arm, told = result.asked.name, result.year_told
    totals, yearly = result.table("totals"), result.table("measures")
    totals = totals[totals["arm"] == arm].set_index("replicate")
    yearly = yearly[(yearly["arm"] == arm) & (yearly["year"] == told)].set_index("replicate")
    found = {(name, TOTAL): totals[name] for name in totals.columns if name != "arm"}
    return found | {(name, str(told)): yearly[name] for name in yearly.columns if name not in ("arm", "year")}


def _print(table: pd.DataFrame, first: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from qipan.experiments.findings.terminal import OF_A_YEAR, WHOLE_RUN
    from qipan.experiments.words.labels import measure_label
    from qipan.experiments.words.numbers import number

    printed = Table(title=f"Differences against {first}, paired by replicate", title_justify="left")
    for head in ("Result", "Measure", "Year", "Baseline", "Difference", "95% interval", "Verdict", "n"):
        printed.add_column(head, overflow="fold")
    for row in table[table["measure"].isin((*WHOLE_RUN, *OF_A_YEAR))].itertuples():
        printed.add_row(
            f"{row.arm} of {row.result}",
            measure_label(str(row.measure), "en"),
            row.year,
            number(row.baseline_mean),
            number(row.mean, signed=True),
            f"{number(row.low)} … {number(row.high)}",
            row.verdict,
            str(row.n),
        )
    console = Console()
    (console if console.is_terminal else Console(width=140)).print(printed)
