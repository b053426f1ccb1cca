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
def command(experiment: bool) -> None:
    """Print the JSON Schema of scenario files, made from the parameter table: editors complete and check with it."""
    import json

    from qipan.experiments.designs.sweep_schema import sweep_schema
    from qipan.model.scenario import schema

    click.echo(json.dumps(sweep_schema() if experiment else schema(), indent=1, ensure_ascii=False))
