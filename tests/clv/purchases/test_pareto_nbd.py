import mpmath
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import approx_fprime

from crmlib.clv.purchases._decay import log_decay_integral
from crmlib.clv.purchases.cells import purchase_cells
from crmlib.clv.purchases.pareto_nbd import ParetoNbd, fit_pareto_nbd
from crmlib.errors import InputError
from crmlib.transactions import CustomerSummary
from tests.conftest import ROOT

CDNOW = pd.read_csv(ROOT / "data/cdnow/summary.csv", index_col="customer")


def weeks(table):
    return CustomerSummary(table, unit="week")


CELLS = purchase_cells(weeks(CDNOW))
FIT = fit_pareto_nbd(CELLS)
PRINTED = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669, unit="week")
positive = st.floats(-2, 2).map(lambda power: 10**power)
models = st.builds(ParetoNbd, positive, positive, positive, positive, st.just("week"))
histories = st.tuples(st.integers(0, 60), st.floats(0.01, 1), st.floats(0.1, 200)).map(
    lambda h: pd.DataFrame({"frequency": [h[0]], "recency": [h[1] * h[2] if h[0] else 0.0], "T": [h[2]]}, index=["Ann"])
)


def textbook(model, summary):
    """ln L of one customer as printed by Fader and Hardie (2005), with 80 digits."""
    x, recency, end = (mpmath.mpf(float(value)) for value in summary.iloc[0][["frequency", "recency", "T"]])
    with mpmath.workdps(80):
        r, alpha, s, beta = (mpmath.mpf(value) for value in (model.r, model.alpha, model.s, model.beta))
        larger, smaller, second = (alpha, beta, s + 1) if alpha >= beta else (beta, alpha, r + x)

        def term(t):
            z = (larger - smaller) / (larger + t)
            return mpmath.hyp2f1(r + s + x, second, r + s + x + 1, z) / (larger + t) ** (r + s + x)

        dead = s / (r + s + x) * (term(recency) - term(end))
        alive = 1 / ((alpha + end) ** (r + x) * (beta + end) ** s)
        value = mpmath.log(mpmath.rf(r, x) * alpha**r * beta**s * (alive + dead))
        return float(value), float(alive / (alive + dead))


def test_fader_hardie_lee_2005_cdnow_estimates():
    """Marketing Science 24(2), 275–284, table 2 (Pareto/NBD), from the log of orders, to the printed digits."""
    orders = pd.read_csv(ROOT / "data/cdnow/orders.csv", parse_dates=["date"])
    bought = orders[orders["date"] <= "1997-09-30"].groupby("customer")["date"]
    exact = pd.DataFrame(
        {
            "frequency": bought.nunique() - 1,
            "recency": (bought.max() - bought.min()).dt.days / 7,
            "T": (pd.Timestamp("1997-09-30") - bought.min()).dt.days / 7,
        }
    )
    fit = fit_pareto_nbd(weeks(exact))
    assert fit.converged
    assert [f"{value:.3f}" for value in fit.parameters] == ["0.553", "10.578", "0.606", "11.669"]
    assert f"{fit.log_likelihood:.1f}" == "-9595.0"


def test_fader_hardie_lee_2005_standard_errors():
    """As other programs print them for the same file; that of β is flat, so the fourth digit of it may move."""
    errors = FIT.standard_errors
    assert errors[["r", "alpha", "s"]].round(4).to_list() == [0.0476, 0.8427, 0.1873]
    assert errors["beta"] == pytest.approx(6.2105, rel=2e-4)


def test_the_summary_rounded_to_hundredths_of_a_week_moves_only_the_flat_beta():
    assert [f"{value:.3f}" for value in FIT.parameters] == ["0.553", "10.578", "0.606", "11.668"]
    assert FIT.log_likelihood == pytest.approx(-9594.9739, abs=5e-5)


@given(models, histories)
@settings(max_examples=10)
def test_the_likelihood_and_the_probability_alive_are_the_textbook_s(model, summary):
    value, alive = textbook(model, summary)
    assert model.log_likelihood(weeks(summary)) == pytest.approx(value, abs=1e-8, rel=1e-10)
    assert model.probability_alive(weeks(summary))["Ann"] == pytest.approx(alive, rel=1e-8)


