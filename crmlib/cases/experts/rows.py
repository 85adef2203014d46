"""The rows below a heading: which hold answers, what is not read, and rows that cannot be anybody's."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from crmlib.errors import InputError, Problem
from crmlib.reading.rows import data_rows
from crmlib.reading.sheets import Sheet
from crmlib.reading.words import is_missing

__all__ = ["Rows", "read_rows"]

_MAY_BE_EMPTY = ("judgement", "choice", "group")


@dataclass(frozen=True)
class Rows:
    """The positions of the rows that hold answers, what was done, and the rows without a name."""

    sheet: Sheet
    columns: Mapping[str, int]
    positions: list[int]
    notes: list[str]
    problems: list[Problem]

    def cell(self, row: int, name: str) -> Any:
        """The cell of a row in a column; None if there is no such column."""
        return self.sheet.cells[row, self.columns[name]] if name in self.columns else None


def read_rows(
    sheet: Sheet, heading: int, titles: list[str], columns: Mapping[str, int], key: str, empty: Collection[str] = ()
) -> Rows:
    """The rows of answers.

    Parameters
    ----------
    columns
        The positions of the columns that are read, by name.
    key
        The column whose cells a total or a footnote would have its name in.
    empty
        Further columns whose cells may be empty.

    Raises
    ------
    InputError
        If rows have more cells than there are headings, so that they may be shifted; or if there is no row.
    """
    rows = data_rows(sheet, heading, titles, [columns[key]] if key in columns else [])
    _refuse_longer(sheet, titles, rows.positions.tolist())
    if not len(rows.positions):
        raise InputError(sheet.file, [Problem("the table", "has headings and no answers", "Add one row each")])
    notes = [f"headings in {sheet.row(heading)}"] if heading else []
    left_out = [title for at, title in enumerate(titles) if title and at not in columns.values()]
    if left_out:
        notes.append(f"{len(left_out)} column{'s' * (len(left_out) > 1)} left out: {', '.join(left_out)}")
    _fill_merged(sheet)
    problems, positions = [], []
    for row in rows.positions.tolist():
        needed = [name for name in columns if name not in _MAY_BE_EMPTY and name not in empty]
        missing = [name for name in needed if is_missing(sheet.cells[row, columns[name]])]
        problems += [
            Problem(sheet.place(row, columns[name], titles[columns[name]]), "is empty", "Fill it in")
            for name in missing
        ]
        if not missing:
            positions.append(row)
    return Rows(sheet, columns, positions, [*notes, *rows.notes], problems)


def _fill_merged(sheet: Sheet) -> None:
    """Merged cells hold their value in each row, such as the name of an expert beside all of the answers."""
    for top, left, bottom, right in sheet.merged:
        if left == right:
            sheet.cells[top : bottom + 1, left] = sheet.cells[top, left]


def _refuse_longer(sheet: Sheet, titles: list[str], rows: list[int]) -> None:
    width = max((at + 1 for at, title in enumerate(titles) if title), default=0)
    problems = []
    for row in rows if sheet.separator else []:
        filled = [at for at, cell in enumerate(sheet.cells[row]) if not is_missing(cell)]
        if filled and filled[-1] >= width:
            remedy = "Give every column a heading; quote cells that hold the separator"
            problems.append(Problem(sheet.row(row), f"has {filled[-1] + 1} cells, the headings are {width}", remedy))
    if problems:
        raise InputError(sheet.file, problems)
