"""`qipan export`: a stored result in the formats other tools read."""

import click

EXAMPLES = """\b
Examples:
  qipan export results/national-design-against-baseline --format xlsx
  qipan export results/national-design-against-baseline --format netcdf --to paths.nc
  qipan export results/national-design-against-baseline --format iamc
  qipan export results/national-design-against-baseline --format pdf --to figures-for-print
"""


@click.command("export", epilog=EXAMPLES)
@click.argument("result", type=click.Path())
@click.option("--format", "kind", type=click.Choice(["xlsx", "netcdf", "iamc", "pdf"]), required=True,
              help="What to write.")  # fmt: skip
@click.option("--to", "target", type=click.Path(), metavar="FILE", help="Where; default inside the result folder.")
def command(result: str, kind: str, target: str | None) -> None:
    """Write RESULT as an Excel workbook, a NetCDF file (xarray) or an IAMC long table (pyam), or its
    figures as PDF, and print the path.
    """
    from pathlib import Path

    from experiments.exports import export
    from experiments.results import load_result

    folder = Path(result)
    click.echo(export(load_result(folder), kind, folder, None if target is None else Path(target)))
