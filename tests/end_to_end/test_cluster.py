"""The same blocks on a real Dask scheduler with two worker processes, one of them killed midway: the same bytes."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from dataclasses import replace
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from qipan.experiments.command_line import main
from qipan.experiments.runs import cluster
from qipan.experiments.runs.block import run_task
from qipan.experiments.runs.cluster import run_elsewhere
from qipan.experiments.runs.cluster_workers import facts_of
from qipan.experiments.runs.plan import RunPlan
from qipan.model.errors import UserError
from qipan.model.scenario import load_scenario
from qipan.model.world import load_world
from tests.end_to_end.processes import content, hear_ctrl_c

pytestmark = pytest.mark.skipif(find_spec("distributed") is None, reason="qipan[cluster] is not installed")

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (
    "compare",
    "baseline",
    "national-design",
    "--set",
    "run.last_year=2025",
    "--replicates",
    "900",
    "--no-reference",
    "--assumptions",
    "0",
    "--no-report",
    "--quiet",
)


@pytest.fixture
def processes():
    """Starts processes and ends them, and only them, afterwards."""
    started: list[subprocess.Popen] = []

    def start(folder: Path, *arguments: str, code: Path | None = ROOT, extra: str = "") -> subprocess.Popen:
        paths = [part for part in (extra, str(code / "src") if code else "") if part]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "DASK_LOGGING__DISTRIBUTED": "error"}
        name = f"log-{len(started)}"
        with (folder / name).open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=code or folder,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=None if os.name == "nt" else hear_ctrl_c,
            )
        process.log = name
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait(20)


def waited_for(ready, process: subprocess.Popen, seconds: float = 90.0) -> None:
    limit = time.monotonic() + seconds
    while not ready():
        assert process.poll() is None, "ended too early"
        assert time.monotonic() < limit, "took too long"
        time.sleep(0.02)


def address_in(file: Path) -> str:
    try:
        return json.loads(file.read_text(encoding="utf-8"))["address"]
    except (OSError, ValueError):
        return ""


@pytest.fixture
def started(tmp_path: Path, processes) -> tuple[subprocess.Popen, str]:
    """A scheduler without workers, and its address."""
    note = tmp_path / "scheduler.json"
    process = processes(
        tmp_path,
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--dashboard-address",
        "127.0.0.1:0",
        "--scheduler-file",
        str(note),
    )
    waited_for(lambda: address_in(note), process)
    return process, address_in(note)


@pytest.fixture
def scheduler(started) -> str:
    """The address of a scheduler without workers."""
    return started[1]


def worker_of(scheduler: str, folder: Path) -> tuple[str, ...]:
    return (
        "distributed.cli.dask_worker",
        scheduler,
        "--nthreads",
        "1",
        "--no-nanny",
        "--no-dashboard",
        "--local-directory",
        str(folder / "space"),
    )


@pytest.fixture(scope="module")
def expected(tmp_path_factory) -> dict[str, object]:
    """What one process comes to."""
    folder = tmp_path_factory.mktemp("here") / "result"
    assert main([*COMMAND, "--workers", "1", "--out", str(folder)]) == 0
    return content(folder)


def under_way(tmp_path: Path, processes, scheduler: str, workers: int) -> tuple[list, subprocess.Popen, Path]:
    """So many workers, a run that has stored two parts or more by them, and the folder of its result."""
    crew = [processes(tmp_path, *worker_of(scheduler, tmp_path)) for _ in range(workers)]
    wait_for_workers(scheduler, *crew)
    folder = tmp_path / "there" / "result"
    run = processes(
        tmp_path, "qipan.experiments.command_line", *COMMAND, "--scheduler", scheduler, "--out", str(folder)
    )
    waited_for(lambda: len(list((folder / "parts").glob("*.part"))) >= 2, run)
    return crew, run, folder


def test_a_killed_worker_changes_no_byte(tmp_path: Path, processes, scheduler, expected):
    (first, _), run, folder = under_way(tmp_path, processes, scheduler, 2)
    first.send_signal(signal.SIGKILL)
    assert len(list((folder / "parts").glob("*.part"))) < 16, "all was done before the worker died"
    assert run.wait(120) == 0
    assert content(folder) == expected


def log_of(folder: Path, run: subprocess.Popen) -> str:
    """What a process wrote, by the number of its log."""
    return (folder / run.log).read_text(encoding="utf-8")


@pytest.mark.parametrize("prepared", [0, 2])
def test_a_worker_that_joins_later_and_differs_gets_no_work(tmp_path: Path, processes, scheduler, expected, prepared):
    """The one worker is stopped until the other has been asked: whatever that one had done would be stored."""
    prepare, said = LATER[prepared]
    if prepare is no_qipan and installed():
        pytest.skip("qipan is installed in this environment: every worker has it")
    (first,), run, folder = under_way(tmp_path, processes, scheduler, 1)
    first.send_signal(signal.SIGSTOP)
    assert len(list((folder / "parts").glob("*.part"))) < 16, "all was done before the other came"
    processes(tmp_path, *worker_of(scheduler, tmp_path), **prepare(tmp_path))
    waited_for(lambda: "gets no work" in log_of(tmp_path, run), run)
    first.send_signal(signal.SIGCONT)
    assert run.wait(120) == 0
    line, _ = log_of(tmp_path, run).splitlines()
    assert re.fullmatch(
        f"{said} and gets no work; install the same versions of qipan and its packages everywhere", line
    )
    assert content(folder) == expected


def test_a_worker_that_joins_later_and_is_the_same_takes_over(tmp_path: Path, processes, scheduler, expected):
    """The only worker dies with all that was sent, none of which was meant for the other."""
    (first,), run, folder = under_way(tmp_path, processes, scheduler, 1)
    first.send_signal(signal.SIGKILL)
    assert len(list((folder / "parts").glob("*.part"))) < 16, "all was done before the worker died"
    processes(tmp_path, *worker_of(scheduler, tmp_path))
    assert run.wait(120) == 0
    assert content(folder) == expected


def test_a_scheduler_that_dies_is_told_in_one_sentence_and_what_is_stored_is_kept(tmp_path: Path, processes, started):
    process, scheduler = started
    worker = processes(tmp_path, *worker_of(scheduler, tmp_path))
    wait_for_workers(scheduler, worker)
    folder = tmp_path / "result"
    run = processes(
        tmp_path, "qipan.experiments.command_line", *COMMAND, "--scheduler", scheduler, "--out", str(folder)
    )
    waited_for(lambda: list((folder / "parts").glob("*.part")), run)
    process.kill()
    assert run.wait(60) == 2
    (line,) = log_of(tmp_path, run).splitlines()
    assert line.startswith(f"{folder}: the scheduler of the cluster has gone; what is stored is kept")
    assert list((folder / "parts").glob("*.part"))


def installed() -> bool:
    return any(found.metadata["Name"] == "qipan" for found in distributions())


def other_code(folder: Path) -> dict[str, object]:
    """A copy of the sources in which one line of the model differs, though no number does."""
    for name in ("src", "model", "experiments", "data", "scenarios"):
        shutil.copytree(
            ROOT / name, folder / "copy" / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__")
        )
    with (folder / "copy" / "model" / "region.py").open("a", encoding="utf-8") as file:
        file.write("# another version\n")
    return {"code": folder / "copy"}


def other_packages(folder: Path) -> dict[str, object]:
    """Another version of NumPy, as far as what is installed says."""
    told = folder / "packages" / "numpy-0.9.9.dist-info"
    told.mkdir(parents=True)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 0.9.9\n", encoding="utf-8")
    return {"extra": str(told.parent)}


def no_qipan(folder: Path) -> dict[str, object]:
    """A worker in whose environment qipan is not installed."""
    return {"code": None}


LATER = (
    (other_code, r"the worker at tcp://127\.0\.0\.1:\d+ has another version of qipan's code"),
    (other_packages, rf"the worker at tcp://127\.0\.0\.1:\d+ has numpy 0\.9\.9 \(here {np.__version__}\)"),
    (no_qipan, r"the worker at tcp://127\.0\.0\.1:\d+ does not have qipan"),
)


@pytest.mark.parametrize(("prepared", "said"), LATER)
def test_a_worker_that_differs_is_refused_in_one_sentence(tmp_path: Path, processes, scheduler, capsys, prepared, said):
    """Nothing of what it might have computed is stored."""
    if prepared is no_qipan and installed():
        pytest.skip("qipan is installed in this environment: every worker has it")
    worker = processes(tmp_path, *worker_of(scheduler, tmp_path), **prepared(tmp_path))
    wait_for_workers(scheduler, worker)
    folder = tmp_path / "result"
    command = ("run", "theory/game", "--replicates", "3", "--no-report", "--quiet", "--out", str(folder))
    assert main([*command, "--scheduler", scheduler]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert re.fullmatch(
        f"command line: --scheduler: {said}; install the same versions of qipan and its packages everywhere", line
    ), line
    assert not list(folder.rglob("*.part"))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"model": "0" * 64}, "has another version of qipan's code"),
        ({"versions": (("numba", "0.1"),)}, "has numba"),
        ({"data": (("mechanisms.csv", "0" * 64),)}, "has other data files (mechanisms.csv)"),
    ],
)
def test_a_worker_compares_code_packages_and_data(changed, said):
    """Numba counts where it carries out the years, and only there."""
    scenario = load_scenario("baseline", {"run.replicates": 2, "run.last_year": 2023})
    files = tuple(sorted(load_world(scenario.world).files.items()))
    executor = "compiled" if "versions" in changed else "numpy"
    plan = RunPlan("x", Path("x"), (scenario,), ("x",), files, executor=executor)
    facts = facts_of(plan)
    assert ("numba" in dict(facts.versions)) == (executor == "compiled")
    whole = {
        name: tuple({**dict(getattr(facts, name)), **dict(pairs)}.items())
        for name, pairs in changed.items()
        if name != "model"
    }
    (task,) = plan.tasks()
    with pytest.raises(UserError) as refused:
        run_elsewhere((scenario,), (task,), replace(facts, **{**changed, **whole}))
    assert said in str(refused.value)


def test_a_worker_that_is_the_same_does_the_work():
    scenario = load_scenario("theory/game", {"run.replicates": 2})
    plan = RunPlan("x", Path("x"), (scenario,), ("x",), tuple(sorted(load_world(scenario.world).files.items())))
    (task,) = plan.tasks()
    (outcome,) = run_elsewhere((scenario,), (task,), facts_of(plan))
    assert outcome.content == run_task((scenario,), task).content


def work_of(folder: Path, together: int) -> tuple[cluster._Work, SimpleNamespace, list[str]]:
    """Ten blocks, so many of them to a batch, for two threads of a worker; and where what is sent is written down."""
    scenario = load_scenario("theory/game", {"run.replicates": 10 * 128})
    plan, sent = RunPlan("x", folder, (scenario,), ("x",)), list[str]()

    class Sent:
        def cancel(self) -> None: ...

    def submit(function, scenarios, batch, facts, *, key, pure, workers):
        sent.append(f"{' '.join(str(task.start) for task in batch)} {workers}")
        return Sent()

    crew = SimpleNamespace(client=SimpleNamespace(submit=submit), facts=facts_of(plan), threads={"a": 2})
    tasks = tuple(plan.tasks())
    batches = deque(tasks[start : start + together] for start in range(0, 10, together))
    return cluster._Work(plan, crew, batches), crew, sent


def test_a_batch_whose_workers_have_gone_is_sent_again_block_by_block(tmp_path: Path):
    """Four blocks, four and two: all sent at once; when the worker dies, at most eight of them by themselves."""
    work, crew, sent = work_of(tmp_path, 4)
    work.send()
    assert sent == ["0 128 256 384 ['a']", "512 640 768 896 ['a']", "1024 1152 ['a']"]
    crew.threads = {"b": 2}
    work.call_back()
    work.send()
    assert len(sent) == 3 + 8
    assert {line.split()[1] for line in sent[3:]} == {"['b']"}


def test_tasks_of_workers_that_have_gone_are_sent_again_and_not_for_ever(monkeypatch, tmp_path: Path):
    """Two threads: at most eight tasks under way. A task is sent four times; then it is what kills workers."""
    work, crew, sent = work_of(tmp_path, 1)
    work.send()
    work.call_back()
    assert sent == [f"{128 * number} ['a']" for number in range(8)]
    for name in "bcd":
        crew.threads = {name: 2}
        work.call_back()
        work.send()
        assert sorted(sent[-8:]) == sorted(f"{128 * number} ['{name}']" for number in range(8))
    crew.threads = {}
    with pytest.raises(UserError, match="several workers died over the same block"):
        work.call_back()
    monkeypatch.setattr(cluster, "SECONDS_ALONE", -1.0)
    with pytest.raises(UserError, match="all workers of the cluster have gone; what is stored is kept"):
        work.ready()


WORKERS_THERE = """
import sys, time
from qipan.experiments.runs.cluster import connected
client, limit = connected(sys.argv[1]), time.monotonic() + 90
while sum(client.nthreads().values()) != int(sys.argv[2]):
    assert time.monotonic() < limit, "took too long"
    time.sleep(0.02)
