import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.clv import fit_bg_bb
from crmlib.errors import InputError
from crmlib.pareto import abc_classes
from crmlib.transactions import (
    CustomerSummary,
    calibration_holdout,
    customer_summary,
    opportunity_summary,
    rfm_scores,
    summary_cells,
    transaction_log,
)

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


@settings(max_examples=20)
@given(rows, st.sampled_from(["day", "week", "month", "year"]), st.sampled_from(["2019-03-31", "2019-04-14"]))
def test_opportunities_are_counted_by_calendar_periods(purchases, period, end):
    log = log_of(purchases, end)
    code = {"day": "D", "week": "W-SUN", "month": "M", "year": "Y"}[period]
    last = pd.Period(end, code)
    last = last if last.end_time.date() == log.end else last - 1
    used = {}
    for name, day, amount in purchases:
        if pd.Period(day, code) <= last:
            own = used.setdefault(name, {})
            own[pd.Period(day, code)] = own.get(pd.Period(day, code), 0) + amount
    if not used:
        with pytest.raises(InputError, match="no whole"):
            opportunity_summary(log, period)
        return
    summary = opportunity_summary(log, period)
    table = summary.customers
    assert list(table.index) == sorted(used)
    assert (summary.unit, summary.end) == (period, last.end_time.date())
    for name, own in used.items():
        first, latest = min(own), max(own)
        found = table.loc[name]
        assert found["frequency"] == len(own) - 1
        assert (found["recency"], found["T"]) == ((latest - first).n, (last - first).n)
        assert found["amount"] == sum(own.values())
        if len(own) > 1:
            assert found["monetary_value"] == pytest.approx((sum(own.values()) - own[first]) / (len(own) - 1))


def test_the_opportunities_of_a_log_are_fitted_as_they_come():
    rng = np.random.default_rng(1)
    days = pd.Timestamp("2019-01-01") + pd.to_timedelta(rng.integers(0, 365, 900), unit="D")
    log = transaction_log(pd.DataFrame({"customer": rng.integers(0, 300, 900), "date": days}), amount=None)
    assert fit_bg_bb(opportunity_summary(log)).model.unit == "month"


@settings(max_examples=10)
@given(rows)
def test_a_log_without_amounts_gives_histories_and_no_money(purchases):
    table = pd.DataFrame(purchases, columns=["customer", "date", "amount"])
    log = transaction_log(table.drop(columns="amount"), end="2019-03-31", amount=None)
    with_amounts = log_of(purchases)
    assert log.rows == with_amounts.rows
    assert not log.to_dict()["amounts_known"]
    columns = ["frequency", "recency", "T"]
    for summary in (customer_summary, opportunity_summary):
        pd.testing.assert_frame_equal(summary(log).customers, summary(with_amounts).customers[columns])
    with pytest.raises(InputError, match="column 'amount': is missing"):
        abc_classes(customer_summary(log))
    with pytest.raises(InputError, match="column 'amount': is missing"):
        rfm_scores(customer_summary(log))
    split = log.first
    assert list(calibration_holdout(log, split).holdout) == ["purchases"]


def test_a_summary_goes_into_scores_and_classes():
    summary = customer_summary(log_of([("A", pd.Timestamp("2019-01-05"), 5), ("B", pd.Timestamp("2019-02-05"), 700)]))
    assert rfm_scores(summary).to_frame().equals(rfm_scores(summary.customers).to_frame())
    assert abc_classes(summary).classes.equals(abc_classes(summary.customers["amount"]).classes)


@pytest.mark.parametrize(
    ("customers", "unit", "said"),
    [
        ([1, 2], "week", "customers: found a list"),
        (pd.DataFrame(), "weeks", "unit: found 'weeks'"),
        (pd.DataFrame(), None, "unit: found None"),
    ],
)
def test_a_summary_of_one_s_own_says_what_it_is(customers, unit, said):
    with pytest.raises(InputError) as error:
        CustomerSummary(customers, unit)
    assert said in str(error.value)
