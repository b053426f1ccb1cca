"""The Mesa view and the ensemble tell the same story, and a region or the coordinator may be given another mind."""

import inspect
from functools import cache

import mesa
import numpy as np
import pytest

from qipan import PolicyModel, RegionAgent, UserError, run
from qipan.model.agents import CoordinatorAgent
from qipan.model.behaviour.outlook import Decision
from qipan.model.coordination.arms import Burn, LumpSum
from qipan.model.coordination.mandate import Mandate
from qipan.model.fields import FIELDS
from tests.laws.cases import NAMES, short, small

FIRST_YEARS = 3
LARGE = ("cities-293", "cities-293-equal-budgets", "synthetic-100")


@cache
def ensemble(name):
    years = 2 if name in LARGE else FIRST_YEARS
    return run(short(name, years, rounds=20), replicates=range(2))


AGREEING = [(name, number % 2) for number, name in enumerate(name for name in NAMES if "continuum" not in name)]


@pytest.mark.parametrize(("name", "replicate"), AGREEING)
def test_agents_and_ensemble_agree(name, replicate):
    """Every field, every year, to 1e-12 of its largest value; of every other scenario the second replicate."""
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
    settings = small(name, years, **{"world.early_adopters": "all"})
    model = PolicyModel(settings, replicate=0, region_class=region_class)
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
    still, turned = PolicyModel(settings, replicate=0), PolicyModel(settings, replicate=0)
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


def test_regions_are_a_table_of_the_collector():
    model = PolicyModel(small(years=2))
    model.step()
    model.step()
    table = model.datacollector.get_table_dataframe("regions")
    assert table.columns.tolist() == ["year", "code", "output", "adopted"]
    assert table["year"].tolist() == [2023] * 9 + [2024] * 9
    np.testing.assert_allclose(table["output"][9:].sum(), model.output, rtol=1e-12)


def batch(parameters, **given):
    """Rows of `mesa.batch_run`, one a run, under whichever Mesa is installed."""
    fixed = {"scenario": small(years=2), **parameters}
    return mesa.batch_run(PolicyModel, fixed, display_progress=False, **given)


ITERATIONS = "ignore:The `iterations` keyword argument is deprecated:DeprecationWarning"


@pytest.mark.filterwarnings(ITERATIONS)
def test_iterations_of_a_batch_are_replicates():
    rows = batch({}, iterations=3)
    assert len(rows) == 3
    assert len({row["output"] for row in rows}) == len({row["replicate"] for row in rows}) == 3
    assert {row["year"] for row in rows} == {2024}
    history = run(small(years=2), replicates=[row["replicate"] for row in rows])
    totals = history["output"][:, -1].sum(axis=(1, 2))
    np.testing.assert_allclose([row["output"] for row in rows], totals, rtol=1e-12)
    assert [row["seed"] for row in rows] == [history.scenario.run.seed] * 3


@pytest.mark.filterwarnings(ITERATIONS)
def test_the_same_seed_gives_the_same_rows_and_another_others():
    rows = [row["output"] for row in batch({"seed": [5, 5, 6]}, iterations=1)]
    assert rows[0] == rows[1] != rows[2]
    again = [row["output"] for row in batch({"seed": 5}, iterations=2)]
    assert again == rows[:1] * 2


def test_parameters_are_as_mesa_reads_them_from_the_signature():
    """A batch of Mesa 3.5 overwrites `seed` with its own where a model names it; its page looks for `kwargs`."""
    names = inspect.signature(PolicyModel).parameters
    assert "seed" not in names and "kwargs" in names
    assert all(name == "kwargs" or parameter.default is not parameter.empty for name, parameter in names.items())


def test_replicates_of_a_batch_are_those_of_the_ensemble():
    rows = batch({"replicate": range(3), "levy": [0.1, 0.3]})
    for levy in (0.1, 0.3):
        totals = run(small(years=2, **{"policy.coordination.levy": levy}), replicates=range(3))["output"][:, -1]
        mine = [row["output"] for row in rows if row["levy"] == levy]
        np.testing.assert_allclose(mine, totals.sum(axis=(1, 2)), rtol=1e-12)


def test_a_coordinator_of_a_batch_is_on_or_off():
    """Off is the scenario without a coordinator, on is the scenario as it is: number for number."""
    rows = batch({"seed": 4, "coordinator": [True, False], "last_year": 2029})
    pair = [run(small(name, 7, **{"run.seed": 4}), replicates=[0]) for name in ("national-design", "baseline")]
    totals = [history["output"][0, -1].sum() for history in pair]
    np.testing.assert_allclose([row["output"] for row in rows], totals, rtol=1e-12)
    assert totals[0] != totals[1]


def flows_after(model, years):
    """Every field of the last of so many years."""
    for _ in range(years):
        model.step()
    return {field: model.last.flows[field] for field in FIELDS}


