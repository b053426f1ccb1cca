"""Reasons: the path is that of the run, terms sum to the utility, and what-if choices use the same noise."""

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from qipan import load_scenario, run
from qipan.experiments.command_line import main
from qipan.experiments.examine.reasons import above_average, explain, sentences, term_table
from qipan.experiments.examine.trace import WORD, trace, utility_terms
from qipan.model.behaviour.choice import Rule
from qipan.model.errors import UserError
from qipan.model.world import load_world

SHORT = {"run.last_year": 2026}


def traced(name: str, region: int, year: int, replicate: int, **settings: object):
    scenario = load_scenario(name, {**SHORT, **settings})
    return trace(scenario, load_world(scenario.world), region, year, replicate)


@pytest.mark.parametrize("name", ["national-design", "baseline", "fictitious-play", "imitators", "one-at-a-time"])
def test_a_trace_is_the_path_of_the_run(name):
    """Replicate 5 of a batch of six and the traced replicate 5 agree in every region looked at."""
    history = run(load_scenario(name, SHORT), replicates=range(6))
    for region in (8, 15):
        found = traced(name, region, 2025, 5)
        np.testing.assert_array_equal(found.layout, history["layout"][5, 2, region])
        np.testing.assert_array_equal(found.portfolio, history["portfolio"][5, 2, region])
        np.testing.assert_array_equal(found.worth, np.log(history["value"][5]))


@pytest.mark.parametrize(
    "name", ["national-design", "fictitious-play", "imitators", "foresight", "theory/affine-logit"]
)
def test_terms_sum_to_the_utility_in_the_moment_of_choice(name):
    settings = {"world.behaviour.rounds": 5} if name.startswith("theory") else {}
    first = load_scenario(name).run.first_year
    found = next(
        one
        for one in (traced(name, 1, first + 1, k, **settings, **{"run.last_year": first + 1}) for k in range(30))
        if one.seen is not None
    )
    rule, outlook = found.case.rule, found.seen.outlook
    expected = rule.utility(outlook) + found.case.behaviour.temperature * outlook.gumbel
    np.testing.assert_allclose(np.add.reduce(list(found.terms.values())), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("language", "said"), [("en", ": in no sector."), ("zh", "次重复：未布局任何产业。")])
def test_a_region_in_no_sector_is_told_in_words_of_its_own(language, said):
    found = traced("national-design", 15, 2026, 0)
    assert sentences(replace(found, layout=np.zeros_like(found.layout)), language)[0].endswith(said)


def test_without_nothing_it_chooses_what_it_chose():
    for replicate in range(8):
        found = traced("national-design", 15, 2026, replicate)
        if found.seen is not None:
            np.testing.assert_array_equal(found.without(), found.seen.decision.layout)
            np.testing.assert_allclose(found.split_without(), found.seen.decision.portfolio, atol=1e-12)


def test_without_all_terms_but_one_it_takes_the_best_of_that_term():
    """With breadth b and only the chance term left, the layout is the b sectors of the largest draws."""
    free = {"world.behaviour.entry_cost": 0.0}  # nothing to wait for: chance alone says which
    found = next(one for one in (traced("baseline", 2, 2026, k, **free) for k in range(20)) if one.seen is not None)
    breadth = int(found.seen.outlook.breadth[..., 0])
    kept = found.without(*(name for name in found.terms if name != "noise"))
    assert set(np.flatnonzero(kept)) == set(np.argsort(-found.terms["noise"])[:breadth])


def test_nobody_says_anything_without_a_coordinator():
    found = next(one for one in (traced("baseline", 15, 2026, k) for k in range(20)) if one.seen is not None)
    assert all((found.terms[name] == 0).all() for name in WORD)


def test_the_list_is_worth_its_weight_to_those_who_comply():
    """key areas: 1.2 x compliance 0.7 = 0.84 where the sector is on the list."""
    found = next(one for one in (traced("national-design", 15, 2026, k) for k in range(20)) if one.seen is not None)
    assert set(np.round(found.terms["key_area"], 12)) <= {0.0, 0.84}
    assert found.terms["key_area"].sum() == pytest.approx(0.84 * 3)


def test_regions_are_found_by_any_of_their_names():
    said = [explain(load_scenario("baseline"), name, 2024, 1, "en") for name in ("Henan", " 河南省", "410000.0", "豫")]
    assert {lines[0].partition(",")[0] for lines, _ in said} == {"Henan"}
    with pytest.raises(UserError, match=r"command line: --region: 'Hunn' is not known; did you mean CN-HN \(Hunan"):
        explain(load_scenario("baseline"), "Hunn", 2024, 1, "en")


