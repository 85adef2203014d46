"""Does a purchase model hold? Its forecasts beside what customers did, before and after the end of the fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from crmlib.clv.cells import Cells
from crmlib.errors import InputError, Problem

__all__ = ["CohortModel", "HoldoutComparison", "Tracking", "compare_with_holdout", "frequency_distribution", "tracking"]


class CohortModel(Protocol):
    """Any model of new customers, such as `BgNbd` or `ParetoNbd`."""

    def expected_purchases(self, t: np.ndarray) -> np.ndarray:
        """Expected repeat purchases within t."""
        ...

    def purchase_probabilities(self, t: np.ndarray, most: int) -> np.ndarray:
        """Probabilities of 0, 1, …, `most` repeat purchases within t, shape (times, most + 1)."""
        ...


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

    `cumulative`: one row a period (its end, in the data's unit of time), with ``actual`` and one column a model.
    """

    cumulative: pd.DataFrame

    @property
    def by_period(self) -> pd.DataFrame:
        """Repeat purchases in each period alone."""
        return self.cumulative.diff().fillna(self.cumulative)

    def to_frame(self) -> pd.DataFrame:
        """The cumulative purchases."""
        return self.cumulative

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {"cumulative": self.cumulative.to_dict(orient="list"), "end": self.cumulative.index.to_list()}


def compare_with_holdout(
    forecasts: pd.DataFrame, actual: pd.Series, frequency: pd.Series, most: int = 7
) -> HoldoutComparison:
    """Compare forecasts with what each customer bought in the holdout, which no fit has seen.

    The measures: ``mae`` (mean absolute error), ``rmse`` (root of the mean squared error), ``bias`` (mean forecast
    less mean actual), ``correlation`` (Pearson's; NaN for a constant forecast), ``total`` (sum of the forecast),
    ``actual`` (sum of the purchases) and ``error`` (total/actual − 1).

    Parameters
    ----------
    forecasts
        One row a customer, one column a forecast: models, or simple rules.
    actual
        Purchases of each customer in the holdout.
    frequency
        Repeat purchases of each customer before the holdout.
    most
        Customers with so many repeat purchases or more form the last group.

    Raises
    ------
    InputError
        Naming the customers that are not in all three, or whose value is no number.

    Examples
    --------
    >>> customers = ["Ann", "Bo"]
    >>> forecasts = pd.DataFrame({"none": [0.0, 0.0], "half": [0.5, 0.5]}, index=customers)
    >>> found = compare_with_holdout(forecasts, pd.Series([1, 0], customers), pd.Series([3, 0], customers))
    >>> found.measures.loc["half", ["mae", "bias"]].to_dict()
    {'mae': 0.5, 'bias': 0.0}
    """
    columns = {"actual": actual, "frequency": frequency}
    problems = [
        Problem(f"customer {name!r}", "not in all of forecasts, actual and frequency", "Give the same customers")
        for series in columns.values()
        for name in series.index.symmetric_difference(forecasts.index)
    ]
    table = forecasts.assign(**columns) if not problems else forecasts
    problems += [problem for name in table for problem in _no_numbers(f"column {name!r}", table[name])]
    if problems:
        raise InputError("The comparison with the holdout", problems)
    bought = table["actual"].to_numpy(dtype=float)
    rows = {name: _measures(table[name].to_numpy(dtype=float), bought) for name in forecasts}
    groups = table["frequency"].clip(upper=most).astype(int)
    by_frequency = table.drop(columns="frequency").groupby(groups).mean()
    by_frequency.insert(0, "customers", groups.value_counts())
    labels = [f"{most}+" if group == most else str(group) for group in by_frequency.index]
    return HoldoutComparison(pd.DataFrame(rows).T, by_frequency.set_axis(pd.Index(labels, name="frequency")))


