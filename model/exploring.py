"""For studies by other tools: what may be varied, and one call that turns settings into numbers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qipan.model.ensemble import run
from qipan.model.executor import Choice
from qipan.model.fields import FIELDS, ONCE
from qipan.model.history import History
from qipan.model.measures import MEASURES, compute
from qipan.model.parameters import Parameter
from qipan.model.scenario import Scenario, load_scenario
from qipan.model.scenario.table import parameter_table, setting_path

NUMBER, WHOLE, SWITCH, CHOICE = "number", "whole number", "switch", "choice"


@dataclass(frozen=True)
class Dimension:
    """One thing that may be varied.

    Attributes:
        name: Dotted path of the parameter.
        kind: "number", "whole number", "switch" or "choice".
        range: Plausible lowest and highest value of a number, else everything it may be.
        value: Its value in the scenario.
        unit: Unit of a number, "1" for a pure one.
        grade: How well the default is known: measured, literature, assumed, or a choice.
        meaning: What it is.
    """

    name: str
    kind: str
    range: tuple[Any, ...]
    value: Any
    unit: str
    grade: str
    meaning: str

    @property
    def numeric(self) -> bool:
        """Whether it is a number with a lowest and a highest value."""
        return self.kind in (NUMBER, WHOLE)


class Space(Mapping[str, Dimension]):
    """What may be varied in a scenario, by dotted path. `policy` is what a minister sets, `world` what nobody chooses;
    `numeric` leaves switches and choices out.
    """

    def __init__(self, dimensions: Iterable[Dimension]) -> None:
        self._dimensions = {each.name: each for each in dimensions}

    def __getitem__(self, name: str) -> Dimension:
        return self._dimensions[name if name in self._dimensions else setting_path(name, "space")]

    def __iter__(self) -> Iterator[str]:
        return iter(self._dimensions)

    def __len__(self) -> int:
        return len(self._dimensions)

    def __repr__(self) -> str:
        return f"<Space: {len(self.policy)} of policy, {len(self.world)} of the world>"

    @property
    def policy(self) -> "Space":
        """What a minister sets."""
        return Space(each for each in self.values() if each.name.startswith("policy."))

    @property
    def world(self) -> "Space":
        """What is uncertain."""
        return Space(each for each in self.values() if each.name.startswith("world."))

    @property
    def numeric(self) -> "Space":
        """Those with a lowest and a highest value."""
        return Space(each for each in self.values() if each.numeric)

    @property
    def bounds(self) -> list[list[float]]:
        """Lowest and highest value of each number, in order."""
        return [[float(end) for end in each.range] for each in self.numeric.values()]

    def only(self, *names: str) -> "Space":
        """Some of them, by dotted path or by last name where that is enough.

        Raises:
            ScenarioError: There is none of this name.
        """
        return Space(self[name] for name in names)


def space(scenario: Scenario | str | Path = "baseline") -> Space:
    """What may be varied in a scenario: parameters with a plausible range, switches and choices.

    Whether one has an effect depends on the others: a levy has none where nobody coordinates.

    Example:
        >>> levy = space("national-design")["levy"]
        >>> levy.name, levy.kind, levy.range, levy.value, levy.grade
        ('policy.coordination.levy', 'number', (0.05, 0.4), 0.2, 'assumed')
    """
    loaded = _loaded(scenario)
    rows = (row for path, row in parameter_table().items() if not path.startswith("run."))
    return Space(each for row in rows if (each := _dimension(row, loaded)) is not None)


def evaluate(
    settings: Mapping[str, Any],
    measures: Sequence[str],
    replicates: int | Iterable[int] = 100,
    *,
    scenario: Scenario | str | Path = "baseline",
    against: Scenario | str | Path | None = None,
    executor: Choice = "auto",
) -> dict[str, float]:
    """Run a scenario with some settings and take the mean of measures over replicates.

    The same replicates have the same draws in every call, so differences between two calls are paired.

    Args:
        settings: Values by dotted path, or by last name where that is enough.
        measures: Names of measures; of yearly ones the last year counts.
        replicates: How many, or their numbers.
        scenario: What is run, with its other settings as they are.
        against: What is subtracted, replicate by replicate; nothing by default.
        executor: As `run` takes it.

    Returns:
        A number for each measure, in its unit.

    Raises:
        UserError: A setting or a scenario cannot be used.
        KeyError: There is no such measure.

    Example:
        >>> evaluate({"last_year": 2024}, ["adopters"], replicates=2)["adopters"] > 0
        True
    """
    changed = {setting_path(name, "evaluate"): _plain(value) for name, value in settings.items()}
    found = _values(_loaded(scenario).replace(**changed), measures, replicates, executor)
    if against is not None:
        same = {name: value for name, value in changed.items() if name.startswith(("world.", "run."))}
        base = _values(_loaded(against).replace(**same), measures, replicates, executor)
        found = {name: values - base[name] for name, values in found.items()}
    return {name: float(values.mean()) for name, values in found.items()}


def _values(
    scenario: Scenario, measures: Sequence[str], replicates: int | Iterable[int], executor: Choice
) -> dict[str, Any]:
    history = run(scenario, replicates=replicates, fields=fields_read(measures), executor=executor)
    return {name: _last(values, name, history) for name, values in compute(history, measures).items()}


def _last(values: Any, name: str, history: History) -> Any:
    yearly = "year" in MEASURES[name].axes
    return np.asarray(values).reshape(len(history.replicates), -1)[:, -1 if yearly else 0]


def fields_read(measures: Iterable[str]) -> tuple[str, ...]:
    """Fields of a history that measures are made of, by way of other measures too.

    Raises:
        KeyError: There is no such measure; says which may be meant.
    """
    read, waiting = set[str](), list(measures)
    for name in waiting:
        inputs = MEASURES[name].inputs
        read |= set(inputs)
        waiting += [key for key in inputs if key in MEASURES and key not in waiting]
    return tuple(name for name in (*FIELDS, *ONCE) if name in read)


def _loaded(scenario: Scenario | str | Path) -> Scenario:
    return scenario if isinstance(scenario, Scenario) else load_scenario(scenario)


def _plain(value: Any) -> Any:
    """A number as Python has it: optimisers hand over those of NumPy."""
    return value.item() if isinstance(value, np.generic) else value


def _dimension(row: Parameter, scenario: Scenario) -> Dimension | None:
    value: Any = scenario
    for part in row.path.split("."):
        value = getattr(value, part)
    known = {"value": value, "unit": row.unit, "grade": row.grade, "meaning": row.meaning}
    if isinstance(row.default, bool):
        return Dimension(row.path, SWITCH, (False, True), **known)
    if row.choices:
        return Dimension(row.path, CHOICE, row.choices, **known)
    if row.plausible is None:
        return None
    return Dimension(row.path, WHOLE if isinstance(row.default, int) else NUMBER, row.plausible, **known)
