"""The laws that every payoff form is held to, and the total that a planner of a form counts."""

import numpy as np

from qipan.model.coordination.assignment import efficient_counts

MOST = 31
VALUES = np.array([0.5, 40.0, 300.0, 2500.0])
WORLDS = 200


def added_up(form):
    """What the first 1, 2, ... 31 regions of average fit add, one after the other, and what they and others have of it,
    both (value, region).
    """
    worth, count = form.worth(VALUES)[:, None], np.arange(1.0, MOST + 1.0)
    return np.cumsum(form.marginal(worth, count), axis=1), _total(form, worth, count)


def _total(form, worth, count):
    return count * form.realised(worth, 0.0, count) + form.outside(worth, count)


def gain_of_a_move(form, counted=efficient_counts):
    """The most that one base added, dropped or moved gains over the planner's own counts at average fit, as a share of
    the largest total of a sector, (world,): in 200 random worlds of 1 to 8 sectors, 1 to 31 regions, few or many slots.
    """
    draw = np.random.default_rng(7)
    return np.array([_gain(form, counted, draw) for _ in range(WORLDS)])


def _gain(form, counted, draw):
    sectors, regions = draw.integers(1, 9), draw.integers(1, MOST + 1)
    slots = int(draw.integers(1, sectors * regions + 1))
    worth = form.worth(300.0 * np.exp(1.2 * draw.standard_normal(sectors)))
    count = counted(worth[None], slots, regions, form)[0]
    assert (count >= 0).all() and (count <= regions).all() and count.sum() <= slots
    steps = np.arange(regions + 1.0)
    total = _total(form, worth[:, None], steps) - form.threshold * steps
    total[:, 0] = 0.0
    here = np.arange(sectors), count.astype(int)
    up = np.where(count < regions, total[here[0], np.minimum(here[1] + 1, regions)] - total[here], -np.inf)
    down = np.where(count > 0, total[here[0], np.maximum(here[1] - 1, 0)] - total[here], -np.inf)
    moved = up[:, None] + down[None, :]
    np.fill_diagonal(moved, -np.inf)
    added = up if count.sum() < slots else np.full(sectors, -np.inf)
    return max(added.max(), down.max(), moved.max()) / np.abs(total).max()
