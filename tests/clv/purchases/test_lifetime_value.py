import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

import crmlib.clv.purchases.cells
from crmlib.clv.purchases.bg_nbd import BgNbd, fit_bg_nbd
from crmlib.clv.purchases.cells import purchase_cells
from crmlib.clv.purchases.gamma_gamma import GammaGamma, fit_gamma_gamma
from crmlib.clv.purchases.lifetime_value import customer_lifetime_value, discounted_purchases, new_customer_value
from crmlib.clv.purchases.mbg_nbd import MbgNbd
from crmlib.clv.purchases.pareto_nbd import ParetoNbd, fit_pareto_nbd
from crmlib.clv.purchases.purchase_model import interest
from crmlib.clv.purchases.resampling import bootstrap
from crmlib.errors import InputError
from crmlib.transactions import CustomerSummary
from tests.conftest import ROOT

PARETO = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669, unit="week")
BG = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426, unit="week")
MBG = MbgNbd(r=0.525, alpha=6.183, a=0.891, b=1.614, unit="week")
SPEND = GammaGamma(6.25, 3.74, 15.44)
WEEKS_A_YEAR = 365.25 / 7
TABLE = pd.DataFrame(
    {
        "frequency": [2, 0, 7, 2],
        "recency": [30.43, 0.0, 29.43, 30.43],
        "T": [38.86, 30.0, 38.86, 38.86],
        "monetary_value": [22.35, np.nan, 40.0, 10.0],
    },
    index=["Ann", "Bo", "Cy", "Di"],
)
SUMMARY = CustomerSummary(TABLE, "week")
BOUGHT = pd.read_csv(ROOT / "data/cdnow/summary.csv", index_col="customer")
CDNOW = CustomerSummary(BOUGHT, "week")
#: Every twentieth of them: a customer's own numbers depend on nobody else once the model is fitted.
SOME = CustomerSummary(BOUGHT.iloc[::20], "week")
MODELS = pytest.mark.parametrize("model", [PARETO, BG, MBG], ids=["Pareto/NBD", "BG/NBD", "MBG/NBD"])


def bought(model, periods, rate, timing="end", period="month"):
    return discounted_purchases(SUMMARY, model, horizon=periods, period=period, discount_rate=rate, timing=timing)


@MODELS
def test_without_discounting_the_periods_add_up_to_the_horizon(model):
    found = bought(model, 12, 0.0)
    assert found.to_numpy() == pytest.approx(model.conditional_expected_purchases(SUMMARY, WEEKS_A_YEAR).to_numpy())
    assert found.index.equals(TABLE.index)


@MODELS
@pytest.mark.parametrize(("timing", "delay"), [("start", 0.0), ("middle", 0.5), ("end", 1.0)])
def test_by_hand_with_two_periods(model, timing, delay):
    one, two = (model.conditional_expected_purchases(SUMMARY, t) for t in (WEEKS_A_YEAR, 2 * WEEKS_A_YEAR))
    expected = one / 1.1**delay + (two - one) / 1.1 ** (1 + delay)
    assert bought(model, 2, 0.1, timing, "year").to_numpy() == pytest.approx(expected.to_numpy())


@given(st.floats(0.001, 0.5), st.integers(1, 3))
@settings(max_examples=10)
def test_later_payments_and_higher_rates_are_worth_less_and_longer_horizons_more(rate, periods):
    start, middle, end = (bought(PARETO, periods, rate, timing) for timing in ("start", "middle", "end"))
    assert (start > middle).all()
    assert (middle > end).all()
    assert end.to_numpy() == pytest.approx((start / (1 + rate) ** (1 / 12)).to_numpy())
    assert (bought(PARETO, periods, rate * 1.1) < end).all()
    assert (bought(PARETO, periods + 1, rate) > end).all()


def test_no_period_is_worth_nothing_and_a_negative_rate_more_than_none():
    assert (bought(PARETO, 0, 0.1) == 0).all()
    assert (bought(PARETO, 6, -0.05) > bought(PARETO, 6, 0.0)).all()


