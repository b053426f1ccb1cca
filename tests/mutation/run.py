"""Mutation testing: change one operator or number of a rule or measure, and see whether a test notices.

The changes are those of cosmic-ray. Each mutant lives in the memory of one process, never on disk, so the working tree
stays as it is. Configuration: `[tool.mutation]` in pyproject.toml. Usage: `make mutation`, or
`python tests/mutation/run.py MODULE ...`.
"""

from __future__ import annotations

import importlib.machinery
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutation"]
QUIET = ("-q", "-x", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist")
ONE = "--one"
"""First argument of the process of one mutant, whose source is its standard input."""


@dataclass(frozen=True)
class Mutant:
    """One change: the occurrence of an operator of cosmic-ray in a module."""

    module: str
    operator: str
    occurrence: int
    line: int

    @property
    def address(self) -> str:
        """Name in reports."""
        return f"{self.module}:{self.line}:{self.operator}:{self.occurrence}"

    @property
    def key(self) -> str:
        """Name in the list of exclusions: lines move, occurrences seldom do."""
        return f"{self.module}:{self.operator}:{self.occurrence}"

    @property
    def rank(self) -> bytes:
        """Place in the sample: a digest of the address, so the sample is the same everywhere."""
        return sha256(self.address.encode()).digest()


def mutants_of(module: str) -> Iterator[Mutant]:
    """All mutants of a module by the operators of the configuration."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator

    nodes = list(ast_nodes(get_ast((ROOT / module).read_text(encoding="utf-8"))))
    for name in SETTINGS["operators"]:
        operator = get_operator(f"core/{name}")()
        positions = (node.start_pos[0] for node in nodes for _ in operator.mutation_positions(node))
        for occurrence, line in enumerate(positions):
            yield Mutant(module, name, occurrence, line)


def mutated(mutant: Mutant) -> str:
    """The source of the module with the one change."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    source = (ROOT / mutant.module).read_text(encoding="utf-8")
    changed: str = mutate_code(source, get_operator(f"core/{mutant.operator}")(), mutant.occurrence)
    return changed


def run_tests(module: str, source: str, tests: list[str]) -> int:
    """In the process of one mutant: the tests against the changed module; the exit status of pytest."""
    import pytest

    path = str(ROOT / module)
    original = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader: importlib.machinery.SourceFileLoader, name: str) -> object:
        return compile(source, path, "exec") if loader.path == path else original(loader, name)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[assignment,method-assign]
    return int(pytest.main([*QUIET, *tests]))


def passes(module: str, source: str, tests: list[str]) -> bool:
    """Whether all tests pass within the time limit, in a process of their own."""
    command = [sys.executable, __file__, ONE, module, *tests]
    try:
        done = subprocess.run(
            command, input=source.encode(), capture_output=True, timeout=SETTINGS["seconds"], check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def examine(module: str, report: list[dict[str, object]]) -> None:
    """Run the sample of a module and print one line for it and one for each survivor."""
    tests = SETTINGS["modules"][module]
    if not passes(module, (ROOT / module).read_text(encoding="utf-8"), tests):
        sys.exit(f"{module}: its tests fail without any change: {' '.join(tests)}")
    everything = sorted(mutants_of(module), key=lambda mutant: mutant.rank)
    chosen = everything[: SETTINGS["sample"]]
    excluded = [mutant for mutant in chosen if mutant.key in SETTINGS["excluded"]]
    tried = [mutant for mutant in chosen if mutant not in excluded]
    alive = [mutant for mutant in tried if passes(module, mutated(mutant), tests)]
    killed = len(tried) - len(alive)
    print(f"{module} | {len(everything)} | {len(chosen)} | {killed} | {len(alive)} | {len(excluded)}", flush=True)
    for mutant in sorted(alive, key=lambda mutant: mutant.line):
        print(f"    survived {mutant.address}", flush=True)
    report.append(
        {
            "module": module,
            "all": len(everything),
            "tried": len(chosen),
            "killed": killed,
            "excluded": len(excluded),
            "survived": len(alive),
        }
    )


def main(names: list[str]) -> int:
    """Examine the modules named, or all; 1 where the share killed is below the floor."""
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    if names[:1] == [ONE]:
        return run_tests(names[1], sys.stdin.read(), names[2:])
    report: list[dict[str, object]] = []
    print("module | mutants | tried | killed | survived | excluded")
    for module in names or list(SETTINGS["modules"]):
        examine(module, report)
    killed = sum(int(row["killed"]) for row in report)  # type: ignore[call-overload]
    tried = killed + sum(int(row["survived"]) for row in report)  # type: ignore[call-overload]
    print(f"killed {killed} of {tried}: {killed / tried:.1%}")
    return 0 if killed >= SETTINGS["floor"] * tried else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
