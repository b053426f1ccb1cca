"""A stored result for other tools: workbook, NetCDF, IAMC table, tables as CSV or Parquet, figures.

Every file tells by itself what made it: version, seed and digests of the scenarios.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from qipan.experiments.store.folder import FOLDERS, holding, judge_target, within
from qipan.experiments.store.ownership import beside, of_result, staged
from qipan.experiments.store.parts import made_folder, store_error, write_atomic
from qipan.experiments.summaries.comparison import Comparison
from qipan.model.errors import Problem, UserError

if TYPE_CHECKING:
    from qipan.experiments.exchange.workbook import Story
    from qipan.experiments.results.stored import Stored
    from qipan.experiments.results.study import Study

FILES = {
    "xlsx": "result.xlsx",
    "netcdf": "result.nc",
    "iamc": "result-iamc.csv",
    "csv": "csv",
    "parquet": "parquet",
    "pdf": "figures",
    "png": "figures",
    "svg": "figures",
}
"""What is written into the result folder by format; without a full stop it is a folder of files."""
FIGURES = ("pdf", "png", "svg")


def export_result(
    folder: Path, kind: str, target: Path | None = None, language: str = "en", force: bool = False
) -> Path:
    """Write a stored result in another format; return the path of the file or folder.

    Args:
        folder: The result.
        kind: One of FILES.
        target: Where; default inside the result folder. An IAMC table whose name ends in .xlsx is a workbook.
        language: "en" or "zh", of figures and workbooks.
        force: Whether a file that is there may be replaced.

    Raises:
        StoreError: not a result, a damaged one, or the file cannot be written or is not qipan's.
        UserError: this kind of result has no such format.
    """
    from qipan.experiments.results.stored import opened

    stored, path = opened(folder), folder / FILES[kind] if target is None else target
    with placed(folder, path, "." not in FILES[kind], force) as place:
        _write(stored, kind, place, language)
    return path


@contextmanager
def placed(folder: Path, path: Path, of_files: bool, force: bool) -> Iterator[Path]:
    """Where to write an export first: what is written inside the result is listed there, and goes when it changes."""
    inside = within(path, folder)
    if inside is not None:
        if of_result(inside) or (inside in FOLDERS and not of_files):
            raise store_error(path, "is a place of the result's own files", "give another with --to")
        with holding(folder, force=force, other="give a place elsewhere with --to"), staged(folder) as place:
            made_folder((place / inside).parent)
            yield place / inside
        return
    judge_target(path, force, of_files=of_files)
    if not of_files:
        yield path
        return
    with beside(path, force) as place:
        yield place


def _write(stored: Stored, kind: str, path: Path, language: str) -> None:
    if kind in FIGURES:
        from qipan.experiments.exchange.redraw import draw_figures

        draw_figures(stored, path, language, {"page": (kind,)})
    elif kind in ("csv", "parquet"):
        write_tables(result_of(stored), kind, path)
    else:
        write_atomic(checked(path), content_of(stored, kind, path.suffix.lower(), language))


def result_of(stored: Stored) -> Comparison | Study:
    """The comparison or study in a folder; raises StoreError where it is damaged."""
    return stored.comparison() if stored.kind == "comparison" else stored.study()


def content_of(stored: Stored, kind: str, suffix: str, language: str) -> bytes:
    """The bytes of a result as "xlsx", "netcdf" or "iamc".

    Raises:
        UserError: "iamc", "netcdf": this kind of result is none that the format holds.
    """
    from qipan.experiments.results.stored import EVIDENCE, KINDS, VALUE

    result = result_of(stored)
    if kind == "netcdf":
        from qipan.experiments.exchange.netcdf import netcdf_bytes

        if stored.kind in (*VALUE, *EVIDENCE):
            message = f"{stored.folder} is {KINDS[stored.kind]}: its tables have no axes of a NetCDF file"
            raise UserError(Problem("command line", "--format", message, "give csv, parquet or xlsx"))

        return netcdf_bytes(result)
    if kind == "xlsx":
        return workbook(stored, result, language)
    if not isinstance(result, Comparison):
        message = f"{stored.folder} is {KINDS[stored.kind]}: the IAMC table has no place for it"
        hint = "give csv, parquet or xlsx" if stored.kind in VALUE else "give csv, parquet, xlsx or netcdf"
        raise UserError(Problem("command line", "--format", message, hint))
    from qipan.experiments.exchange.iamc import iamc_csv, iamc_workbook

    return iamc_workbook(result) if suffix == ".xlsx" else iamc_csv(result)


def workbook(stored: Stored, result: Comparison | Study, language: str) -> bytes:
    """A workbook with cover, figures and tables; without a font for the language it says why figures are left out."""
    from qipan.experiments.exchange.redraw import draw_figures
    from qipan.experiments.exchange.workbook import workbook_bytes

    story = story_of(result, language)
    with tempfile.TemporaryDirectory(prefix="qipan-") as place:
        try:
            drawn = draw_figures(stored, Path(place), language, {"page": ("png",)})
        except UserError as error:
            return workbook_bytes(result, story, "; ".join(problem.message for problem in error.problems), language)
        return workbook_bytes(result, story, drawn, language)


def story_of(result: Comparison | Study, language: str) -> Story:
    """What the cover says: the sentences of the page."""
    from qipan.experiments.exchange.workbook import Story

    if isinstance(result, Comparison):
        from qipan.experiments.brief.make import question, title
        from qipan.experiments.report.answer import answer

        story = title(result, language), question(result, language), answer(result, language)
        return Story(*story, result.warnings)
    if result.kind == "sweep":
        from qipan.experiments.report.sweep import page_sentences
        from qipan.experiments.results.stored import asked_of

        return Story(*asked_of(result.facts).called(language), page_sentences(result, language), result.warnings)
    from qipan.experiments.results.stored import EVIDENCE, VALUE

    if result.kind in EVIDENCE:
        from qipan.experiments.evidence.words import question, sentences, title

        return Story(title(result, language), question(result, language), sentences(result, language), result.warnings)
    if result.kind in VALUE:
        from qipan.experiments.value.words import sentences, title

        return Story(title(result, language), "", sentences(result, language), result.warnings)
    from qipan.experiments.report.attribution import page_sentences as attributed
    from qipan.experiments.report.attribution import page_title

    return Story(page_title(result, language), "", attributed(result, language), result.warnings)


def checked(path: Path) -> Path:
    """The same path; raises StoreError when its folder does not exist."""
    if not path.absolute().parent.is_dir():
        raise store_error(path, "cannot be written: its folder does not exist", "make the folder first")
    return path


def write_tables(result: Comparison | Study, kind: str, folder: Path) -> Path:
    """Write every table as one file of a folder, "csv" or "parquet", each whole or not at all; returns the folder."""
    from qipan.experiments.exchange.datapackage import exchange_tables
    from qipan.experiments.results.write import dictionary_of

    manifest = result.manifest if isinstance(result, Comparison) else result.facts
    files = exchange_tables({**result.tables, "dictionary": dictionary_of(result.tables)}, kind, manifest)
    made_folder(folder)
    for name, content in files.items():
        write_atomic(folder / name, content)
    return folder
