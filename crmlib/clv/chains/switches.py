"""Observed steps from one purchase, or state, to the next: counted from histories or from a survey."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.clv._numbers import check_tables
from crmlib.clv.chains._distributions import distribution_problems, labelled_problems
from crmlib.errors import InputError, Problem

__all__ = ["Switches", "history_switches", "square_table", "survey_switches"]


@dataclass(frozen=True)
class Switches:
    """Observed steps from one purchase to the next.

    `counts`: shape (brands, brands), from the row's brand to the column's; not whole numbers if answers are
    shares or weighted; `customers`: how many were asked or observed; `without_step`: how many of them tell
    nothing because they bought once; `source`: where the counts come from.
    """

    counts: pd.DataFrame
    customers: int
    without_step: int
    source: str

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "counts": self.counts.to_dict(orient="index"),
            "customers": self.customers,
            "without_step": self.without_step,
            "source": self.source,
        }


def history_switches(
    histories: pd.DataFrame,
    customer: str = "customer",
    brand: str = "brand",
    order: str | None = None,
    brands: Sequence[str] | None = None,
) -> Switches:
    """Count the steps from purchase to purchase.

    Parameters
    ----------
    histories
        One row a purchase.
    customer, brand
        Names of its columns.
    order
        Column that puts the purchases of a customer in order, such as a date; by default the order of the rows.
    brands
        The brands that may occur, in the order wanted; by default those that do, by name.

    Raises
    ------
    InputError
        Lists every purchase without a customer or brand or of an unknown brand, every order that is missing
        or given twice to a customer; or says that nobody bought twice.

    Examples
    --------
    >>> histories = pd.DataFrame({"customer": ["Ann", "Ann", "Ann", "Bob"], "brand": ["A", "A", "B", "A"]})
    >>> switches = history_switches(histories)
    >>> switches.counts.loc["A"].to_dict(), switches.without_step
    ({'A': 1.0, 'B': 1.0}, 1)
    """
    check_tables("The purchase histories", histories=histories)
    names = [customer, brand, *([order] if order else [])]
    if problems := _missing(histories, names) or _purchase_problems(histories, customer, brand, order, brands):
        raise InputError("The purchase histories", problems)
    ordered = histories.sort_values(order, kind="stable") if order else histories
    buyers = pd.factorize(ordered[customer])[0]
    ordered, buyers = ordered.iloc[np.argsort(buyers, kind="stable")], np.sort(buyers)
    follows = buyers[1:] == buyers[:-1]
    if not follows.any():
        raise InputError("The purchase histories", [Problem("customers", "nobody bought twice", "Observe them longer")])
    labels = pd.Index(brands if brands is not None else sorted(ordered[brand].unique(), key=str))
    codes = labels.get_indexer(pd.Index(ordered[brand]))
    steps = np.bincount(codes[:-1][follows] * len(labels) + codes[1:][follows], minlength=len(labels) ** 2)
    per_customer = np.bincount(buyers)
    return Switches(
        counts=square_table(steps.reshape(len(labels), -1), labels),
        customers=len(per_customer),
        without_step=int((per_customer == 1).sum()),
        source="purchase histories",
    )


def survey_switches(survey: pd.DataFrame, last: str = "last", weight: str | None = None) -> Switches:
    """Count the answers to "what did you buy last, and how will you split the next purchase?".

    A weighted answer counts in proportion to its weight. The weights of a row are then scaled to its
    effective number of answers, (Σw)²/Σw² [kish1965]_, so that unequal weights widen the intervals.

    Parameters
    ----------
    survey
        One row an answer: the brand bought last, and one column a brand with its share of the next
        purchase, summing to 1 (a brand alone is a share of 1).
    last
        Column of the brand bought last.
    weight
        Column of the weights, such as purchases a year; by default all are equal.

    Raises
    ------
    InputError
        Lists every answer whose last brand is unknown, whose shares do not sum to 1, or whose weight is
        not positive.

    Examples
    --------
    >>> survey = pd.DataFrame({"last": ["A", "A", "B"], "A": [1.0, 0.5, 0.0], "B": [0.0, 0.5, 1.0]})
    >>> survey_switches(survey).counts.loc["A"].to_dict()
    {'A': 1.5, 'B': 0.5}
    """
    check_tables("The survey", survey=survey)
    if problems := _missing(survey, [last, *([weight] if weight else [])]):
        raise InputError("The survey", problems)
    shares = survey.drop(columns=[last, *([weight] if weight else [])])
    problems = distribution_problems(shares, "answer")
    problems += [
        Problem(f"answer {name!r}, column {last!r}", f"found {found!r}", f"Give one of {', '.join(map(str, shares))}")
        for name, found in survey[last].items()
        if found not in shares.columns
    ]
    weights = survey[weight] if weight else pd.Series(1.0, index=survey.index)
    if weight:
        problems += labelled_problems(weights, survey.index, "weight", np.finfo(float).tiny)
    if problems:
        raise InputError("The survey", problems)
    weighted = weights.to_numpy(dtype=float)
    place = shares.columns.get_indexer(pd.Index(survey[last]))
    size = len(shares.columns)
    sums, squares = np.bincount(place, weighted, size), np.bincount(place, weighted**2, size)
    scale = np.divide(sums, squares, out=np.zeros(size), where=squares > 0)
    counts = np.zeros((size, size))
    np.add.at(counts, place, shares.to_numpy(dtype=float) * (weighted * scale[place])[:, None])
    return Switches(
        counts=square_table(counts, shares.columns), customers=len(survey), without_step=0,
        source=f"survey, weighted by {weight}" if weight else "survey",
    )  # fmt: skip


def square_table(values: np.ndarray, labels: pd.Index) -> pd.DataFrame:
    """A table from the labels to the labels."""
    return pd.DataFrame(values.astype(float), index=labels, columns=labels)


def _missing(frame: pd.DataFrame, names: list[str]) -> list[Problem]:
    if frame.empty:
        return [Problem("the table", "has no rows", "Give at least one")]
    return [
        Problem(f"column {name!r}", "is missing", "Add it, or name the right one")
        for name in names
        if name not in frame
    ]


def _purchase_problems(
    histories: pd.DataFrame, customer: str, brand: str, order: str | None, brands: Sequence[str] | None
) -> list[Problem]:
    problems = []
    for name in [customer, brand, *([order] if order else [])]:
        empty = histories[name].isna() | (histories[name].astype(str).str.strip() == "")
        problems += [
            Problem(f"row {row!r}, column {name!r}", "is empty", "Fill it in") for row in histories.index[empty]
        ]
    if brands is not None:
        known = histories[brand].isin(list(brands)) | histories[brand].isna()
        remedy = f"Give one of {', '.join(map(str, brands))}"
        problems += [Problem(f"row {row!r}, column {brand!r}", f"found {found!r}", remedy)
                     for row, found in histories.loc[~known, brand].items()]  # fmt: skip
    if order and histories[order].dropna().map(type).nunique() > 1:
        problems.append(Problem(f"column {order!r}", "holds several kinds of values", "Give all dates, or all numbers"))
    if order:
        twice = histories.duplicated([customer, order], keep=False) & histories[order].notna()
        problems += [Problem(f"row {row!r}, column {order!r}", f"customer {who!r} has two purchases at {when!r}",
                             "Say which came first") for row, who, when
                     in histories.loc[twice, [customer, order]].itertuples(name=None)]  # fmt: skip
    return problems
