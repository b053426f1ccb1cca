"""The command line as real processes: same bytes for any number of workers, after a kill, after Ctrl-C."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qipan.experiments.command_line import main

ROOT = Path(__file__).resolve().parents[2]
ARMS = ("baseline", "national-design")
YEARS = ("--set", "run.last_year=2029")
REPLICATES = 3 * 128 + 20  # three whole blocks and a short one
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "qipan.experiments.command_line", *arguments]


def qipan(*arguments: str, timeout: float = 300) -> subprocess.CompletedProcess:
    return subprocess.run(
        command(*arguments), cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=timeout, check=False
    )


def compare(folder: Path, workers: int = 1) -> tuple[str, ...]:
    """In NumPy, block after block; compiled code takes up to four blocks of an arm at once."""
    size = ("--replicates", str(REPLICATES), "--workers", str(workers), "--executor", "numpy", *YEARS)
    return ("compare", *ARMS, *size, "--no-reference", "--out", str(folder), "--no-report")


def tables(folder: Path) -> dict[str, bytes]:
    """The bytes of everything a result holds but its manifest, whose block of times may differ."""
    files = [file for part in ("tables", "scenarios") for file in (folder / part).iterdir()]
    files += [folder / name for name in ("means.npz", "failures.json", "data_dictionary.csv")]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def manifest(folder: Path) -> dict:
    content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    content.pop("times")
    content.pop("name")
    content.pop("digest")  # covers the name
    return content


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results") / "reference"
    done = qipan(*compare(folder))
    assert done.returncode == 0, done.stderr
    return folder


def test_help_is_there_at_once_and_loads_nothing_heavy():
    times = []
    for _ in range(3):
        started = time.perf_counter()
        assert qipan("--help").returncode == 0
        times.append(time.perf_counter() - started)
    assert min(times) < 0.5
    code = (
        "import sys; from qipan.experiments.command_line import main; main(['compare', '--help']); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1].split()
    assert not {"numpy", "pandas", "pydantic", "rich", "matplotlib", "qipan.model"} & set(loaded)


def test_the_number_of_workers_does_not_change_a_byte(reference: Path, tmp_path: Path):
    done = qipan(*compare(tmp_path / "two", workers=2))
    assert done.returncode == 0, done.stderr
    assert tables(tmp_path / "two") == tables(reference)
    assert manifest(tmp_path / "two") == manifest(reference)


def wait_for_parts(folder: Path, count: int, process: subprocess.Popen) -> None:
    limit = time.monotonic() + 120
    while len(list((folder / "parts").glob("*.part"))) < count:
        assert process.poll() is None, "ended too early"
        assert time.monotonic() < limit
        time.sleep(0.005)


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are not there")
def test_killed_and_started_again_it_comes_to_the_same_bytes(reference: Path, tmp_path: Path):
    folder = tmp_path / "killed"
    process = subprocess.Popen(command(*compare(folder, workers=2)), cwd=ROOT, env=ENVIRONMENT, start_new_session=True)
    wait_for_parts(folder, 3, process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(20)
    kept = {file: file.stat().st_mtime_ns for file in (folder / "parts").glob("*.part")}
    done = qipan(*compare(folder, workers=2))
    assert done.returncode == 0, done.stderr
    assert tables(folder) == tables(reference)
    assert {file: file.stat().st_mtime_ns for file in kept} == kept
    assert not [file for file in folder.rglob("*") if file.name.endswith(".unfinished") or file.name == ".lock"]
    time.sleep(1.0)
    alive = subprocess.run(["pgrep", "-g", str(process.pid)], capture_output=True, text=True, check=False).stdout
    assert alive == "", "a worker outlived its parent"


def hear_ctrl_c() -> None:
    """Undo what a job in the background inherits: Ctrl-C ignored from the start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are not there")
def test_after_ctrl_c_the_complete_blocks_are_a_usable_result_and_the_rest_can_follow(reference: Path, tmp_path: Path):
    folder = tmp_path / "interrupted"
    process = subprocess.Popen(
        command(*compare(folder)),
        cwd=ROOT,
        env=ENVIRONMENT,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hear_ctrl_c,
    )
    wait_for_parts(folder, 3, process)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "interrupted: the tables in" in told
    assert f"of {REPLICATES} replicates; the same command goes on from there" in told
    assert "Traceback" not in told
    partial = manifest(folder)["replicates"]
    assert partial["planned"] == REPLICATES
    assert 128 <= partial["used"] < REPLICATES
    assert partial["used"] % 128 == 0
    done = qipan(*compare(folder))
    assert done.returncode == 0, done.stderr
    assert tables(folder) == tables(reference)


def test_a_reader_that_goes_away_is_no_error():
    first = subprocess.Popen(
        command("list", "parameters"), cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    first.stdout.read(1)
    first.stdout.close()
    told = first.stderr.read().decode()
    first.stderr.close()
    assert first.wait(60) == 0
    assert told == ""


@pytest.mark.parametrize("damage", ["truncated", "deleted", "foreign", "scenario", "manifest"])
def test_a_damaged_result_is_refused_in_one_line_and_can_be_made_whole(
    reference: Path, tmp_path: Path, damage: str, capsys
):
    folder = tmp_path / "damaged"
    shutil.copytree(reference, folder)
    file = folder / {"scenario": "scenarios/baseline.yaml", "manifest": "manifest.json"}.get(
        damage, "tables/differences.parquet"
    )
    if damage == "deleted":
        file.unlink()
    elif damage == "foreign":
        file.write_bytes(b"PAR1 of somebody else PAR1")
    else:
        file.write_bytes(file.read_bytes()[:-9])
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert main(["plot", str(folder)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert str(file) in line
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert main(list(compare(folder))) == 0
    assert tables(folder) == tables(reference)
