"""Which attributes tell which examples apart."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.arguments import checked
from crmlib.errors import InputError, Problem
from crmlib.rough._families import members, minimal, with_supersets
from crmlib.rough.regions import BLOCK, possible_decisions
from crmlib.rough.tables import DecisionTable

__all__ = ["MOST_ATTRIBUTES", "Discernibility", "differing", "discernibility", "discernible_sets", "named_sets"]

#: Attributes of a table whose every subset is looked at.
MOST_ATTRIBUTES = 24


@dataclass(frozen=True)
class Discernibility:
    """The discernibility matrix and function of a decision table.

    `table`: for each pair of rows a tuple of the attributes that tell them apart, empty where the pair need not be
    told apart; `clauses`: the discernibility function after absorption, one set of attributes a clause. One
    attribute of every clause is needed.
    """

    table: pd.DataFrame
    clauses: tuple[tuple[str, ...], ...]

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        pairs = {str(row): {str(k): list(v) for k, v in line.items() if v} for row, line in self.table.iterrows()}
        return {"table": pairs, "clauses": [list(clause) for clause in self.clauses]}


def differing(codes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The attributes in which rows differ, as bits, shape (rows, others); what is missing tells nothing apart."""
    sets = np.zeros((len(codes), len(others)), dtype=np.uint32)
    for bit, (mine, theirs) in enumerate(zip(codes.T, others.T, strict=True)):
        apart = (mine[:, None] != theirs) & (mine[:, None] >= 0) & (theirs >= 0)
        sets |= apart.astype(np.uint32) << np.uint32(bit)
    return sets


def named_sets(sets: np.ndarray, names: list[str]) -> tuple[tuple[str, ...], ...]:
    """Sets of bits as tuples of names, the shortest first, then in the order of the names."""
    found = [tuple(np.flatnonzero(row).tolist()) for row in members(sets, len(names))]
    ordered = sorted(found, key=lambda positions: (len(positions), positions))
    return tuple(tuple(names[position] for position in positions) for positions in ordered)


def _pairs(table: DecisionTable) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Rows that the table decides, what tells each from all rows, and whether the decisions differ; block by block."""
    positions = range(len(table.conditions))
    decided = np.flatnonzero(possible_decisions(table, positions).sum(axis=1) == 1)
    for start in range(0, len(decided), BLOCK):
        rows = decided[start : start + BLOCK]
        other = table.decision_codes[rows, None] != table.decision_codes
        yield rows, differing(table.codes[rows], table.codes), other


def discernible_sets(table: DecisionTable) -> np.ndarray:
    """All sets that hold a discerning set, as a family closed upwards, shape (1, subsets).

    Raises
    ------
    InputError
        If the table has more than `MOST_ATTRIBUTES` conditions.
    """
    count = len(table.conditions)
    if count > MOST_ATTRIBUTES:
        remedy = f"Leave some out, or use reducts(table, 'greedy'); at most {MOST_ATTRIBUTES} are looked at exactly"
        raise InputError("The decision table", [Problem("conditions", f"found {count}", remedy)])
    family = np.zeros((1, 1 << count), dtype=bool)
    for _, sets, other in _pairs(table):
        family[0, sets[other]] = True
    return with_supersets(family)


@checked("The discernibility")
def discernibility(table: DecisionTable) -> Discernibility:
    """The discernibility matrix [skowron1992]_ relative to the decision, and its function without what is absorbed.

    A pair must be told apart if its decisions differ and the table decides at least one of the two rows. Two rows
    that it cannot decide need not be told apart, so the reducts keep the quality of the approximation.

    Raises
    ------
    InputError
        If the table has more than `MOST_ATTRIBUTES` conditions.

    Examples
    --------
    >>> from crmlib.rough import decision_table
    >>> frame = pd.DataFrame({"a": [1, 2, 2], "b": [1, 1, 2], "d": [0, 1, 0]}, index=list("xyz"))
    >>> found = discernibility(decision_table(frame, "d"))
    >>> found.clauses, found.table.loc["y", "z"]
    ((('a',), ('b',)), ('b',))
    """
    family = discernible_sets(table)
    names, labels = table.conditions, table.table.index
    needed = np.zeros((len(labels), len(labels)), dtype=np.uint32)
    for rows, sets, other in _pairs(table):
        needed[rows] = np.where(other, sets, 0)
    needed |= needed.T
    inside = members(needed.ravel(), len(names))
    cells = np.empty(needed.size, dtype=object)
    cells[:] = [tuple(name for name, is_in in zip(names, row, strict=True) if is_in) for row in inside]
    matrix = pd.DataFrame(cells.reshape(needed.shape), index=labels, columns=labels)
    return Discernibility(matrix, named_sets(np.flatnonzero(minimal(family)[0]), names))
