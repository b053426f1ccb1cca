"""Where compiled code is kept between runs: one folder for all clones of the same sources, of one user alone.

`python -m qipan.model.compiled.cache` compiles the rules now, so that no command has to later.
"""

import atexit
import hashlib
import logging
import os
import shutil
import stat
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

MODEL = Path(__file__).resolve().parent.parent
"""The package whose sources decide what is compiled."""

ELSEWHERE = {
    "scenario",
    "world",
    "parameters",
    "measures",
    "theory",
    "coordination",
    "phases",
    "executor.py",
    "ensemble.py",
    "fields.py",
    "history.py",
    "agents.py",
    "errors.py",
    "start.py",
    "step.py",
    "case.py",
    "moment.py",
    "state.py",
    "netcdf.py",
    "plugins.py",
    "registry.py",
    "answers.py",
}
"""Packages and modules inside it that hold nothing that is compiled; `compiling.inlined` refuses what stands there."""

VARIABLE = "QIPAN_CACHE"
SECONDS = 45.0
"""What compiling the rules takes, about."""
WARM = "warm"
"""Name of the file that lists what compiling the rules has left in the folder, once all is there."""
LOCK = "lock"
YEARS = 2
"""Years run to compile everything: the second one has all that the first one leaves behind."""


@cache
def sources_hash(folder: Path = MODEL) -> str:
    """Sixteen hexadecimal digits that change with any edit of a module that may hold a rule.

    Numba's own cache looks at the file a function stands in and misses an edit of a rule that it calls.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        if path.relative_to(folder).parts[0] in ELSEWHERE or path.name == Path(__file__).name:
            continue
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def machine_hash() -> str:
    """Eight hexadecimal digits of what else decides compiled code: versions, the processor, Numba's settings of it."""
    from importlib.metadata import version

    from llvmlite import binding

    facts = [f"{name} {version(name)}" for name in ("numba", "llvmlite", "numpy")]
    facts += [sys.version, binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()]
    facts += [f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith("NUMBA_")]
    return hashlib.sha256("\0".join(facts).encode("utf-8", "surrogateescape")).hexdigest()[:8]


def cache_folder() -> Path:
    """The folder of these sources, made if it is not there: below `QIPAN_CACHE`, or in the user's cache.

    Where that cannot be, or others could put code there that would be executed, a folder of this process alone.

    Raises:
        UserError: `QIPAN_CACHE` names a place that cannot be used.
    """
    given = os.environ.get(VARIABLE)
    folder, reason = usable(base_folder(), make=True)
    if reason and given:
        from qipan.model.errors import Problem, UserError

        raise UserError(Problem("environment", VARIABLE, reason, "name a folder of yours that nobody else can write"))
    return private_folder() if folder is None else folder


def base_folder() -> Path | None:
    """What the folder is below; None for a user without a home."""
    if given := os.environ.get(VARIABLE):
        return Path(given).absolute()
    home = os.environ.get("XDG_CACHE_HOME", "")
    try:
        return (Path(home) if os.path.isabs(home) else Path.home() / ".cache") / "qipan"
    except RuntimeError:
        return None


def usable(base: Path | None, make: bool = False) -> tuple[Path | None, str]:
    """The folder below a base, and nothing; or no folder, and the reason. It is made only when asked for."""
    if base is None:
        return None, "there is no home folder"
    try:
        if make:
            _make(base)
        folder = Path(os.path.realpath(base)) / f"compiled-{sources_hash()}-{machine_hash()}"
        if make:
            folder.mkdir(mode=0o700, exist_ok=True)
        if folder.exists() and (reason := distrusted(folder)):
            return None, reason
        if make and not os.access(folder, os.W_OK):
            return None, f"{folder} cannot be written"
    except (OSError, ValueError) as error:
        return None, f"{base} cannot be used: {getattr(error, 'strerror', None) or error}"
    return folder, ""


