"""Mutation testing: change one operator or number of a rule or measure, and see whether a test notices.

The changes are those of cosmic-ray. Each mutant lives in the memory of one process, never on disk, so the working tree
stays as it is. Configuration: `[tool.mutation]` in pyproject.toml. Usage: `make mutation`, or
`python tests/mutation/run.py MODULE ...`.

What came out is kept in `results.csv` after each mutant, and the page is written after each module, so a run that is
stopped goes on where it was. Mutants of a module that was edited are tried again, survivors also when their tests were;
what came out at first is kept as long as a mutant has its address.
"""

from __future__ import annotations

import csv
import importlib.machinery
import os
import resource
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from functools import cache
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutation"]
RESULTS = Path(__file__).with_name("results.csv")
PAGE, BEGIN, END = ROOT / "docs" / "mutation.md", "<!-- results -->\n", "<!-- end of results -->\n"
QUIET = ("-q", "-x", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist")
ONE = "--one"
"""First argument of the process of one mutant, whose source is its standard input."""
KILLED, SURVIVED = ("killed", "time limit"), "survived"


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
        """Name in the list of exclusions."""
        return f"{self.module}:{self.operator}:{self.occurrence}"

    @property
    def code(self) -> str:
        """The line that is changed."""
        return source_of(self.module).splitlines()[self.line - 1].strip()

    def rank(self, drawn: str) -> bytes:
        """Place in a sample: a digest of its name and the address, so the sample is the same everywhere."""
        return sha256((drawn + self.address).encode()).digest()


@dataclass
class Result:
    """What came of one mutant: of the text of its module, of its tests at first and as they are now."""

    module: str
    line: int
    operator: str
    occurrence: int
    source: str
    tests: str
    first: str
    now: str

    @property
    def mutant(self) -> Mutant:
        """Which it is."""
        return Mutant(self.module, self.operator, self.occurrence, self.line)


@cache
def source_of(module: str) -> str:
    """The text of a module."""
    return (ROOT / module).read_text(encoding="utf-8")


@cache
def mutants_of(module: str) -> tuple[Mutant, ...]:
    """All mutants of a module by the operators of the configuration."""
    return tuple(_mutants_of(module))


def _mutants_of(module: str) -> Iterator[Mutant]:
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator

    nodes = list(ast_nodes(get_ast(source_of(module))))
    for name in SETTINGS["operators"]:
        operator = get_operator(f"core/{name}")()
        positions = (node.start_pos[0] for node in nodes for _ in operator.mutation_positions(node))
        for occurrence, line in enumerate(positions):
            yield Mutant(module, name, occurrence, line)


def sample_of(module: str) -> list[Mutant]:
    """The mutants tried: first by the digest of the sample's name; those of earlier samples only to fill up."""
    everything, size = mutants_of(module), SETTINGS["sample"]
    *earlier, present = SETTINGS["drawn"]
    seen = {each for drawn in earlier for each in sorted(everything, key=lambda one: one.rank(drawn))[:size]}
    return sorted(everything, key=lambda each: (each in seen, each.rank(present)))[:size]


def mutated(mutant: Mutant) -> str:
    """The source of the module with the one change."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    changed: str = mutate_code(source_of(mutant.module), get_operator(f"core/{mutant.operator}")(), mutant.occurrence)
    return changed


def run_tests(module: str, source: str, seconds: int, tests: list[str]) -> int:
    """In the process of one mutant: the tests against the changed module; the exit status of pytest."""
    import pytest

    path = str(ROOT / module)
    original = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader: importlib.machinery.SourceFileLoader, name: str) -> object:
        return compile(source, path, "exec") if loader.path == path else original(loader, name)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[assignment,method-assign]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    return int(pytest.main([*QUIET, *tests]))


def outcome(module: str, source: str, seconds: int) -> str:
    """What the tests of a module say of a text of it, in a process of their own, within the time limit.

    That is of processor time, so that other work on the machine kills nobody; whoever sleeps has ten times as long.
    """
    command = [sys.executable, __file__, ONE, module, str(seconds), *SETTINGS["modules"][module]]
    try:
        done = subprocess.run(command, input=source.encode(), capture_output=True, timeout=10 * seconds, check=False)
    except subprocess.TimeoutExpired:
        return "time limit"
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return "time limit"
    return SURVIVED if done.returncode == 0 else "killed"


def digest(*texts: str) -> str:
    """A short name of texts."""
    return sha256("\0".join(texts).encode()).hexdigest()[:12]


def tests_digest(module: str) -> str:
    """A short name of the tests of a module as they are."""
    tests = SETTINGS["modules"][module]
    return digest(*tests, *(source_of(test.split("::")[0]) for test in tests))


def examine(module: str, results: dict[Mutant, Result]) -> None:
    """Run the sample of a module as far as it has not been run, and keep what comes out."""
    source, tests = digest(source_of(module)), tests_digest(module)
    sample = sample_of(module)
    for mutant in [each for each in results if each.module == module and each not in sample]:
        del results[mutant]
    left = [
        mutant
        for mutant in sample
        if mutant not in results
        or results[mutant].source != source
        or (
            results[mutant].now == SURVIVED
            and results[mutant].tests != tests
            and mutant.key not in SETTINGS["excluded"]
        )
    ]
    limit = SETTINGS["seconds"]
    if left and outcome(module, source_of(module), 10 * limit) != SURVIVED:  # what is compiled is compiled here
        sys.exit(f"{module}: its tests fail without any change: {' '.join(SETTINGS['modules'][module])}")
    for mutant in left:
        now = outcome(module, mutated(mutant), limit)
        first = results[mutant].first if mutant in results else now
        results[mutant] = Result(**asdict(mutant), source=source, tests=tests, first=first, now=now)
        keep(results)
        if now == SURVIVED and mutant.key not in SETTINGS["excluded"]:
            print(f"    survived {mutant.address}  {mutant.code}", flush=True)


def kept() -> dict[Mutant, Result]:
    """Results of earlier runs."""
    found: dict[Mutant, Result] = {}
    with suppress(FileNotFoundError), RESULTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            row |= {"line": int(row["line"]), "occurrence": int(row["occurrence"])}  # type: ignore[dict-item]
            result = Result(**row)  # type: ignore[arg-type]
            found[result.mutant] = result
    return found


def keep(results: dict[Mutant, Result]) -> None:
    """Write the results, in the order of the list of modules."""
    places = {module: place for place, module in enumerate(SETTINGS["modules"])}
    rows = [each for each in results.values() if each.module in places]
    rows.sort(key=lambda each: (places[each.module], each.line, each.operator, each.occurrence))
    with RESULTS.with_suffix(".new").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Result)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(map(asdict, rows))
    RESULTS.with_suffix(".new").replace(RESULTS)


@dataclass
class Count:
    """Mutants of a module, or of all."""

    all: int = 0
    tried: int = 0
    first: int = 0
    excluded: int = 0
    killed: int = 0

    @property
    def share(self) -> float:
        """Killed of those that a test could notice."""
        return self.killed / max(self.tried - self.excluded, 1)

    def cells(self) -> str:
        """The row of the page."""
        survived = self.tried - self.excluded - self.killed
        first = f"{self.first} ({self.first / max(self.tried, 1):.0%})"
        return f"{self.all} | {self.tried} | {first} | {self.killed} | {survived} | {self.excluded} | {self.share:.0%}"


def counted(module: str, results: dict[Mutant, Result]) -> Count:
    """What came out for a module so far."""
    rows = [each for each in results.values() if each.module == module]
    return Count(
        all=len(mutants_of(module)),
        tried=len(rows),
        first=sum(each.first in KILLED for each in rows),
        excluded=sum(each.mutant.key in SETTINGS["excluded"] for each in rows),
        killed=sum(each.now in KILLED and each.mutant.key not in SETTINGS["excluded"] for each in rows),
    )


def report(results: dict[Mutant, Result]) -> Count:
    """Write the table, exclusions and survivors into the page; gives the count of all modules."""
    counts = {module: counted(module, results) for module in SETTINGS["modules"]}
    counts = {module: count for module, count in counts.items() if count.tried}
    total = Count(*(sum(getattr(count, field.name) for count in counts.values()) for field in fields(Count)))
    lines = [
        "| module | mutants | tried | killed at first | killed now | survive | excluded | share now |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(f"| `{module}` | {count.cells()} |" for module, count in counts.items()),
        f"| **all {len(counts)}** | {total.cells()} |",
        "",
        f"Of {total.tried - total.excluded} changes that a test could notice, {total.first} were killed at first "
        f"({total.first / max(total.tried - total.excluded, 1):.1%}), {total.killed} now ({total.share:.1%}).",
        "",
        "Excluded, because no test could notice them:",
        "",
    ]
    rows = [each.mutant for each in results.values()]
    excluded = [each for each in rows if each.key in SETTINGS["excluded"]]
    alive = [each.mutant for each in results.values() if each.now == SURVIVED and each.mutant not in excluded]
    lines += [f"- `{each.address}`: {SETTINGS['excluded'][each.key]['why']}." for each in excluded] or ["- None."]
    lines += ["", "Survivors, with the line changed:", ""]
    lines += [f"- `{each.address}`: `{each.code}`" for each in alive] or ["- None."]
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(before + BEGIN + "\n".join(lines) + "\n" + END + rest.partition(END)[2], encoding="utf-8")
    return total


def check_exclusions(modules: list[str]) -> None:
    """Exclusions are counted from the top of a module, so an edit moves them: the line must be the one read."""
    present = {mutant.key: mutant for module in modules for mutant in mutants_of(module)}
    wrong = [
        f"{key}: excluded for a line `{given['line']}`, stands at `{present[key].code if key in present else ''}`"
        for key, given in SETTINGS["excluded"].items()
        if key.split(":")[0] in modules and (key not in present or present[key].code != given["line"])
    ]
    if wrong:
        sys.exit("\n".join([*wrong, "[tool.mutation.excluded]: look at the changes again"]))


def main(names: list[str]) -> int:
    """Examine the modules named, or all; 1 where the share killed is below the floor."""
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    if names[:1] == [ONE]:
        return run_tests(names[1], sys.stdin.read(), int(names[2]), names[3:])
    modules, results = names or list(SETTINGS["modules"]), kept()
    check_exclusions(modules)
    for module in modules:
        examine(module, results)
        keep(results)
        report(results)
        print(f"{module} | {counted(module, results).cells()}", flush=True)
    total = report(results)
    print(f"killed {total.killed} of {total.tried - total.excluded}: {total.share:.1%}; at first {total.first}")
    return 0 if total.share >= SETTINGS["floor"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
