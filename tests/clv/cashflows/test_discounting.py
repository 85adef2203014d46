import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from crmlib.clv.cashflows.discounting import TIMINGS, annuity_factor, discounted_cash_flows
from crmlib.errors import InputError
from tests.clv.references import reference

RATES = st.floats(-0.5, 2)
PERIODS = st.integers(0, 40)
timings = pytest.mark.parametrize("timing", TIMINGS)


def test_the_sources_second_model_is_an_annuity():
    terms, expected, tolerance = reference("annuity_clv_seed")
    value = terms["Pr"] * annuity_factor(terms["r"], terms["n"], "end")
    assert value == pytest.approx(expected, abs=tolerance)


@timings
@given(rate=RATES, growth=st.floats(-1, 1), periods=PERIODS)
def test_the_factor_is_the_sum_of_its_payments(timing, rate, growth, periods):
    k = np.arange(periods)
    payments = (1 + growth) ** k * (1 + rate) ** -(k + TIMINGS[timing])
    assert annuity_factor(rate, periods, timing, growth) == pytest.approx(payments.sum(), rel=1e-9)


@given(rate=st.sampled_from([0.0, 0.1, -0.2]), nearly=st.floats(-1e-9, 1e-9))
def test_where_rate_and_growth_meet_nothing_jumps(rate, nearly):
    assert annuity_factor(rate, 10, "start", rate) == 10
    assert annuity_factor(rate, 10, "start", rate + nearly) == pytest.approx(10, rel=1e-7)


@given(rate=st.floats(0.02, 1), growth=st.floats(-1, 0.01))
def test_endless_payments_are_the_limit_of_many(rate, growth):
    assert annuity_factor(rate, np.inf, "end", growth) == pytest.approx(
        annuity_factor(rate, 10_000, "end", growth), rel=1e-9
    )
    assert annuity_factor(rate, np.inf, "end") == pytest.approx(1 / rate)


def test_edges_of_rate_and_horizon():
    assert annuity_factor(0, 7, "end") == 7
    assert annuity_factor(-0.5, 2, "end") == pytest.approx(2 + 4)
    assert annuity_factor(-0.5, 2, "middle") == pytest.approx(2**0.5 + 2**1.5)
    assert annuity_factor(0.1, 0, "end") == 0
    assert annuity_factor(0.1, np.inf, "start", -1) == 1
    assert annuity_factor(0.1, 0, "start", -1) == 0


@pytest.mark.parametrize(("rate", "growth"), [(0, 0), (-0.1, 0), (0.05, 0.05), (0.05, 0.06)])
def test_endless_payments_without_a_limit_are_an_error(rate, growth):
    with pytest.raises(InputError, match="discount_rate: endless payments have no finite value"):
        annuity_factor(rate, np.inf, "end", growth)


def test_every_customer_without_a_limit_is_named():
    with pytest.raises(InputError) as error:
        annuity_factor(pd.Series({"A": 0.1, "B": 0.0, "C": -0.1}), np.inf, "end")
    assert [problem.where for problem in error.value.problems] == [
        "discount_rate of customer 'B'",
        "discount_rate of customer 'C'",
    ]


PROFITS = pd.DataFrame({2025: [100.0, 50.0, -5.0], 2026: [110.0, 0.0, 5.0], 2027: [121.0, 50.0, 5.0]}, list("ABC"))


def test_profits_are_discounted_from_their_time_of_payment():
    flows = {timing: discounted_cash_flows(PROFITS, 0.1, timing) for timing in TIMINGS}
    assert flows["start"].value["A"] == pytest.approx(300)
    assert flows["middle"].value["A"] == pytest.approx(300 / 1.1**0.5)
    assert flows["end"].value["A"] == pytest.approx(300 / 1.1)
    assert flows["end"].timing == "end"


def test_the_whole_table_counts_by_default_and_the_result_says_so():
    longer = PROFITS.assign(**{"2028": 1000.0})
    three = discounted_cash_flows(longer, 0.1, "end", horizon=3)
    assert three.value.equals(discounted_cash_flows(PROFITS, 0.1, "end").value)
    assert three.to_dict()["horizon"] == 3
    assert discounted_cash_flows(longer, 0, "end").horizon == 4
    assert (discounted_cash_flows(longer, 0, "end").value > 1000).all()


@timings
def test_equal_profits_are_the_annuity(timing):
    profits = pd.DataFrame(80.0, index=["A", "B"], columns=range(6))
    rate = pd.Series({"B": 0.2, "A": -0.1})
    value = discounted_cash_flows(profits, rate, timing, investment=7, horizon=6).value
    assert value.to_dict() == pytest.approx((80 * annuity_factor(rate, 6, timing) - 7).to_dict())


def test_without_a_horizon_only_the_investment_is_left():
    flows = discounted_cash_flows(PROFITS, 0.1, "end", investment=40, horizon=0)
    assert flows.value.tolist() == [-40, -40, -40]
    assert flows.break_even("linear").tolist() == [np.inf] * 3


