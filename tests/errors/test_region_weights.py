"""Weights of regions: every fault of a file at once, with file, line and column; choices that are none."""

from pathlib import Path

import pytest

from qipan.experiments.command_line import main
from qipan.model.errors import UserError
from qipan.model.parameters import WorldChoice
from qipan.model.world import load_world
from qipan.model.world.reading.weights import region_weights

WORLD = load_world(WorldChoice())


def told(choice: str) -> list[str]:
    """The problems of a choice, one a line."""
    with pytest.raises(UserError) as caught:
        region_weights(choice, WORLD)
    return str(caught.value).splitlines()


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    rows = [f"{code},1" for code in WORLD.region_codes[3:]]
    file = tmp_path / "weights.csv"
    file.write_text("\n".join(["region,weight", "CN-BJ,-2", "Atlantis,1", *rows, "CN-XJ,1"]), encoding="utf-8")
    low, strange, twice, missing = told(str(file))
    assert low.startswith(f"{file}:2: weight: -2 is outside") and strange.startswith(f"{file}:3: region: 'Atlantis'")
    assert f"{file}:32: region: CN-XJ stands twice" in twice
    assert "no row of CN-TJ (Tianjin, 天津), CN-HE" in missing and "CN-BJ" not in missing


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("region\nCN-BJ\n", ":1: weight: column is missing"),
        ("region,weight\n" + "\n".join(f"{code},0" for code in WORLD.region_codes), "every weight is 0"),
    ],
)
def test_a_file_that_weighs_nothing_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "weights.csv"
    file.write_text(text, encoding="utf-8")
    (line,) = told(str(file))
    assert said in line


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--weights", "per-capita"], "--weights: 'per-capita' is no file; give a table with the columns"),
        (
            ["--weights", "equal", "--keep", "summary"],
            "--keep: a summary holds no replicate by itself: --weights needs",
        ),
        (["--precision", "5%", "--on", "welfare_weighted"], "--on: welfare_weighted needs weights of regions"),
    ],
)
def test_weights_that_cannot_be_meant_are_one_line(
    more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "baseline", "burn", "--dry-run", *more]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_a_sweep_has_no_weights(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "sweep.yaml"
    file.write_text(
        "title: Small\narms: [baseline, burn]\nmethod: grid\nmeasures: [welfare_weighted]\n"
        "parameters: {policy.coordination.levy: [0.1, 0.3]}\nsteps: 2\n",
        encoding="utf-8",
    )
    assert main(["sweep", str(file), "--dry-run"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{file}:4: measures: welfare_weighted needs weights of regions" in line
