"""A plan of one's own as a small table: which sectors are key areas, which regions are zones or are assigned what."""

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from qipan.model.errors import DataError, Problem
from qipan.model.notices.notice import notice
from qipan.model.world.reading.cells import Cells, read_cells
from qipan.model.world.reading.tables import (
    Column,
    coded,
    find_columns,
    plain_head,
    plain_number,
    sheet_with,
    table_of,
)

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


LAX = tuple(replace(column, kind="text", among=None, blank=True) for column in COLUMNS)
"""The same of a file with faults: whatever stands in its cells."""

Rows = list[tuple[int, dict[str, Any]]]


def read_plan(path: Path) -> tuple[str, Rows, list[Problem], list[Problem]]:
    """The rows of a plan that can be used: the file's name in messages, each row with its line; faults; notes.

    Names are those of the file: which regions and sectors there are is known only with a world. A row without a region
    is a national key area; a cell that is empty is left out.

    Raises:
        DataError: It is no table with the columns of a plan.
    """
    cells = sheet_with(read_cells(path), COLUMNS)
    problems, notes = _strange_heads(cells)
    lax = False
    try:
        table = table_of(cells, COLUMNS)
    except DataError as error:
        try:
            table = table_of(cells, LAX)
        except DataError:
            raise DataError((*error.problems, *problems)) from None
        problems += [_advised(each) for each in error.problems]
        lax = True
    broken = {each.where for each in problems}
    rows: Rows = []
    for row, line in enumerate(table.lines):
        where = f"{table.path}:{line}"
        if where in broken:
            continue
        found = {column.name: table.columns[column.name][row] for column in COLUMNS}
        given = {name: value for name, value in found.items() if value}
        if lax:  # read as it stands: a sound row has a role and a year that can be converted
            given |= {"role": coded(given["role"], ROLES)} if "role" in given else {}
            given |= {"from": int(plain_number(given["from"], ""))} if "from" in given else {}
        given.setdefault("role", "" if "region" in given else "key_area")
        if problem := odd(given):
            problems.append(Problem(where, *problem))
        else:
            rows.append((line, {name: given[name] for name in ("region", "sector", "role", "from") if name in given}))
    return table.path, rows, problems, notes


def _strange_heads(cells: Cells) -> tuple[list[Problem], list[Problem]]:
    """Heads that are no column: misspelt ones, and, as notes, those that nobody reads."""
    line, head = cells.rows[0]
    places = find_columns(head, COLUMNS)
    taken, where = {place for found in places.values() for place in found}, f"{cells.path}:{line}"
    missing = [name for name, found in places.items() if not found]
    problems, notes = list[Problem](), list[Problem]()
    for place, cell in enumerate(head):
        if place in taken or not cell.strip():
            continue
        near = get_close_matches(plain_head(cell), missing, n=1)
        if near and near[0] != "sector":  # a table without sectors is refused with this advice
            problems.append(Problem(where, cell.strip()[:40], "no column of a plan", f"did you mean {near[0]}?"))
        elif not near:
            notes.append(Problem(where, cell.strip()[:40], notice("plan_column")))
    return problems, notes


def _advised(problem: Problem) -> Problem:
    """A problem of a cell; of a role with the one that is like it."""
    unknown = problem.key == "role" and str(problem.message).endswith(" is not known")
    given = str(problem.message).removesuffix(" is not known")
    return replace(problem, hint=role_hint(given)) if unknown else problem


def role_hint(given: str) -> str:
    """What a role may be, and which is like the one given."""
    words = {plain_head(word): role for role, others in ROLES.items() for word in (role, *others)}
    near = get_close_matches(plain_head(given), words, n=1)
    return f"{f'did you mean {words[near[0]]}? ' if near else ''}one of: {', '.join(ROLES)}"


def odd(row: dict[str, Any]) -> tuple[str, str, str] | None:
    """What does not fit together in a row: column, message, advice."""
    if row["role"] == "key_area" and "region" in row:
        return "region", "a key area is national", "leave the region empty, or make it a pilot or assigned"
    if row["role"] != "key_area" and "region" not in row:
        return "region", f"no region for {row['role'] or 'a row'}", "name one, or make it a key_area"
    if not row["role"]:
        return "role", "the cell is empty", f"one of: {', '.join(ROLES)}"
    return None
