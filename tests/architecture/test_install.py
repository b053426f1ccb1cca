"""The first step on a strange machine: it works, or it says in one sentence what to do."""

import importlib.util
import os
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT

SPEC = importlib.util.spec_from_file_location("install", ROOT / "install.py")
install = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(install)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 13, 9)])
def test_the_supported_pythons_are_accepted(version):
    assert install.check_python(version, "python3") is None


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 9, 2), (3, 10, 13), (3, 14, 0)])
def test_another_python_is_refused_with_what_to_do(version):
    with pytest.raises(install.Problem) as refused:
        install.check_python(version, "python3")
    text = str(refused.value)
    assert f"python3 is {version[0]}.{version[1]}" in text
    assert "make run PYTHON=python3.12" in text
    assert one_sentence(text)


def test_a_python_without_ensurepip_names_the_package_to_install():
    with pytest.raises(install.Problem) as refused:
        install.check_venv(find=lambda name: None if name == "ensurepip" else object())
    text = str(refused.value)
    assert f"sudo apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv" in text
    assert one_sentence(text)


@pytest.mark.parametrize(
    "words",
    [
        "WARNING: Retrying ... [Errno -3] Temporary failure in name resolution",
        "ERROR: Could not find a version that satisfies the requirement click==8 (from versions: none)",
        "Failed to establish a new connection: [Errno 101] Network is unreachable",
    ],
)
def test_no_network_is_said_in_one_sentence(words):
    text = install.failure(words, ".venv/install.log")
    assert text.startswith("the packages could not be fetched: connect to the network")
    assert ".venv/install.log" in text
    assert one_sentence(text)


def test_another_failure_points_to_the_words_of_pip():
    text = install.failure("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", ".venv/install.log")
    assert text == "pip could not install the packages: its own words, in .venv/install.log, say why."


def test_a_failing_pip_leaves_its_words_in_a_file(tmp_path):
    command = [sys.executable, "-c", "import sys; print('Network is unreachable'); sys.exit(1)"]
    with pytest.raises(install.Problem, match="could not be fetched"):
        install.call(str(tmp_path), command)
    assert "unreachable" in (tmp_path / "install.log").read_text()


def test_an_environment_is_renewed_when_the_lock_changes(tmp_path):
    folder = str(tmp_path)
    assert not install.up_to_date(folder, "run")
    (tmp_path / "made-from-test").write_text(install.fingerprint("test"))
    assert install.up_to_date(folder, "run"), "an environment for tests also serves for running"
    assert install.up_to_date(folder, "test")
    (tmp_path / "made-from-test").write_text("another lock")
    assert not install.up_to_date(folder, "test")


def test_a_problem_ends_with_status_two_and_no_traceback():
    program = "import sys, install; install.check_venv = lambda: (_ for _ in ()).throw(install.Problem('do this.')); "
    program += "install.up_to_date = lambda *_: False; sys.exit(install.main([]))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "install.py: do this.\n")


def one_sentence(text: str) -> bool:
    """One line with one full stop, at its end (version numbers and file names aside)."""
    return "\n" not in text and text.endswith(".") and ". " not in text


STAND_IN = """#!/usr/bin/env bash
files="$(ls -A "$HOME" | wc -l)"
echo "make $1 in a home of $files files, ${QIPAN_CACHE:-no} cache, packages by ${PIP_CONFIG_FILE##*/}" >> "$CALLS"
touch "$HOME/left"
echo "$HOME" > "$CALLS.home"
"""


@pytest.mark.skipif(os.name == "nt", reason="a script of bash")
def test_continuous_integration_runs_and_tests_in_an_empty_home_of_its_own(tmp_path):
    """The second of both finds what the first has left; the home is gone in the end."""
    (tmp_path / "bin").mkdir()
    for name in ("make", "chromium"):
        (tmp_path / "bin" / name).write_text(STAND_IN)
        (tmp_path / "bin" / name).chmod(0o755)
    home = tmp_path / "home"
    (home / ".config" / "pip").mkdir(parents=True)
    (home / ".config" / "pip" / "pip.conf").write_text("[global]\n")
    environment = {
        name: value for name, value in os.environ.items() if name not in ("XDG_CONFIG_HOME", "PIP_CONFIG_FILE")
    }
    environment |= {
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "CALLS": str(tmp_path / "calls"),
        "HOME": str(home),
        "QIPAN_CACHE": "some",
        "PYTHON": sys.executable,
    }
    done = subprocess.run(["bash", ".ci/run"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "calls").read_text().splitlines() == [
        "make run in a home of 0 files, no cache, packages by pip.conf",
        "make test in a home of 1 files, no cache, packages by pip.conf",
    ]
    assert not os.path.exists((tmp_path / "calls.home").read_text().strip())
