"""Province panels of the statistics office: synthetic files in the forms they come in, and what is refused."""

import csv
import io
import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from qipan.experiments.command_line import main
from qipan.experiments.examine.import_panel import bring_in
from qipan.experiments.examine.panel import read_panel
from qipan.model.errors import DataError, StoreError
from qipan.model.parameters import WorldChoice
from qipan.model.world import load_world
from qipan.model.world.reading.own import Tables

DATA = Path(__file__).resolve().parents[3] / "data"
with (DATA / "regions.csv").open(encoding="utf-8", newline="") as _file:
    SHIPPED = {row["code"]: row for row in csv.DictReader(_file)}
REGIONS, CITIES = Tables().shipped_names("regions.csv"), Tables().shipped_names("cities.csv")
LONG = {
    "北京": "北京市",
    "天津": "天津市",
    "上海": "上海市",
    "重庆": "重庆市",
    "内蒙古": "内蒙古自治区",
    "广西": "广西壮族自治区",
    "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区",
    "新疆": "新疆维吾尔自治区",
}
TITLES = ["数据库：分省年度数据", "指标：地区生产总值(亿元)", "时间：最近10年"]
NOTES = ["注：2022年数据为初步核算数，绝对数按现价计算。", "数据来源：国家统计局"]


def official(name: str) -> str:
    return LONG.get(name, f"{name}省")


def lines(factor: float = 1.01) -> list[list[str]]:
    """地区 and three years, newest first: 2022 is the shipped GDP times a factor, in 亿元."""
    head = ["地区", "2023年", "2022年", "2021年"]
    rows = []
    for row in SHIPPED.values():
        gdp = float(row["gdp"]) * 10 * factor
        rows.append([official(row["name_zh"]), f"{gdp * 1.06:.2f}", f"{gdp:.2f}", f"{gdp * 0.93:.2f}"])
    return [head, *rows]


