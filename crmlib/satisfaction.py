"""Satisfaction, delivered value, and customers that are satisfied but not loyal."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.errors import InputError, Problem
from crmlib.proportions import wilson_interval

__all__ = [
    "SATISFACTION_MEASURES",
    "SATISFACTION_OUTCOMES",
    "SatisfactionTrap",
    "delivered_value",
    "satisfaction",
    "satisfaction_outcomes",
    "satisfaction_trap",
]

#: Ways to measure satisfaction; see `satisfaction`.
SATISFACTION_MEASURES = ("gap", "ratio", "gap_as_printed")
#: What becomes of a customer whose expectation was missed, met or exceeded; see `satisfaction_outcomes`.
SATISFACTION_OUTCOMES = ("dissatisfied", "satisfied", "delighted")


def satisfaction(perceived: pd.Series, expected: pd.Series, measure: str = "gap") -> pd.Series:
    """Satisfaction from what was perceived and what was expected.

    The essay calls it a difference function of the two [pyramid_essay]_, and the thesis on J company the gap between
    the treatment perceived and the one expected [j_company]_: perceived − expected, 0 when both agree, positive when
    the customer got more. The essay then prints two formulas. One, perceived/expected, is no difference, but it is
    more than 1 just where the gap is positive. The other, "ideal product − actual product", is an erratum: it grows
    as the product gets worse.

    Parameters
    ----------
    perceived, expected
        By customer, on one scale; for the ratio `expected` must be positive.
    measure
        ``"gap"``, ``"ratio"``, or ``"gap_as_printed"`` (expected − perceived, to show the erratum).

    Returns
    -------
    pandas.Series
        NaN where either is missing. A ratio has no unit, a gap the unit of the scale.

    Raises
    ------
    InputError
        If the two are not about the same customers, a value is no finite number, the measure is unknown, or an
        expectation that divides is not positive.

    Examples
    --------
    >>> perceived, expected = pd.Series({"A": 4.0, "B": 3.0}), pd.Series({"A": 4.0, "B": 4.0})
    >>> [satisfaction(perceived, expected, measure).to_dict() for measure in SATISFACTION_MEASURES]
    [{'A': 0.0, 'B': -1.0}, {'A': 1.0, 'B': 0.75}, {'A': 0.0, 'B': 1.0}]
    """
    table = _numbers({"perceived": perceived, "expected": expected}, "Satisfaction")
    if measure not in SATISFACTION_MEASURES:
        known = ", ".join(SATISFACTION_MEASURES)
        raise InputError("Satisfaction", [Problem("measure", f"found {measure!r}", f"Use {known}")])
    if measure == "ratio":
        problems = [
            Problem(f"expected of {name!r}", f"found {value:g}", "A ratio needs a positive expectation; use the gap")
            for name, value in table["expected"][table["expected"] <= 0].items()
        ]
        if problems:
            raise InputError("Satisfaction", problems)
        return table["perceived"] / table["expected"]
    gap = table["perceived"] - table["expected"]
    return gap if measure == "gap" else table["expected"] - table["perceived"]


def satisfaction_outcomes(perceived: pd.Series, expected: pd.Series) -> pd.Series:
    """Who is dissatisfied, satisfied or delighted: got less than expected, as much, or more [pyramid_essay]_.

    Parameters
    ----------
    perceived, expected
        As in `satisfaction`; a gap is rounded to twelve decimals.

    Returns
    -------
    pandas.Series
        One of `SATISFACTION_OUTCOMES` by customer, as ordered categories; missing where either is missing.

    Examples
    --------
    >>> perceived = pd.Series({"A": 3.0, "B": 4.0, "C": 5.0})
    >>> satisfaction_outcomes(perceived, pd.Series({"A": 4.0, "B": 4.0, "C": 4.0})).to_list()
    ['dissatisfied', 'satisfied', 'delighted']
    """
    gap = satisfaction(perceived, expected).round(12)
    outcomes = pd.Series(np.sign(gap), name="outcome").map(dict(zip([-1, 0, 1], SATISFACTION_OUTCOMES, strict=True)))
    return outcomes.astype(pd.CategoricalDtype(list(SATISFACTION_OUTCOMES), ordered=True))


def delivered_value(gains: pd.DataFrame, costs: pd.DataFrame) -> pd.DataFrame:
    """Customer delivered value: total value less total cost.

    ``V = Σ gains − Σ costs``, the gains such as product, service, staff and image, the costs such as money, time,
    energy and mind [kotler2016]_. With one column of what the customer feels to gain (Fc) and one of what it feels to
    give up (Cc) this is the perceived value ``Vc = Fc − Cc`` [s3_slides_levers]_.

    Parameters
    ----------
    gains, costs
        Shapes (customers, components), all in one unit, such as yuan or points; costs positive.

    Returns
    -------
    pandas.DataFrame
        By customer: ``total_value``, ``total_cost``, ``delivered_value``, in that unit.

    Raises
    ------
    InputError
        If the two are not about the same customers, a value is missing or not finite, or a cost is negative.

    Examples
    --------
    >>> gains = pd.DataFrame({"product": [50.0], "service": [30.0]}, index=["A"])
    >>> delivered_value(gains, pd.DataFrame({"money": [40.0], "time": [15.0]}, index=["A"])).loc["A"].to_dict()
    {'total_value': 80.0, 'total_cost': 55.0, 'delivered_value': 25.0}
    """
    parts = {f"gain {name}": column for name, column in gains.items()}
    parts |= {f"cost {name}": column for name, column in costs.items()}
    table = _numbers(parts, "The delivered value")
    own, given = table.iloc[:, : gains.shape[1]], table.iloc[:, gains.shape[1] :]
    problems = [
        Problem(f"{part} of {customer!r}", "is missing", "Fill it in, or leave the customer out")
        for part, column in table.items()
        for customer in table.index[column.isna()]
    ]
    problems += [
        Problem(f"{part} of {customer!r}", f"found {column[customer]:g}", "Give costs as positive numbers")
        for part, column in given.items()
        for customer in table.index[column < 0]
    ]
    if problems:
        raise InputError("The delivered value", problems)
    value, cost = own.sum(axis=1), given.sum(axis=1)
    return pd.DataFrame({"total_value": value, "total_cost": cost, "delivered_value": value - cost})


@dataclass(frozen=True)
class SatisfactionTrap:
    """Customers that are satisfied and yet not loyal.

    `table`: by customer ``satisfied``, ``loyal``, ``trapped``, True or False, only those with both answers; `share`: of
    the satisfied, who are not loyal, with Wilson's interval at `level` (NaN if nobody is satisfied); `left_out`:
    customers with an answer missing; `lines`: the least satisfaction and loyalty that count, in points.
    """

    table: pd.DataFrame
    share: float
    interval: tuple[float, float]
    level: float
    left_out: tuple[object, ...]
    lines: tuple[float, float]

    @property
    def trapped(self) -> list[object]:
        """Who is in the trap."""
        return list(self.table.index[self.table["trapped"]])

    def to_frame(self) -> pd.DataFrame:
        """One row a customer."""
        return self.table

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "customers": self.table.to_dict(orient="index"),
            "share": self.share,
            "interval": list(self.interval),
            "level": self.level,
            "left_out": list(self.left_out),
            "lines": list(self.lines),
        }


def satisfaction_trap(
    satisfied: pd.Series, loyal: pd.Series, lines: tuple[float, float], level: float = 0.95
) -> SatisfactionTrap:
    """Find the customers that are satisfied but not loyal, the satisfaction trap [s3_thesis_doc]_.

    Parameters
    ----------
    satisfied, loyal
        Scores of satisfaction and of loyalty by customer, more is better; missing answers are left out and named.
    lines
        The least satisfaction that counts as satisfied, and the least loyalty that counts as loyal.
    level
        Confidence of the interval of the share.

    Raises
    ------
    InputError
        If the two are not about the same customers, a value is no finite number, or nobody gave both answers.

    Examples
    --------
    >>> trap = satisfaction_trap(pd.Series({"A": 5, "B": 4, "C": 2}), pd.Series({"A": 5, "B": 2, "C": 1}), (4, 4))
    >>> trap.trapped, trap.share
    (['B'], 0.5)
    """
    scores = _numbers({"satisfaction": satisfied, "loyalty": loyal}, "The satisfaction trap")
    answered = scores.notna().all(axis=1)
    if not answered.any():
        raise InputError("The satisfaction trap", [Problem("customers", "nobody gave both answers", "Ask for both")])
    high = scores[answered] >= list(lines)
    table = pd.DataFrame({"satisfied": high["satisfaction"], "loyal": high["loyalty"]})
    table["trapped"] = table["satisfied"] & ~table["loyal"]
    counts = table.sum()
    share, least, most = wilson_interval(counts["trapped"], counts["satisfied"], level).to_numpy()[0]
    return SatisfactionTrap(
        table=table,
        share=float(share),
        interval=(float(least), float(most)),
        level=level,
        left_out=tuple(scores.index[~answered]),
        lines=lines,
    )


def _numbers(columns: dict[str, pd.Series], subject: str) -> pd.DataFrame:
    """The columns side by side as floats, NaN where missing; an error naming what is no number and who differs."""
    first = next(iter(columns.values()))
    problems, numbers = [], {}
    for name, column in columns.items():
        differing = _other_customers(first.index, column.index, name)
        problems += differing
        empty = column.isna()
        truth = column.map(lambda value: isinstance(value, bool | np.bool_))
        number = pd.to_numeric(column.mask(empty | truth), errors="coerce").astype(float)
        problems += [
            Problem(f"{name} of {customer!r}", f"found {value!r}", "Give a finite number, or nothing")
            for customer, value in column[~empty & ~np.isfinite(number)].items()
        ]
        if not differing:
            numbers[name] = number
    if problems:
        raise InputError(subject, problems)
    return pd.DataFrame(numbers)


def _other_customers(known: pd.Index, others: pd.Index, what: str) -> list[Problem]:
    """Customers that occur twice, or in one of the two only."""
    problems = [
        Problem(f"{what} of {customer!r}", "occurs twice", "Give every customer one row")
        for customer in others[others.duplicated()].unique()
    ]
    return problems + [
        Problem(f"{what} of {customer!r}", "is in one table only", "Give all the same customers")
        for customer in [*known.difference(others), *others.difference(known)]
    ]
