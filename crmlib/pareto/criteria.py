"""Several classifications or criteria at once: joint classes, and one score from weighted criteria."""

from collections.abc import Mapping
from typing import Annotated

import numpy as np
import pandas as pd

from crmlib.arguments import Each, checked
from crmlib.checks import NOT_NEGATIVE, check_labels, check_same_labels, refuse, shown
from crmlib.errors import InputError, Problem
from crmlib.pareto._values import Amounts
from crmlib.pareto.histogram import ROUNDING

__all__ = ["criteria_score", "joint_classes"]


@checked("The joint classes")
def joint_classes(classes: Mapping[str, pd.Series], values: Amounts) -> pd.DataFrame:
    """Count customers and value in every combination of several classifications.

    ABC by value against the pyramid by heads, ABC of revenue against ABC of profit, ABC against XYZ: all are this
    table. ``.unstack()`` makes a grid of two.

    Parameters
    ----------
    classes
        Classes of the same customers, under a name for each classification.
    values
        What to add up; every customer of the classifications has one.

    Returns
    -------
    pandas.DataFrame
        ``customers`` and ``value`` of each combination, also the empty ones.

    Raises
    ------
    InputError
        Lists customers that a classification lacks or that have no value.

    Examples
    --------
    >>> from crmlib.pareto.classes import abc_classes
    >>> revenue = pd.Series({"p": 80.0, "q": 15.0, "r": 5.0})
    >>> heads = abc_classes(revenue, {"few": 0.5, "many": 0.5}, by="customers").classes
    >>> table = joint_classes({"abc": abc_classes(revenue).classes, "heads": heads}, revenue)
    >>> table.loc[("A", "few")].to_dict()
    {'customers': 1.0, 'value': 80.0}
    >>> table["customers"].unstack().to_numpy().tolist()
    [[1, 0], [1, 0], [0, 1]]
    """
    problems = [] if classes else [Problem("classes", "there are none", "Give at least one classification")]
    problems += [bad for name, column in classes.items() for bad in check_labels(f"{name} of", column)]
    problems += [
        Problem(f"customer {shown(label)}", f"has no class by {name!r}", "Classify all, or leave out")
        for name, column in classes.items()
        for label in values.index.symmetric_difference(column.dropna().index)
    ]
    if problems:
        raise InputError("The joint classes", problems)
    keys = [column.reindex(values.index).rename(name) for name, column in classes.items()]
    grouped = values.groupby(keys, observed=False)
    return pd.DataFrame({"customers": grouped.size(), "value": grouped.sum()})


@checked("The criteria")
def criteria_score(
    criteria: Annotated[pd.DataFrame, Each("customer", column="criterion")],
    weights: Annotated[pd.Series, Each("weight of", NOT_NEGATIVE)],
) -> pd.Series:
    """Weigh several criteria into one value that can be shared out.

    ``score_i = Σ_k w_k · x_ik / Σ_j x_jk⁺``: each criterion as the customer's share of its positive total, so units
    vanish and a score is a share again. The weights may come from the analytic hierarchy process
    [flores1992]_ [partovi1993]_.

    Parameters
    ----------
    criteria
        Shape (customers, criteria), more is better, each column in its own unit.
    weights
        One a criterion; they sum to 1.

    Raises
    ------
    InputError
        Lists bad customers of every criterion, a criterion without a positive value, and weights that do not fit.

    Examples
    --------
    >>> table = pd.DataFrame({"revenue": [30.0, 10.0], "orders": [1, 3]}, index=["p", "q"])
    >>> criteria_score(table, pd.Series({"revenue": 0.8, "orders": 0.2})).round(6).to_dict()
    {'p': 0.65, 'q': 0.35}
    """
    totals = criteria.clip(lower=0).sum()
    nothing = criteria.columns[~((totals > 0) & (totals < np.inf))]
    refuse(
        "The criteria",
        check_same_labels("criterion", criteria.columns, weights.index),
        []
        if abs(weights.sum() - 1) <= ROUNDING
        else [Problem("weights", f"sum to {weights.sum():g}", "Let them sum to 1")],
        [
            Problem(f"criterion {shown(name)}", "no positive value", "It shares nothing out; leave it out")
            for name in nothing
        ],
    )
    return (criteria / totals).mul(weights.reindex(criteria.columns)).sum(axis=1).rename("score")
