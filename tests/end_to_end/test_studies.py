"""Sweeps and attributions read back: drawn again in both languages and all formats, exported, told from one another."""

from __future__ import annotations

import codecs
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from qipan.experiments.command_line import main
from qipan.experiments.figures import drawing
from qipan.experiments.report import study
from tests.end_to_end.studies import KINDS, drawn, stored
from tests.once import Once

SIGNS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


@pytest.fixture(scope="module")
def studies(once: Once) -> dict[str, Path]:
    return stored(once)


NAMES = {
    "sweep": {"heat-information-only", "heat-national-design", "regret"},
    "attribution": {"shares", "comparisons"},
    "worth": {"worth"},
    "best": {"best"},
    "sensitivity": {"indices"},
    "screening": {"screening"},
    "flip": {"reversal"},
    "calibration": {"patterns"},
}
TITLES = {
    "sweep": {"en": "<title>Small sweep", "zh": "<title>小型扫描"},
    "attribution": {"en": "Which lever did it: Full national", "zh": "哪项工具起作用：完整国家"},
    "worth": {"en": "What a yuan more is worth: Full national", "zh": "多投一元值多少：完整国家"},
    "best": {"en": "The best of a searched set: Full national", "zh": "所搜索政策中的最优：完整国家"},
    "sensitivity": {"en": "What the effect hangs on: Full national", "zh": "效果取决于什么：完整国家"},
    "calibration": {"en": "What the data refute: Small patterns", "zh": "数据否定了什么：小型校准"},
    "flip": {"en": "Where the verdict reverses: Full national", "zh": "判断在何处反转：完整国家"},
    "screening": {"en": "Which assumptions move the effect: Full", "zh": "哪些假设改变效果：完整国家"},
}

QUESTIONS = {
    "sweep": {"en": "Does the design help?", "zh": "设计是否有助益？"},
    "calibration": {"en": "What is refuted?", "zh": "哪些取值被否定？"},
}
"""What the files of these studies ask; a page has that of its language alone."""


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", KINDS)
def test_plot_draws_a_study_again(once: Once, kind: str, language: str) -> None:
    folder, printed = drawn(once, kind, language)
    page = folder / f"{kind}.html"
    assert printed.split() == [str(page)]
    text = page.read_text(encoding="utf-8")
    assert TITLES[kind][language] in text
    for tongue, question in QUESTIONS.get(kind, {}).items():
        assert (question in text) == (tongue == language)
    if kind in QUESTIONS and language == "zh":
        assert "Small" not in text
    written = {path.name for path in (folder / "figures").iterdir()}
    assert written == {f"{name}{end}" for name in NAMES[kind] for end in (".svg", "-column.svg")}


@pytest.mark.parametrize("kind", KINDS)
def test_plot_draws_one_format_and_size(studies: dict[str, Path], tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(studies[kind], folder)
    assert main(["plot", str(folder), "--format", "png", "--size", "slide"]) == 0
    written = {path.name for path in (folder / "figures").iterdir()}
    assert written == {f"{name}{end}" for name in NAMES[kind] for end in ("-slide.png", ".csv")}
    assert main(["plot", str(folder), "--format", "pdf", "--format", "svg"]) == 0
    for path in (folder / "figures").iterdir():
        assert path.read_bytes().startswith((SIGNS | {"csv": codecs.BOM_UTF8})[path.suffix[1:]]), path.name
    assert {path.suffix[1:] for path in (folder / "figures").iterdir()} == {*SIGNS, "csv"}


@pytest.mark.parametrize("kind", KINDS)
def test_tables_of_a_study_for_other_tools(studies: dict[str, Path], tmp_path: Path, kind: str) -> None:
    folder = studies[kind]
    names = {path.stem for path in (folder / "tables").glob("*.parquet")}
    for form in ("csv", "parquet"):
        assert main(["export", str(folder), "--format", form, "--to", str(tmp_path / form)]) == 0
        written = {path.name for path in (tmp_path / form).iterdir()}
        assert written == {f"{name}.{form}" for name in names | {"dictionary"}} | {"datapackage.json"}
    for name in names:
        stored = pd.read_parquet(folder / "tables" / f"{name}.parquet")
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "parquet" / f"{name}.parquet"), stored)
        assert len(pd.read_csv(tmp_path / "csv" / f"{name}.csv")) == len(stored)
    assert main(["export", str(folder), "--format", "xlsx", "--to", str(tmp_path / "book.xlsx")]) == 0
    sheets = set(pd.read_excel(tmp_path / "book.xlsx", sheet_name=None))
    assert sheets == names - {"runs"} | {"answer", "figures", "dictionary"}


@pytest.mark.parametrize(
    ("kind", "column", "holds"),
    [
        ("worth", ("worth", "gain"), "welfare before the money is paid"),
        ("worth", ("runs", "cost"), "Money used more"),
        ("best", ("arms", "share"), "share of the bound"),
        ("best", ("arms", "mean"), "over no coordinator"),
    ],
)
def test_the_dictionary_of_a_study_of_value_says_what_its_own_columns_hold(studies, tmp_path, kind, column, holds):
    assert main(["export", str(studies[kind]), "--format", "csv", "--to", str(tmp_path / "csv")]) == 0
    dictionary = pd.read_csv(tmp_path / "csv" / "dictionary.csv").set_index(["table", "column"])
    assert holds in dictionary.loc[column, "label"]
    assert not (dictionary["unit"] == "that of the measure").any()  # there is no column of measures


