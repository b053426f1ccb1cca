"""The worlds: facts measured on the compiled tables, hand-worked numbers, and what a scenario's choice changes."""

import hashlib
import math

import numpy as np
import pytest

from qipan.model.parameters import WorldChoice
from qipan.model.world import SECTOR_TABLES, WORLDS, World, load_world, shipped_folder
from qipan.model.world.derive import drawn_adopters, region_fit, region_size, row_shares, same_tier


@pytest.fixture(scope="module")
def provinces() -> World:
    return load_world(WorldChoice())


@pytest.fixture(scope="module")
def cities() -> World:
    return load_world(WorldChoice(data="cities-293"))


EVERY = [WorldChoice(data=name, values=[3.0, 2.0, 1.0] if name == "game" else []) for name in WORLDS]
EVERY += [WorldChoice(sectors=name) for name in SECTOR_TABLES]


@pytest.mark.parametrize("choice", EVERY, ids=lambda choice: f"{choice.data}-{choice.sectors}")
def test_every_world_is_complete_and_read_only(choice: WorldChoice) -> None:
    world = load_world(choice)
    regions, sectors = world.data_fit.shape
    for name in ("size", "rd", "firm_rd", "fiscal_science", "gdp", "population", "breadth", "adopted_at_start"):
        assert getattr(world, name).shape == (regions,), name
    for name in ("median_value", "demand_2022", "readiness", "frontier", "sector_ids"):
        assert getattr(world, name).shape == (sectors,), name
    arrays = [value for value in vars(world).values() if isinstance(value, np.ndarray)]
    assert not any(array.flags.writeable for array in arrays)
    assert all(np.isfinite(array).all() for array in arrays)
    assert world.size.sum() == pytest.approx(1.0)
    assert world.breadth.min() >= 1 and world.breadth.max() <= sectors
    assert len(set(world.region_ids)) == regions == len(set(world.region_codes))
    assert len(set(world.sector_ids)) == sectors == len(set(world.sector_codes)) == len(world.sector_names_zh)


@pytest.mark.parametrize("choice", EVERY, ids=lambda choice: f"{choice.data}-{choice.sectors}")
def test_weights_are_shares_without_oneself(choice: WorldChoice) -> None:
    world = load_world(choice)
    for weights in (world.neighbours, world.peers, world.links):
        assert (np.diagonal(weights) == 0.0).all() and (weights >= 0.0).all()
        total = weights.sum(axis=1)
        assert np.allclose(total[total > 0.0], 1.0)


def test_announced_layouts_as_measured_on_the_documents(provinces: World) -> None:
    """Counts 10, 15, 17, 10, 14, 18 of 21 regions, mean pairwise cosine 0.657, mean breadth 4.0 (notes on the data)."""
    assert provinces.announced_layout.sum(axis=0).tolist() == [10, 15, 17, 10, 14, 18]
    known = provinces.announced_layout[provinces.breadth_announced]
    assert len(known) == 21
    unit = known / np.sqrt((known * known).sum(axis=1, keepdims=True))
    cosine = (unit[:, None, :] * unit[None, :, :]).sum(axis=2)
    assert cosine[np.triu_indices(21, 1)].mean() == pytest.approx(0.657, abs=0.0005)
    own = load_world(WorldChoice(breadth="announced")).breadth[provinces.breadth_announced]
    assert own.mean() == pytest.approx(4.0, abs=0.005) and own.tolist() == known.sum(axis=1).tolist()


def test_thirteen_classes_as_measured_on_the_documents() -> None:
    """Mean pairwise cosine 0.589 over the thirteen classes (notes on the data)."""
    world = load_world(WorldChoice(sectors="classes-13"))
    known = world.announced_layout[world.breadth_announced]
    unit = known / np.sqrt((known * known).sum(axis=1, keepdims=True))
    cosine = (unit[:, None, :] * unit[None, :, :]).sum(axis=2)
    assert cosine[np.triu_indices(21, 1)].mean() == pytest.approx(0.589, abs=0.0005)
    assert load_world(WorldChoice(sectors="classes-13", breadth="announced")).breadth.max() == 13


def test_national_totals_in_billion_yuan(provinces: World) -> None:
    """R&D 30,782.9, GDP 1,203,462.2 and science spending 6,816.5 (100 million yuan); 140,975 (10,000 persons)."""
    assert provinces.rd.sum() == pytest.approx(3078.29, abs=0.005)
    assert provinces.gdp.sum() == pytest.approx(120346.22, abs=0.01)
    assert provinces.fiscal_science.sum() == pytest.approx(681.65, abs=0.01)
    assert provinces.population.sum() == pytest.approx(1409.75)


