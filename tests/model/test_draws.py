"""Addressed draws: known answers, distribution, and that an address alone decides a value.

Statistical tests run at a fixed seed with limits of five standard errors: a correct generator fails one of them with
probability below 6e-7 a statistic, once, when the seed is chosen, and never afterwards.
"""

import math

import numpy as np
import pytest
from scipy import special

from qipan.model.draws import Draws, Stream, philox

REGIONS = np.array([310000, 330000, 410000, 140000, 320000])
SECTORS = np.array([1, 2, 3, 4, 5, 6])


def draws(replicates=range(8), regions=REGIONS, sectors=SECTORS, seed=42) -> Draws:
    return Draws(seed=seed, replicates=np.array(replicates), region_ids=regions, sector_ids=sectors)


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ((2**32 - 1,) * 4, (2**32 - 1,) * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_known_answers_of_the_authors(counter, key, expected):
    """The three vectors of the Random123 distribution (Salmon et al. 2011, kat_vectors, philox4x32 10)."""
    assert " ".join(f"{int(word):08x}" for word in philox(counter, key)) == expected


def test_philox_broadcasts_its_counter():
    words = philox((np.arange(3)[:, None], np.arange(2), 0, 0), (0, 0))
    assert [word.shape for word in words] == [(3, 2)] * 4
    assert all(word.dtype == np.uint32 for word in words)
    assert f"{words[0][0, 0]:08x}" == "6627e8d5"


@pytest.mark.parametrize("stream", [Stream.PRIVATE_SIGNAL, Stream.TIE, Stream.VALUE, Stream.BOOTSTRAP])
def test_the_counter_is_laid_out_as_documented(stream):
    seed = (7 << 32) | 5
    block = draws(seed=seed).uniform(stream, year=2025, round=3)
    for replicate, r, k in [(0, 0, 0), (7, 4, 5), (3, 2, 1)]:
        counter = (replicate, int(REGIONS[r]), 2025 << 16 | int(SECTORS[k]), 3 << 16 | stream // 4)
        word = int(philox(counter, (5, 7))[stream % 4])
        assert block[replicate, r, k] == (word + 0.5) * 2.0**-32


@pytest.mark.parametrize(
    ("over", "shape", "region", "sector"),
    [("", (8,), 0, 0), ("r", (8, 5), 310000, 0), ("k", (8, 6), 0, 1), ("rk", (8, 5, 6), 310000, 1)],
)
def test_an_axis_left_out_has_id_zero(over, shape, region, sector):
    block = draws(seed=1).uniform(Stream.VALUE, year=9, over=over)
    assert block.shape == shape
    assert block.flags.c_contiguous
    word = int(philox((2, region, 9 << 16 | sector, 1), (1, 0))[0])
    assert block[2].reshape(-1)[0] == (word + 0.5) * 2.0**-32


def test_every_stream_has_its_own_number_and_values():
    assert sorted(Stream) == list(range(len(Stream)))
    first = [draws().uniform(stream)[0, 0, 0] for stream in Stream]
    assert len(set(first)) == len(Stream)


@pytest.mark.parametrize("kind", ["uniform", "normal", "gumbel"])
@pytest.mark.parametrize("over", ["", "r", "k", "rk"])
def test_values_do_not_depend_on_the_block_of_replicates(kind, over):
    whole = getattr(draws(range(300)), kind)(Stream.RESULT_OWN, year=2030, over=over)
    for rows in ([0], [299], list(range(17, 145)), [250, 3, 128]):
        part = getattr(draws(rows), kind)(Stream.RESULT_OWN, year=2030, over=over)
        assert part.tobytes() == whole[rows].tobytes()


def test_adding_or_reordering_regions_and_sectors_moves_nobody_else():
    before = draws().normal(Stream.CHOICE, year=2026)
    more = draws(regions=np.append(650000, REGIONS), sectors=np.array([6, 5, 4, 3, 2, 1, 9]))
    after = more.normal(Stream.CHOICE, year=2026)
    assert np.array_equal(after[:, 1:, 5::-1], before)


def test_the_order_of_questions_changes_no_answer():
    one, other = draws(), draws()
    first = [one.normal(stream, year=2024) for stream in Stream]
    last = [other.normal(stream, year=2024) for stream in reversed(Stream)][::-1]
    again = [one.normal(stream, year=2024) for stream in Stream]
    assert all(np.array_equal(a, b) and np.array_equal(a, c) for a, b, c in zip(first, last, again, strict=True))


def test_years_rounds_seeds_and_streams_give_unrelated_values():
    base = draws(range(500)).normal(Stream.CHOICE, year=2024)
    others = [
        draws(range(500)).normal(Stream.CHOICE, year=2025),
        draws(range(500)).normal(Stream.CHOICE, year=2024, round=1),
        draws(range(500), seed=43).normal(Stream.CHOICE, year=2024),
        draws(range(500)).normal(Stream.TIE, year=2024),
        draws(range(500, 1000)).normal(Stream.CHOICE, year=2024),
    ]
    limit = 5.0 / math.sqrt(base.size)
    assert all(abs((base * other).mean()) < limit for other in others)


def test_neighbouring_cells_are_uncorrelated():
    z = draws(range(1000)).normal(Stream.FIT)
    limit = 5.0 / math.sqrt(z[:, 1:].size)
    assert abs((z[:, 1:] * z[:, :-1]).mean()) < limit
    assert abs((z[..., 1:] * z[..., :-1]).mean()) < limit
    assert abs((z[1:] * z[:-1]).mean()) < limit


def test_uniforms_are_uniform():
    """Chi-square of 256 cells on 120,000 draws: mean 255, sd sqrt(510); five sd. Range strictly inside (0, 1)."""
    u = draws(range(4000)).uniform(Stream.CHOICE, year=2024)
    counts = np.bincount((u.reshape(-1) * 256).astype(int), minlength=256)
    chi_square = ((counts - u.size / 256) ** 2 / (u.size / 256)).sum()
    assert abs(chi_square - 255) < 5 * math.sqrt(510)
    assert u.min() > 0.0 and u.max() < 1.0


def test_normals_have_the_moments_of_a_normal():
    """Mean 0, variance 1 (se sqrt(2/N)), skewness 0 (se sqrt(6/N)), kurtosis 3 (se sqrt(24/N)), tail beyond 1.96 5%."""
    z = draws(range(4000)).normal(Stream.CHOICE, year=2024).reshape(-1)
    root = math.sqrt(z.size)
    assert abs(z.mean()) < 5 / root
    assert abs((z**2).mean() - 1) < 5 * math.sqrt(2) / root
    assert abs((z**3).mean()) < 5 * math.sqrt(15) / root
    assert abs((z**4).mean() - 3) < 5 * math.sqrt(96) / root
    assert abs((np.abs(z) > 1.959963984540054).mean() - 0.05) < 5 * math.sqrt(0.05 * 0.95) / root


def test_normals_are_the_quantiles_of_the_uniforms():
    u, z = draws(range(500)).uniform(Stream.FIT), draws(range(500)).normal(Stream.FIT)
    assert np.abs(special.ndtr(z) / u - 1.0).max() < 1e-13


def test_gumbels_have_the_moments_of_a_gumbel():
    """Mean Euler's constant, variance pi^2/6; fourth central moment of a Gumbel is 5.4 variance^2."""
    g = draws(range(4000)).gumbel(Stream.CHOICE, year=2024).reshape(-1)
    variance = math.pi**2 / 6
    root = math.sqrt(g.size)
    assert abs(g.mean() - np.euler_gamma) < 5 * math.sqrt(variance) / root
    assert abs(((g - np.euler_gamma) ** 2).mean() - variance) < 5 * math.sqrt(4.4) * variance / root


def test_best_of_gumbel_noise_is_a_logit():
    """P(choose k) = exp(U_k) / sum exp(U): the reason Gumbel noise is used."""
    utility = np.array([0.0, 0.5, 1.0, 1.5, -1.0, -2.0])
    noise = draws(range(4000)).gumbel(Stream.CHOICE, year=2024).reshape(-1, 6)
    share = np.bincount((utility + noise).argmax(axis=1), minlength=6) / len(noise)
    expected = np.exp(utility) / np.exp(utility).sum()
    assert (np.abs(share - expected) < 5 * np.sqrt(expected * (1 - expected) / len(noise))).all()


def toy_history(change: dict[tuple[int, int], float]) -> np.ndarray:
    """Three years of regions that average signals with last year's neighbour; `change` adds to one (year, region)."""
    block = draws(range(20))
    belief = np.zeros((20, 5, 6))
    years = []
    for year in (2023, 2024, 2025):
        heard = block.normal(Stream.PRIVATE_SIGNAL, year=year)
        for (when, region), extra in change.items():
            if when == year:
                heard[:, region] += extra
        belief = 0.5 * (belief + heard)
        belief[:, 1] = 0.5 * (belief[:, 1] + belief[:, 0])
        years.append(belief.copy())
    return np.stack(years, axis=1)


def test_minimally_different_worlds_differ_only_where_the_cause_reaches():
    """One signal of region 0 in 2024: nothing before 2024, only region 0 and its neighbour 1 afterwards."""
    plain, changed = toy_history({}), toy_history({(2024, 0): 1.0})
    touched = (plain != changed).any(axis=(0, 3))
    assert touched.tolist() == [[False] * 5, [True, True] + [False] * 3, [True, True] + [False] * 3]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": -1}, "seed is -1"),
        ({"seed": 2**64}, "seed is"),
        ({"regions": np.array([0, 1])}, "region_ids must be distinct and lie between 1"),
        ({"regions": np.array([7, 7])}, "region_ids must be distinct"),
        ({"sectors": np.array([70000])}, "sector_ids must be distinct and lie between 1 and 65535"),
        ({"replicates": [-1]}, "replicates must be distinct and lie between 0"),
        ({"sectors": np.array([1.0])}, "sector_ids must be a non-empty row of whole numbers"),
    ],
)
def test_ids_that_would_share_draws_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        draws(**change)


@pytest.mark.parametrize("address", [{"year": -1}, {"year": 65536}, {"round": 65536}])
def test_addresses_that_would_wrap_are_refused(address):
    with pytest.raises(ValueError, match="must lie between 0 and 65535"):
        draws().uniform(Stream.CHOICE, **address)


def test_the_largest_ids_are_ids():
    draws = Draws(1, np.array([2**32 - 1]), np.array([2**32 - 1]), np.array([2**16 - 1]))
    assert draws.uniform(Stream.CHOICE, year=2**16 - 1, round=2**16 - 1).shape == (1, 1, 1)


def test_parts_of_an_address_are_named():
    """A year is no round, and nobody gives one for the other by its place."""
    draws = Draws(1, np.arange(2), np.arange(1, 3), np.arange(1, 3))
    for kind in (draws.uniform, draws.normal, draws.gumbel):
        with pytest.raises(TypeError):
            kind(Stream.CHOICE, 2023)
