"""Arms and levers of the coordinator by hand: powers, money, lists, what the placebo and the oracle see."""

from dataclasses import FrozenInstanceError
from types import SimpleNamespace

import numpy as np
import pytest

from qipan import load_scenario, run
from qipan.model.coordination.arms import sound
from qipan.model.coordination.assignment import (
    assigned_layout,
    best_sectors,
    efficient_counts,
    first_best,
    pair_value,
    spread_pilots,
)
from qipan.model.coordination.levers import active_levers
from qipan.model.coordination.mandate import Mandate, Plan, plan
from qipan.model.coordination.roles import RESEARCH_MIX, research_mix, spatial_roles
from qipan.model.coordination.view import View, shrunk
from qipan.model.draws import Draws, Stream
from qipan.model.extend.answers import AnswerError
from qipan.model.extend.registry import ARMS, LEVERS, PAYOFFS
from qipan.model.parameters import Behaviour, Coordination
from qipan.model.phases import deciding

near = pytest.approx
SETTINGS = {"levy": 0.2, "administration": 0.05, "compliance": 0.5, "delay": 1, "period": 5, "planner_error": 0.5}
DRAWS = Draws(3, np.arange(4), np.arange(1, 3), np.arange(1, 4))


def a(*values):
    return np.array(values, dtype=float)


def arm(name="design", **settings):
    return ARMS[name](Coordination(arm=name, **(SETTINGS | settings)))


def view(**changes):
    """Affine game, congestion 4: worth (20, 10, 30), nobody there but three in the third; two regions of .6 and .4."""
    given = {
        "estimate": a(20, 10, 30)[None],
        "log_fit": np.zeros((1, 2, 3)),
        "count": a(0, 0, 3)[None],
        "breadth": np.array([1, 2]),
        "size": a(0.6, 0.4),
        "list_length": 1,
        "pilots": 2,
        "fit_weight": 0.0,
        "lobbying": 0.0,
        "payoff": PAYOFFS["affine"](Behaviour(payoff="affine", congestion=4.0)),
    }
    return View(**(given | changes))


PLAN = Plan(key_areas=a(1, 0, 0)[None], pilots=np.ones((1, 2, 3)), assigned=np.full((1, 2, 3), 0.5))


def test_what_each_arm_takes():
    """Levy .2, administration .05: burn loses .2, lump sum costs .05, the cut lowers pools by .3; all keep the rest."""
    assert arm("none").mandate(9) == Mandate()
    assert arm("lump_sum").mandate(1) == Mandate(levy=0.2, administration=0.05)
    assert arm("burn").mandate(1) == Mandate(levy=0.2, burned=0.2)
    assert arm("cut", cut=0.3).mandate(1) == Mandate(cut=0.3)
    kept = [arm(name, cut=0.3).mandate(1).retained for name in ("none", "lump_sum", "burn", "cut")]
    assert kept == near([1.0, 0.95, 0.8, 0.7])


@pytest.mark.parametrize("name", ["lump_sum", "burn", "cut", "design"])
def test_nothing_is_taken_before_the_first_plan_is_out(name):
    assert arm(name, delay=2, key_areas=True).mandate(1) == Mandate()
    taken = arm(name, delay=2, key_areas=True).mandate(2)
    assert taken.levy + taken.cut == 0.2


def test_administration_never_costs_more_than_the_levy():
    for name in ("design", "lump_sum"):
        mandate = arm(name, levy=0.02, key_areas=True).mandate(1)
        assert (mandate.administration, sum(mandate.money.values())) == (0.02, 0.0)


def test_powers_by_compliance():
    """Compliance one half: definition .5; list .5 x 1.2; layout .5 x 2; zones pull and succeed in full."""
    every = dict.fromkeys(LEVERS, True)
    mandate = arm(**every, pilot_weight=0.3, pilot_success=0.1, official_error=0.4).mandate(1)
    assert (mandate.definition, mandate.official_error) == (0.5, 0.4)
    assert (mandate.list_weight, mandate.layout_weight) == (near(0.6), near(1.0))
    assert (mandate.pilot_weight, mandate.pilot_success, mandate.adoption_boost) == (0.3, 0.1, 0.15)
    assert mandate.money == near(dict.fromkeys(("key_areas", "pilot_zones", "regional_layout", "ecosystem"), 0.0375))
    assert mandate.withheld == near(0.05 + 4 * 0.0375)


