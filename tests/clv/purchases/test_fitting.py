"""Maximum likelihood: known answers, agreement of the errors with theory, and every doubt said."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from crmlib.clv.purchases.fitting import ParametricModel, maximise
from crmlib.clv.purchases.gamma_gamma import SpendCells
from crmlib.clv.purchases.resampling import bootstrap, drawn_models
from crmlib.errors import InputError

PURCHASES = np.array([0.0, 1.0, 2.0, 5.0])
CUSTOMERS = np.array([40, 30, 20, 10])


@dataclass(frozen=True)
class Poisson(ParametricModel):
    name: ClassVar[str] = "Poisson"
    rate: float

    @classmethod
    def likelihood(cls, frame):
        purchases, counts = frame["purchases"].to_numpy(), frame["customers"].to_numpy()
        return lambda rate: (
            float(counts @ (purchases * np.log(rate) - rate)),
            np.array([counts @ (purchases / rate[0] - 1)]),
        )


CELLS = SpendCells(pd.DataFrame({"purchases": PURCHASES, "customers": CUSTOMERS}), left_out=0)


def fit_poisson(counts=CUSTOMERS, start=1.0):
    likelihood = Poisson.likelihood(CELLS.frame.assign(customers=counts))
    return maximise("Poisson", Poisson, ["rate"], likelihood, np.array([start]), int(counts.sum()), len(counts))


def normal(scale):
    """A likelihood of two positive parameters whose logs have independent normal tops at ln 2 and ln 30."""
    top = np.log([2, 30])

    def log_likelihood(parameters):
        apart = (np.log(parameters) - top) / scale
        return float(-(apart**2).sum() / 2), -apart / scale / parameters

    return log_likelihood


@given(st.floats(1e-3, 1e3))
def test_the_top_is_found_from_far_away(start):
    fit = fit_poisson(start=start)
    assert fit.converged
    assert fit.warnings == ()
    assert fit.parameters["rate"] == pytest.approx(1.2, rel=3e-6)
    assert fit.model.rate == fit.parameters["rate"]
    assert fit.standard_errors["rate"] == pytest.approx(np.sqrt(1.2 / 100), rel=3e-5)


def test_criteria_and_intervals():
    fit = fit_poisson()
    assert fit.aic == pytest.approx(2 - 2 * fit.log_likelihood)
    assert fit.bic == pytest.approx(np.log(100) - 2 * fit.log_likelihood)
    interval = fit.intervals(0.9).loc["rate"]
    error = np.sqrt(1.2 / 100) / 1.2
    assert np.log(interval / 1.2).tolist() == pytest.approx([-norm.ppf(0.95) * error, norm.ppf(0.95) * error], rel=1e-4)
    assert fit.to_frame().columns.to_list() == ["estimate", "standard_error", "lower", "upper"]
    assert fit.to_dict()["converged"] is True


def test_a_fit_to_a_part_leads_to_the_same_top_in_fewer_steps():
    part = maximise("normal", complex, ["p", "q"], normal(0.2), np.ones(2), customers=1, cells=1)
    whole = maximise("normal", complex, ["p", "q"], normal(0.1), np.ones(2), customers=4, cells=1)
    near = maximise("normal", complex, ["p", "q"], normal(0.1), np.ones(2), customers=4, cells=1, near=part)
    assert near.iterations < whole.iterations
    pd.testing.assert_series_equal(near.parameters, whole.parameters, rtol=1e-6)
    np.testing.assert_allclose(whole.standard_errors, [0.2, 3], rtol=1e-5)


def test_a_parameter_that_runs_to_infinity_is_a_doubt():
    def rising(p):
        return float(-1 / p[0] - (np.log(p[1])) ** 2), np.array([1 / p[0] ** 2, -2 * np.log(p[1]) / p[1]])

    fit = maximise("rising", complex, ["endless", "fine"], rising, np.ones(2), customers=10, cells=1)
    assert not fit.converged
    assert any(warning.startswith("endless") for warning in fit.warnings)
    assert not any(warning.startswith("fine") for warning in fit.warnings)


def test_a_parameter_that_nothing_depends_on_is_a_doubt_and_has_no_error():
    fit = maximise(
        "flat", complex, ["p", "q"], lambda p: (-((p[0] - 1) ** 2), np.array([-2 * (p[0] - 1), 0])), np.ones(2), 1, 1
    )
    assert not fit.converged
    assert any("not positive definite" in warning for warning in fit.warnings)
    assert fit.standard_errors.isna().all()


def test_a_likelihood_without_a_finite_start_is_refused():
    with pytest.raises(InputError, match="no finite log-likelihood"):
        maximise("none", float, ["p"], lambda p: (-np.inf, p), np.ones(1), 1, 1)


def test_the_bootstrap_scatters_like_the_standard_error_says():
    fit = fit_poisson()
    drawn = bootstrap(fit, CELLS, draws=150, seed=3)
    variance = np.average(PURCHASES**2, weights=CUSTOMERS) - 1.2**2  # the mean's own, whatever the model says
    assert drawn.failed == 0
    assert drawn.parameters["rate"].std() == pytest.approx(np.sqrt(variance / 100), rel=0.15)
    assert drawn.intervals().loc["rate", "lower"] < 1.2 < drawn.intervals().loc["rate", "upper"]
    assert drawn.to_frame().equals(bootstrap(fit, CELLS, draws=150, seed=3).parameters)
    assert set(drawn.to_dict()) == {"name", "parameters", "failed", "seed"}


def test_the_bootstrap_of_a_doubtful_fit_is_refused():
    fit = fit_poisson(np.array([10, 0, 0, 0]))
    assert not fit.converged
    with pytest.raises(InputError, match="edge of the search"):
        bootstrap(fit, CELLS, draws=2, seed=1)


def test_drawn_parameters_scatter_like_the_standard_error_says():
    fit = fit_poisson()
    logs = np.log([model.rate for model in drawn_models(fit, 4000, seed=1)])
    assert logs.mean() == pytest.approx(np.log(1.2), abs=0.01)
    assert logs.std() == pytest.approx(fit.standard_errors["rate"] / 1.2, rel=0.05)
    assert drawn_models(fit, 2, seed=5) == drawn_models(fit, 2, seed=5)


@pytest.mark.parametrize("draws", [0, -1, 1.5, True, "9", None])
def test_draws_are_counted(draws):
    for function in (lambda: bootstrap(fit_poisson(), CELLS, draws, 1), lambda: drawn_models(fit_poisson(), draws, 1)):
        with pytest.raises(InputError, match="draws: found"):
            function()


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, np.nan, None, "0.95", True])
def test_a_level_is_a_probability(level):
    fit = fit_poisson()
    for result in (fit, bootstrap(fit, CELLS, 2, seed=1)):
        with pytest.raises(InputError, match="level: found"):
            result.intervals(level)
