"""Where compiled code is kept between runs: a folder named after what it was compiled from."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

MODEL = Path(__file__).resolve().parent.parent
"""The package whose sources decide what is compiled."""

ELSEWHERE = {
    "scenario", "world", "parameters", "measures", "theory", "coordination", "executor.py", "ensemble.py",
    "fields.py", "history.py", "agents.py", "errors.py", "start.py", "step.py", "case.py", "moment.py", "state.py",
}  # fmt: skip
"""Packages and modules inside it that hold nothing that is compiled; `compiling.inlined` refuses what stands there."""


@cache
def sources_hash(folder: Path = MODEL) -> str:
    """Sixteen hexadecimal digits that change with any edit of a module that may hold a rule.

    Numba's own cache looks at the file a function stands in and misses an edit of a rule that it calls.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        if path.relative_to(folder).parts[0] in ELSEWHERE:
            continue
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def likely_folders() -> tuple[Path, ...]:
    """Where compiled code of these sources is kept if it can be: below QIPAN_CACHE or the user's cache, or the
    temporary folder.
    """
    given = os.environ.get("QIPAN_CACHE") or os.environ.get("NUMBA_CACHE_DIR")
    base = Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "qipan"
    name = f"compiled-{sources_hash()}"
    return base / name, Path(tempfile.gettempdir()) / "qipan" / name


def cache_folder() -> Path:
    """The first of the likely folders that can be written, made if it is not there."""
    for folder in likely_folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="qipan-"))


@contextmanager
def caching() -> Iterator[None]:
    """Functions decorated inside are cached in this package's folder; elsewhere Numba's own setting stands."""
    import numba

    config: Any = numba.config

    before = config.CACHE_DIR
    config.CACHE_DIR = str(cache_folder())
    try:
        yield
    finally:
        config.CACHE_DIR = before
