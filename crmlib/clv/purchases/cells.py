"""Customers with the same purchase history, counted together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from crmlib.checks import check_labels, floats, refuse, shown
from crmlib.errors import InputError, Problem
from crmlib.transactions.summary import CustomerSummary

__all__ = ["Cells", "Histories", "checked_summary", "distinct_rows", "learning_cells", "purchase_cells"]

_HISTORY = ("frequency", "recency", "T")
_MOST = 10**12  # beyond any count of purchases or customers


@dataclass(frozen=True)
class Cells:
    """Equal histories, counted, and who has which.

    `frame`: columns ``frequency`` (repeat purchases), ``recency`` (time of the last purchase since the first),
    ``T`` (time since the first purchase) and ``customers`` (how many share them), ordered by these columns.
    `unit`: of recency and T. `labels`: the customers, or the rows of a summary that was counted already; `places`:
    the row of `frame` of each of them.
    """

    frame: pd.DataFrame
    unit: str
    labels: pd.Index
    places: np.ndarray

    @property
    def customers(self) -> int:
        """All customers together."""
        return int(self.frame["customers"].sum())

    @property
    def repeat_buyers(self) -> int:
        """Customers with at least one repeat purchase."""
        return int(self.frame["customers"].to_numpy()[self.frame["frequency"].to_numpy() > 0].sum())

    @property
    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Frequency, recency and T of the cells."""
        frequency, recency, end = (self.frame[name].to_numpy(dtype=float) for name in _HISTORY)
        return frequency, recency, end

    @property
    def alone(self) -> "Cells":
        """The cells as if each were one customer."""
        return replace(self, labels=pd.RangeIndex(len(self)), places=np.arange(len(self)))

    def spread(self, values: np.ndarray, name: str) -> pd.Series:
        """What was computed for the cells, for each customer."""
        return pd.Series(values[self.places], index=self.labels, name=name)

    def __len__(self) -> int:
        return len(self.frame)


#: What models learn from and answer about: a summary of customers, or its cells.
Histories = CustomerSummary | Cells


def purchase_cells(histories: Histories) -> Cells:
    """Collapse a customer summary: equal (frequency, recency, T) become one cell with a count.

    The likelihood of every purchase-history model depends on these three numbers only, so a fit to the cells is
    the fit to the customers, at a fraction of the work. This is where a summary is checked; cells are taken as they
    are.

    Parameters
    ----------
    histories
        A summary of customers with its unit of time. Wrap a table of your own: ``CustomerSummary(table, "week")``.

    Raises
    ------
    InputError
        For a table without a unit; naming every customer with an impossible history, as `checked_summary` says.

    Examples
    --------
    >>> own = pd.DataFrame({"frequency": [2, 0, 2], "recency": [5.0, 0.0, 5.0], "T": [8.0, 9.0, 8.0]}, list("ABC"))
    >>> cells = purchase_cells(CustomerSummary(own, unit="week"))
    >>> cells.frame.to_dict(orient="list"), cells.unit
    ({'frequency': [0, 2], 'recency': [0.0, 5.0], 'T': [9.0, 8.0], 'customers': [1, 2]}, 'week')
    """
    if isinstance(histories, Cells):
        return histories
    if not isinstance(histories, CustomerSummary):
        found = f"found a {type(histories).__name__}, which has no unit of time"
        remedy = "Give the answer of customer_summary, or CustomerSummary(table, unit='week')"
        raise InputError("The customer summary", [Problem("histories", found, remedy)])
    table = histories.customers
    checked = checked_summary(table, counted="customers" in table)
    columns, places = distinct_rows([checked[name].to_numpy() for name in _HISTORY])
    counts = np.bincount(places, checked.get("customers")).astype(np.int64)
    frame = pd.DataFrame(dict(zip(_HISTORY, columns, strict=True))).assign(customers=counts)
    return Cells(frame, histories.unit, table.index, places)


def learning_cells(histories: Histories, nobody_bought_once: bool) -> Cells:
    """The cells that a model may learn from: with the one-time buyers.

    Customers who bought once belong to the data. To drop them before the fit is a common mistake: how many never came
    back is what tells a model how often people leave early, and how slow the slow ones are. Without them it takes
    everybody for a regular, and its forecasts are far too high, above all for the customers who were dropped. Only the
    model of spend does without them, because they have no repeat purchase whose amount it could learn from.

    Parameters
    ----------
    nobody_bought_once
        True if it is a fact about all customers, and not a choice of rows, that each bought again.

    Raises
    ------
    InputError
        If no customer bought once, and this was not said to be so.
    """
    cells = purchase_cells(histories)
    if cells.repeat_buyers < cells.customers or nobody_bought_once is True:
        return cells
    remedy = "Keep the one-time buyers; if there is none among all customers, say nobody_bought_once=True"
    raise InputError("The customer summary", [Problem("frequency", "nobody bought only once", remedy)])


