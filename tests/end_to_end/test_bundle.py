"""A bundle for referees: its command makes the same tables, it describes every file, and it replaces nothing."""

import hashlib
import json
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from qipan import load_scenario, load_world
from qipan.experiments.command_line import main
from qipan.experiments.exchange.bundle import BUNDLED
from qipan.experiments.store.ownership import manifest_digest
from tests.architecture.source import ROOT
from tests.end_to_end.studies import KINDS, stored

LATE = "2025"
PLUGIN = ROOT / "examples" / "own_mechanism.py"


def compare(folder: Path) -> None:
    """A comparison at four replicates of an own scenario on own tables, with own weights of regions."""
    mine = folder / "mine.yaml"
    header = 'title: "Mine"\nquestion: "What?"\nsource: "Own."\nnot_modelled: ["The rest."]\n'
    mine.write_text(f"extends: national-design\n{header}policy: {{coordination: {{levy: 0.1}}}}\n", encoding="utf-8")
    codes = load_world(load_scenario("baseline").world).region_codes
    rows = [f"{code},{1 + number % 3}" for number, code in enumerate(codes)]
    (folder / "weights.csv").write_text("\n".join(["region,weight", *rows]), encoding="utf-8")
    given = ["compare", "baseline", str(mine), "information-only", "--headline", "mine", "--replicates", "4"]
    own = ["--set", f"run.last_year={LATE}", "--set", f"world.data={ROOT / 'tests' / 'contracts' / 'own-data'}"]
    weights = ["--weights", str(folder / "weights.csv")]
    assert main([*given, *own, *weights, "--out", str(folder / "comparison"), "--no-report", "--quiet"]) == 0


@pytest.fixture(scope="module")
def results(once) -> dict[str, Path]:
    """A small result of every kind. Copy what you change."""
    return {**stored(once), "comparison": once("bundle-comparison", compare) / "comparison"}


def commands(bundle: Path) -> list[list[str]]:
    """The words of each command that the README prints, which again.sh holds as well."""
    block = (bundle / "README.md").read_text(encoding="utf-8").split("```sh\n")[1].split("```")[0]
    assert block == (bundle / "again.sh").read_text(encoding="utf-8")
    return [shlex.split(line) for line in block.splitlines()]


@pytest.mark.parametrize("kind", BUNDLED)
def test_the_printed_command_makes_the_same_tables(results, kind, tmp_path, monkeypatch):
    assert main(["bundle", str(results[kind]), "--to", str(tmp_path / "bundle")]) == 0
    monkeypatch.chdir(tmp_path / "bundle")
    _, again, _ = commands(Path())
    assert again[0] == "qipan" and main([*again[1:], "--quiet"]) == 0
    made, told = (
        {path.name: path.read_bytes() for path in Path(place, "tables").iterdir()} for place in ("again", "result")
    )
    assert made == told and len(made) >= 4


@pytest.mark.parametrize("kind", sorted({*KINDS} - {*BUNDLED}))
def test_a_study_without_a_bundle_is_told_in_one_sentence(results, kind, tmp_path, capsys):
    assert main(["bundle", str(results[kind]), "--to", str(tmp_path / "bundle")]) == 2
    assert "has no bundle; give a folder of run" in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_every_file_is_described_with_its_digest(results, tmp_path):
    bundle = tmp_path / "bundle"
    assert main(["bundle", str(results["comparison"]), "--to", str(bundle)]) == 0
    graph = {each["@id"]: each for each in json.loads((bundle / "ro-crate-metadata.json").read_bytes())["@graph"]}
    files = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    assert files == {name for name, each in graph.items() if each["@type"] == "File"} | {"ro-crate-metadata.json"}
    wrong = [
        name
        for name in files - {"ro-crate-metadata.json"}
        if hashlib.sha256((bundle / name).read_bytes()).hexdigest() != graph[name]["sha256"]
    ]
    assert wrong == []
    used = {each["@id"] for each in graph["#run"]["object"]}
    read = json.loads((bundle / "result" / "manifest.json").read_bytes())["data"]
    assert set(read) == {Path(name).name for name in used if Path(name).parent.name == "data"}
    assert {"LICENSE", "CITATION.cff", "requirements.txt"} <= files
    assert {each["@id"] for each in graph["./"]["hasPart"]} == files - {"ro-crate-metadata.json"}


def test_a_zip_file_is_the_same_bytes_each_time(results, tmp_path):
    first, second = tmp_path / "bundle.zip", tmp_path / "again" / "bundle.zip"
    second.parent.mkdir()
    for place in (first, second):
        assert main(["bundle", str(results["worth"]), "--to", str(place), "--lang", "zh"]) == 0
    assert first.read_bytes() == second.read_bytes()
    assert "重新运行" in zipfile.ZipFile(first).read("bundle/README.md").decode()


def test_the_sources_of_a_plug_in_go_along(tmp_path):
    given = ["run", "baseline", "--replicates", "2", "--set", "run.last_year=2024", "--quiet", "--no-report"]
    qipan = ["--plugin", str(PLUGIN)]

    def of_its_own(*words: str) -> subprocess.CompletedProcess:
        """A process of its own: what a plug-in adds stays in the process."""
        return subprocess.run(
            [sys.executable, "-m", "qipan.experiments.begin", *words], cwd=tmp_path, capture_output=True, text=True
        )

    assert of_its_own(*qipan, *given, "--out", "result").returncode == 0
    refused = of_its_own("bundle", "result")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "the plug-in own_mechanism is not loaded" in refused.stderr
    assert not (tmp_path / "result-bundle").exists()
    assert of_its_own(*qipan, "bundle", "result").stdout == "result-bundle\n"
    assert (tmp_path / "result-bundle" / "plug-ins" / PLUGIN.name).read_bytes() == PLUGIN.read_bytes()


def lead_out(result: Path) -> None:
    """A manifest, sound in itself, that names a file outside the result."""
    told = json.loads((result / "manifest.json").read_bytes())
    told["files"]["../there.zip"] = hashlib.sha256(b"mine").hexdigest()
    told["digest"] = manifest_digest(told)
    (result / "manifest.json").write_text(json.dumps(told), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "target", "said"),
    [
        (lambda result: None, "there", "is there already, and nothing is replaced"),
        (lambda result: None, "there.zip", "is there already, and nothing is replaced"),
        (lambda result: None, "result/inside", "is inside the result"),
        (lambda result: (result / "tables" / "worth.csv").write_text("x"), "new", "was changed since qipan wrote it"),
        (lambda result: (result / "tables" / "worth.csv").unlink(), "new.zip", "cannot be read"),
        (lambda result: (result / "manifest.json").unlink(), "new", "is not a finished result"),
        (lead_out, "new", "is not the manifest of a qipan result"),
    ],
)
def test_one_clear_error_and_nothing_is_lost(results, tmp_path, capsys, spoil, target, said):
    shutil.copytree(results["worth"], tmp_path / "result", ignore=shutil.ignore_patterns("parts"))
    (tmp_path / "there").mkdir()
    (tmp_path / "there.zip").write_text("mine")
    spoil(tmp_path / "result")
    before = {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")}
    assert main(["bundle", str(tmp_path / "result"), "--to", str(tmp_path / target)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and said in lines[0]
    assert {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")} == before