@MODELS
def test_the_same_customers_in_days_are_worth_the_same(model):
    """The unit travels: α (and β) in days, histories in days, and nobody converts a rate."""
    longer = {"alpha": 7 * model.alpha} | ({"beta": 7 * model.beta} if model is PARETO else {})
    daily = type(model)(**(model.parameters.to_dict() | longer), unit="day")
    days = CustomerSummary(TABLE.assign(recency=TABLE["recency"] * 7, T=TABLE["T"] * 7), "day")
    for horizon in (12, np.inf):
        terms = {"discount_rate": 0.15, "margin": 0.3, "horizon": horizon}
        weekly = customer_lifetime_value(SUMMARY, model, SPEND, **terms).value
        assert customer_lifetime_value(days, daily, SPEND, **terms).value.to_numpy() == pytest.approx(
            weekly.to_numpy(), rel=1e-8
        )
        with pytest.raises(InputError, match=r"times in days, and the .* model counts in weeks"):
            customer_lifetime_value(days, model, SPEND, **terms)


def test_the_summary_is_checked_once(monkeypatch):
    asked = []
    check = crmlib.clv.purchases.cells.checked_summary
    monkeypatch.setattr(
        crmlib.clv.purchases.cells, "checked_summary", lambda *given, **more: asked.append(1) or check(*given, **more)
    )
    fits = fit_pareto_nbd(purchase_cells(CDNOW)), fit_gamma_gamma(CDNOW)
    asked.clear()
    customer_lifetime_value(CDNOW, *fits, discount_rate=0.15, margin=0.3, horizon=12, draws=3)
    assert len(asked) == 1


def test_equal_histories_are_asked_once():
    asked = []

    class Model(ParetoNbd):
        def conditional_expected_purchases(self, histories, t):
            asked.append(len(histories.labels))
            return super().conditional_expected_purchases(histories, t)

    found = discounted_purchases(SUMMARY, Model(0.553, 10.578, 0.606, 11.669, "week"), discount_rate=0.1, horizon=3)
    assert asked == [3]
    assert found["Ann"] == found["Di"] != found["Cy"]


@pytest.mark.parametrize("s", [0.606, 1.0, 2.5])
@pytest.mark.parametrize("yearly", [0.01, 0.15, 1.0])
def test_fader_hardie_lee_2005_discounted_expected_residual_transactions(s, yearly):
    """Journal of Marketing Research 42(4), 415–430: the closed form against the integral that defines it."""
    model, force = ParetoNbd(0.553, 10.578, s, 11.669, "week"), np.log1p(yearly) / WEEKS_A_YEAR
    found, alive = model.discounted_residual_transactions(SUMMARY, yearly), model.probability_alive(SUMMARY)
    for name, row in TABLE.iterrows():
        shift = 11.669 + row["T"]
        survival = lambda t, shift=shift: np.exp(-force * t) * (shift / (shift + t)) ** s  # noqa: E731
        time = quad(survival, 0, np.inf, epsabs=0, epsrel=1e-10, limit=500)[0]
        expected = (0.553 + row["frequency"]) / (10.578 + row["T"]) * time * alive[name]
        assert found[name] == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("yearly", [0.02, 0.15, 0.9])
def test_the_integral_that_serves_every_model_agrees_with_the_closed_form(yearly):
    cells, force = purchase_cells(SUMMARY), interest(yearly, "week")
    general = super(ParetoNbd, PARETO).residual(cells, force)
    assert general == pytest.approx(PARETO.residual(cells, force), rel=1e-9)


def test_where_the_closed_form_gives_up_the_integral_serves():
    model = ParetoNbd(0.5, 10.0, 300.0, 9000.0, "week")
    found = model.discounted_residual_transactions(SUMMARY, 0.15)
    assert np.isfinite(found).all()
    assert (found > 0).all()


