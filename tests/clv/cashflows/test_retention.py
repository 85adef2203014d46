import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.clv.cashflows.discounting import TIMINGS, annuity_factor, discounted_cash_flows
from crmlib.clv.cashflows.retention import (
    FIRST_MARGINS,
    continuous_value,
    expected_margins,
    margin_multiple,
    profit_curve,
    purchase_cycle_value,
    share_within,
)
from crmlib.errors import InputError
from tests.clv.references import reference

RETENTION, RATE = st.floats(0, 1), st.floats(0.02, 1)


def test_gupta_lehmann_2003_margin_multiple():
    terms, expected, tolerance = reference("gupta_lehmann_margin_multiple")
    retention = pd.Series(terms["retention"])
    table = np.column_stack([margin_multiple(retention, rate, "end", "at_risk") for rate in terms["discount"]])
    assert table == pytest.approx(np.array(expected), abs=tolerance)


@given(RETENTION, RATE)
def test_the_three_conventions_of_the_endless_multiple(r, d):
    assert margin_multiple(r, d, "end", "at_risk") == pytest.approx(r / (1 + d - r))
    assert margin_multiple(r, d, "start", "certain") == pytest.approx((1 + d) / (1 + d - r))
    assert margin_multiple(r, d, "end", "certain") == pytest.approx(1 / (1 + d - r))


@given(RETENTION, RATE)
def test_a_certain_margin_now_is_one_margin_more_than_the_multiple_at_risk(r, d):
    now, later = margin_multiple(r, d, "start", "certain"), margin_multiple(r, d, "end", "at_risk")
    assert now == pytest.approx(1 + later)


@pytest.mark.parametrize("timing", TIMINGS)
@pytest.mark.parametrize("first", FIRST_MARGINS)
@given(r=RETENTION, d=st.floats(-0.3, 1), g=st.floats(-0.5, 0.5), periods=st.integers(1, 12))
@settings(max_examples=10)
def test_constant_retention_is_a_special_case_of_the_general_stream(timing, first, r, d, g, periods):
    margin = pd.DataFrame([7 * (1 + g) ** np.arange(periods)])
    expected = expected_margins(margin, pd.DataFrame(r, margin.index, margin.columns), first)
    stream = discounted_cash_flows(expected, d, timing, horizon=periods).value[0]
    assert 7 * margin_multiple(r, d, timing, first, periods, g) == pytest.approx(stream, rel=1e-9, abs=1e-12)


@given(RETENTION, RATE, st.integers(0, 30))
def test_the_share_within_a_horizon_does_not_depend_on_timing(r, d, periods):
    for timing in TIMINGS:
        for first in FIRST_MARGINS:
            endless = margin_multiple(r, d, timing, first)
            within = margin_multiple(r, d, timing, first, periods)
            assert within == pytest.approx(share_within(periods, r, d) * endless)
    assert share_within(periods, r, d) == pytest.approx(1 - (r / (1 + d)) ** periods if periods else 0)


@given(RETENTION, RATE)
def test_endless_is_the_limit_of_many_years(r, d):
    assert margin_multiple(r, d, "middle", "certain", 5000) == pytest.approx(margin_multiple(r, d, "middle", "certain"))


def test_nobody_stays_and_everybody_stays():
    assert margin_multiple(0, 0.1, "start", "certain") == 1
    assert margin_multiple(0, 0.1, "end", "at_risk") == 0
    assert margin_multiple(1, 0.1, "end", "certain") == pytest.approx(annuity_factor(0.1, np.inf, "end"))
    assert margin_multiple(1, 0, "end", "certain", 5) == 5
    assert margin_multiple(0.5, 0, "start", "certain") == 2
    assert margin_multiple(0.9, 0.1, "end", "certain", 0) == 0


@pytest.mark.parametrize(("r", "d", "g"), [(1, 0, 0), (1, -0.1, 0), (0.9, -0.1, 0), (0.9, 0.1, 0.3)])
def test_a_value_without_a_limit_is_an_error(r, d, g):
    with pytest.raises(InputError, match="endless payments have no finite value"):
        margin_multiple(r, d, "end", "certain", growth=g)
    assert math.isfinite(margin_multiple(r, d, "end", "certain", 50, g))


