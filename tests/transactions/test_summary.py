import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.transactions import calibration_holdout, customer_summary, summary_cells, transaction_log

days = st.integers(0, 60).map(lambda day: pd.Timestamp("2019-01-01") + pd.Timedelta(days=day))
rows = st.lists(st.tuples(st.sampled_from("ABCDE"), days, st.integers(1, 999)), min_size=1, max_size=40)


def log_of(purchases, end="2019-03-31"):
    return transaction_log(pd.DataFrame(purchases, columns=["customer", "date", "amount"]), end=end)


def test_one_purchase_leaves_no_repeat():
    summary = customer_summary(log_of([("A", pd.Timestamp("2019-03-24"), 5)])).customers.loc["A"]
    assert summary[["frequency", "recency", "T", "amount"]].to_list() == [0, 0, 1, 5]
    assert np.isnan(summary["monetary_value"])


def test_a_first_purchase_on_the_last_day_has_no_time():
    assert customer_summary(log_of([("A", pd.Timestamp("2019-03-31 23:00"), 5)])).customers["T"].item() == 0


def test_the_spend_of_the_first_day_counts_in_the_total_only():
    at = pd.to_datetime(
        ["2019-01-01 09:00", "2019-01-01 20:00", "2019-01-15", "2019-01-15", "2019-01-29"], format="ISO8601"
    )
    summary = customer_summary(log_of(list(zip("AAAAA", at, [100, 1, 20, 4, 36], strict=True)))).customers.loc["A"]
    assert summary[["frequency", "recency", "monetary_value", "amount"]].to_list() == [2, 4, 30, 161]


@pytest.mark.parametrize(
    ("unit", "length"), [("day", 365), ("week", 365 / 7), ("month", 365 / (365.25 / 12)), ("year", 365 / 365.25)]
)
def test_times_are_in_the_unit(unit, length):
    log = log_of([("A", pd.Timestamp("2019-01-01"), 5), ("A", pd.Timestamp("2020-01-01"), 5)], end="2020-01-01")
    summary = customer_summary(log, unit)
    assert summary.customers.loc["A", ["recency", "T"]].to_list() == pytest.approx([length, length], rel=1e-15)
    assert (summary.unit, str(summary.end)) == (unit, "2020-01-01")


def test_an_unknown_unit_is_refused():
    with pytest.raises(InputError, match="found 'weeks'"):
        customer_summary(log_of([("A", pd.Timestamp("2019-01-01"), 5)]), "weeks")


@settings(max_examples=10)
@given(rows)
def test_properties_of_a_summary(purchases):
    log = log_of(purchases)
    table = customer_summary(log, "day").customers
    assert list(table.index) == sorted({name for name, _, _ in purchases})
    assert (table["frequency"] >= 0).all()
    assert (table["recency"] >= table["frequency"]).all()
    assert (table["recency"] <= table["T"]).all()
    assert ((table["frequency"] == 0) == table["monetary_value"].isna()).all()
    assert table["amount"].sum() == sum(amount for _, _, amount in purchases)
    cells = summary_cells(log, "day").customers
    assert cells["customers"].sum() == len(table)
    counted = table.groupby(["frequency", "recency", "T"], as_index=False).size().rename(columns={"size": "customers"})
    pd.testing.assert_frame_equal(cells, counted)


@settings(max_examples=10)
@given(rows, st.integers(0, 59))
def test_calibration_and_holdout_share_the_purchases_out(purchases, day):
    log, split = log_of(purchases), pd.Timestamp("2019-01-01") + pd.Timedelta(days=day)
    if split.date() < log.first:
        with pytest.raises(InputError, match="calibration_end"):
            calibration_holdout(log, split)
        return
    found = calibration_holdout(log, split.date().isoformat(), "day")
    whole = customer_summary(log, "day").customers
    known = whole.loc[found.holdout.index]
    assert found.new_customers == len(whole) - len(known)
    table = found.to_frame()
    assert (table["frequency"] + table["holdout_purchases"] == known["frequency"]).all()
    assert (table["amount"] + table["holdout_amount"] == known["amount"]).all()
    assert (table["T"] + found.length == known["T"]).all()
    before = customer_summary(log_of([row for row in purchases if row[1] <= split], end=split), "day")
    pd.testing.assert_frame_equal(found.calibration.customers, before.customers)


def test_a_split_needs_purchases_before_and_time_after():
    log = log_of([("A", pd.Timestamp("2019-01-05"), 5)])
    assert calibration_holdout(log, "2019-03-30").length == pytest.approx(1 / 7)
    for day in ("2019-01-04", "2019-03-31", "2020-01-01"):
        with pytest.raises(InputError, match="Choose a day from 2019-01-05 to the day before 2019-03-31"):
            calibration_holdout(log, day)


def test_results_speak_plain_python():
    log = log_of([("A", pd.Timestamp("2019-01-05"), 5), ("A", pd.Timestamp("2019-02-05"), 7)])
    assert customer_summary(log, "day").to_dict() == {
        "unit": "day",
        "end": "2019-03-31",
        "customers": {"A": {"frequency": 1, "recency": 31.0, "T": 85.0, "monetary_value": 7.0, "amount": 12.0}},
    }
    split = calibration_holdout(log, "2019-01-31", "day").to_dict()
    assert split["holdout"] == {"A": {"purchases": 1, "amount": 7.0}}
    assert (split["length"], split["new_customers"]) == (59.0, 0)
