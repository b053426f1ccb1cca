"""Laws that every measure obeys on runs, found through the registry: bounds, axes, order of regions, unit of money."""

from collections.abc import Mapping

import numpy as np
import pytest

from qipan import load_scenario, run
from qipan.model.fields import FIELDS, ONCE
from qipan.model.history import History
from qipan.model.measures import MEASURES, compute, dictionary
from qipan.model.measures.registry import PARAMETERS, field

SCENARIOS = ("baseline", "national-design", "burn", "lump-sum", "random-coordinator")
ABSOLUTE = ("conservation_gap", "public_gap")
"""Measures that compare with an amount fixed in billion yuan, so that they do not scale with the unit of money."""

WEIGHTS = "region_weights"
"""An input that no history holds: a reader brings it."""


@pytest.fixture(scope="module")
def histories() -> dict[str, History]:
    """Six replicates of each scenario over the whole run."""
    return {name: run(load_scenario(name, ["run.replicates=6"])) for name in SCENARIOS}


def inputs_of(history: History) -> dict[str, object]:
    """Every input any measure reads, as a plain mapping; weights of regions from 0.5 up, by their place."""
    names = {name for item in MEASURES.values() for name in item.inputs if name not in MEASURES} - {WEIGHTS}
    weights = np.linspace(0.5, 1.5, len(history.world.region_ids))
    return {name: field(history, name) for name in names} | {WEIGHTS: weights}


def moved(values: object, axes: tuple[str, ...], axis: str, order: np.ndarray) -> object:
    """The array with the order of one named axis changed, if it has that axis."""
    return np.take(values, order, axis=axes.index(axis) - len(axes)) if axis in axes else values


def input_axes(name: str) -> tuple[str, ...]:
    """Trailing axes of an input."""
    if name.startswith("world_") or name == WEIGHTS:
        return ("region",)
    return (FIELDS | ONCE)[name].axes if name in FIELDS | ONCE else ()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_measure_is_finite_inside_its_bounds_and_has_its_axes(
    scenario: str, histories: Mapping[str, History]
) -> None:
    """Declared bounds (to rounding) and declared axes hold in every scenario; none is missing but those of a reader."""
    history = histories[scenario]
    lengths = {
        "replicate": 6,
        "year": len(history.years),
        "region": len(history.world.region_ids),
        "sector": len(history.world.sector_ids),
    }
    got = compute(history)
    assert list(got) == [name for name, item in MEASURES.items() if WEIGHTS not in item.inputs]
    for name, values in got.items():
        low, high = MEASURES[name].bounds
        assert values.shape == tuple(lengths[axis] for axis in MEASURES[name].axes), name
        assert np.isfinite(values).all(), name
        assert low - 1e-9 <= values.min() <= values.max() <= high + 1e-9, name


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_money_adds_up(scenario: str, histories: Mapping[str, History]) -> None:
    """Sources equal uses to 1e-9, for all money and for public money."""
    got = compute(histories[scenario], ["conservation_gap", "public_gap"])
    assert max(float(values.max()) for values in got.values()) < 1e-9


@pytest.mark.parametrize("axis", ["region", "sector"])
def test_the_order_of_regions_and_sectors_does_not_matter(axis: str, histories: Mapping[str, History]) -> None:
    """Listing regions or sectors the other way round lists the results the other way round and changes nothing else."""
    given = inputs_of(histories["national-design"])
    world = histories["national-design"].world
    order = np.arange(len(world.region_ids if axis == "region" else world.sector_ids))[::-1]
    turned = {name: moved(values, input_axes(name), axis, order) for name, values in given.items()}
    before, after = compute(given), compute(turned)
    for name, values in before.items():
        expected = moved(values, MEASURES[name].axes, axis, order)
        np.testing.assert_allclose(after[name], expected, rtol=1e-9, atol=1e-12, err_msg=name)


def test_the_unit_of_money_does_not_matter(histories: Mapping[str, History]) -> None:
    """Money counted in hundred millions is ten times as much; shares, counts and indices stay."""
    given = inputs_of(histories["national-design"])
    money = {name for name in given if name in FIELDS | ONCE and "yuan" in (FIELDS | ONCE)[name].unit}
    money.add("industrial_cost")
    before, after = compute(given), compute({n: v * 10.0 if n in money else v for n, v in given.items()})
    for name in set(MEASURES) - set(ABSOLUTE):
        factor = 10.0 if MEASURES[name].unit.startswith("bn yuan") else 1.0
        np.testing.assert_allclose(after[name], factor * before[name], rtol=1e-9, atol=1e-9, err_msg=name)


def test_a_replicate_is_measured_the_same_alone(histories: Mapping[str, History]) -> None:
    """Measures of a block and of one replicate of it are equal to the last bit."""
    given = inputs_of(histories["national-design"])
    alone = {name: values[2:3] if name in FIELDS | ONCE else values for name, values in given.items()}
    together, single = compute(given), compute(alone)
    for name in MEASURES:
        np.testing.assert_array_equal(single[name][0], together[name][2], err_msg=name)


def test_every_parameter_named_exists_and_every_null_is_on_the_same_axes() -> None:
    """The short names of parameters lead to a number; a measure and its null can be drawn in one figure."""
    history = run(load_scenario("baseline", ["run.replicates=1", "run.last_year=2023"]))
    for name in PARAMETERS:
        assert isinstance(field(history, name), float), name
    for item in MEASURES.values():
        if item.null:
            assert MEASURES[item.null].axes == item.axes
            assert MEASURES[item.null].unit == item.unit


def test_the_dictionary_lists_every_measure_once() -> None:
    """One complete row a measure."""
    rows = dictionary()
    assert [row["measure"] for row in rows] == list(MEASURES)
    assert all(value for row in rows for key, value in row.items() if key != "null")
