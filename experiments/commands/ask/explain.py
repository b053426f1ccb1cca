"""`qipan explain`: why a region chose its sectors, on one path."""

from __future__ import annotations

import click

from qipan.experiments.commands.options import LANGUAGE, SET

EXAMPLES = """\b
Examples:
  qipan explain national-design --region Henan --year 2027 --replicate 12
  qipan explain results/national-design-against-baseline --arm baseline --region 上海 --year 2030
"""


@click.command("explain", epilog=EXAMPLES)
@click.argument("source", metavar="RESULT|SCENARIO")
@click.option("--region", required=True, metavar="NAME", help="Name (English or Chinese) or code of the region.")
@click.option("--year", type=int, required=True, metavar="YEAR", help="Year of the decision.")
@click.option("--replicate", type=int, default=0, show_default=True, metavar="N", help="Number of the replicate.")
@click.option("--arm", metavar="NAME", help="Arm of a stored result; default the last.")
@SET
@LANGUAGE
def command(
    source: str, region: str, year: int, replicate: int, arm: str | None, settings: tuple[str, ...], language: str
) -> None:
    """Run one path again and say in words and numbers why REGION chose its sectors in YEAR.

    Utility term by term and sector, what the coordinator's word changed, what money there was, and what the region
    would have chosen without each term, with the same noise.
    """
    from rich.console import Console

    from qipan.experiments.console.language import spoken
    from qipan.experiments.examine.reasons import explain, scenario_of
    from qipan.experiments.words.warned import warned

    scenario, warning = scenario_of(source, arm, settings)
    lines, table = explain(scenario, region, year, replicate, spoken())
    console = Console()
    console = console if console.is_terminal else Console(width=150)
    for line in [warned(warning, spoken()), *lines] if warning else lines:
        console.print(line, markup=False, highlight=False)
    if table is not None:
        console.print(table)
