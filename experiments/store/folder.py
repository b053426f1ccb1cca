"""Result folders judged in one place before any work: whose a folder is, what may be written there, and for what."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from qipan.experiments.store.disk import disk
from qipan.experiments.store.lock import LOCK_NAME, FolderLock
from qipan.experiments.store.ownership import (
    JOURNAL,
    MANIFEST,
    RESULT_FILES,
    Held,
    Known,
    check_free,
    check_unchanged,
    from_journal,
    from_manifest,
    removed,
    walk,
    write_journal,
)
from qipan.experiments.store.parts import PARTS, UNFINISHED, remove_unfinished, store_error
from qipan.experiments.store.requests import differences, request_digest, same_request
from qipan.model.errors import StoreError

RESULTS = Path("results")
FOLDERS = (PARTS, "tables", "scenarios", "data", "figures", "csv", "parquet", "assumptions", f"assumptions/{PARTS}")
"""Sub-folders that qipan makes."""
IGNORED = (LOCK_NAME, ".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep", ".gitignore")
"""What may lie in a folder that counts as empty."""
NOT_IN_NAMES = re.compile(r"[\0-\x1f\x7f\ud800-\udfff]")
PART_NAME = re.compile(r"[0-9a-f]{64}\.part")
LONGEST = 200
"""Characters of a strange name that are shown; also room that names of files need inside a folder."""
ELSEWHERE = "give a folder of its own with --out, e.g. results/NAME"
OTHER = "choose another folder with --out"
FORCE = "choose another folder with --out, or replace the result whole with --force"


def judge(
    folder: Path, request: Mapping[str, Any] | None = None, force: bool = False, files: int = 0, other: str = OTHER
) -> Held | None:
    """Refuse a folder that a command may not write to; nothing is changed.

    Args:
        folder: Where results are to go; need not exist.
        request: What is to be made there; None for work on a result that is there.
        force: Whether a result of another request may be replaced.
        files: How many files will be written, about.
        other: What to do where it cannot be written to.

    Returns:
        What is held there; None where there is nothing.

    Raises:
        StoreError: one sentence on what stands in the way.
    """
    try:
        return _judged(folder, request, force, files, other)
    except (OSError, ValueError) as error:  # a name that no file can have, or a folder that cannot be looked into
        reason = getattr(error, "strerror", None) or str(error)
        raise store_error(str(folder)[:LONGEST], f"cannot be a folder for results: {reason}", ELSEWHERE) from error


def _judged(folder: Path, request: Mapping[str, Any] | None, force: bool, files: int, other: str) -> Held | None:
    if not _is_folder(folder, files):
        return None
    held = held_in(folder)
    _check_inside(folder, {} if held is None else held.known())
    if held is not None and request is not None:
        _check_request(folder, held, request, force)
    for place in (folder, *(folder / name for name in FOLDERS)):
        if os.path.lexists(place):
            _check_room(place, files, other=other)
    return held


def _is_folder(folder: Path, files: int) -> bool:
    """Whether a folder is there; refuses a name that none can have, and where none can be made."""
    _check_name(folder)
    if not os.path.lexists(folder):
        _check_place(folder, files)
        return False
    if not folder.is_dir():
        what = "is a link that leads nowhere" if folder.is_symlink() and not folder.exists() else "is not a folder"
        raise store_error(folder, what, ELSEWHERE)
    return True


def _check_name(path: Path) -> None:
    if NOT_IN_NAMES.search(str(path)):
        message = "has a name with characters that cannot be written as text"
        raise store_error(str(path)[:LONGEST], message, "give another name")


def judge_target(path: Path, force: bool, *, of_files: bool) -> None:
    """Refuse a place outside a result that an export may not go to; nothing is changed.

    Args:
        path: A file, or a folder for files.
        force: Whether a file that is there may be replaced.
        of_files: Whether it is a folder; it may hold other files.

    Raises:
        StoreError: one sentence on what stands in the way.
    """
    try:
        _check_name(path)
        if of_files:
            if _is_folder(path, 0) and (from_journal(path) or from_manifest(path)):
                raise store_error(path, "is a result of its own", "give another place with --to")
        elif not os.path.lexists(path):
            _check_place(path, 0)
        elif path.is_dir():
            raise store_error(path, "is a folder", "give the name of a file with --to")
        else:
            check_free(path, force)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise store_error(str(path)[:LONGEST], f"cannot be written: {reason}", "give another place") from error


def within(path: Path, folder: Path) -> str | None:
    """The name of a path inside a folder, whatever links lead there; None for one outside, or that no file can have."""
    try:
        place, root = path.resolve(), folder.resolve()
    except (OSError, ValueError, RuntimeError):
        return None
    return place.relative_to(root).as_posix() if place.is_relative_to(root) else None


def held_in(folder: Path) -> Held | None:
    """What a folder holds by its journal or manifest; None where it holds nothing, or nothing but stored parts.

    Raises:
        StoreError: it holds something that is no result of qipan.
    """
    there = sorted(name for name in os.listdir(folder) if name not in IGNORED and not UNFINISHED.fullmatch(name))
    if not there:
        return None
    held = from_journal(folder) or from_manifest(folder)
    if held is not None:
        return held
    if there == [PARTS] and _only_parts(folder / PARTS):
        return None
    shown = ", ".join(there[:3]) + (f" and {len(there) - 3} more" if len(there) > 3 else "")
    raise store_error(folder, f"is not empty and holds no result of qipan (there is {shown})", ELSEWHERE)


def _only_parts(folder: Path) -> bool:
    if folder.is_symlink() or not folder.is_dir():
        return False
    return all(PART_NAME.fullmatch(name) or UNFINISHED.fullmatch(name) for name in os.listdir(folder))


def _check_place(folder: Path, files: int) -> None:
    """Refuse a folder that cannot be made."""
    missing, place = [folder.name], folder.absolute().parent
    while not os.path.lexists(place):
        missing.append(place.name)
        place = place.parent
    if not place.is_dir():
        raise store_error(folder, f"cannot be made: {place} is not a folder", ELSEWHERE)
    name, whole = (
        os.pathconf(place, limit) if hasattr(os, "pathconf") else most
        for limit, most in (("PC_NAME_MAX", 255), ("PC_PATH_MAX", 260))
    )
    too_long = any(len(os.fsencode(part)) > name for part in missing)
    if too_long or len(os.fsencode(folder.absolute())) + LONGEST > whole:
        raise store_error(str(folder)[:LONGEST], "has a name that is too long", ELSEWHERE)
    _check_room(place, files, folder)


def _check_room(place: Path, files: int, folder: Path | None = None, other: str = OTHER) -> None:
    """Refuse a place that cannot be written to, or where no more files can be made."""
    if not os.access(place, os.W_OK | os.X_OK):
        readonly = hasattr(os, "statvfs") and os.statvfs(place).f_flag & os.ST_RDONLY
        why = "is on a disk that can only be read" if readonly else "may not be written to by this user"
        raise store_error(folder or place, f"cannot be written: {place} {why}", other)
    if hasattr(os, "statvfs"):
        room = os.statvfs(place)
        if room.f_files and room.f_favail < files:
            message = f"the disk has room for {room.f_favail:,} more files, about {files:,} are to be written"
            raise store_error(folder or place, message, f"make room, or {other}")


def _check_inside(folder: Path, known: Known) -> None:
    """Refuse links, and files and folders in each other's place, inside a result."""
    for path, mode in walk(folder):
        name = path.relative_to(folder).as_posix()
        if stat.S_ISLNK(mode):
            raise store_error(path, "is a link inside a result folder, which is never followed", "remove the link")
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise store_error(path, "is neither a file nor a folder", "remove it")
        if stat.S_ISDIR(mode) and (name in known or name in (*RESULT_FILES, JOURNAL, LOCK_NAME) or _is_part(path)):
            raise store_error(path, "is a folder where a file of the result is to be", "move it elsewhere")
        if stat.S_ISREG(mode) and name in FOLDERS:
            raise store_error(path, "is a file where a sub-folder of the result is to be", "move it elsewhere")
        if stat.S_ISREG(mode) and name in RESULT_FILES and name not in known:
            raise store_error(path, "is no file that qipan wrote, but one is to be written there", "move it elsewhere")


