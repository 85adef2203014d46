"""What a table can decide: indiscernibility, lower and upper approximations, quality."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.arguments import checked
from crmlib.rough.tables import DecisionTable

__all__ = [
    "Approximations",
    "approximations",
    "indiscernibility",
    "positive_region",
    "possible_decisions",
    "quality",
]

#: Rows compared with all others at a time.
BLOCK = 512


@dataclass(frozen=True)
class Approximations:
    """Lower and upper approximation of each decision by some attributes.

    `table`, one row a decision: ``rows`` with it; ``lower``, rows that surely have it, ``upper``, rows that may have
    it, and ``accuracy``, lower/upper. `lower`, `upper`: truth by row (index) and decision (columns); `quality`: γ,
    the share of rows that the attributes decide.
    """

    table: pd.DataFrame
    lower: pd.DataFrame
    upper: pd.DataFrame
    attributes: tuple[str, ...]
    quality: float

    @property
    def boundary(self) -> pd.DataFrame:
        """Rows that may have a decision but not surely."""
        return self.upper & ~self.lower

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "table": self.table.to_dict(orient="index"),
            "lower": {name: list(self.lower.index[column]) for name, column in self.lower.items()},
            "upper": {name: list(self.upper.index[column]) for name, column in self.upper.items()},
            "attributes": list(self.attributes),
            "quality": self.quality,
        }


def alike(codes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Whether rows agree wherever both are known, shape (rows, others)."""
    likeness = np.ones((len(codes), len(others)), dtype=bool)
    for mine, theirs in zip(codes.T, others.T, strict=True):
        likeness &= (mine[:, None] == theirs) | (mine[:, None] < 0) | (theirs < 0)
    return likeness


def groups(codes: np.ndarray) -> np.ndarray:
    """A number for each row, the same for rows with the same codes."""
    numbers = np.zeros(len(codes), dtype=np.int64)
    for column in codes.T:
        numbers = np.unique(numbers * (int(column.max()) + 1) + column, return_inverse=True)[1]
    return numbers


def possible_decisions(table: DecisionTable, positions: Sequence[int]) -> np.ndarray:
    """Which decisions occur among the rows like each row, shape (rows, decisions)."""
    codes = table.codes[:, list(positions)]
    decided = table.decision_codes[:, None] == np.arange(len(table.decisions))
    if table.has_gaps:
        blocks = [alike(codes[start : start + BLOCK], codes) @ decided for start in range(0, len(codes), BLOCK)]
        return np.vstack(blocks)
    numbers = groups(codes)
    found = np.zeros((numbers.max() + 1, decided.shape[1]), dtype=bool)
    found[numbers, table.decision_codes] = True
    return np.asarray(found[numbers])


@checked("The approximations")
def indiscernibility(table: DecisionTable, attributes: Sequence[str] | None = None) -> pd.Series:
    """The rows that some attributes cannot tell from each row, itself among them, as tuples of row labels.

    Without gaps these are the classes of an equivalence; where a missing value stands for any value, a row can be
    like two rows that are not like each other.

    Examples
    --------
    >>> from crmlib.rough import decision_table
    >>> frame = pd.DataFrame({"a": [1, 1, 2], "d": [0, 1, 0]}, index=list("xyz"))
    >>> indiscernibility(decision_table(frame, "d")).to_dict()
    {'x': ('x', 'y'), 'y': ('x', 'y'), 'z': ('z',)}
    """
    codes = table.codes[:, table.positions(attributes)]
    labels = table.table.index
    return pd.Series([tuple(labels[row]) for row in alike(codes, codes)], index=labels, dtype=object)


@checked("The approximations")
def positive_region(table: DecisionTable, attributes: Sequence[str] | None = None) -> pd.Series:
    """Whether some attributes decide each row: all rows like it have the same decision.

    Examples
    --------
    >>> from crmlib.rough import decision_table
    >>> frame = pd.DataFrame({"a": [1, 1, 2], "d": [0, 1, 0]}, index=list("xyz"))
    >>> positive_region(decision_table(frame, "d")).to_dict()
    {'x': False, 'y': False, 'z': True}
    """
    decided = possible_decisions(table, table.positions(attributes)).sum(axis=1) == 1
    return pd.Series(decided, index=table.table.index)


@checked("The approximations")
def quality(table: DecisionTable, attributes: Sequence[str] | None = None) -> float:
    r"""Quality of the approximation, :math:`\gamma = |POS| / |U|`: the share of rows that some attributes decide.

    Examples
    --------
    >>> from crmlib.rough import decision_table
    >>> frame = pd.DataFrame({"a": [1, 1, 2, 2], "d": [0, 1, 0, 0]})
    >>> quality(decision_table(frame, "d"))
    0.5
    """
    return float(positive_region(table, attributes).mean())


@checked("The approximations")
def approximations(table: DecisionTable, attributes: Sequence[str] | None = None) -> Approximations:
    r"""Approximate each decision from below and above [pawlak1982]_.

    With :math:`[x]` the rows like x, and :math:`X` the rows with a decision,

    .. math:: \underline{X} = \{x : [x] \subseteq X\}, \qquad \overline{X} = \{x : [x] \cap X \neq \emptyset\}.

    Examples
    --------
    >>> from crmlib.rough import decision_table
    >>> frame = pd.DataFrame({"a": [1, 1, 2], "d": ["low", "high", "low"]}, index=list("xyz"))
    >>> approximations(decision_table(frame, "d")).table[["lower", "upper"]].to_dict("index")
    {'low': {'lower': 1, 'upper': 3}, 'high': {'lower': 0, 'upper': 2}}
    """
    positions = table.positions(attributes)
    possible = possible_decisions(table, positions)
    sure = possible & (possible.sum(axis=1) == 1)[:, None]
    columns = pd.Index(table.decisions, name=table.decision)
    lower, upper = (pd.DataFrame(truth, index=table.table.index, columns=columns) for truth in (sure, possible))
    counts = pd.DataFrame({"rows": table.table[table.decision].value_counts(), "lower": lower.sum()})
    counts = counts.assign(upper=upper.sum()).loc[columns]
    counts["accuracy"] = counts["lower"] / counts["upper"]
    names = tuple(table.conditions[position] for position in positions)
    return Approximations(counts, lower, upper, names, float(sure.any(axis=1).mean()))
