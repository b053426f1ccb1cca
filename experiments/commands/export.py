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


@click.command("export", epilog=EXAMPLES)
@click.argument("result", type=click.Path())
@click.option("--format", "kind", type=click.Choice(["xlsx", "netcdf", "iamc", "csv", "parquet", "pdf", "png", "svg"]),
              required=True, help="What to write.")  # fmt: skip
@click.option("--to", "target", type=click.Path(), metavar="PATH", help="Where; default inside the result folder.")
@click.option("--force", is_flag=True, help="Replace a file that is there already, or an export of another result.")
@LANGUAGE
def command(result: str, kind: str, target: str | None, language: str, force: bool) -> None:
    """Write RESULT (a folder of compare, sweep or attribute) for other tools, and print the path.

    An Excel workbook, a NetCDF file (xarray), an IAMC long table (pyam; comparisons only), all tables as CSV or
    Parquet, or the figures as PDF, PNG or SVG.
    """
    from pathlib import Path

    from qipan.experiments.studies.export import export_result

    click.echo(export_result(Path(result), kind, None if target is None else Path(target), language, force))
