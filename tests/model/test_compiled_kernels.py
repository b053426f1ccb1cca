"""Compiled twins of the primitives, the draws and the named kernels, each against its reference."""

from types import SimpleNamespace

import numpy as np
import pytest

numba = pytest.importorskip("numba")

from qipan import load_scenario  # noqa: E402
from qipan.model import element, kernels, nation  # noqa: E402
from qipan.model.behaviour import peers  # noqa: E402
from qipan.model.compiled import compiling, greedy, lanes, stocks  # noqa: E402
from qipan.model.compiled.arithmetic import kernels as twins  # noqa: E402
from qipan.model.compiled.arithmetic import words  # noqa: E402
from qipan.model.compiled.arithmetic.primitives import exponential, logarithm  # noqa: E402
from qipan.model.compiled.compiling import entry, inlined  # noqa: E402
from qipan.model.compiled.phases import money as compiled_money  # noqa: E402
from qipan.model.coordination import assignment  # noqa: E402
from qipan.model.coordination.assignment import efficient_counts  # noqa: E402
from qipan.model.draws import Draws, Stream  # noqa: E402
from qipan.model.ensemble import block_case  # noqa: E402
from qipan.model.funding import support  # noqa: E402
from qipan.model.parameters import Behaviour  # noqa: E402
from qipan.model.payoffs import Affine, MarketPayoff  # noqa: E402
from qipan.model.world import load_world  # noqa: E402

DRAWS = Draws(5, np.arange(4), np.arange(1, 8), np.arange(1, 7))
R, K = 7, 6


def applied(function, *arguments):
    """Call a function that only compiled code may call."""
    return _caller(function)(*arguments)


def _caller(function):
    @numba.njit
    def call(*arguments):
        return function(*arguments)

    return call


@entry
def exponentials(values, out):
    """Row of exponentials."""
    for c in range(values.size):
        out[c] = exponential(values[c])


@entry
def logarithms(values, out):
    """Row of logarithms."""
    for c in range(values.size):
        out[c] = logarithm(values[c])


def test_exponential_to_two_units_in_the_last_place():
    values = np.concatenate([np.linspace(-800.0, 800.0, 20_001), np.linspace(-1.0, 1.0, 20_001)])
    out = np.empty_like(values)
    exponentials(values, out)
    np.testing.assert_allclose(out, element.exp(values), rtol=5e-16)


def test_logarithm_to_two_units_in_the_last_place():
    values = np.concatenate([[0.0, -1.0, 1e-310, 1.0], np.logspace(-300, 300, 20_001), np.linspace(0.5, 2.0, 20_001)])
    out = np.empty_like(values)
    logarithms(values, out)
    np.testing.assert_allclose(out, element.log(values), rtol=5e-16, atol=1e-18)


def test_compiled_words_are_the_words():
    compiled = words.CompiledDraws(5, np.arange(4), np.arange(1, 8), np.arange(1, 7))
    for over in ("", "r", "k", "rk"):
        given = compiled.uniform(Stream.CHOICE, year=2025, over=over, round=3)
        np.testing.assert_array_equal(given, DRAWS.uniform(Stream.CHOICE, year=2025, over=over, round=3))


def test_normals_are_the_quantile():
    """The first two are the uniforms nearest to 0 and 1 that a word can give."""
    uniform = np.concatenate([[2.0**-33, 1.0 - 2.0**-33, 0.5, 0.075, 0.925], np.linspace(1e-7, 1.0 - 1e-7, 5_001)])
    out = np.empty_like(uniform)
    applied(words.normals, uniform, np.empty(uniform.size, np.int64), np.empty_like(uniform), out)
    np.testing.assert_allclose(out, element.normal_quantile(uniform), rtol=1e-14, atol=1e-16)


def sample(stream: Stream = Stream.PRIVATE_SIGNAL) -> np.ndarray:
    """Values over regions and sectors."""
    return DRAWS.normal(stream, year=2023)[0]


def laid(rows: np.ndarray) -> np.ndarray:
    """Rows over sectors, one a replicate, as one row of lanes."""
    return np.ascontiguousarray(rows.T).ravel()


def rows_of(row: np.ndarray) -> np.ndarray:
    """One row of lanes as rows over sectors; the seven regions of the sample serve as seven lanes."""
    return row.reshape(K, -1).T