money = arrays(float, (3, 4), elements=st.floats(-1e6, 1e6))


@given(money, st.floats(0.1, 1e4), RATES)
@settings(max_examples=10)
def test_another_currency_scales_the_value(values, factor, rate):
    profits = pd.DataFrame(values)
    one = discounted_cash_flows(profits, rate, "middle", 5.0, 4).value
    other = discounted_cash_flows(profits * factor, rate, "middle", 5.0 * factor, 4).value
    assert np.allclose(other, one * factor, atol=1e-6 * factor)


@given(money, st.permutations(["A", "B", "C"]))
@settings(max_examples=10)
def test_the_order_of_customers_is_of_no_account(values, order):
    profits = pd.DataFrame(values, index=["A", "B", "C"])
    rate, cost = pd.Series({"A": 0.1, "B": 0.2, "C": 0.0}), pd.Series({"C": 1.0, "B": 2.0, "A": 3.0})
    value = discounted_cash_flows(profits, rate, "end", cost, 4).value
    assert discounted_cash_flows(profits.loc[order], rate, "end", cost, 4).value.equals(value.loc[order])


def test_break_even_waits_for_the_payment_or_interpolates():
    flows = discounted_cash_flows(pd.DataFrame([[50.0, 50.0, 50.0]]), 0, "end", investment=75)
    assert flows.break_even("payment").tolist() == [2]
    assert flows.break_even("linear").tolist() == [1.5]
    start = discounted_cash_flows(pd.DataFrame([[50.0, 50.0, 50.0]]), 0, "start", investment=75)
    assert start.break_even("payment").tolist() == [1]
    assert start.break_even("linear").tolist() == [0.5]


def test_break_even_at_once_never_and_first_of_several():
    profits = pd.DataFrame([[10.0, -20.0, 30.0], [1.0, 1.0, 1.0], [5.0, 0.0, 0.0]], index=["again", "never", "free"])
    cost = pd.Series({"again": 10.0, "never": 10.0, "free": 0.0})
    flows = discounted_cash_flows(profits, 0, "end", cost)
    for interpolation in ("linear", "payment"):
        assert flows.break_even(interpolation).to_dict() == {"again": 1, "never": np.inf, "free": 0}


@given(arrays(float, (2, 5), elements=st.floats(0, 100)), st.floats(1, 300), st.floats(0, 0.5))
@settings(max_examples=10)
def test_interpolation_is_never_later_than_the_payment(values, cost, rate):
    flows = discounted_cash_flows(pd.DataFrame(values), rate, "end", cost, 5)
    linear, payment = flows.break_even("linear"), flows.break_even("payment")
    assert (linear <= payment).all()
    assert (np.isinf(linear) == (flows.cumulated.max(axis=1) < 0)).all()


def test_the_table_and_the_dictionary_hold_every_customer():
    flows = discounted_cash_flows(PROFITS, 0.1, "end", 40)
    assert flows.to_frame().loc["A"].drop("break_even").to_dict() == pytest.approx(
        {"present_value": 300 / 1.1, "investment": 40, "value": 300 / 1.1 - 40, "discount_rate": 0.1}
    )
    assert flows.to_dict()["customers"]["A"]["value"] == flows.value["A"]
    assert flows.cumulated.iloc[:, -1].tolist() == pytest.approx(flows.value.tolist())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"timing": "monthly"}, "timing: found 'monthly'. Use start, middle, end"),
        ({"horizon": 4}, "horizon: found 4, and profits of 3 periods"),
        ({"horizon": -1}, "horizon: found -1"),
        ({"horizon": 2.0}, "horizon: found 2.0"),
        ({"horizon": True}, "horizon: found True"),
        ({"discount_rate": -1.0}, "discount_rate: found -1.0"),
        ({"investment": np.nan}, "investment: found nan"),
        ({"investment": pd.Series({"A": 1.0})}, "customers ['B', 'C'] are not in every series"),
        ({"profits": PROFITS.replace(0.0, np.nan)}, "profit in period 2026 of customer 'B': is missing"),
        ({"profits": PROFITS.astype(object).replace(0.0, "many")}, "customer 'B': found 'many'"),
        ({"profits": PROFITS.rename(columns={2026: 2025})}, "profit in period 2025: given twice"),
        ({"profits": PROFITS.rename(index={"B": "A"})}, "customer 'A': given more than once"),
        ({"profits": PROFITS.iloc[:0]}, "customers: there are none"),
    ],
)
def test_bad_input_is_named(arguments, message):
    given_terms = {"profits": PROFITS, "discount_rate": 0.1, "timing": "end"} | arguments
    with pytest.raises(InputError) as error:
        discounted_cash_flows(**given_terms)
    assert message in str(error.value)


def test_unknown_interpolation_is_refused():
    with pytest.raises(InputError, match=r"interpolation: found 'cubic'\. Use payment, linear"):
        discounted_cash_flows(PROFITS, 0.1, "end").break_even("cubic")
