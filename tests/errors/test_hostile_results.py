"""Hostile experiment files, layouts to measure, stored results and stored parts: see `test_hostile_input.py`."""

import hashlib
import io
import json
import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qipan.experiments.command_line import main
from qipan.experiments.designs.sweep_file import Sweep
from tests.errors.mangling import (
    KEYS,
    ROOT,
    SEEDS,
    TABLE_SEEDS,
    TEXTS,
    VALUES,
    cases,
    mangled,
    reencoded,
)
from tests.errors.watched import answered

pytestmark = pytest.mark.usefixtures("warm")

EXPERIMENT_SEEDS = [content for name, content in SEEDS.items() if name.startswith("sweep-")]
EXPERIMENT_SEEDS += [
    file.read_bytes().replace(b"points: 128", b"points: 4").replace(b"steps: 5", b"steps: 2")
    for file in sorted((ROOT / "scenarios" / "experiments").glob("*.yaml"))
]
LISTS = st.lists(VALUES, max_size=4).map(lambda values: f"[{', '.join(values)}]")
NAMES = ("baseline", "national-design", "theory/game", "burn", "nowhere", "../x")
SETTINGS = ("100000", "1000", "2", "all", "none", "[delay_not_below_period]", "[welfare, output_total]")
RANGES = st.sampled_from(("[0.1, 0.3]", "[1, 5]", "[0, 1]", "[-1e308, 1e308]", "[0.3, 0.1]", "[true, false]"))
METHODS = ("grid", "grid", "latin_hypercube", "sobol", "random")


def read_experiment(content: bytes, folder: Path) -> None:
    path = folder / "hostile.yaml"
    path.write_bytes(content)
    assert answered(["sweep", str(path), "--dry-run"]).status in (0, 2)
    assert [file.name for file in folder.iterdir()] == ["hostile.yaml"]


def test_the_corpus_of_experiments(tmp_path: Path, no_work):
    for content in EXPERIMENT_SEEDS:
        read_experiment(content, tmp_path)


@cases(0.06)
@given(content=mangled(EXPERIMENT_SEEDS))
def test_mangled_experiment_files(tmp_path: Path, no_work, content):
    read_experiment(content, tmp_path)


@st.composite
def experiment(draw):
    """An experiment file with known and unknown keys and hostile values."""
    arms = draw(st.lists(st.sampled_from(NAMES), max_size=3))
    lines = ["title: x", f"arms: [{', '.join(arms)}]", f"method: {draw(st.sampled_from(METHODS))}"]
    keys = draw(st.lists(st.sampled_from([*Sweep.model_fields, "x"]), max_size=4))
    lines += [f"{key}: {draw(st.one_of(VALUES, LISTS, st.sampled_from(SETTINGS)))}" for key in keys]
    swept = draw(st.lists(st.sampled_from(KEYS), max_size=4))
    lines += ["parameters:", *(f"  {key}: {draw(st.one_of(LISTS, RANGES, RANGES, VALUES))}" for key in swept)]
    text = "\n".join(lines) + "\n"
    return reencoded(text.encode("utf-8", "surrogatepass"), draw(st.sampled_from(("", "", "", "bom", "crlf", "gbk"))))


@cases(0.08)
@given(content=experiment())
def test_experiment_files_with_hostile_values(tmp_path: Path, no_work, content):
    read_experiment(content, tmp_path)


LAYOUT_SEEDS = [
    *TABLE_SEEDS,
    (ROOT / "data" / "announced_layouts.csv").read_bytes(),
    "region,plan-6\n上海,quantum\n".encode(),
]


@cases(0.04)
@given(content=st.one_of(mangled(LAYOUT_SEEDS), st.binary(max_size=200)))
def test_layouts_to_measure(tmp_path: Path, no_work, content):
    path = tmp_path / "layouts.csv"
    path.write_bytes(content)
    assert answered(["measure", str(path)]).status == 2  # good or bad: nothing is computed in this test


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stored") / "result"
    assert (
        main(
            [
                "compare",
                "theory/game",
                "theory/affine",
                "--replicates",
                "3",
                "--workers",
                "1",
                "--no-report",
                "--quiet",
                "--out",
                str(folder),
            ]
        )
        == 0
    )
    return folder


def mended(folder: Path, name: str) -> None:
    """Let the manifest vouch for a spoilt file, so that reading gets as far as its content."""
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        path.write_text(json.dumps(manifest), encoding="utf-8")
    except (ValueError, KeyError, TypeError, OSError):
        return


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from([*TEXTS, "../x", "baseline"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["name", "x"]), inner)),
    max_leaves=6,
)


@st.composite
def spoilt_manifest(draw, content: bytes):
    """A manifest with one of its values, at any depth, replaced."""
    manifest = json.loads(content)
    place = manifest
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = draw(st.sampled_from(keys))
        if isinstance(place[key], dict | list) and place[key] and draw(st.booleans()):
            place = place[key]
            continue
        place[key] = draw(JSON)
        return json.dumps(manifest).encode()


COMMANDS = (
    ("export", "--format", "iamc"),
    ("export", "--format", "iamc"),
    ("replay", "abcd", "--results"),
    ("explain", "--region", "Region 1", "--year", "2023"),
)