def test_sums_over_sectors_and_regions():
    values, out = sample(), np.empty(R)
    applied(twins.total_over_sectors, laid(values), R, out)
    np.testing.assert_array_equal(out, kernels.total_over_sectors(values))
    beside = np.empty(R * K)
    applied(twins.beside_sectors, out, R, beside)
    np.testing.assert_array_equal(rows_of(beside), np.repeat(out[:, None], K, axis=1))
    total, weights = np.empty((1, K)), np.arange(1.0, R + 1.0)
    lanes.add_up(values[None], weights, total)
    np.testing.assert_allclose(total[0], kernels.total_over_regions(values * weights[:, None]), rtol=1e-14)


def test_softmax_over_sectors():
    values, out = sample(), np.empty(R * K)
    mask = np.where(sample(Stream.CHOICE) > 0.0, 1.0, 0.0)
    mask[3] = 0.0
    applied(twins.softmax_over_sectors, laid(values), laid(mask), R, np.empty(R), out)
    np.testing.assert_allclose(rows_of(out), kernels.softmax_over_sectors(values, mask), rtol=1e-14)


@pytest.mark.parametrize("breadth", [0.0, 1.0, 2.0, 3.0, 6.0])
def test_top_choice_with_ties_and_an_outside_option(breadth):
    values = np.round(sample() * 2.0) / 2.0
    out, key = np.empty(R * K), np.empty(R * K)
    applied(twins.top_choice, laid(values), breadth, -0.5, R, key, out)
    np.testing.assert_array_equal(rows_of(out), kernels.top_choice(values, breadth, -0.5))


def test_means_over_neighbours_and_presence_in_tiers():
    tiers = np.array([0, 0, 0, 1, 1, 1, 1])
    weights = np.where(tiers[:, None] == tiers, 1.0, 0.0) - np.eye(R)
    weights /= weights.sum(axis=1, keepdims=True)
    rows, others = np.nonzero(weights)
    starts = np.searchsorted(rows, np.arange(R + 1))
    values, out = sample(), np.empty((R, K))
    for region in range(R):
        place = (starts[region], starts[region + 1], others, weights[rows, others])
        applied(twins.mean_over_neighbours, values, *place, out[region])
    np.testing.assert_array_equal(out, kernels.mean_over_neighbours(values, weights))
    flags, counted = np.where(values > 0.0, 1.0, 0.0), np.empty((2, K))
    applied(twins.presence, flags, tiers, counted)
    np.testing.assert_array_equal(counted, [flags[:3].sum(axis=0), flags[3:].sum(axis=0)])
    found = peers.tiers_of(weights)
    assert found is not None
    shares = found.shares[tiers[:, None], (counted[tiers] - flags).astype(int)]
    np.testing.assert_array_equal(shares, kernels.mean_over_neighbours(flags, weights))
    assert peers.tiers_of(np.array([[0.0, 1.0], [0.5, 0.0]])) is None


def test_lanes_are_gathered_side_by_side():
    """Two sectors of three lanes, of which the third and the first are taken."""
    out = np.full(5, -1.0)
    applied(twins.gathered, np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), np.array([2, 0, 9]), 2, 3, out)
    assert out.tolist() == [3.0, 1.0, 6.0, 4.0, -1.0]


def test_linked_presence():
    links = np.zeros((K, K))
    links[0, 1], links[0, 2], links[3, 5] = 0.25, 0.75, 1.0
    flags, out = np.where(sample() > 0.0, 1.0, 0.0), np.empty(R * K)
    applied(twins.linked_presence, laid(flags), links, R, out)
    np.testing.assert_array_equal(rows_of(out), nation.linked_presence(flags, links))


@pytest.mark.parametrize("count", [1, 31, 33, 100])
def test_lanes_there_and_back(count):
    """Whatever is laid out in lanes comes back as it was, and nothing of what fills the last block."""
    values = np.arange(count * 3.0 * 5.0).reshape(count, 3, 5)
    side = lanes.Lanes(count)
    assert side.width <= lanes.LANES
    out = side.lay("any", values)
    assert out.shape == (side.blocks, 3, 5 * side.width)
    np.testing.assert_array_equal(side.plain(out, 3, 5), values)
    assert out[0, 1, 2 * side.width] == values[0, 1, 2]


def test_a_compiled_state_reads_as_the_plain_one():
    scenario = load_scenario("baseline")
    first = block_case(scenario, load_world(scenario.world), np.arange(40)).first
    state = stocks.compiled_state(first.copy(), lanes.Lanes(40))
    stock = state.laid("waiting")
    stock *= 2.0
    state.put("waiting", stock)
    np.testing.assert_array_equal(state.waiting, 2.0 * first.waiting)
    state.demand = first.demand + 1.0
    np.testing.assert_array_equal(state.lanes.plain(state.laid("demand"), *first.demand.shape[1:]), first.demand + 1.0)
    assert stocks.compiled_state(state, lanes.Lanes(40)) is state


