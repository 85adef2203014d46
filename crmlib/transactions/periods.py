"""What customers did period by period: cohorts, and the revenue of each customer."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.arguments import checked
from crmlib.transactions.calendar import period_index
from crmlib.transactions.log import TransactionLog

__all__ = ["CohortTable", "cohort_table", "revenue_by_period"]


@dataclass(frozen=True)
class CohortTable:
    """Customers by the period of their first purchase (rows) and periods since then (columns, from 0).

    `customers`: how many of the cohort bought; `rates`: as a share of the cohort; `revenue`: what they spent. A
    period after the end of observation is NaN, not 0. The last period is over only if `last_complete`; else its
    entries, the last of every cohort, will still grow.
    """

    period: str
    customers: pd.DataFrame
    revenue: pd.DataFrame
    last_complete: bool

    @property
    def rates(self) -> pd.DataFrame:
        """The share of each cohort that bought."""
        return self.customers.div(self.customers[0], axis=0)

    def to_frame(self) -> pd.DataFrame:
        """One row a cohort and period since then that was observed."""
        tables = {"customers": self.customers, "rate": self.rates, "revenue": self.revenue}
        long = pd.DataFrame({name: table.stack().dropna() for name, table in tables.items()})
        return long.astype({"customers": "int64"}).reset_index()

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types; what was not observed is left out."""
        return {
            "period": self.period,
            "last_complete": self.last_complete,
            "cohorts": self.to_frame().astype({"cohort": str}).to_dict("records"),
        }


@checked("The cohorts")
def cohort_table(log: TransactionLog, period: str = "month") -> CohortTable:
    """Follow the customers who first bought in the same period.

    Parameters
    ----------
    log
        A checked log; its end is the end of observation.
    period
        ``"day"``, ``"week"`` (from Monday), ``"month"``, ``"quarter"`` or ``"year"``.

    Raises
    ------
    InputError
        For an unknown period.

    Examples
    --------
    >>> from crmlib.transactions import transaction_log
    >>> dates = pd.to_datetime(["2019-01-07", "2019-03-21", "2019-01-21", "2019-02-14"])
    >>> table = pd.DataFrame({"customer": list("AABC"), "date": dates, "amount": [9.0, 5.0, 7.0, 4.0]})
    >>> cohort_table(transaction_log(table)).rates.loc["2019-01"].to_list()
    [1.0, 0.0, 0.5]
    """
    cells = log.purchases.cohorts(period)
    first = int(cells["cohort"].min())
    labels = period_index(first, log.end, period).rename("cohort")
    count = len(labels)
    cohort = (cells["cohort"] - first).to_numpy()
    age = (cells["period"] - cells["cohort"]).to_numpy()
    seen = np.add.outer(np.arange(count), np.arange(count)) < count
    members = np.isin(np.arange(count), cohort)

    def table(values: np.ndarray) -> pd.DataFrame:
        entries = np.where(seen, 0.0, np.nan)
        entries[cohort, age] = values
        return pd.DataFrame(
            entries[members], index=labels[members], columns=pd.RangeIndex(count, name=f"{period}s since")
        )

    return CohortTable(
        period=period,
        customers=table(cells["customers"].to_numpy()),
        revenue=table(cells["amount"].to_numpy()),
        last_complete=labels[-1].end_time.date() == log.end,
    )


@checked("The periods")
def revenue_by_period(log: TransactionLog, period: str = "year") -> pd.DataFrame:
    """What each customer spent in each period, 0 if nothing: two columns are a migration between two periods.

    Periods as in `cohort_table`, from the first purchase to the end of observation; customers in the order of their
    names.

    Examples
    --------
    >>> from crmlib.transactions import transaction_log
    >>> dates = pd.to_datetime(["2018-01-07", "2019-03-21", "2019-01-21"])
    >>> table = pd.DataFrame({"customer": list("AAB"), "date": dates, "amount": [9.0, 5.0, 7.0]})
    >>> revenue_by_period(transaction_log(table)).loc["A"].to_list()
    [9.0, 5.0]
    """
    found = log.purchases.periods(period)
    labels = period_index(found.first, log.end, period)
    amounts = np.zeros((len(found.customers), len(labels)))
    amounts[:, : found.amounts.shape[1]] = found.amounts.toarray()
    return pd.DataFrame(amounts, index=found.customers.rename("customer"), columns=labels).sort_index()
