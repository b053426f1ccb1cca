"""Draws of a year in lanes, documents and who revises: compiled, beside the reference."""

import numpy as np
import pytest

numba = pytest.importorskip("numba")

from qipan.model.behaviour.revision import may_revise  # noqa: E402
from qipan.model.compiled import lanes, tables  # noqa: E402
from qipan.model.compiled.arithmetic import drawing  # noqa: E402
from qipan.model.compiled.executor import CompiledExecutor  # noqa: E402
from qipan.model.compiled.phases import documents  # noqa: E402
from qipan.model.draws import Draws, Stream  # noqa: E402
from qipan.model.extend.registry import REVISIONS  # noqa: E402
from qipan.model.parameters import Behaviour  # noqa: E402

R, K = 5, 3
DRAWS = Draws(7, np.arange(70, 111), np.arange(11, 11 + R), np.arange(2, 2 + K))
LANES = lanes.Lanes(DRAWS.replicates.size)
STREAMS = (
    ("PRIVATE_SIGNAL", "rk"),
    ("CHOICE", "rk"),
    ("RESULT_OWN", "rk"),
    ("RESULT_COMMON", "k"),
    ("BREAKTHROUGH", "k"),
    ("FOREIGN", "k"),
    ("REVISION", "r"),
    ("ADOPTION", "r"),
)
SHAPES = {"rk": (R, K), "k": (K,), "r": (R,)}


@pytest.mark.parametrize("stay", [False, True])
@pytest.mark.parametrize(("name", "over"), STREAMS)
def test_uniforms_in_lanes_are_those_of_their_address(name, over, stay):
    """Whatever was drawn before, and in the second round of a year as in the first."""
    drawn, stream = drawing.DrawnUniforms(DRAWS, LANES, stay), Stream[name]
    for year, round in ((2023, 0), (2024, 0), (2024, 1), (2024, 2), (2024, 0), (2023, 0)):
        expected = DRAWS.uniform(stream, year=year, over=over, round=round)
        found = LANES.plain(drawn.uniform(stream, year, round), *SHAPES[over])
        np.testing.assert_array_equal(found, expected)


def test_a_second_round_leaves_the_draws_of_the_first():
    """Own luck of the year is read after the last round of choices."""
    drawn = drawing.DrawnUniforms(DRAWS, LANES)
    first = drawn.uniform(Stream.RESULT_OWN, 2030)
    before = first.copy()
    drawn.uniform(Stream.CHOICE, 2030, 1)
    assert drawn.uniform(Stream.RESULT_OWN, 2030) is first
    np.testing.assert_array_equal(first, before)


def test_draws_are_kept_for_the_next_arm_over_the_same_few_replicates_and_for_no_other():
    """Each world, seed and set of replicates has draws of its own, and those of many replicates are not kept."""
    executor, few, ids = CompiledExecutor(), DRAWS.replicates, (DRAWS.region_ids, DRAWS.sector_ids)
    first = executor.draws(7, few, *ids)
    assert executor.draws(7, few.copy(), *ids) is first
    others = [(8, few, *ids), (7, few + 1, *ids), (7, few, ids[0] + 1, ids[1]), (7, few, ids[0], ids[1] + 1)]
    for given in others:
        made = executor.draws(*given)
        assert made is not first
        expected = Draws(*given).normal(Stream.PLANNER_SIGNAL, year=2030, over="k")
        for _ in range(2):
            np.testing.assert_allclose(made.normal(Stream.PLANNER_SIGNAL, year=2030, over="k"), expected, rtol=1e-14)
        first = made
    many = 7, np.arange(2_000), *ids
    assert executor.draws(*many) is not executor.draws(*many)


def issued(shares_of_adopters, uniform, **settings):
    """Documents after a year, one replicate in one lane."""
    adopted = np.array(shares_of_adopters, dtype=float).reshape(1, -1, 1)
    newly, regions = np.empty_like(adopted), adopted.size
    given = tables.Diffusion(chance=0.5, **settings)
    uniform = np.array(uniform, dtype=float).reshape(adopted.shape)
    documents.adopt(uniform, given, np.arange(regions + 1) / regions, np.empty(1), adopted, newly)
    return newly.ravel().tolist(), adopted.ravel().tolist()


def test_documents_by_hand():
    """Odds .1 + .4 x 2/4 + .05 = .35: drawn .34 issues, .36 does not; who has a document keeps it and issues none."""
    newly, adopted = issued([1, 1, 0, 0], [0.9, 0.0, 0.34, 0.36], spontaneous=0.1, imitative=0.4, boost=0.05)
    assert newly == [0, 0, 1, 0]
    assert adopted == [1, 1, 1, 0]


def test_who_may_revise_by_hand():
    """With a document and a draw below the chance; in the year of issue always; without a document never."""
    has, new, drawn = np.array([[1.0, 1, 1, 0], [0.0, 0, 1, 0], [0.2, 0.7, 0.7, 0.2]])
    assert may_revise(has, new, drawn, 0.5).tolist() == [1, 0, 1, 0]
    assert may_revise(has, 0.0, drawn, 0.5).tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize(("name", "chance"), [("partial", 0.3), ("synchronous", 1.0)])
def test_turns_in_lanes_are_those_of_the_reference(name, chance):
    """Two rounds; who has just issued a document revises in the first."""
    ones = np.random.default_rng(3).random((DRAWS.replicates.size, R))
    adopted = np.where(ones < 0.6, 1.0, 0.0)
    newly = np.where(ones < 0.2, 1.0, 0.0)
    turns = REVISIONS[name](Behaviour(revision=name, revise=0.3, rounds=2)).turns(2026, adopted, newly, DRAWS)
    drawn, given = drawing.DrawnUniforms(DRAWS, LANES), tables.Diffusion(0.0, 0.0, 0.0, chance)
    laid = [LANES.lay(what, values[..., None]) for what, values in (("adopted", adopted), ("newly", newly))]
    for turn in turns:
        out, uniform = np.empty_like(laid[0]), drawn.uniform(Stream.REVISION, 2026, turn.round)
        documents.let_revise(uniform, given, *laid, 0.0 if turn.round else 1.0, out)
        np.testing.assert_array_equal(LANES.plain(out, R), turn.revises)
