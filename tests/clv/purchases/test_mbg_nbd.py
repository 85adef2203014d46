"""MBG/NBD: the published fit, its formulas against quadrature and simulation."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import beta as beta_function
from scipy.special import gammaln

from crmlib.clv.purchases.bg_nbd import BgNbd
from crmlib.clv.purchases.mbg_nbd import MbgNbd, fit_mbg_nbd
from crmlib.transactions import CustomerSummary
from tests.conftest import ROOT

CDNOW = CustomerSummary(pd.read_csv(ROOT / "data/cdnow/summary.csv", index_col="customer"), "week")
PRINTED = MbgNbd(r=0.525, alpha=6.183, a=0.891, b=1.614, unit="week")
positive = st.floats(0.2, 20)


def customer(x, recency, end):
    return CustomerSummary(pd.DataFrame({"frequency": [x], "recency": [recency], "T": [end]}), "week")


def test_batislam_denizel_filiztekin_2007_on_cdnow():
    fit = fit_mbg_nbd(CDNOW)
    assert fit.converged
    assert [f"{value:.3f}" for value in fit.parameters] == ["0.525", "6.183", "0.891", "1.614"]
    assert f"{fit.log_likelihood:.2f}" == "-9582.13"
    assert (fit.name, fit.model.unit) == ("MBG/NBD", "week")


@given(positive, positive, positive, positive, st.integers(0, 9), st.floats(0.05, 1), st.floats(0.5, 60))
@settings(max_examples=20)
def test_the_likelihood_is_the_mean_over_the_chances_to_leave(r, alpha, a, b, x, share, end):
    """Each purchase, the first included, is the last with probability p; purchases come at random times."""
    recency = share * end if x else 0.0
    model = MbgNbd(r, alpha, a, b, "week")
    # Purchases at times t_1 … t_x and then none while alive; or gone after the last.
    paths = np.exp(gammaln(r + x) - gammaln(r) + r * np.log(alpha))
    stayed = paths * (alpha + end) ** -(r + x) * beta_function(a, b + x + 1) / beta_function(a, b)
    left = paths * (alpha + recency) ** -(r + x) * beta_function(a + 1, b + x) / beta_function(a, b)
    found = customer(x, recency, end)
    assert model.log_likelihood(found) == pytest.approx(np.log(stayed + left), rel=1e-9, abs=1e-9)
    assert model.probability_alive(found)[0] == pytest.approx(stayed / (stayed + left), rel=1e-8)


@given(positive, positive, positive, positive)
@settings(max_examples=15)
def test_the_gradient_is_the_slope(r, alpha, a, b):
    frame = pd.DataFrame({"frequency": [0, 1, 7], "recency": [0, 2, 9], "T": [5, 5, 9], "customers": [3, 2, 1]})
    likelihood, place = MbgNbd.likelihood(frame.astype(float)), np.array([r, alpha, a, b])
    steps = 1e-6 * np.diag(place)
    slopes = [(likelihood(place + step)[0] - likelihood(place - step)[0]) / (2 * step.sum()) for step in steps]
    assert likelihood(place)[1] == pytest.approx(slopes, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("t", [0.0, 3.0, 39.0, 500.0])
def test_the_expectation_is_the_mean_over_the_chances_to_leave(t):
    r, alpha, a, b = PRINTED.parameters

    def purchases(p):
        density = p ** (a - 1) * (1 - p) ** (b - 1) / beta_function(a, b)
        return (1 - p) * (1 - (1 + p * t / alpha) ** -r) / p * density

    assert float(PRINTED.expected_purchases(t)) == pytest.approx(quad(purchases, 0, 1, limit=500)[0], rel=1e-6)


def test_simulated_customers_behave_as_expected():
    drawn = PRINTED.simulate(np.full(60_000, 39.0), seed=4)
    counts = drawn.customers["frequency"]
    error = counts.std() / len(counts) ** 0.5
    assert counts.mean() == pytest.approx(float(PRINTED.expected_purchases(39.0)), abs=4 * error)
    shares = np.bincount(np.minimum(counts, 8), minlength=9)[:8] / len(counts)
    np.testing.assert_allclose(shares, PRINTED.purchase_probabilities(39.0, 7), atol=0.008)
    later = PRINTED.simulate(np.full(60_000, 78.0), seed=5).customers["frequency"].mean() - counts.mean()
    expected = PRINTED.conditional_expected_purchases(drawn, 39.0).mean()
    assert expected == pytest.approx(later, abs=8 * error)


def test_simulation_and_fit_recover_the_parameters():
    weeks = np.random.default_rng(3).uniform(20, 60, 20_000)
    bounds = fit_mbg_nbd(PRINTED.simulate(weeks, seed=8)).intervals(0.99)
    assert (bounds["lower"] < PRINTED.parameters).all()
    assert (bounds["upper"] > PRINTED.parameters).all()


def test_one_purchase_is_less_and_less_hope_where_bg_nbd_never_doubts():
    silent = pd.DataFrame({"frequency": 0, "recency": 0.0, "T": [0.0, 10.0, 40.0, 400.0]})
    alive = PRINTED.probability_alive(CustomerSummary(silent, "week"))
    assert alive.is_monotonic_decreasing
    assert alive[0] == pytest.approx(1.614 / (0.891 + 1.614))
    plain = BgNbd(*PRINTED.parameters, unit="week").probability_alive(CustomerSummary(silent, "week"))
    assert (plain == 1).all()
