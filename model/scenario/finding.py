"""Where scenario files are, which there are, and their text."""

import difflib
import os
import re
from pathlib import Path

from qipan.model.errors import Problem, ScenarioError
from qipan.model.scenario.source import SIZE_LIMIT

SUFFIX = ".yaml"
NO_SCENARIOS = ("experiments/", "patterns/")
"""Folders of files of sweeps, which vary scenarios, and of published facts, which rule worlds out."""


def scenarios_folder() -> Path:
    """The folder of the scenarios that come with the model: beside the packages, or the copy an installation has."""
    package = Path(__file__).resolve().parent.parent
    beside = package.parent / "scenarios"
    return beside if (beside / "baseline.yaml").is_file() else package.parent / "_shipped" / "scenarios"


def list_scenarios() -> tuple[str, ...]:
    """Names of the scenarios that come with the model, as `load_scenario` takes them, in order of name."""
    folder = scenarios_folder()
    found = (path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob(f"*{SUFFIX}"))
    names = (name for name in found if not name.startswith(NO_SCENARIOS))
    return tuple(sorted(names, key=lambda name: (name.count("/"), name != "baseline", name)))


def find_scenario(name: str | Path, beside: Path | None = None, where: str = "", key: str = "") -> Path:
    """The file of a scenario.

    Args:
        name: A path, or the bare name of a scenario that comes with the model (`national-design`, `theory/game`).
        beside: Folder in which a relative path is looked for first; the current folder when None.
        where: Place in a file that names the scenario, for the message.
        key: Key that names it, for the message.

    Raises:
        ScenarioError: There is no such file, or it is a folder.
    """
    text = os.fspath(name)
    if not text.strip() or "\0" in text:
        raise ScenarioError(Problem(where or "scenario", key, "no scenario is named", _KNOWN))
    folders = [beside or Path(), scenarios_folder()]
    candidates = [folder / f"{text}{suffix}" for folder in folders for suffix in ("", SUFFIX)]
    try:
        for candidate in candidates:
            if candidate.is_file():
                return candidate
        message = "this is a folder, not a scenario file" if candidates[0].is_dir() else "no such scenario"
    except OSError as error:
        message = f"cannot be looked for: {error.strerror}"
    raise ScenarioError(Problem(where or text, key, f"{text}: {message}" if where else message, _suggestion(text)))


_KNOWN = "`qipan list scenarios` prints the names that come with the model"


def _suggestion(text: str) -> str:
    wanted = text.removesuffix(SUFFIX).split("scenarios/")[-1]
    close = difflib.get_close_matches(wanted, list_scenarios(), n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else _KNOWN


def scenario_name(path: Path) -> str:
    """The name of a scenario file: its path inside the scenarios folder without suffix, or the file's own name."""
    full = path.resolve()
    folder = scenarios_folder().resolve()
    return (full.relative_to(folder) if full.is_relative_to(folder) else Path(full.name)).with_suffix("").as_posix()


def printed_path(path: Path) -> str:
    """A path as messages show it: relative to the current folder when it is inside it."""
    full, here = path.resolve(), Path.cwd()
    return full.relative_to(here).as_posix() if full.is_relative_to(here) else full.as_posix()


def read_text(path: Path) -> str:
    """The text of a scenario file.

    Raises:
        ScenarioError: The file cannot be opened, is too large, empty, binary, or not in UTF-8.
    """
    file = printed_path(path)
    try:
        with path.open("rb") as stream:
            content = stream.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise ScenarioError(Problem(file, "", f"cannot be read: {error.strerror}")) from None
    if len(content) > SIZE_LIMIT:
        raise ScenarioError(Problem(file, "", f"larger than {SIZE_LIMIT // 1024} KiB", "is this a scenario file?"))
    text = _decoded(content, file)
    if not text.strip():
        raise ScenarioError(
            Problem(file, "", "the file is empty", "write at least a title and `extends: baseline.yaml`")
        )
    return text


def _decoded(content: bytes, file: str) -> str:
    if b"\0" in content or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        what = "saved as UTF-16" if utf16 else "a binary file, not text"
        raise ScenarioError(
            Problem(file, "", what, "save it as UTF-8 text" if utf16 else "scenarios are YAML text files")
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(_encoding_problem(content, error.start, file)) from None
    control = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        hint = "scenarios are YAML text files"
        raise ScenarioError(Problem(f"{file}:{line}", "", f"the control character {control[0]!a}", hint))
    return text


def _encoding_problem(content: bytes, start: int, file: str) -> Problem:
    where = f"{file}:{content.count(bytes([10]), 0, start) + 1}"
    try:
        chinese = any("\u4e00" <= character <= "\u9fff" for character in content.decode("gb18030"))
    except UnicodeDecodeError:
        return Problem(where, "", "not text in UTF-8", "scenarios are YAML text files, saved as UTF-8")
    guess = "it looks like GBK" if chinese else "it looks like another encoding"
    return Problem(where, "", f"not text in UTF-8 ({guess})", "save it again with the encoding UTF-8")