def _no_numbers(where: str, values: pd.Series, low: float = -np.inf) -> list[Problem]:
    """Values that are not finite numbers, or below the lowest possible."""
    remedy = "Give a number" if low == -np.inf else f"Give a number from {low:g}"
    if values.dtype.kind not in "iuf":
        return [Problem(where, f"found {values.dtype} instead of numbers", remedy)]
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    bad = np.flatnonzero(~(np.isfinite(numbers) & (numbers >= low)))
    return [Problem(f"{where}, {values.index[row]!r}", f"found {numbers[row]:g}", remedy) for row in bad.tolist()]


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


def tracking(
    models: Mapping[str, CohortModel], first: pd.Series, repeats: pd.Series, periods: int, length: float = 1.0
) -> Tracking:
    """Follow the repeat purchases of a cohort whose customers came at different times.

    Up to time w, a model expects ``Σ E[X(w − first)]`` over the customers who had come by then.

    Parameters
    ----------
    models
        Fitted models by name.
    first
        Time of each customer's first purchase since the beginning of the log.
    repeats
        Time of each repeat purchase since the beginning of the log.
    periods, length
        How many periods to follow, and how long each is in the unit of time.

    Raises
    ------
    InputError
        If a time is no number or negative.

    Examples
    --------
    >>> from crmlib.clv.pareto_nbd import ParetoNbd
    >>> model = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669)
    >>> tracking({"Pareto/NBD": model}, pd.Series([0.0, 1.0]), pd.Series([2.5]), periods=3).cumulative.round(3)
         actual  Pareto/NBD
    1.0       0       0.051
    2.0       0       0.151
    3.0       1       0.246
    """
    if problems := [*_no_numbers("first", first, 0), *_no_numbers("repeats", repeats, 0)]:
        raise InputError("The tracking", problems)
    ends = length * np.arange(1, periods + 1)
    starts, customers = np.unique(first.to_numpy(dtype=float), return_counts=True)
    observed = np.maximum(ends[:, np.newaxis] - starts, 0)
    distinct, places = np.unique(observed, return_inverse=True)
    columns = {"actual": np.searchsorted(np.sort(repeats.to_numpy(dtype=float)), ends, side="right")}
    columns |= {
        name: model.expected_purchases(distinct)[places].reshape(observed.shape) @ customers
        for name, model in models.items()
    }
    return Tracking(pd.DataFrame(columns, index=ends))


def frequency_distribution(models: Mapping[str, CohortModel], cells: Cells, most: int = 7) -> pd.DataFrame:
    """Customers by their number of repeat purchases: how many there are, and how many each model expects.

    Every customer counts with the own time of observation T.

    Parameters
    ----------
    models
        Fitted models by name.
    cells
        The histories.
    most
        Customers with so many repeat purchases or more form the last row.

    Returns
    -------
    pandas.DataFrame
        Rows ``"0"``, ``"1"``, …, such as ``"7+"``; columns ``actual`` and one a model.

    Examples
    --------
    >>> from crmlib.clv.cells import purchase_cells
    >>> from crmlib.clv.pareto_nbd import ParetoNbd
    >>> summary = pd.DataFrame({"frequency": [0, 0, 3], "recency": [0.0, 0.0, 8.0], "T": [9.0, 9.0, 9.0]})
    >>> model = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669)
    >>> frequency_distribution({"Pareto/NBD": model}, purchase_cells(summary), most=2).round(3).to_dict(orient="list")
    {'actual': [2, 0, 1], 'Pareto/NBD': [2.26, 0.479, 0.261]}
    """
    frame = cells.frame
    labels = pd.Index([*(str(n) for n in range(most)), f"{most}+"], name="frequency")
    groups = np.minimum(frame["frequency"], most)
    table = pd.DataFrame({"actual": np.bincount(groups, frame["customers"], most + 1).astype(int)}, index=labels)
    times = frame.groupby("T")["customers"].sum()
    for name, model in models.items():
        expected = times.to_numpy() @ model.purchase_probabilities(times.index.to_numpy(), most - 1)
        table[name] = np.append(expected, cells.customers - expected.sum())
    return table