def test_customers_are_matched_by_label():
    retention, rate = pd.Series({"A": 0.8, "B": 0.5}), pd.Series({"B": 0.2, "A": 0.1})
    assert margin_multiple(retention, rate, "end", "at_risk").to_dict() == pytest.approx({"A": 8 / 3, "B": 0.5 / 0.7})


def test_retention_may_change_from_year_to_year():
    margin = pd.DataFrame([[100.0] * 3, [100.0] * 3], ["A", "B"])
    retention = pd.DataFrame([[0.9, 0.5, 0.8], [0.9, 0.9, 0.9]], ["A", "B"])
    assert expected_margins(margin, retention, "certain").loc["A"].tolist() == pytest.approx([100, 50, 40])
    assert expected_margins(margin, retention, "at_risk").loc["A"].tolist() == pytest.approx([90, 45, 36])
    assert expected_margins(margin, retention[::-1], "at_risk").loc["B"].tolist() == pytest.approx([90, 81, 72.9])


@pytest.mark.parametrize(
    ("retention", "first", "message"),
    [
        (pd.DataFrame([[0.9, 1.1]]), "certain", "retention into period 1 of customer 0: found 1.1"),
        (pd.DataFrame([[0.9, np.nan]]), "certain", "retention into period 1 of customer 0: is missing"),
        (pd.DataFrame([[0.9, 0.9, 0.9]]), "certain", "periods: not the same in both tables"),
        (pd.DataFrame([[0.9, 0.9]]), "perhaps", "first: found 'perhaps'. Use certain, at_risk"),
        (pd.DataFrame([[0.9, 0.9]], ["Z"]), "certain", "are not in every series"),
    ],
)
def test_unusable_retention_is_named(retention, first, message):
    with pytest.raises(InputError) as error:
        expected_margins(pd.DataFrame([[1.0, 1.0]]), retention, first)
    assert message in str(error.value)


def test_an_unknown_convention_is_refused():
    with pytest.raises(InputError, match="first: found 'now'"):
        margin_multiple(0.8, 0.1, "end", "now")
    with pytest.raises(InputError, match="timing: found 'now'"):
        margin_multiple(0.8, 0.1, "now", "certain")


def test_berger_nasr_1998_case_1():
    terms, expected, tolerance = reference("berger_nasr_case1")
    value = purchase_cycle_value(terms["GC"], terms["M"], terms["r"], terms["d"], terms["n"])
    assert value == pytest.approx(expected, abs=tolerance)


def test_berger_nasr_1998_case_2b():
    terms, expected, tolerance = reference("berger_nasr_case2b_regression")
    cycles = terms["n"] // terms["q"]
    value = purchase_cycle_value(terms["GC"], terms["M"], terms["r"], terms["d"], cycles, terms["q"])
    assert value == pytest.approx(expected, abs=tolerance)


@given(st.floats(0, 1), st.floats(-0.2, 1), st.integers(0, 8), st.sampled_from([1 / 12, 0.5, 1, 3]))
def test_berger_nasr_1998_cases_1_and_2_are_sums_over_cycles(r, d, cycles, years):
    i = np.arange(cycles + 1)
    sales = (260 * r**i / (1 + d) ** (i * years)).sum()
    mailings = (50 * r ** (i[1:] - 1) / (1 + d) ** ((i[1:] - 0.5) * years)).sum()
    assert purchase_cycle_value(260, 50, r, d, cycles, years) == pytest.approx(sales - mailings)


def test_berger_nasr_1998_case_2a_half_yearly_sales_in_a_year():
    """Two sales a year, each bringing half, are worth more than one: the money comes sooner and the loss in steps."""
    yearly = purchase_cycle_value(100, 0, 0.81, 0.21, 1)
    half_yearly = purchase_cycle_value(50, 0, 0.9, 0.21, 2, 0.5)
    assert yearly == pytest.approx(100 + 100 * 0.81 / 1.21)
    assert half_yearly == pytest.approx(50 + 50 * 0.9 / 1.1 + 50 * 0.81 / 1.21)


