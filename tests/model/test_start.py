"""The state at the end of 2022, by hand."""

import numpy as np
import pytest

from qipan.model.parameters import Technology
from qipan.model.start import initial_capacity, pipeline
from qipan.model.world import load_world
from tests.laws.cases import short

near = pytest.approx


def test_capacity_is_spread_by_size_times_fit():
    """Demand 80 at a use of 0.8 needs 100; sizes 0.5 and 0.5, fits 1 and 3: 25 and 75."""
    capacity = initial_capacity(np.array([[80.0]]), np.array([0.5, 0.5]), np.log([[[1.0], [3.0]]]))
    assert capacity.ravel().tolist() == near([25.0, 75.0])


def test_pipeline_of_one_region():
    """Research starts: 0.7 x 0.06 x fiscal science x share / 0.02, under way x 4/1.8; industrial starts for 100 bn of
    capacity: 0.28 x 100 x 1.6 / (0.7 x 3.5) = 18.285714, under way x 3/1.6 = 34.285714."""
    world = load_world(short("baseline").world)
    own, capacity = np.full((1, 31, 6), 1 / 6), np.full((1, 31, 6), 100.0)
    in_progress, waiting = pipeline(Technology(), world, own, capacity)
    begun = 0.7 * 0.06 * world.fiscal_science[0] * world.mechanism_stages[0, 0] / 6 / 0.02
    assert in_progress[0, 0, 0, 0] == near(begun * 4 / 1.8)
    assert waiting[0, 0, 0, 0] == near(1.6 * begun)
    assert in_progress[0, 2, 0, 0] == near(34.285714, abs=1e-6)
    assert waiting[0, 2, 0, 0] >= 18.285714