@pytest.mark.parametrize(
    "shifts", [(10.6, 11.7), (11.7, 10.6), (10.0, 10.0), (300.0, 0.02), (0.02, 300.0), (50.0, 8.0)]
)
@pytest.mark.parametrize(("x", "t"), [(0, 0.0), (1, 0.3), (7, 40.0), (150, 0.0), (150, 5000.0)])
def test_the_integral_against_mpmath(shifts, x, t):
    for a, b in ((0.55 + x, 1.6), (0.01 + x, 1.01), (30.0 + x, 0.6)):
        c, (alpha, beta) = a + b - 1, shifts
        larger, smaller, p = (alpha, beta, b) if alpha >= beta else (beta, alpha, a)
        with mpmath.workdps(60):
            hyper = mpmath.hyp2f1(c, p, c + 1, (mpmath.mpf(larger) - smaller) / (mpmath.mpf(larger) + t))
            expected = float(mpmath.log(hyper / c) - c * mpmath.log(mpmath.mpf(larger) + t))
        value, gradient = log_decay_integral(np.array([a]), np.array([b]), alpha, beta, np.array([t]))
        assert value[0] == pytest.approx(expected, abs=1e-9, rel=1e-11)

        def logarithm(place):
            return log_decay_integral(place[:1], place[1:2], place[2], place[3], np.array([t]))[0][0]

        place = np.array([a, b, alpha, beta])
        steps = 1e-5 * np.eye(4) * place
        differences = [(logarithm(place + step) - logarithm(place - step)) / (2 * step.sum()) for step in steps]
        assert gradient[:, 0] * place == pytest.approx(differences * place, rel=1e-5, abs=1e-5)


@given(models, st.integers(0, 10**6))
@settings(max_examples=10)
def test_the_gradient_is_the_slope(model, seed):
    rng = np.random.default_rng(seed)
    log_likelihood = ParetoNbd.likelihood(CDNOW.iloc[rng.integers(0, len(CDNOW), 15)].assign(customers=1))
    place = np.array([model.r, model.alpha, model.s, model.beta])
    logs = np.log(place)
    steps = 1e-5 * np.eye(4)
    slopes = [
        (log_likelihood(np.exp(logs + step))[0] - log_likelihood(np.exp(logs - step))[0]) / 2e-5 for step in steps
    ]
    gradient = log_likelihood(place)[1] * place
    assert gradient == pytest.approx(slopes, rel=1e-4, abs=1e-3)


@given(models, histories)
def test_the_longer_the_silence_the_less_likely_alive(model, summary):
    both = pd.concat([summary, summary.assign(T=summary["T"] * 1.5)], ignore_index=True)
    alive = model.probability_alive(weeks(both))
    assert 0 <= alive[1] <= alive[0] * (1 + 1e-9) <= 1 + 1e-9


def test_a_customer_who_has_just_bought_is_alive():
    bought_now = pd.DataFrame({"frequency": [3, 0], "recency": [20.0, 0.0], "T": [20.0, 0.0]})
    assert PRINTED.probability_alive(weeks(bought_now)).to_list() == pytest.approx([1, 1])


@pytest.mark.parametrize("s", [0.606, 1.0, 1 + 1e-9, 3.0])
def test_expected_purchases_add_up_over_the_lives_of_customers(s):
    model = ParetoNbd(0.553, 10.578, s, 11.669, "week")
    still = lambda time, since: ((model.beta + since) / (model.beta + since + time)) ** s  # noqa: E731
    expected = 0.553 / 10.578 * quad(still, 0, 39, args=(0.0,))[0]
    assert float(model.expected_purchases(39.0)) == pytest.approx(expected)
    ann = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]})
    alive = textbook(model, ann)[1]
    conditional = alive * 2.553 / (10.578 + 38.86) * quad(still, 0, 39, args=(38.86,))[0]
    assert model.conditional_expected_purchases(weeks(ann), 39.0)[0] == pytest.approx(conditional)
    assert model.conditional_expected_purchases(weeks(ann), 0.0)[0] == 0


@given(models, st.floats(0, 200))
def test_the_number_of_purchases_has_a_distribution_with_the_expected_mean(model, t):
    probabilities = model.purchase_probabilities(t, most=1000)
    assert (probabilities >= 0).all()
    assert probabilities.sum() <= 1 + 1e-9
    if 1 - probabilities.sum() < 1e-12:
        assert probabilities @ np.arange(1001) == pytest.approx(float(model.expected_purchases(t)), rel=1e-6, abs=1e-12)


def test_times_of_any_shape_have_their_probabilities():
    both = PRINTED.purchase_probabilities(np.array([10.0, 39.0]), most=3)
    assert both[1] == pytest.approx(PRINTED.purchase_probabilities(39.0, most=3))
    assert PRINTED.purchase_probabilities(0.0, most=2).tolist() == pytest.approx([1, 0, 0])


