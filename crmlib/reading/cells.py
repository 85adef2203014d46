"""Cells as people write them, each read in one way only or refused with the reason. Equal cells are read once."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

from crmlib.reading.days import read_day, read_month
from crmlib.reading.declarations import Column
from crmlib.reading.numbers import plain_numbers, read_number
from crmlib.reading.words import UNSEEN, Trouble, folded, is_missing, no_value, plain

__all__ = ["read_cells"]

_YES = frozenset({"yes", "y", "true", "1", "是", "有", "√", "对"})
_NO = frozenset({"no", "n", "false", "0", "否", "无", "×", "错"})


def read_cells(
    cells: np.ndarray, column: Column, *, text_file: bool, decimal: str | None, date_order: str | None, epoch: date
) -> tuple[np.ndarray, np.ndarray]:
    """Read the cells of one column.

    Parameters
    ----------
    cells
        Objects, shape (rows,), as in a `Sheet`.
    text_file
        Whether the cells come from a file of text, where a leading = is no formula.
    decimal
        The decimal mark, ``"."`` or ``","``; None if it is not clear.
    date_order
        ``"dmy"``, ``"mdy"``, or None if it is not known.
    epoch
        The day from which the file counts days.

    Returns
    -------
    values, troubles
        Shape (rows,): the values, of the type of the kind (missing: None, NaN or NaT); and for each cell the key of
        `TROUBLES` or "".
    """
    readers: dict[str, Callable[[Any], Any]] = {
        "name": lambda cell: _name(cell, text_file),
        "text": lambda cell: _name(cell, text_file),
        "day": lambda cell: read_day(cell, date_order, epoch),
        "month": lambda cell: read_month(cell, date_order, epoch),
        "yes/no": _truth,
        "choice": lambda cell: _choice(cell, column.choices),
    }
    numbers = None
    if column.numeric:
        numbers = plain_numbers(cells, column, decimal)
        left = np.flatnonzero(np.isnan(numbers))
    else:
        left = np.arange(len(cells))
    reader = readers.get(column.kind, lambda cell: read_number(cell, column, decimal))
    found, codes = _each_once(cells[left], reader)
    troubles = np.full(len(cells), "", dtype=object)
    bad = np.array([str(value) if isinstance(value, Trouble) else "" for value in found] or [""], dtype=object)
    troubles[left] = bad[codes] if len(left) else ""
    good = [None if isinstance(value, Trouble) else value for value in found] or [None]
    return _typed(column, good, codes, left, numbers), troubles


def _typed(
    column: Column, good: list[Any], codes: np.ndarray, left: np.ndarray, numbers: np.ndarray | None
) -> np.ndarray:
    if numbers is not None:
        numbers[left] = np.array([np.nan if value is None else value for value in good], dtype=float)[codes]
        return numbers
    if column.kind == "day":
        days: np.ndarray = np.array([value or np.datetime64("NaT") for value in good], "datetime64[s]")[codes]
        return days
    values = np.empty(len(good), dtype=object)
    values[:] = good
    return np.asarray(values[codes])


def _each_once(cells: np.ndarray, reader: Callable[[Any], Any]) -> tuple[list[Any], np.ndarray]:
    """What each different cell says, and for every cell which one it is; True is another cell than 1."""
    seen: dict[Any, int] = {}
    codes = np.fromiter((seen.setdefault((type(cell), cell), len(seen)) for cell in cells), int, len(cells))
    return [reader(cell) for _, cell in seen], codes


def _name(cell: Any, text_file: bool) -> str | Trouble | None:
    if is_missing(cell):
        return None
    if not isinstance(cell, str):
        return plain(cell)
    text = " ".join(unicodedata.normalize("NFC", cell).translate(UNSEEN).split())
    if quoted := re.fullmatch(r'="(.*)"', text):  # how spreadsheets are told to keep 007
        return quoted[1]
    trouble = no_value(text)
    return trouble if trouble and not (text_file and text.startswith("=")) else text


def _truth(cell: Any) -> bool | Trouble | None:
    if is_missing(cell):
        return None
    text = plain(cell).casefold()
    if text in _YES | _NO:
        return text in _YES
    return Trouble("is neither yes nor no")


def _choice(cell: Any, choices: tuple[str, ...]) -> str | Trouble | None:
    if is_missing(cell):
        return None
    same = [choice for choice in choices if folded(choice) == folded(cell)]
    return same[0] if same else Trouble("is none of the choices")
