"""What users call from Python: run by name, going on from a state, worlds by hand, a space, one call for numbers."""

import copy
import pickle

import numpy as np
import pandas as pd
import pytest

from qipan import PolicyModel, World, compare, evaluate, load_scenario, load_world, open_result, run, space
from qipan.model.errors import DataError, ScenarioError, StoreError
from qipan.model.fields import FIELDS
from qipan.model.history import History
from qipan.model.measures import compute
from tests.laws.cases import RULES_ON, short, small


def test_a_name_and_a_number_are_enough():
    history = run("baseline", replicates=2)
    again = run(load_scenario("baseline"), replicates=range(2))
    assert history.replicates.tolist() == [0, 1]
    assert all(history[name].tobytes() == again[name].tobytes() for name in history)


def test_a_number_of_replicates_is_checked_like_any_setting():
    with pytest.raises(ScenarioError, match=r"run\.replicates: 0 is out of range; allowed 1 to 10000000"):
        run("baseline", replicates=0)


def test_a_history_is_a_mapping_that_says_what_it_is():
    history = run(small(years=2), replicates=2, fields=["output", "layout"])
    assert (list(history), len(history), "output" in history) == (["output", "layout"], 2, True)
    assert repr(history) == (
        f"<History of {history.scenario.name}: 2 replicates, 2023 to 2024, 9 regions x 5 sectors, 2 fields>"
    )
    with pytest.raises(KeyError, match="no field 'outptu'; did you mean output"):
        history["outptu"]
    with pytest.raises(KeyError, match="money was not recorded; recorded are output, layout"):
        history["money"]
    assert history.get("money") is None
    assert history == history and hash(history) is not None


@pytest.mark.parametrize("executor", ["numpy", "compiled"])
def test_a_run_in_two_parts_is_the_run(executor):
    """Stopped after three years and taken up again: the same bytes, in blocks too."""
    settings = small("national-design", years=6, **RULES_ON)
    whole = run(settings, replicates=140, executor=executor)
    first = run(settings.replace(**{"run.last_year": 2025}), replicates=140, executor=executor, keep_end=True)
    rest = run(settings, start=first.end, executor=executor)
    assert rest.years.tolist() == [2026, 2027, 2028] and rest.replicates.tolist() == list(range(140))
    for name in FIELDS:
        if executor == "numpy" or name in ("layout", "adopted", "on_list"):
            assert rest[name].tobytes() == np.ascontiguousarray(whole[name][:, 3:]).tobytes(), name
        np.testing.assert_allclose(rest[name], whole[name][:, 3:], rtol=1e-10, atol=1e-9)


def test_a_start_that_does_not_fit_is_refused_with_all_that_is_wrong():
    end = run(small(years=2), replicates=2, keep_end=True).end
    with pytest.raises(ScenarioError) as error:
        run(small(years=2, **{"run.seed": 5}), start=end, replicates=3)
    said = [problem.message for problem in error.value.problems]
    assert said == [
        "it is of another seed: first year 2023, seed 1, not first year 2023, seed 5",
        "it holds the replicates [0, 1]..., not [0, 1, 2]...",
        "it is the end of 2024, and run.last_year is 2024",
    ]


def test_everything_pickles_and_copies():
    history = run(small("national-design", years=2), replicates=2, keep_end=True)
    model = PolicyModel(small("national-design", years=4), seed=3)
    model.step()
    for take in (copy.deepcopy, lambda given: pickle.loads(pickle.dumps(given))):
        scenario, world, other = take(history.scenario), take(history.world), take(history)
        assert scenario.digest() == history.scenario.digest()
        assert (world.size.tobytes(), dict(world.files)) == (history.world.size.tobytes(), dict(history.world.files))
        assert not world.size.flags.writeable
        assert all(other[name].tobytes() == history[name].tobytes() for name in history)
        twin = take(model)
        assert twin.coordinator.model is twin and twin.regions[0].model is twin
        twin.step()
    model.step()
    assert twin.output == model.output > 0.0


