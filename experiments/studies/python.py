"""For Python: compare scenarios as the command line does, and open whatever is stored."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.results.stored import load_comparison, load_study, opened
from qipan.experiments.studies.compare import conducted
from qipan.model.errors import Problem, UserError
from qipan.model.scenario import Scenario, load_scenario

if TYPE_CHECKING:
    from qipan.experiments.results.study import Study
    from qipan.experiments.summaries.comparison import Comparison
    from qipan.model.executor import Choice


def compare(
    scenarios: Sequence[Scenario | str],
    *,
    replicates: int | None = None,
    settings: Mapping[str, Any] | None = None,
    folder: str | Path | None = None,
    references: bool = False,
    workers: int = 1,
    executor: Choice = "auto",
    report: bool = False,
    force: bool = False,
    weights: str | Path | None = None,
) -> Comparison:
    """Run scenarios on the same draws and set each against the first, as `qipan compare` does.

    Args:
        scenarios: The baseline, then the policies: scenarios, or names or paths of them.
        replicates: Of each; by default what the first scenario says.
        settings: Values by dotted path that hold in all of them.
        folder: Where the result is stored; by default below `results/`, where other requests have other folders.
        references: Also run placebo, lump sum and the other references of every policy.
        workers: Threads or processes.
        executor: "auto", "numpy" or "compiled".
        report: Also draw the figures and write the page.
        force: Replace what the folder holds although it is of another request.
        weights: Of regions, for welfare beside the headline: "per-head", "equal" or a table of one's own.

    Returns:
        The comparison: tables by name, paired differences with intervals.

    Raises:
        UserError: A scenario, a setting or the folder cannot be used, or every run failed.
    """
    changed = {**(settings or {}), **({} if replicates is None else {"run.replicates": replicates})}
    arms = [
        given.replace(**changed) if isinstance(given, Scenario) else load_scenario(given, changed)
        for given in scenarios
    ]
    if not arms:
        raise UserError(Problem("compare", "scenarios", "none is given", "give a baseline and policies"))
    with redirect_stdout(io.StringIO()):
        status, place = conducted(
            arms,
            settings=(),
            replicates=None,
            seed=None,
            folder=None if folder is None else str(folder),
            dry_run=False,
            workers=workers,
            language="en",
            no_report=not report,
            strict=False,
            quiet=True,
            references=references,
            executor=executor,
            force=force,
            weights=None if weights is None else str(weights),
        )
    if status:
        raise UserError(Problem(str(place), "", "no replicate could be used", "see failures.json there"))
    return load_comparison(place)


def open_result(folder: str | Path) -> Comparison | Study:
    """A stored result: a comparison, or the study of a sweep or an attribution.

    Raises:
        StoreError: There is none, or it is damaged.
    """
    place = Path(folder)
    return load_comparison(place) if opened(place).kind == "comparison" else load_study(place)
