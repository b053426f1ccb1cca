"""History matching: by hand, a toy whose answer is known, twin experiments, and the file of patterns."""

from pathlib import Path

import numpy as np
import pytest

from qipan.experiments.command_line import main
from qipan.experiments.designs.sweep_points import unit_points
from qipan.experiments.evidence.emulator import FRESH, fitted
from qipan.experiments.evidence.history.matching import CUT, Matching, Observed, implausibility, largest, second_largest
from qipan.experiments.evidence.history.patterns import QUANTITIES, Pattern, Place, load_patterns, observed_of
from qipan.experiments.evidence.varied import axes_asked
from qipan.experiments.summaries.scores import make_observed
from qipan.model.draws import Draws, Stream
from qipan.model.ensemble import run
from qipan.model.errors import ScenarioError
from qipan.model.scenario import load_scenario

REPLICATES = 32


def noise(seed, rows, columns):
    return Draws(seed, np.arange(rows), np.arange(1, columns + 1), np.array([1])).normal(Stream.VALUE, over="r")


def test_implausibility_by_hand():
    """f = 10 x without noise, fact 8 with variance 4: at 0.2 it is 6 / 2 = 3; luck of a single future adds to it."""
    places = unit_points("sobol", 16, 1, 1)
    exact = fitted(places, 10.0 * places[:, 0], np.zeros(16))
    assert implausibility(exact, Observed("f", 8.0, 4.0), np.array([[0.2]]), 4) == pytest.approx([3.0], rel=1e-3)
    lucky = fitted(places, 10.0 * places[:, 0], np.full(16, 1.0))
    found = implausibility(lucky, Observed("f", 8.0, 4.0), np.array([[0.2]]), 4)
    assert 6.0 / np.sqrt(4.0 + 4.0 + 1.0 + 1.0) < found[0] < 6.0 / np.sqrt(4.0 + 4.0 + 1.0) + 0.05
    table = np.array([[1.0, 5.0], [4.0, 2.0], [0.0, 3.0]])
    assert largest(table).tolist() == [4.0, 5.0] and second_largest(table).tolist() == [1.0, 3.0]


def outputs(places):
    """Four smooth outputs of three inputs, by name."""
    x, y, z = places.T
    return {"a": 4.0 * x + y, "b": np.sin(3.0 * y) + z, "c": x * z * 3.0, "d": (x - y) ** 2 * 3.0 + z}


def matched(facts, first):
    """Matching after one wave of runs that are given, by output."""
    places, values = first
    matching = Matching(facts, 3)
    matching.add(places, values, FRESH)
    return matching


@pytest.fixture(scope="module")
def wave():
    """120 places run with luck of 0.2 in every future."""
    places = unit_points("sobol", 80 + FRESH, 3, 1)
    names = outputs(places)
    return places, {
        name: values[:, None] + 0.2 * noise(seed, len(places), REPLICATES)
        for seed, (name, values) in enumerate(names.items())
    }


def test_a_toy_whose_answer_is_known(wave):
    """a = 4 x + y observed at 2 with s.d. 0.1 and luck of 0.2: what is left is a band of known width, 3 s.d. to a side:
    its share of the cube is 6 sd / 4 = 0.34, less what the edges cut.
    """
    matching = matched([Observed("a", 2.0, 0.01), Observed("b", 99.0, 1.0, held_out=True)], wave)
    sd = np.sqrt(0.01 + 0.04 + 0.04 / REPLICATES)
    band = np.abs(outputs(matching.candidates)["a"] - 2.0) < CUT * sd
    assert matching.left.mean() == pytest.approx(band.mean(), abs=0.02)
    assert (matching.left == band).mean() > 0.97
    assert (matching.plausible(matching.candidates) == matching.left).all()
    inside = matching.next_places(50)
    assert len(inside) == 50 and (np.abs(outputs(inside)["a"] - 2.0) < 1.2 * CUT * sd).all()


def test_a_fact_that_nothing_fits_refutes_everything(wave):
    matching = matched([Observed("a", 50.0, 0.01), Observed("b", 0.5, 0.1)], wave)
    assert not matching.left.any() and matching.done
    assert matching.waves[-1].second.mean() > 0.3, "the second largest forgives one"


def test_vague_facts_refute_nothing(wave):
    assert matched([Observed("a", 2.0, 1e4), Observed("b", 0.5, 1e4)], wave).left.all()


def test_twins_keep_their_truth(wave):
    """100 truths from the prior, each observed in one future of its own: at least 90 sets hold theirs (if 95% do, fewer
    come in 1.1% of such experiments), and the sets are no mere priors: a third of the cube is left on average or less.
    """
    truths = unit_points("sobol", 100, 3, 99)
    seen = {
        name: values + 0.2 * noise(500 + seed, 100, 1)[:, 0]
        for seed, (name, values) in enumerate(outputs(truths).items())
    }
    base = matched([Observed(name, 0.0, 1e-4) for name in seen], wave)
    kept, shares = [], []
    for twin in range(100):
        facts = [Observed(name, float(values[twin]), 1e-4) for name, values in seen.items()]
        at = np.vstack([truths[twin], base.candidates[::16]])
        worst = largest(np.array([implausibility(base.waves[0].emulators[f.name], f, at, REPLICATES) for f in facts]))
        kept.append(worst[0] < CUT)
        shares.append((worst[1:] < CUT).mean())
    assert sum(kept) >= 90, sum(kept)
    assert np.mean(shares) < 1 / 3, np.mean(shares)