def test_berger_nasr_1998_case_3_is_the_general_stream():
    years = np.arange(9)
    profit = profit_curve(years, start=20, rise=4, turn=5, ceiling=100)
    by_hand = [
        (20 + 4 * t**2 if t <= 5 else 20 + 4 * 25 + 100 * (1 - math.exp(5 - t))) * (0.9 / 1.2) ** t for t in years
    ]
    margin = pd.DataFrame([profit])
    expected = expected_margins(margin, pd.DataFrame(0.9, margin.index, margin.columns), "certain")
    assert discounted_cash_flows(expected, 0.2, "start", horizon=9).value[0] == pytest.approx(sum(by_hand))


def test_berger_nasr_1998_case_4():
    terms, expected, tolerance = reference("berger_nasr_case4_regression")

    def profit(t):
        return profit_curve(t, terms["v"], terms["h"], terms["g"], terms["N"])

    value = continuous_value(profit, terms["r"], terms["d"], terms["n"])
    assert value == pytest.approx(expected, abs=tolerance)


@given(st.floats(0.1, 1), st.floats(0.01, 1))
def test_many_payments_a_year_approach_the_continuous_flow(r, d):
    per_year = 2000
    flow = continuous_value(lambda t: 100 + 0 * t, r, d, 5)
    ratio = math.log(r / (1 + d))
    assert flow == pytest.approx(100 * math.expm1(5 * ratio) / ratio)
    steps = margin_multiple(r ** (1 / per_year), (1 + d) ** (1 / per_year) - 1, "middle", "certain", 5 * per_year) * (
        100 / per_year
    )
    assert steps == pytest.approx(flow, rel=2e-3)


def test_a_flow_of_no_length_or_no_loyalty_is_worth_nothing():
    assert continuous_value(lambda t: 100 + 0 * t, 0.9, 0.1, 0) == 0
    assert continuous_value(lambda t: 100 + 0 * t, 0, 0.1, 5) == 0
    assert continuous_value(lambda t: 100 + 0 * t, 1, 0, 5) == pytest.approx(500)
    with pytest.raises(InputError, match="horizon: found -1"):
        continuous_value(lambda t: 100 + 0 * t, 1, 0, -1)


def test_kotler_keller_2012_hundred_customers():
    """Gupta and Lehmann's table: its total is the sum of yearly present values that are rounded to cents."""
    customers = [90, 80, 72, 60, 48, 34, 23, 12, 6, 2]
    margins = [30, 38, 45, 49, 52, 56, 60, 61, 61, 62]
    profits = pd.DataFrame([np.multiply(customers, margins)], index=["cohort"], columns=range(1, 11))
    flows = discounted_cash_flows(profits, 0.1, "end", investment=40 * 100, horizon=10)
    assert flows.discounted.round(2).sum(axis=1)["cohort"] == pytest.approx(13286.52, abs=0.005)
    assert flows.present_value["cohort"] == pytest.approx(13286.51, abs=0.005)
    assert flows.discounted.round(2).sum(axis=1)["cohort"] - 4000 == pytest.approx(9286.52, abs=0.005)
    assert flows.value["cohort"] / 100 == pytest.approx(92.87, abs=0.005)


@pytest.mark.parametrize(
    "profit",
    [
        lambda t: np.full_like(t, np.nan),
        lambda t: np.full_like(t, np.inf),
        lambda t: abs(t - 2.7) ** -1.5,
    ],
    ids=["NaN", "infinite", "a pole"],
)
def test_a_profit_that_cannot_be_summed_up_is_refused(profit):
    with pytest.raises(InputError, match="profit: cannot be summed up"):
        continuous_value(profit, 0.9, 0.1, 8)


@pytest.mark.parametrize("rate", [9, 12, 15.0])
def test_a_percentage_is_no_rate(rate):
    with pytest.raises(InputError, match=r"discount_rate: found .* above -1 and at most 5"):
        margin_multiple(0.8, rate, "end", "at_risk")
