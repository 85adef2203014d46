"""Workbooks: their cells as calamine reads them, and what it leaves out: percentages, hidden rows, missing values.

Nothing is evaluated and nothing is fetched. What a file unpacks to is measured before it is read.
"""

import io
import re
import zipfile
import zlib
from datetime import date
from decimal import Decimal
from posixpath import join, normpath
from typing import Any, NamedTuple
from xml.etree import ElementTree

import numpy as np
import python_calamine
import xlrd

from crmlib.errors import InputError, Problem

__all__ = ["WorkbookSheet", "column_letters", "read_workbook"]

_MOST_BYTES = 500_000_000  # of one part, unpacked
_MOST_EMPTY = 2_000_000  # cells that a stray value far away may add
_SAVE = "Open it in a spreadsheet program and save it as a new workbook (.xlsx)"
_FILLED_COLUMN = re.compile(rb'r="([A-Za-z]{1,9})\d+"[^>]*[^/]>')  # the place of a cell with something in it
_FILLED_ROW = re.compile(rb'r="[A-Za-z]+(\d{1,18})"[^>]*[^/]>')
_UNUSUAL = re.compile(rb"r(?:\s+=|=\s|=')")  # attributes as no spreadsheet program writes them, but XML allows
_ATTRIBUTE = re.compile(rb"\s*=\s*(?:'([^'<>]*)'|\"([^\"<>]*)\")")
_FORMULA = re.compile(
    rb'<(?:\w+:)?c (?![^>]*t="str")(?=[^>]*r="([A-Z]{1,3})(\d{1,7})")[^>/]*>'
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>([^<]*)</(?:\w+:)?f>)(?:<(?:\w+:)?v ?/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_HIDDEN = re.compile(rb'<(?:\w+:)?row (?=[^>]*hidden="(?:1|true)")(?=[^>]*\br="(\d+)")')
_DATES_FROM_1904 = re.compile(rb'date1904="(?:1|true)"')
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


class WorkbookSheet(NamedTuple):
    """A sheet of a workbook: empty cells are None, percentages the text that is shown, bare formulas their text."""

    name: str
    cells: np.ndarray
    visible: bool
    hidden_rows: tuple[int, ...]
    merged: tuple[tuple[int, int, int, int], ...]  # first row and column, last row and column, from 0
    epoch: date


class _Marks(NamedTuple):
    """What calamine does not tell of a sheet; places are rows and columns from 0."""

    hidden_rows: tuple[int, ...]
    percentages: list[tuple[int, int]]
    formulas: dict[tuple[int, int], str]


_NONE = _Marks((), [], {})


def read_workbook(file: str, content: bytes) -> list[WorkbookSheet]:
    """Read the sheets of an .xlsx, .xlsm, .xls or .ods file.

    Raises
    ------
    InputError
        If the file is damaged, protected by a password, unpacks to more than 500 MB, or has a cell far from all others.
    """
    marks: dict[str, _Marks]
    try:
        if content.startswith(b"PK"):
            epoch, marks = _package(file, content)
        else:
            epoch, marks = _xls_marks(content)
        book = python_calamine.load_workbook(io.BytesIO(content))
        found = [(about, book.get_sheet_by_name(about.name)) for about in book.sheets_metadata
                 if about.typ is python_calamine.SheetTypeEnum.WorkSheet]  # fmt: skip
    except InputError:
        raise
    except python_calamine.PasswordError:
        raise InputError(file, [Problem("the file", "is protected by a password", "Save it without one")]) from None
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise InputError(file, [Problem("the file", "is no workbook that can be read", _SAVE)]) from None
    sheets = []
    for about, sheet in found:
        own = marks.get(about.name, _NONE)
        _refuse_stray(file, about.name, sheet.total_height, sheet.total_width, sheet.height * sheet.width)
        visible = about.visible is python_calamine.SheetVisibleEnum.Visible
        merged = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
        sheets.append(WorkbookSheet(about.name, _cells(sheet, own), visible, own.hidden_rows, merged, epoch))
    return sheets


def _cells(sheet: python_calamine.CalamineSheet, marks: _Marks) -> np.ndarray:
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    height = max([len(rows), *(row + 1 for row, _ in marks.formulas)])
    width = max([len(rows[0]) if rows else 0, *(column + 1 for _, column in marks.formulas)])
    cells = np.full((height, width), None, dtype=object, order="F")
    for at, column in enumerate(zip(*rows, strict=True)):
        cells[: len(rows), at] = np.fromiter(column, object, len(rows))
    cells[cells == ""] = None
    for place in marks.percentages:
        if type(cells[place]) in (float, int):
            cells[place] = f"{Decimal(repr(cells[place])).scaleb(2).normalize():f}%"
    for place, formula in marks.formulas.items():
        cells[place] = f"={formula}"
    return cells


def column_letters(column: int) -> str:
    """The letters of a column, counted from 0, as in ``column_letters(27) == "AB"``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number - 1


def _refuse_stray(file: str, name: str, height: int, width: int, filled: int) -> None:
    if height * width > max(_MOST_EMPTY, 50 * filled):
        place = f"sheet {name!r}, cell {column_letters(width - 1)}{height}"
        found = f"the table would have {height:,} rows and {width:,} columns, nearly all empty"
        raise InputError(file, [Problem(place, found, "Delete what stands far from the table")])


def _package(file: str, content: bytes) -> tuple[date, dict[str, _Marks]]:
    """The day from which a workbook counts, and the marks of its sheets; measures all that it unpacks to."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {entry.filename: entry for entry in archive.infolist()}
            for entry in parts.values():
                _measure(file, archive, entry)
            if "content.xml" in parts:
                return date(1899, 12, 30), _ods_marks(file, archive.read("content.xml"))
            return _xlsx_marks(file, archive, set(parts))
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, KeyError, OSError, NotImplementedError,
            RuntimeError, EOFError):  # fmt: skip
        raise InputError(file, [Problem("the file", "is a damaged workbook", _SAVE)]) from None


