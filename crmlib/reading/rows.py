"""Which rows are data: blank rows, total rows, repeated headings and footnotes are not."""

import re
from dataclasses import dataclass, field

import numpy as np

from crmlib.errors import Problem
from crmlib.reading.sheets import Sheet
from crmlib.reading.words import folded, folded_each, is_missing, plain

__all__ = ["DataRows", "data_rows", "without_totals"]

_TOTALS = frozenset(
    {"合计", "总计", "总和", "小计", "共计", "total", "totals", "grandtotal", "sum", "subtotal", "totaal", "summe"}
)
_MEANS = frozenset({"平均", "平均值", "均值", "average", "mean", "avg"})
_CALLED = frozenset(word + colon for word in _TOTALS | _MEANS for colon in ("", ":"))
_NOTE = re.compile(
    r"(?:注|备注|说明|数据来源|来源|制表|审核|note|notes|source|sources|remark|prepared by|\*|※|\d+\))", re.IGNORECASE
)


@dataclass(frozen=True)
class DataRows:
    """The positions of the rows that hold data, and what was left out, one note each."""

    positions: np.ndarray
    notes: list[str] = field(default_factory=list)


def data_rows(sheet: Sheet, heading: int, titles: list[str], key: list[int]) -> DataRows:
    """The rows below the heading, without blank rows, repeated headings and the footnotes at the end.

    `key` holds the positions of the columns that name a row.
    """
    body = sheet.cells[heading + 1 :]
    blank = _blank_rows(body)
    keep, notes = ~blank, []
    inside = np.flatnonzero(~blank)
    if len(inside) and (between := int(blank[: inside[-1]].sum())):
        notes.append(f"{between} blank {'row' if between == 1 else 'rows'} left out")
    first = next((at for at, title in enumerate(titles) if title), 0)
    for at in np.flatnonzero(keep & (body[:, first] == titles[first])):
        if [plain(cell) for cell in body[at]] == titles:
            keep[at] = False
            notes.append(f"{sheet.row(heading + 1 + int(at))} left out: it repeats the headings")
    for at in inside[::-1]:
        said = [cell for cell in body[at] if not _is_blank(cell)]
        if len(said) > 1 or len(titles) < 2 or not _is_note(said[0], after_blank=at > 0 and bool(blank[at - 1])):
            break
        keep[at] = False
        notes.append(f"{sheet.row(heading + 1 + int(at))} left out: a footnote, {plain(said[0])[:60]!r}")
    return DataRows(np.flatnonzero(keep) + heading + 1, notes)


def _blank_rows(body: np.ndarray) -> np.ndarray:
    """Which rows hold nothing; a column is looked at only where those before it are blank."""
    rows = np.arange(len(body))
    for column in body.T:
        cells = column[rows].tolist()
        blanks = {cell for cell in set(cells) if _is_blank(cell)}
        rows = rows[[cell in blanks for cell in cells]] if blanks else rows[:0]
    return np.isin(np.arange(len(body)), rows)


def _is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _is_note(cell: object, *, after_blank: bool) -> bool:
    text = plain(cell)
    return folded(text) not in _TOTALS | _MEANS and (bool(_NOTE.match(text)) or after_blank or len(text) > 60)


def without_totals(
    sheet: Sheet, positions: np.ndarray, names: np.ndarray | None, values: dict[str, np.ndarray]
) -> tuple[np.ndarray, list[str], list[Problem]]:
    """Which rows are no totals: a total is named so, or has no name and the sums of the rows above it.

    Parameters
    ----------
    positions
        Of the rows in the sheet.
    names
        Raw cells of the first column that names a row, or None if there is none.
    values
        Numbers by column, NaN where there is none.

    Returns
    -------
    keep, notes, problems
        A problem is a row that is called a total and has other values: it may be a customer of that name.
    """
    keep = np.ones(len(positions), dtype=bool)
    notes: list[str] = []
    problems: list[Problem] = []
    if names is None or not values or not len(names):
        return keep, notes, problems
    table = np.column_stack(list(values.values()))
    called = _called_totals(names)
    last = len(names) - 1
    doubtful = sorted({*called, last} if is_missing(names[last]) else called)
    for at in doubtful:
        above = table[:at][keep[:at]]
        named = at in called
        mean = named and called[at] in _MEANS
        row = sheet.row(int(positions[at]))
        shown = ~np.isnan(table[at])
        if len(above) > 1 and shown.any() and _agrees(table[at], above, shown, mean):
            keep[at] = False
            told = "means" if mean else "sums"
            notes.append(f"{row} left out: its values are the {told} of the rows above")
        elif named and not shown.any():
            keep[at] = False
            notes.append(f"{row} left out: it is called {plain(names[at])!r} and has no values")
        elif named:
            found = f"is called {plain(names[at])!r}, and its values are not those of the rows above"
            problems.append(Problem(row, found, "Delete it, or write the name in full if it is one"))
    return keep, notes, problems


def _called_totals(names: np.ndarray) -> dict[int, str]:
    """The rows that are called a total or a mean, and what they are called."""
    folds = folded_each(names.tolist())
    if _CALLED.isdisjoint(folds):
        return {}
    return {at: fold.rstrip(":") for at, fold in enumerate(folds) if fold in _CALLED}


def _agrees(row: np.ndarray, above: np.ndarray, shown: np.ndarray, mean: bool) -> bool:
    """Whether most values are the sums of the columns, or their means; ratios do not add up."""
    sums, means = np.nansum(above, axis=0), np.nansum(above, axis=0) / len(above)
    near_sums = np.isclose(row, sums, rtol=1e-3, atol=0.51)
    near_means = np.isclose(row, means, rtol=1e-2, atol=0.051)
    right = (near_means if mean else near_sums | near_means) & shown
    return bool(right.sum() == shown.sum() and (mean or (near_sums & shown).any()) and np.any(row[shown] != 0))