def test_a_sweep_as_netcdf_by_point_arm_and_replicate(studies: dict[str, Path], tmp_path: Path) -> None:
    assert main(["export", str(studies["sweep"]), "--format", "netcdf", "--to", str(tmp_path / "sweep.nc")]) == 0
    runs = pd.read_parquet(studies["sweep"] / "tables" / "runs.parquet").set_index(["point", "arm", "replicate"])
    with xr.open_dataset(tmp_path / "sweep.nc") as data:
        assert dict(data.sizes) == {"point": 4, "arm": 3, "replicate": 4}
        for key in [(0, "baseline", 0), (3, "national-design", 2), (2, "information-only", 3)]:
            found = data["idle_share"].sel(dict(zip(("point", "arm", "replicate"), key, strict=True)))
            assert float(found) == runs.loc[key, "idle_share"]
        levy = data["policy_coordination_levy"]
        assert levy.to_numpy().tolist() == [0.1, 0.1, 0.3, 0.3]
        assert levy.attrs["parameter"] == "policy.coordination.levy"
        assert data.attrs["seed"] == json.loads((studies["sweep"] / "manifest.json").read_bytes())["seed"]


def test_an_attribution_as_netcdf_by_measure_and_lever(studies: dict[str, Path], tmp_path: Path) -> None:
    folder = studies["attribution"]
    assert main(["export", str(folder), "--format", "netcdf", "--to", str(tmp_path / "shares.nc")]) == 0
    shares = pd.read_parquet(folder / "tables" / "shares.parquet").set_index(["measure", "lever"])
    effects = pd.read_parquet(folder / "tables" / "effects.parquet").set_index(["measure", "lever", "comparison"])
    key = ("total:output_discounted", "ecosystem")
    with xr.open_dataset(tmp_path / "shares.nc") as data:
        found = data["share_mean"].sel(measure=key[0], share_of=key[1])
        assert float(found) == shares.loc[key, "mean"]
        raw = data["effect_low"].sel(measure=key[0], lever=key[1], comparison="raw")
        assert float(raw) == effects.loc[(*key, "raw"), "low"]
        assert np.isfinite(data["share_mean"]).all()


@pytest.mark.parametrize("command", [["plot"], ["export", "--format", "csv"], ["export", "--format", "pdf"]])
def test_a_folder_of_the_wrong_kind_gets_one_line(
    studies: dict[str, Path], tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "manifest.json").write_text('{"format": "something else"}', encoding="utf-8")
    given = {
        str(tmp_path / "nothing"): "no such result folder",
        str(strange): "is not the manifest of a qipan result",
        str(studies["sweep"] / "tables"): "not a finished result",
    }
    for folder, expected in given.items():
        assert main([command[0], folder, *command[1:]]) == 2
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) == 1 and expected in lines[0], lines


def test_commands_for_comparisons_say_that_a_study_is_none(
    studies: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    sweep, attribution = str(studies["sweep"]), str(studies["attribution"])
    for given, expected in (
        (["explain", sweep, "--region", "Henan", "--year", "2024"], "is a sweep, not a comparison"),
        (["compare", sweep, attribution], "is a sweep, not a comparison"),
        (
            ["export", sweep, "--format", "iamc"],
            "the IAMC table has no place for it; give csv, parquet, xlsx or netcdf",
        ),
        (["export", str(studies["worth"]), "--format", "iamc"], "has no place for it; give csv, parquet or xlsx"),
        (["export", str(studies["best"]), "--format", "netcdf"], "of a NetCDF file; give csv, parquet or xlsx"),
    ):
        assert main(given) == 2
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) == 1 and expected in lines[0], lines


@pytest.mark.parametrize("command", [("plot", "--format", "png"), ("export", "--format", "csv")])
@pytest.mark.parametrize("kind", ["sweep", "attribution", "comparison"])
def test_a_command_reads_a_manifest_once(
    studies: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, command: tuple[str, ...]
) -> None:
    folder = tmp_path / "copy"
    if kind == "comparison":
        compare = ["compare", "theory/game", "theory/affine", "--replicates", "3", "--no-report", "--quiet"]
        assert main([*compare, "--no-reference", "--out", str(folder)]) == 0
    else:
        shutil.copytree(studies[kind], folder)
    real, read = Path.read_text, []

    def noted(path: Path, *arguments: object, **options: object) -> str:
        read.append(path.name)
        return real(path, *arguments, **options)

    for module in (drawing, study):  # figures are drawn but not turned into bytes, which takes longest
        monkeypatch.setattr(module, "save", lambda figure, stem, formats, made=None: {})
    monkeypatch.setattr(Path, "read_text", noted)
    assert main([command[0], str(folder), *command[1:]]) == 0
    assert read.count("manifest.json") == 1


@pytest.mark.parametrize("change", ["world", "arguments", "files", "kind", "seed"])
def test_a_damaged_manifest_of_a_study_is_one_error(
    studies: dict[str, Path], tmp_path: Path, change: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(studies["sweep"], folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest[change] = 7.5 if change != "seed" else "none"
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert main(["plot", str(folder)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "damaged" in line


def test_a_table_that_was_changed_is_refused(
    studies: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(studies["attribution"], folder)
    with (folder / "tables" / "shares.parquet").open("ab") as file:
        file.write(b"x")
    assert main(["export", str(folder), "--format", "xlsx"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "shares.parquet" in line and "changed" in line
    assert not (folder / "result.xlsx").exists()
