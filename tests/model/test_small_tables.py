"""One reader of small tables: encodings, separators, heads and workbooks give the same table; faults are named."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from qipan.model.errors import DataError
from qipan.model.world.reading.cells import cells_of, read_cells
from qipan.model.world.reading.tables import CONFIDENCE, Column, coded, read_table, table_of

TEXT = "region,GDP（bn yuan）,Confidence\n河南省,6134.51,High\n内蒙古自治区,2315.86,低\n"
COLUMNS = (
    Column("region"),
    Column("gdp", "number", 0.0, unit="bn yuan"),
    Column("confidence", among=CONFIDENCE),
)
EXPECTED = {"region": ["河南省", "内蒙古自治区"], "gdp": [6134.51, 2315.86], "confidence": ["high", "low"]}


def workbook(rows: list[list[object]], *further: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for sheet, content in zip([book.active, *(book.create_sheet() for _ in further)], [rows, *further], strict=True):
        for row in content:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


ROWS: list[list[object]] = [
    ["region", "GDP（bn yuan）", "Confidence"],
    ["河南省", 6134.51, "High"],
    ["内蒙古自治区", 2315.86, "低"],
]
FORMS = {
    "utf-8": TEXT.encode(),
    "with a mark": TEXT.encode("utf-8-sig"),
    "gbk": TEXT.encode("gbk"),
    "gb18030": TEXT.encode("gb18030"),
    "utf-16": TEXT.encode("utf-16"),
    "utf-16 of the other order": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "semicolons": TEXT.replace(",", ";").encode("gbk"),
    "tabs": TEXT.replace(",", "\t").encode("utf-16"),
    "separator named": ("sep=;\r\n" + TEXT.replace(",", ";")).encode(),
    "line ends of Windows": TEXT.replace("\n", "\r\n").encode("gbk"),
    "old line ends": TEXT.replace("\n", "\r").encode(),
    "blank rows and columns": TEXT.replace("\n", ",,\n\n,,,,\n").encode(),
    "full-width digits": TEXT.replace("6134.51", "６１３４．５１").encode(),
    "workbook": workbook(ROWS),
    "workbook with notes": workbook(ROWS, [["notes"], ["of the office"]]),
    "workbook with an empty sheet": workbook(ROWS, []),
    "workbook, numbers as text": workbook([ROWS[0], ["河南省", "6134.51", "HIGH"], *ROWS[2:]]),
}


@pytest.mark.parametrize("raw", FORMS.values(), ids=FORMS)
def test_the_same_table_in_every_form(raw, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes(raw)
    assert read_table(path, COLUMNS).columns == EXPECTED


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("region,gdp,confidence", ""),
        (" Region ,GDP,CONFIDENCE", ""),
        ("region,gdp(十亿元),confidence", ""),
        ("region,gdp（亿元）,confidence", "t.csv:1: gdp: the head says 亿元, the column is in bn yuan; convert it, or"),
        ("region,gdp,GDP", "t.csv:1: confidence: column is missing; the head is: region, gdp, GDP"),
        ("region,gdp,gdp,confidence", "t.csv:1: gdp: column stands twice"),
        ("region|gdp|confidence", "columns are separated by comma, semicolon or tab"),
    ],
)
def test_heads(head, said):
    cells = f"{head}\n" + ("河南,1,high\n" if head.count(",") == 2 else "河南,1,1,high\n")
    columns = (
        Column("region"),
        Column("gdp", "number", unit="bn yuan"),
        Column("confidence", among=CONFIDENCE),
    )
    if not said:
        assert table_of(cells_of(cells.encode(), "t.csv")[0], columns).columns["gdp"] == [1.0]
        return
    with pytest.raises(DataError) as refused:
        table_of(cells_of(cells.encode(), "t.csv")[0], columns)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('"61,345.1"', "t.csv:2: gdp: 61,345.1 has separators of thousands; write 61345.1; a number in bn yuan"),
        ('"9,889"', "9,889 has a comma, of thousands or decimal; write 9889 or 9.889"),
        ('"0,889"', "0,889 has a decimal comma; write 0.889"),
        ("1 234", "1 234 has separators of thousands; write 1234"),
        ('"6134,51"', "6134,51 has a decimal comma; write 6134.51"),
        ("6134.51亿元", "6134.51亿元 has text beside the number (亿元); the number alone; a number in bn yuan"),
        ("12%", "12% has text beside the number (%)"),
        ("-3", "-3 is outside what is allowed; a number in bn yuan of at least 0"),
        ("—", "— is not a number"),
        ("", "an empty cell is not a number"),
        ("#N/A", "#N/A is not a number"),
        ("inf", "inf is not a finite number"),
    ],
)
def test_a_number_that_is_none_is_told_with_its_line(cell, said):
    with pytest.raises(DataError) as refused:
        table_of(cells_of(f"region,gdp\n河南,{cell}\n".encode(), "t.csv")[0], COLUMNS[:2])
    assert said in str(refused.value)


def test_all_faults_of_a_file_at_once():
    text = "region,gdp,confidence\n河南,many,sure\n,3,high\n河北,1,low,7\n"
    with pytest.raises(DataError) as refused:
        table_of(cells_of(text.encode(), "t.csv")[0], COLUMNS)
    assert (
        str(refused.value) == "t.csv:4: 4 cells where the head has 3; each row needs one cell per column; quote a "
        "cell that holds the separator"
    )
    with pytest.raises(DataError) as refused:
        table_of(cells_of(text.replace(",7", "").encode(), "t.csv")[0], COLUMNS)
    assert [problem.where for problem in refused.value.problems] == ["t.csv:2", "t.csv:2", "t.csv:3"]


def test_the_line_of_a_workbook_is_its_row():
    raw = workbook([*ROWS, [], ["河北", "many", "high"]])
    with pytest.raises(DataError, match=r"t\.xlsx:5: gdp: many is not a number"):
        table_of(cells_of(raw, "t.xlsx")[0], COLUMNS)


def packed(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return stream.getvalue()


BROKEN = {
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel workbook (.xls), or one with a"),
    "a web page": (b"<html><table><tr><td>1</td></tr></table></html>", "is a web page or XML"),
    "an archive": (packed(word__document=b"<w/>"), "is an archive or document, no Excel workbook"),
    "cut short": (workbook(ROWS)[:900], "cannot be read as a workbook"),
    "a bomb": (packed(xl__workbook=b"<w/>", xl__worksheets__sheet1=bytes(80 * 2**20)), "unpacks to more than 64 MiB"),
    "entities": (packed(xl__workbook=b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "defines entities"),
    "no parts": (packed(xl__workbook=b"<w/>"), "cannot be read as a workbook"),
    "binary": (bytes(range(256)), "is a binary file, no table"),
    "Latin": ("région;gdp\nHénan;1\n".encode("cp1252"), "is neither UTF-8 nor GBK nor UTF-16 text"),
    "Big5": ("地區,產值\n廣東,1\n".encode("big5"), "is neither UTF-8 nor GBK nor UTF-16 text"),
    "empty": (b" \n", "the file is empty"),
    "an empty workbook": (workbook([]), "the workbook is empty"),
    "an open quote": (b'a,b\n"c,d\n', "check the quotes"),
}


@pytest.mark.parametrize(("raw", "said"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_table_is_refused_in_one_sentence(raw, said):
    with pytest.raises(DataError) as refused:
        cells_of(raw, "t.xlsx")
    (problem,) = refused.value.problems
    assert said in str(problem) and str(problem).startswith("t.xlsx")


def test_a_file_that_is_too_large_absent_or_a_folder(tmp_path: Path):
    (tmp_path / "large.csv").write_bytes(b"a,b\n" * (5 * 2**20))
    for name, said in (("large.csv", "larger than 16 MiB"), ("nowhere.csv", "no such file"), ("", "cannot be read")):
        with pytest.raises(DataError, match=said):
            read_cells(tmp_path / name)


def test_two_sheets_with_the_same_table_are_refused_by_name(tmp_path: Path):
    path = tmp_path / "two.xlsx"
    path.write_bytes(workbook(ROWS, ROWS))
    with pytest.raises(DataError, match="several sheets hold this table: Sheet, Sheet1; keep one"):
        read_table(path, COLUMNS)


@pytest.mark.parametrize("cell", ["High", " high", "高", "HIGH", "ｈｉｇｈ", "较高"])
def test_a_closed_list_in_any_spelling(cell):
    assert coded(cell, CONFIDENCE) == "high"
