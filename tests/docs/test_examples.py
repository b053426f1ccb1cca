"""Every example runs as it stands; those of the kinds of additions are loaded by tests/contracts/test_seams.py."""

import importlib.util
import os
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT

EXAMPLES = ROOT / "examples"
NEEDS = {
    "from_2028.py": (),
    "own_coordinator.py": (),
    "with_salib.py": ("SALib",),
    "with_optuna.py": ("optuna",),
    "with_ema_workbench.py": ("ema_workbench",),
    "with_solara.py": ("solara", "altair"),
}
SAYS = {
    "from_2028.py": "bn yuan with a design from 2028 on",
    "own_coordinator.py": "with the design's own lists",
    "with_salib.py": "'policy.coordination.levy':",
    "with_optuna.py": "'policy.coordination.levy':",
    "with_ema_workbench.py": "'welfare':",
    "with_solara.py": "",
}


def test_every_example_is_run_or_loaded():
    additions = {path.name for path in EXAMPLES.glob("own_*.py")} - {"own_coordinator.py"}
    assert {path.name for path in EXAMPLES.glob("*.py")} == {*NEEDS, *additions}


@pytest.mark.parametrize("name", NEEDS)
def test_an_example_runs(name):
    missing = [package for package in NEEDS[name] if importlib.util.find_spec(package) is None]
    if missing:
        extra = "viz" if "solara" in missing or "altair" in missing else "explore"
        pytest.skip(f"needs {', '.join(missing)}, which the set-up leaves out: pip install 'qipan[{extra}]'")
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / name)],
        capture_output=True,
        text=True,
        cwd=EXAMPLES,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])},
    )
    assert done.returncode == 0, done.stderr
    assert SAYS[name] in done.stdout
