"""Shares of peers by groups are the mean over the matrix of weights, to the byte."""

import numpy as np
import pytest

from qipan import load_scenario, load_world
from qipan.model.behaviour.peers import share_of_peers, tiers_of
from qipan.model.kernels import mean_over_neighbours


@pytest.mark.parametrize("name", ["baseline", "cities-293"])
def test_groups_give_the_bytes_of_the_matrix(name: str) -> None:
    world = load_world(load_scenario(name).world)
    layout = (np.arange(2 * world.data_fit.size) * 7919 % 13 < 6).astype(float).reshape(2, *world.data_fit.shape)
    assert share_of_peers(layout, world).tobytes() == mean_over_neighbours(layout, world.peers).tobytes()


def test_weights_that_differ_within_a_group_are_no_tiers() -> None:
    assert tiers_of(np.array([[0.0, 1.0], [0.5, 0.0]])) is None
    assert tiers_of(np.array([[0.0, 1.0], [1.0, 0.0]])).shares.tolist() == [[0.0, 1.0, 2.0]]


def test_tiers_by_hand() -> None:
    """Three regions with halves for each other, two with wholes, one alone: what 0, 1, 2, 3 peers make up."""
    weights = np.zeros((6, 6))
    weights[np.ix_([0, 2, 4], [0, 2, 4])], weights[np.ix_([1, 3], [1, 3])] = 0.5, 1.0
    np.fill_diagonal(weights, 0.0)
    found = tiers_of(weights)
    assert found.tier.tolist() == [0, 1, 0, 1, 0, 2]
    assert found.shares.tolist() == [[0.0, 0.5, 1.0, 1.5], [0.0, 1.0, 2.0, 3.0], [0.0, 0.0, 0.0, 0.0]]
