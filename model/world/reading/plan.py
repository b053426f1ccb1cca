"""A plan of one's own as a small table: which sectors are key areas, which regions are zones or are assigned what."""

from pathlib import Path
from typing import Any

from qipan.model.world.reading.tables import Column, read_table

ROLES = {
    "key_area": ("key area", "key areas", "key_areas", "重点领域", "重点产业", "清单"),
    "pilot": ("pilots", "pilot zone", "先导区", "试点"),
    "assigned": ("layout", "布局", "承接"),
}
"""What a row makes of its sector, and what else that may be called."""
COLUMNS = (
    Column("region", blank=True, absent=True, aka=("地区", "省份", "省市", "省", "区域", "城市", "province", "city")),
    Column("sector", aka=("产业", "未来产业", "部门", "领域")),
    Column("role", among=ROLES, blank=True, absent=True, aka=("角色", "类型", "作用")),
    Column("from", kind="whole", low=1900, high=9000, blank=True, absent=True, aka=("起始年", "年份", "year", "since")),
)


def read_plan(path: Path) -> tuple[str, list[tuple[int, dict[str, Any]]]]:
    """The rows of a plan: its name in messages, and each row with its line.

    Names are those of the file: which regions and sectors there are is known only with a world. A row without a region
    is a national key area; a cell that is empty is left out.

    Raises:
        DataError: Every problem of the file, with line and column.
    """
    table = read_table(path, COLUMNS)
    problems: list[tuple[int, str, str, str]] = []
    rows: list[tuple[int, dict[str, Any]]] = []
    for row, line in enumerate(table.lines):
        cells = {column.name: table.columns[column.name][row] for column in COLUMNS}
        given = {name: value for name, value in cells.items() if value}
        given.setdefault("role", "" if "region" in given else "key_area")
        if problem := odd(given):
            problems.append((row, *problem))
        rows.append((line, {name: given[name] for name in ("region", "sector", "role", "from") if name in given}))
    table.refuse(problems)
    return table.path, rows


def odd(row: dict[str, Any]) -> tuple[str, str, str] | None:
    """What does not fit together in a row: column, message, advice."""
    if row["role"] == "key_area" and "region" in row:
        return "region", "a key area is national", "leave the region empty, or make it a pilot or assigned"
    if row["role"] != "key_area" and "region" not in row:
        return "region", f"no region for {row['role'] or 'a row'}", "name one, or make it a key_area"
    if not row["role"]:
        return "role", "the cell is empty", f"one of: {', '.join(ROLES)}"
    return None
