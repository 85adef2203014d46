"""One log and its answers, worked out by hand: every engine must give the same."""

from collections import defaultdict
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from crmlib.transactions import (
    calibration_holdout,
    cohort_table,
    customer_summary,
    revenue_by_period,
    summary_cells,
    transaction_log,
)

END, SPLIT = date(2019, 12, 31), date(2018, 12, 31)


def purchases(rows: int = 400, customers: int = 60) -> list[tuple[str, datetime, float, str]]:
    """Customer, time, amount and order; some buy twice a day, some once, some only in the second year."""
    rng = np.random.default_rng(5)
    start = datetime(2018, 1, 1)
    made = [
        (f"c{rng.integers(customers)}", start + timedelta(hours=int(hour)), float(amount), f"o{number}")
        for number, (hour, amount) in enumerate(
            zip(rng.integers(0, 700 * 24, rows), rng.integers(1, 9999, rows) / 100, strict=True)
        )
    ]
    twice = [(name, when + timedelta(minutes=1), amount + 1, f"{order}b") for name, when, amount, order in made[:40]]
    once = [(f"once{number}", start + timedelta(days=number % 3), 5.0, f"x{number}") for number in range(30)]
    return [*made, *twice, *once, ("c1", datetime(2018, 12, 31, 23, 59), 7.0, "last of the year")]


def frame() -> pd.DataFrame:
    """The log as a pandas frame."""
    return pd.DataFrame(purchases(), columns=["customer", "date", "amount", "order"]).astype({"date": "datetime64[us]"})


def answers(table: object) -> dict[str, pd.DataFrame]:
    """What the library makes of the log."""
    log = transaction_log(table, order="order", end=END)
    cohorts = cohort_table(log, "quarter")
    split = calibration_holdout(log, SPLIT, unit="day")
    return {
        "summary": customer_summary(log, unit="day").to_frame(),
        "cells": summary_cells(log, unit="day").customers,
        "holdout": split.to_frame(),
        "new": pd.DataFrame({"new": [split.new_customers]}),
        "cohorts": cohorts.customers,
        "cohort revenue": cohorts.revenue,
        "weeks": cohort_table(log, "week").customers,
        "revenue": revenue_by_period(log, "year"),
    }


def summary_by_hand(rows: list[tuple[str, datetime, float, str]], end: date) -> pd.DataFrame:
    """One row a customer, in plain Python."""
    days: dict[str, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for name, time, amount, _ in rows:
        days[name][time.date()] += amount
    table = {}
    for name, spent in days.items():
        first, last = min(spent), max(spent)
        repeat = [amount for day, amount in spent.items() if day != first]
        table[name] = {
            "frequency": len(repeat),
            "recency": float((last - first).days),
            "T": float((end - first).days),
            "monetary_value": sum(repeat) / len(repeat) if repeat else float("nan"),
            "amount": sum(spent.values()),
        }
    return pd.DataFrame.from_dict(table, orient="index").rename_axis("customer").sort_index()


def by_hand() -> dict[str, pd.DataFrame]:
    """The same answers in plain Python."""
    rows = purchases()
    summary = summary_by_hand(rows, END)
    calibration = summary_by_hand([row for row in rows if row[1].date() <= SPLIT], SPLIT)
    later = [row for row in rows if row[1].date() > SPLIT]
    known = [row for row in later if row[0] in calibration.index]
    holdout = pd.DataFrame(
        {
            "holdout_purchases": [
                len({time.date() for name, time, _, _ in known if name == one}) for one in calibration.index
            ],
            "holdout_amount": [sum(amount for name, _, amount, _ in known if name == one) for one in calibration.index],
        },
        index=calibration.index,
    )
    cells = summary.groupby(["frequency", "recency", "T"], as_index=False).size().rename(columns={"size": "customers"})
    revenue = pd.DataFrame(0.0, index=summary.index, columns=pd.period_range("2018", "2019", freq="Y"))
    for name, time, amount, _ in rows:
        revenue.loc[name, pd.Period(time, "Y")] += amount
    return {
        "summary": summary,
        "cells": cells,
        "holdout": calibration.join(holdout),
        "new": pd.DataFrame({"new": [len({row[0] for row in later} - set(calibration.index))]}),
        "cohorts": cohorts_by_hand(rows, "Q")[0],
        "cohort revenue": cohorts_by_hand(rows, "Q")[1],
        "weeks": cohorts_by_hand(rows, "W-SUN")[0],
        "revenue": revenue,
    }


def cohorts_by_hand(rows: list[tuple[str, datetime, float, str]], code: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Customers and revenue by cohort and age, in plain Python."""
    first: dict[str, pd.Period] = {}
    for name, time, _, _ in rows:
        period = pd.Period(time, code)
        first[name] = min(first.get(name, period), period)
    last = pd.Period(END, code)
    labels = pd.period_range(min(first.values()), last, freq=code, name="cohort")
    ages = range(len(labels))
    who: dict[tuple[pd.Period, int], set[str]] = defaultdict(set)
    spent: dict[tuple[pd.Period, int], float] = defaultdict(float)
    for name, time, amount, _ in rows:
        place = (first[name], (pd.Period(time, code) - first[name]).n)
        who[place].add(name)
        spent[place] += amount
    started = [label for label in labels if label in set(first.values())]
    tables = [
        pd.DataFrame(
            [[float(value((label, age))) if label + age <= last else np.nan for age in ages] for label in started],
            index=pd.PeriodIndex(started, name="cohort"),
        )
        for value in (lambda place: len(who[place]), lambda place: spent[place])
    ]
    return tables[0], tables[1]


def assert_same(found: dict[str, pd.DataFrame], expected: dict[str, pd.DataFrame]) -> None:
    """The same rows, columns and numbers; sums may differ in the last bits, as engines add in another order."""
    for name, table in expected.items():
        pd.testing.assert_frame_equal(
            found[name], table, check_dtype=False, check_names=False, check_index_type=False, check_column_type=False,
            rtol=1e-12, obj=name,
        )  # fmt: skip
