"""`qipan replay`: one failed replicate again, in this process, with its traceback."""

from typing import Any

import click

EXAMPLES = """\b
Examples:
  qipan replay 3f9a1c20b7de
  qipan replay 3f9a1c20b7de --results elsewhere
"""


@click.command("replay", epilog=EXAMPLES)
@click.argument("identifier", metavar="ID")
@click.option(
    "--results",
    "root",
    type=click.Path(),
    default="results",
    show_default=True,
    help="Folder of result folders, or one result folder.",
)
@click.option("--executor", type=click.Choice(["numpy", "compiled"]), help="Default: the one it failed under.")
def command(identifier: str, root: str, executor: Any) -> int:
    """Run the failed replicate ID (see failures.json of a result) again and show where it fails."""
    from pathlib import Path

    from qipan.experiments.studies.replay import replay

    return replay(identifier, Path(root), executor)
