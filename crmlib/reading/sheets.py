"""Sheets as they stand in a file: raw cells, and their places as a spreadsheet names them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from crmlib.errors import InputError, Problem
from crmlib.reading.texts import read_text_table
from crmlib.reading.workbooks import column_letters, read_workbook

__all__ = ["SUFFIXES", "Sheet", "open_sheets"]

#: Files that can be read.
SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods")
_MOST_BYTES = 500_000_000
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_ENCODINGS = {"gb18030": "GB18030", "big5": "Big5", "cp1252": "Windows-1252", "utf-16": "UTF-16"}


@dataclass(frozen=True)
class Sheet:
    """A rectangle of raw cells.

    Attributes
    ----------
    file
        As the user named it.
    name
        Of the sheet in a workbook; empty for a file of text.
    cells
        Objects of shape (rows, columns): text as it stands, float, bool, datetime, date, time, or None for an empty
        cell. A percentage of a workbook is the text that it shows, ``"25.5%"``; a formula without a value is its text,
        ``"=B2*C2"``, and so is a formula in a file of text.
    first_row
        The number of the first row of `cells` as a spreadsheet shows it.
    separator, encoding
        Of a file of text; empty for a workbook.
    visible, hidden_rows
        Whether the sheet is shown, and the numbers of the rows that are not.
    merged
        Ranges of merged cells: first row and column, last row and column, as positions in `cells`.
    epoch
        The day from which a workbook counts days.
    several
        Whether the file has further sheets, so that a place must name the sheet.
    """

    file: str
    name: str
    cells: np.ndarray
    first_row: int = 1
    separator: str = ""
    encoding: str = ""
    visible: bool = True
    hidden_rows: tuple[int, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    epoch: date = date(1899, 12, 30)
    several: bool = False

    def place(self, row: int, column: int, title: str = "") -> str:
        """The name of a cell at a position in `cells`; `title` is the heading of its column.

        Examples
        --------
        >>> Sheet("a.xlsx", "2025", np.full((9, 9), None)).place(4, 2)
        'cell C5'
        >>> Sheet("a.csv", "", np.full((9, 9), None), separator=",").place(4, 2, "margin")
        "row 5, column 'margin'"
        """
        number = row + self.first_row
        if self.separator:
            return f"row {number}, column {title!r}" if title else f"row {number}, column {column + 1}"
        return f"{self._sheet}cell {column_letters(column)}{number}"

    def row(self, row: int) -> str:
        """The name of a row at a position in `cells`."""
        return f"{self._sheet}row {row + self.first_row}"

    def column(self, column: int) -> str:
        """The name of a column without a heading."""
        return f"column {column + 1 if self.separator else column_letters(column)}"

    def merged_at(self, row: int, column: int) -> str:
        """The merged cells of which a cell is one, as in ``"A1:A3"``; empty if it is none, or the first."""
        for first, left, last, right in self.merged:
            if first <= row <= last and left <= column <= right and (row, column) != (first, left):
                return f"{column_letters(left)}{first + self.first_row}:{column_letters(right)}{last + self.first_row}"
        return ""

    @property
    def _sheet(self) -> str:
        return f"sheet {self.name!r}, " if self.several else ""

    @property
    def notes(self) -> list[str]:
        """What was found out about the file, one line each."""
        notes = [f"read as {_ENCODINGS[self.encoding[:7].rstrip('-')]} text"] if self._unusual else []
        marks = {";": "semicolons", "\t": "tabs", "|": "upright strokes"}
        if self.separator in marks:
            notes.append(f"cells are separated by {marks[self.separator]}")
        if self.hidden_rows:
            notes.append(f"{len(self.hidden_rows)} hidden rows are read too, the first is row {self.hidden_rows[0]}")
        return notes

    @property
    def _unusual(self) -> bool:
        return self.encoding[:7].rstrip("-") in _ENCODINGS


def open_sheets(path: str | Path, *, encoding: str | None = None, separator: str | None = None) -> list[Sheet]:
    r"""Read all sheets of a file; a file of text has one.

    Workbooks are read with the values that their formulas had when they were saved; nothing is evaluated.

    Parameters
    ----------
    path
        A file with one of the `SUFFIXES`; what it holds decides, not its name.
    encoding
        Of a file of text, such as ``"gb18030"``; found out if not given: UTF-8, UTF-16, GB18030, Big5 or Windows-1252.
    separator
        Between the cells of a file of text; found out if not given: a comma, semicolon, tab or ``|``.

    Raises
    ------
    InputError
        If there is no such file, it cannot be read as a table, or it is larger than 500 MB, packed or unpacked.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "customers.csv"
    ...     _ = file.write_bytes("客户;毛利率\n杭州医院;25,5\n".encode("gb18030"))
    ...     [sheet] = open_sheets(file)
    >>> sheet.cells.tolist(), sheet.notes
    ([['客户', '毛利率'], ['杭州医院', '25,5']], ['read as GB18030 text', 'cells are separated by semicolons'])
    """
    path = Path(path)
    content = _content(path)
    if content.startswith(_WORKBOOKS):
        sheets = read_workbook(str(path), content)
        shown = [one for one in sheets if one.cells.size]
        if not shown:
            raise InputError(str(path), [Problem("the file", "is empty", "Fill it in")])
        return [
            Sheet(str(path), one.name, one.cells, visible=one.visible, hidden_rows=one.hidden_rows, merged=one.merged,
                  epoch=one.epoch, several=len(shown) > 1)
            for one in shown
        ]  # fmt: skip
    if content[:200].lstrip().lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        remedy = "Open it in a spreadsheet program and save it as a workbook (.xlsx)"
        raise InputError(str(path), [Problem("the file", "is a web page or XML, not a table", remedy)])
    table = read_text_table(str(path), content, encoding, separator)
    return [Sheet(str(path), "", table.cells, table.first_row, table.separator, table.encoding)]


def _content(path: Path) -> bytes:
    if path.suffix.lower() not in SUFFIXES:
        remedy = f"Save it as one of {', '.join(SUFFIXES)}"
        raise InputError(str(path), [Problem("its name", f"ends in {path.suffix!r}", remedy)])
    if not path.is_file():
        raise InputError(str(path), [Problem("the file", "is not there", "Check the name and the folder")])
    if (size := path.stat().st_size) > _MOST_BYTES:
        found = f"has {size // 1_000_000:,} MB, more than {_MOST_BYTES // 1_000_000}"
        raise InputError(str(path), [Problem("the file", found, "Divide it")])
    content = path.read_bytes()
    if not content.strip():
        raise InputError(str(path), [Problem("the file", "is empty", "Fill it in")])
    return content
