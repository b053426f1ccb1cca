"""`qipan schema`: the JSON Schema of scenario or experiment files, for editors."""

import click

EXAMPLES = """\b
Examples:
  qipan schema > scenario.schema.json
  qipan schema --experiment > experiment.schema.json
  # then, as the first line of a scenario file:
  # yaml-language-server: $schema=scenario.schema.json
"""


@click.command("schema", epilog=EXAMPLES)
@click.option("--experiment", is_flag=True, help="That of experiment files, which `qipan sweep` runs.")
@click.option("--patterns", is_flag=True, help="That of files of published facts, which `qipan calibrate` reads.")
def command(experiment: bool, patterns: bool) -> None:
    """Print the JSON Schema of scenario files, made from the parameter table: editors complete and check with it."""
    import json

    from qipan.experiments.designs.sweep_schema import sweep_schema
    from qipan.experiments.evidence.history.patterns import pattern_schema
    from qipan.model.scenario import schema

    found = sweep_schema() if experiment else pattern_schema() if patterns else schema()
    click.echo(json.dumps(found, indent=1, ensure_ascii=False))
