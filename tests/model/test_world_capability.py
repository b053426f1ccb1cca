"""Fit from counts of the sector itself: its formula, what it may not say, where it is read, own tables."""

import shutil
from math import log
from pathlib import Path

import numpy as np
import pytest

from qipan.model.errors import DataError
from qipan.model.nature import fit_spread
from qipan.model.parameters import Uncertainty, WorldChoice
from qipan.model.world import load_world, shipped_folder
from qipan.model.world.derive import capability_fit

CHOICE = WorldChoice(fit_data="capability")


def test_the_formula_by_hand():
    """Sizes 1/4, 3/4 and one entry: 1.5 against 0.75 and 0.5 against 1.25; 40 entries in the first: ln 3.86, ln 0.0164
    is clipped at -1.5, and two indicators are averaged.
    """
    size = np.array([0.25, 0.75])
    one = capability_fit(np.array([[[1.0], [0.0]]]), size)
    np.testing.assert_allclose(one[:, 0], [0.4 * log(2.0), 0.4 * log(0.4)], rtol=1e-14)
    both = capability_fit(np.array([[[1.0], [0.0]], [[40.0], [0.0]]]), size)
    expected = [0.2 * (log(2.0) + log(40.5 / 10.5)), 0.2 * (log(0.4) - 1.5)]
    np.testing.assert_allclose(both[:, 0], expected, rtol=1e-14)


def test_a_region_without_any_entry_never_suits_a_sector_more_than_average():
    """Half an entry against nothing at all would put Tibet first in every sector: 0.5 of 9 where 0.0002 is its size."""
    world = load_world(CHOICE)
    counts = np.zeros((1, 31, 6))
    counts[0, world.region_codes.index("CN-BJ")] = 9.0
    fit = capability_fit(counts, world.size)
    assert fit[world.region_codes.index("CN-XZ")] == pytest.approx(0.4 * log(0.5 / (9 * world.size.min() + 0.5)))
    assert (np.delete(fit, world.region_codes.index("CN-BJ"), axis=0) < 0.0).all()


@pytest.mark.parametrize("other", [{"data": "cities-293"}, {"sectors": "classes-13"}, {"sectors": "directions-6"}])
def test_cities_and_other_sector_tables_keep_the_frontier_rule(other):
    plain, asked = load_world(WorldChoice(**other)), load_world(WorldChoice(fit_data="capability", **other))
    np.testing.assert_array_equal(plain.data_fit, asked.data_fit)
    assert asked.fit_coarse and "capability.csv" not in asked.files


def test_what_the_coarse_rule_misses_is_drawn_only_under_it():
    """Variances add: 0.3 and 0.4 make 0.5."""
    uncertainty = Uncertainty(fit_spread=0.3, coarse_fit_spread=0.4)
    assert fit_spread(load_world(WorldChoice(fit_data="frontier")), uncertainty) == pytest.approx(0.5)
    assert fit_spread(load_world(CHOICE), uncertainty) == 0.3


@pytest.fixture
def own(tmp_path: Path) -> Path:
    shutil.copy(shipped_folder() / "capability.csv", tmp_path)
    return tmp_path / "capability.csv"


def lines_of(own: Path) -> list[str]:
    return own.read_text(encoding="utf-8").splitlines()


def test_an_own_indicator_counts(own):
    kept = lines_of(own)
    added = [line.replace("listed_firms", "start_ups") for line in kept if ",listed_firms," in line]
    own.write_text("\n".join([*kept, *added]), encoding="utf-8")
    world = load_world(CHOICE, own.parent)
    assert "capability.csv, 186 rows added" in world.own.sentence()
    assert not np.array_equal(world.data_fit, load_world(CHOICE).data_fit)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "brain,nkrdp_lead_projects,18,",
            "brain,nkrdp_lead_projects,-1,",
            "value: -1 is outside what is allowed; a num",
        ),
        ("brain,nkrdp_lead_projects,18,", "brain,nkrdp_lead_projects,many,", "value: many is not a number; a number"),
        ("CN-BJ,brain,nkrdp_lead_projects,18,2020", "CN-BJ,brain,nkrdp_lead_projects,18,2024", "year: 2024 is outside"),
        ("CN-BJ,brain,", "CN-BX,brain,", "region: 'CN-BX' is not known; did you mean CN-"),
        ("CN-BJ,brain,", "CN-BJ,brains,", "sector: 'brains' is not known; did you mean brain"),
    ],
)
def test_a_bad_cell_is_told_with_file_line_column_and_what_is_allowed(own, old, new, said):
    own.write_text(own.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as refused:
        load_world(CHOICE, own.parent)
    assert "capability.csv:2: " + said in str(refused.value)


def test_a_pair_that_stands_twice_or_is_missing_is_told(own):
    kept = lines_of(own)
    own.write_text("\n".join([*kept, kept[1]]), encoding="utf-8")
    with pytest.raises(
        DataError, match=r"capability.csv:746: indicator: nkrdp_lead_projects CN-BJ brain stands twice, "
    ):
        load_world(CHOICE, own.parent)
    own.write_text("\n".join([kept[0], *kept[2:]]), encoding="utf-8")
    with pytest.raises(DataError, match=r"nkrdp_lead_projects: no row for 1 of 186 pairs \(CN-BJ brain\); give every"):
        load_world(CHOICE, own.parent)
