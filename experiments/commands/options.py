"""Options that several subcommands share, and what they mean."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

import click
from click.core import ParameterSource

Command = TypeVar("Command", bound=Callable[..., Any])

SET = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="Change one value, e.g. policy.coordination.levy=0.1. May be given again.",
)
LANGUAGE = click.option(
    "--lang",
    "language",
    type=click.Choice(["en", "zh"]),
    default="en",
    help="Language of figures and report, and of this terminal. Without it: English, and on the terminal that of "
    "QIPAN_LANG or of the system.",
)
SCHEDULER = click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Send the work to the Dask cluster whose scheduler is at ADDRESS (tcp://host:8786, or tls://host:8786 with "
    "the certificates of Dask's configuration, distributed.comm.tls). Dask runs code of whoever reaches the "
    "scheduler, on its workers and here: use it in a network you trust, or with TLS. Needs qipan[cluster].",
)
EXECUTOR = click.option(
    "--executor",
    type=click.Choice(["auto", "numpy", "compiled"]),
    default="auto",
    show_default=True,
    help="Who carries out the years: numpy, the reference; compiled, many times faster, equal to 1e-12 (needs "
    "qipan[fast]); auto: compiled where the work is large enough to pay.",
)
KEEP = click.option(
    "--keep",
    type=click.Choice(["replicates", "summary"]),
    help="Keep every replicate, or means, variances and counts only, in flat memory; default: a summary above 8,192.",
)
FORCE = click.option(
    "--force",
    is_flag=True,
    help="Replace the result that the folder holds, although it is of another request, and "
    "figures, pages and exports of it that were changed since; tables that were changed are made anew without it. "
    "Never touches what qipan did not write.",
)
RUNNING = (
    SET,
    click.option("--replicates", type=int, metavar="N", help="Replicates of each arm; default as in the scenario."),
    click.option("--seed", type=int, metavar="N", help="Seed of all draws; default as in the scenario."),
    click.option("--out", "folder", type=click.Path(), metavar="FOLDER", help="Result folder; default results/NAME."),
    FORCE,
    click.option(
        "--workers",
        type=click.IntRange(1, 1024),
        default=lambda: min(2, os.cpu_count() or 1),
        metavar="N",
        help="Worker processes; the numbers do not depend on it. Default: 2.",
    ),
    EXECUTOR,
    LANGUAGE,
    click.option("--no-report", is_flag=True, help="Store the tables only: no figures, no report."),
    click.option("--strict", is_flag=True, help="Stop at the first replicate whose run fails (status 1)."),
    click.option("--dry-run", is_flag=True, help="Say what would be done and what it would cost; do nothing."),
    click.option("--quiet", is_flag=True, help="No progress bar and no table, errors only."),
)


def with_scheduler(command: Command) -> Command:
    """Add --scheduler: the workers are then those of a Dask cluster."""

    @wraps(command)
    def call(*arguments: Any, scheduler: str | None, **options: Any) -> Any:
        if scheduler is not None:
            from qipan.experiments.runs.cluster import Cluster

            options["workers"] = Cluster.at(scheduler)
        return command(*arguments, **options)

    return SCHEDULER(call)  # type: ignore[return-value]


def running_options(command: Command) -> Command:
    """Add the options of commands that run experiments."""
    command = with_scheduler(command)
    for option in reversed(RUNNING):
        command = option(command)
    return command


SURFACE = (
    click.option(
        "--against", default="baseline", show_default=True, metavar="SCENARIO", help="What the policy is set against."
    ),
    click.option(
        "--vary",
        multiple=True,
        metavar="KEY[=LOW:HIGH]",
        help="An assumption or lever to vary, over its plausible range or another one. May be given again; default: "
        "those that move welfare most (docs/evidence.md).",
    ),
    click.option(
        "--on", "measure", default="welfare", show_default=True, metavar="MEASURE", help="The effect's measure."
    ),
    click.option(
        "--points",
        type=click.IntRange(1, 2048),
        metavar="N",
        help="Points of the prior; default 160 (of a screening, 6 to start from).",
    ),
)


def surface_options(command: Command) -> Command:
    """Add the options of commands that stand on an emulator."""
    for option in reversed(SURFACE):
        command = option(command)
    return command


def refuse_given(names: Sequence[str], message: str, hint: str) -> None:
    """Refuse options of the command under way that cannot be meant, if they are given.

    Raises:
        UserError: One is given; all of them are told.
    """
    from qipan.model.errors import Problem, UserError

    context = click.get_current_context()
    given = [
        option
        for option in context.command.params
        if option.name in names and context.get_parameter_source(option.name) is ParameterSource.COMMANDLINE
    ]
    if given:
        raise UserError(Problem("command line", option.opts[0], message, hint) for option in given)