def _is_part(path: Path) -> bool:
    return path.parent.name == PARTS and bool(PART_NAME.fullmatch(path.name))


def _check_request(folder: Path, held: Held, request: Mapping[str, Any], force: bool) -> None:
    """Refuse a result of another request, and files of a result that somebody changed, unless forced."""
    if force:
        return
    if not held.request:
        raise store_error(folder, "holds a result that does not tell what it was asked for", FORCE)
    unfinished = not os.path.lexists(folder / MANIFEST)
    if not same_request(held.request, request, unfinished=unfinished):
        raise store_error(folder, f"holds another request: {differences(held.request, request)}", FORCE)
    for name, digests in held.known().items():
        check_unchanged(folder / name, digests)


@contextmanager
def holding(
    folder: Path, request: Mapping[str, Any] | None = None, force: bool = False, files: int = 0, other: str = OTHER
) -> Iterator[None]:
    """Hold a result folder for this process while it works there.

    It is judged before anything is made, and again when no other process can change it. Then the journal tells the
    request, before anything else is written. With `force` a result of another request is removed whole.

    Args:
        folder: Where.
        request: What is to be made; None for work on a result that is there.
        force: Whether a result of another request, and files that were changed since qipan wrote them, may be replaced.
        files: How many files will be written, about.
        other: What to do where it cannot be written to.

    Raises:
        StoreError: as `judge` and `FolderLock`.
    """
    judge(folder, request, force, files, other)
    with FolderLock(folder):
        held = judge(folder, request, force, files, other)
        remove_unfinished(folder)
        if request is not None:
            unfinished = not os.path.lexists(folder / MANIFEST)
            if held is not None and not same_request(held.request, request, unfinished=unfinished):
                _clear(folder, held)
                held = None
            write_journal(folder, Held(request, {}, {} if held is None else _known(held, force)))
        elif held is not None and force:
            write_journal(folder, replace(held, files=_known(held, force), former={}))
        yield


