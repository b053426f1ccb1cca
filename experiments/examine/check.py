"""`qipan check`: scenarios, folders of own data, own tables and layouts, each by its own reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from qipan.experiments.examine.measure import rows_table, rows_told
from qipan.experiments.words.labels import say
from qipan.experiments.words.warned import warned
from qipan.model.errors import DataError, Problem, UserError
from qipan.model.parameters import WorldChoice
from qipan.model.world import load_world
from qipan.model.world.capability import FILE as CAPABILITY
from qipan.model.world.layouts import read_layouts
from qipan.model.world.names import world_regions, world_sectors
from qipan.model.world.reading.cells import SUFFIXES, read_cells
from qipan.model.world.reading.own import OwnData, found_tables, shipped_folder
from qipan.model.world.reading.tables import plain_head
from qipan.model.world.sectors import FILES


def check(name: str, language: str = "en") -> Iterator[str]:
    """Lines that say a scenario, a data folder, an own table or a file of layouts is good.

    Raises:
        UserError: every problem of it.
    """
    path = Path(name)
    if path.is_dir():
        yield from check_folder(path, language)
    elif path.suffix.casefold() in SUFFIXES:
        if path.name in {table.name for table in shipped_folder().glob("*.csv")} and path.is_file():
            yield from check_folder(path.parent, language)
        else:
            yield from _layouts(path)
    else:
        from qipan.model.coordination.prescribed import check_names
        from qipan.model.scenario import load_scenario
        from qipan.model.scenario.consistency import check_sizes, idle_dates

        scenario = load_scenario(name)
        world = load_world(scenario.world)
        check_names(scenario, world)
        check_sizes(scenario, len(world.sector_codes), len(world.region_codes))
        yield f"{name}: good"
        yield from (f"  {warned(note.notice(), language)}" for note in (*scenario.notes, *idle_dates(scenario)))
        yield from _told(world.own, language)


def check_folder(folder: Path, language: str = "en") -> Iterator[str]:
    """Read every own table of a folder as the worlds read them; say what differs and what is hardly plausible.

    Raises:
        DataError: every problem of every table.
    """
    choices = [*(WorldChoice(sectors=name) for name in FILES), WorldChoice(data="cities-293")]
    if CAPABILITY in found_tables(folder, shipped_folder())[0]:
        choices.append(WorldChoice(fit_data="capability"))
    problems: dict[str, Problem] = {}
    found: list[OwnData] = []
    for choice in choices:
        try:
            found.append(load_world(choice, folder).own)
        except UserError as error:
            problems |= {str(problem): problem for problem in error.problems}
    if problems:
        raise DataError(problems.values())
    changes = {change.table: change for own in reversed(found) for change in own.changes if change.sentence("en")}
    warnings = tuple(dict.fromkeys(warning for own in found for warning in own.warnings))
    yield f"{folder}: good"
    yield from _told(OwnData(str(folder), found[0].files, tuple(changes.values()), warnings), language)


def _told(own: OwnData, language: str) -> Iterator[str]:
    """What is own, and what of it is hardly plausible."""
    if own.folder:
        yield f"  {own.sentence(language) or say('own_as_shipped', language)}"
    yield from (say("warning_line", language, text=warned(told, language)) for told in own.warnings)


def _layouts(path: Path) -> Iterator[str]:
    """A file of layouts of provinces, or else of cities, in the sector table that its head names."""
    heads = [plain_head(cell) for cells in read_cells(path) for cell in cells.rows[0][1]]
    sectors = next((name for name in FILES if plain_head(name) in heads), next(iter(FILES)))
    first: UserError | None = None
    for data in ("provinces-31", "cities-293"):
        world = load_world(WorldChoice(data=data, sectors=sectors))
        try:
            read = read_layouts(path, sectors, world_sectors(world), world_regions(world))
        except UserError as error:
            first = first or error
        else:
            yield f"{path}: good; {rows_told(rows_table(read, sectors), sectors, 'en')}"
            return
    assert first is not None
    raise first
