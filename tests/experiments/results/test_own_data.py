"""Own data: which tables are read, what is said of them, what is refused, and that results tell and keep them."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from qipan.experiments.brief.make import make_brief
from qipan.experiments.command_line import main
from qipan.experiments.findings.reading import vintage
from qipan.experiments.results.own_data import own_facts
from qipan.experiments.results.stored import load_comparison
from qipan.experiments.runs.plan import check_pairing
from qipan.experiments.words.labels import own_sentence
from qipan.model.errors import DataError, ScenarioError, UserError
from qipan.model.parameters import WorldChoice
from qipan.model.scenario import load_scenario
from qipan.model.world import load_world

DATA = Path(__file__).resolve().parents[3] / "data"


def folder_with(tmp_path: Path, *tables: str) -> Path:
    """A folder of own tables that are copies of the shipped ones."""
    folder = tmp_path / "mydata"
    folder.mkdir()
    for table in tables:
        shutil.copy(DATA / table, folder)
    return folder


def put(folder: Path, table: str, row: str, column: str, value: object) -> None:
    """Change the cell of a row, which is named by a cell of it."""
    path = folder / table
    lines = path.read_text(encoding="utf-8").splitlines()
    place = lines[0].split(",").index(column)
    for number, line in enumerate(lines):
        cells = line.split(",")
        if row in cells:
            cells[place] = str(value)
            lines[number] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def mine(tmp_path: Path, world: str, name: str = "mine.yaml") -> Path:
    path = tmp_path / name
    path.write_text(f"extends: baseline.yaml\ntitle: Mine\nworld:\n{world}", encoding="utf-8")
    return path


def test_one_changed_cell_is_told_with_both_values(tmp_path):
    folder = folder_with(tmp_path, "regions.csv")
    put(folder, "regions.csv", "CN-HA", "gdp", 61345)
    world = load_world(WorldChoice(), folder)
    assert own_sentence(world, "en") == "own data: regions.csv, 1 cell changed (Henan gdp 6134.51 -> 61345)"
    assert own_sentence(world, "zh") == "自有数据：regions.csv，改动1格（河南 gdp 6134.51→61345）"
    assert vintage(world, "en").endswith(f"; {own_sentence(world, 'en')}")
    assert vintage(world, "zh").endswith(own_sentence(world, "zh"))


def test_other_kinds_of_change_are_told_in_few_words(tmp_path):
    folder = folder_with(tmp_path, "regions.csv", "sectors.csv", "announced_layouts.csv")
    with (folder / "sectors.csv").open("a", encoding="utf-8") as file:
        file.write("7,ocean,Deep sea mining,深海采矿,300,10,1,0,assumed,ours\n")
    with (folder / "announced_layouts.csv").open("a", encoding="utf-8") as file:
        file.write("海南省,plan,2025,deep sea,深海,ocean,,,高,ours\n")
    for region in ("CN-HA", "CN-BJ", "CN-SH", "CN-ZJ"):
        put(folder, "regions.csv", region, "population", 30)
    world = load_world(WorldChoice(), folder)
    told = own_sentence(world, "en")
    assert "sectors.csv, 1 sector added (Deep sea mining)" in told
    assert "announced_layouts.csv, 1 row added (CN-HI ocean high)" in told
    assert "regions.csv, 4 cells changed in population (4) (Henan population 98.72 -> 30, " in told and ", ...)" in told
    assert world.data_fit.shape == (31, 7) and world.announced_layout[world.region_codes.index("CN-HI"), 6] == 1.0


def test_tables_as_shipped_are_no_change_and_their_values_the_same(tmp_path):
    folder = folder_with(tmp_path, "regions.csv", "sectors.csv", "targets.csv", "mechanisms.csv")
    world, shipped = load_world(WorldChoice(), folder), load_world(WorldChoice())
    assert own_sentence(world, "en") == own_sentence(shipped, "en") == "" and world.own.warnings == ()
    assert world.files == shipped.files and own_facts(shipped) == {}
    np.testing.assert_array_equal(world.size, shipped.size)


@pytest.mark.parametrize(
    ("row", "column", "value", "said"),
    [
        ("CN-HA", "gdp", 61345, "regions.csv:17: gdp: far from the shipped value: Henan 61345, 10 times as much"),
        ("CN-HA", "gdp", 61345, "regions.csv: gdp: the regions sum to 175556.71, +45% from the nation's 121020.72"),
        ("CN-ZJ", "rd", 1241.68, "regions.csv:12: rd: Zhejiang: R&D over GDP is 15.98%; usual: 0.1% to 10.0%"),
        ("CN-XZ", "population", 0.3, "regions.csv:27: gdp: Tibet: GDP a head is 710.9 thousand yuan; usual: 10 to 500"),
        ("CN-GD", "patents_in_force", 0, "Guangdong 0, shipped 539237"),
    ],
)
def test_what_is_hardly_plausible_is_told(tmp_path, row, column, value, said):
    folder = folder_with(tmp_path, "regions.csv")
    put(folder, "regions.csv", row, column, value)
    assert any(said in warning.text for warning in load_world(WorldChoice(), folder).own.warnings)


def test_a_column_in_another_unit_is_one_warning_that_names_the_unit(tmp_path):
    folder = folder_with(tmp_path, "regions.csv")
    lines = (folder / "regions.csv").read_text(encoding="utf-8").splitlines()
    place = lines[0].split(",").index("gdp")
    for number, line in enumerate(lines[1:], 1):
        cells = line.split(",")
        cells[place] = f"{float(cells[place]) * 10:.10g}"
        lines[number] = ",".join(cells)
    (folder / "regions.csv").write_text("\n".join(lines), encoding="utf-8")
    warnings = load_world(WorldChoice(), folder).own.warnings
    (far,) = [warning.text for warning in warnings if "far from the shipped" in warning.text]
    assert "and 28 more; the column may be in 100 million yuan (亿元)" in far


def test_the_shipped_tables_are_plausible_by_the_same_checks(tmp_path):
    folder = folder_with(tmp_path, *(path.name for path in DATA.glob("*.csv")))
    for data in ("provinces-31", "cities-293"):
        assert load_world(WorldChoice(data=data), folder).own.warnings == ()


@pytest.mark.parametrize(
    ("row", "column", "value", "said"),
    [
        ("CN-HA", "gdp", -1, "regions.csv:17: gdp: -1 is outside what is allowed; a number in bn yuan from 0"),
        ("CN-HA", "rd_basic", 200, "regions.csv:17: rd_basic: rd_basic + rd_applied is 209.849, more than rd, 114.33"),
        ("CN-HA", "firm_rd", 120, "regions.csv:17: firm_rd: firm_rd is 120, more than rd, 114.33; firm_rd is part of"),
        ("CN-HA", "gdp", "６１３４．５亿元", "has text beside the number (亿元)"),
        ("CN-HA", "adopted", "yes", "regions.csv:17: adopted: yes is not a number; a whole number from 0 to 1"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tmp_path, row, column, value, said):
    folder = folder_with(tmp_path, "regions.csv")
    put(folder, "regions.csv", row, column, value)
    with pytest.raises(DataError) as refused:
        load_world(WorldChoice(), folder)
    assert said in str(refused.value)


def test_regions_that_are_taken_out_leave_the_other_tables_too(tmp_path):
    folder = folder_with(tmp_path, "regions.csv")
    lines = (folder / "regions.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(("54,", "46,"))]
    (folder / "regions.csv").write_text("\n".join(kept), encoding="utf-8")
    world = load_world(WorldChoice(), folder)
    assert world.data_fit.shape == (29, 6) and world.neighbours.shape == (29, 29)
    assert own_sentence(world, "en") == "own data: regions.csv, 2 regions removed (Hainan, Tibet)"
    assert any("neighbours.csv" in warning.text and "left out" in warning.text for warning in world.own.warnings)
    assert not any("sum to" in warning.text for warning in world.own.warnings)
    cities = load_world(WorldChoice(data="cities-293"), folder)
    assert 0 < cities.data_fit.shape[0] < 293


def test_one_region_by_itself_is_a_world(tmp_path):
    folder = folder_with(tmp_path, "regions.csv")
    lines = (folder / "regions.csv").read_text(encoding="utf-8").splitlines()
    (folder / "regions.csv").write_text("\n".join([lines[0], lines[16]]), encoding="utf-8")
    assert load_world(WorldChoice(), folder).region_names == ("Henan",)


def test_a_file_that_is_no_table_is_told_and_a_table_may_be_a_workbook(tmp_path):
    import openpyxl

    folder = folder_with(tmp_path)
    (folder / "region.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match="holds no table of qipan"):
        load_world(WorldChoice(), folder)
    book = openpyxl.Workbook()
    for line in (DATA / "neighbours.csv").read_text(encoding="utf-8").splitlines()[:-1]:
        book.active.append(line.split(","))
    book.save(folder / "Neighbours.xlsx")
    world = load_world(WorldChoice(), folder)
    assert re.match(r"own data: neighbours.csv, 1 row removed \(CN-.. CN-..\)$", own_sentence(world, "en"))
    assert [*map(str, world.own.warnings)] == [
        "region.csv: is not read: there is no table of this name; did you mean regions.csv?"
    ]
    (folder / "neighbours.csv").write_text("a,b\nCN-HA,CN-HB\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"neighbours.csv: stands twice: Neighbours.xlsx and neighbours.csv"):
        load_world(WorldChoice(), folder)


def test_a_scenario_names_the_folder_relative_to_itself(tmp_path, monkeypatch):
    folder = folder_with(tmp_path, "regions.csv")
    put(folder, "regions.csv", "CN-HA", "gdp", 7000)
    monkeypatch.chdir(tmp_path.parent)
    for world in ("  data: ./mydata\n", "  tables: mydata\n", f"  data: {folder}\n", "  data: .\\mydata\n"):
        scenario = load_scenario(mine(tmp_path, world))
        assert scenario.world.data == "provinces-31" and Path(scenario.world.tables) == folder
        assert load_world(scenario.world).own.sentence() == (
            "own data: regions.csv, 1 cell changed (Henan gdp 6134.51 -> 7000)"
        )
    assert load_scenario("cities-293", {"world.data": folder}).world.data == "cities-293"
    assert load_scenario("cities-293", [f"world.data=./{tmp_path.name}/mydata"]).world.tables == folder.as_posix()
    assert load_scenario(mine(tmp_path, "  data: ./mydata\n"), {"world.tables": None}).world.tables == ""


@pytest.mark.parametrize(
    ("world", "said"),
    [
        ("  data: ./nowhere\n", "mine.yaml:4: world.data: './nowhere' is no folder; a path is relative to the file"),
        ("  tables: mine.yaml\n", "mine.yaml:4: world.tables: 'mine.yaml' is no folder"),
        ("  data: ./a\n  tables: b\n", "world.data: a folder, and world.tables names one too; give one of them"),
        ("  data: mydata\n", "'mydata' is not known; allowed provinces-31 | cities-293 | synthetic | game; a folder"),
    ],
)
def test_a_folder_that_is_not_there_is_told_with_its_line(tmp_path, world, said):
    with pytest.raises(ScenarioError) as refused:
        load_scenario(mine(tmp_path, world))
    assert said in str(refused.value)


def test_the_scenario_wins_over_the_environment(tmp_path, monkeypatch):
    folder, other = folder_with(tmp_path, "regions.csv"), tmp_path / "other"
    put(folder, "regions.csv", "CN-HA", "gdp", 7000)
    shutil.copytree(folder, other)
    put(other, "regions.csv", "CN-HA", "gdp", 8000)
    monkeypatch.setenv("QIPAN_DATA", str(other))
    assert "-> 8000" in load_world(WorldChoice()).own.sentence()
    assert "-> 7000" in load_world(load_scenario(mine(tmp_path, "  data: ./mydata\n")).world).own.sentence()


def test_the_place_of_the_tables_is_not_in_the_digest_but_their_content_in_the_key(tmp_path):
    folder = folder_with(tmp_path, "regions.csv")
    put(folder, "regions.csv", "CN-HA", "gdp", 7000)
    scenario = load_scenario(mine(tmp_path, "  data: ./mydata\n"))
    assert scenario.digest() == load_scenario("baseline").digest()
    assert load_world(scenario.world).files["regions.csv"] != load_world(WorldChoice()).files["regions.csv"]


def test_arms_on_different_data_cannot_be_paired(tmp_path):
    folder_with(tmp_path, "regions.csv")
    arms = (load_scenario("baseline"), load_scenario(mine(tmp_path, "  data: ./mydata\n")))
    with pytest.raises(UserError, match=r"mine has own tables .*, the baseline baseline has the shipped tables"):
        check_pairing(arms)


RUN = ("--replicates", "2", "--no-report", "--workers", "1", "--set", "run.last_year=2023")


def test_a_result_tells_keeps_and_draws_its_own_data(tmp_path, monkeypatch, capsys):
    """The folder the data came from may go: the result holds a copy, and another QIPAN_DATA does not touch it."""
    folder = folder_with(tmp_path, "regions.csv")
    put(folder, "regions.csv", "CN-HA", "gdp", 61345)
    scenario, out = mine(tmp_path, "  data: ./mydata\n"), tmp_path / "r"
    assert main(["run", str(scenario), "--out", str(out), *RUN]) == 0
    told = "own data: regions.csv, 1 cell changed (Henan gdp 6134.51 -> 61345)"
    assert told in capsys.readouterr().err
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["world"]["own"]["en"] == told and "data/regions.csv" in manifest["files"]
    assert any("10 times as much" in warning["text"] for warning in manifest["warnings"])
    shutil.rmtree(folder)
    monkeypatch.setenv("QIPAN_DATA", str(DATA))
    stored = load_comparison(out)
    assert own_sentence(stored.world, "en") == told
    assert main(["region", "Henan", str(out)]) == 0
    assert told in " ".join(capsys.readouterr().out.split())
    assert make_brief(stored, "en").changed[-1] == told.capitalize().replace("henan", "Henan")
    (out / "data" / "regions.csv").write_text("changed", encoding="utf-8")
    with pytest.raises(UserError, match="is damaged or was changed"):
        load_comparison(out)


def test_a_result_of_shipped_data_does_not_follow_the_environment(tmp_path, monkeypatch):
    out = tmp_path / "r"
    assert main(["run", "baseline", "--out", str(out), "--quiet", *RUN]) == 0
    folder = folder_with(tmp_path, "regions.csv")
    put(folder, "regions.csv", "CN-HA", "gdp", 7000)
    monkeypatch.setenv("QIPAN_DATA", str(folder))
    assert own_sentence(load_comparison(out).world, "en") == ""


def test_own_targets_take_names_of_regions(tmp_path):
    folder = folder_with(tmp_path, "targets.csv")
    text = (folder / "targets.csv").read_text(encoding="utf-8").replace("shanghai-output-2030,CN-SH", "x,上海市")
    (folder / "targets.csv").write_text(text, encoding="utf-8")
    found = {target.identifier: target.region for target in load_world(WorldChoice(), folder).targets}
    assert found["x"] == "CN-SH"
    (folder / "targets.csv").write_text(text.replace("上海市", "上河"), encoding="utf-8")
    with pytest.raises(DataError, match=r"targets.csv:4: region: '上河' is not known; did you mean .*CN-SH"):
        load_world(WorldChoice(), folder)
