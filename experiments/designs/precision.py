"""Replicates added until the interval of the difference is narrow enough: looks at 100, 200, 400, ... of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from qipan.experiments.runs.execute import Execution
from qipan.experiments.runs.gather import Gathered, gather
from qipan.experiments.runs.plan import RunPlan
from qipan.experiments.runs.stage import Manner, run_parts
from qipan.experiments.statistics.stopping import FIRST_LOOK, Look, StoppingRule
from qipan.experiments.store.parts import PartStore
from qipan.experiments.words.labels import LANGUAGES, measure_label
from qipan.experiments.words.warned import warning
from qipan.model.errors import Problem, UserError
from qipan.model.notices.notice import Notice, both
from qipan.model.parameters import Run

MEASURE = "output_discounted"
MOST = 6_400


@dataclass(frozen=True)
class Aim:
    """When to stop.

    Args:
        precision: Half-width wanted of the difference's interval, as a share of the baseline's mean.
        measure: The measure it is about; a yearly one is taken in the programme's last year, as it is told.
        most: Replicates at which to stop in any case.
    """

    precision: float
    measure: str = MEASURE
    most: int = MOST

    def __post_init__(self) -> None:
        """Refuse a measure that does not exist or has no value for the nation, and no replicates."""
        from difflib import get_close_matches

        from qipan.model.measures import MEASURES

        known = [name for name, item in MEASURES.items() if item.axes[1:] in ((), ("year",))]
        if self.measure not in known:
            close = get_close_matches(self.measure, known, n=1, cutoff=0.5)
            hint = f"did you mean {close[0]}?" if close else "see qipan list measures"
            raise UserError(Problem("command line", "--on", f"no measure {self.measure!r}", hint))
        if self.most < FIRST_LOOK:
            message = f"{self.most} is below the first look, at {FIRST_LOOK} replicates"
            hint = f"give at least {FIRST_LOOK}, or --replicates N without --precision"
            raise UserError(Problem("command line", "--max-replicates", message, hint))

    @property
    def rule(self) -> StoppingRule:
        """The rule that its looks follow."""
        return StoppingRule(self.precision, self.most)


def precision_of(text: str) -> float:
    """The share that a text such as "2%" or "0.02" stands for.

    Raises:
        UserError: not a number above 0 and up to 1.

    Example:
        >>> precision_of("2%"), precision_of("0.02")
        (0.02, 0.02)
    """
    try:
        share = float(text.rstrip("%％")) / (100.0 if text[-1:] in "%％" else 1.0)
        if not 0.0 < share <= 1.0:
            raise ValueError
    except ValueError:
        message = f"{text!r} is not a share above 0% and up to 100%"
        raise UserError(Problem("command line", "--precision", message, "write it as 2% or 0.02")) from None
    return share


def with_replicates(plan: RunPlan, count: int) -> RunPlan:
    """The same plan with another number of replicates; parts that are stored stay good."""
    family = None if plan.family is None else plan.family.with_settings(**{"run.replicates": count})
    return replace(plan, arms=tuple(arm.replace(**{"run.replicates": count}) for arm in plan.arms), family=family)


def run_until(plan: RunPlan, store: PartStore, manner: Manner, aim: Aim) -> tuple[RunPlan, Execution, Look | None]:
    """Run, look, and go on until the aim is reached; the plan that was carried out, and the last look.

    The look is None when the run was interrupted or too few replicates succeeded to judge.
    """
    execution, look = Execution(), None
    for count in aim.rule.looks:
        plan = with_replicates(plan, count)
        latest = run_parts(plan, store, manner)
        latest.started = execution.started
        latest.seconds = {
            arm: latest.seconds.get(arm, 0.0) + execution.seconds.get(arm, 0.0)
            for arm in {*latest.seconds, *execution.seconds}
        }
        execution, look = latest, None
        if execution.interrupted:
            break
        look = judged(plan, gather(plan, store), aim, count)
        if look is None:
            break
        look = replace(look, enough=all(narrow_by_itself(plan, store, aim).values()))
        if look.stop:
            break
    return plan, execution, look


def enough_for(plan: RunPlan, store: PartStore, aim: Aim) -> dict[int, int]:
    """Replicates at which each arm that is judged was narrow enough by itself, by its place; else those of the plan.

    So what stands beside a policy does not decide on how many replicates its rows are.
    """
    found: dict[int, int] = {}
    for count in aim.rule.looks[: aim.rule.looks.index(plan.replicates)]:
        for place, narrow in narrow_by_itself(with_replicates(plan, count), store, aim).items():
            if narrow:
                found.setdefault(place, count)
    return {place: found.get(place, plan.replicates) for place in judged_runs(plan)}


def narrow_by_itself(plan: RunPlan, store: PartStore, aim: Aim) -> dict[int, bool]:
    """Whether the interval of each arm that is judged is as narrow as wanted, by its place.

    Where replicates failed each policy is judged without those that failed in what stands beside it.
    """
    gathered, places = gather(plan, store), judged_runs(plan) or [0]
    if not gathered.failures or plan.family is None:
        look = judged(plan, gathered, aim, plan.replicates)
        return dict.fromkeys(places, False) if look is None else dict(zip(places, map(bool, look.narrow), strict=True))
    found = {}
    for policy in plan.family.policies:
        alone = plan.alone(policy.name)
        look = judged(alone, gather(alone, store), aim, plan.replicates)
        found[policy.run] = look is not None and look.enough
    return found


def judged_runs(plan: RunPlan) -> list[int]:
    """Places of the arms whose precision is judged: the policies, not their references."""
    if plan.family is None:
        return list(range(1, len(plan.arms)))
    return list(dict.fromkeys(policy.run for policy in plan.family.policies))


def judged(plan: RunPlan, gathered: Gathered, aim: Aim, planned: int) -> Look | None:
    """The look at what is there; None with fewer than two replicates or values that are not finite."""
    if len(gathered.replicates) < 2:
        return None
    columns = [measured(part, aim.measure, plan.arms[0].run) for part in gathered.parts]
    arms = np.stack([columns[place] for place in judged_runs(plan) or [0]], axis=1)
    if not np.isfinite(arms).all() or not np.isfinite(columns[0]).all():
        return None
    return aim.rule.look(arms, columns[0][:, None], planned)


def measured(part: Any, measure: str, run: Run) -> Any:
    """A measure's values (n,): of the whole run, or in the programme's last year, in which tables tell it."""
    key = f"total:{measure}"
    return part[key] if key in part else part[f"year:{measure}"][:, run.programme_end - run.first_year]


def stopping_words(aim: Aim, look: Look | None, names: Sequence[str]) -> tuple[Notice, dict[str, Any]]:
    """What stopping came to, as a notice and as facts for the manifest; names are those of the arms judged."""
    label = both(*(measure_label(aim.measure, language, unit=False) for language in LANGUAGES))
    if look is None:
        return warning("warning_precision_unknown", measure=label), {"measure": aim.measure, "reached": False}
    half = (look.high - look.low) / 2.0
    base = np.where(look.wanted > 0, look.wanted / aim.precision, np.nan)
    facts = {
        "measure": aim.measure,
        "precision": aim.precision,
        "replicates": look.n,
        "looks": list(aim.rule.looks),
        "reached": look.enough,
        "differences": {
            name: {"mean": float(look.mean[i]), "low": float(look.low[i]), "high": float(look.high[i])}
            for i, name in enumerate(names)
        },
    }
    widest = float(np.nanmax(half / base)) if np.isfinite(base).any() else float("nan")
    key = "warning_precision_reached" if look.enough else "warning_precision_missed"
    share, half = f"{aim.precision:.3g}", f"{widest:.2%}"
    return warning(key, share=share, measure=label, n=f"{look.n:,}", half=half), facts