def test_a_layout_of_thousands_of_pairs_of_one_value_goes_by_their_ids():
    """By hand: Python's own sort by value, then by place; a third of 2,843 counties has one value throughout."""
    n, regions, sectors = 2, 2_843, 3
    draws = Draws(3, np.arange(n), np.arange(1, regions + 1), np.arange(1, sectors + 1))
    value = np.round(2.0 * draws.normal(Stream.VALUE)) / 2.0
    value[:, ::3] = 0.25
    breadth, ceiling = 1.0 + np.arange(regions) % 2, np.tile([900.0, 700.0, 1_500.0], (n, 1))
    expected = np.zeros(value.shape)
    for i in range(n):
        free, room = breadth.tolist(), ceiling[i].tolist()
        for place in sorted(range(regions * sectors), key=lambda place: (-value[i].flat[place], place)):
            region, sector = divmod(place, sectors)
            if free[region] > 0 and room[sector] > 0:
                expected[i, region, sector] = 1.0
                free[region] -= 1
                room[sector] -= 1
    for solver in (assignment.Solvers(), greedy.CompiledSolvers()):
        assert solver.assigned_layout(value, breadth, ceiling).tobytes() == expected.tobytes()


def test_the_planners_problems():
    """Layouts, pilots and shares of money as the references give them, with ties and with nobody to give to."""
    value = np.round(DRAWS.normal(Stream.VALUE) * 2.0) / 2.0
    breadth, ceiling = np.array([0, 1, 2, 3, 1, 6, 2]), np.tile([1.0, 2.0, 0.0, 7.0, 3.0, 1.0], (4, 1))
    solver = greedy.CompiledSolvers()
    expected = assignment.assigned_layout(value, breadth, ceiling)
    np.testing.assert_array_equal(solver.assigned_layout(value, breadth, ceiling), expected)
    for number in (0, 5, 50):
        pilots = assignment.spread_pilots(value, number)
        np.testing.assert_array_equal(solver.spread_pilots(value, number), pilots)
    weights, fallback = expected.copy(), np.full((R, K), 1.0 / (R * K))
    weights[2] = 0.0
    mix = np.linspace(0.0, 1.0, R)
    sums = [np.ones(value.shape) for _ in range(4)]
    money = support.share_out(weights, fallback, 9.0, mix, *sums[:2])
    side = lanes.Lanes(len(value))
    laid = [side.lay(str(place), values) for place, values in enumerate((weights, *sums[2:], np.empty_like(money)))]
    compiled_money.shared_out(laid[0], fallback[:, 0], 9.0, mix, np.empty(side.width), *laid[1:])
    for given, reference in zip(laid[1:], (*sums[:2], money), strict=True):
        np.testing.assert_allclose(side.plain(given, R, K), reference, rtol=1e-14)


def test_efficient_counts():
    worth = 3.0 + DRAWS.normal(Stream.VALUE, over="k")
    market = [MarketPayoff(Behaviour(efficient_bases=bases)) for bases in (0.0, 3.0)]
    rising = [Affine(Behaviour(payoff="affine", cluster_gain=0.2, outside_option=outside)) for outside in (-1e6, 3.5)]
    for payoff in (*market, *rising):
        expected = efficient_counts(worth, 20, R, payoff)
        np.testing.assert_array_equal(greedy.CompiledSolvers().efficient_counts(worth, 20, R, payoff), expected)


def test_a_rule_whose_edits_go_unnoticed_is_refused():
    """The folder of compiled code is named after the sources that may hold rules; a rule elsewhere would grow stale."""
    from qipan.model.phases import selling

    with pytest.raises(ValueError, match="take its module out of ELSEWHERE"):
        inlined(selling.levies)


def test_the_features_a_user_names_are_kept(monkeypatch):
    """Else one is added where there are gathers to keep from; a processor without them is left alone."""
    for features, given, after in (
        ("+avx,+avx2", None, "+avx,+avx2,+prefer-no-gather"),
        ("+avx,+avx2", "", ""),
        ("+avx,-avx2", None, None),
        ("+neon", None, None),
    ):
        settings = SimpleNamespace(CPU_FEATURES=given)
        monkeypatch.setattr(compiling, "get_host_cpu_features", lambda features=features: features)
        compiling.keep_from_gathers(settings)
        assert after == settings.CPU_FEATURES
