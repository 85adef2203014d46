import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import gamma as gamma_distribution

from crmlib.clv.purchases.gamma_gamma import GammaGamma, fit_gamma_gamma, spend_cells
from crmlib.errors import InputError
from crmlib.transactions import CustomerSummary
from tests.conftest import ROOT

CDNOW = pd.read_csv(ROOT / "data/cdnow/summary.csv", index_col="customer")
PRINTED = GammaGamma(p=6.25, q=3.74, gamma=15.44)
positive = st.floats(-1, 2).map(lambda power: 10**power)
models = st.builds(GammaGamma, positive, positive, positive)


def weeks(table):
    return CustomerSummary(table, unit="week")


def buyers(frequency, spend):
    return weeks(pd.DataFrame({"frequency": frequency, "monetary_value": spend}))


@pytest.fixture(scope="module")
def exact():
    """The summary from the log of orders, unrounded."""
    orders = pd.read_csv(ROOT / "data/cdnow/orders.csv", parse_dates=["date"])
    orders = orders[orders["date"] <= "1997-09-30"].groupby(["customer", "date"], as_index=False)["amount"].sum()
    first = orders.groupby("customer")["date"].transform("min")
    spend = orders[orders["date"] > first].groupby("customer")["amount"].mean()
    return CDNOW.assign(monetary_value=spend)


def test_fader_hardie_2013_cdnow_estimates(exact):
    """The Gamma-Gamma Model of Monetary Value (note 025), to the printed digits, from the log of orders."""
    fit = fit_gamma_gamma(weeks(exact))
    assert fit.converged
    assert [f"{value:.2f}" for value in fit.parameters] == ["6.25", "3.74", "15.44"]
    assert f"{fit.parameters['gamma']:.3f}" == "15.444"


def test_means_rounded_to_cents_move_gamma_to_15_448(exact):
    """The summary of the lifetimes package rounds each mean to cents; this alone explains its other γ."""
    fit = fit_gamma_gamma(weeks(CDNOW))
    assert [f"{value:.2f}" for value in fit.parameters[["p", "q"]]] == ["6.25", "3.74"]
    assert f"{fit.parameters['gamma']:.3f}" == "15.448"
    halves_up = np.floor(exact["monetary_value"] * 100 + 0.5 + 1e-9) / 100
    pd.testing.assert_series_equal(halves_up, CDNOW["monetary_value"])
    assert (exact["monetary_value"] - CDNOW["monetary_value"]).abs().max() == pytest.approx(0.005)


def test_repeat_buyers_only_are_in_the_cells_and_the_others_are_counted():
    cells = spend_cells(weeks(CDNOW))
    assert (cells.customers, cells.left_out) == (946, 1411)
    assert cells.frame["customers"].sum() == 946
    assert len(cells.frame) < 946
    assert cells.correlation == pytest.approx(CDNOW[["frequency", "monetary_value"]].corr().iloc[0, 1])


def test_the_density_is_a_mixture_of_gamma_distributions():
    def mixture(rate, mean, x):
        own = gamma_distribution.pdf(mean, PRINTED.p * x, scale=1 / (rate * x))
        return own * gamma_distribution.pdf(rate, PRINTED.q, scale=1 / PRINTED.gamma)

    for x, mean in ((1, 20.0), (4, 55.0)):
        density = quad(mixture, 0, 5, args=(mean, x), epsabs=1e-13)[0]
        assert PRINTED.log_likelihood(spend_cells(buyers([x], [mean]))) == pytest.approx(np.log(density), rel=1e-7)


def test_the_conditional_expectation_is_the_mean_of_the_mixture():
    def posterior(rate, power):
        own = gamma_distribution.pdf(55.0, PRINTED.p * 4, scale=1 / (rate * 4))
        return own * gamma_distribution.pdf(rate, PRINTED.q, scale=1 / PRINTED.gamma) * (PRINTED.p / rate) ** power

    mean = quad(posterior, 0, 5, args=(1,), epsabs=1e-13)[0] / quad(posterior, 0, 5, args=(0,), epsabs=1e-13)[0]
    assert PRINTED.conditional_expected_spend(buyers([4], [55.0]))[0] == pytest.approx(mean, rel=1e-7)


@given(models, st.integers(0, 10**6))
def test_the_gradient_is_the_slope(model, seed):
    rows = CDNOW[CDNOW["frequency"] > 0].sample(30, random_state=seed)
    log_likelihood = GammaGamma.likelihood(spend_cells(weeks(rows)).frame)
    logs = np.log([model.p, model.q, model.gamma])
    steps = 1e-5 * np.eye(3)
    slopes = [(log_likelihood(np.exp(logs + d))[0] - log_likelihood(np.exp(logs - d))[0]) / 2e-5 for d in steps]
    assert log_likelihood(np.exp(logs))[1] * np.exp(logs) == pytest.approx(slopes, rel=1e-4, abs=1e-3)


