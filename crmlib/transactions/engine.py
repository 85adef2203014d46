"""Purchases that stay in the caller's engine: each question becomes one query, only its answer comes back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import pandas as pd

from crmlib.transactions.arrays import PeriodTable
from crmlib.transactions.bad_rows import collected
from crmlib.transactions.calendar import period_number

__all__ = ["EnginePurchases"]


@dataclass(frozen=True)
class EnginePurchases:
    """Purchases in a lazy table with the columns ``customer``, ``date`` (a day) and ``amount``."""

    frame: nw.LazyFrame[Any]

    @classmethod
    def of(cls, clean: nw.LazyFrame[Any]) -> "EnginePurchases":
        """The purchases of a checked table."""
        return cls(clean.select("customer", nw.col("date").cast(nw.Date), "amount"))

    def until(self, day: date) -> "EnginePurchases":
        """The purchases up to a day, that day included."""
        return EnginePurchases(self.frame.filter(nw.col("date") <= nw.lit(day)))

    def after(self, day: date) -> "EnginePurchases":
        """The purchases after a day."""
        return EnginePurchases(self.frame.filter(nw.col("date") > nw.lit(day)))

    def times(self) -> nw.LazyFrame[Any]:
        """One row a customer: the number of days with a purchase, the first and the last, and the amount."""
        return (
            self._days()
            .group_by("customer")
            .agg(
                nw.len().alias("days"),
                nw.col("date").min().alias("first"),
                nw.col("date").max().alias("last"),
                nw.col("amount").sum(),
            )
        )

    def customers(self) -> nw.LazyFrame[Any]:
        """The same with the amount of the first day, ``first_amount``."""
        first = self._days().rename({"date": "first", "amount": "first_amount"})
        return self.times().join(first, on=["customer", "first"])

    def _days(self) -> nw.LazyFrame[Any]:
        """One row a customer and day with a purchase."""
        return self.frame.group_by("customer", "date").agg(nw.col("amount").sum())

    def periods(self, period: str) -> PeriodTable:
        """What every customer spent in every period."""
        rows = collected(self._periods(period))
        codes, customers = pd.factorize(rows["customer"])
        return PeriodTable.of(pd.Index(customers), codes, rows["period"].to_numpy(), rows["amount"].to_numpy())

    def _periods(self, period: str) -> nw.LazyFrame[Any]:
        """One row a customer and period in which he bought, with the amount."""
        numbered = self.frame.select("customer", "amount", period=period_number(period))
        return numbered.group_by("customer", "period").agg(nw.col("amount").sum())

    def cohorts(self, period: str) -> pd.DataFrame:
        """By cohort and period: the customers who bought, and the amount."""
        periods = self._periods(period)
        cohorts = periods.group_by("customer").agg(nw.col("period").min().alias("cohort"))
        cells = (
            periods.join(cohorts, on="customer")
            .group_by("cohort", "period")
            .agg(nw.len().alias("customers"), nw.col("amount").sum())
        )
        return collected(cells)
