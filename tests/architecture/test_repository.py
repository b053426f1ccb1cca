"""What a clone holds: the promised top level, locks that name packages only, no trace of a machine."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.source import ROOT, files, report
from tests.order import FIRST

TOP_LEVEL = (
    "pyproject.toml",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "install.py",
    ".gitignore",
    ".ci/run",
    "model",
    "scenarios",
    "data",
    "experiments",
    "tests",
    "requirements/run.txt",
    "requirements/test.txt",
)
# Written in parts, so that this file does not name them itself.
MACHINE = (
    "/wo" + "rk/",
    "/ro" + "ot/",
    "/ho" + "me/",
    "/Us" + "ers/",
    "C:" + "\\Users",
    "/tmp/" + "pip",
    "/opt/" + "py",
)
REGISTRY = (
    "pypi" + ".org",
    "python" + "hosted",
    "ana" + "conda.org",
    "conda" + "-forge",
    "npmjs" + ".",
    "tuna.tsinghua" + ".",
    "mirrors" + ".",
)
BINARY = {".png", ".ttf", ".otf", ".parquet", ".xlsx", ".ico", ".gz", ".zip", ".pyc"}
REQUIREMENT = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[0-9a-z.]+)(?: ; (?P<marker>[^\\#]+?))? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")
LOCKS = ("run", "test", "docs")


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_the_top_level_is_complete(name):
    assert (ROOT / name).exists()


def test_test_files_that_start_first_are_there():
    assert len(set(FIRST)) == len(FIRST)
    assert [name for name in FIRST if not (ROOT / "tests" / name).is_file()] == []


def test_no_file_names_a_machine_or_a_registry():
    wrong = []
    for path in files():
        if path.suffix in BINARY:
            continue
        text = (ROOT / path).read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            wrong += [f"{path}:{number}: {word}" for word in MACHINE + REGISTRY if word in line]
    assert not wrong, report(wrong, "no path of one machine and no registry's host stands in the repository")


def lock_lines(name: str) -> list[str]:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def locked(name: str) -> dict[tuple[str, str], str]:
    """(package, marker) -> version."""
    found = [REQUIREMENT.match(line) for line in lock_lines(name)]
    return {(match["name"], match["marker"] or ""): match["version"] for match in found if match}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_versions_and_hashes_and_nothing_else(name):
    lines = lock_lines(name)
    wrong = [
        f"{name}.txt:{n}: {line}"
        for n, line in enumerate(lines, 1)
        if not (REQUIREMENT.match(line) or HASH.match(line))
    ]
    assert not wrong, report(wrong, "a lock names packages, versions, markers and hashes: no host, address or path")
    assert len(locked(name)) > 20


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_version_has_a_hash(name):
    lines = lock_lines(name)
    bare = [
        line
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
        if REQUIREMENT.match(line) and not HASH.match(after)
    ]
    assert not bare, report(bare, "every version is followed by its hashes")


def test_tests_run_on_the_versions_that_runs_use():
    assert locked("run").items() <= locked("test").items()
    run, docs = ({package: version for (package, _), version in locked(name).items()} for name in ("run", "docs"))
    assert run.items() <= docs.items()


def test_the_locks_hold_every_dependency_inside_its_range():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = {
        "run": project["dependencies"] + extras["fast"] + extras["build"] + extras["deep"],
        "test": extras["test"],
    }
    wanted["docs"] = extras["docs"] + extras["explore"]
    wrong = []
    for name, requirements in wanted.items():
        for requirement in map(Requirement, requirements):
            found = [v for (package, _), v in locked(name).items() if package == canonicalize_name(requirement.name)]
            if not found or not all(version in requirement.specifier for version in found):
                wrong.append(f"{name}.txt: {requirement} locked as {found}")
    assert not wrong, report(wrong, "run `make locks` after a change of dependencies")


def test_wheels_carry_data_and_scenarios():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = project["tool"]["hatch"]["build"]["targets"]["wheel"]["sources"]
    assert {shipped["data"], shipped["scenarios"]} == {"qipan/_shipped/data", "qipan/_shipped/scenarios"}
