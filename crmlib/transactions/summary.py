"""One row a customer: how often, how recently and for how long he bought, and what he spent."""

from dataclasses import dataclass
from datetime import date

import narwhals as nw
import numpy as np
import pandas as pd

from crmlib.errors import InputError, Problem
from crmlib.transactions.bad_rows import Frame, collected
from crmlib.transactions.calendar import days_in
from crmlib.transactions.log import TransactionLog, day_of

__all__ = ["CustomerSummary", "Holdout", "calibration_holdout", "customer_summary", "summary_cells"]


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
    return _summary(log.purchases.customers(), log.end, unit)


def summary_cells(log: TransactionLog, unit: str = "week") -> CustomerSummary:
    """Count the customers with equal frequency, recency and T.

    The counting is done where the log is, so that a table of any size comes back as some hundred thousand rows,
    which is all that the fit of a buy-till-you-die model needs.

    Returns a summary with the columns ``frequency``, ``recency``, ``T`` and ``customers``.
    """
    times = log.purchases.times()
    counts = collected(times.group_by("days", "first", "last").agg(nw.len().alias("customers")))
    cells = _times(counts, log.end, unit).assign(customers=counts["customers"])
    return CustomerSummary(cells.sort_values(["frequency", "recency", "T"], ignore_index=True), unit, log.end)


def calibration_holdout(log: TransactionLog, calibration_end: date | str, unit: str = "week") -> Holdout:
    """Split a log in time, to check a model against purchases that it has not seen.

    Raises
    ------
    InputError
        If `calibration_end` is before the first transaction or not before the end of the log.
    """
    split = day_of(calibration_end, "calibration_end")
    if not log.first <= split < log.end:
        remedy = f"Choose a day from {log.first} to the day before {log.end}"
        raise InputError("The split", [Problem("calibration_end", f"found {split}", remedy)])
    calibration = _summary(log.purchases.until(split).customers(), split, unit)
    later = collected(log.purchases.after(split).customers()).set_index("customer")
    later = later.rename(columns={"days": "purchases"})[["purchases", "amount"]]
    holdout = later.reindex(calibration.customers.index).fillna(0).astype({"purchases": "int64"})
    return Holdout(
        calibration=calibration,
        holdout=holdout,
        length=(log.end - split).days / days_in(unit),
        end=log.end,
        new_customers=int((~later.index.isin(holdout.index)).sum()),
    )


def _summary(table: Frame, end: date, unit: str) -> CustomerSummary:
    rows = collected(table).set_index("customer").sort_index()
    customers = _times(rows, end, unit)
    repeat = rows["amount"] - rows["first_amount"]
    customers["monetary_value"] = repeat / customers["frequency"].where(customers["frequency"] > 0)
    customers["amount"] = rows["amount"]
    return CustomerSummary(customers, unit, end)


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
