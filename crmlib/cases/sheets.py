"""Rows of a CSV file or of the first sheet of an Excel workbook, with the numbers that a spreadsheet shows."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from crmlib.errors import InputError, Problem

__all__ = ["Sheet", "excel_sheet", "read_sheet"]

_SEPARATORS = (",", ";", "\t")
_RENAME = "Name the column in the call, correct the first row, or separate its cells by commas"
_Lines = Iterator[tuple[int, list[Any]]]


@dataclass(frozen=True)
class Sheet:
    """A table as it was found: the header, and the cells by row number, blank rows left out.

    Every row has as many cells as the header; empty ones hold "". `separator` stands between the cells of a CSV file,
    and is empty for a workbook; `date_origin` is the day from which Excel counts.
    """

    header: list[str]
    rows: dict[int, list[Any]]
    separator: str
    date_origin: date


def read_sheet(path: Path, columns: list[str]) -> Sheet:
    """Read a table that has certain columns among others.

    Raises
    ------
    InputError
        If the file cannot be read as a table, cells are merged, a column is missing or given twice, a row of text has
        more cells than the header, or there is no row.
    """
    readers = {".csv": _read_csv, ".txt": _read_csv, ".xlsx": _read_excel}
    if path.suffix.lower() not in readers:
        raise InputError(str(path), [Problem("its name", f"ends in {path.suffix!r}", "Save it as .csv or .xlsx")])
    lines, separator, date_origin = readers[path.suffix.lower()](path, columns)
    filled = ((number, cells) for number, cells in lines if any(cell != "" for cell in cells))
    header_at, header = next(filled, (1, []))
    titles = [str(cell) for cell in header]
    while titles and not titles[-1]:
        titles.pop()
    found = f"row {header_at} has {', '.join(map(repr, titles)) or 'nothing'}"
    problems = [Problem(f"column {name!r}", f"is missing: {found}", _RENAME) for name in columns if name not in titles]
    problems += [
        Problem(f"column {name!r}", "is given twice", "Keep one") for name in columns if titles.count(name) > 1
    ]
    rows = dict(filled)
    for number, cells in rows.items():
        if separator and any(cell != "" for cell in cells[len(titles) :]):  # in a workbook, a note beside the table
            remedy = "Quote cells that hold the separator, and write 1234.50 for 1,234.50"
            problems.append(Problem(f"row {number}", f"has {len(cells)} cells, the header {len(titles)}", remedy))
    if not rows and not problems:
        problems.append(Problem("the table", "has a header and no rows", "Add one row an order"))
    if problems:
        raise InputError(str(path), problems)
    width = len(titles)
    return Sheet(titles, {at: (cells + [""] * width)[:width] for at, cells in rows.items()}, separator, date_origin)


def _read_csv(path: Path, columns: list[str]) -> tuple[_Lines, str, date]:
    text = _decoded(path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    titles = {mark: {title.strip() for title in next(csv.reader([first], delimiter=mark))} for mark in _SEPARATORS}
    mark = max(titles, key=lambda mark: (len(titles[mark].intersection(columns)), len(titles[mark])))
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        lines, before = [], 0
        for cells in reader:  # a cell may hold line breaks: a spreadsheet counts rows, not lines
            lines.append((before + 1, [cell.strip() for cell in cells]))
            before += 1
    except csv.Error as error:
        raise InputError(str(path), [Problem(f"row {before + 1}", str(error), "Check the quotation marks")]) from None
    return iter(lines), mark, date(1899, 12, 30)


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise InputError(str(path), [Problem("the file", "is not there", "Check the name and the folder")]) from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not text.strip():
            raise InputError(str(path), [Problem("the file", "is empty", "Fill it in")])
        if "\0" not in text and (encoding != "gb18030" or _is_chinese(text)):
            return text
    remedy = "Save it in Excel as CSV UTF-8"
    raise InputError(str(path), [Problem("the file", "is neither UTF-8 nor GB18030 text", remedy)])


def _is_chinese(text: str) -> bool:
    """Whether most of the characters beyond ASCII are common ones: bytes of another alphabet turn into rare ones."""
    foreign = {character for character in text if character > "~"}
    return 2 * sum(bool(character.encode("gb2312", "ignore")) for character in foreign) >= len(foreign)


def excel_sheet(path: Path) -> Worksheet:
    """The first sheet of a workbook, with formulas as text: nothing is evaluated."""
    try:
        sheet: Worksheet = openpyxl.load_workbook(path).worksheets[0]
    except FileNotFoundError:
        raise InputError(str(path), [Problem("the file", "is not there", "Check the name and the folder")]) from None
    except (BadZipFile, KeyError, IndexError, OSError, AttributeError, TypeError, ValueError):
        remedy = "Save it in Excel as a workbook (.xlsx), or as CSV UTF-8"
        raise InputError(str(path), [Problem("the file", "is not an Excel workbook with a sheet", remedy)]) from None
    return sheet


def _read_excel(path: Path, _: list[str]) -> tuple[_Lines, str, date]:
    sheet = excel_sheet(path)
    if merged := sorted(map(str, sheet.merged_cells.ranges)):
        remedy = "Unmerge them and fill in every cell"
        raise InputError(str(path), [Problem(f"cells {place}", "are merged", remedy) for place in merged])
    lines = (
        (number, ["" if cell is None else cell.strip() if isinstance(cell, str) else cell for cell in cells])
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
    )
    return lines, "", sheet.parent.epoch.date()
