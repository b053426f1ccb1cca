"""Which files of a result folder qipan wrote, and how files take their names there.

`files.json` lies in a result folder from the start of work on. It tells the request that the folder is for and names
every file that qipan wrote there: tables, scenarios, figures, page, exports. Only those, and the store's own parts, are
ever replaced or removed. Files are first written to a private sub-folder and then take their names, so a disk that
fills up changes nothing that was there.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from qipan.experiments.store.disk import disk
from qipan.experiments.store.lock import LOCK_NAME
from qipan.experiments.store.parts import (
    PARTS,
    TEMPORARY,
    UNFINISHED,
    made_folder,
    remove_private,
    store_error,
    write_atomic,
)
from qipan.model.errors import StoreError

JOURNAL = "files.json"
FORMAT = "qipan files 1"
SCENARIOS = "scenarios"
FAILURES_FILE = "failures.json"
MANIFEST = "manifest.json"
MANIFESTS = RESULT, STUDY = "qipan result 3", "qipan study 3"
"""What the manifest of a comparison, and of anything else, calls its format."""
RESULT_FILES = (MANIFEST, "means.npz", "failures.json", "data_dictionary.csv")
OF_TABLES = ("tables", "scenarios", "assumptions", "data")
"""Sub-folders whose files are the result itself, beside `RESULT_FILES`."""
LARGEST = 50_000_000
"""Bytes of a journal or manifest that are read at most."""

Known = dict[str, list[str]]
"""Names of files relative to their folder, each with the SHA-256 it may have; none where its manifest tells it."""


@dataclass
class Held:
    """What a result folder holds, as its journal or, where there is none, its manifest tells.

    Args:
        request: What the folder is for; empty where that is not told.
        files: What the work that is under way, or came last, wrote.
        former: What work before it wrote and is to go when new tables come.
        marked: Whether there is a journal, so that a file named in it is qipan's whatever it holds now.
    """

    request: Mapping[str, Any] = field(default_factory=dict)
    files: Known = field(default_factory=dict)
    former: Known = field(default_factory=dict)
    marked: bool = True

    def known(self) -> Known:
        """Every file that qipan wrote here."""
        return {
            name: sorted({*self.files.get(name, ()), *self.former.get(name, ())})
            for name in sorted({*self.files, *self.former})
        }


def from_journal(folder: Path) -> Held | None:
    """What the journal of a folder tells; None where there is none."""
    told = _json(folder / JOURNAL)
    try:
        if told["format"] != FORMAT:
            return None
        files, former = (_checked_names(told[name]) for name in ("files", "former"))
        return Held(_checked_request(told["request"]), files, former)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def from_manifest(folder: Path) -> Held | None:
    """What a manifest alone vouches for: files that are still as it tells; None for one that was changed."""
    told = _json(folder / MANIFEST)
    try:
        if told["format"] not in MANIFESTS or told["digest"] != manifest_digest(told):
            return None
        files = _checked_names({name: [digest] for name, digest in told["files"].items()})
        return Held(_checked_request(told.get("request") or {}), {**files, MANIFEST: []}, marked=False)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def manifest_digest(manifest: Mapping[str, Any]) -> str:
    """SHA-256 of a manifest without its times and without this digest, as canonical JSON."""
    told = {key: value for key, value in manifest.items() if key not in ("times", "digest")}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _json(path: Path) -> Any:
    """What a small file of JSON holds; empty for anything else."""
    try:
        about = os.lstat(path)
        if not stat.S_ISREG(about.st_mode) or about.st_size > LARGEST:
            return {}
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}


def _checked_request(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a folder is for; raises ValueError or TypeError for what no request can be."""
    arms, settings = told.get("arms") or [], told.get("settings") or []
    if not isinstance(arms, list) or not isinstance(settings, list):
        raise TypeError("request")
    if not all(isinstance(text, str) for pair in arms for text in pair) or any(len(pair) != 2 for pair in arms):
        raise TypeError("arms")
    return dict(told)