def distinct_rows(columns: Sequence[np.ndarray]) -> tuple[list[np.ndarray], np.ndarray]:
    """Distinct rows of a few columns, ascending, and the place of each row among them.

    What depends on these columns only is computed once for each distinct row and spread by the places.

    Parameters
    ----------
    columns
        Arrays of finite numbers from 0, equally long.

    Examples
    --------
    >>> (x, t), places = distinct_rows([np.array([2, 0, 2]), np.array([8.0, 9.0, 8.0])])
    >>> x.tolist(), t.tolist(), places.tolist()
    ([0, 2], [9.0, 8.0], [1, 0, 1])
    """
    coded = [_coded(column) for column in columns]
    sizes = [len(distinct) for distinct, _ in coded]
    keys, places = _coded(np.ravel_multi_index([codes for _, codes in coded], sizes))
    return [distinct[codes] for (distinct, _), codes in zip(coded, np.unravel_index(keys, sizes), strict=True)], places


def _coded(column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct values, ascending, and the place of each value among them; small whole numbers need no sorting."""
    if column.max() < 4 * len(column) + 1000 and ((whole := column.astype(np.int64)) == column).all():
        present = np.bincount(whole) > 0
        return np.flatnonzero(present).astype(column.dtype), (np.cumsum(present) - 1)[whole]
    distinct, codes = np.unique(column, return_inverse=True)
    return distinct, codes


def checked_summary(summary: pd.DataFrame, *, counted: bool = False) -> pd.DataFrame:
    """The columns of a summary that the models use, as numbers, or an error that names every bad customer.

    Parameters
    ----------
    summary
        One row a customer, with columns ``frequency``, ``recency`` and ``T``.
    counted
        Whether a row is a cell with a column ``customers``, so that no row has a name.

    Raises
    ------
    InputError
        If a column is missing, there is no customer, one has no name or comes twice, or a value is not a finite
        number; if a frequency is negative or not whole, a recency is negative or beyond T, a recency is 0 with repeat
        purchases or positive without; if T is negative; if a count is not a whole positive number.

    Examples
    --------
    >>> checked_summary(pd.DataFrame({"frequency": [1], "recency": [9.0], "T": [4.0]}, index=["Ann"]))
    Traceback (most recent call last):
    ...
    crmlib.errors.InputError: The customer summary cannot be used:
      - customer 'Ann', column 'recency': found frequency 1, recency 9, T 4. The last purchase cannot be later than T.
    """
    names = [*_HISTORY, *(["customers"] if counted else [])]
    if missing := [name for name in names if name not in summary]:
        raise InputError("The customer summary", [Problem(f"column {name!r}", "missing", "Add it") for name in missing])
    if summary.empty:
        raise InputError("The customer summary", [Problem("customers", "none", "Give at least one")])
    numbers = {name: floats(summary[name]) for name in names}
    labels = [] if counted else check_labels("customer", summary)
    refuse("The customer summary", labels, _impossible(summary, numbers, counted))
    frame = pd.DataFrame(numbers, index=summary.index)
    return frame.astype(dict.fromkeys({"frequency", "customers"} & set(names), np.int64))


def _impossible(summary: pd.DataFrame, numbers: dict[str, np.ndarray], counted: bool) -> Iterable[Problem]:
    """Every value that no purchase history can have."""
    word = "cell" if counted else "customer"
    for name, values in numbers.items():
        for place in np.flatnonzero(~np.isfinite(values)).tolist():
            where, found = f"{word} {shown(summary.index[place])}, column {name!r}", summary[name].iloc[place]
            yield Problem(where, f"found {shown(found)}", "Give a number")
    frequency, recency, end = (numbers[name] for name in _HISTORY)
    rules = [
        (
            "frequency",
            (frequency < 0) | (np.floor(frequency) != frequency) | (frequency > _MOST),
            "Count the repeat purchases",
        ),
        ("recency", recency < 0, "Give the time from the first purchase to the last"),
        ("T", end < 0, "Give the time from the first purchase to the end"),
        ("recency", recency > end, "The last purchase cannot be later than T"),
        ("recency", (recency == 0) & (frequency > 0), "With repeat purchases the last is later than the first"),
        ("recency", (recency > 0) & (frequency == 0), "Without repeat purchases the last is the first, so give 0"),
    ]
    if counted:
        counts = numbers["customers"]
        rules.append(
            ("customers", (counts < 1) | (np.floor(counts) != counts) | (counts > _MOST), "Count the customers")
        )
    for name, bad, remedy in rules:
        for place in np.flatnonzero(bad & np.isfinite(numbers[name])).tolist():
            row = ", ".join(f"{column} {values[place]:.10g}" for column, values in numbers.items())
            yield Problem(f"{word} {shown(summary.index[place])}, column {name!r}", f"found {row}", remedy)
