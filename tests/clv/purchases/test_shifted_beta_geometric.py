import mpmath
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.clv.cashflows.retention import margin_multiple
from crmlib.clv.purchases.shifted_beta_geometric import ShiftedBetaGeometric, fit_shifted_beta_geometric
from crmlib.errors import InputError
from tests.clv.references import reference

PARAMETERS = st.floats(0.05, 50)


@pytest.mark.parametrize(("cohort", "log_likelihood"), [("regular", -1680.3), ("high_end", -1611.2)])
def test_fader_hardie_2007_two_cohorts(cohort, log_likelihood):
    terms, expected, tolerance = reference(f"sbg_{cohort}_mle")
    survivors = pd.Series(terms["survivors_per_1000_year0_to_7"])
    fit = fit_shifted_beta_geometric(survivors)
    assert fit.parameters.to_dict() == pytest.approx(expected, abs=tolerance)
    assert fit.converged
    # The likelihood once more, from the distribution itself: those who left in each year, and those who stayed.
    model = fit.model
    survival = model.survival(range(8)).to_numpy()
    total = (-np.diff(survivors) * np.log(-np.diff(survival))).sum() + survivors.iloc[-1] * np.log(survival[-1])
    assert fit.log_likelihood == pytest.approx(total)


def test_fader_hardie_2007_projection_of_the_regular_cohort():
    terms, expected, tolerance = reference("sbg_regular_projection_years_8_12")
    model = ShiftedBetaGeometric(terms["alpha"], terms["beta"])
    assert 100 * model.survival(range(8, 13)).to_numpy() == pytest.approx(np.array(expected), abs=tolerance)


@given(PARAMETERS, PARAMETERS)
def test_survival_is_the_product_of_the_retention_rates(alpha, beta):
    model = ShiftedBetaGeometric(alpha, beta)
    years = range(1, 15)
    assert model.survival(years).to_numpy() == pytest.approx(model.retention(years).cumprod().to_numpy())
    assert model.retention(years).is_monotonic_increasing
    assert model.survival([0]).tolist() == [1]


def test_survival_is_the_mean_over_customers_who_never_change():
    stays = 1 - np.random.default_rng(1).beta(0.7, 1.2, size=200_000)
    survival = ShiftedBetaGeometric(0.7, 1.2).survival([1, 5, 10]).to_numpy()
    assert survival == pytest.approx(np.array([(stays**t).mean() for t in (1, 5, 10)]), abs=0.004)


@pytest.mark.parametrize("rate", [1e-4, 0.01, 0.1, 2])
@pytest.mark.parametrize("alpha", [0.01, 0.668, 2, 50, 1000])
@pytest.mark.parametrize("beta", [0.01, 3.806, 100, 1000])
def test_the_multiple_against_many_digits(alpha, beta, rate):
    expected = mpmath.hyp2f1(1, beta, mpmath.mpf(alpha) + beta, 1 / (1 + mpmath.mpf(rate)))
    assert ShiftedBetaGeometric(alpha, beta).margin_multiple(rate) == pytest.approx(float(expected), rel=1e-10)


@given(PARAMETERS, PARAMETERS, st.floats(0.05, 1), st.integers(0, 10))
def test_the_multiple_is_the_sum_of_discounted_survival(alpha, beta, rate, renewals):
    model = ShiftedBetaGeometric(alpha, beta)
    years = np.arange(2000)
    total = (model.survival(renewals + years).to_numpy() * (1 + rate) ** -years).sum() / model.survival([renewals])
    assert model.margin_multiple(rate, renewals) == pytest.approx(float(total.iloc[0]), rel=1e-8)


def test_alike_customers_have_constant_retention():
    model = ShiftedBetaGeometric(alpha=2e5, beta=8e5)
    assert model.margin_multiple(0.1) == pytest.approx(margin_multiple(0.8, 0.1, "start", "certain"), rel=1e-4)


def test_fader_hardie_2010_residual_lifetime():
    """An independent program gives 7.530 to the high-end customers of year 7 at 10 per cent."""
    terms, _, _ = reference("sbg_high_end_mle")
    fit = fit_shifted_beta_geometric(pd.Series(terms["survivors_per_1000_year0_to_7"]))
    assert 1.1 * (fit.model.margin_multiple(0.1, 7) - 1) == pytest.approx(7.530, abs=0.0005)


def test_without_discounting_the_value_is_finite_only_for_a_large_alpha():
    model = ShiftedBetaGeometric(3.0, 4.0)
    assert model.margin_multiple(0) == pytest.approx(3)
    assert model.margin_multiple(1e-6) == pytest.approx(3, rel=1e-4)
    with pytest.raises(InputError, match="discount_rate: found 0"):
        ShiftedBetaGeometric(0.7, 1.2).margin_multiple(0)
    with pytest.raises(InputError, match=r"discount_rate: found -0\.1"):
        model.margin_multiple(-0.1)


def test_simulated_cohorts_give_their_parameters_back():
    inside = []
    for seed in range(8):
        fit = fit_shifted_beta_geometric(ShiftedBetaGeometric(0.7, 1.2).simulate(5000, renewals=8, seed=seed))
        bounds = fit.intervals(0.99)
        inside.append((bounds["lower"] < [0.7, 1.2]).all() and (bounds["upper"] > [0.7, 1.2]).all())
    assert sum(inside) >= 7


@pytest.mark.parametrize(
    "survivors",
    [
        [1000, 1000, 1000],  # nobody left
        [1000, 0, 0],  # nobody stayed
        [1000, 600],  # two parameters from one renewal
        [1000, 800, 640, 512, 410],  # customers all alike
        [1000, 900, 720, 504],  # retention that falls
    ],
)
def test_a_fit_that_the_data_do_not_determine_says_so(survivors):
    fit = fit_shifted_beta_geometric(pd.Series(survivors))
    assert not fit.converged
    assert fit.warnings


@pytest.mark.parametrize(
    ("survivors", "message"),
    [
        ([100, 120, 90, 95], "survivors 1 (1): 120 after 100"),
        ([100, 120, 90, 95], "survivors 3 (3): 95 after 90"),
        ([1, 0.8, 0.6], "survivors 1 (1): found 0.8. Give the number of customers left, a whole number"),
        ([100, np.nan, 60], "survivors 1 (1): found nan"),
        ([100, -5], "found -5"),
        ([0, 0], "nobody at the start"),
        ([100], "found 1 number(s)"),
        ([], "found 0 number(s)"),
    ],
)
def test_unusable_survivors_are_named(survivors, message):
    with pytest.raises(InputError) as error:
        fit_shifted_beta_geometric(pd.Series(survivors))
    assert message in str(error.value)


@pytest.mark.parametrize(("alpha", "beta"), [(0, 1), (1, -1), (np.nan, 1), (1, np.inf)])
def test_parameters_are_positive(alpha, beta):
    with pytest.raises(InputError):
        ShiftedBetaGeometric(alpha, beta)


@pytest.mark.parametrize("bad", [[-1], [0.5], [np.nan], ["1"], [True], [None]])
def test_renewals_are_counted(bad):
    model = ShiftedBetaGeometric(0.7, 1.2)
    with pytest.raises(InputError, match="renewals"):
        model.survival(bad)
    with pytest.raises(InputError, match="renewals"):
        model.retention(bad)


def test_the_first_renewal_is_number_one():
    with pytest.raises(InputError, match="number 1"):
        ShiftedBetaGeometric(0.7, 0.2).retention([0])
    assert ShiftedBetaGeometric(0.7, 0.2).survival([]).empty
