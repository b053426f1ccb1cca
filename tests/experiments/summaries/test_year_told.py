"""Measures of a year are told of the programme's last year, when arms differ in what is done, not 25 years later."""

from dataclasses import replace

import pytest

from qipan.experiments.figures.panels import year_axis
from qipan.experiments.findings.finding import effects
from qipan.experiments.findings.terminal import chosen_measures
from qipan.model.parameters import Run
from tests.experiments.figures.figures_sample import comparison


@pytest.mark.parametrize(("until", "told"), [(2030, 2030), (2060, 2035)])
def test_the_year_told_is_the_programmes_last_but_no_later_than_the_runs(until, told):
    """The sample runs to 2035."""
    sample = comparison()
    run = Run(last_year=2035, programme_until=until)
    arms = tuple(replace(arm, scenario=_with(arm.scenario, run)) for arm in sample.arms)
    found = replace(sample, arms=arms)
    assert found.year_told == told
    assert ("excess_entry", str(told)) in chosen_measures(found)
    assert f"({told})" in effects(found, found.asked, ["excess_entry"], "en")
    assert f"（{told}年）" in effects(found, found.asked, ["excess_entry"], "zh")


def _with(scenario, run):
    from types import SimpleNamespace

    return SimpleNamespace(**{**vars(scenario), "run": run})


@pytest.mark.parametrize(
    ("last", "marks"), [(2060, [2023, 2035, 2048, 2060]), (2035, [2023, 2027, 2031, 2035]), (2024, [2023, 2024])]
)
def test_an_axis_of_years_names_the_first_and_the_last(last, marks):
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    year_axis(axes, range(2023, last + 1))
    assert axes.get_xticks().tolist() == marks
