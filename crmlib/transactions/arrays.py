"""Purchases of a table in memory, as arrays: customers × time as a sparse matrix answers every question."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import scipy

from crmlib.transactions.calendar import periods_of_days

__all__ = ["ArrayPurchases", "PeriodTable"]

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class PeriodTable:
    """What customers spent: `amounts` of shape (customers, periods), the first period having the number `first`."""

    customers: pd.Index
    first: int
    amounts: "scipy.sparse.csr_array"  # in quotes, so that SciPy's tables load when one is made

    @classmethod
    def of(cls, customers: pd.Index, codes: np.ndarray, periods: np.ndarray, amounts: np.ndarray) -> "PeriodTable":
        """Add up amounts by customer (a position in `customers`) and period (a number)."""
        first, last = (int(periods.min()), int(periods.max())) if len(periods) else (0, 0)
        columns, shape = (periods - first).astype(np.int32), (len(customers), last - first + 1)
        # Sorting by customer in one pass of counting, this is faster than any group-by of hashes.
        table = scipy.sparse.coo_array((amounts, (codes, columns)), shape=shape).tocsr()
        table.sum_duplicates()
        return cls(customers, first, table)


@dataclass(frozen=True)
class ArrayPurchases:
    """Purchases by position: `codes` into `labels`, `days` since 1970, `amounts`."""

    labels: pd.Index
    codes: np.ndarray
    days: np.ndarray
    amounts: np.ndarray

    @classmethod
    def of(cls, clean: nw.DataFrame[Any]) -> "ArrayPurchases":
        """The purchases of a checked table."""
        codes, labels = pd.factorize(clean["customer"].to_pandas())
        if isinstance(labels, pd.CategoricalIndex):
            labels = labels.astype(labels.categories.dtype)
        days = clean["date"].to_numpy().astype("datetime64[D]").astype(np.int32)
        return cls(pd.Index(labels), codes.astype(np.int32), days, clean["amount"].to_numpy())

    def until(self, day: date) -> "ArrayPurchases":
        """The purchases up to a day, that day included."""
        return self._where(self.days <= day.toordinal() - _EPOCH)

    def after(self, day: date) -> "ArrayPurchases":
        """The purchases after a day."""
        return self._where(self.days > day.toordinal() - _EPOCH)

    def _where(self, chosen: np.ndarray) -> "ArrayPurchases":
        present, codes = np.unique(self.codes[chosen], return_inverse=True)
        return ArrayPurchases(self.labels[present], codes.astype(np.int32), self.days[chosen], self.amounts[chosen])

    def times(self) -> nw.DataFrame[Any]:
        """One row a customer: the number of days with a purchase, the first and the last, and the amount."""
        return self.customers()

    def customers(self) -> nw.DataFrame[Any]:
        """The same with the amount of the first day, ``first_amount``."""
        table = PeriodTable.of(self.labels, self.codes, self.days, self.amounts)
        starts, ends = table.amounts.indptr[:-1], table.amounts.indptr[1:]
        first, last = (
            (table.first + table.amounts.indices[at].astype("int64")).astype("datetime64[D]").astype("datetime64[s]")
            for at in (starts, ends - 1)
        )
        columns = {
            "customer": self.labels,
            "days": ends - starts,
            "first": first,
            "last": last,
            "amount": np.add.reduceat(table.amounts.data, starts),
            "first_amount": table.amounts.data[starts],
        }
        return nw.from_native(pd.DataFrame(columns), eager_only=True)

    def periods(self, period: str) -> PeriodTable:
        """What every customer spent in every period."""
        low, high = int(self.days.min()), int(self.days.max())
        numbers = periods_of_days(date.fromordinal(low + _EPOCH), date.fromordinal(high + _EPOCH), period)
        return PeriodTable.of(self.labels, self.codes, numbers[self.days - low], self.amounts)

    def cohorts(self, period: str) -> pd.DataFrame:
        """By cohort and period: the customers who bought, and the amount."""
        table = self.periods(period)
        entries, columns = np.diff(table.amounts.indptr), table.amounts.shape[1]
        cohort = np.repeat(table.amounts.indices[table.amounts.indptr[:-1]], entries).astype("int64")
        cell = cohort * columns + table.amounts.indices
        customers = np.bincount(cell)
        amount = np.bincount(cell, weights=table.amounts.data)
        found = np.flatnonzero(customers)
        return pd.DataFrame(
            {
                "cohort": table.first + found // columns,
                "period": table.first + found % columns,
                "customers": customers[found],
                "amount": amount[found],
            }
        )
