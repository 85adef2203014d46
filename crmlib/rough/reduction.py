"""Reducts: sets of attributes that decide as much as all, and from which nothing can be left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.arguments import checked
from crmlib.errors import InputError, Problem
from crmlib.rough._families import hitting, minimal
from crmlib.rough.matrices import discernible_sets, named_sets
from crmlib.rough.regions import groups, possible_decisions
from crmlib.rough.tables import DecisionTable

__all__ = ["Method", "Reducts", "reducts"]

Method = Literal["exact", "greedy"]


@dataclass(frozen=True)
class Reducts:
    """Reducts of a decision table.

    `table`: truth by reduct (rows, the shortest first) and attribute; `core`: the attributes in every reduct;
    `method`: ``"exact"`` found all of them, ``"greedy"`` one, which may not be the shortest.
    """

    table: pd.DataFrame
    core: tuple[str, ...]
    method: Method

    @property
    def complete(self) -> bool:
        """Whether these are all reducts."""
        return self.method == "exact"

    @property
    def sets(self) -> tuple[tuple[str, ...], ...]:
        """The reducts as tuples of attributes."""
        return tuple(tuple(self.table.columns[row]) for row in self.table.to_numpy())

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {"reducts": [list(names) for names in self.sets], "core": list(self.core), "method": self.method}


@checked("The reducts")
def reducts(table: DecisionTable, method: Method = "exact") -> Reducts:
    """Find all reducts, or one quickly.

    A reduct keeps the quality of the approximation: it decides every row that all attributes decide
    [pawlak1991]_. Reducts are the smallest sets that meet every entry of the discernibility matrix
    [skowron1992]_. ``"exact"`` looks at all subsets at once: a thousand rows take less than a second with twenty
    attributes, and several with twenty-four. ``"greedy"`` adds the attribute that leaves fewest pairs to be told
    apart, then drops what is not needed. It compares no pairs and takes any number of rows and attributes.

    Raises
    ------
    InputError
        If the method is unknown; exact with more attributes than `crmlib.rough.matrices.MOST_ATTRIBUTES`; greedy
        where a missing value stands for any value.

    Examples
    --------
    >>> from crmlib.rough import decision_table
    >>> frame = pd.DataFrame({"a": [1, 2, 2], "b": [1, 2, 2], "c": [1, 1, 2], "d": [0, 1, 0]})
    >>> found = reducts(decision_table(frame, "d"))
    >>> found.sets, found.core
    ((('a', 'c'), ('b', 'c')), ('c',))
    """
    names = table.conditions
    if method == "exact":
        family = discernible_sets(table)
        sets = named_sets(np.flatnonzero(minimal(hitting(family))[0]), names)
        core = tuple(name for position, name in enumerate(names) if family[0, 1 << position])
    else:
        sets = (_greedy(table),)
        core = _core_of(table, sets[0])
    truth = pd.DataFrame([[name in found for name in names] for found in sets], columns=names)
    return Reducts(truth, core, method)


def _greedy(table: DecisionTable) -> tuple[str, ...]:
    if table.has_gaps:
        remedy = "Use the exact method, or let missing values be a value of their own"
        raise InputError("The greedy method", [Problem("missing values", "stand for any value", remedy)])
    everything = list(range(len(table.conditions)))
    decided = possible_decisions(table, everything).sum(axis=1) == 1
    chosen: list[int] = []
    numbers = np.zeros(len(decided), dtype=np.int64)
    while _left(table, numbers, decided):
        rest = [position for position in everything if position not in chosen]
        finer = [groups(np.column_stack([numbers, table.codes[:, position]])) for position in rest]
        best = int(np.argmin([_left(table, found, decided) for found in finer]))
        chosen.append(rest[best])
        numbers = finer[best]
    for position in reversed(chosen[:]):
        fewer = [other for other in chosen if other != position]
        if not _left(table, groups(table.codes[:, fewer]), decided):
            chosen = fewer
    return tuple(table.conditions[position] for position in sorted(chosen))


def _left(table: DecisionTable, numbers: np.ndarray, decided: np.ndarray) -> int:
    """Pairs in the same group that must be told apart: a decided row, and one with another decision."""
    shape = (int(numbers.max()) + 1, len(table.decisions))
    cells = numbers * shape[1] + table.decision_codes
    every = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
    sure = np.bincount(cells, weights=decided, minlength=shape[0] * shape[1]).reshape(shape)
    return int((sure * (every.sum(axis=1, keepdims=True) - every)).sum())


def _core_of(table: DecisionTable, names: Sequence[str]) -> tuple[str, ...]:
    """The attributes of a reduct without which all others decide less; the core is part of every reduct."""
    everything = list(range(len(table.conditions)))
    decided = possible_decisions(table, everything).sum(axis=1) == 1
    needed = []
    for position in table.positions(names):
        others = [other for other in everything if other != position]
        if _left(table, groups(table.codes[:, others]), decided):
            needed.append(table.conditions[position])
    return tuple(needed)
