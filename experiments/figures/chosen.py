"""What a reader wants drawn of a comparison: some measures, arms, regions and years, under a title of one's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from qipan.experiments.figures import differences, over_time, regional_targets
from qipan.experiments.figures.drawing import Declared, declared
from qipan.experiments.summaries.comparison import LEVELS, TOTAL, ArmResult, Comparison
from qipan.model.errors import COMMAND_LINE, Problem, UserError
from qipan.model.scenario.table import closest
from qipan.model.world.names import world_regions

if TYPE_CHECKING:
    import pandas as pd

MOST_REGIONS, MOST_MEASURES = 12, 12
"""Panels that a figure has room for."""
BY_YEAR = ("fans", "layouts", "measures", "paths", "summary", "differences")
"""Tables whose column `year` is a year of the run."""


@dataclass(frozen=True)
class Chosen:
    """What is drawn; what is empty is left as it is.

    Args:
        measures: Names of measures: the figures of differences and, of yearly ones, over time.
        arms: Short names; the baseline is drawn in any case.
        regions: Codes: the figure of their output.
        years: First and last year of the axes of time; a measure of a year is told in the programme's last year, or in
            the last of these where that lies outside.
    """

    measures: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    years: tuple[int, int] | None = None

    def __bool__(self) -> bool:
        return bool(self.measures or self.arms or self.regions or self.years)


def choose(
    comparison: Comparison, measures: Sequence[str], arms: Sequence[str], regions: Sequence[str], years: str
) -> Chosen:
    """Check what is wanted against what the comparison holds.

    Raises:
        UserError: Every name that is not there, with the one that may be meant, and years that are not of the run.
    """
    problems: list[Problem] = []
    codes = _codes(comparison, regions, problems)
    span = _span(comparison, years, problems)
    table = comparison.table("differences")
    known = list(dict.fromkeys(table["measure"]))
    problems += _unknown("--measures", "measure", measures, known, "see qipan list measures")
    others = [arm.name for arm in comparison.arms if arm.name != comparison.baseline]
    there = f"there are {', '.join(others)}" if others else f"{comparison.baseline} alone was run"
    problems += _unknown("--arms", "arm", arms, [comparison.baseline, *others], there)
    if arms and not set(arms) & set(others):
        problems.append(Problem(COMMAND_LINE, "--arms", "nothing beside the baseline is named", there))
    for option, given, most in (("--measures", measures, MOST_MEASURES), ("--regions", regions, MOST_REGIONS)):
        if len(given) > most:
            message = f"{len(given)} are too many for one figure"
            problems.append(Problem(COMMAND_LINE, option, message, f"at most {most}"))
    if problems:
        raise UserError(dict.fromkeys(problems))
    return Chosen(tuple(dict.fromkeys(measures)), tuple(dict.fromkeys(arms)), codes, span)


def _unknown(option: str, what: str, given: Sequence[str], known: Sequence[str], hint: str) -> list[Problem]:
    return [
        Problem(COMMAND_LINE, option, f"no {what} {name!r}", f"did you mean {near}?" if near else hint)
        for name in given
        if name not in known
        for near in (closest(name, known),)
    ]


def _codes(comparison: Comparison, regions: Sequence[str], problems: list[Problem]) -> tuple[str, ...]:
    """Codes of regions by any of their names."""
    names, found = world_regions(comparison.world), []
    for given in regions:
        try:
            found.append(str(comparison.world.region_codes[names.find(given, COMMAND_LINE, "--regions")]))
        except UserError as error:
            problems += error.problems
    if regions and found and not set(found) <= set(comparison.table("paths").columns):
        message = "the result holds no output of single regions by replicate"
        hint = "it is kept of worlds of at most 64 regions; run the same command again with this folder as --out"
        problems.append(Problem(COMMAND_LINE, "--regions", message, hint))
    return tuple(dict.fromkeys(found))


def _span(comparison: Comparison, years: str, problems: list[Problem]) -> tuple[int, int] | None:
    if not years:
        return None
    first, last = comparison.years[0], comparison.years[-1]
    matched = re.fullmatch(r"\s*(\d{4})\s*(?:(?:-|–|to|:|\.\.)\s*(\d{4}))?\s*", years)
    if matched is None:
        problems.append(Problem(COMMAND_LINE, "--years", f"{years[:40]!r} is no span of years", "write 2025-2035"))
        return None
    low, high = int(matched[1]), int(matched[2] or matched[1])
    if not first <= low <= high <= last:
        message = f"{years.strip()} is not within the years of the result"
        problems.append(Problem(COMMAND_LINE, "--years", message, f"allowed {first} to {last}"))
    return low, high


def entries(chosen: Chosen) -> list[Declared]:
    """The figures that show what is chosen: those of measures and of regions where any are, else all."""
    if not chosen.measures and not chosen.regions:
        return [replace(entry, name=f"{entry.name}-chosen") for entry in declared()]
    found = []
    if chosen.measures:
        drawn = partial(differences.draw, measures=chosen.measures)
        found.append(Declared("differences-chosen", 1, drawn))
        found.append(Declared("over_time-chosen", 2, partial(over_time.draw, measures=chosen.measures)))
    if chosen.regions:
        found.append(Declared("regions-chosen", 3, partial(regional_targets.draw, chosen=chosen.regions)))
    return found


def narrowed(comparison: Comparison, chosen: Chosen) -> Comparison:
    """The comparison as if it held no more than what is chosen."""
    tables = dict(comparison.tables)
    if chosen.regions:
        tables["fans"] = _fans(comparison, chosen.regions)
    kept = [arm for arm in comparison.arms if not chosen.arms or arm.name in (comparison.baseline, *chosen.arms)]
    names = {arm.name for arm in kept}
    tables = {name: table[table["arm"].isin(names)] if "arm" in table else table for name, table in tables.items()}
    if chosen.arms and sum(arm.role == "policy" for arm in kept) != 1:
        kept = [replace(arm, role="policy", policy=arm.name) if arm.role != "baseline" else arm for arm in kept]
    first, last = chosen.years or (comparison.years[0], comparison.years[-1])
    last = min(last, comparison.year_told) if chosen.regions and not chosen.measures else last
    tables |= {name: _within(tables[name], first, last) for name in BY_YEAR if name in tables}
    told = comparison.year_told if first <= comparison.year_told <= last else last
    cut = slice(first - comparison.years[0], last - comparison.years[0] + 1)
    return replace(
        comparison,
        arms=tuple(replace(arm, arrays=_cut(arm, cut)) for arm in kept),
        years=comparison.years[cut],
        tables=tables,
        headline=comparison.headline if comparison.headline in names else "",
        told=told,
    )


def _cut(arm: ArmResult, cut: slice) -> Mapping[str, np.ndarray]:
    return {name: values[cut] for name, values in arm.arrays.items()}


def _within(table: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Rows of these years, and of the whole run."""
    whole = table["year"].astype(str) == TOTAL
    return table[whole | table["year"].where(~whole, first).astype(int).between(first, last)]


def _fans(comparison: Comparison, codes: Sequence[str]) -> pd.DataFrame:
    """Table `fans` of some regions, from their paths."""
    import pandas as pd

    paths, rows = comparison.table("paths"), []
    for arm in comparison.arms:
        for year, mine in paths[paths["arm"] == arm.name].groupby("year"):
            for code in codes:
                values = mine[code].to_numpy()
                q05, q25, median, q75, q95 = (float(level) for level in np.quantile(values, LEVELS))
                rows.append((arm.name, code, int(year), float(values.mean()), q05, q25, median, q75, q95))
    head = ["arm", "region", "year", "mean", "q05", "q25", "median", "q75", "q95"]
    return pd.DataFrame(rows, columns=head)
