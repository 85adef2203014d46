"""BG/NBD: the published fit, its formulas against quadrature and simulation, and the edges."""

import mpmath
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from crmlib.clv.purchases.bg_nbd import BgNbd, fit_bg_nbd
from crmlib.clv.purchases.cells import purchase_cells
from crmlib.clv.purchases.mbg_nbd import MbgNbd
from crmlib.clv.purchases.purchase_model import HistoryModel, interest
from crmlib.clv.purchases.resampling import bootstrap
from crmlib.errors import InputError
from crmlib.transactions import CustomerSummary
from tests.conftest import ROOT

CDNOW = ROOT / "data" / "cdnow" / "summary.csv"
PUBLISHED = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426, unit="week")
positive = st.floats(0.05, 20)


@pytest.fixture(scope="module")
def cdnow():
    return purchase_cells(weeks(pd.read_csv(CDNOW, index_col="customer")))


@pytest.fixture(scope="module")
def fit(cdnow):
    return fit_bg_nbd(cdnow)


def weeks(table):
    return CustomerSummary(table, unit="week")


def customer(x, recency, end):
    return pd.DataFrame({"frequency": [x], "recency": [float(recency)], "T": [float(end)]})


def exact_purchases(r, alpha, a, b, t):
    """The mean of (1 − (1 + pt/α)^−r)/p over the beta distribution of p, by mpmath."""
    with mpmath.workdps(60):
        r, alpha, a, b, t = map(mpmath.mpf, (r, alpha, a, b, t))
        if a == 1:
            a += mpmath.mpf(10) ** -12
        inner = (alpha / (alpha + t)) ** r * mpmath.hyp2f1(r, b, a + b - 1, t / (alpha + t), maxterms=10**6)
        return float((a + b - 1) / (a - 1) * (1 - inner))


