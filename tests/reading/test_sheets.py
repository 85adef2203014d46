"""What stands in a file: formats, encodings, separators, and files that mean harm."""

import datetime
import re
import struct
import tracemalloc
import zipfile

import numpy as np
import openpyxl
import pytest
import xlwt

from crmlib.errors import InputError
from crmlib.reading.sheets import Sheet, open_sheets
from crmlib.reading.workbooks import column_letters
from tests.reading.opendocument import opendocument

TEXT = "客户,毛利率\n杭州医院,25.5\n"
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def text(tmp_path):
    def write(content, name="table.csv"):
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write


@pytest.fixture
def book(tmp_path):
    def write(change=lambda sheet: None):
        workbook = openpyxl.Workbook()
        workbook.active.append(["customer", "profit"])
        workbook.active.append(["A", 1])
        change(workbook.active)
        workbook.save(tmp_path / "book.xlsx")
        return tmp_path / "book.xlsx"

    return write


def repacked(path, part, content):
    """A workbook with another content in one of its parts."""
    copy = path.with_name("repacked.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content(old.read(name)) if name == part else old.read(name))
    return copy


def refused(path, words):
    with pytest.raises(InputError, match=words):
        open_sheets(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_encodings_of_chinese_are_found_out(text, encoding):
    content = TEXT if encoding != "utf-16-be" else "customer,x\nA,1\n"
    [sheet] = open_sheets(text((content if "utf-16-" not in encoding else "customer,x\nA,1\n").encode(encoding)))
    assert sheet.cells[1, 0] in ("杭州医院", "A")
    assert sheet.encoding == encoding


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("big5", "客戶,毛利率\n臺北醫院,25.5\n"),
        ("cp1252", "customer,x\nCafé,£5\n"),
        ("cp1252", "a;b\nMüller & Söhne;1\n"),
    ],
)
def test_older_encodings_are_found_out_and_said(text, encoding, content):
    [sheet] = open_sheets(text(content.encode(encoding)))
    assert sheet.encoding == encoding
    assert [[*row] for row in sheet.cells] == [line.split(sheet.separator) for line in content.splitlines()]
    assert sheet.notes[0] in ("read as Big5 text", "read as Windows-1252 text")


@pytest.mark.parametrize(
    ("encoding", "content"), [("cp1251", "Клиент,Сумма\nИванов,1\n"), ("shift_jis", "顧客,金額\nトヨタ,1\n")]
)
def test_an_encoding_that_is_not_clear_is_asked_for(text, encoding, content):
    path = text(content.encode(encoding))
    refused(path, "encoding is not clear.*Name its encoding")
    assert open_sheets(path, encoding=encoding)[0].cells[1, 0] in ("Иванов", "トヨタ")


def test_a_wrong_encoding_is_refused(text):
    with pytest.raises(InputError, match="is no text in utf-8"):
        open_sheets(text("客户,x\n杭州,1".encode("gb18030")), encoding="utf-8")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_found_out(text, separator):
    [sheet] = open_sheets(text(f'customer{separator}x\n"A{separator}B"{separator}1\n'.encode()))
    assert sheet.cells.tolist() == [["customer", "x"], [f"A{separator}B", "1"]]


def test_a_decimal_comma_does_not_separate(text):
    [sheet] = open_sheets(text(b"customer;x\nA;1,5\nB;2,5\n"))
    assert sheet.cells[2].tolist() == ["B", "2,5"]


def test_the_line_that_names_the_separator_is_no_row(text):
    [sheet] = open_sheets(text(b"sep=;\ncustomer;x\nA;1\n"))
    assert (sheet.first_row, sheet.cells.tolist()) == (2, [["customer", "x"], ["A", "1"]])
    assert sheet.place(1, 0, "customer") == "row 3, column 'customer'"


def test_short_rows_end_with_empty_cells(text):
    [sheet] = open_sheets(text(b"a,b,c\n1,2\n"))
    assert sheet.cells[1].tolist() == ["1", "2", None]


def test_workbooks_keep_what_calamine_leaves_out(book):
    def change(sheet):
        sheet["B2"], sheet["B2"].number_format = 0.255, "0.0%"
        sheet["A3"], sheet["B3"] = "B", "=B2*2"
        sheet.row_dimensions[2].hidden = True
        sheet.merge_cells("A4:B4")

    [sheet] = open_sheets(book(change))
    assert sheet.cells[1:3].tolist() == [["A", "25.5%"], ["B", "=B2*2"]]
    assert (sheet.hidden_rows, sheet.merged) == ((2,), ((3, 0, 3, 1),))
    assert sheet.notes == ["1 hidden rows are read too, the first is row 2"]


def test_links_to_other_files_are_never_followed(book, tmp_path, monkeypatch):
    other = openpyxl.Workbook()
    other.active["A1"] = 99
    other.save(tmp_path / "other.xlsx")
    (tmp_path / "other.xlsx").chmod(0)
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("reading went to the network"))

    def linked(value):
        cell = b'<c r="B2"><f>[other.xlsx]Sheet!A1</f>%b</c>' % value
        path = repacked(book(), SHEET, lambda xml: re.sub(b'<c r="B2".*?</c>', cell, xml))
        return open_sheets(path)[0].cells[1].tolist()

    assert linked(b"<v>5</v>") == ["A", 5]
    assert linked(b"") == ["A", "=[other.xlsx]Sheet!A1"]


