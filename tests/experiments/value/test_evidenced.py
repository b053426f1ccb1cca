"""Stored evidence beside shipped policies: its numbers, its staleness, and what is said where there is none."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from qipan.experiments.brief.make import make_brief
from qipan.experiments.findings.quoted import evidenced
from qipan.experiments.findings.quoted.evidenced import known_or_how
from qipan.experiments.findings.terminal import importance_lines
from qipan.experiments.report.answer import answer
from qipan.experiments.studies.python import compare
from qipan.model.scenario import load_scenario

SHARES = {"helps": (0.42, 0.31, 0.53), "untold": (0.51, 0.4, 0.62), "hurts": (0.07, 0.02, 0.13)}


@pytest.fixture(scope="module")
def design(tmp_path_factory):
    """The shipped design against the shipped baseline, a replicate of each."""
    return compare(["baseline", "national-design"], replicates=1, folder=tmp_path_factory.mktemp("told") / "result")


@pytest.fixture
def stored(design, tmp_path, monkeypatch):
    """The shipped file with other numbers, made of what the comparison is made of."""
    told = json.loads(evidenced.STORED.read_text(encoding="utf-8"))
    mine = told["policies"]["national-design"]
    mine |= {name: dict(zip(("share", "low", "high"), ends, strict=True)) for name, ends in SHARES.items()}
    mine["made"] = evidenced.made_now(design, design.arm("national-design"), "national-design")
    told["design"]["shares"][0]["total"] = 0.6789
    told["design"]["reversal"] = {"distance": 1.234, "low": 1.1, "high": 1.5}
    monkeypatch.setattr(evidenced, "STORED", tmp_path / "evidence.json")

    def write(**changes: str) -> None:
        changed = {
            **told,
            "policies": {**told["policies"], "national-design": {**mine, "made": mine["made"] | changes}},
        }
        Path(evidenced.STORED).write_text(json.dumps(changed), encoding="utf-8")

    write()
    return write


def test_the_numbers_of_the_file_are_told_where_a_reader_looks(design, stored):
    said = known_or_how(design, "en")
    assert (
        "raises welfare in 42, lowers it in 7 and cannot be told in 51 (95% interval for raises: 31 to 53)" in said[0]
    )
    assert "less public money raises it in 12 and lowers it in 60" in said[0]
    assert any("68% goes with social surplus" in text for text in said)
    assert any("reverses 1.23 prior standard deviations from the values in use (1.10 to 1.50)" in text for text in said)
    assert not any("stale" in text for text in said)
    assert said[0] in answer(design, "en") and importance_lines(design, "en") == said
    assert set(said) <= set(make_brief(design, "en").grounds)
    chinese = "".join(known_or_how(design, "zh"))
    assert "42个中提高社会福利" in chinese and "68%" in chinese and "1.23个先验标准差" in chinese


def test_what_was_made_of_other_code_is_told_to_be_stale(design, stored):
    stored(model="0" * 12)
    said = known_or_how(design, "en")
    assert "stale: the code of the model changed" in said[1] and "make evidence" in said[1]


def test_of_other_settings_nothing_is_quoted_and_the_commands_are_named(design, stored):
    arm = design.arm("national-design")
    other = replace(arm, scenario=load_scenario("national-design", {"policy.coordination.levy": 0.3}))
    changed = replace(design, arms=[other if one.name == arm.name else one for one in design.arms])
    (said,) = known_or_how(changed, "en")
    assert "verdict on full national design was not computed here" in said
    for command in ("qipan sensitivity", "qipan flip", "--over provinces", "--assumptions 64"):
        assert command in said
    assert not any("Of 100 worlds" in text for text in answer(changed, "en"))


def test_the_shipped_file_is_of_the_shipped_scenarios(design):
    """What it was made of is the data and the scenarios of this commit; the model may have moved on, which is told."""
    now = evidenced.made_now(design, design.arm("national-design"), "national-design")
    made = json.loads(evidenced.STORED.read_text(encoding="utf-8"))["policies"]["national-design"]["made"]
    assert now is not None and [made[kind] for kind in ("data", "settings")] == [now["data"], now["settings"]]
