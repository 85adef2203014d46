"""One row a customer: how often, how recently and for how long he bought, and what he spent."""

from dataclasses import dataclass
from datetime import date

import narwhals as nw
import numpy as np
import pandas as pd

from crmlib.arguments import checked
from crmlib.errors import InputError, Problem
from crmlib.transactions.arrays import ArrayPurchases
from crmlib.transactions.bad_rows import collected
from crmlib.transactions.calendar import days_in, period_index, periods_of_days
from crmlib.transactions.engine import EnginePurchases
from crmlib.transactions.log import TransactionLog, day_of

__all__ = [
    "CustomerSummary",
    "Holdout",
    "calibration_holdout",
    "customer_summary",
    "opportunity_summary",
    "summary_cells",
]


@dataclass(frozen=True)
class CustomerSummary:
    """What buy-till-you-die models and RFM scores need, and the unit of its times.

    `customers`: one row a customer with the columns ``frequency`` (days with a purchase after the first day),
    ``recency`` (from the first to the last purchase; 0 if there is one) and ``T`` (from the first purchase to `end`);
    for spend and scores also ``monetary_value`` (mean amount of the days after the first; NaN if there is none) and
    ``amount`` (of all days). With a column ``customers``, a row is that many customers with equal histories.
    `unit`: of recency and T, one of day, week, month and year. `end`: last day of observation, if known.

    Examples
    --------
    >>> own = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]}, index=["Ann"])
    >>> CustomerSummary(own, unit="week").unit
    'week'
    """

    customers: pd.DataFrame
    unit: str
    end: date | None = None

    def __post_init__(self) -> None:
        days_in(self.unit)
        if not isinstance(self.customers, pd.DataFrame):
            found = f"found a {type(self.customers).__name__}"
            raise InputError("The customer summary", [Problem("customers", found, "Give a table, one row a customer")])

    @property
    def amount(self) -> pd.Series:
        """What each customer spent; an error if the log has no amounts."""
        if "amount" not in self.customers:
            problem = Problem("column 'amount'", "is missing", "Give a log with amounts")
            raise InputError("The customer summary", [problem])
        return self.customers["amount"]

    def to_frame(self) -> pd.DataFrame:
        """The table of customers."""
        return self.customers

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        end = self.end and self.end.isoformat()
        return {"unit": self.unit, "end": end, "customers": self.customers.to_dict("index")}


@dataclass(frozen=True)
class Holdout:
    """A log split in time: `calibration` sees it up to its end; the holdout shows what the customers did next.

    `holdout` has, for the customers of the calibration, ``purchases`` (days with a purchase) and ``amount`` after
    the end of the calibration; `length` is the time from there to the end of the log, in the calibration's unit.
    `new_customers` first bought in the holdout; they are in neither table.
    """

    calibration: CustomerSummary
    holdout: pd.DataFrame
    length: float
    end: date
    new_customers: int

    def to_frame(self) -> pd.DataFrame:
        """The calibration's columns, then those of the holdout, named ``holdout_…``."""
        return self.calibration.customers.join(self.holdout.add_prefix("holdout_"))

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "calibration": self.calibration.to_dict(),
            "holdout": self.holdout.to_dict("index"),
            "length": self.length,
            "end": self.end.isoformat(),
            "new_customers": self.new_customers,
        }


@checked("The customer summary")
def customer_summary(log: TransactionLog, unit: str = "week") -> CustomerSummary:
    """Sum up each customer's purchases as buy-till-you-die models need them [fader2005]_.

    Several purchases on one day are one. The first day's purchase makes the customer known and counts neither in
    the frequency nor in the monetary value.

    Parameters
    ----------
    log
        A checked log; its end is the end of observation.
    unit
        Unit of recency and T: ``"day"``, ``"week"``, ``"month"`` (365.25/12 days) or ``"year"`` (365.25 days).

    Raises
    ------
    InputError
        For an unknown unit.

    Examples
    --------
    >>> from crmlib.transactions import transaction_log
    >>> dates = pd.to_datetime(["2019-01-07", "2019-01-21", "2019-01-21", "2019-01-14"])
    >>> table = pd.DataFrame({"customer": list("AAAB"), "date": dates, "amount": [9.0, 5.0, 7.0, 4.0]})
    >>> summary = customer_summary(transaction_log(table, end="2019-01-28"))
    >>> summary.customers[["frequency", "recency", "T", "monetary_value"]].loc["A"].to_list()
    [1.0, 2.0, 3.0, 12.0]
    """
    return _summary(log, log.purchases, log.end, unit)


@checked("The customer summary")
def summary_cells(log: TransactionLog, unit: str = "week") -> CustomerSummary:
    """Count the customers with equal frequency, recency and T.

    The counting is done where the log is, so that a table of any size comes back as some hundred thousand rows,
    which is all that the fit of a buy-till-you-die model needs.

    Returns a summary with the columns ``frequency``, ``recency``, ``T`` and ``customers``.

    Examples
    --------
    >>> from crmlib.transactions import transaction_log
    >>> dates = pd.to_datetime(["2019-01-07", "2019-01-14", "2019-01-07", "2019-01-14", "2019-01-21"])
    >>> log = transaction_log(pd.DataFrame({"customer": list("AABBC"), "date": dates, "amount": 5.0}), end="2019-01-28")
    >>> summary_cells(log).customers.to_dict("list")
    {'frequency': [0, 1], 'recency': [0.0, 1.0], 'T': [1.0, 3.0], 'customers': [1, 2]}
    """
    times = log.purchases.times()
    counts = collected(times.group_by("days", "first", "last").agg(nw.len().alias("customers")))
    cells = _times(counts, log.end, unit).assign(customers=counts["customers"])
    return CustomerSummary(cells.sort_values(["frequency", "recency", "T"], ignore_index=True), unit, log.end)


