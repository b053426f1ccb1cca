"""A comparison as the table that the Integrated Assessment Modeling Consortium (IAMC) shares scenarios in.

A row is one number: model, scenario (the arm), region (`China`, or a province beside it), variable, unit, year, value.
Variables are paths, `Output|Future Industries|Quantum Information`: a variable is the sum of those one level below it,
and China is the sum of its provinces. Means over replicates stand under the variable itself. Quantiles do not add up,
so they stand apart, as `Distribution|Output|5.0th Percentile`; indices of the nation stand under `Indicator`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.results.provenance import provenance, with_made
from qipan.experiments.summaries.comparison import TOTAL, Comparison
from qipan.experiments.summaries.single import NATION

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.summaries.comparison import ArmResult
    from qipan.model.world import World

CHINA = "China"
ALL = "Future Industries"
FLOW, STOCK, PURE = "billion CNY_2022/yr", "billion CNY_2022", ""
BY_SECTOR = {
    "Output": ("output", FLOW),
    "Sales": ("sold", FLOW),
    "Investment": ("investment", FLOW),
    "Capacity": ("capacity", FLOW),
    "Layout": ("layout", PURE),
}
"""Fields by region and sector; Layout is the share of replicates, for China the expected number of provinces."""
BY_REGION = {
    "Public Money": ("public_money", FLOW),
    "Bank Arrears": ("arrears", STOCK),
    "Future-industry Documents": ("adopted", PURE),
}
NATIONAL = {"Demand": ("demand", FLOW), "Supply": ("supply", FLOW)}
SAME = {
    "output_total": "Output",
    "sold_total": "Sales",
    "arrears_total": "Bank Arrears",
    "money_used": "Funding",
    "adopters": "Future-industry Documents",
}
"""Measures that a field above tells already, region by region: one variable for one quantity."""
UNITS = {"bn yuan/year": FLOW, "bn yuan": STOCK}
QUANTILES = {"q05": "5.0th", "q25": "25.0th", "median": "50.0th", "q75": "75.0th", "q95": "95.0th"}
SMALL = {
    "a",
    "above",
    "against",
    "and",
    "at",
    "between",
    "by",
    "for",
    "from",
    "in",
    "of",
    "over",
    "per",
    "the",
    "to",
    "with",
}
COLUMNS = ("model", "scenario", "region", "variable", "unit", "year", "value")
IamcRows = Iterator[tuple[str, str, str, int, float]]


def iamc_table(comparison: Comparison) -> pd.DataFrame:
    """The whole table in the order of COLUMNS."""
    import pandas as pd

    model, frames = provenance(comparison.manifest)["software"], []
    for arm in comparison.arms:
        rows = [
            *_fields(arm, comparison),
            *_funding(arm, comparison),
            *_measures(arm, comparison),
            *_fan(arm, comparison),
        ]
        frame = pd.DataFrame(rows, columns=list(COLUMNS[2:]))
        frame.insert(0, "scenario", arm.name)
        frames.append(frame[np.isfinite(frame["value"])])
    table = pd.concat(frames, ignore_index=True)
    table.insert(0, "model", model)
    return table


def iamc_csv(comparison: Comparison) -> bytes:
    """The table as CSV, with what made each scenario in more columns, which pyam keeps: `seed`, `scenario_digest` and,
    where data are own, `own_data`.
    """
    from qipan.experiments.results.write import csv_bytes

    table = with_made(iamc_table(comparison), provenance(comparison.manifest), "scenario")
    return csv_bytes(table.drop(columns="software"))


def iamc_workbook(comparison: Comparison) -> bytes:
    """The table as a workbook that pyam reads: sheet `data`, and `meta` with what made each scenario."""
    from qipan.experiments.exchange.workbook import plain_sheets

    return plain_sheets({"data": iamc_table(comparison), "meta": meta_table(comparison)})


def meta_table(comparison: Comparison) -> pd.DataFrame:
    """A row a scenario: what made it, and the means of measures of the whole run."""
    import pandas as pd

    made, totals = provenance(comparison.manifest), comparison.table("summary")
    totals = totals[totals["year"] == TOTAL]
    rows = []
    for arm in comparison.arms:
        mine = totals[totals["arm"] == arm.name].set_index("measure")["mean"]
        rows.append(
            {
                "model": made["software"],
                "scenario": arm.name,
                "exclude": False,
                "title": arm.title,
                "title_zh": arm.title_zh,
                "seed": made["seed"],
                "replicates": arm.replicates,
                "scenario_digest": made["scenarios"].get(arm.name, ""),
                **mine.to_dict(),
            }
        )
    return pd.DataFrame(rows)


def region_names(world: World) -> list[str]:
    """English names; where two regions have one name, each with its code."""
    count = Counter(world.region_names)
    return [
        name if count[name] == 1 and name != CHINA else f"{name} ({code})"
        for name, code in zip(world.region_names, world.region_codes, strict=True)
    ]


def worded(label: str) -> str:
    """A label as the names of variables are written: each word with a capital, no bar.

    Example:
        >>> worded("Deep-sea and aerospace development"), worded("Layout similarity (cosine)")
        ('Deep-sea and Aerospace Development', 'Layout Similarity (Cosine)')
    """
    words = label.replace("|", "/").split(" ")
    return " ".join(
        word if place and word in SMALL else re.sub(r"^\W*[a-z]", lambda start: start[0].upper(), word)
        for place, word in enumerate(words)
    )


def _fields(arm: ArmResult, comparison: Comparison) -> IamcRows:
    """Every field with all its sums: (year, region, sector), (year, region) or (year, sector)."""
    world, years = comparison.world, comparison.years
    regions, sectors = region_names(world), [worded(name) for name in world.sector_names]
    for variable, (field, unit) in (BY_SECTOR | BY_REGION | NATIONAL).items():
        if field not in arm.arrays:
            continue
        values = np.asarray(arm.arrays[field], dtype=float)
        if variable in NATIONAL:
            yield from _by_sector(variable, unit, CHINA, values, sectors, years)
            continue
        for name, mine in [(CHINA, values.sum(axis=1)), *((name, values[:, at]) for at, name in enumerate(regions))]:
            if variable in BY_REGION:
                yield from _path((variable,), unit, name, mine, years)
            else:
                yield from _by_sector(variable, unit, name, mine, sectors, years)


def _by_sector(
    variable: str, unit: str, region: str, values: np.ndarray, sectors: Sequence[str], years: Sequence[int]
) -> IamcRows:
    """A variable of one region, its one component Future Industries, and the sectors of that; values (year, sector)."""
    for path in ((variable,), (variable, ALL)):
        yield from _path(path, unit, region, values.sum(axis=-1), years)
    for at, sector in enumerate(sectors):
        yield from _path((variable, ALL, sector), unit, region, values[:, at], years)


def _path(path: Sequence[str], unit: str, region: str, values: np.ndarray, years: Sequence[int]) -> IamcRows:
    for year, value in zip(years, values, strict=True):
        yield region, "|".join(path), unit, int(year), float(value)


def _funding(arm: ArmResult, comparison: Comparison) -> IamcRows:
    """Money used by mechanism and stage, with all sums."""
    from qipan.model.axes import STAGES
    from qipan.model.extend.registry import MECHANISMS

    if "money" not in arm.arrays:
        return
    money, years = np.asarray(arm.arrays["money"], dtype=float), comparison.years
    for path in (("Funding",), ("Funding", ALL)):
        yield from _path(path, FLOW, CHINA, money.sum(axis=(1, 2)), years)
    for at, mechanism in enumerate(MECHANISMS):
        path = ("Funding", ALL, worded(mechanism.replace("_", " ")))
        yield from _path(path, FLOW, CHINA, money[:, at].sum(axis=-1), years)
        for place, stage in enumerate(STAGES):
            yield from _path((*path, worded(stage)), FLOW, CHINA, money[:, at, place], years)


def _measures(arm: ArmResult, comparison: Comparison) -> IamcRows:
    """Yearly measures of the nation that no field tells: means, and quantiles beside them."""
    from qipan.model.measures import MEASURES

    summary = comparison.table("summary")
    for row in summary[(summary["arm"] == arm.name) & (summary["year"] != TOTAL)].itertuples():
        known = MEASURES.get(str(row.measure))
        unit = UNITS.get(known.unit, PURE) if known is not None else PURE
        name = worded(known.label if known is not None else str(row.measure).replace("_", " "))
        variable = SAME.get(str(row.measure), name if unit else f"Indicator|{name}")
        year: int = int(str(row.year))
        if row.measure not in SAME:
            yield CHINA, variable, unit, year, float(str(row.mean))
        if variable != "Output":
            yield from _distribution(CHINA, variable, unit, year, row)


def _fan(arm: ArmResult, comparison: Comparison) -> IamcRows:
    """Quantiles of output, of China and of the provinces that have a target of output."""
    fans, world = comparison.table("fans"), comparison.world
    names = dict(zip(world.region_codes, region_names(world), strict=True)) | {NATION: CHINA}
    for row in fans[fans["arm"] == arm.name].itertuples():
        yield from _distribution(names[str(row.region)], "Output", FLOW, int(str(row.year)), row)


def _distribution(region: str, variable: str, unit: str, year: int, row: Any) -> IamcRows:
    for column, name in QUANTILES.items():
        yield region, f"Distribution|{variable}|{name} Percentile", unit, year, float(getattr(row, column))
