"""Whether own statistics can be true: what contradicts itself is refused, what is hardly plausible is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from qipan.model.errors import Problem
from qipan.model.notices.notice import Notice, both, notice
from qipan.model.world.reading.tables import Column, DataTable

FACTOR = 3.0
"""A value this many times the shipped one, or less than this part of it, is told."""
APART = 0.05
"""Sums of all regions this far from the nation's total are told."""
INTENSITY = (0.001, 0.10)
"""R&D over GDP: from 0.3% (Tibet) to 6.8% (Beijing) in 2022."""
PER_HEAD = (10.0, 500.0)
"""GDP a head in thousand yuan: from 45 (Gansu) to 191 (Beijing) in 2022."""
TOTALS = {
    "gdp": "gdp_2022_national_first_print",
    "rd": "rd_2022_national",
    "rd_basic": "rd_basic_2022",
    "rd_applied": "rd_applied_2022",
    "population": "population_2022_national",
}
"""Columns of regions.csv, and the rows of national.csv that are the nation's totals."""
PARTS = (("rd_basic", "rd_applied"), "rd"), (("firm_rd",), "rd"), (("secondary_value_added",), "gdp")
"""Amounts that are parts of another one."""
MOST_TOLD = 3
SCALES = {
    10.0: ("100 million yuan (亿元)", "亿元"),
    1000.0: ("million yuan (百万元)", "百万元"),
    100.0: ("10,000 persons (万人)", "万人"),
}
Trouble = tuple[int, str, str, str]


def impossible(table: DataTable) -> list[Trouble]:
    """What cannot be in regions.csv: parts that are larger than the whole; row, column, message and hint of each."""
    found = []
    for parts, whole in PARTS:
        for row, total in enumerate(table.columns[whole]):
            amount = sum(table.columns[part][row] for part in parts)
            if total > 0.0 and amount > total * (1.0 + 1e-6):
                message = f"{' + '.join(parts)} is {amount:.10g}, more than {whole}, {total:.10g}"
                found.append(
                    (
                        row,
                        parts[0],
                        message,
                        f"{' and '.join(parts)} {'are' if len(parts) > 1 else 'is'} part of {whole}",
                    )
                )
    return found


def outliers(own: DataTable, shipped: DataTable, columns: Sequence[Column], key: str) -> Iterator[Problem]:
    """Numbers of an own table that are far from the shipped ones; one problem for each column."""
    places = {cell: row for row, cell in enumerate(shipped.columns[key])}
    for column in columns:
        if column.kind != "number":
            continue
        ours, theirs = own.columns[column.name], shipped.columns[column.name]
        pairs = [(row, ours[row], theirs[places[cell]]) for row, cell in enumerate(own.columns[key]) if cell in places]
        far = [pair for pair in pairs if _far(pair[1], pair[2])]
        if far:
            yield _told(own, column.name, far, len(pairs), key)


def _far(ours: float, theirs: float) -> bool:
    if ours == theirs:
        return False
    return min(ours, theirs) <= 0.0 or max(ours / theirs, theirs / ours) > FACTOR


def _told(table: DataTable, column: str, far: Sequence[tuple[int, float, float]], compared: int, key: str) -> Problem:
    few = tuple(_moved(_called(table, row, key), ours, theirs) for row, ours, theirs in far[:MOST_TOLD])
    more = len(far) - MOST_TOLD
    told = notice("own_far_more", few=few, count=more) if more > 0 else notice("own_far", few=few)
    where = f"{table.path}:{table.lines[far[0][0]]}"
    ratios = [ours / theirs for _, ours, theirs in far if ours > 0.0 and theirs > 0.0]
    scale = _scale(ratios) if len(far) > compared / 2 else None
    return Problem(where, column, told, notice("own_scale", scale=both(*scale)) if scale else "")


def _called(table: DataTable, row: int, key: str) -> Notice | str:
    """What a row is called, in both languages where the table has both."""
    if "name" not in table.columns:
        return str(table.columns[key][row])
    return both(table.columns["name"][row], table.columns.get("name_zh", table.columns["name"])[row])


def _moved(name: Notice | str, ours: float, theirs: float) -> Notice:
    """A value that is far from the shipped one."""
    value, shipped = f"{ours:.10g}", f"{theirs:.10g}"
    if min(ours, theirs) <= 0.0:
        return notice("own_zero", name=name, value=value, shipped=shipped)
    factor = f"{max(ours / theirs, theirs / ours):.3g}"
    key = "own_above" if ours > theirs else "own_below"
    return notice(key, name=name, value=value, factor=factor, shipped=shipped)


def _scale(ratios: Sequence[float]) -> tuple[str, str] | None:
    """The unit that most values seem to be in, where their ratios to the shipped ones stand at a power of ten."""
    if not ratios:
        return None
    middle = float(np.median(ratios))
    return next((name for factor, name in SCALES.items() if factor / 1.4 < middle < factor * 1.4), None)


def regions_told(table: DataTable, shipped: DataTable, national: Mapping[str, float]) -> Iterator[Problem]:
    """What is hardly plausible in own statistics of regions: sums against the nation's, R&D over GDP, GDP a head.

    Args:
        table: The own regions.csv.
        shipped: The shipped one; sums say something where all its regions are there, once each.
        national: Totals of the nation by row of national.csv.
    """
    if set(table.columns["code"]) == set(shipped.columns["code"]):
        for column, item in TOTALS.items():
            total, nation = sum(table.columns[column]), national.get(item, 0.0)
            if nation > 0.0 and abs(total / nation - 1.0) > APART:
                share = f"{total / nation - 1.0:+.0%}"
                told = notice("own_sum", total=f"{total:.10g}", share=share, nation=f"{nation:.10g}")
                yield Problem(table.path, column, told, f"national.csv, {item}")
    yield from _ratios(table, "rd", "gdp", INTENSITY, "own_intensity", "{:.2%}", "{:.1%}")
    yield from _ratios(table, "gdp", "population", PER_HEAD, "own_per_head", "{:,.4g}", "{:g}")


def _ratios(
    table: DataTable, above: str, below: str, usual: tuple[float, float], key: str, shown: str, limit: str
) -> Iterator[Problem]:
    for row, (one, other) in enumerate(zip(table.columns[above], table.columns[below], strict=True)):
        ratio = one / other if other > 0.0 else float("inf")
        if not usual[0] <= ratio <= usual[1]:
            hint = notice("own_usual", low=limit.format(usual[0]), high=limit.format(usual[1]))
            told = notice(key, name=_called(table, row, "code"), value=shown.format(ratio))
            yield Problem(f"{table.path}:{table.lines[row]}", above, told, hint)