@checked("The split")
def calibration_holdout(log: TransactionLog, calibration_end: date | str, unit: str = "week") -> Holdout:
    """Split a log in time, to check a model against purchases that it has not seen.

    Raises
    ------
    InputError
        If `calibration_end` is before the first transaction or not before the end of the log.

    Examples
    --------
    >>> from crmlib.transactions import transaction_log
    >>> dates = pd.to_datetime(["2019-01-07", "2019-01-14", "2019-01-21", "2019-01-28"])
    >>> log = transaction_log(pd.DataFrame({"customer": list("AABA"), "date": dates, "amount": 5.0}))
    >>> split = calibration_holdout(log, "2019-01-15")
    >>> split.holdout["purchases"].to_dict(), split.new_customers
    ({'A': 1}, 1)
    """
    split = day_of(calibration_end, "calibration_end")
    if not log.first <= split < log.end:
        remedy = f"Choose a day from {log.first} to the day before {log.end}"
        raise InputError("The split", [Problem("calibration_end", f"found {split}", remedy)])
    calibration = _summary(log, log.purchases.until(split), split, unit)
    later = collected(log.purchases.after(split).customers()).set_index("customer")
    later = later.rename(columns={"days": "purchases"})[["purchases", *(["amount"] if log.amounts_known else [])]]
    holdout = later.reindex(calibration.customers.index).fillna(0).astype({"purchases": "int64"})
    return Holdout(
        calibration=calibration,
        holdout=holdout,
        length=(log.end - split).days / days_in(unit),
        end=log.end,
        new_customers=int((~later.index.isin(holdout.index)).sum()),
    )


def _summary(log: TransactionLog, purchases: ArrayPurchases | EnginePurchases, end: date, unit: str) -> CustomerSummary:
    rows = collected(purchases.customers()).set_index("customer").sort_index()
    customers = _times(rows, end, unit)
    if log.amounts_known:
        customers = customers.join(_money(customers["frequency"], rows["amount"], rows["first_amount"]))
    return CustomerSummary(customers, unit, end)


def _money(frequency: pd.Series, amount: pd.Series, first: pd.Series) -> pd.DataFrame:
    """Mean amount of the repeat purchases, NaN without any, and amount of all."""
    return pd.DataFrame({"monetary_value": (amount - first) / frequency.where(frequency > 0), "amount": amount})


@checked("The opportunities")
def opportunity_summary(log: TransactionLog, period: str = "month") -> CustomerSummary:
    """Count, for the BG/BB model, at how many opportunities each customer bought [fader2010]_.

    Every calendar period after that of the first purchase is an opportunity, used or not; more purchases in a period
    are one. So ``frequency`` is the number of periods with a purchase after the first, ``recency`` the last of them (0
    if there is none), and ``T`` the number of periods that the customer was observed, all counted from the first
    purchase. A last period that was cut short by the end of the log is left out, with the customers who came in it.

    Parameters
    ----------
    log
        A checked log; its end is the end of observation.
    period
        ``"day"``, ``"week"`` (from Monday), ``"month"`` or ``"year"``; the unit of the summary.

    Raises
    ------
    InputError
        For an unknown period, or a log that holds no whole one.

    Examples
    --------
    >>> from crmlib.transactions import transaction_log
    >>> dates = pd.to_datetime(["2019-01-07", "2019-03-21", "2019-03-28", "2019-02-14"])
    >>> table = pd.DataFrame({"customer": list("AAAB"), "date": dates, "amount": [9.0, 5.0, 7.0, 4.0]})
    >>> summary = opportunity_summary(transaction_log(table, end="2019-04-30"))
    >>> summary.customers[["frequency", "recency", "T"]].to_dict("list")
    {'frequency': [1, 0], 'recency': [2, 0], 'T': [3, 2]}
    """
    days_in(period)
    number = int(periods_of_days(log.end, log.end, period)[0])
    last = period_index(number, log.end, period)[-1]
    if last.end_time.date() != log.end:
        last, number = last - 1, number - 1
    end = last.end_time.date()
    if end < log.first:
        problem = Problem(
            "log", f"from {log.first} to {log.end} holds no whole {period}", "Take a shorter period, or a longer log"
        )
        raise InputError("The opportunities", [problem])
    found = log.purchases.until(end).periods(period)
    starts, stops = found.amounts.indptr[:-1], found.amounts.indptr[1:]
    first, latest = (found.amounts.indices[at].astype("int64") for at in (starts, stops - 1))
    index = found.customers.rename("customer")
    customers = pd.DataFrame(
        {"frequency": stops - starts - 1, "recency": latest - first, "T": number - found.first - first}, index
    )
    if log.amounts_known:
        amount = pd.Series(np.add.reduceat(found.amounts.data, starts), index)
        customers = customers.join(_money(customers["frequency"], amount, pd.Series(found.amounts.data[starts], index)))
    return CustomerSummary(customers.sort_index().astype({"frequency": "int64"}), period, end)


def _times(rows: pd.DataFrame, end: date, unit: str) -> pd.DataFrame:
    """Frequency, recency and T from the days with a purchase, the first and the last."""
    first, last = (rows[name].to_numpy().astype("datetime64[D]") for name in ("first", "last"))
    days = days_in(unit)
    return pd.DataFrame(
        {
            "frequency": rows["days"].to_numpy().astype("int64") - 1,
            "recency": (last - first).astype("int64") / days,
            "T": (np.datetime64(end, "D") - first).astype("int64") / days,
        },
        index=rows.index,
    )