@pytest.mark.parametrize(
    ("given", "settings"),
    [
        ({"coordinator": True}, {}),
        (
            {
                "coordinator": None,
                "arm": "design",
                "information": True,
                **dict.fromkeys(
                    ("shared_definition", "key_areas", "pilot_zones", "regional_layout", "ecosystem"), True
                ),
            },
            {},
        ),
        (
            {"coordinator": True, "key_areas": True},
            {
                "information": False,
                "shared_definition": False,
                "pilot_zones": False,
                "regional_layout": False,
                "ecosystem": False,
            },
        ),
    ],
)
def test_a_coordinator_can_be_given_to_a_scenario_without_one(given, settings):
    mine = flows_after(PolicyModel(small("baseline"), seed=3, **given), 7)
    expected = flows_after(PolicyModel(small("national-design"), seed=3, **settings), 7)
    assert all(mine[field].tobytes() == expected[field].tobytes() for field in FIELDS)


@pytest.mark.parametrize(("kind", "arm"), [(Burn, "burn"), (LumpSum, "lump_sum")])
def test_an_arm_is_taken_as_class_and_as_object(kind, arm):
    off = dict.fromkeys(
        ("information", "shared_definition", "key_areas", "pilot_zones", "regional_layout", "ecosystem"), False
    )
    expected = flows_after(PolicyModel(small(years=4), seed=3, arm=arm, **off), 4)
    for given in (kind, kind(small().policy.coordination)):
        mine = flows_after(PolicyModel(small(years=4), seed=3, coordinator=given), 4)
        assert all(mine[field].tobytes() == expected[field].tobytes() for field in FIELDS)


class Faithless(CoordinatorAgent):
    """Lists the first sector alone, and takes money for that list only."""

    def mandate(self, year):
        return Mandate(levy=0.1, money={"key_areas": 0.1} if year > 2023 else {}, list_weight=50.0)

    def draft(self, view):
        key_areas = np.zeros_like(view.estimate)
        key_areas[:, 0] = 1.0
        return self.drafted._replace(key_areas=key_areas)


def test_a_coordinator_with_a_mind_of_its_own_is_obeyed():
    """With so strong a word every region with a document is in the listed sector."""
    all_decide = {"world.early_adopters": "all", "world.behaviour.revision": "synchronous"}
    model = PolicyModel(small(years=4, **all_decide), seed=1, coordinator=Faithless)
    flows = flows_after(model, 4)
    assert model.coordinator.key_areas.tolist() == [1.0, 0.0, 0.0, 0.0, 0.0]
    assert flows["layout"][0, :, 0].tolist() == [1.0] * 9
    np.testing.assert_allclose(flows["levy"], 0.1 * flows["pools"], rtol=1e-12)


def test_a_coordinator_is_switched_between_two_steps():
    """Nobody coordinates while it is off: no levy, no zone, no list; then it goes on."""
    model = PolicyModel(small(years=7), seed=1)
    levies, zones = [], []
    for year in range(2023, 2030):
        model.coordinator.active = year not in (2026, 2027)
        model.step()
        levies.append(float(model.last.flows["levy"].sum()))
        zones.append(model.coordinator.pilots.sum())
    assert [levy > 0 for levy in levies] == [False, True, True, False, False, True, True]
    assert [count > 0 for count in zones] == [False, True, True, False, False, False, True]


def test_what_a_coordinator_answers_is_checked_under_its_name():
    class Spendthrift(CoordinatorAgent):
        def mandate(self, year):
            return Mandate(levy=0.1, burned=0.5)

    model = PolicyModel(small(years=2), seed=1, coordinator=Spendthrift)
    with pytest.raises(UserError, match=r"^Spendthrift\.mandate: 2023: 0\.5 of the pools is spent; no more than"):
        model.step()
    for method, answer in (("observe", None), ("draft", ()), ("mandate", "all")):
        model = PolicyModel(small(years=2), seed=1)
        setattr(model.coordinator, method, lambda *asked, answer=answer: answer)
        with pytest.raises(UserError, match=rf"^CoordinatorAgent\.{method}: 2023: the (view|plan|mandate) is "):
            model.step()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"levi": 0.1}, "PolicyModel: levi: unknown setting; did you mean levy"),
        ({"pilot_success": 0.1}, "PolicyModel: pilot_success: several settings have this name; give world.technology"),
        ({"levy": 7.0}, "policy.coordination.levy: 7.0 is out of range; allowed 0 to 1"),
        ({"seed": -1}, "run.seed: -1 is out of range"),
        ({"seed": 1, "rng": 1}, "PolicyModel: seed: both seed and rng are given; give one of them"),
        (
            {"replicate": -1},
            "PolicyModel: replicate: -1 is no number of a replicate; a whole number from 0 to 4294967295",
        ),
        ({"replicate": 0.5}, "PolicyModel: replicate: 0.5 is no number of a replicate"),
        ({"coordinator": "on"}, "PolicyModel: coordinator is 'on'; None, True, False, a Coordinator or its class"),
        ({"coordinator": 1}, "PolicyModel: coordinator is 1; None, True, False"),
        (
            {"region_class": mesa.Agent},
            "region_class is Agent; a class derived from RegionAgent is wanted",
        ),
        ({"region_class": None}, "PolicyModel: region_class is None; a class derived from RegionAgent is wanted"),
        ({"scenario": "baselin"}, "baselin: no such scenario; did you mean baseline?"),
    ],
)
def test_what_a_model_cannot_be_made_of_is_said(given, said):
    with pytest.raises(UserError) as error:
        PolicyModel(**{"scenario": small(years=1), **given})
    assert said in str(error.value) and "\n" not in str(error.value)