"""


def wait_for_workers(scheduler: str, *crew: subprocess.Popen) -> None:
    """Until the scheduler knows all of these workers of one thread, asked in a process of its own."""
    command = [sys.executable, "-c", WORKERS_THERE, scheduler, str(len(crew))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(process.poll() is None for process in crew), "ended too early"


@pytest.mark.parametrize("address", ["nowhere", "tcp://127.0.0.1:1", "tcp://", "", "http://127.0.0.1:80"])
def test_an_address_without_a_scheduler_is_one_sentence_at_once(capsys, address: str):
    began = time.monotonic()
    assert main(["run", "theory/game", "--dry-run", "--scheduler", address]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("command line: --scheduler: ")
    assert time.monotonic() - began < 5.0


def test_without_the_optional_packages_the_command_says_which(capsys, monkeypatch, tmp_path: Path):
    import socket

    monkeypatch.setitem(sys.modules, "distributed", None)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        assert main(["run", "theory/game", "--dry-run", "--scheduler", address]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "Dask is not installed; pip install 'qipan[cluster]'" in line


def certificate(folder: Path) -> Path:
    """A certificate that is its own authority, with its key in the same file."""
    file = folder / "own.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-keyout",
            str(file),
            "-out",
            str(folder / "certificate.pem"),
        ],
        check=True,
        capture_output=True,
    )
    with file.open("a") as both:
        both.write((folder / "certificate.pem").read_text())
    return file


@pytest.mark.skipif(shutil.which("openssl") is None, reason="nothing here makes a certificate")
def test_a_cluster_behind_tls_is_reached_with_the_certificates_of_dasks_configuration(
    tmp_path: Path, processes, expected, monkeypatch, capsys
):
    pem, note = certificate(tmp_path), tmp_path / "scheduler.json"
    tls = ("--tls-ca-file", str(pem), "--tls-cert", str(pem), "--tls-key", str(pem))
    process = processes(
        tmp_path,
        "distributed.cli.dask_scheduler",
        "--protocol",
        "tls",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        str(note),
        *tls,
    )
    waited_for(lambda: address_in(note), process)
    scheduler = address_in(note)
    assert scheduler.startswith("tls://")
    worker = processes(tmp_path, *worker_of(scheduler, tmp_path), *tls)
    out = ("--out", str(tmp_path / "result"))
    assert main([*COMMAND, "--scheduler", scheduler, *out]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "needs certificates, and Dask's configuration names none" in line
    for name in ("CA_FILE", "CLIENT__CERT", "CLIENT__KEY"):
        monkeypatch.setenv(f"DASK_DISTRIBUTED__COMM__TLS__{name}", str(pem))
    wait_for_workers(scheduler, worker)
    run = processes(tmp_path, "qipan.experiments.command_line", *COMMAND, "--scheduler", scheduler, *out)
    assert run.wait(300) == 0, log_of(tmp_path, run)
    assert content(tmp_path / "result") == expected


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are not there")
def test_ctrl_c_keeps_what_is_under_way_and_the_rest_follows(tmp_path: Path, processes, scheduler, expected):
    _, run, folder = under_way(tmp_path, processes, scheduler, 1)
    run.send_signal(signal.SIGINT)
    assert run.wait(300) == 130, log_of(tmp_path, run)
    told = log_of(tmp_path, run)
    assert told.startswith("interrupted")
    assert len(told.splitlines()) == 1
    kept = {file.name for file in (folder / "parts").glob("*.part")}
    assert 2 <= len(kept) <= 16
    again = processes(
        tmp_path, "qipan.experiments.command_line", *COMMAND, "--scheduler", scheduler, "--out", str(folder)
    )
    assert again.wait(300) == 0
    assert content(folder) == expected