@given(models, st.integers(1, 50), st.floats(0.1, 500))
def test_the_expected_spend_lies_between_the_own_mean_and_that_of_all(model, x, mean):
    if model.q > 1:
        expected = model.conditional_expected_spend(buyers([x, x + 1], [mean, mean])).to_numpy()
        low, high = sorted([mean, model.population_mean])
        assert low * (1 - 1e-9) <= expected[0] <= high * (1 + 1e-9)
        assert abs(expected[1] - mean) <= abs(expected[0] - mean) * (1 + 1e-9)


def test_customers_without_a_repeat_purchase_get_the_mean_of_all():
    expected = PRINTED.conditional_expected_spend(buyers([0, 0], [np.nan, 0.0]))
    assert expected.to_list() == [PRINTED.population_mean] * 2
    assert PRINTED.population_mean == pytest.approx(35.219, abs=5e-4)


def test_no_mean_of_all_is_said_when_somebody_needs_it():
    model = GammaGamma(p=6.0, q=0.9, gamma=15.0)
    assert model.population_mean == np.inf
    assert model.conditional_expected_spend(buyers([2], [30.0]))[0] > 0
    with pytest.raises(InputError, match="only where q exceeds 1"):
        model.conditional_expected_spend(buyers([2, 0], [30.0, np.nan]))


def test_simulation_recovers_the_parameters_within_their_intervals():
    frequency = np.random.default_rng(1).poisson(2, 20_000)
    spend = PRINTED.simulate(frequency, seed=2)
    assert (np.isnan(spend) == (frequency == 0)).all()
    fit = fit_gamma_gamma(buyers(frequency, spend))
    bounds = fit.intervals(0.99)
    truth = pd.Series({"p": 6.25, "q": 3.74, "gamma": 15.44})
    assert fit.converged
    assert (bounds["lower"] < truth).all()
    assert (truth < bounds["upper"]).all()


def test_the_unit_of_money_does_not_matter():
    fit = fit_gamma_gamma(weeks(CDNOW))
    cents = fit_gamma_gamma(weeks(CDNOW.assign(monetary_value=CDNOW["monetary_value"] * 100)))
    assert cents.parameters["gamma"] == pytest.approx(100 * fit.parameters["gamma"], rel=1e-4)
    assert cents.parameters["q"] == pytest.approx(fit.parameters["q"], rel=1e-4)


@pytest.mark.parametrize(
    "summary", [buyers([1, 2, 3] * 20, 25.0), buyers([2], [30.0])], ids=["all spend the same", "one buyer"]
)
def test_spend_without_spread_is_doubted(summary):
    fit = fit_gamma_gamma(summary)
    assert not fit.converged
    assert fit.warnings


def test_the_correlation_is_missing_where_nothing_varies():
    assert np.isnan(spend_cells(buyers([2, 2], [30.0, 40.0])).correlation)
    assert np.isnan(spend_cells(buyers([2], [30.0])).correlation)


@pytest.mark.parametrize("bad", [0.0, -5.0, np.nan, np.inf, None, "12", True, pd.NA])
def test_every_impossible_spend_names_its_customer(bad):
    table = pd.DataFrame({"frequency": [2, 1, 3], "monetary_value": [30.0, bad, bad]}, index=["Ann", "Bo", "Cy"])
    with pytest.raises(InputError) as error:
        spend_cells(weeks(table))
    assert [problem.where for problem in error.value.problems] == [
        f"customer {name!r}, column 'monetary_value'" for name in ("Bo", "Cy")
    ]


def test_spend_without_a_repeat_purchase_is_refused():
    with pytest.raises(InputError, match=r"customer 1,.*leave it empty"):
        spend_cells(buyers([2, 0], [30.0, 12.0]))


def test_a_missing_column_and_nobody_who_came_back_are_said():
    with pytest.raises(InputError, match="column 'monetary_value': missing"):
        spend_cells(weeks(pd.DataFrame({"frequency": [2]})))
    with pytest.raises(InputError, match="none bought again"):
        spend_cells(buyers([0], [np.nan]))


def test_impossible_parameters_are_refused():
    with pytest.raises(InputError, match="q: found -1"):
        GammaGamma(1.0, -1.0, 1.0)
