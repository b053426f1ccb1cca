"""Modules of a user's own that add to the registries: named by hand or installed, never looked for in a folder.

A plug-in is a module that uses the decorators of the registries' kinds when it is imported. It is loaded

- when Python code imports it,
- when it is named: `qipan --plugin FILE_OR_MODULE`, or QIPAN_PLUGINS (several parted by the separator of paths),
- when an installed package declares it as an entry point of the group `qipan.plugins`.

A scenario file cannot name one: reading a file that somebody sent runs no code.
"""

import hashlib
import importlib.util
import os
import sys
import traceback
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from threading import RLock
from types import ModuleType
from uuid import uuid4

from qipan.model.errors import Problem, UserError
from qipan.model.extend.registry import OURS, REGISTRIES, additions

GROUP = "qipan.plugins"
"""Group of entry points of installed packages."""
VARIABLE = "QIPAN_PLUGINS"


class PluginError(UserError):
    """A plug-in cannot be loaded, or is not there."""


@dataclass(frozen=True)
class Plugin:
    """A module outside the package that has added something.

    Attributes:
        name: Its name as a module; a file has that of the file.
        file: Where it stands, "" where it has no file.
        digest: SHA-256 of the file, or of the files of its package. What has no file, as in a notebook, gets one that
            no other process has, so that nothing stored is taken for its own.
    """

    name: str
    file: str
    digest: str


_lock = RLock()
_PROCESS = f"process {uuid4().hex}"
_done: set[str] = set()
"""What was asked for and has been loaded, or is being loaded."""


def load_plugin(named: str | Path, where: str = "command line", key: str = "--plugin") -> ModuleType:
    """Import a plug-in.

    Args:
        named: A file that ends in `.py`, or the name of an installed module.
        where: Who names it, for a message.
        key: By which option or variable.

    Raises:
        PluginError: There is none, or it ends in an error: the place in it is told.
    """
    text = str(named)
    try:
        return _from_file(Path(text), where, key) if text.endswith(".py") else import_module(text)
    except PluginError:
        raise
    except UserError as error:
        raise PluginError(error.problems) from None
    except ModuleNotFoundError as error:
        if error.name is not None and (text == error.name or text.startswith(f"{error.name}.")):
            hint = "the name of an installed module, or a file that ends in .py"
            raise PluginError(Problem(where, key, f"there is no module {text!r}", hint)) from None
        raise PluginError(_told(error, text)) from error
    except Exception as error:
        raise PluginError(_told(error, text)) from error


def load_asked_for() -> None:
    """Load what QIPAN_PLUGINS names and what installed packages declare, each once.

    Raises:
        PluginError: One of them cannot be loaded.
    """
    with _lock:
        for named in filter(None, os.environ.get(VARIABLE, "").split(os.pathsep)):
            if named not in _done:
                _done.add(named)
                _undone_on_error(named, "environment", VARIABLE)
        if GROUP not in _done:
            _done.add(GROUP)
            for point in entry_points(group=GROUP):
                _undone_on_error(point.module, f"installed package {point.name}", GROUP)


def _undone_on_error(named: str, where: str, key: str) -> None:
    """Load; one that fails is told of again by whoever asks next."""
    try:
        load_plugin(named, where, key)
    except PluginError:
        _done.discard(GROUP if key == GROUP else named)
        raise


def ask_for(named: str) -> None:
    """Name a plug-in for this process and those it starts; it is loaded when a registry is first read."""
    text = str(Path(named).resolve()) if named.endswith(".py") else named
    before = [each for each in os.environ.get(VARIABLE, "").split(os.pathsep) if each and each != text]
    os.environ[VARIABLE] = os.pathsep.join([*before, text])


def loaded_plugins() -> tuple[Plugin, ...]:
    """The modules that have added something to a registry, in the order of their names."""
    modules = {entry.module for registry in REGISTRIES.values() for entry in registry.entries() if entry.where != OURS}
    return tuple(_plugin(name) for name in sorted(modules))


def place_in_plugin(error: BaseException) -> tuple[str, int] | None:
    """File and line of the last place in a plug-in that an error came through; None where it came through none."""
    names = {entry.module for registry in REGISTRIES.values() for entry in registry.entries() if entry.where != OURS}
    files = {getattr(sys.modules.get(name), "__file__", None) for name in names}
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in files]
    return (frames[-1].filename, frames[-1].lineno or 1) if frames else None


def require_plugins(needed: tuple[Plugin, ...]) -> None:
    """Have the plug-ins of whoever sends work, or refuse: numbers must not depend on where they are made.

    Raises:
        PluginError: One is not here, or is another version.
    """
    for plugin in needed:
        here = _found(plugin)
        if here.digest != plugin.digest:
            message = f"the plug-in {plugin.name} is another here ({here.file})"
            raise PluginError(Problem(plugin.file, "", message, "use the same file on every machine"))


def _found(plugin: Plugin) -> Plugin:
    if plugin.name == "__main__" and _plugin("__main__") != plugin:
        message = "what a script or a notebook adds itself is not known to other processes"
        raise PluginError(Problem("worker", plugin.file, message, "put it in a module, or take one worker"))
    if plugin.name not in sys.modules:
        load_plugin(plugin.file if Path(plugin.file).is_file() else plugin.name, "worker", VARIABLE)
    return _plugin(plugin.name)


def _plugin(name: str) -> Plugin:
    """A loaded module by its name; the digest is that of the whole package where it belongs to one."""
    file = getattr(sys.modules.get(name), "__file__", None)
    if file is None or not Path(file).is_file():
        return Plugin(name, "", f"{_PROCESS}-{additions()}")
    summing = hashlib.sha256()
    for path in source_files(name).values():
        summing.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return Plugin(name, str(file), summing.hexdigest())


def source_files(name: str) -> dict[str, Path]:
    """The files of a loaded module, or of the whole package it belongs to, by their names below a folder of sources."""
    top = name.partition(".")[0]
    package = getattr(sys.modules.get(top), "__path__", None)
    if not package:
        file = Path(str(sys.modules[name].__file__))
        return {file.name: file}
    found = [(path, Path(folder)) for folder in package for path in Path(folder).rglob("*.py")]
    return {f"{top}/{path.relative_to(folder).as_posix()}": path for path, folder in sorted(found)}


def _from_file(path: Path, where: str, key: str) -> ModuleType:
    """A module from a file, under the name of the file; the same file is imported once."""
    if not path.is_file():
        raise PluginError(Problem(where, key, f"there is no file {path}", "a file that ends in .py"))
    file = path.resolve()
    before = sys.modules.get(file.stem)
    if before is not None:
        if getattr(before, "__file__", None) and Path(str(before.__file__)).resolve() == file:
            return before
        message = f"a module called {file.stem} is loaded already"
        raise PluginError(Problem(where, key, message, f"give {path.name} another name"))
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None and spec.loader is not None, "a name that ends in .py has a loader"
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[file.stem]
        raise
    return module


def _told(error: Exception, named: str) -> Problem:
    """An error of somebody's module in one line, with the last place in it that is not ours."""
    if isinstance(error, SyntaxError):
        return Problem(f"{error.filename or named}:{error.lineno or 1}", "", f"SyntaxError: {error.msg}")
    stem = Path(named).stem if named.endswith(".py") else named.split(".")[-1]
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).stem == stem]
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else named
    return Problem(place, "", f"{type(error).__name__}: {' '.join(str(error).split())}", "mend the plug-in")
