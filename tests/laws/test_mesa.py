"""The Mesa view and the ensemble tell the same story, and a region may be given another mind."""

from functools import cache

import numpy as np
import pytest

from model import PolicyModel, RegionAgent, run
from model.fields import FIELDS
from model.outlook import Decision
from tests.laws.cases import NAMES, short, small

FIRST_YEARS = 3
LARGE = ("cities-293", "cities-293-equal-budgets", "synthetic-100")


@cache
def ensemble(name):
    years = 2 if name in LARGE else FIRST_YEARS
    return run(short(name, years, rounds=20), replicates=range(2))


@pytest.mark.parametrize("replicate", [0, 1])
@pytest.mark.parametrize("name", [name for name in NAMES if "continuum" not in name])
def test_agents_and_ensemble_agree(name, replicate):
    """Every field, every year, to 1e-12 of its largest value."""
    history = ensemble(name)
    model = PolicyModel(history.scenario, replicate=replicate)
    for row, year in enumerate(history.years):
        model.step()
        assert model.year == year
        for field in FIELDS:
            expected = history[field][replicate, row]
            scale = 1e-12 * max(1.0, float(np.abs(expected).max()))
            np.testing.assert_allclose(model.last.flows[field][0], expected, rtol=0, atol=scale, err_msg=field)


class Stubborn(RegionAgent):
    """Puts all its money into the first sector, whatever it sees."""

    def decide(self, outlook):
        first = np.zeros_like(outlook.belief)
        first[..., 0] = 1.0
        return Decision(layout=first, portfolio=first.copy())


class Faithful(RegionAgent):
    """Does what its parent does, through an overridden method."""

    def decide(self, outlook):
        return super().decide(outlook)


def stepped(region_class, name="synchronous", years=3):
    model = PolicyModel(small(name, years, **{"world.early_adopters": "all"}), region_class=region_class)
    for _ in range(years):
        model.step()
    return model


def test_a_region_with_a_mind_of_its_own_is_obeyed():
    """All nine regions have a document and revise each year, so all sit in the first sector and nowhere else."""
    model = stepped(Stubborn)
    assert model.state.layout[0].tolist() == [[1.0, 0.0, 0.0, 0.0, 0.0]] * 9
    assert (model.last.flows["investment"][0].sum(axis=0)[0]) > 0.0


def test_overriding_without_changing_changes_nothing():
    plain, faithful = stepped(RegionAgent), stepped(Faithful)
    assert all(plain.last.flows[field].tobytes() == faithful.last.flows[field].tobytes() for field in FIELDS)


def test_one_stubborn_region_binds_only_itself():
    """In the first year the others do not yet see what it does."""

    class One(RegionAgent):
        def decide(self, outlook):
            return Stubborn.decide(self, outlook) if self.index == 4 else super().decide(outlook)

    usual, changed = stepped(RegionAgent, years=1), stepped(One, years=1)
    others = [region for region in range(9) if region != 4]
    assert changed.regions[4].layout.tolist() == [1.0, 0.0, 0.0, 0.0, 0.0]
    assert usual.state.layout[0, others].tobytes() == changed.state.layout[0, others].tobytes()


def test_mesa_random_numbers_feed_no_rule():
    """Its generators stand where they stood, and turning them changes nothing."""
    settings = small("national-design", 3)
    still, turned = PolicyModel(settings), PolicyModel(settings)
    before, state = still.random.getstate(), still.rng.bit_generator.state
    for _ in range(3):
        turned.random.random()
        turned.rng.random()
        still.step()
        turned.step()
    assert still.random.getstate() == before
    assert still.rng.bit_generator.state == state
    assert all(still.last.flows[field].tobytes() == turned.last.flows[field].tobytes() for field in FIELDS)


def test_a_seed_given_as_rng_is_the_seed_of_all_draws():
    expected = run(small(**{"run.seed": 11}, years=1), replicates=[0])
    model = PolicyModel(small(years=1), rng=11)
    model.step()
    assert model.last.flows["layout"][0].tobytes() == expected["layout"][0, 0].tobytes()


def test_a_generator_gives_one_seed():
    one, two, three = (PolicyModel(small(years=1), rng=np.random.default_rng(n)).settings.run.seed for n in (5, 5, 6))
    assert one == two != three


def test_anything_else_as_rng_is_refused():
    with pytest.raises(TypeError, match="give an integer, a numpy Generator or a SeedSequence"):
        PolicyModel(small(years=1), rng="seven")


def test_the_model_stops_after_the_last_year():
    model = PolicyModel(small(years=2))
    for _ in range(4):
        model.step()
    assert (model.year, model.running, int(model.steps)) == (2024, False, 4)
    assert model.datacollector.get_model_vars_dataframe()["year"].tolist() == [2023, 2024]


def test_agents_show_their_row():
    model = PolicyModel(small(years=1))
    assert [region.output for region in model.regions] == [0.0] * 9
    model.step()
    rows = model.last.flows["output"][0].sum(axis=1)
    np.testing.assert_allclose([region.output for region in model.regions], rows, rtol=1e-15)
    assert [region.adopted for region in model.regions] == (model.state.adopted[0] > 0).tolist()
    np.testing.assert_array_equal(np.stack([region.portfolio for region in model.regions]), model.state.portfolio[0])
    assert len(model.agents) == 10
