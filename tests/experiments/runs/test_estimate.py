"""An estimate names the parts of its time, each of which grows with what it is about."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from qipan import load_scenario, load_world
from qipan.experiments.command_line import main
from qipan.experiments.runs import estimate as estimates
from qipan.experiments.runs.estimate import estimate, refuse_oversized
from qipan.experiments.summaries.family import family_of
from qipan.model.errors import UserError

SIZE = {"arms": 6, "regions": 31, "sectors": 6, "years": 13, "workers": 2, "replicates": 1_000}
PARTS = r"(starting|compiling|runs|assumptions|tables|figures and page) ([\d.]+) (seconds|minutes)"


def told(capsys, *command: str) -> tuple[float, dict[str, float]]:
    """Seconds of all, and of each part, as a dry run prints them."""
    assert main([*command, "--dry-run"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("time ")]
    whole, _, parts = line.partition(": ")
    unit = {"seconds": 1.0, "minutes": 60.0}
    found = {name: float(number) * unit[word] for name, number, word in re.findall(PARTS, parts)}
    number, word = re.fullmatch(r"time +about ([\d.]+) (\w+)", whole).groups()
    return float(number) * unit[word], found


@pytest.mark.parametrize(
    ("command", "more"),
    [
        (("compare", "baseline", "national-design", "--replicates", "1000", "--assumptions", "64"), {"assumptions"}),
        (("compare", "baseline", "national-design", "--replicates", "1000"), set()),
        (("attribute", "national-design", "--replicates", "200"), set()),
        (("sweep", "levy-and-compliance"), set()),
    ],
)
def test_the_parts_are_named_and_come_to_the_whole(capsys, command, more):
    """Three digits are printed of each of at most six parts, so that they are within 1% of the whole."""
    whole, parts = told(capsys, *command)
    assert parts.keys() - {"compiling"} == {"starting", "runs", "tables", "figures and page"} | more
    assert sum(parts.values()) == pytest.approx(whole, rel=0.01)


def test_runs_grow_with_arms_replicates_regions_and_years_and_shrink_with_workers():
    """Everything else stays, but the tables, which have a row for each run."""
    one = estimate(**SIZE)
    for name, factor in (("arms", 2.0), ("replicates", 2.0), ("regions", 2.0), ("years", 2.0), ("workers", 0.5)):
        other = estimate(**{**SIZE, name: 2 * SIZE[name]})
        assert other.times["runs"] == pytest.approx(factor * one.times["runs"])
        changed = {part for part in one.times if other.times[part] != one.times[part]}
        assert changed == ({"runs", "tables"} if name in ("arms", "replicates") else {"runs"})


def test_figures_are_drawn_one_after_another_or_not_at_all():
    """Workers run replicates; none of them draws."""
    one, two = (estimate(**{**SIZE, "workers": workers}).times["figures and page"] for workers in (1, 2))
    assert one == two > 0.0
    assert estimate(**SIZE, drawn=False).times["figures and page"] == 0.0


def test_without_a_page_nothing_is_said_of_figures(capsys):
    for command in (("compare", "baseline", "burn"), ("attribute",), ("sweep", "levy-and-compliance")):
        assert "figures and page" in told(capsys, *command)[1]
        assert "figures and page" not in told(capsys, *command, "--no-report")[1]


def test_assumptions_are_reckoned_as_so_many_runs_more():
    """357 scenarios of 64 replicates: 22,848 runs of 2,418 region-sector-years, and worker processes of their own."""
    from qipan.experiments.runs.costing import cost_of

    family = family_of([load_scenario(name) for name in ("baseline", "national-design")], references=True)
    arms = [member.scenario for member in family.runs]
    world = load_world(arms[0].world)
    without, ranked = (cost_of(arms, world, 1_000, 2, "compiled", size) for size in ((0, 0), (357, 64)))
    runs = estimate(**{**SIZE, "arms": 357, "replicates": 64}, executor="compiled", keep="followed").times["runs"]
    assert ranked.times["assumptions"] > runs
    assert ranked.seconds - without.seconds == pytest.approx(ranked.times["assumptions"])
    assert list(ranked.times)[-2:] == ["tables", "figures and page"]


def test_what_a_result_holds_already_needs_no_room_again(tmp_path: Path, monkeypatch):
    """100 MB are needed in all and 30 MB free: enough where parts of 75 MB are stored, not with 65 MB of them."""
    planned = replace(estimate(**SIZE), times={}, memory=0.0, disk=100e6)
    monkeypatch.setattr(estimates, "free_disk", lambda folder: 30e6)
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "a.part").touch()
    os.truncate(tmp_path / "parts" / "a.part", 65_000_000)
    with pytest.raises(UserError, match="about 35 MB of disk, more than the 30 MB free"):
        refuse_oversized(planned, tmp_path)
    os.truncate(tmp_path / "parts" / "a.part", 75_000_000)
    refuse_oversized(planned, tmp_path)