def test_a_branch_goes_its_own_way():
    """With the coordinator off from 2025 on, the branch is what it is without one from then on; the trunk is not."""
    settings = small("national-design", years=5)
    trunk, alone = PolicyModel(settings, seed=2), PolicyModel(settings, seed=2)
    for _ in range(2):
        trunk.step()
        alone.step()
    branch = trunk.branch()
    branch.coordinator.active = alone.coordinator.active = False
    for model in (trunk, branch, alone):
        while model.running:
            model.step()
    assert branch.output == alone.output != trunk.output
    whole = run(trunk.settings, replicates=[trunk.replicate])
    assert trunk.output == whole["output"][0, -1].sum()


def test_an_ensemble_goes_on_from_where_a_model_stands():
    model = PolicyModel(small("national-design", years=4), seed=4)
    model.step()
    model.step()
    rest = run(model.settings, start=model.here)
    model.step()
    assert rest.years.tolist() == [2025, 2026]
    assert rest["output"][0, 0].tobytes() == model.last.flows["output"][0].tobytes()


def test_a_subset_is_a_world_of_its_own():
    world = load_world(load_scenario("baseline").world)
    three = world.subset(["CN-ZJ", "CN-JS", "CN-HA"])
    assert three.region_names == ("Jiangsu", "Zhejiang", "Henan")
    assert three.size.sum() == pytest.approx(1.0, rel=1e-12)
    places = [world.region_codes.index(code) for code in three.region_codes]
    assert (three.size / world.size[places]).std() < 1e-12 * (three.size / world.size[places]).mean()
    assert three.neighbours.tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]  # Henan touches neither
    assert {target.region for target in three.targets} <= set(three.region_codes)
    history = run(short("baseline", 2), world=three, replicates=2)
    assert history["output"].shape == (2, 2, 3, 6) and history.axes("output")["region"] == three.region_codes
    with pytest.raises(StoreError, match="was given by hand: no file says what it is"):
        history.save("nowhere")


def test_a_subset_of_all_runs_as_the_world_itself_but_for_the_last_bits():
    world = load_world(load_scenario("baseline").world)
    one, other = (
        run(short("baseline", 3), world=each, replicates=2) for each in (world, world.subset(world.region_codes))
    )
    np.testing.assert_allclose(one["output"], other["output"], rtol=1e-9)


def test_unknown_regions_are_told_with_what_may_be_meant():
    with pytest.raises(DataError) as error:
        load_world(load_scenario("baseline").world).subset(["CN-HEN", "CN-ZJ", "x"])
    assert [problem.key for problem in error.value.problems] == ["CN-HEN", "x"]


def frames():
    """Three regions, two sectors."""
    regions = pd.DataFrame(
        {
            "code": ["A", "B", "C"],
            "name": ["Ay", "Bee", "Cee"],
            "rd": [10.0, 20.0, 70.0],
            "firm_rd": [8.0, 15.0, 50.0],
            "fiscal_science": [1.0, 2.0, 7.0],
            "gdp": [500.0, 900.0, 3000.0],
            "population": [5.0, 9.0, 20.0],
            "breadth": [1, 1, 2],
        }
    )
    sectors = pd.DataFrame(
        {
            "sector_id": [1, 2],
            "code": ["s", "t"],
            "name": ["Ess", "Tee"],
            "name_zh": ["甲", "乙"],
            "median_value": [600.0, 400.0],
            "demand_2022": [20.0, 30.0],
            "readiness": [0.7, 1.2],
            "frontier": [1, 0],
        }
    )
    return regions, sectors