def test_one_lever_that_spends_has_all_the_money():
    assert arm(ecosystem=True).mandate(1).money == near({"ecosystem": 0.15})


def test_information_beside_levers_costs_full_administration():
    mandate = arm(information=True, information_weight=0.4, key_areas=True).mandate(1)
    assert (mandate.information_weight, mandate.administration) == (0.4, 0.05)
    early = arm(information=True, information_weight=0.4, key_areas=True).mandate(0)
    assert (early.information_weight, early.administration, early.levy) == (0.4, near(0.01), 0.0)


def test_reliability_by_bayes():
    """.75 / (.75 + .25) = .75; without variance or error there is nothing to shrink; an error alone leaves nothing."""
    assert arm(prior="bayes").reliability(0.75, 0.25) == near(0.75)
    assert arm(prior="bayes").reliability(0.25, 0.25) == near(0.5)
    assert arm(prior="bayes").reliability(0.0, 0.0) == 1.0
    assert arm(prior="bayes").reliability(0.0, 0.25) == 0.0
    assert [arm(name).reliability(0.5, 0.25) for name in ("none", "burn", "design")] == [1.0, 1.0, 1.0]


def test_yardstick_is_recounted_in_plan_years():
    """Marginals V - 4 (2n - 1): 30: 26, 18; 20: 16; three bases go 2, 1 (16), 0: counts (1, 0, 2)."""
    old = a(9, 9, 9)[None]
    for name in ("none", "design"):
        assert arm(name).recounted(0, view(), old).tolist() == [[1, 0, 2]]
        assert arm(name).recounted(3, view(), old).tolist() == [[9, 9, 9]]
        assert arm(name).recounted(5, view(), old).tolist() == [[1, 0, 2]]


@pytest.mark.parametrize(
    ("scenario", "years"), [("baseline", [2023, 2028, 2033]), ("information-only", range(2023, 2036))]
)
def test_the_coordinator_looks_only_where_something_comes_of_it(scenario, years, monkeypatch):
    """In plan years, every fifth, and wherever regions hear its estimates."""
    looked, view_of = [], deciding._view
    monkeypatch.setattr(deciding, "_view", lambda now: looked.append(now.year) or view_of(now))
    run(load_scenario(scenario, {"run.last_year": 2035}), replicates=range(1), fields=["output"])
    assert looked == list(years)


def test_lists_are_redrafted_in_plan_years_only():
    design = arm(key_areas=True)
    assert design.redrafted(4, view(), PLAN) is PLAN
    old = PLAN._replace(key_areas=a(0, 1, 0)[None])
    assert design.redrafted(4, view(), old).key_areas.tolist() == [[0, 1, 0]]
    assert design.redrafted(5, view(), old).key_areas.tolist() == [[1, 0, 0]]
    assert design.redrafted(5, view(), PLAN).pilots is PLAN.pilots
    assert arm("burn").redrafted(5, view(), PLAN) is PLAN


def test_a_plan_with_a_delay_beyond_its_period():
    """Period two, delay three: written in 0, 2, 4; out in 3, 5, 7."""
    slow = arm(period=2, delay=3)
    assert [year for year in range(8) if slow.published(year, "draft", "plan") == "draft"] == [3, 5, 7]


def test_key_areas_are_where_one_more_adds_most():
    """20 - 4, 10 - 4, but 30 - 4 x 7 = 2 where three are already: the first sector, then the second."""
    lever = LEVERS["key_areas"](Coordination())
    assert lever.drafted(view())["key_areas"].tolist() == [[1, 0, 0]]
    assert lever.drafted(view(list_length=2))["key_areas"].tolist() == [[1, 1, 0]]


def test_pilots_are_drafted_by_pair():
    """Fit weight 2 and fit 8 in one pair: 10 + 16 = 26 < 30: both regions' third sector first, 30 - ln 2 = 29.3."""
    fit = np.zeros((1, 2, 3))
    fit[0, 1, 1] = 8.0
    drafted = LEVERS["pilot_zones"](Coordination()).drafted(view(log_fit=fit, fit_weight=2.0))["pilots"]
    assert drafted[0].tolist() == [[0, 0, 1], [0, 0, 1]]


