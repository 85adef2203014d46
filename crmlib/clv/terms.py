"""Terms of many customers (margins, rates, retention), checked and lined up customer by customer."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.clv._numbers import floats, missing_labels, shown
from crmlib.errors import InputError, Problem

__all__ = ["BOUNDS", "Amount", "Bounds", "Terms", "align", "check_choice"]

#: One number for everybody, or one a customer.
Amount = float | pd.Series


@dataclass(frozen=True)
class Bounds:
    """What a term may be: at least (or above) `low`, at most (or below) `high`; `whole` numbers only, if set."""

    low: float = -np.inf
    high: float = np.inf
    above: bool = False
    below: bool = False
    endless: bool = False
    whole: bool = False

    def broken(self, values: np.ndarray) -> np.ndarray:
        """True where a value is outside, missing, or infinite where that makes no sense."""
        with np.errstate(invalid="ignore"):
            outside = (values <= self.low) if self.above else (values < self.low)
            outside |= (values >= self.high) if self.below else (values > self.high)
            fraction = self.whole & np.isfinite(values) & (values != np.round(values))
        infinite = np.isinf(values) & ~((values > 0) & self.endless)
        return np.asarray(np.isnan(values) | outside | infinite | fraction)

    def __str__(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        low = "" if np.isinf(self.low) else f" {'above' if self.above else 'from'} {self.low:g}"
        to = "and below" if self.below else "and at most" if self.above else "to"
        high = "" if np.isinf(self.high) else f" {to} {self.high:g}"
        return f"Give {kind}{low}{high}{', or infinity' if self.endless else ''}"


#: What each term may be. Rates and growth are fractions a period (0.1 is ten per cent); −1 would lose everything, and a
#: rate above 5 (five hundred per cent) is a percentage by mistake, as is a margin above 1.
BOUNDS: Mapping[str, Bounds] = {
    "money": Bounds(),
    "cost": Bounds(low=0),
    "time": Bounds(low=0),
    "rate": Bounds(low=-1, high=5, above=True),
    "growth": Bounds(low=-1),
    "probability": Bounds(low=0, high=1),
    "periods": Bounds(low=0, endless=True, whole=True),
    "count": Bounds(low=0, whole=True),
    "several": Bounds(low=1, whole=True),
    "positive": Bounds(low=0, above=True),
    "margin": Bounds(high=1),
    "yearly rate": Bounds(low=-1, high=1, above=True, below=True),
    "level": Bounds(low=0, high=1, above=True, below=True),
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
    if problems := _label_problems(index, several):
        raise InputError(subject, problems)
    lined: dict[str, np.ndarray] = {}
    for name, value in values.items():
        allowed = BOUNDS[bounds[name]]
        if isinstance(value, pd.Series):
            series = value if value.index.equals(index) else value.reindex(index)
            lined[name] = floats(series)
            bad = series[allowed.broken(lined[name])]
            found = [(f"{name} of customer {shown(label)}", value) for label, value in bad.items()]
        else:
            number = floats(pd.Series([value], dtype=object))
            lined[name] = np.repeat(number, len(index))
            found = [(name, value)] if allowed.broken(number)[0] else []
        problems += [Problem(where, f"found {shown(value)}", str(allowed)) for where, value in found]
    if problems:
        raise InputError(subject, problems)
    return Terms(lined, index, single=customers is None and not several)


def _label_problems(index: pd.Index, several: Mapping[str, pd.Series]) -> list[Problem]:
    problems = list(missing_labels(index))
    if not len(index):
        problems.append(Problem("customers", "found none", "Give at least one"))
    if index.has_duplicates:
        twice = index[index.duplicated()].unique()
        return [*problems, *(Problem(f"customer {shown(label)}", "given twice", "Give it once") for label in twice)]
    for name, series in several.items():
        if series.index.equals(index):
            continue
        twice = series.index[series.index.duplicated()].unique()
        problems += [Problem(f"{name} of customer {shown(label)}", "given twice", "Give it once") for label in twice]
        if not len(twice) and (odd := list(index.symmetric_difference(series.index))):
            problems.append(Problem(name, f"customers {odd} are not in every series", "Give the same customers in all"))
    return problems


def check_choice(name: str, value: object, known: Mapping[str, object]) -> list[Problem]:
    """A problem unless the value is one of those known."""
    return [] if value in known else [Problem(name, f"found {value!r}", f"Use {', '.join(known)}")]
