"""A finished comparison asked for again where the disk has no room: nothing is to be written, so it is shown."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from qipan.experiments.console.language import said, spoken
from qipan.experiments.designs.assumptions import UNFINISHED
from qipan.experiments.results.read import load_result
from qipan.experiments.runs.estimate import free_disk, stored_already
from qipan.experiments.store.folder import default_place
from qipan.experiments.store.ownership import from_journal
from qipan.experiments.store.requests import Request, same_request
from qipan.model.errors import UserError

if TYPE_CHECKING:
    from qipan.experiments.runs.estimate import Estimate
    from qipan.experiments.runs.stage import Manner
    from qipan.experiments.summaries.comparison import Comparison

LEAST = 20e6
"""Bytes that tables, figures and page take at least."""
PAGE = "report.html"


def shown_as_it_stands(
    folder: str | None, name: str, request: Request, cost: Estimate, files: int, manner: Manner
) -> Path | None:
    """Show the finished result of a request whose disk has no room to make it again; where it is.

    Args:
        folder: What the user gave; None for the default.
        name: Of the default folder.
        request: What is asked for.
        cost: What making it would take.
        files: How many files it would write, about.
        manner: As asked for; with `force` it is to be made again.

    Returns:
        The folder; None where there is room, or no finished result of this request, so that it must be made.
    """
    place = default_place(name, request)[0] if folder is None else Path(folder)
    if manner.force or _room(place, cost, files):
        return None
    found = _finished(place, request)
    if found is None or not (manner.no_report or (place / PAGE).is_file()):
        return None
    if not manner.quiet:
        from qipan.experiments.findings.terminal import print_headline, print_ranks, print_rest

        print_headline(found, spoken())
        print_ranks(found, spoken())
        print_rest(found, spoken())
        print(
            said(f"the disk has no room to make it again: {place} is as it was when it was finished"), file=sys.stderr
        )
    print(place if manner.no_report else place / PAGE)
    return place


def _room(place: Path, cost: Estimate, files: int) -> bool:
    """Whether the disk has room for what is missing, in bytes and in files."""
    if not place.is_dir():
        return True
    if hasattr(os, "statvfs") and (room := os.statvfs(place)).f_files and room.f_favail < files:
        return False
    return free_disk(place) >= max(LEAST, cost.disk - stored_already(place))


def _finished(place: Path, request: Request) -> Comparison | None:
    """The result of a request, every file of it as it was written; None where there is none, or it is to go on."""
    held = from_journal(place)
    if held is None or not same_request(held.request, request):
        return None
    try:
        found = load_result(place)
    except UserError:
        return None
    told = found.manifest["replicates"]
    whole = told["used"] + told["failed"] == told["planned"]
    return found if whole and UNFINISHED not in {told.key for told in found.warnings} else None