def test_a_world_from_tables_of_ones_own():
    regions, sectors = frames()
    world = World.from_frames(regions, sectors, name="three", neighbours=[("A", "B")], links=[("s", "t")])
    assert world.size.tolist() == pytest.approx([0.1, 0.2, 0.7])
    assert world.neighbours.tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    assert repr(world) == "<World three: 3 regions x 2 sectors>"
    history = run(short("baseline", 3), world=world, replicates=2)
    assert compute(history, ["conservation_gap"])["conservation_gap"].max() < 1e-9
    assert (history["layout"].sum(axis=-1) <= world.breadth).all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda r, s: [r.pop(name) for name in ("gdp", "rd")], ["rd", "gdp"]),
        (lambda r, s: r.__setitem__("rd", [1.0, -1.0, 2.0]), ["rd", "size", "rd"]),
        (lambda r, s: r.__setitem__("gdp", [1.0, np.nan, 2.0]), ["gdp"]),
        (lambda r, s: r.__setitem__("code", ["A", "A", "C"]), ["region_codes"]),
        (lambda r, s: r.__setitem__("population", ["many", 1, 2]), ["population"]),
    ],
)
def test_tables_that_cannot_be_used_are_told(change, said):
    regions, sectors = frames()
    change(regions, sectors)
    with pytest.raises(DataError) as error:
        World.from_frames(regions, sectors)
    assert [problem.key for problem in error.value.problems] == said


def test_a_world_with_fewer_sectors_than_a_list_is_refused():
    with pytest.raises(ScenarioError, match="3 sectors on a list of 2; allowed 0 to 2 sectors in this world"):
        run(short("national-design", 2), world=World.from_frames(*frames()), replicates=1)


def test_the_space_of_a_scenario_says_what_may_be_varied():
    every = space("national-design")
    assert len(every.policy) + len(every.world) == len(every)
    assert not any(name.startswith("run.") for name in every)
    levy, arm, key_areas = every["levy"], every["policy.coordination.arm"], every["key_areas"]
    assert (levy.kind, levy.range, levy.value, levy.grade) == ("number", (0.05, 0.4), 0.2, "assumed")
    assert (arm.kind, arm.value) == ("choice", "design") and "random" in arm.range
    assert (key_areas.kind, key_areas.range, key_areas.value) == ("switch", (False, True), True)
    assert every.only("levy", "pilots").bounds == [[0.05, 0.4], [4.0, 30.0]]
    assert all(
        low <= each.value <= high
        for each in every.numeric.values()
        for low, high in [each.range]
        if each.grade == "assumed"
    )
    with pytest.raises(ScenarioError, match="space: levvy: unknown setting; did you mean levy"):
        every["levvy"]


def test_evaluate_is_the_mean_of_the_measure_in_the_last_year():
    settings = {"levy": 0.1, "run.last_year": 2026, "world.behaviour.revise": np.float64(0.4)}
    got = evaluate(settings, ["output_total", "welfare"], 4, scenario="national-design", against="baseline")
    design = load_scenario(
        "national-design", {"policy.coordination.levy": 0.1, "run.last_year": 2026, "world.behaviour.revise": 0.4}
    )
    alone = load_scenario("baseline", {"run.last_year": 2026, "world.behaviour.revise": 0.4})
    ours, theirs = (compute(run(each, replicates=4), ["output_total", "welfare"]) for each in (design, alone))
    assert got["output_total"] == pytest.approx((ours["output_total"] - theirs["output_total"])[:, -1].mean(), rel=1e-9)
    assert got["welfare"] == pytest.approx((ours["welfare"] - theirs["welfare"]).mean(), rel=1e-9)


def test_compare_and_open_result(tmp_path):
    settings = {"run.last_year": 2025}
    made = compare(
        ["baseline", load_scenario("national-design")], replicates=8, settings=settings, folder=tmp_path / "r"
    )
    again = open_result(tmp_path / "r")
    histories = [run(load_scenario(name, settings), replicates=8) for name in ("baseline", "national-design")]
    alone, design = (history["output"][:, -1].sum(axis=(1, 2)) for history in histories)
    for comparison in (made, again):
        row = comparison.difference("national-design", "output_total", 2025)
        assert row["mean"] == pytest.approx((design - alone).mean(), rel=1e-9)
    with pytest.raises(StoreError, match="no such result folder"):
        open_result(tmp_path / "absent")


def test_auto_takes_compiled_code_once_it_is_loaded():
    run(small(years=2), replicates=1, executor="compiled")
    assert isinstance(run(small(years=2), replicates=1, executor="auto"), History)
    assert run(small(years=2), replicates=1, executor="auto").executor == "compiled"