def test_the_shipped_patterns_are_read_and_the_model_has_every_one():
    asked, _ = load_patterns("provinces")
    scenario = load_scenario("baseline", {"run.last_year": 2025})
    history = run(scenario, replicates=range(2))
    part = make_observed(history)
    for pattern in asked.patterns.values():
        values = observed_of(part, pattern, history.world, 2023)
        assert values.shape == (2,) and np.isfinite(values).all()
    found = observed_of(part, asked.patterns["documents-2024"], history.world, 2023)
    assert found.tolist() == history["adopted"][:, 1].sum(axis=1).tolist()
    two = Pattern.model_validate(
        {**asked.patterns["documents-2024"].model_dump(), "regions": ["CN-ZJ", "CN-SH"], "year": 2023}
    )
    assert observed_of(part, two, history.world, 2023).tolist() == [2.0, 2.0], "both had one at the start"


def test_no_fact_of_the_shipped_file_hangs_on_what_it_calls_untouched():
    asked, _ = load_patterns("provinces")
    facts = list(asked.patterns.values())

    def told(**settings):
        history = run(load_scenario("baseline", {"run.last_year": 2025, **settings}), replicates=range(2))
        part = make_observed(history)
        return [observed_of(part, fact, history.world, 2023).tolist() for fact in facts]

    assert len(asked.untouched) == 4
    ends = {axis.key: axis.high for axis in axes_asked(asked.untouched, (load_scenario("baseline"),) * 2)}
    assert told(**ends) == told()


def test_quantities_by_hand():
    """Two regions, two sectors, two years; one region has a document and names one sector of two."""
    part = {
        "observed:adopted": np.array([[[0.0, 0.0], [1.0, 0.0]]]),
        "observed:layout": np.array([[[[0.0, 0.0], [0.0, 0.0]], [[1.0, 0.0], [0.0, 0.0]]]]),
        "observed:output": np.array([[[2.0, 4.0], [3.0, 4.0]]]),
        "observed:utilisation": np.array([[[0.5, 0.6], [0.7, 0.8]]]),
        "observed:offered": np.array([[[10.0, 0.0], [5.0, 1.0]]]),
    }
    at = Place(1, [0, 1], 0, 0)
    found = {name: float(function(part, at)[0]) for name, (function, _) in QUANTITIES.items()}
    assert found == pytest.approx(
        {
            "documents": 1.0,
            "breadth": 1.0,
            "sector_share": 1.0,
            "output_growth": 0.5,
            "utilisation": 0.7,
            "money_growth": -0.5,
        }
    )


WHOLE = """title: Small
scenario: baseline
points: 16
replicates: 8
vary: [world.behaviour.temperature]
patterns:
  one:
    measure: documents
    year: 2024
    value: 14
    observation_sd: 2
    discrepancy_sd: 2
    source: here
"""
WRONG = {
    "    discrepancy_sd: 2\n": ("", "one.discrepancy_sd: is missing"),
    "measure: documents": ("measure: document", "no measure 'document'; did you mean documents?"),
    "observation_sd: 2": ("observation_sd: -2", "-2.0 cannot be used; allowed: a number not below zero"),
    "    source: here": ("    source: here\n    sector: gene", "documents has none; leave it out"),
    "source: here": ("sorce: here", "unknown key; did you mean source?"),
    "year: 2024": ("year: 1999", "1999 cannot be used; allowed: a year from 2023"),
    "value: 14": ("value: many", "'many' cannot be used; allowed: a number"),
    "    source: here\n": ("    source: here\n    held_out: true\n", "every pattern is held out"),
}


@pytest.mark.parametrize("place", WRONG)
def test_what_is_wrong_in_a_file_is_told_with_its_line(tmp_path: Path, place: str, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "mine.yaml"
    file.write_text(WHOLE.replace(place, WRONG[place][0], 1), encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load_patterns(file)
    told = [str(problem) for problem in refused.value.problems]
    assert any(WRONG[place][1] in text and "mine.yaml" in text for text in told), told
    assert main(["check", str(file)]) == 2 and "mine.yaml" in capsys.readouterr().err


def test_a_good_file_is_told_good(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(WHOLE, encoding="utf-8")
    assert main(["check", str(file)]) == 0 and "good; 1 pattern" in capsys.readouterr().out
    file.write_text(WHOLE.replace("    source: here", "    source: here\n    regions: [CN-XX]"), encoding="utf-8")
    assert main(["check", str(file)]) == 2 and "no region 'CN-XX'" in capsys.readouterr().err
    assert main(["schema", "--patterns"]) == 0 and '"discrepancy_sd"' in capsys.readouterr().out
