"""The tables of docs/odd.md, the model's ODD+D protocol, from the code: `python -m pages.odd` writes them anew.

The prose of the page is written by hand; each block between `<!-- table: NAME -->` and `<!-- end -->` is replaced.
"""

from __future__ import annotations

import csv
import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

PAGE = Path("docs") / "odd.md"
ASSUMPTIONS = Path(__file__).with_name("odd_assumptions.csv")
BLOCK = re.compile(r"<!-- table: (?P<name>[a-z_]+) -->\n(?P<body>.*?)<!-- end -->", re.DOTALL)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    names = list(head)
    lines = ["| " + " | ".join(cells) + " |" for cells in (names, ["---"] * len(names), *rows)]
    return "\n".join(lines) + "\n"


def first_sentence(thing: object) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def registry(entries: Mapping[str, object]) -> str:
    """Names of a registry and what each entry is."""
    return table(("name", "what it is"), ((f"`{name}`", first_sentence(entry)) for name, entry in entries.items()))


def schedule() -> str:
    """The phases of a year, in order."""
    from qipan.model.step import YEAR

    return table(("phase", "what happens"), ((f"`{phase.__name__}`", first_sentence(phase)) for phase in YEAR))


def stocks() -> str:
    """The state variables, from the docstring of State."""
    from qipan.model.state import State

    text = (inspect.getdoc(State) or "").split("Attributes:\n")[1]
    entries = re.findall(r"^ {4}([a-z_, ]+): (.+)$", text, re.MULTILINE)
    return table(("stock", "meaning, axes, unit"), ((f"`{name}`", meaning) for name, meaning in entries))


def recorded() -> str:
    """The recorded fields."""
    from qipan.model.fields import FIELDS, ONCE

    rows = ((f"`{row.name}`", row.meaning, ", ".join(row.axes), row.unit) for row in (FIELDS | ONCE).values())
    return table(("field", "meaning", "axes", "unit"), rows)


def measures() -> str:
    """The measures."""
    from qipan.model.measures import MEASURES

    rows = ((f"`{row.name}`", row.label, row.unit, row.direction, row.source) for row in MEASURES.values())
    return table(("measure", "label", "unit", "direction", "source"), rows)


def streams() -> str:
    """The streams of random draws."""
    from qipan.model.draws import Stream

    rows = ((str(stream.value), stream.name.lower().replace("_", " ")) for stream in Stream)
    return table(("number", "stream"), rows)


def grades() -> str:
    """How many parameters of each section have which grade."""
    from qipan.model.scenario import parameter_rows

    counted: dict[str, Counter[str]] = {}
    for row in parameter_rows():
        counted.setdefault(row.path.rpartition(".")[0], Counter())[row.grade] += 1
    names = ("measured", "literature", "assumed", "choice")
    rows = ((f"`{key}`", *(str(found[name]) for name in names)) for key, found in counted.items())
    return table(("section", *names), rows)


def assumptions() -> str:
    """The numbered assumptions."""
    rows = ((row["number"], row["assumption"], row["grade"], f"`{row['where']}`") for row in assumption_rows())
    return table(("", "assumption", "grade", "stands in"), rows)


def assumption_rows() -> list[dict[str, str]]:
    """The numbered assumptions: number, assumption, grade, where."""
    with ASSUMPTIONS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables() -> dict[str, Callable[[], str]]:
    """Every block of the page by name."""
    from qipan.model.extend.registry import ARMS, LEVERS, MECHANISMS, PAYOFFS, REVISIONS, RULES

    entries = {
        "rules": RULES,
        "arms": ARMS,
        "levers": LEVERS,
        "mechanisms": MECHANISMS,
        "payoffs": PAYOFFS,
        "revisions": REVISIONS,
    }
    made: dict[str, Callable[[], str]] = {
        name: (lambda found=found: registry(found)) for name, found in entries.items()
    }
    own = (schedule, stocks, recorded, measures, streams, grades, assumptions)
    return made | {function.__name__: function for function in own}


def page(text: str) -> str:
    """The page with every block made anew; an unknown block is an error (KeyError)."""
    made = tables()
    return BLOCK.sub(lambda match: f"<!-- table: {match['name']} -->\n{made[match['name']]()}<!-- end -->", text)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
