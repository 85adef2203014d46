"""Several classifications or criteria at once: joint classes, and one score from weighted criteria."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmlib.errors import InputError, Problem
from crmlib.pareto._values import checked_values
from crmlib.pareto.histogram import ROUNDING

__all__ = ["criteria_score", "joint_classes"]


def joint_classes(classes: Mapping[str, pd.Series], values: pd.Series) -> pd.DataFrame:
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
    checked_values(values)
    problems = [
        Problem(f"customer {', '.join(map(str, lacking))}", f"has no class by {name!r}", "Classify all, or leave out")
        for name, column in classes.items()
        if len(lacking := values.index.symmetric_difference(column.dropna().index))
    ]
    if problems:
        raise InputError("The joint classes", problems)
    keys = [column.reindex(values.index).rename(name) for name, column in classes.items()]
    grouped = values.groupby(keys, observed=False)
    return pd.DataFrame({"customers": grouped.size(), "value": grouped.sum()})


def criteria_score(criteria: pd.DataFrame, weights: pd.Series) -> pd.Series:
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
    problems = []
    if set(weights.index) != set(criteria.columns) or not (weights >= 0).all() or abs(weights.sum() - 1) > ROUNDING:
        remedy = f"Give one for each of {', '.join(map(str, criteria))}, none negative, summing to 1"
        problems.append(Problem("weights", f"found {weights.to_dict()}", remedy))
    score = pd.Series(0.0, index=criteria.index, name="score")
    for name, column in criteria.items():
        try:
            numbers = checked_values(column, str(name))
        except InputError as error:
            problems += [Problem(f"{name}: {bad.where}", bad.found, bad.remedy) for bad in error.problems]
            continue
        total = np.maximum(numbers, 0).sum()
        if not total > 0:
            problems.append(Problem(f"criterion {name!r}", "no positive value", "It shares nothing out; leave it out"))
        elif name in weights.index:
            score += weights.to_dict()[name] * numbers / total
    if problems:
        raise InputError("The criteria", problems)
    return score
