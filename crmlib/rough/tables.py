"""A decision table: examples in rows, conditions in columns, and one column with what was decided."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

import numpy as np
import pandas as pd

from crmlib.arguments import Table, checked
from crmlib.checks import check_columns, shown
from crmlib.errors import InputError, Problem

__all__ = ["DecisionTable", "Missing", "decision_table"]

#: What a missing condition means: not allowed, a value of its own, or any value at all.
Missing = Literal["refuse", "value", "any"]


@dataclass(frozen=True)
class DecisionTable:
    """Examples and decisions. `table`: one row an example; `decision`: its column of decisions; `missing`: `Missing`.

    Made and checked by `decision_table`.
    """

    table: pd.DataFrame
    decision: str
    missing: Missing

    @property
    def conditions(self) -> list[str]:
        """Names of the condition attributes, in the table's order."""
        return [name for name in self.table.columns if name != self.decision]

    @cached_property
    def decisions(self) -> list[object]:
        """The decisions that occur, in the order in which they do."""
        return list(pd.unique(self.table[self.decision]))

    @cached_property
    def decision_codes(self) -> np.ndarray:
        """The position of each row's decision in `decisions`, shape (rows,)."""
        return np.asarray(pd.factorize(self.table[self.decision])[0])

    @cached_property
    def codes(self) -> np.ndarray:
        """The values as whole numbers, shape (rows, conditions); −1 stands for any value."""
        own_value = self.missing == "value"
        columns = [pd.factorize(self.table[name], use_na_sentinel=not own_value)[0] for name in self.conditions]
        return np.column_stack(columns).astype(np.int32)

    @property
    def has_gaps(self) -> bool:
        """Whether a missing value stands for any value, so that likeness is no equivalence."""
        return bool((self.codes < 0).any())

    def positions(self, attributes: Sequence[str] | None) -> list[int]:
        """Columns of `codes` for some conditions, or for all.

        Raises
        ------
        InputError
            If an attribute is none of the conditions.
        """
        conditions = self.conditions
        unknown = [name for name in attributes or [] if name not in conditions]
        if unknown:
            remedy = f"Use {', '.join(conditions)}"
            raise InputError("The attributes", [Problem(repr(name), "is no condition", remedy) for name in unknown])
        return [conditions.index(name) for name in (conditions if attributes is None else attributes)]

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        table = self.table.astype(object).where(self.table.notna(), None)
        return {"table": table.to_dict(orient="index"), "decision": self.decision, "missing": self.missing}


@checked("The decision table")
def decision_table(
    frame: Annotated[pd.DataFrame, Table()],
    decision: str,
    missing: Missing = "refuse",
    *,
    values: Collection[object] | None = None,
) -> DecisionTable:
    """Check examples, and say which column is the decision [pawlak1991]_.

    Examples that contradict each other are allowed: the approximations say how far the table decides.

    Parameters
    ----------
    frame
        One row an example, one column a condition, and the decision. Values are compared, never ordered.
    missing
        Of a missing condition: ``"refuse"`` it, take it as a ``"value"`` of its own, or let it stand for ``"any"``
        value, so that the row is like every row that agrees where both are known [kryszkiewicz1998]_.
    values
        All values that may occur, also as decisions; by default any.

    Raises
    ------
    InputError
        Lists repeated names, missing decisions, missing conditions where they are refused, and other values.

    Examples
    --------
    >>> frame = pd.DataFrame({"headache": ["no", "yes"], "flu": ["no", "yes"]}, index=["Ann", "Bo"])
    >>> decision_table(frame, "flu").conditions
    ['headache']
    """
    if problems := _problems(frame, decision, missing) or _strangers(frame, values):
        raise InputError("The decision table", problems)
    return DecisionTable(frame, decision, missing)


def _problems(frame: pd.DataFrame, decision: str, missing: str) -> list[Problem]:
    columns = list(frame.columns)
    problems = check_columns(frame, [decision])
    problems += [
        Problem(f"column {shown(name)}", "its name is no text", "Name the columns in words")
        for name in columns
        if not isinstance(name, str)
    ]
    if len(columns) < 2:
        problems.append(Problem("the table", f"shape {frame.shape}", "Give an example, a condition and a decision"))
    if problems:
        return problems
    gaps = frame.isna()
    if missing != "refuse":
        gaps.loc[:, gaps.columns != decision] = False
    remedy = "Fill it in, or set missing to 'value' or 'any'; a decision must be there"
    return [
        Problem(f"row {frame.index[row]!r}, column {frame.columns[column]!r}", "nothing stands there", remedy)
        for row, column in zip(*np.nonzero(gaps.to_numpy()), strict=True)
    ]


def _strangers(frame: pd.DataFrame, values: Collection[object] | None) -> list[Problem]:
    """Cells with a value that may not occur."""
    if values is None:
        return []
    strange = frame.notna() & ~frame.isin(list(values))
    return [
        Problem(
            f"row {frame.index[row]!r}, column {frame.columns[column]!r}",
            f"found {frame.iat[row, column]!s}",
            f"Use {', '.join(map(str, values))}",
        )
        for row, column in zip(*np.nonzero(strange.to_numpy()), strict=True)
    ]