@cases(0.04)
@given(data=st.data())
def test_stored_results(tmp_path_factory, result: Path, no_work, data):
    folder = result.parent / "spoilt"
    shutil.copytree(result, folder, dirs_exist_ok=True)
    names = sorted(
        file.relative_to(result).as_posix()
        for file in result.rglob("*")
        if file.is_file() and file.suffix in (".json", ".yaml", ".npz", ".parquet")
    )
    name = data.draw(st.sampled_from(names))
    content = (folder / name).read_bytes()
    spoiling = spoilt_manifest(content) if name == "manifest.json" else mangled([content])
    (folder / name).write_bytes(data.draw(spoiling))
    if data.draw(st.booleans()):
        mended(folder, name)
    command = data.draw(st.sampled_from(COMMANDS))
    arguments = [*command, str(folder)]
    assert answered(arguments, folder).status in (0, 2)


def test_an_archive_that_unpacks_to_far_more_is_refused(result: Path, no_work, monkeypatch):
    monkeypatch.setattr("qipan.experiments.results.read.LARGEST_MEANS", 10_000_000)
    folder = result.parent / "bomb"
    shutil.copytree(result, folder)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("x/y.npy", "w") as file:
        head = {"descr": "<f8", "fortran_order": False, "shape": (3_000_000,)}
        np.lib.format.write_array_header_1_0(file, head)
        for _ in range(24):
            file.write(bytes(1_000_000))
    (folder / "means.npz").write_bytes(buffer.getvalue())
    mended(folder, "means.npz")
    assert answered(["export", str(folder), "--format", "iamc"], folder).status == 2


RUN = ("run", "theory/shared-prize-small", "--replicates", "3", "--workers", "1", "--no-report", "--quiet")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finished") / "result"
    assert main([*RUN, "--out", str(folder)]) == 0
    return folder


@cases(0.005)
@given(data=st.data())
def test_stored_parts_and_leftovers_are_mended_by_the_same_command(finished: Path, data):
    """One or two files of a result folder spoilt, lost, or strange ones beside them: the bytes of the first run."""
    folder = finished.parent / "again"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(finished, folder)
    names = sorted(file.relative_to(finished).as_posix() for file in finished.rglob("*") if file.is_file())
    parts = [name for name in names if name.endswith(".part")]
    for name in data.draw(st.lists(st.one_of(st.sampled_from(parts), st.sampled_from(names)), min_size=1, max_size=2)):
        spoilt = data.draw(st.one_of(mangled([(finished / name).read_bytes()]), st.just(b""), st.none()))
        (folder / name).unlink(missing_ok=True) if spoilt is None else (folder / name).write_bytes(spoilt)
    if data.draw(st.booleans()):
        strange = data.draw(
            st.sampled_from(("x.part", "0" * 64 + ".part", "x.part.unfinished", "ｘ", "manifest.json.unfinished"))
        )
        (folder / "parts" / strange).write_bytes(data.draw(st.binary(max_size=40)))
    assert answered([*RUN, "--out", str(folder)], folder.parent).status == 0
    for name in names:
        if name != "manifest.json":
            assert (folder / name).read_bytes() == (finished / name).read_bytes(), name


FAILURE = {"identifier": "abcdef123456", "arm_name": "baseline", "scenario": "baseline", "replicate": 1, "message": "m"}
NO_FAILURES = {
    "a list of lists": [list(FAILURE)],
    "a list of texts": [" ".join(FAILURE)],
    "a number": 5,
    "nothing": None,
    "an object": FAILURE,
    "an empty object": {},
    "an identifier that is a number": [{**FAILURE, "identifier": 5}],
    **{f"replicate {told!r}": [{**FAILURE, "replicate": told}] for told in ("x", None, -1, 1.7, 1e30, True, 2**32)},
    **{f"arm {told!r}": [{**FAILURE, "arm_name": told}] for told in (5, "", "../../baseline", "/etc/x", "a\0b", None)},
    **{f"executor {told!r}": [{**FAILURE, "executor": told}] for told in ("other", 5, None)},
}


@pytest.mark.parametrize("content", NO_FAILURES)
def test_what_is_no_list_of_failures_is_not_replayed(tmp_path: Path, capsys, content: str):
    file = tmp_path / "failures.json"
    file.write_text(json.dumps(NO_FAILURES[content]), encoding="utf-8")
    assert main(["replay", "abcdef", "--results", str(tmp_path)]) == 2
    advice = "run the experiment again: it is written anew"
    assert capsys.readouterr().err == f"{file}: is not a list of failures; {advice}\n"


@pytest.mark.parametrize("content", [b"[" * 100_000, b"\xff\xfe", b"", b"[NaN]"])
def test_bytes_that_are_no_list_of_failures_are_not_replayed(tmp_path: Path, capsys, content: bytes):
    (tmp_path / "failures.json").write_bytes(content)
    assert main(["replay", "abcdef", "--results", str(tmp_path)]) == 2
    assert "is not a list of failures" in capsys.readouterr().err


def test_a_list_of_failures_of_a_terabyte_is_not_read(tmp_path: Path, capsys):
    (tmp_path / "failures.json").write_bytes(b"[]")
    os.truncate(tmp_path / "failures.json", 2**40)
    assert main(["replay", "abcdef", "--results", str(tmp_path)]) == 2
    assert "is not a list of failures" in capsys.readouterr().err
