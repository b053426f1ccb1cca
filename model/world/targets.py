"""Stated targets as objects, and what a world can say about each."""

from typing import Any

from qipan.model.errors import Problem
from qipan.model.notices.notice import notice
from qipan.model.world.names import NameProblemError, Names, plain_name
from qipan.model.world.reading.own import MOST_TOLD, Tables
from qipan.model.world.reading.tables import CONFIDENCE, Column, DataTable
from qipan.model.world.record import OUTSIDE_SCOPE, Target

LEVELS = {"national": ("全国", "国家", "nation"), "province": ("省级", "省", "provincial"), "city": ("市级", "市")}
COMPARATORS = {">": (), ">=": ("≥", "不低于"), "=": (), "~": ("≈", "约", "左右")}
BROAD, MODEL, OUTSIDE = "broad", "model", "outside"
SCOPES = (BROAD, MODEL, OUTSIDE)
"""How widely a target counts: as published figures of a sector do, as the model, what is in none of the sectors."""
FACTOR = "world.market.scope"
COLUMNS = (
    Column("identifier", unique=True),
    Column("region"),
    Column("name"),
    Column("name_zh"),
    Column("level", among=LEVELS),
    Column("indicator"),
    Column("scope", among=SCOPES, blank=True, absent=True),
    Column("wording"),
    Column("comparator", among=COMPARATORS),
    Column("value", "number", 0.0),
    Column("unit"),
    Column("year", "whole", 0, 9999, blank=True),
    Column("value_as_printed", "number", 0.0),
    Column("year_as_printed", "whole", 0, 9999, blank=True),
    Column("correction", blank=True),
    Column("source"),
    Column("issued", blank=True),
    Column("confidence", among=CONFIDENCE),
)

EMERGING_SHARE, ABOVE_SCALE, GROWTH, SECONDARY_YEAR = 0.30, 0.80, 0.06, 2022
"""Denominator of a value-added share: strategic-emerging value added = 0.30 (the province's own 2025 target) x
above-scale industrial value added, which is taken as 0.80 of secondary value added (construction and small firms are
the rest; assumed), grown from 2022 at 6% a year (assumed)."""

READINGS = {
    "scale": "The document says scale (规模) and names no indicator; read as output.",
    "value_added_share": "Denominator assumed: 0.30 x 0.80 x secondary value added of 2022, grown 6% a year.",
}
REASONS = {
    "documents": "number of documents: what happened by then, used as the state at the start",
    "emerging_share": "strategic emerging industries as a whole are not simulated",
    "emerging_value_added": "strategic emerging industries as a whole are not simulated",
    "sector_scale": "one field within a sector, not the region's future industries",
    "growth": "growth from an unpublished base",
    "pilot_zones": "a count of zones: activity, not output",
    "fields": "a count of fields in a document",
    "platforms": "a count of platforms: activity, not output",
    "teams": "a count of teams: activity, not output",
    "parks": "a count of parks: activity, not output",
    "firms": "a count of firms: activity, not output",
}
FLOWS = {"output": "output", "main_business_income": "output", "scale": "output", "value_added_share": "value_added"}
"""Indicators that are simulated, and the flow of the model each is held against."""


NATION = "CN"


def load_targets(tables: Tables, regions: Names, secondary: dict[str, float]) -> tuple[Target, ...]:
    """Read every target; those of regions or indicators outside this world are listed with the reason.

    Args:
        tables: Where tables are.
        regions: This world's regions.
        secondary: Secondary value added of 2022 by region code, bn yuan, for shares of value added.
    """
    table = tables.read("targets.csv", COLUMNS)
    known = (*FLOWS, *REASONS)
    given = table.columns["indicator"]
    wrong = [(row, name) for row, name in enumerate(given) if name not in known]
    table.refuse([(r, "indicator", f"{name} is not known", f"one of: {', '.join(known)}") for r, name in wrong])
    if tables.is_own("targets.csv"):
        _resolve(table, tables, regions)
    found = tuple(_target(table, row, regions.codes, secondary) for row in range(len(given)))
    if tables.is_own("targets.csv"):
        _tell_scope(table, tables, found)
    return found