def test_the_layout_is_an_assignment_under_efficient_counts():
    """Counts (1, 0, 2), breadths 1 and 2: the larger fit has 30 in both regions and the second region takes 20."""
    for solver in ("fast", "exact"):
        layout = LEVERS["regional_layout"](Coordination(solver=solver)).drafted(view())["assigned"]
        assert layout[0].tolist() == [[0, 0, 1], [1, 0, 1]]


def test_recipients():
    """Key areas: portfolio x size in listed sectors; layout: half of it; zones: each alike; the rest: nobody."""
    portfolio, size = np.array([[[0.5, 0.5, 0], [1.0, 0, 0]]]), a(0.6, 0.4)
    got = {name: kind(Coordination()).recipients(PLAN, portfolio, size) for name, kind in LEVERS.items()}
    assert got["key_areas"][0].tolist() == [near([0.3, 0, 0]), near([0.4, 0, 0])]
    assert got["regional_layout"][0].tolist() == [near([0.15, 0.15, 0]), near([0.2, 0, 0])]
    assert got["pilot_zones"].tolist() == np.ones((1, 2, 3)).tolist()
    assert got["shared_definition"] is got["ecosystem"] is None


def test_levers_in_the_order_of_the_registry():
    on = active_levers(Coordination(arm="design", ecosystem=True, key_areas=True))
    assert [(lever.name, lever.spends) for lever in on] == [("key_areas", True), ("ecosystem", True)]
    assert not LEVERS["shared_definition"].spends
    assert LEVERS["shared_definition"](Coordination()).drafted(view()) == {}


def test_the_placebo_sees_noise_alone():
    """Estimate: its replicate's mean (20, 21, 22, 23) and a standard normal draw; equal sizes; nobody anywhere; fit
    drawn as well.
    """
    before = view(estimate=a(20, 10, 30) + np.arange(4.0)[:, None])
    seen = arm("random").observe(before, 2024, DRAWS)
    means = seen.estimate - DRAWS.normal(Stream.RANDOM_LIST, year=2024, over="k")
    assert means.tolist() == [near([mean] * 3) for mean in (20, 21, 22, 23)]
    np.testing.assert_array_equal(seen.log_fit, DRAWS.normal(Stream.RANDOM_PILOT, year=2024))
    assert (seen.size.tolist(), seen.count.tolist()) == ([0.5, 0.5], [[0, 0, 0]])


def test_the_placebo_declares_a_coin_toss_and_informs_nobody():
    random = arm("random", information=True, key_areas=True)
    bias, coin = random.declared_bias(0.3, DRAWS), DRAWS.uniform(Stream.RANDOM_LIST, over="k")
    np.testing.assert_array_equal(bias, np.where(coin < 0.5, 0.3, -0.3))
    assert random.mandate(1).information_weight == 0.0
    assert random.mandate(1).list_weight == near(0.6)
    assert arm().declared_bias(0.3, DRAWS).tolist() == [[0, 0, 0]]


def test_the_oracle_sees_the_true_fit_at_once_and_is_obeyed():
    oracle = arm("oracle", key_areas=True, official_error=0.4)
    assert (oracle.sees_fit, arm().sees_fit) == (True, False)
    assert oracle.mandate(0).list_weight == 1.2
    assert (oracle.settings.official_error, oracle.settings.solver) == (0.0, "exact")


def test_efficient_counts_stop_at_the_outside_option():
    """Marginals 10 - 4 (2n - 1): 6, then -2: one base though there is room for two; with waiting worth 6, still one;
    with 6.5, none. Never more than regions."""
    for option, expected in ((-1.0, 1), (6.0, 1), (6.5, 0), (-100.0, 2)):
        form = PAYOFFS["affine"](Behaviour(payoff="affine", congestion=4.0, outside_option=option))
        assert efficient_counts(a(10)[None], 5, 2, form).tolist() == [[expected]]


def test_ties_go_to_the_lower_id():
    assert first_best(a(1, 2, 2, 2 + 2.0**-40)[None]).tolist() == [1]
    assert best_sectors(a(1, 2, 2, 2 + 2.0**-40)[None], 1).tolist() == [[0, 1, 0, 0]]
    assert first_best(a(-1e300, -1e12)[None]).tolist() == [0]


def test_lobbying_by_size():
    """2 x ln .5 for half of the nation; nothing for all of it; a region of size zero counts 1e-12."""
    value = pair_value(a(1)[None], np.zeros((1, 3, 1)), a(0.5, 1.0, 0.0), 0.7, 2.0)
    assert value.ravel().tolist() == near([1 - 2 * np.log(2), 1.0, 1 + 2 * np.log(1e-12)])


