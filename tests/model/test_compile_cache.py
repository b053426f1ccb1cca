"""The cache of compiled code: shared by clones, made once, of one user alone, and never another's code."""

import logging
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from qipan.experiments.command_line import main
from qipan.model.compiled import cache
from qipan.model.compiled.cache import cache_folder, distrusted, is_warm, usable
from qipan.model.errors import UserError

ROOT = Path(__file__).resolve().parents[2]
only_posix = pytest.mark.skipif(not hasattr(os, "getuid"), reason="no owners of files here")
only_root = pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root gives files away")
STRANGER = 54_321


@pytest.fixture
def base(tmp_path: Path, monkeypatch) -> Path:
    """A place for the cache that the user names, of which this process knows nothing yet."""
    monkeypatch.setattr(cache, "_ready", [])
    monkeypatch.setenv("QIPAN_CACHE", str(tmp_path / "mine"))
    return tmp_path / "mine"


def test_the_folder_is_for_the_user_alone_with_those_above_it(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("QIPAN_CACHE", str(tmp_path / "a" / "b"))
    folder = cache_folder()
    for made in (folder, folder.parent, folder.parent.parent):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700


@only_posix
@pytest.mark.parametrize("where", ["the folder", "above it", "far above it"])
def test_a_folder_that_others_can_write_is_refused_in_one_sentence(base: Path, where: str, capsys):
    folder = cache_folder()
    place = {"the folder": folder, "above it": base, "far above it": base.parent}[where]
    place.chmod(0o777)
    with pytest.raises(UserError, match="others than you can write"):
        cache_folder()
    assert main(["run", "baseline", "--executor", "compiled", "--out", str(base.parent / "result")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("environment: QIPAN_CACHE: others than you can write in ")
    place.chmod(0o1777)
    assert (cache_folder() == folder) if where != "the folder" else distrusted(folder)


@only_posix
def test_links_in_the_place_of_the_folder_or_in_it_are_refused_and_one_of_the_user_above_it_is_followed(base: Path):
    folder = cache_folder()
    (folder / "year.nbi").symlink_to(base / "elsewhere")
    assert "is a link" in usable(base)[1]
    folder.rename(base / "moved")
    folder.symlink_to(base / "moved")
    assert "is a link" in usable(base)[1]
    folder.unlink()
    (base.parent / "link").symlink_to(base)
    assert usable(base.parent / "link", make=True) == (folder, "")


@only_root
@pytest.mark.parametrize("what", ["folder", "above", "file"])
def test_what_belongs_to_another_user_is_refused(base: Path, what: str):
    folder = cache_folder()
    (folder / "year.nbi").write_bytes(b"")
    os.chown({"folder": folder, "above": base, "file": folder / "year.nbi"}[what], STRANGER, STRANGER)
    assert "another user" in usable(base)[1]


PLANTED = """
import os, pickle, sys
from qipan.model.compiled.cache import Locator, cache_folder, private_folder
class Planted:
    def __reduce__(self):
        return (print, ("executed",))
base = sys.argv[1]
folder = cache_folder()
with open(folder / "cache.pressed-1.py311.nbi", "wb") as file:
    pickle.dump(Planted(), file)
os.chmod(base, 0o777)
import numba
from qipan.model.compiled.cache import caching
with caching():
    function = numba.njit(cache=True)(lambda number: number + 1)
print(function(1), cache_folder() == private_folder() != folder, cache_folder())
"""


@only_posix
def test_code_planted_in_the_users_own_cache_is_never_loaded_and_a_private_folder_is_gone_at_the_end(tmp_path: Path):
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT / "src")}
    environment.pop("QIPAN_CACHE", None)
    done = subprocess.run(
        [sys.executable, "-c", PLANTED, str(tmp_path / "qipan")],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    number, private, folder = done.stdout.split()
    assert (number, private, done.stderr) == ("2", "True", "")
    assert not Path(folder).exists()


def test_a_user_without_a_home_that_can_be_written_gets_a_private_folder(monkeypatch, tmp_path: Path):
    monkeypatch.delenv("QIPAN_CACHE", raising=False)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert cache_folder() == cache.private_folder()
    monkeypatch.setenv("QIPAN_CACHE", str(tmp_path / "file"))
    with pytest.raises(UserError, match=r"QIPAN_CACHE: .* cannot be used"):
        cache_folder()


def test_the_mark_is_believed_only_while_all_is_there(base: Path):
    folder = cache_folder()
    assert not is_warm(folder)
    (folder / "a.nbi").write_bytes(b"an index")
    (folder / "b.nbc").write_bytes(b"code")
    assert not is_warm(folder)
    cache._mark(folder)
    assert is_warm(folder)
    (folder / "b.nbc").write_bytes(b"")  # what a loss of power leaves
    assert not is_warm(folder)
    (folder / "b.nbc").unlink()
    assert not is_warm(folder)


FILLING = """
import logging, sys, time
from qipan.model.compiled import cache
def run_all(files):
    print("compiled", len(files) > 5, flush=True)
    (cache.cache_folder() / "a.nbi").write_bytes(b"half")
    time.sleep(1.0)
    (cache.cache_folder() / "a.nbi").write_bytes(b"an index")
cache._run_all = run_all
cache.ready(quiet="quiet" in sys.argv)
cache.ready()
print((cache.cache_folder() / "a.nbi").read_bytes().decode())
"""


def test_of_two_processes_with_an_empty_cache_one_compiles_and_the_other_waits(base: Path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", FILLING], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    told = sorted(process.communicate(timeout=120) for process in both)
    assert [out for out, _ in told] == ["an index\n", "compiled True\nan index\n"]
    waits = "another process compiles the rules at the moment, which takes about 45 s; waiting for it\n"
    assert told[0][1] in (waits, "")  # nothing where it came after the other had ended
    assert told[1][1] == f"compiling the rules once, about 45 s; kept in {cache_folder()}\n"
    again = subprocess.run([sys.executable, "-c", FILLING], env=environment, text=True, capture_output=True, check=True)
    assert (again.stdout, again.stderr) == ("an index\n", "")
    (cache_folder() / "a.nbi").unlink()
    quiet = [sys.executable, "-c", FILLING, "quiet"]
    again = subprocess.run(quiet, env=environment, text=True, capture_output=True, check=True)
    assert (again.stdout, again.stderr) == ("compiled True\nan index\n", "")


CLONE = """
from qipan import load_scenario, run
from qipan.model.compiled.cache import MODEL, cache_folder
run(load_scenario("national-design", ["run.last_year=2024"]), replicates=range(2), executor="compiled")
print(MODEL, cache_folder())
"""


def test_a_clone_of_the_same_sources_compiles_nothing(tmp_path: Path):
    cache.ready()
    for name in ("src", "model", "data", "scenarios"):
        shutil.copytree(ROOT / name, tmp_path / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "src")}
    folder = cache_folder()
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    done = subprocess.run(
        [sys.executable, "-c", CLONE], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(tmp_path / "model"), str(folder)]
    assert done.stderr == ""
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before


def test_what_scenarios_need_beyond_the_shipped_ones_is_compiled_already(tmp_path: Path):
    """More replicates, other sectors and invented regions have the same types: no second process writes an index."""
    from qipan import load_scenario, run

    cache.ready()
    before = sorted(file.name for file in cache_folder().iterdir())
    for settings in (
        [],
        ["world.data=synthetic", "world.regions=40", "world.sector_count=9"],
        ["policy.coordination.solver=exact"],
        ["world.behaviour.rounds=3"],
    ):
        scenario = load_scenario("national-design", [*settings, "run.last_year=2025"])
        run(scenario, replicates=range(9), executor="compiled")
    assert sorted(file.name for file in cache_folder().iterdir()) == before


def test_the_notice_can_be_turned_off_by_a_script(base: Path, caplog, monkeypatch):
    monkeypatch.setattr(cache, "_run_all", lambda files: None)
    with caplog.at_level(logging.ERROR, logger="qipan"):
        cache.ready()
    assert caplog.records == []