def _checked_names(told: Mapping[str, Any]) -> Known:
    """Names with their digests; raises ValueError for a name that leads out of the folder."""
    for name, digests in told.items():
        parts = PurePosixPath(name.encode().decode()).parts  # half a character is no text
        if not parts or name.startswith("/") or ".." in parts or "\\" in name or ":" in name or "\0" in name:
            raise ValueError(name)
        if not isinstance(digests, list) or not all(isinstance(digest, str) for digest in digests):
            raise TypeError(name)
    return dict(told)


def walk(folder: Path) -> Iterator[tuple[Path, int]]:
    """Every path below a folder with its mode; links are told, not followed."""
    for name in sorted(os.listdir(folder)):
        mode = os.lstat(folder / name).st_mode
        yield folder / name, mode
        if stat.S_ISDIR(mode):
            yield from walk(folder / name)


def check_unchanged(path: Path, digests: Iterable[str]) -> None:
    """Refuse a file that is there and has none of some digests; raises StoreError."""
    if digests and path.is_file() and _digest(path) not in digests:
        message = "was changed since qipan wrote it and would be replaced"
        raise store_error(path, message, "move it elsewhere, or replace it with --force")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_journal(folder: Path, held: Held) -> None:
    """Write the journal of a folder unless it is as it should be; raises StoreError where that cannot be."""
    told = {
        "format": FORMAT,
        "request": dict(held.request),
        "files": dict(sorted(held.files.items())),
        "former": dict(sorted(held.former.items())),
    }
    content = (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()
    path = folder / JOURNAL
    if not path.is_file() or path.read_bytes() != content:
        write_atomic(path, content)


def root_of(folder: Path) -> Path:
    """The result folder that a folder of it belongs to: itself, or the one above where that has the journal."""
    inside = not os.path.lexists(folder / JOURNAL) and os.path.lexists(folder.parent / JOURNAL)
    return folder.parent if inside else folder


@contextmanager
def staged(folder: Path, *, whole: bool = False) -> Iterator[Path]:
    """A private place to write files of a result to, under the names they have in it; they are moved at the end.

    When anything goes wrong before, nothing in the folder has changed.

    Args:
        folder: A result folder that is held, or a sub-folder of one.
        whole: Whether these are the tables of the result: then files of earlier work that are not written again are
            removed, but figures, page and exports stay where every table is as it was.

    Raises:
        StoreError: a file of this name is not qipan's or was changed, or there is no room.
    """
    root = root_of(folder)
    with _private(root) as place:
        yield made_folder(place / folder.relative_to(root))
        _adopt(root, place, whole)


@contextmanager
def beside(folder: Path, force: bool) -> Iterator[Path]:
    """A private place to write files to that go to a folder of the user's, which may hold other files; all or none.

    Args:
        folder: Made when absent.
        force: Whether files of the same name may be replaced.

    Raises:
        StoreError: a file of this name is there already, or there is no room.
    """
    with _private(folder) as place:
        yield place
        new = {path.relative_to(place).as_posix(): path for path, mode in walk(place) if stat.S_ISREG(mode)}
        for name in new:
            check_free(folder / name, force)
        _move(folder, new)


def check_free(path: Path, force: bool) -> None:
    """Refuse a place outside a result where something is; with `force` a file may be, but no link, device or pipe.

    Raises:
        StoreError: what is there.
    """
    if not os.path.lexists(path):
        return
    plain, hint = path.is_file() and not path.is_symlink(), "give another name with --to"
    if not plain:
        raise store_error(path, "is there already: a link, or no file, which is never replaced", hint)
    if not force:
        raise store_error(path, "is there already", f"{hint}, or replace it with --force")


@contextmanager
def _private(root: Path) -> Iterator[Path]:
    """A folder of our own inside another, removed at the end; whatever goes wrong is told of the one around it."""
    hint = "what is already stored is kept"
    try:
        place = Path(tempfile.mkdtemp(prefix=".qipan-", suffix=TEMPORARY, dir=made_folder(root)))
    except OSError as error:
        raise store_error(root, f"cannot be written: {error.strerror or error}", hint) from error
    try:
        yield place
    except StoreError as error:
        told = [replace(problem, where=problem.where.replace(str(place), str(root))) for problem in error.problems]
        raise StoreError(told) from error
    except OSError as error:
        raise store_error(root, f"cannot be written: {error.strerror or error}", hint) from error
    finally:
        remove_private(place)


def add_files(folder: Path, contents: Mapping[str, bytes], *, whole: bool = False) -> None:
    """Write files of a result by name, all or none; arguments and errors as `staged`."""
    with staged(folder, whole=whole) as place:
        for name, content in contents.items():
            made_folder((place / name).parent)
            disk().write(place / name, content)
            disk().sync(place / name)


def _adopt(root: Path, place: Path, whole: bool) -> None:
    """Move every file of a private place to its name, the manifest last, and take what is no longer made away."""
    new = {path.relative_to(place).as_posix(): path for path, mode in walk(place) if stat.S_ISREG(mode)}
    held = from_journal(root) or from_manifest(root) or Held()
    known = held.known()
    for name, path in new.items():
        _check_replaceable(root, name, path, known, held.marked)
    digests = {name: [] if _of_tables(name) else [_digest(path)] for name, path in new.items()}
    if whole and _same_tables(root / MANIFEST, place / MANIFEST):
        held.files |= {name: told for name, told in held.former.items() if not _of_tables(name)}
    known_now = {
        name: sorted({*held.files.get(name, ()), *known.get(name, ()), *told}) for name, told in digests.items()
    }
    write_journal(root, Held(held.request, {**held.files, **known_now}, held.former))
    _move(root, {name: path for name, path in new.items() if name != MANIFEST})
    if whole:
        removed(root, set(held.former) - {*held.files, *new})
    _move(root, {name: path for name, path in new.items() if name == MANIFEST})
    files = {name: [] if _of_tables(name) else told for name, told in {**held.files, **digests}.items()}
    former = {} if whole else {name: told for name, told in held.former.items() if name not in files}
    write_journal(root, Held(held.request, files, former))


def _move(root: Path, new: Mapping[str, Path]) -> None:
    """Give files their names below a folder."""
    for name, path in sorted(new.items()):
        made_folder((root / name).parent)
        disk().rename(path, root / name)
    for folder in sorted({(root / name).parent for name in new}):
        disk().sync_folder(folder)


def _of_tables(name: str) -> bool:
    """Whether a file is of the tables of a result, which its manifest vouches for and the same command mends."""
    return name in RESULT_FILES or name.split("/")[0] in OF_TABLES


def of_result(name: str) -> bool:
    """Whether a name inside a result folder belongs to the result itself, so that no export may take it."""
    first = name.split("/")[0]
    return _of_tables(first) or first in (JOURNAL, PARTS, LOCK_NAME) or bool(UNFINISHED.fullmatch(first))


def _check_replaceable(root: Path, name: str, new: Path, known: Known, marked: bool) -> None:
    """Refuse what qipan did not write; an empty file, or one of the same bytes, may be anyone's: nothing is lost."""
    path = root / name
    for above in path.relative_to(root).parents:
        if (root / above).is_symlink() and root / above != root:
            raise store_error(root / above, "is a link inside a result folder, which is never followed", "remove it")
    if not os.path.lexists(path):
        return
    if path.is_symlink() or not path.is_file():
        raise store_error(path, "is not a file, but one is to be written there", "move it elsewhere")
    if path.stat().st_size == 0 or _digest(path) == _digest(new):
        return
    if name not in known:
        raise store_error(path, "is no file that qipan wrote, but one is to be written there", "move it elsewhere")
    if not (marked and _of_tables(name)):
        check_unchanged(path, known[name])


def _same_tables(old: Path, new: Path) -> bool:
    """Whether two manifests tell of the same result: everything but the times."""
    one, other = _json(old), _json(new)
    if not isinstance(one, dict) or not isinstance(other, dict) or not one:
        return False
    return {**one, "times": None} == {**other, "times": None}


def removed(root: Path, names: Iterable[str]) -> None:
    """Remove files by name, and the folders that are empty then."""
    for name in names:
        disk().remove(root / name)
    for folder in sorted({root / above for name in names for above in PurePosixPath(name).parents}, reverse=True):
        if folder != root:
            try:
                folder.rmdir()
            except OSError:
                continue
