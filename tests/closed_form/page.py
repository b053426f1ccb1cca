"""docs/verification.md: written from what the tests of one run have obtained."""

import json
from collections import defaultdict
from pathlib import Path

from tests.closed_form.limits import ERRORS, LIMITS, REPORTED, Limit

PAGE = Path("docs") / "verification.md"
VARIABLE = "QIPAN_VERIFICATION"
SECTIONS = {
    "a": "Shared prize",
    "b": "Affine congestion and noise",
    "c": "Break-even of coordination",
    "d": "Parallel projects and excess entry",
    "e": "Agglomeration",
    "f": "Choices in sequence",
    "g": "Stages",
    "h": "Option to wait, diffusion",
    "i": "Measures",
    "j": "Venture returns",
    "k": "Learning and common shocks",
    "l": "Beyond section 8: the fast assignment against the exact one, and true values",
    "m": "Market with a fixed cost",
}
HEAD = """# Verification: the exact limits

Written by the tests (`make verify`, or `{variable}=write python -m pytest -k test_engine`); a test compares its list of
limits with the one the tests hold. Expected values come from outside the code: hand computation, published results,
closed forms in `model/theory/`. Parts (a) to (e) and (m) run as scenario files through the whole engine: the same
choice, coordinator, draws and measures as the provinces. Parts (f) to (k) call the rule functions the engine uses, in
the sequence of the game.

- **closed form**: the code solves the equations it states. **docking**: it agrees with another published model. Neither
  says that the equations describe China: that is validation, and is not claimed here.
- Deterministic rows must agree to the digits given. Sampled rows (three numbers, for the seeds 1, 2 and 3) lie within
  five standard errors taken from independent replicates; the false-alarm rate of one number is below two in a million
  (in the market with a fixed cost, whose totals are skewed, below one in 10,000).
- Rows (l) are not in the list of limits: bounds on 200 instances, and how often an arm beats true values in the
  dynamic game (`qipan compare oracle national-design information-only baseline`).
- {passed} of {count} limits hold in the run that wrote this page.

| | limit | runs in | expected | obtained | error | allowed | kind | verdict |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


def expected_text(limit: Limit) -> str:
    """The expected numbers as the page prints them."""
    if limit.tolerance == REPORTED:
        return ""
    return ", ".join(f"{value:.9g}" for value in limit.expected) if limit.expected else "closed form"


def listed(text: str) -> list[tuple[str, str, str]]:
    """Key, limit and expectation of every row on a page."""
    cells = [line.split(" | ") for line in text.splitlines() if line.startswith("| ") and not line.startswith("| |")]
    rows = [(cell[0].strip("| "), cell[1], cell[3]) for cell in cells if cell[0].strip("| ") in LIMITS]
    return [(key, what, expected.split(" (")[0]) for key, what, expected in rows]


def promised() -> list[tuple[str, str, str]]:
    """The same from the list the tests hold."""
    return [(limit.key, limit.what, expected_text(limit)) for limit in LIMITS.values()]


def page(records: list[str]) -> str:
    """The page from the records of a run, each a JSON text with key, expected, obtained, error, passed."""
    known = defaultdict(list)
    for record in map(json.loads, records):
        known[record["key"]].append(record)
    lines = [_row(limit, known[key]) for key, limit in LIMITS.items()]
    passed = sum(bool(known[key]) and all(record["passed"] for record in known[key]) for key in LIMITS)
    return HEAD.format(variable=VARIABLE, passed=passed, count=len(LIMITS)) + "\n".join(lines) + "\n"


def _row(limit: Limit, records: list[dict]) -> str:
    obtained = " / ".join(record["obtained"] for record in sorted(records, key=lambda record: record["seed"]))
    worst = max((record["error"] for record in records), default=float("nan"))
    expected = expected_text(limit)
    sampled, reported = limit.tolerance is ERRORS, limit.tolerance == REPORTED
    if records and not limit.expected and not reported:
        expected += f" ({records[0]['expected']})"
    allowed = "5 s.e." if sampled else "reported" if reported else f"{limit.tolerance:g}"
    error = f"{worst:.2f} s.e." if sampled else "" if reported else f"{worst:.2g}"
    verdict = "missing" if not records else "holds" if all(record["passed"] for record in records) else "FAILS"
    cells = (
        limit.key,
        limit.what,
        limit.where,
        expected,
        obtained,
        error,
        allowed,
        f"{limit.kind}: {limit.source}",
        verdict,
    )
    return "| " + " | ".join(cells) + " |"
