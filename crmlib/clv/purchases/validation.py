"""Does a purchase model hold? Its forecasts beside what customers did, before and after the end of the fit."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.checks import floats, shown
from crmlib.clv._numbers import check_kind, check_tables, checked_counts
from crmlib.clv.purchases.cells import Histories, purchase_cells
from crmlib.clv.purchases.purchase_model import FittedModel, model_of, same_unit
from crmlib.errors import InputError, Problem
from crmlib.transactions.calendar import days_in
from crmlib.transactions.log import TransactionLog
from crmlib.transactions.summary import Holdout

__all__ = ["HoldoutComparison", "Tracking", "compare_with_holdout", "frequency_distribution", "tracking"]


@dataclass(frozen=True)
class HoldoutComparison:
    """Forecasts of the holdout beside what happened.

    `measures`: one row a forecast; `by_frequency`: one row a number of repeat purchases before the holdout, with its
    customers, their mean actual purchases in the holdout, and the mean of each forecast.
    """

    measures: pd.DataFrame
    by_frequency: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """The measures."""
        return self.measures

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "measures": self.measures.to_dict(orient="index"),
            "by_frequency": self.by_frequency.to_dict(orient="index"),
        }


@dataclass(frozen=True)
class Tracking:
    """Repeat purchases of all customers up to the end of each period.

    `cumulative`: one row a period, numbered from the first purchase of all, with ``actual`` and one column a model;
    `period`: how long one is.
    """

    cumulative: pd.DataFrame
    period: str

    @property
    def by_period(self) -> pd.DataFrame:
        """Repeat purchases in each period alone."""
        return self.cumulative.diff().fillna(self.cumulative)

    def to_frame(self) -> pd.DataFrame:
        """The cumulative purchases."""
        return self.cumulative

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {"period": self.period, "cumulative": self.cumulative.to_dict(orient="list")}


def compare_with_holdout(forecasts: pd.DataFrame, holdout: Holdout, most: int = 7) -> HoldoutComparison:
    """Compare forecasts with what each customer bought in the holdout, which no fit has seen.

    The measures: ``mae`` (mean absolute error), ``rmse`` (root of the mean squared error), ``bias`` (mean forecast
    less mean actual), ``correlation`` (Pearson's; NaN for a constant forecast), ``total`` (sum of the forecast),
    ``actual`` (sum of the purchases) and ``error`` (total/actual − 1).

    Parameters
    ----------
    forecasts
        One row a customer, one column a forecast: models, or simple rules.
    holdout
        The split log, see `crmlib.transactions.calibration_holdout`.
    most
        Customers with so many repeat purchases or more form the last group.

    Raises
    ------
    InputError
        Naming the customers that are not in both, and every forecast that is no number.

    Examples
    --------
    >>> from crmlib.transactions import calibration_holdout, transaction_log
    >>> dates = pd.to_datetime(["2019-01-01", "2019-01-05", "2019-01-20"])
    >>> log = transaction_log(pd.DataFrame({"customer": ["Ann", "Bo", "Ann"], "date": dates, "amount": 1.0}))
    >>> forecasts = pd.DataFrame({"none": [0.0, 0.0], "half": [0.5, 0.5]}, index=["Ann", "Bo"])
    >>> found = compare_with_holdout(forecasts, calibration_holdout(log, "2019-01-10"))
    >>> found.measures.loc["half", ["mae", "bias"]].to_dict()
    {'mae': 0.5, 'bias': 0.0}
    """
    subject = "The comparison with the holdout"
    check_tables(subject, forecasts=forecasts)
    check_kind(subject, Holdout, "Give the answer of calibration_holdout", holdout=holdout)
    most = checked_counts(most)[-1]
    before = holdout.calibration.customers["frequency"]
    problems = [
        Problem(f"customer {shown(name)}", "not in both of forecasts and holdout", "Give the same customers, each once")
        for name in {
            *before.index.symmetric_difference(forecasts.index),
            *forecasts.index[forecasts.index.duplicated()],
        }
    ]
    problems += [problem for name in forecasts for problem in _no_numbers(f"column {name!r}", forecasts[name])]
    if problems:
        raise InputError(subject, problems)
    table = forecasts.assign(actual=holdout.holdout["purchases"])
    bought = table["actual"].to_numpy(dtype=float)
    rows = {name: _measures(table[name].to_numpy(dtype=float), bought) for name in forecasts}
    groups = before.reindex(table.index).clip(upper=most).astype(int)
    by_frequency = table.groupby(groups).mean()
    by_frequency.insert(0, "customers", groups.value_counts())
    labels = [f"{most}+" if group == most else str(group) for group in by_frequency.index]
    return HoldoutComparison(pd.DataFrame(rows).T, by_frequency.set_axis(pd.Index(labels, name="frequency")))


def _no_numbers(where: str, values: pd.Series) -> list[Problem]:
    """Values that are not finite numbers."""
    bad = np.flatnonzero(~np.isfinite(floats(values))).tolist()
    return [
        Problem(f"{where}, {shown(values.index[row])}", f"found {shown(values.iloc[row])}", "Give a number")
        for row in bad
    ]


def _measures(forecast: np.ndarray, actual: np.ndarray) -> dict[str, float]:
    error = forecast - actual
    varied = forecast.std() > 0 and actual.std() > 0
    return {
        "mae": float(np.abs(error).mean()),
        "rmse": float(np.sqrt((error**2).mean())),
        "bias": float(error.mean()),
        "correlation": float(np.corrcoef(forecast, actual)[0, 1]) if varied else float("nan"),
        "total": float(forecast.sum()),
        "actual": float(actual.sum()),
        "error": float(forecast.sum() / actual.sum() - 1) if actual.sum() else float("nan"),
    }


def tracking(models: Mapping[str, FittedModel], log: TransactionLog, period: str = "week") -> Tracking:
    """Follow the repeat purchases of a cohort whose customers came at different times.

    Up to time w, a model expects ``Σ E[X(w − first)]`` over the customers who had come by then. The last period of the
    log counts only if it is whole.

    Parameters
    ----------
    models
        Fits or models by name.
    log
        The whole log, also what no fit has seen.
    period
        ``"day"``, ``"week"``, ``"month"`` or ``"year"``.

    Raises
    ------
    InputError
        For an unknown period, or what is no model.

    Examples
    --------
    >>> from crmlib.clv import ParetoNbd
    >>> from crmlib.transactions import transaction_log
    >>> dates = pd.to_datetime(["2019-01-01", "2019-01-08", "2019-01-19"])
    >>> orders = pd.DataFrame({"customer": ["Ann", "Bo", "Bo"], "date": dates, "amount": 1.0})
    >>> log = transaction_log(orders, end="2019-01-22")
    >>> model = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669, unit="week")
    >>> tracking({"Pareto/NBD": model}, log).cumulative.round(3).to_dict("list")
    {'actual': [0, 0, 1], 'Pareto/NBD': [0.051, 0.151, 0.246]}
    """
    check_kind("The tracking", TransactionLog, "Give the answer of transaction_log", log=log)
    check_kind("The tracking", Mapping, "Give models by name", models=models)
    length = days_in(period)
    ends = length * np.arange(1, int((log.end - log.first).days // length) + 1)
    cells = log.purchases.cohorts("day")
    day, first, count = (cells[name].to_numpy() for name in ("period", "cohort", "customers"))
    start = first.min()
    repeat = day > first
    actual = np.array([count[repeat & (day - start <= end)].sum() for end in ends], dtype=int)
    observed = np.maximum(ends[:, np.newaxis] - (first[~repeat] - start), 0)
    distinct, places = np.unique(observed, return_inverse=True)
    columns = {"actual": actual}
    for name, given in models.items():
        model = model_of(given)
        expected = model.expected_purchases(distinct / days_in(model.unit))
        columns[name] = expected[places].reshape(observed.shape) @ count[~repeat]
    return Tracking(pd.DataFrame(columns, index=pd.RangeIndex(1, len(ends) + 1, name=period)), period)


def frequency_distribution(models: Mapping[str, FittedModel], histories: Histories, most: int = 7) -> pd.DataFrame:
    """Customers by their number of repeat purchases: how many there are, and how many each model expects.

    Every customer counts with the own time of observation T.

    Parameters
    ----------
    models
        Fits or models by name.
    histories
        The summary of the customers, or its cells.
    most
        Customers with so many repeat purchases or more form the last row.

    Returns
    -------
    pandas.DataFrame
        Rows ``"0"``, ``"1"``, …, such as ``"7+"``; columns ``actual`` and one a model.

    Examples
    --------
    >>> from crmlib.clv import ParetoNbd
    >>> from crmlib.transactions import CustomerSummary
    >>> own = pd.DataFrame({"frequency": [0, 0, 3], "recency": [0.0, 0.0, 8.0], "T": [9.0, 9.0, 9.0]})
    >>> model = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669, unit="week")
    >>> summary = CustomerSummary(own, "week")
    >>> frequency_distribution({"Pareto/NBD": model}, summary, most=2).round(3).to_dict(orient="list")
    {'actual': [2, 0, 1], 'Pareto/NBD': [2.26, 0.479, 0.261]}
    """
    check_kind("The frequencies", Mapping, "Give models by name", models=models)
    most = max(checked_counts(most)[-1], 1)
    cells = purchase_cells(histories)
    frame = cells.frame
    labels = pd.Index([*(str(n) for n in range(most)), f"{most}+"], name="frequency")
    groups = np.minimum(frame["frequency"], most)
    table = pd.DataFrame({"actual": np.bincount(groups, frame["customers"], most + 1).astype(int)}, index=labels)
    times = frame.groupby("T")["customers"].sum()
    for name, given in models.items():
        model = model_of(given)
        same_unit(cells.unit, model.unit, name)
        expected = times.to_numpy() @ model.purchase_probabilities(times.index.to_numpy(), most - 1)
        table[name] = np.append(expected, cells.customers - expected.sum())
    return table
