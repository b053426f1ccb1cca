"""`qipan region`: what a stored comparison says of one region."""

from __future__ import annotations

import click

from qipan.experiments.commands.options import LANGUAGE

EXAMPLES = """\b
Examples:
  qipan region Guizhou results/national-design-against-baseline
  qipan region 贵州 results/national-design-against-baseline --lang zh
  qipan region CN-GZ results/national-design-against-baseline --target 500 --by 2030
  qipan region Guizhou results/national-design-against-baseline --format html
"""


@click.command("region", epilog=EXAMPLES)
@click.argument("region", metavar="REGION")
@click.argument("result", type=click.Path())
@click.option("--target", type=float, metavar="BN_YUAN", help="Output of the region, bn yuan a year, to hold it to.")
@click.option("--by", type=int, metavar="YEAR", help="Year by which --target is to be reached.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["csv", "xlsx", "html"]),
    help="Write a folder of tables, a workbook or a page instead, and print the path.",
)
@click.option("--to", "place", type=click.Path(), metavar="PATH", help="Where; default RESULT/regions/CODE.")
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@LANGUAGE
def command(
    region: str,
    result: str,
    target: float | None,
    by: int | None,
    kind: str | None,
    place: str | None,
    force: bool,
    language: str,
) -> None:
    """Say what each policy of RESULT (a folder of compare) changes for REGION, and why.

    REGION is an English or Chinese name or a code. Welfare with its rank among regions, the terms that make the
    difference, output, national support and levy, the sectors it is in, and in what share of futures it meets its
    stated targets, or one of your own. Nothing is computed anew.
    """
    from pathlib import Path

    from qipan.experiments.console.interrupts import keeping
    from qipan.experiments.console.language import spoken
    from qipan.experiments.examine.region import view
    from qipan.experiments.examine.region_words import grids, sentences
    from qipan.experiments.words.labels import own_sentence
    from qipan.experiments.words.warned import warned
    from qipan.model.errors import Problem, UserError

    if place is not None and (kind is None or place == ""):
        hint = "give --format csv, xlsx or html" if kind is None else "give the name of a file or folder"
        message = "says nothing without --format" if kind is None else "the name is empty"
        raise UserError(Problem("command line", "--to", message, hint))
    seen = view(region, Path(result), target, by)
    if kind is not None:
        from qipan.experiments.exchange.region_files import write_region

        with keeping(f"{result} is as it was; the same command writes it"):
            click.echo(write_region(seen, Path(result), kind, None if place is None else Path(place), language, force))
        return
    from qipan.experiments.findings.terminal import new_console, printed_grid

    out = new_console()
    for grid in grids(seen, spoken(), short=True):
        out.print(printed_grid(grid))
    for warning in seen.comparison.warnings:
        out.print(warned(warning, spoken()), style="yellow", markup=False, highlight=False)
    for text in filter(None, [*sentences(seen, spoken()), own_sentence(seen.comparison.world, spoken())]):
        out.print(text, markup=False, highlight=False)