def test_several_sheets_are_named_in_places(book):
    sheets = open_sheets(book(lambda sheet: sheet.parent.create_sheet("x").append(["a"])))
    assert [sheet.place(1, 1) for sheet in sheets] == ["sheet 'Sheet', cell B2", "sheet 'x', cell B2"]


def test_old_workbooks_and_opendocuments(tmp_path):
    old = xlwt.Workbook()
    sheet = old.add_sheet("S")
    sheet.write(0, 0, datetime.date(2020, 1, 3), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    sheet.write(0, 1, 0.255, xlwt.easyxf(num_format_str="0.0%"))
    sheet.write(0, 2, 0.255, xlwt.easyxf(num_format_str='0.0"%"'))
    sheet.write(0, 3, 1, xlwt.easyxf(num_format_str="0%"))
    sheet.row(0).hidden = True
    old.save(str(tmp_path / "old.xls"))
    [found] = open_sheets(tmp_path / "old.xls")
    assert found.cells.tolist() == [[datetime.date(2020, 1, 3), "25.5%", 0.255, "100%"]]
    assert found.hidden_rows == (1,)
    (tmp_path / "table.ods").write_bytes(opendocument([["A", 0.255]], percentages=True))
    assert open_sheets(tmp_path / "table.ods")[0].cells.tolist() == [["A", "25.5%"]]


def test_what_a_file_holds_decides_and_not_its_name(text, book):
    assert open_sheets(text(book().read_bytes(), "table.csv"))[0].cells.shape == (2, 2)
    assert open_sheets(text(b"a,b\n1,2\n", "table.xlsx"))[0].cells.shape == (2, 2)


def test_stray_cells_are_refused_and_stray_formats_are_nothing(book):
    refused(book(lambda sheet: sheet.cell(1_048_576, 16_384, "x")), "cell XFD1048576: the table would have")
    path = book(lambda sheet: setattr(sheet.cell(1_048_576, 16_384), "number_format", "0.00"))
    assert open_sheets(path)[0].cells.shape == (2, 2)


def test_repeated_cells_of_an_opendocument_are_refused(text):
    refused(text(opendocument([["A", 1.0]], wide=16_000, high=1_000_000), "table.ods"), "rows and 16,001 columns")


@pytest.mark.parametrize("place", [b"r='XFD1048576'", b'r = "XFD1048576"', b'r="xfd1048576"', b'\nr="XFD1048576"'])
def test_stray_cells_are_found_however_the_file_is_written(book, place):
    refused(repacked(book(), SHEET, lambda xml: xml.replace(b'r="B2"', place)), "cell XFD1048576: the table would have")


def test_places_outside_any_sheet_are_refused(book):
    path = repacked(book(), SHEET, lambda xml: xml.replace(b'r="A2"', b'r="ZZZZZZ99999999999"'))
    refused(path, "Delete what stands far")


@pytest.mark.parametrize("honest", [True, False], ids=["true size", "false size"])
def test_zip_bombs_are_refused(book, honest):
    path = repacked(book(), SHEET, lambda xml: bytes(520_000_000) + xml)
    if not honest:
        with zipfile.ZipFile(path) as archive:
            size = struct.pack("<I", archive.getinfo(SHEET).file_size)
        path.write_bytes(path.read_bytes().replace(size, struct.pack("<I", 1000)))
    refused(path, "unpacks to more than 500 MB")


BOMB = '<?xml version="1.0"?>{}<!DOCTYPE w [<!ENTITY a "aaa">]>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda xml: BOMB.format("").encode() + xml, "declares entities"),
        (lambda xml: BOMB.format(" " * 2**20).encode() + xml, "declares entities"),
        (lambda xml: BOMB.format("").encode("utf-16-le") + xml, "declares entities"),
        (lambda xml: xml[: len(xml) // 2], "no workbook that can be read"),
    ],
    ids=["entities", "entities far behind", "entities in UTF-16", "torn"],
)
def test_damaged_sheets_are_refused(book, content, words):
    refused(repacked(book(), SHEET, content), words)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"a" * 2_000_000, "line.csv", "line 1: is 2,000,000 bytes long"),
        (b"a,b\r\n1,2\r\n" + b"x," * 600_000 + b"\n", "line.csv", "line 3: is 1,200,000 bytes long"),
        (bytes(range(256)) * 50, "bytes.csv", "encoding is not clear"),
        (b"<html><table></table></html>", "page.xls", "web page"),
        (b'a,b\n1,"x\n2,y\n', "quote.csv", "row 2: unexpected end of data"),
        (b" \n", "empty.csv", "is empty"),
        (b"PK\x03\x04 torn", "torn.xlsx", "damaged workbook"),
        (b"a,b\n", "table.doc", "ends in '.doc'"),
    ],
)
def test_what_is_no_table_is_refused(text, content, name, words):
    refused(text(content, name), words)


def test_a_line_as_long_as_a_file_is_refused_in_little_memory(tmp_path):
    path = tmp_path / "line.csv"
    with path.open("wb") as file:
        file.truncate(1_000_000_000)
    refused(path, "has 1,000 MB, more than 500")
    path.write_bytes(b"a" * 100_000_000)
    tracemalloc.start()
    refused(path, "line 1: is 100,000,000 bytes long")
    assert tracemalloc.get_traced_memory()[1] < 250_000_000
    tracemalloc.stop()


def test_columns_are_lettered_as_in_a_spreadsheet():
    assert [column_letters(at) for at in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


def test_places_are_named_as_in_a_spreadsheet():
    assert Sheet("a.csv", "", np.full((2, 2), None), separator=",").place(1, 1) == "row 2, column 2"