@MODELS
def test_many_short_periods_come_near_to_all_time(model):
    finite = bought(model, 6000, 0.9, "middle", "day")
    assert finite.to_numpy() == pytest.approx(model.discounted_residual_transactions(SUMMARY, 0.9).to_numpy(), rel=2e-4)
    assert bought(model, np.inf, 0.9).equals(
        model.discounted_residual_transactions(SUMMARY, 0.9).rename("discounted_purchases")
    )


@pytest.mark.parametrize("rate", [0.0, -0.1, np.nan, np.inf, "0.1", None, True])
def test_all_time_needs_a_rate(rate):
    with pytest.raises(InputError, match="discount_rate"):
        bought(PARETO, np.inf, rate)


def test_the_weekly_rate_of_fader_hardie_lee_2005_rfm():
    """15 % a year is a continuous weekly rate of 0.0027."""
    assert f"{interest(0.15, 'week'):.4f}" == "0.0027"


def test_the_lifetime_value_is_purchases_times_spend_times_margin():
    spend, margin = pd.Series([20.0, 30.0, 40.0, 0.0], TABLE.index), pd.Series([0.1, 0.2, 0.3, 0.4], TABLE.index)
    terms = {"discount_rate": 0.1, "horizon": 12}
    found = customer_lifetime_value(SUMMARY, BG, spend, margin=margin, **terms)
    purchases = discounted_purchases(SUMMARY, BG, **terms)
    assert found.value.to_numpy() == pytest.approx((purchases * spend * margin).to_numpy())
    assert found.value["Di"] == 0
    assert found.table.columns.to_list() == ["purchases", "spend", "margin", "value"]
    assert found.to_dict()["customers"]["Ann"]["value"] == found.value["Ann"]
    assert found.to_dict()["timing"] == "end"
    shuffled = customer_lifetime_value(SUMMARY, BG, spend.iloc[::-1], margin=0.1, **terms)
    assert shuffled.value["Cy"] == pytest.approx(purchases["Cy"] * 4)


def test_a_fit_is_as_good_as_its_model():
    fits = fit_bg_nbd(CDNOW), fit_gamma_gamma(CDNOW)
    terms = {"discount_rate": 0.15, "margin": 0.3, "horizon": 12}
    by_fit = customer_lifetime_value(CDNOW, *fits, **terms)
    by_model = customer_lifetime_value(CDNOW, *(fit.model for fit in fits), **terms)
    pd.testing.assert_frame_equal(by_fit.table, by_model.table)


def test_the_years_add_up_to_the_value():
    terms = {"discount_rate": 0.15, "margin": 0.3}
    found = customer_lifetime_value(SUMMARY, PARETO, SPEND, horizon=30, **terms)
    assert found.by_year.columns.to_list() == [1, 2, 3]
    assert found.by_year.sum(axis=1).to_numpy() == pytest.approx(found.value.to_numpy())
    first = customer_lifetime_value(SUMMARY, PARETO, SPEND, horizon=12, **terms)
    assert found.by_year[1].to_numpy() == pytest.approx(first.value.to_numpy())
    weekly = customer_lifetime_value(SUMMARY, PARETO, SPEND, horizon=105, period="week", **terms)
    assert weekly.by_year.columns.to_list() == [1, 2, 3]
    for_ever = customer_lifetime_value(SUMMARY, PARETO, SPEND, **terms)
    assert for_ever.by_year.columns.to_list() == ["for ever"]
    assert (for_ever.value > found.value).all()


def test_the_intervals_agree_with_refits_to_customers_drawn_anew():
    """Two ways to the same scatter: drawn parameters, and 60 fits to customers drawn with replacement."""
    cells, fit = purchase_cells(CDNOW), fit_bg_nbd(CDNOW)
    terms = {"discount_rate": 0.15, "horizon": 12}
    found = customer_lifetime_value(SOME, fit, 1.0, draws=300, seed=1, **terms)
    refits = bootstrap(fit, cells, draws=60, seed=2).parameters.to_numpy()
    values = np.array([discounted_purchases(SOME, fit.model.having(*row), **terms) for row in refits])
    widths = found.interval["upper"] - found.interval["lower"]
    again = np.subtract(*np.quantile(values, [0.975, 0.025], axis=0))
    assert np.median(again / widths) == pytest.approx(1, abs=0.25)
    assert (found.interval["lower"] < found.value).mean() > 0.99
    assert (found.interval["upper"] > found.value).mean() > 0.99
    narrow = customer_lifetime_value(SOME, fit, 1.0, draws=300, seed=1, level=0.5, **terms)
    assert (narrow.interval["upper"] - narrow.interval["lower"] < widths).all()