def test_a_region_without_a_document_is_said_to_have_none():
    lines, table = explain(load_scenario("baseline"), "Qinghai", 2023, 1, "en")
    assert "no future-industry document" in lines[1]
    assert table is None


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("burn", "--region", "Henan", "--year", "1999"), "1999 is not a year of the run; allowed 2023 to 2060"),
        (("burn", "--region", "Henan", "--year", "2025", "--replicate", "-1"), "-1 is no replicate"),
        (("burn", "--region", "Henan", "--year", "2025", "--arm", "x"), "burn is not a stored result"),
    ],
)
def test_a_wrong_argument_is_one_line(capsys, arguments, message):
    assert main(["explain", *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line


@pytest.mark.parametrize("language, word", [("en", "Without chance"), ("zh", "去掉偶然")])
def test_the_command_prints_reasons(capsys, language, word):
    status = main(["explain", "national-design", "--region", "Shanghai", "--year", "2024", "--lang", language])
    assert status == 0
    assert word in capsys.readouterr().out


def test_information_of_earlier_years_is_said_to_be_part_of_belief(capsys):
    """Where information is shared the words say what the term holds; where none is, nothing is said of it."""
    told = {}
    for name in ("national-design", "baseline"):
        assert main(["explain", name, "--region", "Henan", "--year", "2027", "--replicate", "12"]) == 0
        told[name] = " ".join(capsys.readouterr().out.split())
    assert "what was shared in earlier years has become part of its own belief" in told["national-design"]
    assert "shared in earlier years" not in told["baseline"]


def plain(text):
    """Text with the minus of the keyboard."""
    return text.replace("\N{MINUS SIGN}", "-")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("region", "year", "replicate"), [(15, 2026, 12), (25, 2026, 3), (8, 2025, 1)])
def test_words_and_table_are_on_one_scale(language, region, year, replicate):
    """A term of a sector is the same number in its sentence and in the table; the terms of a sentence add up to its
    total, a row of the table sums to nought.
    """
    found = traced("national-design", region, year, replicate)
    first, *columns = term_table(found, language).columns
    colon, comma, bracket = ("：", "，", "（") if language == "zh" else (": ", ", ", " (")
    told, total = 0, "合计" if language == "zh" else "in all"
    for column in columns:
        cells = dict(zip(first.cells, column.cells, strict=True))
        for line in sentences(found, language):
            if line.startswith(f"{column.header}{colon}"):
                reasons, _, rest = line.removeprefix(f"{column.header}{colon}").partition(bracket)
                numbers = [float(value) for value in re.findall(r"[+-][\d.]+", plain(reasons))]
                assert sum(numbers) == pytest.approx(float(plain(cells[total])), abs=0.03)
                for side in reasons.split("；" if language == "zh" else "; "):
                    for reason in side.partition(colon)[2].split(comma):
                        term, _, value = reason.rpartition(" ")
                        if term:
                            assert cells[term] == value
                            told += 1
                assert rest.startswith(f"合计{cells['合计']}" if language == "zh" else f"in all {cells['in all']}")
    assert told >= 3
    above, _ = above_average(found)
    assert all(abs(values.sum()) < 1e-9 for values in above.values())


def test_one_sector_is_a_sector_and_terms_are_named_after_without():
    lines = sentences(traced("baseline", 25, 2035, 3, **{"run.last_year": 2035}), "en")
    assert any("free to be in 1 sector;" in line for line in lines)
    assert "Without the switching cost: the same sectors and nearly the same split." in lines


def test_what_an_own_rule_does_is_a_term_of_its_own():
    """Its attraction is one term; what it adds to utility beside the known terms is the rest."""

    class Mine(Rule):
        def attraction(self, outlook):
            return 2.0 * outlook.belief

        def utility(self, outlook):
            return super().utility(outlook) + 3.0 * outlook.quick

    case = SimpleNamespace(
        behaviour=SimpleNamespace(
            rule="mine", imitation=0.3, tournament=0.15, switching_cost=0.3, risk_aversion=0.0, temperature=1.5
        )
    )
    found = traced("baseline", 8, 2025, 1)
    case.rule = Mine(found.case.behaviour, found.case.payoff)
    terms = utility_terms(case, found.seen.outlook, np.zeros(6))
    np.testing.assert_allclose(terms["attraction"], 2.0 * found.seen.outlook.belief)
    np.testing.assert_allclose(terms["rest"], 3.0 * found.seen.outlook.quick, atol=1e-12)
