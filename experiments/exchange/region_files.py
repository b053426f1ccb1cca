"""One region of a comparison as a page, a workbook or a folder of tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qipan.experiments.examine.region_words import grids, sentences, title
from qipan.experiments.exchange.datapackage import exchange_tables
from qipan.experiments.exchange.export import checked, placed
from qipan.experiments.exchange.workbook import plain_sheets
from qipan.experiments.findings.reading import footer
from qipan.experiments.report.study import write_page
from qipan.experiments.store.parts import made_folder, write_atomic

if TYPE_CHECKING:
    from qipan.experiments.examine.region import RegionView

KINDS = ("csv", "xlsx", "html")


def write_region(seen: RegionView, folder: Path, kind: str, target: Path | None, language: str, force: bool) -> Path:
    """Write what a comparison says of one region; returns the file, or the folder of tables.

    Args:
        seen: The region.
        folder: The result.
        kind: One of `KINDS`.
        target: Where; None: inside the result, in folder `regions`, by the code of the region.
        language: Of the page.
        force: Whether a file that is there may be replaced.

    Raises:
        StoreError: The place cannot be written, or holds something that qipan did not write.
    """
    name = seen.code if kind == "csv" else f"{seen.code}.{kind}"
    path = folder / "regions" / name if target is None else target
    with placed(folder, path, kind == "csv", force) as place:
        if kind == "csv":
            made_folder(place)
            for file, content in exchange_tables(seen.tables, kind, seen.comparison.manifest).items():
                write_atomic(place / file, content)
        elif kind == "xlsx":
            write_atomic(checked(place), plain_sheets(seen.tables))
        else:
            comparison = seen.comparison
            write_page(
                checked(place),
                language,
                title(seen, language),
                footer(comparison, language),
                sentences(seen, language),
                comparison.warnings,
                {},
                grids(seen, language),
            )
    return path
