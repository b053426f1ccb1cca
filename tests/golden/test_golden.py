"""A few numbers of each arm, kept: no number changes unnoticed.

They prove nothing about the model. When one moves and is meant to, write the new file with
`python -m tests.golden.test_golden` and add a line tagged **Numbers change** to CHANGELOG.md that says what moved.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from qipan import run
from qipan.model.scenario import load_scenario

FILE = Path(__file__).with_name("numbers.json")
ARMS = (
    "baseline",
    "information-only",
    "random-coordinator",
    "lump-sum",
    "burn",
    "cut",
    "national-design",
    "oracle",
    "fund-zhejiang",
    "imitators",
    "one-at-a-time",
    "classes-13",
)
WHAT_TO_DO = (
    "numbers changed in {name}. If that is meant: `python -m tests.golden.test_golden`, and a line tagged "
    "**Numbers change** in CHANGELOG.md that says what moved and why. If not, a rule was changed by accident."
)


def numbers(name):
    """National totals of two replicates in the last year, and layouts as whole numbers."""
    h = run(load_scenario(name), replicates=range(2))
    totals = ("output", "investment", "capacity", "money", "lost", "arrears", "demand", "lapsed", "ecosystem_money")
    last = {field: [float(h[field][n, -1].sum()) for n in range(2)] for field in totals}
    counts = h["layout"][:, -1].sum(axis=1).astype(int).tolist()
    return last | {"regions_per_sector": counts, "adopted": h["adopted"].sum(axis=(1, 2)).astype(int).tolist()}


@pytest.mark.parametrize("name", ARMS)
def test_numbers_are_those_kept(name):
    """Counts to the unit, amounts to 1e-9: other processors round the last bits otherwise."""
    kept, now = json.loads(FILE.read_text(encoding="utf-8"))[name], numbers(name)
    message = WHAT_TO_DO.format(name=name)
    assert kept.keys() == now.keys(), message
    for field, values in kept.items():
        np.testing.assert_allclose(now[field], values, rtol=1e-9, atol=1e-9, err_msg=f"{field}: {message}")


def test_only_arms_under_test_are_kept():
    assert list(json.loads(FILE.read_text(encoding="utf-8"))) == list(ARMS)


if __name__ == "__main__":
    FILE.write_text(json.dumps({name: numbers(name) for name in ARMS}, indent=1) + "\n", encoding="utf-8")
