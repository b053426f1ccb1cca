"""`qipan sweep`: arms over a grid or a sample of parameters."""

from __future__ import annotations

from typing import Any

import click

from qipan.experiments.commands.options import EXECUTOR, FORCE, LANGUAGE, with_scheduler

EXAMPLES = """\b
Examples:
  qipan sweep levy-and-compliance
  qipan sweep prior-volume --dry-run
  qipan sweep my-sweep.yaml --out results/my-sweep --workers 2
"""


@click.command("sweep", epilog=EXAMPLES)
@click.argument("experiment", metavar="EXPERIMENT.yaml")
@click.option("--out", "folder", type=click.Path(), metavar="FOLDER", help="Result folder; default results/sweep-NAME.")
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    default=2,
    show_default=True,
    metavar="N",
    help="Worker processes; the numbers do not depend on it.",
)
@FORCE
@EXECUTOR
@LANGUAGE
@click.option("--no-report", is_flag=True, help="Store the tables only: no figures, no page.")
@click.option("--strict", is_flag=True, help="Stop at the first replicate whose run fails (status 1).")
@click.option("--dry-run", is_flag=True, help="Say what would be done and what it would cost; do nothing.")
@click.option("--quiet", is_flag=True, help="No progress bar and no sentences, errors only.")
@with_scheduler
def command(
    experiment: str,
    folder: str | None,
    workers: int,
    language: str,
    no_report: bool,
    strict: bool,
    dry_run: bool,
    quiet: bool,
    executor: Any,
    force: bool,
) -> int:
    """Run the arms of EXPERIMENT (a file, or a name under scenarios/experiments/) at every point.

    Writes tidy tables, regret and robustness, where each arm helps or hurts, and what separates the two. Every point
    has its first replicates before any has its next, and a sweep that was interrupted goes on where it stopped.
    """
    from qipan.experiments.runs.stage import Manner
    from qipan.experiments.studies.sweep import sweep

    manner = Manner(workers, language, no_report, strict, quiet, force)
    return sweep(experiment, folder=folder, dry_run=dry_run, manner=manner, executor=executor)
