"""`qipan measure`: a file of announced layouts by itself, beside chance, and beside what a scenario simulates."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qipan.experiments.examine.announced import beside_announced, measure_layout
from qipan.experiments.results.own_data import say_own
from qipan.experiments.statistics.paired import Array
from qipan.experiments.store.requests import Request, request_of
from qipan.experiments.words.labels import Topic, counted
from qipan.model.errors import DataError, Problem, UserError
from qipan.model.scenario import load_scenario
from qipan.model.world import load_world
from qipan.model.world.layouts import Layouts, read_layouts
from qipan.model.world.names import world_regions, world_sectors
from qipan.model.world.reading.cells import table_bytes

if TYPE_CHECKING:
    import pandas as pd

    from qipan.model.scenario import Scenario
    from qipan.model.world import World

say = Topic("layouts")


def measure_file(
    path: str, sectors: str, beside: str, year: int, replicates: int, settings: tuple[str, ...], language: str = "en"
) -> dict[str, pd.DataFrame]:
    """Measure a file of layouts.

    Args:
        path: CSV or workbook with a column `region` (code or name) and a column named as the sector table, one field
            a row.
        sectors: Sector table, e.g. plan-6.
        beside: Scenario to set beside it.
        year: Year of the scenario that is compared.
        replicates: Replicates of the scenario.
        settings: Values of the scenario to change.
        language: In which own data are told of.

    Returns:
        `announced`: measures of the file with both nulls; `simulated`: the same regions in the scenario; `rows`: how
        many rows of the file count, and why others do not.

    Raises:
        UserError: the file or an argument is not as it must be.
    """
    scenario = set_beside(beside, sectors, replicates, settings)
    world = load_world(scenario.world)
    say_own(world, language)
    read = layouts_of(Path(path), sectors, world)
    if not scenario.run.first_year <= year <= scenario.run.last_year:
        hint = f"allowed {scenario.run.first_year} to {scenario.run.last_year}"
        raise UserError(Problem("command line", "--year", f"{year} is not a year of the run", hint))
    beside_it = beside_announced(simulated(scenario, year), read.layout)
    announced = measure_layout(read.layout, seed=scenario.run.seed)
    return {"announced": announced, "simulated": beside_it, "rows": rows_table(read, sectors)}


def set_beside(beside: str, sectors: str, replicates: int, settings: tuple[str, ...]) -> Scenario:
    """The scenario that is set beside a file of layouts; raises UserError for one that cannot be read."""
    return load_scenario(beside, [*settings, f"world.sectors={sectors}", f"run.replicates={replicates}"])


def measure_request(
    path: str, sectors: str, beside: str, year: int, replicates: int, settings: tuple[str, ...]
) -> Request:
    """What `measure_file` with the same arguments is asked for; raises UserError for what cannot be read."""
    scenario = set_beside(beside, sectors, replicates, settings)
    layouts = hashlib.sha256(table_bytes(Path(path))).hexdigest()[:16]
    files = load_world(scenario.world).files
    return request_of(
        "measurement",
        {scenario.name: scenario},
        files,
        layouts=layouts,
        sectors=sectors,
        year=year,
        settings=list(settings),
    )


def simulated(scenario: Scenario, year: int) -> Array:
    """Layouts at the end of a year, (replicate, region, sector)."""
    from qipan import run

    history = run(scenario.replace(**{"run.last_year": year}), fields=["layout"])
    return np.asarray(history["layout"][:, -1])


def layouts_of(path: Path, sectors: str, world: World) -> Layouts:
    """The layouts of a file in the world's order; what does not count is told with its reason.

    Raises:
        DataError: every problem of the file, with its line; no row counts.
    """
    read = read_layouts(path, sectors, world_sectors(world), world_regions(world))
    if not read.layout.any():
        why = "; ".join(
            f"{count} rows {say(f'reason.{reason}', 'en', sectors=sectors)}" for reason, count in read.left_out.items()
        )
        message = "no row counts as a layout" + (f": {why}" if why else "")
        raise DataError(Problem(str(path), "", message, "see data/announced_layouts.csv"))
    return read


def rows_table(read: Layouts, sectors: str) -> pd.DataFrame:
    """How many rows of a file count as a layout, and how many do not, with the reason."""
    import pandas as pd

    told = [("counted", "count", read.rows - sum(read.left_out.values()))]
    told += [(reason, say(f"reason.{reason}", "en", sectors=sectors), count) for reason, count in read.left_out.items()]
    return pd.DataFrame(told, columns=["reason", "meaning", "rows"])


def print_measured(tables: dict[str, pd.DataFrame], scenario: str, sectors: str, year: int, language: str) -> None:
    """Print both tables, and how many rows of the file count."""
    from rich.console import Console

    console = Console()
    console = console if console.is_terminal else Console(width=140)
    regions = int(tables["announced"]["regions"].iloc[0])
    named = counted("count_regions", regions, language)
    console.print(say("announced", language, regions=named), markup=False, highlight=False)
    console.print(rows_told(tables["rows"], sectors, language), markup=False, highlight=False)
    console.print(_printed(tables["announced"], ("value", "chance", "popularity"), language))
    beside = say("simulated", language, regions=named, scenario=scenario, year=year)
    console.print(beside, markup=False, highlight=False)
    console.print(_printed(tables["simulated"], ("value", "simulated_mean", "range", "rank"), language))


def rows_told(rows: pd.DataFrame, sectors: str, language: str) -> str:
    """How many rows of a file of layouts count, and why others do not, in one line."""
    counts = dict(zip(rows["reason"], rows["rows"], strict=True))
    count = counts.pop("counted")
    parts = [say("rows", language, n=count + sum(counts.values()), count=count)]
    for reason, number in counts.items():
        why = say(f"reason.{reason}", language, sectors=sectors)
        parts.append(say("row", language, n=number, why=why))
    return say("join", language).join(parts) + ("。" if language == "zh" else ".")


def _span(row: Mapping[str, float], low: str, high: str) -> str:
    """A range; empty where a measure has none."""
    from qipan.experiments.words.numbers import number

    ends = [row.get(low, np.nan), row.get(high, np.nan)]
    return f"{number(ends[0])} … {number(ends[1])}" if np.isfinite(ends).all() else number(np.nan)


def _printed(table: pd.DataFrame, columns: tuple[str, ...], language: str) -> object:
    from rich.table import Table

    from qipan.experiments.words.labels import measure_label
    from qipan.experiments.words.numbers import number, percent

    printed = Table()
    for name in ("measure", *columns):
        printed.add_column(say(name, language), overflow="fold")
    for row in table.to_dict("records"):
        cells = {
            "value": number(row.get("value", row.get("announced", np.nan))),
            "chance": _span(row, "chance_low", "chance_high"),
            "popularity": _span(row, "popularity_low", "popularity_high"),
            "simulated_mean": number(row.get("simulated_mean", np.nan)),
            "range": _span(row, "simulated_q05", "simulated_q95"),
            "rank": percent(row.get("announced_rank", np.nan)),
        }
        printed.add_row(measure_label(row["measure"], language), *(cells[name] for name in columns))
    return printed
