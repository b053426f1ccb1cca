"""The public names of `qipan`: each is there, and none is loaded before it is asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

import qipan

ROOT = Path(__file__).resolve().parents[2]


def loaded_after(program: str, *modules: str) -> list[str]:
    """Which of the modules a fresh process has loaded after a program."""
    text = f"{program}; import sys; print(*(name for name in {modules!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_every_public_name_is_there_and_listed():
    for name in qipan.__all__:
        assert getattr(qipan, name).__name__ == name
    assert set(qipan.__all__) <= set(dir(qipan))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'qipan' has no attribute 'rum'"):
        _ = qipan.rum


def test_importing_the_package_loads_neither_arrays_nor_validation():
    assert loaded_after("import qipan", "numpy", "pydantic", "ruamel.yaml") == []


def test_reading_a_scenario_loads_what_can_be_named_in_it_and_nothing_heavier():
    program = "from qipan import load_scenario; load_scenario('national-design')"
    names = (
        "qipan.model.coordination.arms",
        "qipan.model.phases",
        "qipan.model.history",
        "pandas",
        "scipy",
        "mesa",
        "numba",
    )
    assert loaded_after(program, *names) == ["qipan.model.coordination.arms"]


def test_the_yaml_reader_is_loaded_with_the_first_file():
    assert loaded_after("from qipan import load_scenario, run", "numpy", "ruamel.yaml") == ["numpy"]
