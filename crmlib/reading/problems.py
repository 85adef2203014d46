"""The bad places of a table, named as a spreadsheet names them: the first of each kind, the others counted."""

from collections import Counter

import numpy as np
import pandas as pd

from crmlib.errors import InputError, Problem
from crmlib.reading.headings import Headings
from crmlib.reading.sheets import Sheet

__all__ = ["Problems"]

_SHOWN = 10  # places named of each kind


class Problems:
    """Collects what is wrong with a table; `key` holds the columns that name its rows."""

    def __init__(self, sheet: Sheet, headings: Headings, key: list[str]) -> None:
        self.sheet, self.headings, self._key = sheet, headings, key
        self._shown: list[Problem] = []
        self._counts: Counter[str] = Counter()
        self._remedies: dict[str, str] = {}

    def add(self, kind: str, where: str, found: str, remedy: str) -> None:
        """Add a bad place; `kind` says which belong together."""
        if not self.has_enough(kind):
            self._counts[kind] += 1
            self._shown.append(Problem(where, found, remedy))
            self._remedies[kind] = remedy

    def has_enough(self, kind: str) -> bool:
        """Whether the places of a kind that are shown are there; then one more is counted."""
        enough = self._counts[kind] >= _SHOWN
        self._counts[kind] += enough
        return enough

    def cell(self, position: int, name: str) -> str:
        """A cell by its row in the sheet and the id of its column."""
        at = self.headings.columns[name]
        return self.sheet.place(position, at, self.headings.titles[at])

    def place(self, position: int, name: str, values: dict[str, np.ndarray], at: int) -> str:
        """A cell, with what names its row; `at` is the row in `values`."""
        named = [f"{key} {values[key][at]!r}" for key in self._key if key != name and not pd.isna(values[key][at])]
        place = self.cell(position, name)
        return f"{place} ({', '.join(named)})" if named else place

    def raise_any(self) -> None:
        """Raise an InputError if there is a bad place."""
        if not self._shown:
            return
        further = [
            Problem(f"{count - _SHOWN:,} further places", "of the same kind", self._remedies[kind])
            for kind, count in self._counts.items()
            if count > _SHOWN
        ]
        raise InputError(self.sheet.file, [*self._shown, *further])