def _tell_scope(table: DataTable, tables: Tables, targets: tuple[Target, ...]) -> None:
    """Keep a note of the targets that are held as broad ones because their own table does not say how they count."""
    cells = zip(targets, table.columns["scope"], strict=True)
    silent = [target.identifier for target, cell in cells if target.simulated and not cell]
    if silent:
        few = ", ".join(silent[:MOST_TOLD]) + (", ..." if len(silent) > MOST_TOLD else "")
        told = notice("own_scope", count=len(silent), s="s" * (len(silent) != 1), few=few, factor=FACTOR)
        tables.warn(Problem(table.path, "scope", told, notice("own_scope_words", words=" | ".join(SCOPES))))


def _resolve(table: DataTable, tables: Tables, regions: Names) -> None:
    """Codes in place of the names of regions, of this world or beyond it."""
    problems = []
    for row, given in enumerate(table.columns["region"]):
        level = table.columns["level"][row]
        try:
            table.columns["region"][row] = _code(given, level, tables, regions)
        except NameProblemError as error:
            problems.append((row, "region", error.message, error.hint))
    table.refuse(problems)


def _code(given: str, level: str, tables: Tables, regions: Names) -> str:
    if level == "national" or given in regions.codes:
        return NATION if level == "national" and plain_name(given) in ("cn", "china", "全国", "中国") else given
    others = tables.shipped_names("cities.csv" if level == "city" else "regions.csv")
    if given in others.codes:
        return given
    try:
        return regions.code(given)
    except NameProblemError:
        return others.code(given)


def _target(table: DataTable, row: int, codes: tuple[str, ...], secondary: dict[str, float]) -> Target:
    cell: dict[str, Any] = {name: values[row] for name, values in table.columns.items()}
    year = cell["year"] or None
    why_not = _why_not(cell, codes, secondary)
    return Target(
        identifier=cell["identifier"],
        region=cell["region"],
        region_name=cell["name"],
        region_name_zh=cell["name_zh"],
        indicator=cell["indicator"],
        comparator=cell["comparator"],
        value=cell["value"],
        unit=cell["unit"],
        year=year,
        value_as_printed=cell["value_as_printed"],
        year_as_printed=cell["year_as_printed"] or None,
        reading=" ".join(part for part in (READINGS.get(cell["indicator"], ""), cell["correction"]) if part),
        source=cell["source"],
        issued=cell["issued"],
        level=cell["level"],
        confidence=cell["confidence"],
        measured_by="" if why_not else FLOWS[cell["indicator"]],
        threshold=None if why_not else _threshold(cell, secondary),
        simulated=not why_not,
        why_not=why_not,
        broad=cell["scope"] in ("", BROAD),
    )


def _why_not(cell: dict[str, Any], codes: tuple[str, ...], secondary: dict[str, float]) -> str:
    """Why this world cannot say anything about a target; empty when it can."""
    if cell["indicator"] not in FLOWS:
        return REASONS[cell["indicator"]]
    if cell["region"] not in codes:
        return f"a target of a {cell['level']} that is not a region of this world"
    if cell["scope"] == OUTSIDE:
        return OUTSIDE_SCOPE
    if cell["indicator"] == "value_added_share" and cell["region"] not in secondary:
        return "secondary value added of the region is not known"
    return "" if cell["year"] else "the document gives no year"


def _threshold(cell: dict[str, Any], secondary: dict[str, float]) -> float:
    """What the simulated flow must reach, bn yuan a year."""
    if cell["indicator"] != "value_added_share":
        return float(cell["value"])
    grown = (1.0 + GROWTH) ** (cell["year"] - SECONDARY_YEAR)
    return float(cell["value"] * EMERGING_SHARE * ABOVE_SCALE * secondary[cell["region"]] * grown)
