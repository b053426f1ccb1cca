"""`qipan data`: own statistics brought in and checked."""

from __future__ import annotations

import click

from qipan.experiments.commands.options import LANGUAGE

EXAMPLES = """\b
Examples:
  qipan data import 分省年度数据.csv --indicator gdp --into ./mydata
  qipan data import panel.xlsx --indicator 年末常住人口 --year 2023 --into ./mydata --lang zh
  qipan data import rd.csv --indicator rd --unit 万元 --column "2022年" --into ./mydata
  qipan data check ./mydata
"""


@click.group("data", epilog=EXAMPLES)
def command() -> None:
    """Bring in own statistics (import) and check a folder of own data (check).

    A folder of own data holds any of the tables of data/; `world.data: ./folder` in a scenario, --set
    world.data=./folder or QIPAN_DATA makes use of it. docs/data.md tells more.
    """


@command.command("import", short_help="Put one indicator of a province panel into a folder of own data.")
@click.argument("file", type=click.Path())
@click.option(
    "--indicator",
    required=True,
    metavar="NAME",
    help="Column of regions.csv (gdp, population, rd, ...), or its Chinese name.",
)
@click.option("--into", required=True, type=click.Path(), metavar="FOLDER", help="Folder of own data; made if need be.")
@click.option("--year", type=click.IntRange(1949, 2100), metavar="YEAR", help="Year to take; default 2022.")
@click.option("--unit", metavar="UNIT", help="Unit of the numbers where the file names none, e.g. 亿元.")
@click.option("--column", "head", metavar="HEAD", help="Head of the column to take where several fit.")
@click.option("--force", is_flag=True, help="Replace values of this column that were changed before.")
@LANGUAGE
def import_panel(
    file: str,
    indicator: str,
    into: str,
    year: int | None,
    unit: str | None,
    head: str | None,
    force: bool,
    language: str,
) -> None:
    """Put one indicator of FILE, a province panel of the statistics office, into FOLDER/regions.csv.

    FILE is CSV (UTF-8, GBK, UTF-16) or a workbook: title lines, a line 地区 with one column a year, notes. Units are
    converted. The table begins as the shipped one; a check page beside it shows old and new values.
    """
    from pathlib import Path

    from qipan.experiments.console.language import said
    from qipan.experiments.examine.import_panel import bring_in, summary
    from qipan.model.errors import Problem, UserError

    if into == "":
        raise UserError(Problem("command line", "--into", "the name is empty", "name a folder of own data"))
    result = bring_in(
        Path(file), indicator, Path(into), year=year, unit=unit, head=head, force=force, language=language
    )
    click.echo("\n".join(map(said, summary(result, into))))


@command.command("check", short_help="Check a folder of own data.")
@click.argument("folder", type=click.Path())
@LANGUAGE
def check_data(folder: str, language: str) -> None:
    """Check FOLDER: all problems of its tables, what differs from the shipped ones, what is hardly plausible."""
    from pathlib import Path

    from qipan.experiments.console.language import said, spoken
    from qipan.experiments.examine.check import check_folder

    click.echo("\n".join(map(said, check_folder(Path(folder), spoken()))))
