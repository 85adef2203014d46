"""Days, weeks, months, quarters and years as numbers that every engine can work out."""

from datetime import date

import narwhals as nw
import numpy as np
import pandas as pd

from crmlib.checks import check_choice, refuse

__all__ = ["days_in", "period_index", "period_number", "periods_of_days"]

#: Days in a unit of time; months and years are means.
_DAYS_IN: dict[str, float] = {"day": 1, "week": 7, "month": 365.25 / 12, "year": 365.25}
#: Calendar periods and pandas' codes for them; a week begins on Monday.
_CODES: dict[str, str] = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}


def days_in(unit: str) -> float:
    """Days in a unit of time: day, week, month (365.25/12 days) or year (365.25 days)."""
    refuse("The unit of time", check_choice("unit", unit, _DAYS_IN))
    return _DAYS_IN[unit]


def period_number(period: str) -> nw.Expr:
    """The number of the period in which column ``date`` falls; the next period has the next number.

    Only parts of the date are asked for: engines differ in what else they can do with one.
    """
    refuse("The period", check_choice("period", period, _CODES))
    year, month, day = (
        part.cast(nw.Int64)
        for part in (nw.col("date").dt.year(), nw.col("date").dt.month(), nw.col("date").dt.ordinal_day())
    )
    if period == "year":
        return year
    if period == "quarter":
        return year * 4 + (month - 1) // 3
    if period == "month":
        return year * 12 + month - 1
    past = year - 1
    ordinal = past * 365 + past // 4 - past // 100 + past // 400 + day - 1  # days since Monday, 1 January of year 1
    return ordinal if period == "day" else ordinal // 7


def periods_of_days(first: date, last: date, period: str) -> np.ndarray:
    """The number of the period of each day from the first to the last."""
    days = pd.DataFrame({"date": pd.date_range(first, last)})
    numbers: np.ndarray = (
        nw.from_native(days, eager_only=True).select(number=period_number(period))["number"].to_numpy()
    )
    return numbers


def period_index(first: int, end: date, period: str) -> pd.PeriodIndex:
    """The periods from the one with number `first` to the one in which `end` falls."""
    count = int(periods_of_days(end, end, period)[0]) - first + 1
    return pd.period_range(end=pd.Period(end, _CODES[period]), periods=count)