def _measure(file: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack a part without keeping it: the size that it claims may be false."""
    entry.file_size, size = _MOST_BYTES + (1 << 21), 0
    last = b""
    with archive.open(entry) as part:
        while block := part.read(1 << 20):
            size += len(block)
            if size > _MOST_BYTES:
                found = f"unpacks to more than {_MOST_BYTES // 1_000_000} MB"
                raise InputError(file, [Problem(f"its part {entry.filename}", found, "Save the one table as CSV")])
            if entry.filename.endswith((".xml", ".rels")) and _declares(last + block):
                raise InputError(file, [Problem(f"its part {entry.filename}", "declares entities", _SAVE)])
            last = block[-20:]
    entry.file_size = size


def _declares(xml: bytes) -> bool:
    """Whether a document type is declared: no spreadsheet program does so, and its entities could grow without end."""
    return b"<!DOCTYPE" in (xml.replace(b"\0", b"") if b"\0" in xml else xml)  # in UTF-16 every second byte is 0


def _xlsx_marks(file: str, archive: zipfile.ZipFile, parts: set[str]) -> tuple[date, dict[str, _Marks]]:
    workbook = archive.read("xl/workbook.xml")
    targets = {}
    for link in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels")):  # noqa: S314 (no entities)
        targets[link.get("Id")] = normpath(join("xl", link.get("Target", ""))).lstrip("/").replace("xl/xl/", "xl/")
    styles = _percent_styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in parts else []
    marks = {}
    for node in ElementTree.fromstring(workbook).iter():  # noqa: S314 (no entities)
        if node.tag.rpartition("}")[2] == "sheet":
            link_id = next((value for key, value in node.attrib.items() if key.rpartition("}")[2] == "id"), None)
            if targets.get(link_id) in parts:
                name = node.get("name", "")
                marks[name] = _sheet_marks(file, name, archive.read(targets[link_id]), styles)
    epoch = date(1904, 1, 1) if _DATES_FROM_1904.search(workbook) else date(1899, 12, 30)
    return epoch, marks


def _xls_marks(content: bytes) -> tuple[date, dict[str, _Marks]]:
    """The day from which an .xls file counts, and the marks of its sheets."""
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
    except xlrd.XLRDError:  # protected, which calamine tells, or no workbook
        return date(1899, 12, 30), {}
    shown = [_shows_percent(book.format_map[style.format_key].format_str) for style in book.xf_list]
    marks = {}
    for sheet in book.sheets():
        hidden = tuple(sorted(row + 1 for row, about in sheet.rowinfo_map.items() if about.hidden))
        styles = ((row, column, sheet.cell_xf_index(row, column))
                  for row in range(sheet.nrows) for column in range(sheet.row_len(row)))  # fmt: skip
        marks[sheet.name] = _Marks(hidden, [(row, column) for row, column, style in styles if shown[style]], {})
    return date(1904, 1, 1) if book.datemode else date(1899, 12, 30), marks


def _shows_percent(code: str) -> bool:
    """Whether a format of numbers shows a percentage."""
    return "%" in re.sub(r'"[^"]*"', "", code)


def _percent_styles(styles: bytes) -> list[bytes]:
    """The numbers of the cell styles that show a percentage."""
    root = ElementTree.fromstring(styles)  # noqa: S314 (no entities)
    codes = {node.get("numFmtId"): node.get("formatCode", "") for node in root.iter() if node.tag.endswith("numFmt")}
    shown = {number for number, code in codes.items() if _shows_percent(code)} | {"9", "10"}
    formats = next((node for node in root if node.tag.endswith("cellXfs")), ElementTree.Element("none"))
    return [str(at).encode() for at, node in enumerate(formats) if node.get("numFmtId") in shown]


def _sheet_marks(file: str, name: str, xml: bytes, styles: list[bytes]) -> _Marks:
    if _UNUSUAL.search(xml):
        xml = _ATTRIBUTE.sub(rb'="\1\2"', xml)
    filled, height, width = 0, 0, 0
    for at in range(0, len(xml), 1 << 24):  # in slices, so that the places found need little memory
        part = xml[at : at + (1 << 24) + 200]
        rows = _FILLED_ROW.findall(part)
        filled += len(rows)
        height = max([height, *map(int, set(rows))])
        width = max([width, *(_column(letters) + 1 for letters in set(_FILLED_COLUMN.findall(part)))])
    _refuse_stray(file, name, height, width, filled)
    percentages: list[tuple[int, int]] = []
    if styles:
        pattern = rb'<(?:\w+:)?c (?=[^>]* ?s="(?:%b)")(?=[^>]*r="([A-Z]{1,3})(\d+)")[^>]*[^/>]>' % b"|".join(styles)
        percentages = [(int(row) - 1, _column(column)) for column, row in re.findall(pattern, xml)]
    formulas = {}
    if b"<f" in xml or b":f" in xml:
        formulas = {(int(row) - 1, _column(column)): text.decode("utf-8", "replace")
                    for column, row, text in _FORMULA.findall(xml)}  # fmt: skip
    hidden = tuple(int(row) for row in _HIDDEN.findall(xml)) if b"hidden=" in xml else ()
    return _Marks(hidden, percentages, formulas)


def _ods_marks(file: str, xml: bytes) -> dict[str, _Marks]:
    """The marks of the sheets of an OpenDocument; a cell or row may stand for many."""
    marks: dict[str, _Marks] = {}
    for table in ElementTree.fromstring(xml).iter(f"{_TABLE}table"):  # noqa: S314 (no entities)
        name, row, widest, height = table.get(f"{_TABLE}name", ""), 0, 0, 0
        hidden: list[int] = []
        own = _Marks((), [], {})
        filled = 0
        for line in table.iter(f"{_TABLE}table-row"):
            again, column, last = int(line.get(f"{_TABLE}number-rows-repeated", "1")), 0, 0
            for cell in line:
                many = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
                if len(cell) or cell.get(f"{_OFFICE}value-type"):
                    filled, last = filled + 1, column + many
                if again * many < 1000 and cell.get(f"{_OFFICE}value-type") == "percentage":
                    own.percentages.extend((row + i, column + j) for i in range(again) for j in range(many))
                if cell.get(f"{_TABLE}formula") and not cell.get(f"{_OFFICE}value-type"):
                    own.formulas[row, column] = cell.get(f"{_TABLE}formula", "").rpartition(":=")[2]
                column += many
            if line.get(f"{_TABLE}visibility") in ("collapse", "filter"):
                hidden.extend(range(row + 1, row + 1 + min(again, 10_000)))
            row += again
            widest, height = max(widest, last), row if last else height
        _refuse_stray(file, name, height, widest, filled)
        marks[name] = own._replace(hidden_rows=tuple(number for number in hidden if number <= height))
    return marks
