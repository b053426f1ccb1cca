"""One region of a comparison: its numbers are those of the result's tables, and what cannot be told is said so."""

import shutil

import numpy as np
import pandas as pd
import pytest

from qipan import open_result, region
from qipan.experiments.command_line import main
from qipan.experiments.words.numbers import number
from qipan.model.measures.regional import REGION_COSTS, REGION_GAINS
from tests.errors.test_command_line import refused

SHORT = ("--set", "run.last_year=2027", "--set", "run.programme_until=2026", "--workers", "1", "--quiet", "--no-report")


def made(folder):
    """Two policies on six replicates."""
    arms = ("baseline", "lever-ecosystem", "national-design")
    assert main(["compare", *arms, "--replicates", "6", "--out", str(folder / "r"), *SHORT]) == 0


@pytest.fixture(scope="module")
def result(once):
    return once("region", made) / "r"


def test_numbers_are_those_of_the_tables(result):
    stored, found = open_result(result), region("Shanghai", result, target=100.0, by=2026)
    told = found["effects"].set_index(["arm", "measure"])
    for row in stored.table("regions").query("region == 'CN-SH'").itertuples():
        assert told.loc[(row.arm, "welfare_by_region"), "mean"] == row.welfare
        assert told.loc[(row.arm, "net_transfer_discounted"), "mean"] == pytest.approx(row.net_transfer, rel=1e-14)
        terms = sum(told.loc[(row.arm, name), "mean"] for name in REGION_GAINS)
        terms -= sum(told.loc[(row.arm, name), "mean"] for name in REGION_COSTS)
        assert terms == pytest.approx(row.welfare, abs=1e-9)
    paths = stored.table("paths")
    for row in found["own_target"].itertuples():
        most = paths[paths["arm"] == row.arm].groupby("replicate")["CN-SH"].max()
        assert (row.share, row.n) == (np.mean(most >= 100.0), 6)
    share = stored.table("layouts").query("region == 'CN-SH' and year == 2026")["probability"].to_numpy()
    assert found["sectors"]["share"].to_numpy() == pytest.approx(share)
    assert found["targets"].empty, "its stated target is of 2030, after this run"


@pytest.mark.parametrize(("name", "language"), [("Guizhou", "en"), ("贵州", "zh"), ("CN-GZ", "en")])
def test_every_policy_is_told_of_in_words_and_numbers(result, name, language, capsys):
    assert main(["region", name, str(result), "--lang", language]) == 0
    said = capsys.readouterr().out.replace("\n", "")
    rows = open_result(result).table("incidence").query("region == 'CN-GZ' and measure == 'welfare_by_region'")
    for row in rows[rows["arm"].isin(["lever-ecosystem", "national-design"])].itertuples():
        assert number(row.mean * {"en": 1.0, "zh": 10.0}[language], signed=True) in said
    title = {"en": "Guizhou: welfare", "zh": "贵州：相对"}[language]
    assert title in said and ("cannot be told" in said or "无法判断" in said)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("Guizou",), ["REGION: 'Guizou' is not known; did you mean CN-GZ (Guizhou, 贵州)?"]),
        (
            ("Guizou", "--target", "-1", "--by", "2027"),
            [
                "REGION: 'Guizou' is not known; did you mean CN-GZ (Guizhou, 贵州)?",
                "--target: -1 is no output; above 0, bn yuan a year",
                "--by: 2027 is not a year of the programme; allowed 2023 to 2026",
            ],
        ),
        (("Guizhou", "--by", "2025"), ["--target: is missing; a target is given as --target 500 --by 2030"]),
        (("Guizhou", "--to", "x"), ["--to: says nothing without --format; give --format csv, xlsx or html"]),
    ],
)
def test_what_cannot_be_meant_is_told_at_once(result, arguments, expected, capsys):
    name, *rest = arguments
    assert refused(capsys, "region", name, str(result), *rest) == [f"command line: {line}" for line in expected]


def test_files_are_written_and_nothing_is_replaced(result, tmp_path, capsys):
    place = tmp_path / "r"
    shutil.copytree(result, place)
    for kind in ("csv", "xlsx", "html"):
        assert main(["region", "Henan", str(place), "--format", kind]) == 0
    effects = pd.read_csv(place / "regions" / "CN-HA" / "effects.csv")
    assert effects["mean"].tolist() == region("Henan", place)["effects"]["mean"].tolist()
    page = (place / "regions" / "CN-HA.html").read_text(encoding="utf-8")
    assert "Henan: what each policy changes for it, and why" in page and "Full national design" in page
    mine = tmp_path / "mine.html"
    mine.write_text("mine", encoding="utf-8")
    (line,) = refused(capsys, "region", "Henan", str(place), "--format", "html", "--to", str(mine))
    assert "is there already" in line and mine.read_text(encoding="utf-8") == "mine"


def test_an_earlier_result_says_how_to_make_it_new(result, tmp_path, capsys):
    """A result without the table is told from a damaged one."""
    import json

    from qipan.experiments.store.ownership import manifest_digest

    place = tmp_path / "r"
    shutil.copytree(result, place)
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    for name in ("incidence", "paths"):
        del manifest["files"][f"tables/{name}.parquet"]
    manifest["digest"] = manifest_digest(manifest)
    (place / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (line,) = refused(capsys, "region", "Henan", str(place))
    assert "was made by a version of qipan that kept no table incidence; run the same command again" in line