def test_research_and_venture_capital_are_concentrated(provinces: World) -> None:
    """Top five of R&D: 50.9% in 2023, so near that in 2022; top five of R&D squared about 77% (model details)."""
    largest = np.sort(provinces.rd)[-5:]
    assert largest.sum() / provinces.rd.sum() == pytest.approx(0.509, abs=0.01)
    assert (largest**2).sum() / (provinces.rd**2).sum() == pytest.approx(0.77, abs=0.01)


def test_early_adopters_are_those_of_the_survey(provinces: World) -> None:
    found = {name for name, flag in zip(provinces.region_names, provinces.adopted_at_start, strict=True) if flag}
    assert found == {"Zhejiang", "Shanghai", "Shanxi", "Henan"}
    assert (provinces.announced_layout[provinces.adopted_at_start > 0].sum(axis=1) > 0).all()


def test_neighbours_are_the_68_land_borders(provinces: World) -> None:
    assert np.count_nonzero(provinces.neighbours) == 2 * 68
    assert (provinces.neighbours > 0).T.tolist() == (provinces.neighbours > 0).tolist()
    assert provinces.neighbours[provinces.region_codes.index("CN-HI")].sum() == 0.0


def test_sector_defaults_are_those_of_the_model_details(provinces: World) -> None:
    assert provinces.sector_codes == ("brain", "quantum", "gene", "network", "space_sea", "h2_storage")
    assert provinces.sector_ids.tolist() == [1, 2, 3, 4, 5, 6]
    assert provinces.median_value.tolist() == [600, 400, 1000, 2000, 3500, 3500]
    assert provinces.demand_2022.tolist() == [20, 20, 100, 160, 600, 600]
    assert provinces.readiness.tolist() == [0.7, 0.7, 1, 1.2, 1, 1.2]
    assert provinces.frontier.tolist() == [1, 1, 1, 0, 0, 0]


@pytest.mark.parametrize("table", SECTOR_TABLES)
def test_sector_tables_cut_the_same_market(table: str) -> None:
    world = load_world(WorldChoice(sectors=table))
    assert world.median_value.sum() == pytest.approx(11_000.0)
    assert world.demand_2022.sum() == pytest.approx(1_500.0)
    assert (world.links.sum(axis=1) > 0.0).all(), "each sector stands in a chain"


def test_size_is_the_mean_of_three_shares() -> None:
    """R&D 1:3, revenue 2:2, patents 3:1 -> (0.25 + 0.5 + 0.75)/3 = 0.5 for both."""
    size = region_size(np.array([1.0, 3.0]), np.array([2.0, 2.0]), np.array([3.0, 1.0]))
    assert size == pytest.approx([0.5, 0.5])


def test_fit_is_the_clipped_log_ratio() -> None:
    """Science 1:1 over size 1/2: 0; revenue 9:1: 0.4 ln 1.8 = 0.235115, and 0.4 ln 0.2 clipped to 0.4 x -1.5 = -0.6."""
    fit = region_fit(np.array([0.5, 0.5]), np.array([1.0, 1.0]), np.array([9.0, 1.0]), np.array([1.0, 0.0]))
    assert fit == pytest.approx(np.array([[0.0, 0.4 * math.log(1.8)], [0.0, -0.6]]))


def test_fit_without_statistics_is_neutral() -> None:
    fit = region_fit(np.array([1.0, 0.0]), np.array([1.0, 0.0]), np.array([1.0, 0.0]), np.array([1.0, 0.0]))
    assert fit.tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_tiers_are_thirds_by_research() -> None:
    """Six regions, R&D 6..1: pairs (6,5), (4,3), (2,1) are each other's only peer."""
    peers = same_tier(np.array([6.0, 1.0, 5.0, 2.0, 4.0, 3.0]))
    assert [int(row.argmax()) for row in peers] == [2, 3, 0, 1, 5, 4]


def test_row_shares_leave_an_island_at_zero() -> None:
    weights = row_shares(np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]))
    assert weights.tolist() == [[0.0, 0.5, 0.5], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]


def test_cities_are_the_293_with_16_adopters(cities: World) -> None:
    assert len(cities.region_codes) == 293 and cities.adopted_at_start.sum() == 16
    adopters = {name for name, flag in zip(cities.region_names, cities.adopted_at_start, strict=True) if flag}
    assert {"Nanjing", "Shenzhen", "Hangzhou"} <= adopters