def test_breadth_and_room_are_used_up_in_order_of_value():
    """9 and 8 to the first region (breadth 2); the first sector has room for one, so the second region gets 1."""
    value = np.array([[[9.0, 8.0], [7.0, 1.0]], [[1.0, 2.0], [9.0, 3.0]]])
    layout = assigned_layout(value, np.array([2, 1]), np.array([[1.0, 2.0], [2.0, 0.0]]))
    assert layout.tolist() == [[[1, 1], [0, 1]], [[1, 0], [1, 0]]]


def test_further_pilots_count_for_less():
    """After (0,0) at 2: (0,1) and (1,0) lose ln 2 for region or sector: 1.95 - ln 2 = 1.257 < 1.3, so (1,1) is next.
    Below zero alike: (1,1) at -6, then -7 - ln 2 = -7.69 in the same region beats -8.69 and -9.
    """
    pilots = spread_pilots(np.array([[[2.0, 1.9], [1.95, 1.3]], [[-9.0, -8.0], [-7.0, -6.0]]]), 2)
    assert pilots.tolist() == [[[1, 0], [0, 1]], [[0, 0], [1, 1]]]
    three = spread_pilots(np.array([[[9.0, 8.0, 7.6]]]), 2)
    assert three.tolist() == [[[1, 1, 0]]]


def world(fit, frontier, size):
    return SimpleNamespace(size=a(*size), data_fit=np.array(fit, dtype=float), frontier=a(*frontier))


def test_spatial_roles():
    """Seven regions, frontier fit 1..7 in the second sector only: three sources (7, 6, 5); of the other four the two
    largest bear the industry."""
    seven = world([[-n, n] for n in range(1, 8)], (0, 1), (0.1, 0.3, 0.2, 0.15, 0.05, 0.1, 0.1))
    assert spatial_roles(seven).tolist() == [2, 1, 1, 2, 0, 0, 0]
    assert research_mix(seven).tolist() == [0.5, 0, 0, 0.5, 1, 1, 1]
    assert RESEARCH_MIX.tolist() == [1.0, 0.0, 0.5]


def test_spatial_roles_of_four_without_a_frontier():
    """No frontier sector: the first two in order are sources; of the other two the larger bears the industry."""
    assert spatial_roles(world([[1.0]] * 4, (0,), (0.4, 0.3, 0.1, 0.2))).tolist() == [0, 0, 2, 1]
    assert spatial_roles(world([[1.0]] * 5, (0,), (0.4, 0.3, 0.1, 0.2, 0.15))).tolist() == [0, 0, 2, 1, 1]


def chosen(values):
    """Which of several sectors each of the three solvers takes first."""
    room = np.ones((1, len(values)))
    layout = assigned_layout(a(*values)[None, None], np.array([1]), room)[0, 0]
    return [
        int(first_best(a(*values)[None])[0]),
        int(best_sectors(a(*values)[None], 1)[0].argmax()),
        int(layout.argmax()),
    ]


def test_values_are_compared_on_the_grid_of_the_draws():
    """Less than half of 2^-32 apart is a tie, to the lower id; a whole step is not."""
    step = 2.0**-32
    assert chosen((0.5 - 0.4 * step, 0.5)) == [0, 0, 0]
    assert chosen((0.5, 0.5 + 0.4 * step)) == [0, 0, 0]
    assert chosen((0.5 - step, 0.5)) == [1, 1, 1]


def test_values_count_up_to_a_billion_either_way():
    """Beyond -1e9 all are alike, as far as 1e9 they are told apart (lists and layouts; ties to the lower id)."""
    assert chosen((-1e10, -1e9 - 0.5)) == [0, 0, 0]
    assert chosen((-1e10, -1e9 + 0.5)) == [1, 1, 1]
    assert chosen((1e9 + 0.5, 1e10))[1:] == [0, 0]
    assert chosen((1e9 - 0.5, 1e10))[1:] == [1, 1]


def test_shrunk_replicates_each_to_its_own_mean():
    """Means 4 and 10, reliability one half."""
    assert shrunk(np.array([[2.0, 4, 6], [4, 10, 16]]), 0.5).tolist() == [near([3, 4, 5]), near([7, 10, 13])]


