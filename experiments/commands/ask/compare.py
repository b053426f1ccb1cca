"""`qipan compare`: arms run on the same draws, and what each changes against the baseline."""

from typing import Any

import click

from qipan.experiments.commands.options import KEEP, refuse_given, running_options

EXAMPLES = """\b
Examples:
  qipan compare baseline national-design
  qipan compare baseline lever-key-areas lever-ecosystem national-design --headline lever-key-areas
  qipan compare baseline national-design --precision 2% --on welfare --max-replicates 3200
  qipan compare baseline national-design --no-reference --replicates 200 --out results/quick
  qipan compare baseline national-design --assumptions 256 --workers 8
  qipan compare baseline national-design --weights weights.csv
  qipan compare results/last-week results/today
  qipan compare baseline national-design cut --over provinces
  qipan compare baseline national-design --set world.behaviour.revise=0.2 --lang zh
  qipan compare baseline national-design --replicates 100000 --dry-run
"""


NOT_OVER = ("precision", "measure", "most", "references", "headline", "assumptions", "weights", "keep")
"""Options that say nothing over many worlds."""
NOT_OF_STORED = (
    "over",
    "precision",
    "measure",
    "most",
    "references",
    "headline",
    "assumptions",
    "weights",
    "keep",
    "settings",
    "replicates",
    "seed",
    "dry_run",
    "scheduler",
    "strict",
)
"""Options that say how scenarios are run."""


@click.command("compare", epilog=EXAMPLES)
@click.argument("baseline")
@click.argument("arms", nargs=-1, required=True, metavar="ARM...")
@click.option(
    "--precision",
    metavar="SHARE",
    help="Add replicates until the interval of each policy's difference is "
    "this narrow, e.g. 2% of the baseline's mean.",
)
@click.option(
    "--on", "measure", metavar="MEASURE", show_default="output_discounted", help="The measure --precision is about."
)
@click.option(
    "--max-replicates",
    "most",
    type=int,
    show_default="6400",
    metavar="N",
    help="With --precision: stop there in any case.",
)
@click.option(
    "--with-reference/--no-reference",
    "references",
    default=None,
    help="Whether to run the references of every ARM that is a coordinator's design: its placebo, information "
    "alone, lump sum, burn and cut of the same money, true values. Default: unless it is a solved game.",
)
@click.option(
    "--headline",
    metavar="ARM",
    help="The ARM that titles the figures and whose assumptions are ranked; default: the last.",
)
@click.option(
    "--assumptions",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Rank assumptions by how much they matter one at a time (every parameter at both ends of its range), N "
    "replicates each, some 400 runs more; better 64. Default: none. Together they are varied by qipan sensitivity.",
)
@click.option(
    "--weights",
    metavar="WEIGHTS",
    help="Beside welfare, welfare with weights of regions of your own: a table with the columns region and weight, "
    "per-head (regions count alike by what they gain per head) or equal (welfare as it is). Weights are divided by "
    "their mean.",
)
@click.option(
    "--over",
    metavar="CALIBRATION",
    help="Say of each claim in how many worlds it holds that published facts do not refute: the folder of a "
    "calibration, or provinces, which come with the model. 64 replicates in each of up to 100 worlds by default.",
)
@KEEP
@running_options
def command(
    baseline: str,
    arms: tuple[str, ...],
    precision: str | None,
    measure: str | None,
    most: int | None,
    references: bool | None,
    headline: str | None,
    assumptions: int,
    weights: str | None,
    over: str | None,
    **options: Any,
) -> int:
    """Compare each ARM with BASELINE (scenario names or files, or folders of stored results), paired by replicate.

    Every ARM that is a coordinator's design is compared with references of its own as well: one for each other
    explanation of what it does. References of equal content are run once.

    Prints the differences with 95% intervals and writes tables, figures and report.html to the result folder. A run
    that was interrupted goes on where it stopped when the same command is given again. Stored results whose data, code
    or world differ are compared only with --force, which then replaces nothing.
    """
    from qipan.experiments.designs.precision import MEASURE, MOST, Aim, precision_of
    from qipan.experiments.results.stored import is_result
    from qipan.experiments.studies.compare import conduct
    from qipan.experiments.studies.compare_stored import compare_stored

    if over is not None:
        from qipan.experiments.studies.emulated.over import compare_over

        refuse_given(NOT_OVER, "is not done over many worlds", "leave it out, or leave out --over")
        options.pop("keep")
        return compare_over((baseline, *arms), over, **options)
    if any(is_result(name) for name in (baseline, *arms)):
        refuse_given(NOT_OF_STORED, "stored results stand as they are", "leave it out, or name scenarios")
        return compare_stored((baseline, *arms), **options)  # type: ignore[arg-type]
    if precision is None:
        refuse_given(("measure", "most"), "says nothing without --precision", "give both, or --replicates N")
    else:
        message = "with --precision replicates are added until the interval is narrow enough"
        refuse_given(("replicates",), message, "give --max-replicates N")
    aim = (
        None if precision is None else Aim(precision_of(precision), measure or MEASURE, MOST if most is None else most)
    )
    return conduct(
        (baseline, *arms),
        aim=aim,
        references=references,
        headline=headline,
        assumptions=assumptions,
        weights=weights,
        **options,
    )  # type: ignore[arg-type]
