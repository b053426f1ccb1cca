"""`qipan check`: files of scenarios, experiments and facts, own data and layouts are read; every problem is told."""

import click

EXAMPLES = """\b
Examples:
  qipan check scenarios/national-design.yaml
  qipan check scenarios/*.yaml
  qipan check planner-error my-sweep.yaml
  qipan check mydata my-layouts.csv
"""


@click.command("check", epilog=EXAMPLES)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def command(files: tuple[str, ...]) -> int:
    """Check each FILE: scenarios or experiments (files or names), files of published facts, folders of own data, own
    tables, files of layouts (CSV, .xlsx).

    All problems at once, with file, line and what is allowed; of own data also what differs from the shipped tables
    and what is hardly plausible.
    """
    from qipan.experiments.console.language import said, spoken
    from qipan.experiments.designs.sweep_file import is_sweep
    from qipan.experiments.evidence.history.patterns import checked_patterns, is_patterns
    from qipan.experiments.examine.check import check
    from qipan.experiments.studies.sweep import checked_lines
    from qipan.model.errors import UserError

    problems = []
    for file in files:
        try:
            reader = checked_patterns if is_patterns(file) else checked_lines if is_sweep(file) else check
            lines = list(check(file, spoken()) if reader is check else reader(file))
        except UserError as error:
            problems.extend(error.problems)
        else:
            click.echo("\n".join(map(said, lines)))
    if problems:
        raise UserError(problems)
    return 0
