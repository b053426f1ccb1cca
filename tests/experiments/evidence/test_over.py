"""Claims over the worlds that published facts do not refute: where the worlds come from, and what is said of them."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from qipan.experiments.command_line import main
from qipan.experiments.findings.sweep import main_sentences
from qipan.experiments.results.stored import load_study
from qipan.experiments.store.versions import model_hash
from qipan.experiments.studies.emulated.over import DIGITS, Worlds, digest_of, load_worlds, ranges, shipped_rows, stale
from qipan.model.errors import UserError
from qipan.model.scenario import load_scenario
from qipan.model.world import load_world
from tests.end_to_end.studies import stored
from tests.once import Once

SHORT = ("--replicates", "3", "--workers", "1", "--set", "run.last_year=2024", "--no-report")


def test_the_shipped_worlds_are_scenarios_with_their_digests():
    worlds = load_worlds("provinces")
    assert 0 < len(worlds.points) <= 100 and len(worlds.model) == len(worlds.data) == DIGITS
    base = load_scenario("baseline")
    assert all(base.replace(**point).digest() != base.digest() for point in worlds.points[:5])
    span = ranges(worlds.points)
    assert span["world.behaviour.temperature"][0] < span["world.behaviour.temperature"][1]


def test_worlds_of_other_code_or_data_are_told():
    world = load_world(load_scenario("baseline").world)
    now = Worlds("w", ({},), model_hash()[:DIGITS], digest_of(world.files))
    assert stale(now, world) == ()
    (told,) = stale(Worlds("w", ({},), "other", now.data), world)
    assert "other code of the model than now" in str(told)
    (told,) = stale(Worlds("w", ({},), now.model, "other"), world)
    assert "other data than now" in str(told)
    assert shipped_rows([{"a": 1.0}], "m" * 64, world.files) == [{"a": 1.0, "model": "m" * DIGITS, "data": now.data}]


def test_every_world_of_a_calibration_is_run_and_counted(once: Once, tmp_path: Path) -> None:
    """The three counts add up to the worlds, in the sentence and in the table."""
    calibration, out = stored(once)["calibration"], tmp_path / "over"
    assert main(["compare", "baseline", "cut", "--over", str(calibration), *SHORT, "--quiet", "--out", str(out)]) == 0
    study = load_study(out)
    worlds = pd.read_parquet(calibration / "tables" / "worlds.parquet")
    points = study.tables["points"]
    for key in (name for name in worlds if name.startswith("world.")):
        assert points[key].tolist() == worlds[key].tolist()
    volume = study.tables["volume"]
    assert volume["share"].sum() == pytest.approx(1.0)
    (said,) = main_sentences(study, "en")
    assert f"of {len(worlds)} worlds that the facts of calibration do not refute it helps in" in said
    (chinese,) = main_sentences(study, "zh")
    assert f"的事实未否定的{len(worlds)}个世界" in chinese


def test_what_is_no_calibration_is_told(once: Once, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UserError, match="nowhere is no calibration"):
        load_worlds("nowhere")
    with pytest.raises(UserError, match="is a sweep"):
        load_worlds(str(stored(once)["sweep"]))
    assert main(["compare", "baseline", "cut", "--over", "provinces", "--assumptions", "8"]) == 2
    assert "is not done over many worlds" in capsys.readouterr().err


def test_the_shipped_file_has_one_world_a_row():
    from qipan.model.scenario.finding import scenarios_folder

    with (scenarios_folder() / "worlds" / "provinces.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len({tuple(row.values()) for row in rows})
