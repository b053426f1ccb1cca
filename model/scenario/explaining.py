"""The values of a scenario and the table of parameters as rows, for `qipan show`, reports and the documentation."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from qipan.model.parameters import Parameter
from qipan.model.parameters.stretches import row_in_words, stretches, valued
from qipan.model.scenario.record import Scenario
from qipan.model.scenario.table import allowed_text, parameter_table
from qipan.model.scenario.timeline import region_key, value_in


class ValueRow(NamedTuple):
    """One resolved value: dotted path, value, unit, and the file and line it comes from (`default`, 0 when silent)."""

    path: str
    value: Any
    unit: str
    file: str
    line: int


def explain_values(scenario: Scenario) -> list[ValueRow]:
    """Every resolved value of a scenario with its unit and where it comes from, in the order of the parameter table.

    Example:
        >>> from qipan.model.scenario import load_scenario
        >>> [row.value for row in explain_values(load_scenario("baseline")) if row.path == "run.first_year"]
        [2023]
    """
    rows = []
    for path, row in parameter_table().items():
        value: Any = scenario
        for name in path.split("."):
            value = getattr(value, name)
        origin = scenario.origins.get(path)
        file, line = (origin.file, origin.line) if origin else ("default", 0)
        if null := scenario.cleared.get(path):
            file, line = f"default, by null in {null.file}", null.line
        rows.append(ValueRow(path, value, row.unit, file, line))
    return rows


def varied_rows(scenario: Scenario) -> list[ValueRow]:
    """What the timeline changes and what regions have of their own, each with the value that it comes to.

    Example:
        >>> from qipan.model.scenario import load_scenario
        >>> doubled = [{"from": 2028, "coordination.levy": "x2"}]
        >>> row = varied_rows(load_scenario("national-design", {"policy.timeline": doubled}))[0]
        >>> row.path, row.value
        ('policy.coordination.levy from 2028', '0.4 (x2)')
    """
    policy, names = scenario.policy, set[str]()
    rows = {row.file + str(row.line) + row.value: row for row in _plan_rows(scenario)}
    for stretch in stretches(policy):
        since = f" from {stretch.begins}" if stretch.begins else ""
        found = [
            (
                f"policy.timeline.{place}.{path}",
                path,
                path,
                value_in(stretch.policy, path),
                policy.timeline[place][path],
            )
            for path, place in stretch.given.items()
            if policy.timeline[place]["from"] == stretch.begins
        ]
        for region, given in stretch.by_region.items():
            for path, value in given.items():
                key, own = region_key(policy, stretch, region, path), valued(value, value_in(stretch.policy, path))
                found.append((key, f"{path} in {region}", path, own, value))
        for key, called, path, value, given_as in found:
            told = f"{value:.6g} ({given_as})" if isinstance(given_as, str) and value != given_as else value
            if f"{called} {told}" in names:
                continue
            names.add(f"{called} {told}")
            origin = scenario.origins.get(key)
            file, line = (origin.file, origin.line) if origin else ("", 0)
            name = f"policy.{called}{since}"
            rows[name] = ValueRow(name, told, parameter_table()[f"policy.{path}"].unit, file, line)
    return list(rows.values())


def _plan_rows(scenario: Scenario) -> Iterator[ValueRow]:
    for place, row in enumerate(scenario.policy.coordination.plan):
        origin = scenario.origins.get(f"policy.coordination.plan.{place}")
        file, line = (origin.file, origin.line) if origin else ("", 0)
        yield ValueRow("policy.coordination.plan", row_in_words(row), "1", file, line)


def parameter_rows() -> tuple[Parameter, ...]:
    """Every parameter a scenario may set, with meaning, unit, ranges, grade, source and Chinese name."""
    return tuple(parameter_table().values())


def parameters_markdown() -> str:
    """The parameter table as a Markdown page, one table a section."""
    return "\n".join(_page()) + "\n"


_HEAD = """# Parameters

Generated from the parameter table by `python -m pages.parameters`: do not edit by hand.

*Allowed* is what the equations bear: outside it a scenario is refused. *Plausible* is what sensitivity studies sample.
Grades: measured, literature, assumed (a prior without a public source), choice (a setting)."""
_COLUMNS = ("key", "default", "unit", "allowed", "plausible", "meaning", "中文", "grade, source")


def _page() -> Iterator[str]:
    yield _HEAD
    section = ""
    for row in parameter_table().values():
        group, _, name = row.path.rpartition(".")
        if group != section:
            section = group
            yield from ("", f"## {group}", "", _line(_COLUMNS), _line(["---"] * len(_COLUMNS)))
        unit, source = "" if row.unit == "1" else row.unit, f"{row.grade}: {row.source}"
        yield _line(
            (f"`{name}`", _default(row), unit, allowed_text(row), _plausible(row), _meaning(row), row.zh, source)
        )


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _default(row: Parameter) -> str:
    return (
        "none"
        if row.default is None
        else str(row.default).lower()
        if isinstance(row.default, bool)
        else f"{row.default}"
    )


def _meaning(row: Parameter) -> str:
    """The meaning, and whether the setting can be other for a region or cannot change from year to year."""
    words = [row.meaning, "By region too." if row.by_region else "", "The same in every year." if row.steady else ""]
    return " ".join(word for word in words if word)


def _plausible(row: Parameter) -> str:
    return f"{row.plausible[0]:g} to {row.plausible[1]:g}" if row.plausible else ""