@pytest.mark.parametrize(("made", "name"), [(view, "pilots"), (Mandate, "levy")])
def test_views_and_mandates_are_read_only(made, name):
    with pytest.raises(FrozenInstanceError):
        setattr(made(), name, 1)


def test_the_efficient_count_of_a_view_takes_all_breadths():
    """Three bases, one more than two regions could hold of one sector: (1, 0, 2); with breadths of one: (0, 0, 2)."""
    assert view().efficient_count().tolist() == [[1, 0, 2]]
    assert view(breadth=np.array([1, 1])).efficient_count().tolist() == [[0, 0, 2]]
    assert view() != view()


def test_a_mandate_off_is_all_zeros():
    """No coordinator: no share of money, no weight of its word, and a region keeps exactly what it has."""
    off = vars(Mandate())
    assert off.pop("money") == {}
    assert set(off.values()) == {0.0}
    assert Mandate().retained == 1.0
    assert Mandate(cut=0.1, administration=0.2, burned=0.3, money={"a": 0.1, "b": 0.1}).retained == near(0.2)


def test_the_list_counts_who_is_there_already():
    """A prize of 30 that one region has already adds nothing more; the free prize of 20 goes on the list."""
    prizes = view(estimate=np.log(a(30, 20))[None], count=a(1, 0)[None], payoff=PAYOFFS["shared_prize"](Behaviour()))
    assert LEVERS["key_areas"](Coordination()).drafted(prizes)["key_areas"].tolist() == [[0, 1]]


def test_the_solver_is_the_one_asked_for():
    """One place in each of two sectors, pairs worth (9, 8) and (7, 1): fast takes 9 and 1, exact 8 and 7."""
    pairs = view(
        estimate=a(6, 6)[None],
        count=a(0, 0)[None],
        log_fit=np.array([[[9.0, 8.0], [7.0, 1.0]]]),
        breadth=np.array([1, 1]),
        fit_weight=1.0,
    )
    layouts = {
        solver: LEVERS["regional_layout"](Coordination(solver=solver)).drafted(pairs)["assigned"][0].tolist()
        for solver in ("fast", "exact")
    }
    assert layouts == {"fast": [[1, 0], [0, 1]], "exact": [[0, 1], [1, 0]]}


def test_spatial_roles_of_six():
    """A third of six are two sources (fit 6 and 5); the larger half of the other four bears the industry."""
    six = world([[n] for n in range(1, 7)], (1,), (0.1, 0.2, 0.3, 0.35, 0.03, 0.02))
    assert spatial_roles(six).tolist() == [2, 2, 1, 1, 0, 0]


def test_what_levers_say_of_themselves():
    """Only the ecosystem has nothing that chance could say instead; no shipped lever bars; settings that do not
    know a lever leave it off."""
    assert [name for name, kind in LEVERS.items() if not kind.has_list] == ["ecosystem"]
    assert [name for name, kind in LEVERS.items() if kind.bars] == []
    assert not arm(key_areas=True).bars
    assert [each.name for each in active_levers(SimpleNamespace(key_areas=False, ecosystem=True))] == ["ecosystem"]


def test_a_tool_that_is_no_lever_is_named():
    broken = arm(key_areas=True)
    broken.levers = (*broken.levers, "railways")
    with pytest.raises(AnswerError, match="a lever is 'railways'"):
        sound(broken)


def test_without_roles_half_of_layout_money_goes_by_the_stages_of_research():
    assert research_mix(SimpleNamespace(size=a(0.2, 0.3, 0.5)), by_role=False).tolist() == [0.5] * 3


def test_only_a_coordinator_that_says_so_bars_sectors():
    """A plan without bars has none, in the shape of the others."""
    barring = PLAN._replace(barred=np.ones((1, 2, 3)), assigned=np.ones((1, 2, 3)))
    before = PLAN._replace(barred=np.zeros((1, 2, 3)))
    assert plan("Mine", barring, SimpleNamespace(bars=True), 0, before).barred.all()
    with pytest.raises(AnswerError, match="its plan bars sectors"):
        plan("Mine", barring, SimpleNamespace(bars=False), 0, before)
    none = Plan(key_areas=barring.key_areas, pilots=barring.pilots, assigned=barring.assigned)
    found = plan("Mine", none, SimpleNamespace(bars=False), 0, before)
    assert (found.barred.shape, found.barred.any()) == ((1, 2, 3), False)