def test_simulation_agrees_with_every_formula():
    drawn = PRINTED.simulate(np.full(200_000, 39.0), seed=5).customers
    expected = PRINTED.purchase_probabilities(39.0, most=3)
    for n in range(4):
        assert (drawn["frequency"] == n).mean() == pytest.approx(expected[n], abs=0.004)
    assert drawn["frequency"].mean() == pytest.approx(float(PRINTED.expected_purchases(39.0)), rel=0.02)
    assert drawn["alive"].mean() == pytest.approx((11.669 / 50.669) ** 0.606, abs=0.004)
    some = drawn.iloc[:50_000]
    probability = PRINTED.probability_alive(weeks(some))
    for low, high in ((0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.01)):
        between = probability.between(low, high, inclusive="left")
        assert some["alive"][between].mean() == pytest.approx(probability[between].mean(), abs=0.02)


def test_simulation_recovers_the_parameters_within_their_intervals():
    observed = np.random.default_rng(2).integers(27, 79, 20_000).astype(float)
    drawn = PRINTED.simulate(observed, seed=3)
    assert drawn.customers.equals(PRINTED.simulate(observed, seed=3).customers)
    fit = fit_pareto_nbd(drawn)
    assert fit.converged
    bounds = fit.intervals(0.99)
    truth = pd.Series({"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669})
    assert (bounds["lower"] < truth).all()
    assert (truth < bounds["upper"]).all()


def test_counted_cells_are_as_good_as_customers():
    twice = weeks(CELLS.frame.assign(customers=2 * CELLS.frame["customers"]))
    assert PRINTED.log_likelihood(twice) == pytest.approx(2 * PRINTED.log_likelihood(CELLS))
    half = ParetoNbd.likelihood(CELLS.frame.assign(customers=CELLS.frame["customers"] / 2))
    assert half(np.array([0.553, 10.578, 0.606, 11.669]))[0] == pytest.approx(PRINTED.log_likelihood(CELLS) / 2)


def test_no_parameters_near_the_best_are_better():
    place = FIT.parameters.to_numpy()
    slope = approx_fprime(np.log(place), lambda logs: ParetoNbd.likelihood(CELLS.frame)(np.exp(logs))[0], 1e-5)
    assert np.abs(slope).max() < 0.05


def test_the_unit_of_time_does_not_matter():
    days = CDNOW[["frequency"]].assign(recency=CDNOW["recency"] * 7, T=CDNOW["T"] * 7)
    fit = fit_pareto_nbd(CustomerSummary(days, unit="day"))
    assert fit.parameters[["r", "s"]].to_numpy() == pytest.approx(FIT.parameters[["r", "s"]].to_numpy(), rel=1e-4)
    assert fit.parameters["alpha"] == pytest.approx(7 * FIT.parameters["alpha"], rel=1e-4)


@pytest.mark.parametrize(
    "summary",
    [
        pd.DataFrame({"frequency": [0] * 30, "recency": 0.0, "T": np.arange(1.0, 31.0)}),  # nobody came back
        pd.DataFrame({"frequency": [0], "recency": [0.0], "T": [0.0]}),  # one customer, just arrived
        pd.DataFrame({"frequency": [2] * 50, "recency": 9.9, "T": 10.0}),  # all the same, nobody leaves
    ],
)
def test_a_fit_that_determines_nothing_says_so(summary):
    fit = fit_pareto_nbd(weeks(summary), nobody_bought_once=True)
    assert not fit.converged
    assert fit.warnings


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
def test_impossible_parameters_and_times_are_refused(bad):
    with pytest.raises(InputError, match="alpha: found"):
        ParetoNbd(1.0, bad, 1.0, 1.0, "week")
    if bad != 0:
        with pytest.raises(InputError, match="Give times from 0"):
            PRINTED.expected_purchases(bad)


def test_an_impossible_history_names_the_customer():
    with pytest.raises(InputError, match="customer 'Ann'"):
        PRINTED.probability_alive(weeks(pd.DataFrame({"frequency": [1], "recency": [9.0], "T": [4.0]}, index=["Ann"])))
    with pytest.raises(InputError, match="customer 'Bo'"):
        PRINTED.conditional_expected_purchases(
            weeks(pd.DataFrame({"frequency": [2.5], "recency": [1.0], "T": [4.0]}, index=["Bo"])), 1.0
        )
