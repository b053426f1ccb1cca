"""Names, order and units do not matter; one row at a time is the same as all rows at once."""

from dataclasses import fields, replace

import numpy as np
import pytest

from qipan.model.ensemble import block_case
from qipan.model.fields import FIELDS
from qipan.model.step import advance
from qipan.model.world import load_world
from tests.laws.cases import RULES_ON, short, simulated, small

SHUFFLED = ("national-design", "random-coordinator", "baseline", "one-at-a-time", "fictitious-play", "imitators")
PER_REGION = (
    "region_ids",
    "size",
    "rd",
    "firm_rd",
    "fiscal_science",
    "gdp",
    "population",
    "breadth",
    "breadth_announced",
    "adopted_at_start",
    "announced_layout",
    "data_fit",
    "provinces",
)
MONEY_DATA = ("rd", "firm_rd", "fiscal_science", "gdp", "median_value", "demand_2022")
MONEY_SETTINGS = {
    "world.technology.research_cost": 0.02,
    "world.technology.pilot_cost": 0.25,
    "world.technology.industrial_cost": 1.0,
    "world.technology.minimum_scale": 2.0,
    "policy.funding.base_cost": 0.2,
    "world.behaviour.entry_cost": 10.0,
    "policy.funding.venture_pool": 25.0,
}


def without_ties(world):
    """Fits that the data clip to one number would be ranked by row; a hair's breadth sets them apart."""
    regions, sectors = world.data_fit.shape
    hair = 1e-4 * np.sin(1.0 + np.arange(regions * sectors)).reshape(regions, sectors)
    return replace(world, data_fit=world.data_fit + hair)


def reordered(world, order):
    """The same world with its regions listed in another order; their ids travel along."""
    changes = {name: np.ascontiguousarray(getattr(world, name)[order]) for name in PER_REGION}
    changes |= {name: np.ascontiguousarray(getattr(world, name)[order][:, order]) for name in ("neighbours", "peers")}
    for name in ("region_codes", "region_names", "region_names_zh", "macro_regions"):
        changes[name] = tuple(getattr(world, name)[row] for row in order)
    return replace(world, **changes)


def test_every_array_over_regions_is_reordered():
    """A new column of the world must be listed here, or the law would compare two different worlds."""
    world = load_world(short("baseline").world)
    regions = {f.name for f in fields(world) if 31 in np.shape(getattr(world, f.name))}
    known = {"region_codes", "region_names", "region_names_zh", "macro_regions", "neighbours", "peers"}
    assert regions - {"tile_column", "tile_row", "targets"} == set(PER_REGION) | known


@pytest.mark.parametrize("name", SHUFFLED)
def test_the_order_of_regions_does_not_matter(name):
    """Results by region move with the region; national results stay, up to the order of sums (1e-9)."""
    scenario = short(name, 6)
    world = without_ties(load_world(scenario.world))
    order = np.argsort(np.cos(7.0 * np.arange(31)), kind="stable")
    assert (order != np.arange(31)).mean() > 0.8
    before, after = simulated(scenario, world), simulated(scenario, reordered(world, order))
    for field, values in before.items():
        expected = values[:, :, order] if values.ndim > 2 and values.shape[2] == 31 else values
        np.testing.assert_allclose(after[field], expected, rtol=1e-9, atol=1e-9, err_msg=field)


@pytest.mark.parametrize("name", ["baseline", "national-design", "imitators", "venture-boom-and-bust"])
def test_the_unit_of_money_does_not_matter(name):
    """All money in data and settings a thousand times larger: so is all money recorded; nothing else moves."""
    larger = {key: 1000.0 * value for key, value in MONEY_SETTINGS.items()}
    small_unit, large_unit = (short(name, 6, **(RULES_ON | settings)) for settings in (MONEY_SETTINGS, larger))
    world = load_world(small_unit.world)
    richer = replace(world, **{field: 1000.0 * getattr(world, field) for field in MONEY_DATA})
    before, after = simulated(small_unit, world), simulated(large_unit, richer)
    for field, values in before.items():
        money = FIELDS[field].unit.startswith("bn yuan") or field == "payoff"
        factor = 1000.0 if money else 1.0
        np.testing.assert_allclose(after[field], factor * values, rtol=1e-9, atol=1e-9, err_msg=field)


RULES = ("baseline", "imitators", "fictitious-play", "national-design", "waiting", "foresight")


@pytest.mark.parametrize("name", RULES)
def test_one_row_at_a_time_is_all_rows_at_once(name):
    """Every outlook of four years, decided region by region and replicate by replicate: the same bytes."""
    scenario = small(name, 4)
    case = block_case(scenario, load_world(scenario.world), np.arange(3))
    asked = []

    def answer(outlook, turn):
        whole = case.rule.decide(outlook)
        asked.append((outlook, whole))
        return whole

    state = case.first.copy()
    for year in range(2023, 2027):
        state = advance(case, state, year, answer).state
    assert len(asked) == 4
    for outlook, whole in asked:
        for replicate in range(3):
            for region in range(9):
                one = case.rule.decide(outlook.row(replicate, region))
                assert one.layout.tobytes() == whole.layout[replicate, region].tobytes()
                np.testing.assert_allclose(one.portfolio, whole.portfolio[replicate, region], rtol=1e-12, atol=1e-15)
