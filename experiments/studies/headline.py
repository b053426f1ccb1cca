"""What the terminal's table shows and no more, made in a moment: all other tables take longer, and all replicates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qipan.experiments.designs.precision import with_replicates
from qipan.experiments.findings.terminal import OF_A_YEAR, WHOLE_RUN
from qipan.experiments.results.assemble import under_every_name
from qipan.experiments.runs.gather import Gathered, gather
from qipan.experiments.runs.plan import RunPlan
from qipan.experiments.store.parts import PartStore
from qipan.experiments.summaries.comparison import ArmResult, Comparison
from qipan.experiments.summaries.family import plain_family
from qipan.experiments.summaries.paired import differences_table
from qipan.experiments.summaries.rows import Part
from qipan.experiments.summaries.single import summary_table

if TYPE_CHECKING:
    from qipan.model.world import World


def first_block(plan: RunPlan, store: PartStore) -> Gathered:
    """The first block of every arm, which is stored; that is an experiment of fewer replicates, paired as all are."""
    return gather(with_replicates(plan, len(plan.blocks[0])), store)


def headline(plan: RunPlan, gathered: Gathered, world: World) -> Comparison:
    """A comparison with tables `summary` and `differences` alone, of the measures and the year that are printed.

    What it has is equal to what `assemble` makes of the same rows.
    """
    run, family = plan.arms[0].run, plan.family or plain_family(plan.arms, plan.names)
    years = tuple(range(run.first_year, run.last_year + 1))
    told = [run.programme_end]
    parts = [_printed(part, years.index(told[0])) for part in gathered.parts]
    tables = {
        "summary": summary_table(plan.names, parts, told),
        "differences": differences_table(plan.names, parts, told),
    }
    used = len(gathered.replicates)
    arms = tuple(
        ArmResult(one.name, *family.title(one), one.scenario, used, role=one.role, policy=one.policy)
        for one in family.members
    )
    return Comparison(plan.name, plan.names[0], arms, years, world, under_every_name(tables, family))


def _printed(part: Part, place: int) -> Part:
    """The rows of the measures that are printed; of measures of a year those of the year at this place."""
    kept: Part = {f"year:{name}": part[f"year:{name}"][:, place : place + 1] for name in OF_A_YEAR}
    totals = {f"total:{name}" for name in WHOLE_RUN}
    return kept | {name: values for name, values in part.items() if name in totals}
