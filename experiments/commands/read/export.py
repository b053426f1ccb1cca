"""`qipan export`: a stored result in the formats other tools read."""

import click

from qipan.experiments.commands.options import LANGUAGE

EXAMPLES = """\b
Examples:
  qipan export results/national-design-against-baseline --format xlsx
  qipan export results/national-design-against-baseline --format netcdf --to paths.nc
  qipan export results/national-design-against-baseline --format iamc
  qipan export results/sweep-planner-error --format csv --to tables-of-the-sweep
  qipan export results/national-design-against-baseline --format pdf --to figures-for-print --lang zh
"""


ABOUT = """Write RESULT (a stored comparison or study) for other tools, and print the path.

\b
xlsx     workbook with answer, figures and tables: Excel, WPS, LibreOffice
netcdf   labelled arrays after the CF conventions: xarray, R, MATLAB, Julia
iamc     scenario table (comparisons only): pyam; --to NAME.xlsx with meta
csv      a folder of tables, UTF-8 with mark: Excel, pandas, R, Stata
parquet  a folder of tables: pandas, polars, DuckDB, Arrow
pdf, png, svg  the figures: documents, slides, the web

Each file tells version, seed and digests of the scenarios.
"""


@click.command("export", help=ABOUT, epilog=EXAMPLES)
@click.argument("result", type=click.Path())
@click.option(
    "--format",
    "kind",
    type=click.Choice(["xlsx", "netcdf", "iamc", "csv", "parquet", "pdf", "png", "svg"]),
    required=True,
    help="What to write.",
)
@click.option("--to", "target", type=click.Path(), metavar="PATH", help="Where; default inside the result folder.")
@click.option("--force", is_flag=True, help="Replace a file that is there already, or an export of another result.")
@LANGUAGE
def command(result: str, kind: str, target: str | None, language: str, force: bool) -> None:
    """Write RESULT (a stored comparison or study) for other tools, and print the path."""
    from pathlib import Path

    from qipan.experiments.console.interrupts import keeping
    from qipan.experiments.exchange.export import export_result
    from qipan.model.errors import Problem, UserError

    if target == "":
        raise UserError(Problem("command line", "--to", "the name is empty", "give the name of a file or folder"))
    with keeping(f"{result} is as it was; the same command exports it"):
        click.echo(export_result(Path(result), kind, None if target is None else Path(target), language, force))
