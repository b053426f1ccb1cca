"""The fixture `limits`: compares what the engine gave with a limit and keeps a row for docs/verification.md."""

import json
import os

import numpy as np
import pytest

from tests.closed_form.limits import ERRORS, LIMITS, REPORTED
from tests.closed_form.page import PAGE, VARIABLE, page

RECORDS: list[str] = []


class Limits:
    """Compares numbers with the limit of a key; a difference beyond what is allowed fails the test."""

    def __init__(self, keep):
        self.keep = keep

    def exact(self, key, obtained, expected=None):
        """A deterministic number, or one number a replicate: every replicate must agree."""
        limit = LIMITS[key]
        wanted = np.array(limit.expected or np.atleast_1d(expected), dtype=float)
        found = np.atleast_2d(np.asarray(obtained, dtype=float)).reshape(-1, wanted.size)
        gap = np.abs(found - wanted)
        self._record(key, 0, found[0], wanted, float(gap.max()), bool((gap <= limit.tolerance).all()))

    def sampled(self, key, sample, seed, expected=None, spread=None):
        """The mean over independent replicates, the first axis, against five of its standard errors, by the sample or
        by a standard deviation that is known (`spread`).
        """
        limit = LIMITS[key]
        assert limit.tolerance is ERRORS
        wanted = np.array(limit.expected or np.atleast_1d(expected), dtype=float)
        found = np.asarray(sample, dtype=float).reshape(len(sample), -1)
        error = (found.std(axis=0, ddof=1) if spread is None else spread) / np.sqrt(len(found))
        gap = np.abs(found.mean(axis=0) - wanted) / error
        self._record(key, seed, found.mean(axis=0), wanted, float(gap.max()), bool((gap <= 5.0).all()))

    def told(self, key, obtained):
        """A number that is reported without being a limit."""
        assert LIMITS[key].tolerance == REPORTED
        found = np.asarray(obtained, dtype=float)
        self._record(key, 0, found, found, 0.0, True)

    def _record(self, key, seed, obtained, wanted, error, passed):
        text = {
            "obtained": ", ".join(f"{value:.9g}" for value in obtained),
            "expected": ", ".join(f"{w:.6g}" for w in wanted),
        }
        self.keep("limit", json.dumps({"key": key, "seed": seed, "error": error, "passed": passed, **text}))
        assert passed, f"{LIMITS[key].what}: {text['obtained']} is off {text['expected']} by {error:g}"


@pytest.fixture
def limits(record_property):
    return Limits(record_property)


def pytest_runtest_logreport(report):
    """Collected where the reports arrive: also when tests run in several processes."""
    if report.when == "call":
        RECORDS.extend(value for name, value in report.user_properties if name == "limit")


def pytest_sessionfinish(session):
    """Write the page, when asked, once a whole run is over."""
    asked = os.environ.get(VARIABLE) == "write" and not hasattr(session.config, "workerinput")
    if asked and RECORDS:
        (session.config.rootpath / PAGE).write_text(page(RECORDS), encoding="utf-8")