def test_cities_keep_the_money_of_their_provinces(cities: World, provinces: World) -> None:
    """Each province of cities keeps its R&D and science spending; the four municipalities are outside."""
    outside = np.isin(provinces.region_names, ["Beijing", "Tianjin", "Shanghai", "Chongqing"])
    for name in ("rd", "firm_rd", "fiscal_science"):
        got = np.zeros(31)
        np.add.at(got, cities.provinces, getattr(cities, name))
        assert np.allclose(got, np.where(outside, 0.0, getattr(provinces, name))), name


def test_city_rivals_are_in_the_same_province(cities: World) -> None:
    a, b = np.nonzero(cities.neighbours)
    assert (cities.provinces[a] == cities.provinces[b]).all() and len(a) > 0


def test_adopters_do_not_depend_on_the_order_of_regions() -> None:
    ids, size = np.array([5, 9, 12, 40, 77]), np.array([0.4, 0.1, 0.2, 0.2, 0.1])
    known = np.array([0.0, 1.0, 0.0, 0.0, 0.0])
    forward = drawn_adopters(ids, size, known, 3)
    backward = drawn_adopters(ids[::-1].copy(), size[::-1].copy(), known[::-1].copy(), 3)
    assert forward.sum() == 3 and forward[1] == 1.0
    assert forward.tolist() == backward[::-1].tolist()


@pytest.mark.parametrize("data", ["provinces-31", "cities-293", "synthetic"])
def test_equal_budgets_share_the_same_national_totals(data: str, provinces: World) -> None:
    world = load_world(WorldChoice(data=data, budgets="equal"))
    for name in ("rd", "firm_rd", "fiscal_science", "gdp"):
        amounts = getattr(world, name)
        assert np.ptp(amounts) == 0.0
        assert amounts.sum() == pytest.approx(getattr(provinces, name).sum()), name


def test_breadth_and_adopters_follow_the_choice() -> None:
    world = load_world(WorldChoice(breadth="equal", equal_breadth=9, early_adopters="all"))
    assert set(world.breadth.tolist()) == {6} and world.adopted_at_start.sum() == 31
    assert load_world(WorldChoice(early_adopters="none")).adopted_at_start.sum() == 0


def test_synthetic_sizes_follow_zipf() -> None:
    """Sizes over 4 regions: 12, 6, 4, 3 of 25."""
    world = load_world(WorldChoice(data="synthetic", regions=4, sector_count=8))
    assert world.size == pytest.approx(np.array([12, 6, 4, 3]) / 25)
    assert world.region_ids.tolist() == [10**9, 10**9 + 1, 10**9 + 2, 10**9 + 3]
    assert "synthetic" in world.vintage and world.region_names[0].startswith("Synthetic")
    assert world.median_value.sum() == pytest.approx(11_000.0) and len(world.sector_codes) == 8


def test_a_game_is_bare(provinces: World) -> None:
    world = load_world(WorldChoice(data="game", values=[120.0, 60.0], regions=3))
    assert world.median_value.tolist() == [120.0, 60.0] and world.size.tolist() == pytest.approx([1 / 3] * 3)
    assert world.breadth.tolist() == [1, 1, 1] and not world.data_fit.any() and world.targets == ()
    assert world.peers.tolist() == [[0.0, 0.5, 0.5], [0.5, 0.0, 0.5], [0.5, 0.5, 0.0]]


def test_every_table_read_is_on_record() -> None:
    """Digests are those of the files, computed here anew; plan-6 sets the stretch of breadth in other sector tables."""
    files = load_world(WorldChoice(sectors="classes-13")).files
    assert {"regions.csv", "sectors-classes-13.csv", "targets.csv", "mechanisms.csv"} <= set(files)
    for name, digest in files.items():
        assert hashlib.sha256((shipped_folder() / name).read_bytes()).hexdigest() == digest, name


def test_the_same_choice_gives_the_same_object() -> None:
    assert load_world(WorldChoice()) is load_world(WorldChoice())


def test_stage_shares_of_mechanisms_sum_to_one(provinces: World) -> None:
    assert provinces.mechanism_stages.shape == (6, 3)
    assert provinces.mechanism_stages.sum(axis=1) == pytest.approx(np.ones(6))
    assert provinces.mechanism_stages[0, 0] == 0.65
    assert provinces.mechanism_stages[4].tolist() == [0.0, 0.0, 1.0], "bank credit is industrial only"
