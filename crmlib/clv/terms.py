"""Terms of many customers (margins, rates, retention), checked and lined up customer by customer."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.checks import Rule, check_labels, check_not_empty, check_numbers, floats, refuse
from crmlib.errors import Problem

__all__ = ["BOUNDS", "Amount", "Terms", "align", "bounded"]

#: One number for everybody, or one a customer.
Amount = float | pd.Series


def bounded(
    low: float = -np.inf,
    high: float = np.inf,
    *,
    above: bool = False,
    below: bool = False,
    endless: bool = False,
    whole: bool = False,
) -> Rule:
    """Numbers from `low` (or `above` it) to `high` (or `below` it); `whole` ones only, or also infinity (`endless`).

    Examples
    --------
    >>> bounded(0, 1, above=True).remedy
    'Give a number above 0 and at most 1'
    """

    def holds(values: np.ndarray) -> np.ndarray:
        inside = (values > low) if above else (values >= low)
        inside &= (values < high) if below else (values <= high)
        inside &= np.isfinite(values) | ((values > 0) & endless)
        return np.asarray(inside & (~np.isfinite(values) | (values == np.round(values))) if whole else inside)

    start = "" if np.isinf(low) else f" {'above' if above else 'from'} {low:g}"
    to = "and below" if below else "and at most" if above else "to"
    end = "" if np.isinf(high) else f" {to} {high:g}"
    kind = "a whole number" if whole else "a number"
    return Rule(f"Give {kind}{start}{end}{', or infinity' if endless else ''}", holds)


#: What each term may be. Rates and growth are fractions a period (0.1 is ten per cent); −1 would lose everything, and a
#: rate above 5 (five hundred per cent) is a percentage by mistake, as is a margin above 1.
BOUNDS: Mapping[str, Rule] = {
    "money": bounded(),
    "cost": bounded(low=0),
    "time": bounded(low=0),
    "rate": bounded(low=-1, high=5, above=True),
    "growth": bounded(low=-1),
    "probability": bounded(low=0, high=1),
    "periods": bounded(low=0, endless=True, whole=True),
    "count": bounded(low=0, whole=True),
    "several": bounded(low=1, whole=True),
    "positive": bounded(low=0, above=True),
    "margin": bounded(high=1),
    "yearly rate": bounded(low=-1, high=1, above=True, below=True),
    "level": bounded(low=0, high=1, above=True, below=True),
}


@dataclass(frozen=True)
class Terms:
    """Terms lined up: an array each, in the order of the customers; `single` when every term was one number."""

    values: Mapping[str, np.ndarray]
    customers: pd.Index
    single: bool

    def __getitem__(self, name: str) -> np.ndarray:
        return self.values[name]

    @property
    def table(self) -> pd.DataFrame:
        """One row a customer."""
        return pd.DataFrame(dict(self.values), index=self.customers)

    def answer(self, values: np.ndarray) -> Amount:
        """The result in the form of the question: a number, or one a customer."""
        return float(values[0]) if self.single else pd.Series(values, index=self.customers)


def align(subject: str, bounds: Mapping[str, str], customers: pd.Index | None = None, /, **values: Amount) -> Terms:
    """Check every term and put the terms side by side, matched by the customers' labels.

    Parameters
    ----------
    subject
        What cannot be computed if a term is bad; opens the error.
    bounds
        For each term the name of its `BOUNDS`.
    customers
        Labels of the customers, in the order wanted; those of the first series by default.
    **values
        A number each, or a series with one number a customer.

    Raises
    ------
    InputError
        Lists every customer and term that is missing, not a number, or out of bounds, and labels that are
        repeated or not the same in all the series.

    Examples
    --------
    >>> margin = pd.Series({"A": 5.0, "B": 7.0})
    >>> terms = align("The value", {"margin": "money", "rate": "rate"}, margin=margin, rate=0.1)
    >>> terms.table
       margin  rate
    A     5.0   0.1
    B     7.0   0.1
    """
    several = {name: value for name, value in values.items() if isinstance(value, pd.Series)}
    index = customers
    if index is None:
        index = next(iter(several.values())).index if several else pd.RangeIndex(1)
    refuse(subject, _label_problems(index, several))
    lined: dict[str, np.ndarray] = {}
    problems: list[Problem] = []
    for name, value in values.items():
        if isinstance(value, pd.Series):
            entries: pd.Series | np.ndarray = value if value.index.equals(index) else value.reindex(index)
            place = f"{name} of customer"
        else:
            entries, place = np.empty((), dtype=object), name
            entries[()] = value
        problems += check_numbers(place, entries, BOUNDS[bounds[name]])
        lined[name] = np.broadcast_to(floats(entries), len(index))
    refuse(subject, problems)
    return Terms(lined, index, single=customers is None and not several)


def _label_problems(index: pd.Index, several: Mapping[str, pd.Series]) -> list[Problem]:
    if problems := check_not_empty("customers", index) + check_labels("customer", pd.Series(index=index, dtype=float)):
        return problems
    for name, series in several.items():
        if series.index.equals(index):
            continue
        if twice := check_labels(f"{name} of customer", series):
            problems += twice
        elif odd := list(index.symmetric_difference(series.index)):
            problems.append(Problem(name, f"customers {odd} are not in every series", "Give the same customers in all"))
    return problems