def text(rows: list[list[str]], separator: str = ",", titles: list[str] = TITLES, notes: list[str] = NOTES) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator="\r\n").writerows(
        [*([line] for line in titles), *rows, *([line] for line in notes)]
    )
    return stream.getvalue()


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def put(tmp_path: Path, content: bytes | str, name: str = "panel.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def numeric(rows: list[list[str]]) -> list[list[object]]:
    return [rows[0], *([row[0], *map(float, row[1:])] for row in rows[1:])]


def changed(name: str, **how: object) -> list[list[str]]:
    """The rows with the line of one region changed: `called` or the text of 2022."""
    rows = lines()
    for row in rows:
        if row[0] == official(name):
            row[0], row[2] = str(how.get("called", row[0])), str(how.get("value", row[2]))
    return rows


def merged() -> bytes:
    """A head of two lines whose first is merged over the years, with 地区 merged over both."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["分地区地区生产总值"],
        ["地区", "地区生产总值（亿元）"],
        ["", "2023年", "2022年", "2021年"],
        *numeric(lines())[1:],
        ["注：初步核算数。"],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("B2:D2")
    sheet.merge_cells("A2:A3")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def codes() -> str:
    rows = [
        ["代码", "2022"],
        *([row["region_id"] + "0000", f"{float(row['gdp']) * 10.1:.2f}"] for row in SHIPPED.values()),
    ]
    return text(rows, titles=["地区生产总值", "单位：亿元"])


def spaced() -> str:
    rows = lines()
    for row, name in zip(rows[1:], (row["name_zh"] for row in SHIPPED.values()), strict=True):
        row[0] = " ".join(name) if len(name) == 2 else name
    total = sum(Decimal(row[2]) for row in rows[1:])
    return text([rows[0], ["全 国", "", str(total), ""], [], *rows[1:], [], ["香港特别行政区", "", "", ""]])


FORMS = {
    "GBK with commas": text(lines()).encode("gbk"),
    "semicolons": text(lines(), ";").encode("gbk"),
    "tabs in UTF-16": text(lines(), "\t").encode("utf-16"),
    "UTF-8 with a mark": text(lines()).encode("utf-8-sig"),
    "a workbook": workbook([*([line] for line in TITLES), *numeric(lines()), *([line] for line in NOTES)]),
    "a workbook with a merged head": merged(),
    "codes in place of names": codes(),
    "spaced names, the nation first, blank lines": spaced(),
    "full-width digits": text(
        [[cell.translate(str.maketrans("0123456789.", "０１２３４５６７８９．")) for cell in row] for row in lines()]
    ),
    "separators of thousands": text([lines()[0], *([row[0], "", f"{float(row[2]):,.2f}", ""] for row in lines()[1:])]),
    "million yuan": text(
        [lines()[0], *([row[0], "", f"{float(row[2]) * 100:.0f}", ""] for row in lines()[1:])],
        titles=["地区生产总值", "单位：百万元"],
    ),
    "English": text(
        [["Region", "2022"], *([row["name"], f"{float(row['gdp']) * 10.1:.2f}"] for row in SHIPPED.values())],
        titles=["Gross Regional Product (100 million yuan)"],
        notes=["Source: a yearbook"],
    ),
    "years as dates": workbook(
        [["地区生产总值（亿元）"], ["地区", "2022-12-31"], *([row[0], float(row[2])] for row in lines()[1:])]
    ),
    "the indicator in the head": text(
        [["地区", "地区生产总值（亿元）", "年末常住人口（万人）"], *([row[0], row[2], "1"] for row in lines()[1:])],
        titles=["2022年"],
    ),
    "a rate beside it": text(
        [
            ["地区", "2022年地区生产总值(亿元)", "2022年比上年增长(%)"],
            *([row[0], row[2], "3.1"] for row in lines()[1:]),
        ],
        titles=["主要指标"],
    ),
    "a line for each year": text(
        [
            ["地区", "年份", "地区生产总值(亿元)"],
            *([row[0], year, row[place]] for row in lines()[1:] for place, year in ((1, "2023"), (2, "2022年"))),
        ]
    ),
    "heads under heads": text(
        [
            ["地区", "地区生产总值", "", "第二产业增加值"],
            ["", "绝对额(亿元)", "比上年增长(%)", "绝对额(亿元)"],
            *([row[0], row[2], "3.1", "9"] for row in lines()[1:]),
        ],
        titles=["2022年主要指标"],
    ),
    "marks of footnotes": text(changed("广东", called="广东*")),
    "another mark": text(changed("广东", called="广东①")),
    "a mark at a number": text(changed("广东", value="130409.79*")),
    "a part of a province": text([*lines(), ["新疆生产建设兵团", "1", "2", "3"], ["深圳市", "1", "2", "3"]]),
}


@pytest.mark.parametrize("raw", FORMS.values(), ids=FORMS)
def test_the_same_panel_in_every_form(tmp_path, raw):
    """GDP of 2022 one per cent above the shipped table, to the last digit of the file."""
    panel = read_panel(put(tmp_path, raw), "gdp", REGIONS, CITIES)
    assert panel.year == 2022 and len(panel.entries) == 31
    for code, row in SHIPPED.items():
        assert float(panel.ours(code)) == pytest.approx(float(row["gdp"]) * 1.01, abs=6e-4), code


def test_what_was_passed_over_is_told(tmp_path):
    panel = read_panel(put(tmp_path, spaced()), "gdp", REGIONS, CITIES)
    reasons = {text: reason for _, text, reason in panel.skipped}
    assert reasons["全 国"] == "several regions together" and "outside" in reasons["香港特别行政区"]
    assert reasons[NOTES[0]] == reasons[NOTES[1]] == "a note"
    assert panel.nation == sum(entry.number for entry in panel.entries.values())


def headed(*heads: str, titles: tuple[str, ...] = ()) -> str:
    rows = [["地区", *heads], ["河南省", *(["61345.05"] * len(heads))]]
    return text(rows, titles=list(titles), notes=[])


REFUSED = {
    "no unit": (
        headed("2022年", titles=("地区生产总值",)),
        {},
        "no unit is named in head or title; say it: --unit 亿元",
    ),
    "another indicator": (
        headed("2022年", titles=("年末常住人口(万人)",)),
        {},
        "which is population; give --indicator population",
    ),
    "a head": (headed("2022年", titles=("人均地区生产总值(元)",)), {}, "bring in the amount itself"),
    "an index": (headed("2022年", titles=("地区生产总值指数(上年=100)",)), {}, "bring in the amount itself"),
    "shares": (headed("2022年", titles=("(%)",)), {}, "the file is in %, gdp is counted in bn yuan"),
    "another currency": (headed("2022年(亿美元)"), {}, "the file is in 亿美元"),
    "two units": (headed("2022年", titles=("单位：亿元、万元",)), {}, "several units are named: 亿元, 万元"),
    "another year": (headed("2023年(亿元)"), {}, "no column of 2022, the year of the other statistics; there is 2023"),
    "no such year": (headed("2021年(亿元)", "2020年(亿元)"), {}, "no column of 2022; years there: 2020, 2021"),
    "two columns": (
        headed("2022年第一产业(亿元)", "2022年第三产业(亿元)"),
        {},
        "2 columns fit; name one with --column",
    ),
    "a column that is not there": (
        headed("2022年(亿元)"),
        {"head": "2022"},
        "'2022' is the head of no column; heads: 2022",
    ),
    "a unit that differs": (headed("2022年(亿元)"), {"unit": "万元"}, "the file says 亿元, the command 万元"),
    "a unit of something else": (headed("2022年"), {"unit": "万人"}, "'万人' is no unit of bn yuan; units: 万亿元"),
    "an unknown region": (
        text(changed("河南", called="河男省")),
        {},
        "panel.csv:20: 河男省: '河男省' is not known; did you mean CN-HA",
    ),
    "a region twice": (
        text([*lines(), ["河南", "1", "2", "3"]]),
        {},
        "panel.csv:36: 河南: 河南 stands twice, first on line 20",
    ),
    "text": (text(changed("河南", value="约6万")), {}, "panel.csv:20: 河南省: '约6万' is not a number"),
    "below zero": (text(changed("河南", value="-5")), {}, "panel.csv:20: 河南省: -5 is below zero"),
    "no region": (text([["年份", "2022年(亿元)"], ["上半年", "3"]]), {}, "no column names regions"),
    "regions in columns": (
        text([["年份", "北京市", "河南省"], ["2022年", "41610.9", "61345.1"]]),
        {},
        "regions stand in columns; turn the table",
    ),
    "no head": (text(lines()[1:], titles=[], notes=[]), {}, "panel.csv:1: there is no head above the regions"),
    "no line of the year": (
        text([["地区", "年份", "地区生产总值(亿元)"], ["河南", "2020", "1"]]),
        {},
        "no line of 2022; years there: 2020",
    ),
    "empty": ("\n", {}, "the file is empty"),
}


@pytest.mark.parametrize(("raw", "asked", "said"), REFUSED.values(), ids=REFUSED)
def test_what_would_be_a_guess_is_refused(tmp_path, raw, asked, said):
    with pytest.raises(DataError) as refused:
        read_panel(put(tmp_path, raw), "gdp", REGIONS, CITIES, **asked)
    assert said in str(refused.value)


def test_several_faults_are_told_at_once(tmp_path):
    rows = changed("河南", called="河男省", value="x")
    rows[1][2] = "many"
    with pytest.raises(DataError) as refused:
        read_panel(put(tmp_path, text(rows)), "gdp", REGIONS, CITIES)
    assert [problem.where.rsplit(":", 1)[1] for problem in refused.value.problems] == ["5", "20"]


def cell(folder: Path, code: str, column: str) -> str:
    with (folder / "regions.csv").open(encoding="utf-8-sig", newline="") as file:
        return next(row[column] for row in csv.DictReader(file) if row["code"] == code)


def test_the_command_writes_table_and_check_page_and_says_what_is_next(tmp_path, capsys, monkeypatch):
    """61,345.05 of 亿元 is 6,134.505 bn yuan."""
    monkeypatch.chdir(tmp_path)
    put(tmp_path, text(changed("河南", value="61345.05")).encode("gbk"))
    assert main(["data", "import", "panel.csv", "--indicator", "gdp", "--into", "mydata"]) == 0
    told = capsys.readouterr().out
    assert "unit     亿元 -> bn yuan (times 0.1)" in told and "31 of 31 values changed" in told
    assert told.endswith("qipan compare baseline national-design --set world.data=./mydata\n")
    assert cell(tmp_path / "mydata", "CN-HA", "gdp") == "6134.505"
    assert cell(tmp_path / "mydata", "CN-HA", "rd") == SHIPPED["CN-HA"]["rd"]
    page = (tmp_path / "mydata" / "check-gdp.html").read_text(encoding="utf-8")
    assert "河南省</td><td>61345.05</td><td>6134.51</td><td>6134.51</td><td>6134.505</td><td>-0.0%" in page
    assert NOTES[0] in page and "GBK" in page
    own = load_world(WorldChoice(), tmp_path / "mydata").own
    assert own.sentence().startswith("own data: regions.csv, 31 cells changed in gdp (31)") and own.warnings == ()
    assert main(["data", "check", "mydata"]) == 0
    assert "mydata: good\n  own data: regions.csv, 31 cells changed" in capsys.readouterr().out


def test_a_second_indicator_keeps_the_first_and_the_same_file_again_changes_nothing(tmp_path):
    folder = tmp_path / "mydata"
    bring_in(put(tmp_path, text(lines())), "gdp", folder)
    people = [
        ["地区", "2022年"],
        *([row["name_zh"], f"{float(row['population']) * 99:.0f}"] for row in SHIPPED.values()),
    ]
    bring_in(put(tmp_path, text(people, titles=["年末常住人口(万人)"]), "people.csv"), "年末常住人口", folder)
    assert cell(folder, "CN-HA", "gdp") == "6195.855" and cell(folder, "CN-HA", "population") == "97.73"
    before = (folder / "regions.csv").read_bytes()
    bring_in(put(tmp_path, text(lines())), "gdp", folder)
    assert (folder / "regions.csv").read_bytes() == before


def test_values_that_were_changed_before_are_not_lost(tmp_path):
    folder = tmp_path / "mydata"
    folder.mkdir()
    table = (DATA / "regions.csv").read_text(encoding="utf-8").replace(",6134.51,", ",7000,")
    (folder / "regions.csv").write_text(table, encoding="utf-8")
    with pytest.raises(DataError, match=r"1 values were changed before .*Henan 6134.51 -> 7000.*--force"):
        bring_in(put(tmp_path, text(lines())), "gdp", folder)
    assert (folder / "regions.csv").read_text(encoding="utf-8") == table and not list(folder.glob("*.html"))
    bring_in(put(tmp_path, text(lines())), "gdp", folder, force=True)
    assert cell(folder, "CN-HA", "gdp") == "6195.855"


def test_regions_without_a_number_keep_theirs_and_are_told(tmp_path):
    rows = [row for row in changed("西藏", value="…") if row[0] != "海南省"]
    result = bring_in(put(tmp_path, text(rows)), "gdp", tmp_path / "mydata")
    assert result.missing == ("Hainan", "Tibet")
    assert cell(tmp_path / "mydata", "CN-HI", "gdp") == SHIPPED["CN-HI"]["gdp"]


def test_a_later_year_and_a_wrong_unit_are_warned_of(tmp_path):
    later = bring_in(put(tmp_path, text(lines())), "gdp", tmp_path / "a", year=2023)
    assert later.warnings[0].text == "gdp is of 2023, the other statistics are of 2022"
    wrong = bring_in(put(tmp_path, headed("2022年")), "gdp", tmp_path / "b", unit="十亿元")
    assert any("Henan 61345.05, 10 times as much" in warning.text for warning in wrong.warnings)


def test_what_cannot_be_is_not_written(tmp_path):
    """R&D of Henan below its basic and applied research."""
    with pytest.raises(DataError, match=r"rd_basic \+ rd_applied is 13.598, more than rd, 1"):
        bring_in(put(tmp_path, text([["地区", "2022年(亿元)"], ["河南", "10"]], titles=[])), "rd", tmp_path / "mydata")
    assert not (tmp_path / "mydata").exists()


def test_a_result_is_no_folder_of_own_data(tmp_path, capsys):
    panel, result = put(tmp_path, text(lines())), tmp_path / "r"
    run = ("run", "theory/shared-prize-small", "--replicates", "2", "--workers", "1", "--no-report", "--quiet")
    assert main([*run, "--out", str(result)]) == 0
    before = sorted(path.name for path in result.iterdir())
    capsys.readouterr()
    assert main(["data", "import", str(panel), "--indicator", "gdp", "--into", str(result)]) == 2
    (told,) = capsys.readouterr().err.splitlines()
    assert "is a result of qipan, no folder of own data" in told
    assert sorted(path.name for path in result.iterdir()) == before


def test_places_that_must_not_be_written(tmp_path):
    panel = put(tmp_path, text(lines()))
    folder = tmp_path / "linked"
    folder.mkdir()
    (folder / "regions.csv").symlink_to(tmp_path / "victim.csv")
    shutil.copy(DATA / "regions.csv", tmp_path / "victim.csv")
    book = tmp_path / "book"
    book.mkdir()
    with (DATA / "regions.csv").open(encoding="utf-8", newline="") as file:
        (book / "regions.xlsx").write_bytes(workbook(list(csv.reader(file))))
    for into, said in (
        (DATA, "holds the tables that come with qipan"),
        (panel, "is a file, not a folder"),
        (folder, "is a link"),
        (book, "regions.xlsx is there"),
    ):
        with pytest.raises(DataError, match=said):
            bring_in(panel, "gdp", into)
    assert (tmp_path / "victim.csv").read_bytes() == (DATA / "regions.csv").read_bytes()


def test_a_page_that_is_not_of_ours_is_not_replaced_and_then_the_table_stays_too(tmp_path):
    panel, folder = put(tmp_path, text(lines())), tmp_path / "mydata"
    page = folder / "check-gdp.html"
    folder.mkdir()
    page.write_text("of the user", encoding="utf-8")
    with pytest.raises(DataError, match="is no check page that qipan wrote, and would be replaced; move it elsewhere"):
        bring_in(panel, "gdp", folder)
    assert [path.name for path in folder.iterdir()] == ["check-gdp.html"]
    assert page.read_text(encoding="utf-8") == "of the user"
    bring_in(panel, "gdp", folder, force=True)
    bring_in(panel, "gdp", folder)  # over its own page
    page.unlink()
    page.symlink_to(tmp_path / "victim")
    with pytest.raises(DataError, match="is a link or no file"):
        bring_in(panel, "gdp", folder, force=True)
    assert main(["data", "import", str(panel), "--indicator", "gdp", "--into", ""]) == 2


def test_a_disk_without_room_for_table_and_page_gets_neither(tmp_path, monkeypatch):
    panel, folder = put(tmp_path, text(lines())), tmp_path / "mydata"

    def full(path, *given, **named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(StoreError, match=f"{folder}: cannot be written: No space left on device"):
        bring_in(panel, "gdp", folder)
    assert list(folder.iterdir()) == []


def test_what_can_be_brought_in_is_listed_when_something_else_is_asked_for(tmp_path, capsys):
    put(tmp_path, text(lines()))
    assert (
        main(["data", "import", str(tmp_path / "panel.csv"), "--indicator", "exports", "--into", str(tmp_path / "m")])
        == 2
    )
    assert "--indicator: 'exports' is not known; one of: gdp (地区生产总值), rd" in capsys.readouterr().err


def test_check_reads_folders_tables_layouts_and_scenarios(tmp_path, capsys, monkeypatch):
    folder = tmp_path / "mydata"
    bring_in(put(tmp_path, text(changed("河南", value="613450.5"))), "gdp", folder)
    layouts = put(tmp_path, "地区,产业,置信度\n河南省,基因技术,高\n", "mine.csv")
    cities = put(tmp_path, "城市;产业\n郑州市;基因技术\n".encode("gbk"), "cities-mine.csv")
    assert main(["check", str(folder), str(folder / "regions.csv"), str(layouts), str(cities), "baseline"]) == 0
    told = capsys.readouterr().out
    assert (
        told.count("own data: regions.csv, 31 cells changed") == 2 and "warning: regions.csv:17: gdp: far from" in told
    )
    assert told.count("Rows that count: 1 of 1.") == 2 and "baseline: good" in told
    (folder / "regions.csv").write_text("code,gdp\nCN-HA,1\n", encoding="utf-8")
    layouts.write_text("地区,产业\n河男,基因技术\n", encoding="utf-8")
    assert main(["check", str(folder), str(layouts)]) == 2
    told = capsys.readouterr().err
    assert "regions.csv:1: name: column is missing" in told and "mine.csv:2: region: '河男' is not known" in told
