"""A replicate is the same alone or in a crowd; what is not causally connected does not move."""

import numpy as np
import pytest

from qipan import run
from qipan.model.draws import Draws, Stream
from tests.laws.cases import EVERY_FIELD, differing, short, small

YEAR, REGION, REPLICATE = 2027, 3, 1


@pytest.mark.parametrize("name", ["baseline", "national-design", "random-coordinator", "one-at-a-time"])
def test_a_replicate_alone_is_the_one_in_the_batch(name):
    scenario = small(name)
    crowd = run(scenario, replicates=range(6))
    for number in (0, 4):
        alone = run(scenario, replicates=[number])
        assert all(alone[field][0].tobytes() == crowd[field][number].tobytes() for field in EVERY_FIELD)


def test_replicates_may_come_in_any_order():
    scenario = small()
    forward, backward = run(scenario, replicates=range(5)), run(scenario, replicates=[4, 3, 2, 1, 0])
    assert all(forward[field].tobytes() == backward[field][::-1].tobytes() for field in EVERY_FIELD)


@pytest.mark.parametrize("block", [1, 7])
def test_the_size_of_a_block_changes_no_byte(block, monkeypatch):
    scenario = short("national-design", 6)
    whole = run(scenario, replicates=range(9))
    monkeypatch.setattr("qipan.model.executor.BLOCK", block)
    assert differing(whole, run(scenario, replicates=range(9))) == []


def test_a_second_block_carries_on_where_the_first_ended():
    """Replicate 128 is the first of the second block of 128."""
    scenario = small("national-design", 3)
    crowd, alone = run(scenario, replicates=range(130)), run(scenario, replicates=[127, 128, 129])
    assert all(crowd[field][127:].tobytes() == alone[field].tobytes() for field in EVERY_FIELD)


@pytest.mark.parametrize("name", ["national-design", "foresight"])
def test_a_longer_horizon_keeps_its_prefix(name):
    shorter, longer = (run(small(name, years), replicates=range(3)) for years in (4, 8))
    once = ("value", "efficient_count", "understanding")
    yearly = [field for field in EVERY_FIELD if field not in once]
    assert all(shorter[field].tobytes() == longer[field][:, :4].tobytes() for field in yearly)
    assert differing(shorter, longer, once) == []


def test_a_seed_is_a_world_of_its_own():
    one, two = (run(small(**{"run.seed": seed}), replicates=range(2)) for seed in (1, 2))
    assert {"value", "layout", "output", "adopted"} <= set(differing(one, two))


@pytest.fixture
def two_worlds(monkeypatch):
    """The same run twice; in the second one region of one replicate hears something else in one year."""
    scenario = small("baseline", 9, **{"world.behaviour.pooling": 0.0, "world.early_adopters": "all"})
    before = run(scenario, replicates=range(3))
    spoken = Draws.normal

    def heard(self, stream, *, year=0, over="rk", round=0):
        values = spoken(self, stream, year=year, over=over, round=round)
        if stream == Stream.PRIVATE_SIGNAL and year == YEAR:
            values[REPLICATE, REGION] += 3.0 * np.array([-1.0, 1.0, -1.0, 1.0, -1.0])
        return values

    monkeypatch.setattr(Draws, "normal", heard)
    return before, run(scenario, replicates=range(3))


def test_nothing_before_the_year_moves(two_worlds):
    before, after = two_worlds
    until = YEAR - 2023
    yearly = [field for field in EVERY_FIELD if field not in ("value", "efficient_count", "understanding")]
    assert all(before[field][:, :until].tobytes() == after[field][:, :until].tobytes() for field in yearly)
    own = (REPLICATE, until, REGION)
    assert before["portfolio"][own].tobytes() != after["portfolio"][own].tobytes()


def test_no_other_replicate_moves(two_worlds):
    before, after = two_worlds
    others = [0, 2]
    assert all(before[field][others].tobytes() == after[field][others].tobytes() for field in EVERY_FIELD)


def test_no_other_region_moves_in_the_same_year(two_worlds):
    """Others see this region's choice a year later; the money of others is theirs, except what follows the nation."""
    before, after = two_worlds
    at, others = YEAR - 2023, [region for region in range(9) if region != REGION]
    for field in ("layout", "portfolio", "investment", "capacity", "public_money"):
        assert before[field][:, at, others].tobytes() == after[field][:, at, others].tobytes(), field
    for field in ("demand", "breakthrough", "foreign", "pools"):
        assert before[field][:, at].tobytes() == after[field][:, at].tobytes(), field


def test_what_no_choice_reaches_never_moves(two_worlds):
    before, after = two_worlds
    assert differing(before, after, ("value", "understanding", "foreign", "adopted", "pools")) == []
    assert "layout" in differing(before, after)
