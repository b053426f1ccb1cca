"""Choices made one after another: cascades, lock-in, restaurants. Model section 8 (f)."""

import math

import numpy as np

from qipan.model.axes import Array


def cascade_correct(precision: float) -> float:
    """Probability that a cascade ends on the right choice, private signals right with probability q.

    Bikhchandani, Hirshleifer and Welch (1992), ties by a fair coin: each two deciders start a right cascade with
    q (q + 1) / 2, a wrong one with (1-q)(2-q) / 2, none with q (1-q). q = .7: .595 / .79 = .753165.
    """
    return precision * (precision + 1.0) / 2.0 / (1.0 - precision * (1.0 - precision))


def lock_in_probability(up: float, barrier: int) -> float:
    """Probability that a walk with up-probability p is absorbed at +b before -b: 1 / (1 + ((1-p)/p)^b).

    Arthur (1989): adopters of two technologies until one is ahead by b.
    """
    return 1.0 / (1.0 + ((1.0 - up) / up) ** barrier)


def lock_in_time(up: float, barrier: int) -> float:
    """Expected steps until the walk is absorbed at +b or -b: b (2P - 1) / (2p - 1), b^2 for a fair walk."""
    if abs(up - 0.5) < 1e-12:
        return float(barrier * barrier)
    return barrier * (2.0 * lock_in_probability(up, barrier) - 1.0) / (2.0 * up - 1.0)


def restaurants_random(customers: int) -> float:
    """Share of N restaurants with a customer when N customers choose at random: 1 - (1 - 1/N)^N, towards 1 - 1/e."""
    return 1.0 - (1.0 - 1.0 / customers) ** customers


def restaurants_crowd_avoiding(most: int = 30) -> float:
    """Share of restaurants with a customer when each of n guests returns with probability 1/n, else goes elsewhere.

    Kolkata Paise Restaurant, crowd-avoiding (Ghosh, Chatterjee, Mitra and Chakrabarti 2010: about .80 in simulation).
    Mean field for many restaurants: guests of the next evening = Binomial(n, 1/n) + Poisson(1 - f), f the share with a
    guest; the stationary distribution of n by iteration. Within .01 of the simulation.

    Args:
        most: Largest number of guests followed.
    """
    stay = _staying(most)
    guests = _poisson(1.0, most)
    for _ in range(400):
        arriving = _poisson(float(guests[0]), most)
        staying = (guests[:, None] * stay).sum(axis=0)
        guests = np.convolve(staying, arriving)[: most + 1]
        guests = guests / guests.sum()
    return float(1.0 - guests[0])


def _poisson(mean: float, most: int) -> Array:
    return np.array([math.exp(-mean) * mean**n / math.factorial(n) for n in range(most + 1)])


def _staying(most: int) -> Array:
    """(n, j) probability that j of n guests return, each with probability 1/n."""
    table = np.zeros((most + 1, most + 1))
    table[0, 0] = 1.0
    for n in range(1, most + 1):
        for j in range(n + 1):
            table[n, j] = math.comb(n, j) * (1.0 / n) ** j * (1.0 - 1.0 / n) ** (n - j)
    return table
