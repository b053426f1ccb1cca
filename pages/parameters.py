"""Write the page of parameters, docs/parameters.md, and the schemas of files, from the parameter table."""

from pathlib import Path

from qipan.experiments.designs.new_file import schema_bytes
from qipan.experiments.designs.sweep_schema import sweep_schema
from qipan.experiments.evidence.history.patterns import pattern_schema
from qipan.model.scenario import schema
from qipan.model.scenario.explaining import parameters_markdown

SCHEMAS = {
    "scenarios/scenario.schema.json": schema,
    "scenarios/experiment.schema.json": sweep_schema,
    "scenarios/pattern.schema.json": pattern_schema,
}
"""Files that the first line of every shipped scenario, experiment and file of facts names, and what makes them."""

if __name__ == "__main__":
    Path("docs/parameters.md").write_text(parameters_markdown(), encoding="utf-8")
    for name, made in SCHEMAS.items():
        Path(name).write_bytes(schema_bytes(made()))
