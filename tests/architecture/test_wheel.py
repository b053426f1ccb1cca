"""A built wheel works away from the repository: it carries its own copy of the data and the scenarios."""

import subprocess
import sys
import tomllib
import zipfile

import pytest

from tests.architecture.source import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of the repository as it stands."""
    pytest.importorskip("hatchling", reason="the lock installs it; `make test` never skips this")
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    return path


def test_a_wheel_holds_the_packages_the_data_and_the_scenarios(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, inside in (("data", "qipan/_shipped/data"), ("scenarios", "qipan/_shipped/scenarios")):
        tables = [path.relative_to(ROOT / folder).as_posix() for path in (ROOT / folder).rglob("*.[cy]*[vl]")]
        assert tables
        assert {f"{inside}/{name}" for name in tables} <= names
    assert {name.rpartition("/")[2] for name in names if "dist-info/licenses/" in name} == {"LICENSE", "CITATION.cff"}
    assert {"qipan/__init__.py", "qipan/py.typed", "qipan/model/step.py", "qipan/experiments/command_line.py"} <= names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"qipan"}
    assert not any(name.startswith("qipan/_shipped/data/make") for name in names)
    assert not any(name.startswith("tests/") for name in names)


def test_a_wheel_runs_elsewhere(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    for name in ("model", "experiments"):  # a user's own packages of these names
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise ImportError('a package of the user')")
    program = (
        "import qipan\n"
        "history = qipan.run(qipan.load_scenario('baseline'), replicates=range(2))\n"
        "print(qipan.__file__, history['output'].shape)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": "site"}
    )
    assert done.returncode == 0, done.stderr
    assert "site" in done.stdout
    assert done.stdout.endswith("(2, 38, 31, 6)\n")


def test_the_version_is_written_once_and_the_same():
    import qipan

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert qipan.__version__ == project["version"]


def test_the_citation_tells_the_same_version_and_licence():
    from ruamel.yaml import YAML

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    preferred = told["preferred-citation"]
    assert (told["cff-version"], told["type"]) == ("1.2.0", "software")
    assert told["message"] and told["title"] == preferred["title"]
    for each in (told, preferred):
        assert each["version"] == project["version"]
        assert each["license"] == project["license"]
        assert each["authors"] == project["authors"]
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert f"Copyright (c) {preferred['year']} {told['authors'][0]['name']}" in licence
