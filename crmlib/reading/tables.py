"""Any table that people have, read as it is declared: every bad cell named at once, every step told."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd

from crmlib.errors import InputError, Problem
from crmlib.reading.cells import read_cells
from crmlib.reading.days import order_shown
from crmlib.reading.declarations import Column, Table
from crmlib.reading.doubts import check_names, check_ranges
from crmlib.reading.headings import Headings, find_headings
from crmlib.reading.numbers import decimal_mark
from crmlib.reading.problems import Problems
from crmlib.reading.rows import data_rows, without_totals
from crmlib.reading.sheets import Sheet, open_sheets
from crmlib.reading.words import TROUBLES, plain

__all__ = ["Reading", "read_table"]

_TOLD = ["", *TROUBLES]  # a cell's trouble, by its number
_EMPTY, _FORMULA = _TOLD.index("is empty"), _TOLD.index("is a formula without a value")


@dataclass(frozen=True)
class Reading:
    """A table that was read.

    Attributes
    ----------
    table
        One column for each that is declared and there, by id; text, float, bool, int or days.
    rows
        The number of each row in the file as a spreadsheet shows it, shape (rows,).
    notes
        What was done to read it, one line each.
    sheet
        Where it stood.
    others
        The cells of the columns that were left out, as they stand, under their headings.
    """

    table: pd.DataFrame
    rows: np.ndarray
    notes: tuple[str, ...]
    sheet: Sheet
    others: pd.DataFrame


def read_table(
    path: str | Path,
    table: Table,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    date_order: str | None = None,
    on_bad: str = "refuse",
) -> Reading:
    r"""Read a table from a file of text or a workbook.

    Parameters
    ----------
    path
        A file as `open_sheets` takes it.
    table
        What it must hold.
    sheet
        The sheet of a workbook; if not given, the one whose headings fit best.
    encoding
        Of a file of text, if it is not found out rightly.
    columns
        The heading of a column by its id, where it is none of its names, such as ``{"customer": "户名"}``.
    date_order
        What 03/04/2019 means: ``"dmy"`` the third of April, ``"mdy"`` the fourth of March; if not given, the column
        as a whole must show it.
    on_bad
        ``"refuse"`` the file for a cell that cannot be read or is empty, or ``"leave out"`` its row, and say so.

    Raises
    ------
    InputError
        Lists all that cannot be read, the first ten places of each kind.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> customers = Table(
    ...     columns=(
    ...         Column(id="customer", kind="name", chinese="客户名称"),
    ...         Column(id="margin", chinese="毛利率", unit="% of sales"),
    ...     ),
    ...     key=("customer",),
    ... )
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "mine.csv"
    ...     _ = file.write_text("2025\n客户名称;城市;毛利率（%）\n甲;苏州;25,5\n乙;无锡;17\n合计;;42,5\n", "utf-8")
    ...     reading = read_table(file, customers)
    >>> reading.table.to_dict("list"), reading.rows.tolist()
    ({'customer': ['甲', '乙'], 'margin': [25.5, 17.0]}, [3, 4])
    >>> reading.notes  # doctest: +NORMALIZE_WHITESPACE
    ('cells are separated by semicolons', 'headings in row 2', '1 column left out: 城市',
     'commas are read as decimal marks', 'row 5 left out: its values are the sums of the rows above')
    """
    if on_bad not in ("refuse", "leave out") or date_order not in (None, "dmy", "mdy"):
        remedy = "on_bad is 'refuse' or 'leave out', date_order 'dmy' or 'mdy'"
        raise InputError(str(path), [Problem("the way of reading", f"found {on_bad!r}, {date_order!r}", remedy)])
    chosen, headings, notes = _chosen(open_sheets(path, encoding=encoding), table, sheet, dict(columns or {}))
    if headings.problems:
        raise InputError(chosen.file, headings.problems)
    return _Reader(chosen, headings, table, date_order, on_bad, notes).read()


def _chosen(
    sheets: list[Sheet], table: Table, name: str | None, mapping: dict[str, str]
) -> tuple[Sheet, Headings, list[str]]:
    """The sheet that is asked for, or whose headings fit best."""
    if name is not None:
        named = [sheet for sheet in sheets if sheet.name == name]
        if not named:
            remedy = f"The sheets are {', '.join(repr(sheet.name) for sheet in sheets)}"
            raise InputError(sheets[0].file, [Problem(f"sheet {name!r}", "is not there", remedy)])
        return named[0], find_headings(named[0], table, mapping), [*named[0].notes]
    found = [(sheet, find_headings(sheet, table, mapping)) for sheet in sheets if sheet.visible or len(sheets) == 1]
    found = found or [(sheet, find_headings(sheet, table, mapping)) for sheet in sheets]
    whole = [one for one in found if not one[1].problems]
    if len(whole) > 1:
        names = ", ".join(repr(sheet.name) for sheet, _ in whole)
        remedy = "Say which one is meant (--sheet), or keep one in the file"
        raise InputError(
            sheets[0].file, [Problem("the file", f"has several such tables, in the sheets {names}", remedy)]
        )
    sheet, headings = (whole or sorted(found, key=lambda one: -len(one[1].columns)))[0]
    return sheet, headings, [f"sheet {sheet.name!r}"] * sheet.several + sheet.notes


class _Reader:
    """Reads the rows of one sheet; collects the problems and the notes."""

    def __init__(
        self, sheet: Sheet, headings: Headings, table: Table, date_order: str | None, on_bad: str, notes: list[str]
    ) -> None:
        self.sheet, self.headings, self.notes, self.on_bad = sheet, headings, notes, on_bad
        self.date_order = date_order
        self.key = [name for name in table.key if name in headings.columns]
        declared = {column.id: column for column in table.columns}
        self.columns = {
            name: declared.get(name) or Column(id=name, kind=table.further or "text") for name in headings.columns
        }
        self.problems = Problems(sheet, headings, self.key)

    def read(self) -> Reading:
        sheet, headings = self.sheet, self.headings
        if headings.row:
            self.notes.append(f"headings in {sheet.row(headings.row)}")
        if headings.left_out:
            many = f"{len(headings.left_out)} column{'s' * (len(headings.left_out) > 1)}"
            self.notes.append(f"{many} left out: {', '.join(headings.left_out)}")
        found = data_rows(sheet, headings.row, headings.titles, [headings.columns[name] for name in self.key])
        self._refuse_longer_rows(found.positions)
        self._tell_unnamed(found.positions)
        if not len(found.positions):
            self.problems.add("empty", "the table", "has headings and no rows", "Fill it in")
        self.problems.raise_any()
        values, troubles = self._values(found.positions)
        keep = self._without_totals(found.positions, values)
        self.notes += found.notes
        positions = found.positions[keep]
        values = {name: cells[keep] for name, cells in values.items()}
        troubles = {name: cells[keep] for name, cells in troubles.items()}
        good = self._without_bad(positions, values, troubles)
        positions, values = positions[good], {name: cells[good] for name, cells in values.items()}
        check_ranges(self.columns, positions, values, self.problems)
        check_names(self.columns, self.key, positions, values, self.problems)
        self.problems.raise_any()
        if not len(positions):
            self.problems.add("empty", "the table", "has no row that can be read", "Fill it in")
        self.problems.raise_any()
        frame = pd.DataFrame({name: self._typed(name, cells) for name, cells in values.items()})
        unread = [at for at in range(len(headings.titles)) if at not in headings.columns.values()]
        others = pd.DataFrame(sheet.cells[positions][:, unread], columns=[headings.titles[at] for at in unread])
        return Reading(frame, positions + sheet.first_row, tuple(dict.fromkeys(self.notes)), sheet, others)

    def _typed(self, name: str, cells: np.ndarray) -> pd.Series:
        column = self.columns[name]
        if column.kind in ("count", "yes/no") and not pd.isna(cells).any():
            return pd.Series(cells.astype(int if column.kind == "count" else bool))
        return pd.Series(cells)

    def _values(self, positions: np.ndarray) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        sheet = self.sheet
        raw = {name: sheet.cells[positions, at] for name, at in self.headings.columns.items()}
        numeric = [name for name in raw if self.columns[name].numeric]
        decimal = decimal_mark(chain.from_iterable(raw[name].tolist() for name in numeric), sheet.separator)
        if decimal == ",":
            self.notes.append("commas are read as decimal marks")
        values, troubles = {}, {}
        for name, cells in raw.items():
            values[name], troubles[name] = read_cells(
                cells, self.columns[name], text_file=bool(sheet.separator), decimal=decimal,
                date_order=self._order(name, cells), epoch=sheet.epoch,
            )  # fmt: skip
        self._tell_percentages(raw, values)
        return values, troubles

    def _tell_percentages(self, raw: dict[str, np.ndarray], values: dict[str, np.ndarray]) -> None:
        examples: dict[str, tuple[list[str], str]] = {}
        for name, cells in raw.items():
            signs = [at for at, cell in enumerate(cells[:100]) if str(cell).strip().endswith(("%", "％"))]
            if self.columns[name].numeric and signs and not np.isnan(values[name][signs[0]]):
                form = "the number before the sign" if self.columns[name].unit.startswith("%") else "hundredths"
                example = f"{str(cells[signs[0]]).strip()} as {values[name][signs[0]]:g}"
                examples.setdefault(form, ([], example))[0].append(name)
        for names, example in examples.values():
            self.notes.append(f"percentages are read, such as {example}, in {', '.join(names)}")

    def _order(self, name: str, cells: np.ndarray) -> str | None:
        """The order of day and month: as somebody said, or as the column shows."""
        if self.columns[name].kind not in ("day", "month") or self.date_order:
            return self.date_order
        shown = order_shown(cells)
        if shown:
            first = "day" if shown == "dmy" else "month"
            self.notes.append(f"column {name!r}: the {first} comes first, as its dates show")
        return shown or None

    def _without_totals(self, positions: np.ndarray, values: dict[str, np.ndarray]) -> np.ndarray:
        numbers = {name: cells for name, cells in values.items() if self.columns[name].numeric}
        first = next((name for name in self.columns if self.columns[name].kind in ("name", "text")), None)
        names = None if first is None else self.sheet.cells[positions, self.headings.columns[first]]
        keep, notes, problems = without_totals(self.sheet, positions, names, numbers)
        self.notes += notes
        for problem in problems:
            self.problems.add("total", problem.where, problem.found, problem.remedy)
        return keep

    def _without_bad(
        self, positions: np.ndarray, values: dict[str, np.ndarray], troubles: dict[str, np.ndarray]
    ) -> np.ndarray:
        """Which rows can be read in every column; the others are refused or left out."""
        bad: dict[str, np.ndarray] = {}
        for name, column in self.columns.items():
            if not column.empty:
                troubles[name][pd.isna(values[name]) & (troubles[name] == 0)] = _EMPTY
            bad[name] = troubles[name] > 0
        good: np.ndarray = ~np.logical_or.reduce(list(bad.values()))
        if self.on_bad == "leave out":
            counts = Counter(_TOLD[trouble] for name in bad for trouble in troubles[name][bad[name]])
            if counts:
                told = "; ".join(f"{trouble}: {count} cells" for trouble, count in counts.items())
                rows = ", ".join(str(row) for row in (positions[~good] + self.sheet.first_row)[:10])
                self.notes.append(f"{int((~good).sum())} rows left out ({told}), the first are {rows}")
            return good
        for name in bad:
            self._tell_formulas(name, positions, troubles[name])
        places = ((int(at), name) for name in bad for at in np.flatnonzero(troubles[name]))
        for at, name in sorted(places):
            self._tell_bad(at, name, positions, values, _TOLD[troubles[name][at]])
        return good

    def _tell_bad(self, at: int, name: str, positions: np.ndarray, values: dict[str, np.ndarray], trouble: str) -> None:
        """Name a cell that cannot be read; `at` is its row in `values`."""
        if self.problems.has_enough(trouble):
            return
        row, column = int(positions[at]), self.headings.columns[name]
        cell, found, remedy = self.sheet.cells[row, column], trouble, TROUBLES[trouble]
        if merged := self.sheet.merged_at(row, column):
            found, remedy = f"is one of the cells {merged}, which are merged", "Unmerge them and fill in every cell"
        elif trouble != "is empty" or cell not in (None, ""):
            found = f"found {str(cell)[:80]!r}, which {trouble}"
        self.problems.add(trouble, self.problems.place(row, name, values, at), found, remedy)

    def _tell_formulas(self, name: str, positions: np.ndarray, troubles: np.ndarray) -> None:
        """Tell a column of formulas without values in one line, and take it out of the troubles."""
        rows = np.flatnonzero(troubles == _FORMULA)
        if len(rows) > 2 and len(rows) == rows[-1] - rows[0] + 1:
            column = self.headings.columns[name]
            first, last = (self.sheet.place(int(positions[end]), column) for end in (rows[0], rows[-1]))
            place = f"{first.replace('cell ', 'cells ')}:{last.rpartition(' ')[2]}"
            self.problems.add(_TOLD[_FORMULA], place, f"each {_TOLD[_FORMULA]}", TROUBLES[_TOLD[_FORMULA]])
            troubles[rows] = 0

    def _tell_unnamed(self, positions: np.ndarray) -> None:
        unnamed = [at for at, title in enumerate(self.headings.titles) if not title
                   and any(plain(cell) for cell in self.sheet.cells[positions, at])]  # fmt: skip
        if unnamed:
            columns = ", ".join(map(self.sheet.column, unnamed))
            self.notes.append(f"left out, for want of a heading: {columns}")

    def _refuse_longer_rows(self, positions: np.ndarray) -> None:
        """A row of text with more cells than headings has a separator too many, and may be shifted."""
        width = max((at + 1 for at, title in enumerate(self.headings.titles) if title), default=0)
        beyond = self.sheet.cells[positions, width:]
        if not self.sheet.separator or not beyond.size:
            return
        filled = (beyond != "") & ~pd.isna(beyond)
        for at in np.flatnonzero(filled.any(axis=1)):
            cells = width + int(np.flatnonzero(filled[at])[-1]) + 1
            found = f"has {cells} cells, the headings are {width}"
            remedy = "Give every column a heading; quote cells that hold the separator"
            self.problems.add("longer", self.sheet.row(int(positions[at])), found, remedy)
