"""The best of a searched set: tables by hand, the set itself, and a small world in which all of it is run by hand."""

import json
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from qipan import load_scenario, run
from qipan.experiments.findings.quoted import searched
from qipan.experiments.findings.quoted.searched import BOUND, FIXED, searched_label
from qipan.experiments.report.answer import answer
from qipan.experiments.results.study import Study
from qipan.experiments.studies.python import compare
from qipan.experiments.summaries.scores import make_scores
from qipan.experiments.value.searched import LEVIES, best_fixed, searched_arms, searched_tables
from qipan.experiments.value.words import sentences
from qipan.model.extend.registry import LEVERS
from qipan.model.measures import compute
from tests.laws.cases import small


def scores(**welfare):
    """Scores of some arms with these values of welfare."""
    count = len(next(iter(welfare.values())))
    return {
        name: {"total:welfare": np.array(values), "replicates": np.arange(count)} for name, values in welfare.items()
    }


def test_bound_and_best_fixed_by_hand():
    """Gains of a (1, 3, -1, 3), of b (2, 0, 2, 0): best of each (2, 3, 2, 3). In replicates 0 and 2 b leads, 2 against
    0; in 1 and 3 it gains nothing. a has 1.5 of the 2.5.
    """
    tables = searched_tables(scores(none=[5.0, 5, 5, 5], a=[6.0, 8, 4, 8], b=[7.0, 5, 7, 5]))
    bound = tables["bound"].set_index("quantity")
    assert bound["mean"].to_dict() == {BOUND: 2.5, FIXED: 0.0, f"{FIXED}_own_half": 2.0}
    assert bound.loc[FIXED, "arm"] == "b"
    arms = tables["arms"].set_index("arm")
    assert list(arms.index) == ["a", "b", "none"]
    assert arms["mean"].to_dict() == {"a": 1.5, "b": 1.0, "none": 0.0}
    assert arms.loc["a", "share"] == pytest.approx(0.6)
    assert arms["probability_best"].to_dict() == {"a": 0.5, "b": 0.5, "none": 0.0}


def test_no_arm_of_the_set_is_above_the_bound_and_no_share_is_stated_of_nothing():
    tables = searched_tables(scores(none=np.zeros(6), a=np.array([1.0, -2, 3, -4, 5, -6])))
    assert (tables["arms"]["mean"] <= tables["bound"]["mean"].iloc[0]).all()
    alike = searched_tables(scores(none=np.zeros(6), a=np.zeros(6)))
    assert alike["bound"]["mean"].iloc[0] == 0.0 and alike["arms"]["share"].isna().all()


def test_the_half_that_did_not_choose_is_not_flattered():
    """Twenty arms of noise alone: over 200 repeats the choosing half has a mean of about 1.87 standard errors of 1/sqrt
    50, the other half one of zero, within five standard errors of the mean of 200 (a false alarm in two million).
    """
    from qipan.model.draws import Draws, Stream

    chosen, others = [], []
    for repeat in range(200):
        draws = Draws(repeat, np.arange(100), np.arange(1, 21), np.array([1]))
        _, (own, other) = best_fixed(draws.normal(Stream.VALUE, over="r"))
        chosen.append(own.mean())
        others.append(other.mean())
    assert abs(np.mean(others)) <= 5.0 / np.sqrt(50 * 200)
    assert np.mean(chosen) > 1.5 / np.sqrt(50)


def test_the_set_is_every_set_of_levers_at_every_levy_and_three_more():
    arms = searched_arms(small("national-design", 3))
    assert len(arms) == 3 + 1 + (2 ** len(LEVERS) - 1) * len(LEVIES)
    true = [arm for name, arm in arms.items() if arm.policy.coordination.arm == "oracle"]
    assert len(true) == len(arms) - 3
    assert arms["design"].digest() == small("national-design", 3).digest()
    assert searched_label("key_areas+ecosystem-at-0.2", "en") == "Key-area plans and ecosystem, levy 0.2, true values"


def test_without_a_levy_lists_are_followed_and_nothing_is_paid_for():
    arms = searched_arms(small("national-design", 5))
    without, plenty = (run(arms[f"key_areas+ecosystem-at-{levy}"], replicates=2) for levy in ("0", "0.4"))
    assert without["on_list"].any() and not without["levy"].any() and not without["administration"].any()
    assert plenty["levy"].any() and (plenty["ecosystem_money"] > without["ecosystem_money"]).any()


