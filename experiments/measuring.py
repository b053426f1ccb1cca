"""`qipan measure`: a file of announced layouts by itself, beside chance, and beside what a scenario simulates."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.announced import beside_announced, measure_layout
from experiments.statistics import Array
from model.errors import DataError, Problem, UserError
from model.scenario import load_scenario
from model.scenario.table import closest
from model.world import load_world

if TYPE_CHECKING:
    import pandas as pd

    from model.scenario import Scenario
    from model.world import World

COUNTED = ("high", "medium", "")
"""Values of column `confidence` whose rows count as a layout."""
LARGEST = 5_000_000


def measure_file(
    path: str, sectors: str, beside: str, year: int, replicates: int, settings: tuple[str, ...]
) -> dict[str, pd.DataFrame]:
    """Measure a file of layouts.

    Args:
        path: CSV with a column `region` (code or name) and a column named as the sector table, one field a row.
        sectors: Sector table, e.g. plan-6.
        beside: Scenario to set beside it.
        year: Year of the scenario that is compared.
        replicates: Replicates of the scenario.
        settings: Values of the scenario to change.

    Returns:
        `announced`: measures of the file with both nulls; `simulated`: the same regions in the scenario.

    Raises:
        UserError: the file or an argument is not as it must be.
    """
    scenario = load_scenario(beside, [*settings, f"world.sectors={sectors}", f"run.replicates={replicates}"])
    world = load_world(scenario.world)
    layout = read_layouts(Path(path), sectors, world)
    if not scenario.run.first_year <= year <= scenario.run.last_year:
        hint = f"allowed {scenario.run.first_year} to {scenario.run.last_year}"
        raise UserError(Problem("command line", "--year", f"{year} is not a year of the run", hint))
    return {"announced": measure_layout(layout), "simulated": beside_announced(simulated(scenario, year), layout)}


def simulated(scenario: Scenario, year: int) -> Array:
    """Layouts at the end of a year, (replicate, region, sector)."""
    from model import run

    history = run(scenario.replace(**{"run.last_year": year}), fields=["layout"])
    return np.asarray(history["layout"][:, -1])


def read_layouts(path: Path, sectors: str, world: World) -> Array:
    """A 0/1 table (region, sector) in the world's order; rows of low confidence or without a sector do not count.

    Raises:
        DataError: every problem of the file, with its line.
    """
    rows = _rows(path, sectors)
    names = {str(name): place for column in (world.region_codes, world.region_names, world.region_names_zh)
             for place, name in enumerate(column)}  # fmt: skip
    codes, table, problems = list(world.sector_codes), np.zeros(world.data_fit.shape), []
    for line, row in rows:
        region, sector = row["region"].strip(), row[sectors].strip()
        for value, known, column in ((region, list(names), "region"), (sector, codes, sectors)):
            if value and value not in known:
                hint = f"did you mean {near}?" if (near := closest(value, known)) else f"e.g. {known[0]}"
                problems.append(Problem(f"{path}:{line}", column, f"{value[:60]!r} is not known", hint))
        if not region:
            problems.append(Problem(f"{path}:{line}", "region", "is empty", "give a code or a name"))
        elif region in names and sector in codes and (row.get("confidence") or "") in COUNTED:
            table[names[region], codes.index(sector)] = 1.0
    if problems:
        raise DataError(problems[:50])
    if table.sum() == 0:
        raise DataError(Problem(str(path), "", "no region has a sector", "see data/announced_layouts.csv"))
    return table


def _rows(path: Path, sectors: str) -> list[tuple[int, dict[str, str]]]:
    """The lines of the file, numbered from 2."""
    try:
        if path.stat().st_size > LARGEST:
            raise DataError(Problem(str(path), "", "is too large", "5 MB at most"))
        text = path.read_text(encoding="utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(Problem(str(path), "", f"cannot be read: {reason}", "a CSV file in UTF-8")) from None
    missing = [name for name in ("region", sectors) if name not in (reader.fieldnames or ())]
    if missing:
        there = ", ".join(map(str, reader.fieldnames or ()))[:200]
        raise DataError(Problem(f"{path}:1", missing[0], "no such column", f"there are {there}"))
    ragged = [line for line, row in rows if None in row or None in row.values()]
    if ragged:
        raise DataError(Problem(f"{path}:{ragged[0]}", "", "another number of cells than columns", "check commas"))
    return rows


WORDS = {
    "en": {
        "announced": "Announced layouts of {n} regions: value, and 95% range by chance (breadths kept) and by "
                     "popularity (sector counts kept too)",
        "simulated": "The same {n} regions in {scenario}, {year}: at equal breadth",
        "measure": "Measure", "value": "Announced", "chance": "By chance", "popularity": "By popularity",
        "simulated_mean": "Simulated", "range": "5% to 95%", "rank": "Replicates below announced",
    },
    "zh": {
        "announced": "{n}个地区公布的布局：数值，以及随机（保持宽度）与热度（同时保持产业地区数）下的95%范围",
        "simulated": "{scenario}中相同的{n}个地区，{year}年：相同宽度下比较",
        "measure": "指标", "value": "公布", "chance": "随机", "popularity": "热度", "simulated_mean": "模拟",
        "range": "5%至95%", "rank": "低于公布值的重复占比",
    },
}  # fmt: skip


def print_measured(tables: dict[str, pd.DataFrame], scenario: str, year: int, language: str) -> None:
    """Print both tables."""
    from rich.console import Console

    console = Console()
    console = console if console.is_terminal else Console(width=140)
    regions = int(tables["announced"]["regions"].iloc[0])
    words = WORDS[language]
    console.print(words["announced"].format(n=regions), markup=False, highlight=False)
    console.print(_printed(tables["announced"], ("value", "chance", "popularity"), language))
    console.print(words["simulated"].format(n=regions, scenario=scenario, year=year), markup=False, highlight=False)
    console.print(_printed(tables["simulated"], ("value", "simulated_mean", "range", "rank"), language))


def _printed(table: pd.DataFrame, columns: tuple[str, ...], language: str) -> object:
    from rich.table import Table

    from experiments.labels import measure_label
    from experiments.labels_numbers import number, percent

    printed = Table()
    for name in ("measure", *columns):
        printed.add_column(WORDS[language][name])
    for row in table.to_dict("records"):
        cells = {
            "value": number(row.get("value", row.get("announced", np.nan))),
            "chance": f"{number(row.get('chance_low', np.nan))} … {number(row.get('chance_high', np.nan))}",
            "popularity": f"{number(row.get('popularity_low', np.nan))} … {number(row.get('popularity_high', np.nan))}",
            "simulated_mean": number(row.get("simulated_mean", np.nan)),
            "range": f"{number(row.get('simulated_q05', np.nan))} … {number(row.get('simulated_q95', np.nan))}",
            "rank": percent(row.get("announced_rank", np.nan)),
        }
        printed.add_row(measure_label(row["measure"], language), *(cells[name] for name in columns))
    return printed
