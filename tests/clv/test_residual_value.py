import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from crmlib.clv.bg_nbd import BgNbd
from crmlib.clv.pareto_nbd import ParetoNbd
from crmlib.clv.residual_value import (
    customer_lifetime_value,
    discounted_purchases,
    endless_discounted_purchases,
    rate_per_period,
)
from crmlib.errors import InputError

PARETO = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669)
BG = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
SUMMARY = pd.DataFrame(
    {"frequency": [2, 0, 7, 2], "recency": [30.43, 0.0, 29.43, 30.43], "T": [38.86, 30.0, 38.86, 38.86]},
    index=["Ann", "Bo", "Cy", "Di"],
)
MODELS = pytest.mark.parametrize("model", [PARETO, BG], ids=["Pareto/NBD", "BG/NBD"])


@MODELS
def test_without_discounting_the_periods_add_up_to_the_horizon(model):
    found = discounted_purchases(model, SUMMARY, periods=12, length=52 / 12, discount_rate=0.0, timing="end")
    assert found.to_numpy() == pytest.approx(model.conditional_expected_purchases(SUMMARY, 52.0).to_numpy())
    assert found.index.equals(SUMMARY.index)


@MODELS
@pytest.mark.parametrize(("timing", "delay"), [("start", 0.0), ("middle", 0.5), ("end", 1.0)])
def test_by_hand_with_two_periods(model, timing, delay):
    first, both = (model.conditional_expected_purchases(SUMMARY, t) for t in (26.0, 52.0))
    expected = first / 1.1**delay + (both - first) / 1.1 ** (1 + delay)
    found = discounted_purchases(model, SUMMARY, 2, 26.0, 0.1, timing)
    assert found.to_numpy() == pytest.approx(expected.to_numpy())


@given(st.floats(0.001, 0.5), st.integers(1, 3))
@settings(max_examples=10)
def test_later_payments_and_higher_rates_are_worth_less_and_longer_horizons_more(rate, periods):
    start, middle, end = (
        discounted_purchases(PARETO, SUMMARY, periods, 4.0, rate, timing) for timing in ("start", "middle", "end")
    )
    assert (start > middle).all()
    assert (middle > end).all()
    assert end.to_numpy() == pytest.approx((start / (1 + rate)).to_numpy())
    assert (discounted_purchases(PARETO, SUMMARY, periods, 4.0, rate * 1.1, "end") < end).all()
    assert (discounted_purchases(PARETO, SUMMARY, periods + 1, 4.0, rate, "end") > end).all()


def test_no_period_is_worth_nothing_and_a_negative_rate_more_than_none():
    assert (discounted_purchases(PARETO, SUMMARY, 0, 4.0, 0.1, "end") == 0).all()
    without = discounted_purchases(PARETO, SUMMARY, 6, 4.0, 0.0, "end")
    assert (discounted_purchases(PARETO, SUMMARY, 6, 4.0, -0.05, "end") > without).all()


def test_equal_histories_are_asked_once():
    asked = []

    class Model:
        def conditional_expected_purchases(self, summary, t):
            asked.append(len(summary))
            return PARETO.conditional_expected_purchases(summary, t)

    found = discounted_purchases(Model(), SUMMARY, 3, 4.0, 0.1, "end")
    assert asked == [3, 3, 3]
    assert found["Ann"] == found["Di"] != found["Cy"]


@pytest.mark.parametrize("s", [0.606, 1.0, 2.5])
@pytest.mark.parametrize("yearly", [0.01, 0.15, 1.0])
def test_fader_hardie_lee_2005_discounted_expected_residual_transactions(s, yearly):
    """Journal of Marketing Research 42(4), 415–430: the closed form against the integral that defines it."""
    model, rate = ParetoNbd(0.553, 10.578, s, 11.669), rate_per_period(yearly, 52)
    for name, row in SUMMARY.iterrows():
        shift = 11.669 + row["T"]
        survival = lambda t, shift=shift: (1 + rate) ** -t * (shift / (shift + t)) ** s  # noqa: E731
        time = quad(survival, 0, np.inf, epsabs=0, epsrel=1e-10, limit=500)[0]
        expected = (0.553 + row["frequency"]) / (10.578 + row["T"]) * time * model.probability_alive(SUMMARY)[name]
        assert endless_discounted_purchases(model, SUMMARY, rate)[name] == pytest.approx(expected, rel=1e-7)


def test_many_short_periods_come_near_to_all_time():
    rate = rate_per_period(20, 52)
    finite = discounted_purchases(PARETO, SUMMARY, 220, 1.0, rate, "middle")
    assert finite.to_numpy() == pytest.approx(endless_discounted_purchases(PARETO, SUMMARY, rate).to_numpy(), rel=5e-4)


@pytest.mark.parametrize("rate", [0.0, -0.1, np.nan, np.inf])
def test_all_time_needs_a_rate(rate):
    with pytest.raises(InputError, match="finite horizon"):
        endless_discounted_purchases(PARETO, SUMMARY, rate)


@given(st.floats(-0.9, 3), st.floats(0.5, 365))
def test_the_rates_of_the_periods_compound_to_the_yearly_rate(yearly, periods):
    assert (1 + rate_per_period(yearly, periods)) ** periods == pytest.approx(1 + yearly)


def test_the_weekly_rate_of_fader_hardie_lee_2005_rfm():
    """15 % a year is a continuous weekly rate of 0.0027."""
    assert f"{np.log1p(rate_per_period(0.15, 52)):.4f}" == "0.0027"


def test_the_lifetime_value_is_purchases_times_spend_times_margin():
    spend, margin = pd.Series([20.0, 30.0, 40.0, 0.0], SUMMARY.index), pd.Series([0.1, 0.2, 0.3, 0.4], SUMMARY.index)
    found = customer_lifetime_value(BG, spend, SUMMARY, 12, 4.0, 0.01, margin, "end")
    purchases = discounted_purchases(BG, SUMMARY, 12, 4.0, 0.01, "end")
    assert found.value.to_numpy() == pytest.approx((purchases * spend * margin).to_numpy())
    assert found.value["Di"] == 0
    assert found.to_frame().columns.to_list() == ["purchases", "spend", "margin", "value"]
    assert found.to_dict()["customers"]["Ann"]["value"] == found.value["Ann"]
    assert found.to_dict()["timing"] == "end"
    shuffled = customer_lifetime_value(BG, spend.iloc[::-1], SUMMARY, 12, 4.0, 0.01, 0.1, "end")
    assert shuffled.value["Cy"] == pytest.approx(purchases["Cy"] * 4)


def test_bad_terms_are_all_named():
    spend = pd.Series([20.0, np.nan, 40.0], ["Ann", "Bo", "Cy"])
    with pytest.raises(InputError) as error:
        customer_lifetime_value(BG, spend, SUMMARY, 12, 4.0, 0.01, "much", "end")
    text = str(error.value)
    assert "customer 'Bo'" in text
    assert "customer 'Di'" in text
    assert "margin" in text
    for periods, length, rate, timing in (
        (-1, 4.0, 0.1, "end"),
        (1.5, 4.0, 0.1, "end"),
        (np.inf, 4.0, 0.1, "end"),
        (3, 0.0, 0.1, "end"),
        (3, 4.0, -1.0, "end"),
        (3, 4.0, np.nan, "end"),
        (3, 4.0, 0.1, "monthly"),
    ):
        with pytest.raises(InputError, match="The discounted purchases cannot be used"):
            discounted_purchases(BG, SUMMARY, periods, length, rate, timing)
