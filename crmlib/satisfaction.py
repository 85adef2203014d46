"""Satisfaction, delivered value, and customers that are satisfied but not loyal."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import pandas as pd

from crmlib.arguments import Each, Level, checked
from crmlib.checks import NOT_NEGATIVE, POSITIVE, check_choice, check_numbers, check_same_labels, refuse
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


_Scores = Annotated[pd.Series, Each(missing=True)]
_DIVIDES = replace(POSITIVE, remedy="A ratio needs a positive expectation; use the gap")
_COST = replace(NOT_NEGATIVE, remedy="Give costs as positive numbers")


@checked("Satisfaction")
def satisfaction(perceived: _Scores, expected: _Scores, measure: str = "gap") -> pd.Series:
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
    refuse(
        "Satisfaction",
        check_choice("measure", measure, SATISFACTION_MEASURES),
        check_same_labels("customer", perceived.index, expected.index),
        check_numbers("expected of", expected, _DIVIDES, missing=True) if measure == "ratio" else [],
    )
    expected = expected.reindex(perceived.index)
    if measure == "ratio":
        return perceived / expected
    return perceived - expected if measure == "gap" else expected - perceived


@checked("Satisfaction")
def satisfaction_outcomes(perceived: _Scores, expected: _Scores) -> pd.Series:
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


@checked("The delivered value")
def delivered_value(
    gains: Annotated[pd.DataFrame, Each("customer", column="gain")],
    costs: Annotated[pd.DataFrame, Each("customer", _COST, column="cost")],
) -> pd.DataFrame:
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
    refuse("The delivered value", check_same_labels("customer", gains.index, costs.index))
    value, cost = gains.sum(axis=1), costs.sum(axis=1).reindex(gains.index)
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


@checked("The satisfaction trap")
def satisfaction_trap(
    satisfied: _Scores, loyal: _Scores, lines: tuple[float, float], level: Level = 0.95
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
    refuse("The satisfaction trap", check_same_labels("customer", satisfied.index, loyal.index))
    scores = pd.DataFrame({"satisfaction": satisfied, "loyalty": loyal})
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
