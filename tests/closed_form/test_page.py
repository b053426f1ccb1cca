"""docs/verification.md lists what the tests hold, every limit is tested, and none failed in the run that wrote it."""

import re
from pathlib import Path

import pytest

from tests.closed_form.limits import LIMITS
from tests.closed_form.page import PAGE, SECTIONS, listed, page, promised

SOURCES = sorted(Path(__file__).parent.glob("test_engine_*.py"))
KEY = re.compile(r'"([a-m]\d{1,2})"')


def test_the_page_is_not_stale():
    assert listed(PAGE.read_text(encoding="utf-8")) == promised(), (
        "write it again: QIPAN_VERIFICATION=write python -m pytest -k test_engine"
    )


def test_no_limit_failed_or_was_missing_when_the_page_was_written():
    text = PAGE.read_text(encoding="utf-8")
    assert text.count(" holds |") == len(LIMITS)
    assert "FAILS" not in text and "missing" not in text


def test_every_limit_is_tested_and_every_key_exists():
    used = {key for source in SOURCES for key in KEY.findall(source.read_text(encoding="utf-8"))}
    assert used == set(LIMITS)


def test_every_section_has_limits():
    assert {limit.part for limit in LIMITS.values()} == set(SECTIONS)


def test_a_failed_and_a_missing_limit_are_told():
    record = '{"key": "a1", "seed": 0, "error": 1.0, "passed": false, "obtained": "13", "expected": "14"}'
    text = page([record])
    assert "FAILS" in text and text.count("missing") == len(LIMITS) - 1
    assert f"0 of {len(LIMITS)} limits hold" in text


@pytest.mark.parametrize("key", list(LIMITS))
def test_a_limit_says_where_its_number_comes_from(key):
    limit = LIMITS[key]
    assert limit.what and limit.where and limit.source