def _known(held: Held, force: bool) -> Known:
    """The files of a result; with `force` whatever has been made of them since."""
    return {name: [] for name in held.known()} if force else held.known()


def _clear(folder: Path, held: Held) -> None:
    """Remove a result: its manifest first, every file that qipan wrote, its parts."""
    removed(folder, sorted(held.known(), key=lambda name: name != MANIFEST))
    for parts in (folder / PARTS, folder / "assumptions" / PARTS):
        for name in os.listdir(parts) if parts.is_dir() else ():
            if PART_NAME.fullmatch(name):
                disk().remove(parts / name)


def place_for(
    folder: str | None, name: str, request: Mapping[str, Any], *, force: bool, files: int = 0, quiet: bool = False
) -> Path:
    """The folder that a request goes to, judged; where it is not the usual one, stderr is told why.

    Args:
        folder: What the user gave; None for the default.
        name: Of the default folder in results/.
        request: What is to be made.
        force: Whether a result of another request may be replaced.
        files: How many files will be written, about.
        quiet: Say nothing.

    Raises:
        StoreError: as `judge`.
    """
    place, why = default_place(name, request) if folder is None else (given(folder), "")
    judge(place, request, force, files)
    if why and not quiet:
        print(why, file=sys.stderr)
    return place


def given(folder: str) -> Path:
    """The folder that a user named, judged without regard to what is to be made there.

    Raises:
        StoreError: as `judge`; also for an empty name.
    """
    if not folder:
        raise store_error("command line", "the name of the result folder is empty", ELSEWHERE)
    judge(Path(folder))
    return Path(folder)


def folders_in(folder: str | None, scenarios: Sequence[str]) -> list[str | None]:
    """The folder of each of several scenarios that are run one after the other, all judged before the first is.

    Raises:
        StoreError: as `judge`, or two of them would have the same folder.
    """
    if folder is None or len(scenarios) == 1:
        return [folder] * len(scenarios)
    places = [str(Path(folder) / Path(name).stem) for name in scenarios]
    for number, place in enumerate(places):
        given(place)
        if place in places[:number]:
            message = f"{scenarios[places.index(place)]} and {scenarios[number]} would both go there"
            raise store_error(place, message, "run them one by one, each with its own --out")
    return [*places]


def default_place(name: str, request: Mapping[str, Any]) -> tuple[Path, str]:
    """Where a request goes that names no folder: results/NAME, or beside it where that holds another request.

    Returns:
        The folder, and why it is another than results/NAME; empty where it is that one.
    """
    place = RESULTS / name
    try:
        held = held_in(place) if place.is_dir() else None
    except (OSError, StoreError):  # judged and told later
        held = None
    if held is None or same_request(held.request, request):
        return place, ""
    other = RESULTS / f"{name}-{request_digest(request)}"
    why = differences(held.request, request) if held.request else "it does not tell what it was asked for"
    return other, f"{place} holds another request ({why}): this one goes to {other}"