def _make(folder: Path) -> None:
    """Make a folder and those above it, for this user alone."""
    if not folder.exists():
        if folder.parent != folder:
            _make(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def distrusted(folder: Path) -> str:
    """Why code that lies in a folder could be somebody else's; nothing where it cannot.

    The folder and what is in it belong to this user, and nobody else can write there, or rename a folder above it.
    """
    if not hasattr(os, "getuid"):
        return ""
    for place in (folder, *folder.parents):
        facts, above = os.lstat(place), place != folder
        if not stat.S_ISDIR(facts.st_mode):
            return f"{place} is a link or a file, not a folder"
        if facts.st_uid != os.getuid() and not (above and facts.st_uid == 0):
            return f"{place} belongs to another user"
        if others_write(facts) and not (above and facts.st_mode & stat.S_ISVTX):
            return f"others than you can write in {place}"
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_symlink() or entry.stat(follow_symlinks=False).st_uid != os.getuid():
                return f"{entry.path} is a link, or belongs to another user"
    return ""


def others_write(facts: os.stat_result) -> bool:
    """Whether somebody else may write in a folder; the user's own group, which has his name, is nobody else."""
    if facts.st_mode & stat.S_IWOTH:
        return True
    if not facts.st_mode & stat.S_IWGRP:
        return False
    import grp
    import pwd

    try:
        group, user = grp.getgrgid(facts.st_gid), pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return True
    return group.gr_name != user or bool(set(group.gr_mem) - {user})


@cache
def private_folder() -> Path:
    """A folder of this process alone, removed at its end."""
    folder = Path(tempfile.mkdtemp(prefix="qipan-"))
    atexit.register(remove_private)
    return folder


def remove_private() -> None:
    """Remove the folder of this process, if there is one."""
    if private_folder.cache_info().currsize:
        shutil.rmtree(private_folder(), ignore_errors=True)


def is_warm(folder: Path | None = None) -> bool:
    """Whether all that compiling the rules leaves behind is there; to look makes no folder."""
    folder = usable(base_folder())[0] if folder is None else folder
    try:
        names = [] if folder is None else (folder / WARM).read_text(encoding="utf-8").split("\n")
        return bool(names) and all((Path(folder or "") / name).stat().st_size for name in names)
    except OSError:
        return False


class Locator:
    """What Numba asks for the place of a function's compiled code (its setting NUMBA_CACHE_LOCATOR_CLASSES).

    Its own answers depend on where the sources lie; here the folder's name stands for their content.
    """

    def __init__(self, function: FunctionType, file: str) -> None:
        self._py_file, code = file, function.__code__
        self._place = f"{code.co_firstlineno}-{hashlib.sha256(code.co_code).hexdigest()[:8]}"

    @classmethod
    def from_function(cls, function: FunctionType, file: str) -> "Locator":
        """The place of a function, whether its file exists or it was generated."""
        return cls(function, file)

    def get_cache_path(self) -> str:
        """The folder."""
        return str(cache_folder())

    def ensure_cache_path(self) -> None:
        """Make the folder, should somebody have removed it meanwhile."""
        os.makedirs(self.get_cache_path(), mode=0o700, exist_ok=True)

    def get_source_stamp(self) -> str:
        """Nothing: where sources differ, the folder does."""
        return ""

    def get_disambiguator(self) -> str:
        """What tells functions of one name apart."""
        return self._place


@contextmanager
def caching() -> Iterator[None]:
    """Functions decorated inside are kept in this package's folder; elsewhere Numba's own setting stands."""
    import numba

    config: Any = numba.config
    before = config.CACHE_LOCATOR_CLASSES
    config.CACHE_LOCATOR_CLASSES = f"{__name__}.{Locator.__name__}"
    try:
        yield
    finally:
        config.CACHE_LOCATOR_CLASSES = before


_one_at_a_time = threading.RLock()
_ready: list[Path] = []
"""The folder, once this process knows that all rules are compiled, or compiles them."""


def ready(quiet: bool = False) -> None:
    """Compile the rules unless that was done: once for a version of them, with one line of notice unless quiet.

    Another process that does so at the moment is waited for.

    Raises:
        UserError: `QIPAN_CACHE` names a place that cannot be used, or the folder has no room.
    """
    with _one_at_a_time:
        if _ready:
            return
        folder = cache_folder()
        _ready.append(folder)
        try:
            if not is_warm(folder):
                _fill(folder, quiet)
        except OSError as error:
            _ready.clear()
            raise _no_room(folder, error) from error
        except BaseException:
            _ready.clear()
            raise


def _no_room(folder: Path, error: OSError) -> Exception:
    from qipan.model.errors import Problem, UserError

    reason = error.strerror or str(error)
    hint = f"make room, or name another place as {VARIABLE}, or take the executor numpy"
    return UserError(Problem(str(folder), "", f"compiled code cannot be kept: {reason}", hint))


def _fill(folder: Path, quiet: bool) -> None:
    from filelock import FileLock, Timeout

    lock, log = FileLock(folder / LOCK), logging.getLogger("qipan")
    say = log.debug if quiet else log.warning
    kept = f"kept in {folder}"
    if folder.name != f"compiled-{sources_hash()}-{machine_hash()}":
        kept = f"for this process alone: {usable(base_folder(), make=True)[1]}"
    try:
        lock.acquire(timeout=0.0)
    except Timeout:
        say("another process compiles the rules at the moment, which takes about %.0f s; waiting for it", SECONDS)
        lock.acquire()
    try:
        names = shipped_scenarios()
        if is_warm(folder) or not names:
            return
        say("compiling the rules once, about %.0f s; %s", SECONDS, kept)
        for stale in folder.iterdir():
            if stale.name != LOCK and not stale.is_dir():
                stale.unlink()
        _run_all(names)
        _mark(folder)
    finally:
        lock.release()


def shipped_scenarios() -> list[Path]:
    """Files of the scenarios that come with the model, whatever lies in the current folder."""
    from qipan.model.scenario.finding import SUFFIX, list_scenarios, scenarios_folder

    return [scenarios_folder() / f"{name}{SUFFIX}" for name in list_scenarios()]


def _run_all(files: list[Path]) -> None:
    """Run the first years of each for two replicates."""
    from qipan import UserError, load_scenario, run

    for file in files:
        try:
            scenario = load_scenario(file)
            last = min(scenario.run.last_year, scenario.run.first_year + YEARS - 1)
            run(scenario.replace(**{"run.last_year": last}), replicates=range(2), executor="compiled")
        except UserError:  # it does not fit the data of this user: told where it is asked for
            continue


def _mark(folder: Path) -> None:
    """Say that all is there."""
    names = sorted(file.name for file in folder.iterdir() if file.suffix in (".nbi", ".nbc"))
    unfinished = folder / f"{WARM}.{os.getpid()}"
    unfinished.write_text("\n".join(names), encoding="utf-8")
    unfinished.replace(folder / WARM)


if __name__ == "__main__":
    from qipan.model.compiled import cache as itself

    itself.ready()
