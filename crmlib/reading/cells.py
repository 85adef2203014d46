"""Cells as people write them, each read in one way only or refused with the reason. Equal cells are read once."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crmlib.reading.days import read_day
from crmlib.reading.declarations import Column
from crmlib.reading.numbers import plain_numbers, read_number
from crmlib.reading.words import TROUBLES, UNSEEN, Trouble, are_plain, folded, is_missing, no_value, plain

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
        Shape (rows,): the values, of the type of the kind (missing: None, NaN or NaT); and for each cell 0, or which of
        `TROUBLES` it is in, counted from 1.
    """
    values, left = _at_once(cells, column, decimal)
    readers: dict[str, Callable[[Any], Any]] = {
        "name": lambda cell: _name(cell, text_file),
        "text": lambda cell: _name(cell, text_file),
        "day": lambda cell: read_day(cell, date_order, epoch),
        "yes/no": _truth,
        "choice": lambda cell: _choice(cell, column.choices),
    }
    reader: Callable[[Any], Any] = readers.get(column.kind, lambda cell: read_number(cell, column, decimal))
    troubles = np.zeros(len(cells), dtype=np.int8)
    if len(left):
        different, codes = _each_once(cells[left])
        found: list[Any] = [reader(cell) for cell in different]
        bad = [_NUMBERS[cell] if isinstance(cell, Trouble) else 0 for cell in found]
        troubles[left] = np.array(bad, np.int8)[codes]
        values[left] = _typed(column, [None if number else cell for number, cell in zip(bad, found, strict=True)])[
            codes
        ]
    return values, troubles


_NUMBERS: dict[str, int] = {trouble: at for at, trouble in enumerate(TROUBLES, start=1)}


def _at_once(cells: np.ndarray, column: Column, decimal: str | None) -> tuple[np.ndarray, np.ndarray]:
    """The values of cells in the plainest form, which `read_cells` would not change, and the places of all others."""
    if column.numeric:
        numbers = plain_numbers(cells, column, decimal)
        return numbers, np.flatnonzero(np.isnan(numbers))
    if column.kind in ("name", "text") and are_plain(cells.tolist()):
        return cells.copy(), np.array([], dtype=int)
    return np.empty(len(cells), "datetime64[s]" if column.kind == "day" else object), np.arange(len(cells))


def _each_once(cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different cells, and for every cell which one it is."""
    if bool in set(map(type, cells)):  # True is equal to 1
        cells = np.array([str(cell) if isinstance(cell, bool) else cell for cell in cells], dtype=object)
    codes, different = pd.factorize(cells, use_na_sentinel=False)
    different[pd.isna(different)] = None
    return different, codes


def _typed(column: Column, found: list[Any]) -> np.ndarray:
    if column.numeric:
        return np.array([np.nan if value is None else value for value in found], dtype=float)
    if column.kind == "day":
        return np.array([value or np.datetime64("NaT") for value in found], "datetime64[s]")
    values = np.empty(len(found), dtype=object)
    values[:] = found
    return values


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