def test_fader_hardie_lee_2005_parameters_on_cdnow(fit):
    assert fit.converged
    assert fit.customers == 2357
    assert fit.parameters.round(3).to_dict() == {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    assert round(fit.log_likelihood, 1) == -9582.4


def test_fader_hardie_lee_2005_equation_10_at_the_printed_parameters():
    # 1.226 is a computed reference, found alike by an independent program.
    expected = PUBLISHED.conditional_expected_purchases(weeks(customer(2, 30.43, 38.86)), 39)
    assert round(float(expected.iloc[0]), 3) == 1.226


def test_other_programs_find_the_same_maximum(fit):
    # Computed references: an independent program on the same file.
    assert fit.parameters.to_list() == pytest.approx([0.24259, 4.41353, 0.79289, 2.42575], abs=6e-6)
    assert fit.log_likelihood == pytest.approx(-9582.4256, abs=6e-5)


def test_the_bootstrap_agrees_with_the_standard_errors(cdnow, fit):
    drawn = bootstrap(fit, cdnow, draws=40, seed=1)
    assert drawn.failed == 0
    ratio = np.log(drawn.parameters).std() / (fit.standard_errors / fit.parameters)
    assert ratio.between(0.6, 1.7).all()


@given(positive, positive, positive, positive)
@settings(max_examples=10)
def test_the_gradient_is_the_slope(r, alpha, a, b):
    frame = pd.concat([customer(0, 0, 5), customer(1, 2, 5), customer(7, 9, 9), customer(200, 3, 30)])
    likelihood = BgNbd.likelihood(frame.assign(customers=[3, 2, 1, 1]))
    parameters = np.array([r, alpha, a, b])
    slope = approx_fprime(parameters, lambda values: likelihood(values)[0], 1e-7 * parameters)
    np.testing.assert_allclose(likelihood(parameters)[1], slope, rtol=1e-3, atol=1e-3)


def test_simulation_and_fit_recover_the_parameters():
    hits = []
    for seed in range(8):
        ends = np.random.default_rng(seed).uniform(20, 60, 2000)
        fitted = fit_bg_nbd(PUBLISHED.simulate(ends, seed))
        assert fitted.converged
        true = PUBLISHED.parameters
        hits.append((true >= fitted.intervals()["lower"]) & (true <= fitted.intervals()["upper"]))
    assert np.mean(hits) >= 0.85  # of 95 % intervals, in 32 trials


def test_many_cells_are_fitted_through_a_part_to_the_same_maximum(monkeypatch, cdnow, fit):
    monkeypatch.setattr("crmlib.clv.purchases.bg_nbd._MANY", 500)
    monkeypatch.setattr("crmlib.clv.purchases.bg_nbd._PART", 300)
    shorter = fit_bg_nbd(cdnow)
    assert shorter.log_likelihood == pytest.approx(fit.log_likelihood, abs=1e-9)
    pd.testing.assert_series_equal(shorter.parameters, fit.parameters, rtol=1e-4)


@pytest.mark.parametrize("t", [1e-9, 0.5, 39.0, 500.0, 1e5])
@pytest.mark.parametrize("a", [0.02, 0.793, 1.0, 1.001, 6.0])
@pytest.mark.parametrize(("x", "end"), [(0, 0.0), (2, 38.86), (600, 300.0)])
def test_expected_purchases_agree_with_mpmath(x, end, a, t):
    r, alpha, b = 0.243 + x, 4.414 + end, 2.426 + x
    ours = BgNbd(r, alpha, a, b, "week").expected_purchases(np.array([t]))[0]
    assert ours == pytest.approx(exact_purchases(r, alpha, a, b, t), rel=2e-9, abs=0)


def test_a_and_b_that_sum_to_less_than_one_serve():
    ours = BgNbd(0.243, 4.414, 0.3, 0.4, "week").expected_purchases(np.array([52.0]))[0]
    assert ours == pytest.approx(exact_purchases(0.243, 4.414, 0.3, 0.4, 52), rel=1e-9)


@given(st.floats(0.1, 5), positive, st.floats(0.1, 8), positive)
def test_conditional_expectations_average_to_the_unconditional(r, alpha, a, b):
    model = BgNbd(r, alpha, a, b, "week")
    # For customers observed for no time at all, nothing is learned.
    start = model.conditional_expected_purchases(weeks(customer(0, 0, 0)), 10).iloc[0]
    assert start == pytest.approx(model.expected_purchases(np.array(10.0)), rel=1e-9)


def test_simulated_customers_behave_as_expected():
    ends = np.full(30_000, 39.0)
    summary = PUBLISHED.simulate(ends, seed=4)
    simulated = summary.customers
    mean, error = simulated["frequency"].mean(), simulated["frequency"].std() / np.sqrt(len(ends))
    assert mean == pytest.approx(float(PUBLISHED.expected_purchases(np.array(39.0))), abs=4 * error)
    shares = np.bincount(np.minimum(simulated["frequency"], 8), minlength=9)[:8] / len(ends)
    np.testing.assert_allclose(shares, PUBLISHED.purchase_probabilities(np.array(39.0), 7), atol=0.01)
    assert purchase_cells(summary).customers == len(ends)
    longer = PUBLISHED.simulate(np.full(30_000, 78.0), seed=5).customers["frequency"].mean()
    expected = PUBLISHED.conditional_expected_purchases(summary, 39).mean()
    assert expected == pytest.approx(longer - mean, abs=6 * error)


@given(positive, positive, positive, positive, st.floats(0, 100))
def test_probabilities_of_counts_are_a_distribution_with_the_right_mean(r, alpha, a, b, t):
    model = BgNbd(r, alpha, a, b, "week")
    chances = model.purchase_probabilities(np.array([t]), 400)[0]
    assert (chances >= -1e-12).all()
    assert chances.sum() <= 1 + 1e-9
    if chances.sum() > 1 - 1e-12:
        assert chances @ np.arange(401) == pytest.approx(model.expected_purchases(np.array(t)), rel=1e-6, abs=1e-12)


def test_who_never_came_back_is_alive_and_who_is_overdue_is_not():
    alive = PUBLISHED.probability_alive(
        weeks(pd.DataFrame({"frequency": [0, 9, 9, 9], "recency": [0.0, 49.0, 5.0, 50.0], "T": 50.0}))
    ).to_numpy()
    assert alive[0] == 1
    assert alive[2] < 1e-3 < alive[1] < alive[3]
    assert alive[3] == pytest.approx(1 / (1 + 0.793 / (2.426 + 8)))  # t_x = T


@given(st.integers(1, 100_000), st.floats(0.001, 1), st.floats(0.1, 1e6))
@settings(max_examples=10)
def test_extreme_customers_have_finite_answers(x, share, end):
    summary = weeks(customer(x, share * end, end))
    alive = PUBLISHED.probability_alive(summary).iloc[0]
    expected = PUBLISHED.conditional_expected_purchases(summary, 52).iloc[0]
    assert 0 <= alive <= 1
    assert 0 <= expected <= (0.243 + x) / (4.414 + end) * 52 * (1 + 1e-9)
    assert np.isfinite(PUBLISHED.log_likelihood(summary))


def test_one_purchase_each_is_a_doubt():
    doubtful = fit_bg_nbd(weeks(pd.concat([customer(0, 0, 10 + day) for day in range(9)], ignore_index=True)))
    assert not doubtful.converged
    assert doubtful.warnings


def test_nobody_leaving_is_a_doubt_about_a():
    rng = np.random.default_rng(2)
    x = rng.poisson(rng.gamma(2, 2, 800)) + 1
    summary = pd.DataFrame({"frequency": x, "recency": 39.0 * rng.beta(x, 1), "T": 39.0})
    doubtful = fit_bg_nbd(weeks(summary), nobody_bought_once=True)
    assert not doubtful.converged
    assert any(warning.startswith("a ") for warning in doubtful.warnings)


def test_customers_who_are_all_alike_are_a_doubt_about_r():
    alike = BgNbd(5000.0, 20_000.0, 0.8, 2.4, "week").simulate(np.full(1000, 40.0), seed=3)
    doubtful = fit_bg_nbd(alike, nobody_bought_once=True)
    assert not doubtful.converged
    assert any(warning.startswith("r ") for warning in doubtful.warnings)


def test_one_customer_is_a_doubt():
    assert not fit_bg_nbd(weeks(customer(3, 5, 9)), nobody_bought_once=True).converged


def test_the_time_unit_only_rescales_alpha(cdnow, fit):
    frame = cdnow.frame.assign(recency=cdnow.frame["recency"] * 7, T=cdnow.frame["T"] * 7)
    in_days = fit_bg_nbd(CustomerSummary(frame, unit="day"))
    assert in_days.model.unit == "day"
    expected = fit.parameters * [1, 7, 1, 1]
    pd.testing.assert_series_equal(in_days.parameters, expected, rtol=1e-4)


@pytest.mark.parametrize("value", [0, -1, np.nan, np.inf])
def test_impossible_parameters_are_refused(value):
    with pytest.raises(InputError, match="alpha"):
        BgNbd(0.2, value, 0.8, 2.4, "week")


@pytest.mark.parametrize("value", [-1, np.nan, np.inf])
def test_impossible_times_are_refused(value):
    with pytest.raises(InputError, match="t: found"):
        PUBLISHED.expected_purchases(np.array([1.0, value]))


def test_the_same_seed_gives_the_same_customers():
    ends = np.full(50, 39.0)
    one, again, other = (PUBLISHED.simulate(ends, seed).customers for seed in (1, 1, 2))
    assert one.equals(again)
    assert not one.equals(other)


@pytest.mark.parametrize("kind", [BgNbd, MbgNbd])
@pytest.mark.parametrize("rate", [0.01, 0.15, 1.0])
def test_purchases_for_ever_are_those_of_the_general_rule(kind, rate):
    rng = np.random.default_rng(1)
    for r, alpha, a, b in np.exp(rng.uniform(np.log([0.05, 0.5, 0.1, 0.1]), np.log([8, 50, 8, 20]), (8, 4))):
        model = kind(r, alpha, a, b, unit="week")
        cells = purchase_cells(model.simulate(rng.uniform(5, 200, 5), seed=2))
        force = interest(rate, "week")
        assert model.residual(cells, force) == pytest.approx(HistoryModel.residual(model, cells, force), rel=1e-7)
