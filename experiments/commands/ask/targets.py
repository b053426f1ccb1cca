"""`qipan targets`: stated targets held against a scenario."""

from __future__ import annotations

import click

from qipan.experiments.commands.options import FORCE, LANGUAGE, SET

EXAMPLES = """\b
Examples:
  qipan targets baseline
  qipan targets national-design --replicates 500 --out results/targets-national-design
  qipan targets baseline --points 0
"""


@click.command("targets", epilog=EXAMPLES)
@click.argument("scenario", default="baseline")
@click.option(
    "--replicates", type=click.IntRange(2, 1_000_000), default=256, show_default=True, metavar="N", help="Replicates."
)
@click.option(
    "--points",
    type=click.IntRange(0, 10_000),
    default=32,
    show_default=True,
    metavar="N",
    help="Values of the assumed level parameters to try; 0 leaves that out.",
)
@click.option("--out", "folder", type=click.Path(), metavar="FOLDER", help="Also store the tables there.")
@FORCE
@SET
@LANGUAGE
def command(
    scenario: str,
    replicates: int,
    points: int,
    folder: str | None,
    settings: tuple[str, ...],
    language: str,
    force: bool,
) -> None:
    """Say of every stated target how likely SCENARIO meets it, in both readings of the documents printed garbled.

    Also how far it falls short, when it is reached, which sectors and money the gap comes from, and how much of the
    answer is due to parameters that only set the level. A hit rate is an index of a scenario, not a forecast.
    """
    from qipan.experiments.console.language import spoken
    from qipan.experiments.results.study import scenario_facts, store_tables
    from qipan.experiments.store.folder import place_for
    from qipan.experiments.store.requests import request_of
    from qipan.experiments.studies.targets import print_targets, study_targets
    from qipan.model.scenario import load_scenario
    from qipan.model.world import load_world

    loaded = load_scenario(scenario, [*settings, f"run.replicates={replicates}"])
    request = request_of(
        "targets", {loaded.name: loaded}, load_world(loaded.world).files, points=points, settings=list(settings)
    )
    place = None if folder is None else place_for(folder, "", request, force=force)
    tables = study_targets(loaded, points, spoken())
    if place is not None:
        store_tables(
            place,
            request,
            {name: table for name, table in tables.items() if len(table)},
            force,
            **scenario_facts(loaded),
        )
    print_targets(tables, spoken())
