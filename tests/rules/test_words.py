"""Words of verdicts and of sentences: identical, one replicate, singular and plural, scenarios as subjects."""

from types import SimpleNamespace

import numpy as np
import pytest

from qipan.experiments.findings.finding import named, regions_words
from qipan.experiments.statistics.estimates import estimated
from qipan.experiments.statistics.paired import IDENTICAL, NO_INTERVAL, NOT_DISTINGUISHABLE, verdict


@pytest.mark.parametrize(
    ("low", "high", "sure", "said"),
    [
        (0.0, 0.0, True, IDENTICAL), (0.0, 0.0, False, IDENTICAL), (-np.inf, np.inf, True, NO_INTERVAL),
        (-1.0, 1.0, True, NOT_DISTINGUISHABLE), (1.0, 2.0, False, NOT_DISTINGUISHABLE), (1.0, 2.0, True, "better"),
        (-2.0, -1.0, True, "worse"), (3.0, 3.0, True, "better"), (0.0, 1.0, True, NOT_DISTINGUISHABLE),
        (np.nan, np.nan, True, NOT_DISTINGUISHABLE),
    ],
)  # fmt: skip
def test_a_verdict_tells_equal_unjudged_and_unclear_apart(low, high, sure, said):
    assert verdict(low, high, "higher is better", sure) == said


def test_equal_columns_are_identical_and_one_replicate_has_no_interval():
    values = np.stack([np.zeros(6), np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0]), np.full(6, 2.0)], axis=1)
    ways = ["higher is better"] * 3
    assert estimated(values, ways)["verdict"].tolist() == [IDENTICAL, NOT_DISTINGUISHABLE, "better"]
    assert estimated(values[:1], ways)["verdict"].tolist() == [NO_INTERVAL] * 3


@pytest.mark.parametrize(
    ("gain", "lose", "rest", "said"),
    [
        (0, 0, [NOT_DISTINGUISHABLE] * 31, ("gain", "lose", "31 are not distinguishable")),
        (1, 2, [NOT_DISTINGUISHABLE], ("gains", "lose", "1 is not distinguishable")),
        (2, 1, [IDENTICAL] * 3, ("gain", "loses", "3 are identical")),
        (1, 1, [IDENTICAL, NOT_DISTINGUISHABLE, NOT_DISTINGUISHABLE],
         ("gains", "loses", "2 are not distinguishable and 1 is identical")),
        (0, 0, [NO_INTERVAL] * 9, ("gain", "lose", "9 have one replicate and no interval")),
        (4, 5, [], ("gain", "lose", "0 are not distinguishable")),
    ],
)  # fmt: skip
def test_regions_have_the_verbs_of_their_number(gain, lose, rest, said):
    words = regions_words(gain, lose, rest, "en")
    assert (words["gains"], words["loses"], words["rest"]) == said


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Without venture capital", "the scenario without venture capital"),
        ("No coordinator", "no coordinator"), ("Key-area plans", "key-area plans"),
        ("All regions revise every year", 'the scenario "All regions revise every year"'),
        ("GDP targets", "GDP targets"),
    ],
)  # fmt: skip
def test_a_title_can_be_the_subject_of_a_sentence(title, said):
    assert named(SimpleNamespace(title=title, title_zh="", name="x"), "en") == said