def test_the_bound_is_that_of_every_policy_run_by_hand():
    """A small world: each of 2^5 sets of levers at three levies is made by hand, run and compared in plain Python."""
    scenario = small("national-design", 4, **{"world.market.social_surplus": 0.28})
    keys = [f"policy.coordination.{lever}" for lever in LEVERS]

    def welfare(**settings):
        made = scenario.replace(**{f"policy.coordination.{key}": value for key, value in settings.items()})
        return compute(run(made, replicates=range(3)), ["welfare"])["welfare"].tolist()

    nobody = welfare(arm="none", information=False, **dict.fromkeys(LEVERS, False))
    best = [max(pair) for pair in zip(nobody, welfare(), strict=True)]
    every = [welfare(information=True, **dict.fromkeys(LEVERS, False))]
    for on in product((False, True), repeat=len(keys)):
        every += [welfare(arm="oracle", levy=levy, **dict(zip(LEVERS, on, strict=True))) for levy in LEVIES]
    best = [max(values) for values in zip(best, *every, strict=True)]
    expected = sum(one - none for one, none in zip(best, nobody, strict=True)) / 3
    parts = {name: make_scores(run(arm, replicates=range(3))) for name, arm in searched_arms(scenario).items()}
    found = searched_tables(parts)["bound"].set_index("quantity")
    assert found.loc[BOUND, "mean"] == pytest.approx(expected, rel=1e-12)
    assert expected > 0.0


def test_words_name_the_set_and_the_shares_in_both_languages():
    noise = np.tile([-1.0, 1.0], 20)
    arms = {"none": noise * 0.0, "design": 20.0 + noise, "information": 0.2 * noise}
    tables = searched_tables(scores(**arms, **{"key_areas-at-0.2": 50.0 + noise}))
    study = Study("best", "x", tables, {"seed": 7, "year": 2060, "levers": 5})
    en, zh = (sentences(study, language) for language in ("en", "zh"))
    assert en[0].startswith("The best of the 4 policies searched, chosen anew in every future, gains +50.0 bn yuan")
    assert "The best fixed one is Key-area plans, levy 0.2, true values" in en[1]
    assert en[2].startswith("The design as it is gains +20.0 (+19.7 to +20.3), 40% (")
    assert "40 replicates, seed 7, welfare counted to 2060" in en[-1]
    assert zh[2].startswith("原设计的收益为+200亿元（+197至+203），为该上界的40%")


@pytest.fixture(scope="module")
def design(tmp_path_factory):
    """The shipped design against the shipped baseline, a replicate of each."""
    return compare(["baseline", "national-design"], replicates=1, folder=tmp_path_factory.mktemp("quoted") / "result")


def test_a_comparison_of_the_shipped_design_quotes_the_search(design, tmp_path, monkeypatch):
    """Made of the same model, data and settings it stands alone; otherwise it is told to be stale, and by what."""
    tables = searched_tables(scores(none=[5.0, 5, 5, 5], design=[6.0, 8, 4, 8], **{"ecosystem-at-0.2": [7.0, 5, 7, 5]}))
    study = Study("best", "x", tables, {"seed": 1, "year": 2060})
    shipped = load_scenario("national-design"), load_scenario("baseline")
    manifest, arm = design.manifest, design.arm("national-design")
    monkeypatch.setattr(searched, "STORED", tmp_path / "bound.json")
    for model, data, changed in (
        (manifest["model"], manifest["data"], ""),
        ("0" * 64, manifest["data"], "the code of the model changed"),
        ("0" * 64, {}, "the code of the model and the data changed"),
    ):
        searched.STORED.write_text(json.dumps(searched.record(study, *shipped, model, data)), encoding="utf-8")
        said = searched.quoted(design, arm, "en")
        assert "of 3 policies" in said[0] and "gains +2.5 bn yuan" in said[0] and ", 60% (" in said[0]
        assert (changed in said[1]) if changed else len(said) == 1
        assert len(searched.quoted(design, arm, "zh")) == len(said)
        assert set(said) <= set(answer(design, "en"))


def test_a_design_with_other_settings_quotes_nothing(design):
    other = load_scenario("national-design", {"policy.coordination.levy": 0.3})
    for scenario, role in ((other, "policy"), (design.arm("national-design").scenario, "placebo")):
        arm = replace(design.arm("national-design"), scenario=scenario, role=role)
        assert searched.quoted(design, arm, "en") == []
