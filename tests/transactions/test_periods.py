from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.transactions import cohort_table, revenue_by_period, transaction_log
from crmlib.transactions.calendar import period_index, periods_of_days

days = st.dates(min_value=pd.Timestamp("2018-11-01").date(), max_value=pd.Timestamp("2020-03-10").date())
rows = st.lists(
    st.tuples(st.sampled_from("ABCDE"), days.map(pd.Timestamp), st.integers(1, 999)), min_size=1, max_size=40
)
PERIODS = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}


def log_of(purchases, end="2020-03-15"):
    return transaction_log(pd.DataFrame(purchases, columns=["customer", "date", "amount"]), end=end)


@settings(max_examples=10)
@given(rows, st.sampled_from(list(PERIODS)))
def test_properties_of_cohorts(purchases, period):
    log = log_of(purchases)
    table = cohort_table(log, period)
    assert table.customers[0].sum() == len({name for name, _, _ in purchases})
    assert np.nansum(table.revenue) == sum(amount for _, _, amount in purchases)
    assert (table.rates[0] == 1).all()
    assert table.rates.max().max() <= 1
    last = pd.Period("2020-03-15", PERIODS[period])
    for cohort, row in table.customers.iterrows():
        assert row.notna().sum() == (last - cohort).n + 1
    wide = revenue_by_period(log, period)
    pd.testing.assert_index_equal(wide.columns, pd.period_range(table.customers.index[0], last, freq=PERIODS[period]))
    active = (wide > 0).sum()
    for age in table.customers:
        for cohort, count in table.customers[age].dropna().items():
            active[cohort + age] -= count
    assert (active == 0).all()


@given(st.dates(pd.Timestamp("1900-01-01").date(), pd.Timestamp("2100-12-31").date()), st.sampled_from(list(PERIODS)))
@settings(max_examples=10)
def test_periods_are_those_of_pandas(day, period):
    number, code = periods_of_days(day, day, period)[0], PERIODS[period]
    assert period_index(number, day, period).to_list() == [pd.Period(day, code)]
    labels = period_index(number, day + timedelta(days=400), period)
    assert (labels[0], labels[-1]) == (pd.Period(day, code), pd.Period(day + timedelta(days=400), code))


def test_what_was_not_observed_is_missing_and_what_was_is_nought():
    purchases = [("A", pd.Timestamp("2020-01-07"), 5), ("B", pd.Timestamp("2020-02-07"), 7)]
    table = cohort_table(log_of(purchases))
    assert table.customers.loc["2020-01"].to_list() == [1, 0, 0]
    assert table.customers.loc["2020-02"].to_list()[:2] == [1, 0]
    assert np.isnan(table.customers.loc["2020-02", 2])
    assert not table.last_complete
    assert cohort_table(log_of(purchases, end="2020-03-31")).last_complete
    assert table.to_dict()["cohorts"][-1] == {
        "cohort": "2020-02",
        "months since": 1,
        "customers": 0,
        "rate": 0.0,
        "revenue": 0.0,
    }


def test_revenue_by_period_is_nought_without_a_purchase():
    wide = revenue_by_period(log_of([("B", pd.Timestamp("2018-12-31"), 5), ("A", pd.Timestamp("2020-01-01"), 7)]))
    assert wide.to_dict("split")["data"] == [[0, 0, 7], [5, 0, 0]]
    assert list(wide.index) == ["A", "B"]


def test_an_unknown_period_is_refused():
    for call in (cohort_table, revenue_by_period):
        with pytest.raises(InputError, match="Use day, week, month, quarter, year"):
            call(log_of([("A", pd.Timestamp("2020-01-07"), 5)]), "decade")