def test_the_spend_scatters_too():
    purchases, spend = fit_pareto_nbd(CDNOW), fit_gamma_gamma(CDNOW)
    terms = {"discount_rate": 0.15, "margin": 0.3, "horizon": 12, "draws": 200, "seed": 3}
    both = customer_lifetime_value(SOME, purchases, spend, **terms)
    alone = customer_lifetime_value(SOME, purchases, spend.model, **terms)
    wider = (both.interval["upper"] - both.interval["lower"]) / (alone.interval["upper"] - alone.interval["lower"])
    assert wider.median() > 1.02
    pd.testing.assert_frame_equal(both.table, customer_lifetime_value(SOME, purchases, spend, **terms).table)
    assert both.table.columns.to_list() == ["purchases", "spend", "margin", "value", "lower", "upper"]


def test_intervals_need_a_fit_that_can_be_trusted():
    terms = {"discount_rate": 0.15, "draws": 10}
    with pytest.raises(InputError, match=r"found a ParetoNbd\. Give the answer of fit_bg_nbd"):
        customer_lifetime_value(SUMMARY, PARETO, 20.0, **terms)
    doubtful = fit_bg_nbd(SUMMARY)
    assert not doubtful.converged
    with pytest.raises(InputError, match="Fit first"):
        customer_lifetime_value(SUMMARY, doubtful, 20.0, **terms)


@MODELS
def test_a_new_customer_is_worth_the_first_purchase_and_those_expected(model):
    terms = {"discount_rate": 0.15, "horizon": 24}
    ends = np.arange(25) * WEEKS_A_YEAR / 12
    repeats = np.diff(model.expected_purchases(ends)) @ 1.15 ** (-np.arange(1, 25) / 12)
    assert new_customer_value(model, SPEND, margin=0.3, **terms) == pytest.approx(
        SPEND.population_mean * 0.3 * (1 + repeats)
    )
    assert new_customer_value(model, 10.0, **terms) == pytest.approx(10 * (1 + repeats))
    assert new_customer_value(model, 10.0, discount_rate=0.15) > new_customer_value(model, 10.0, **terms)


def test_bad_terms_are_all_named():
    spend = pd.Series([20.0, np.nan, 40.0], ["Ann", "Bo", "Cy"])
    with pytest.raises(InputError) as error:
        customer_lifetime_value(SUMMARY, BG, spend, discount_rate=0.01, margin="much")
    text = str(error.value)
    assert "customer 'Bo'" in text
    assert "customer 'Di'" in text
    assert "margin" in text


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"horizon": -1}, "horizon"),
        ({"horizon": 1.5}, "horizon"),
        ({"horizon": None}, "horizon"),
        ({"discount_rate": -1.0}, "discount_rate"),
        ({"discount_rate": 15}, "discount_rate"),
        ({"discount_rate": np.nan}, "discount_rate"),
        ({"timing": "monthly"}, "timing"),
        ({"period": "weeks"}, "unit"),
        ({"margin": 30}, "margin"),
        ({"draws": -1}, "draws"),
        ({"level": 95}, "level"),
    ],
)
def test_terms_out_of_their_bounds_are_refused(change, place):
    with pytest.raises(InputError, match=f"{place}: found"):
        customer_lifetime_value(SUMMARY, BG, 20.0, **({"discount_rate": 0.1, "horizon": 12} | change))


def test_a_table_without_a_unit_is_refused():
    with pytest.raises(InputError, match="no unit of time"):
        customer_lifetime_value(TABLE, BG, 20.0, discount_rate=0.1)
