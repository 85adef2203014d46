import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from crmlib.errors import InputError
from crmlib.pareto import concentration, fit_pareto_tail, lorenz_curve

amounts = st.lists(st.integers(0, 500), min_size=1, max_size=40).filter(any)


def test_gini_of_one_to_five_as_in_textbooks():
    assert concentration(pd.Series([1, 2, 3, 4, 5])).gini == pytest.approx(0.26666667, abs=1e-7)


@given(st.integers(1, 50), st.integers(1, 1000))
def test_gini_of_equal_values_is_0_and_of_one_owner_n_minus_1_over_n(customers, value):
    equal = concentration(pd.Series([value] * customers))
    assert equal.gini == pytest.approx(0, abs=1e-12)
    assert equal.hhi == pytest.approx(1 / customers)
    assert equal.effective_customers == pytest.approx(customers)
    owner = concentration(pd.Series([0] * (customers - 1) + [value]))
    assert owner.gini == pytest.approx((customers - 1) / customers, abs=1e-12)
    assert owner.hhi == pytest.approx(1)


@given(amounts)
def test_gini_is_twice_the_area_above_the_lorenz_curve(values):
    curve = lorenz_curve(pd.Series(values))
    area = np.trapezoid(curve["value"], curve["customers"])
    assert concentration(pd.Series(values)).gini == pytest.approx(1 - 2 * area, abs=1e-12)


@given(amounts)
def test_gini_is_half_the_mean_difference_over_the_mean(values):
    numbers = np.array(values, dtype=float)
    mean_difference = np.abs(numbers[:, None] - numbers).mean()
    assert concentration(pd.Series(values)).gini == pytest.approx(mean_difference / 2 / numbers.mean(), abs=1e-12)


@given(amounts, st.sampled_from([0.25, 2.0, 1024.0]))
def test_units_change_nothing(values, factor):
    first, second = concentration(pd.Series(values)), concentration(pd.Series(values) * factor)
    assert first.to_dict() == second.to_dict()


@given(amounts)
def test_the_lorenz_curve_rises_from_0_to_1_below_the_diagonal(values):
    curve = lorenz_curve(pd.Series(values))
    assert curve.iloc[0].tolist() == [0, 0]
    assert curve.iloc[-1].tolist() == [1, 1]
    assert (curve["value"].diff().dropna() >= 0).all()
    assert (curve["value"] <= curve["customers"] + 1e-12).all()


def test_top_shares_are_those_of_the_best():
    assert concentration(pd.Series([50, 30, 20]), top=[1, 2, 9]).top_shares.to_dict() == {1: 0.5, 2: 0.8, 9: 1.0}


def test_all_is_told_under_its_own_name():
    found = concentration(pd.Series([50, 30, 20]), top=[1])
    assert found.to_dict() == {
        "customers": 3, "gini": pytest.approx(0.2), "hhi": pytest.approx(0.38), "top_shares": {1: 0.5}
    }  # fmt: skip
    assert found.top_shares.name == "share"


@pytest.mark.parametrize("function", [concentration, lorenz_curve])
def test_negative_and_empty_values_are_refused(function):
    with pytest.raises(InputError, match=r"customer 'p': found -1"):
        function(pd.Series({"p": -1, "q": 2}))
    with pytest.raises(InputError, match="all are 0"):
        function(pd.Series([0, 0]))


def test_clauset_shalizi_newman_2009_the_exponent_of_a_known_law_is_found():
    """A body of even values below 1 and a tail with α = 2.5 from 1 on: found, and not rejected."""
    fits = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        values = np.concatenate([rng.uniform(0.1, 1, 400), (1 - rng.random(400)) ** (-1 / 1.5)])
        fits.append(fit_pareto_tail(pd.Series(values), samples=10, seed=seed))
    for fit in fits:
        assert abs(fit.exponent - 2.5) < 4 * fit.standard_error
        assert fit.standard_error == pytest.approx((fit.exponent - 1) / np.sqrt(fit.customers))
    assert np.median([fit.minimum for fit in fits]) == pytest.approx(1, abs=0.25)
    assert np.median([fit.p_value for fit in fits]) > 0.2


def test_clauset_shalizi_newman_2009_an_exponential_tail_is_no_power_law():
    draws = np.random.default_rng(4).exponential(1, 4_000)
    fit = fit_pareto_tail(pd.Series(draws + 1), samples=40, seed=1)
    assert fit.p_value < 0.1 or fit.customers < 400, "rejected, or only a sliver of the tail looks like the law"


def test_hill_1975_estimator_of_a_whole_sample():
    """With the tail's start known, 1 + m/Σ ln(v/min) is computed by hand."""
    draws = pd.Series(np.random.default_rng(7).pareto(2, 300) + 1)
    fit = fit_pareto_tail(draws, samples=0)
    tail = draws[draws >= fit.minimum]
    assert fit.customers == len(tail)
    assert fit.exponent == pytest.approx(1 + len(tail) / np.log(tail / fit.minimum).sum())
    assert np.isnan(fit.p_value)
    assert json.loads(json.dumps(fit.to_dict()))["customers"] == len(tail)


def test_the_same_seed_gives_the_same_fit():
    draws = pd.Series(np.random.default_rng(7).pareto(2, 200) + 1)
    assert fit_pareto_tail(draws, 10, seed=5) == fit_pareto_tail(draws, 10, seed=5)


def test_too_few_values_for_a_tail_are_refused():
    with pytest.raises(InputError, match="19 distinct positive values"):
        fit_pareto_tail(pd.Series(range(20)))


def test_the_distance_of_a_tail_is_the_kolmogorov_smirnov_statistic_beyond_its_beginning():
    """Against SciPy, which knows neither the beginning of the tail nor its exponent."""
    draws = pd.Series(np.random.default_rng(5).pareto(1.2, 400) + 1)
    fit = fit_pareto_tail(draws, samples=0)
    tail = draws[draws >= fit.minimum]
    law = stats.pareto(b=fit.exponent - 1, scale=fit.minimum)
    assert fit.customers == len(tail)
    assert fit.distance == pytest.approx(stats.kstest(tail, law.cdf).statistic)


def test_the_p_value_of_a_whole_sample_is_how_often_the_law_lies_further_off():
    """The samples drawn again by another formula, through the inverse of the law."""
    draws = pd.Series(np.sort(np.random.default_rng(6).pareto(1.5, 60) + 1))
    fit = fit_pareto_tail(draws, samples=200, seed=3)
    others = [fit_pareto_tail(pd.Series(one), samples=0).distance for one in resampled(draws, fit, 200)]
    expected = np.mean(np.array(others) >= fit.distance)
    assert fit.p_value == pytest.approx(expected, abs=4 * np.sqrt(0.25 / 200))


def resampled(draws, fit, count):
    """Samples that follow the fitted law beyond its beginning, and the data below it."""
    rng = np.random.default_rng(99)
    below = draws[draws < fit.minimum].to_numpy()
    law = stats.pareto(b=fit.exponent - 1, scale=fit.minimum)
    for _ in range(count):
        in_tail = rng.random(len(draws)) < fit.customers / len(draws)
        yield np.where(
            in_tail, law.rvs(len(draws), random_state=rng), rng.choice(below, len(draws)) if len(below) else 0
        )
