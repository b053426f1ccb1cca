"""`qipan measure`: real layouts and simulated ones in one table."""

from __future__ import annotations

import click

from qipan.experiments.commands.options import FORCE, LANGUAGE, SET

EXAMPLES = """\b
Examples:
  qipan measure data/announced_layouts.csv
  qipan measure data/announced_layouts.csv --sectors classes-13 --beside national-design --year 2030
  qipan measure my-layouts.csv --out results/my-layouts
"""


@click.command("measure", epilog=EXAMPLES)
@click.argument("layouts", metavar="LAYOUTS")
@click.option(
    "--sectors",
    type=click.Choice(["plan-6", "directions-6", "classes-13"]),
    default="plan-6",
    show_default=True,
    help="Sector table; the file has a column of this name.",
)
@click.option("--beside", default="baseline", show_default=True, metavar="SCENARIO", help="Scenario set beside it.")
@click.option("--year", type=int, default=2025, show_default=True, metavar="YEAR", help="Year of the scenario.")
@click.option(
    "--replicates",
    type=click.IntRange(1, 100_000),
    default=128,
    show_default=True,
    metavar="N",
    help="Replicates of the scenario.",
)
@click.option("--out", "folder", type=click.Path(), metavar="FOLDER", help="Also store both tables there.")
@FORCE
@SET
@LANGUAGE
def command(
    layouts: str,
    sectors: str,
    beside: str,
    year: int,
    replicates: int,
    folder: str | None,
    settings: tuple[str, ...],
    language: str,
    force: bool,
) -> None:
    """Measure similarity and duplication of LAYOUTS (columns region, the sector table's name or sector, confidence).

    A CSV file (comma, semicolon or tab; UTF-8, GBK or UTF-16) or a workbook. Regions and sectors go by code or name in
    English or Chinese. Rows of low confidence and rows without a sector do not count, and are told.

    Each measure stands beside its range by chance and by popularity, and beside the same regions in a scenario, so
    that real and simulated duplication are compared at equal breadth.
    """
    from qipan.experiments.console.language import spoken
    from qipan.experiments.examine.measure import measure_file, measure_request, print_measured, set_beside
    from qipan.experiments.results.study import scenario_facts, store_tables
    from qipan.experiments.store.folder import place_for

    request = measure_request(layouts, sectors, beside, year, replicates, settings)
    place = None if folder is None else place_for(folder, "", request, force=force)
    tables = measure_file(layouts, sectors, beside, year, replicates, settings, spoken())
    if place is not None:
        store_tables(place, request, tables, force, **scenario_facts(set_beside(beside, sectors, replicates, settings)))
    print_measured(tables, beside, sectors, year, spoken())
