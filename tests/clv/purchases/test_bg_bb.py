import mpmath
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import beta as betafunction
from scipy.special import gammaln

from crmlib.clv.purchases.bg_bb import BgBb, fit_bg_bb
from crmlib.errors import InputError
from crmlib.transactions import CustomerSummary
from tests.clv.chains.test_markov import CASES
from tests.conftest import ROOT

DONATIONS = pd.read_csv(ROOT / "data" / "brand-switching" / "donations.csv")
PRINTED = BgBb(1.204, 0.750, 0.657, 2.783, unit="year")

parameter = st.floats(0.05, 20)
models = st.builds(BgBb, parameter, parameter, parameter, parameter, st.just("year"))


def years(table):
    return CustomerSummary(table, unit="year")


def history(x, recency, n):
    return pd.DataFrame({"frequency": [x], "recency": [recency], "T": [n]})


@st.composite
def histories(draw, longest=8):
    n = draw(st.integers(1, longest))
    recency = draw(st.integers(0, n))
    return history(draw(st.integers(1, recency)) if recency else 0, recency, n)


def every_history(n):
    rows = [(0, 0, n)] + [(x, recency, n) for recency in range(1, n + 1) for x in range(1, recency + 1)]
    return pd.DataFrame(rows, columns=["frequency", "recency", "T"])


def likelihoods(model, frame):
    """Of one purchase string with each history, summed over the last opportunity at which the customer lived."""
    a, b, c, d = model.alpha, model.beta, model.gamma, model.delta
    found = []
    for x, recency, n in frame[["frequency", "recency", "T"]].itertuples(index=False):
        lived = np.arange(recency, n + 1)
        bought = betafunction(a + x, b + lived - x) / betafunction(a, b)
        ended = betafunction(np.where(lived < n, c + 1, c), d + lived) / betafunction(c, d)
        found.append((bought * ended).sum())
    return np.array(found)


def strings(frame):
    """In how many orders a history's purchases can have come."""
    x, recency = frame["frequency"].to_numpy(), frame["recency"].to_numpy()
    return np.where(
        x == 0, 1, np.exp(gammaln(recency) - gammaln(np.maximum(x, 1)) - gammaln(np.maximum(recency - x, 0) + 1))
    )


def test_fader_hardie_shang_2010_estimates_on_the_donations():
    case = CASES["bgbb_donations_mle"]
    fit = fit_bg_bb(years(DONATIONS))
    assert fit.parameters.to_dict() == pytest.approx(case["expected"], abs=case["tolerance"]["value"])
    assert (fit.customers, fit.cells, fit.converged) == (11104, 22, True)
    assert fit.log_likelihood == pytest.approx(-33225.58, abs=0.005)
    assert fit.model.log_likelihood(years(DONATIONS)) == pytest.approx(fit.log_likelihood)


def test_fader_hardie_shang_2010_expectations_as_another_implementation_documents_them():
    """In ten years a donor (0, 0, 6) gives 0.1302169 times, one (4, 5, 6) 3.627858 times, says BTYD in R.

    Its search for the parameters stops a little before the top, which moves the fifth digit.
    """
    model = fit_bg_bb(years(DONATIONS)).model
    pair = pd.DataFrame({"frequency": [0, 4], "recency": [0, 5], "T": [6, 6]})
    found = model.conditional_expected_purchases(years(pair), 10)
    assert found.to_numpy() == pytest.approx([0.1302169, 3.627858], rel=5e-5)


@given(models, histories())
@settings(max_examples=10)
def test_the_likelihood_is_that_of_the_paper(model, frame):
    found = model.log_likelihood(years(frame.assign(customers=3)))
    assert found == pytest.approx(3 * np.log(likelihoods(model, frame)[0]), rel=1e-9, abs=1e-9)


@given(models, st.integers(1, 5))
def test_the_histories_of_some_opportunities_have_probability_one(model, n):
    frame = every_history(n)
    chances = likelihoods(model, frame) * strings(frame)
    assert chances.sum() == pytest.approx(1)
    by_frequency = pd.Series(chances).groupby(frame["frequency"]).sum()
    found = model.purchase_probabilities(np.array([0, n]), most=n + 2)
    assert found[1] == pytest.approx([*by_frequency, 0, 0], abs=1e-12)
    assert found[0] == pytest.approx([1] + [0] * (n + 2))
    assert model.expected_purchases(n) == pytest.approx(found[1] @ np.arange(n + 3))


@given(models, histories())
@settings(max_examples=10)
def test_one_more_opportunity_is_used_with_the_expected_probability(model, frame):
    """P(buys at n + 1 | history) = L(history and a purchase) / L(history)."""
    then = frame.assign(frequency=frame["frequency"] + 1, recency=frame["T"] + 1, T=frame["T"] + 1)
    ratio = likelihoods(model, then)[0] / likelihoods(model, frame)[0]
    assert model.conditional_expected_purchases(years(frame), 1)[0] == pytest.approx(ratio, rel=1e-8)
    assert 0 <= model.probability_alive(years(frame))[0] <= 1
    assert ratio <= model.probability_alive(years(frame))[0] + 1e-12


@given(models, st.integers(1, 4), st.integers(0, 6))
@settings(max_examples=10)
def test_what_is_expected_of_all_is_what_is_expected_of_a_new_customer(model, n, more):
    frame = every_history(n)
    chances = likelihoods(model, frame) * strings(frame)
    later = (chances * model.conditional_expected_purchases(years(frame), more)).sum()
    assert later == pytest.approx(model.expected_purchases(n + more) - model.expected_purchases(n), rel=1e-7, abs=1e-12)


@given(models, histories())
@settings(max_examples=10)
def test_the_gradient_is_that_of_the_likelihood(model, frame):
    function = BgBb.likelihood(frame.assign(customers=3))
    at = model.parameters.to_numpy()
    step = 1e-5 * at
    slope = [(function(at + move)[0] - function(at - move)[0]) / (2 * move.sum()) for move in np.diag(step)]
    assert function(at)[1] == pytest.approx(slope, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("gamma", [0.05, 0.657, 1.0, 1.5, 4.0])
@pytest.mark.parametrize("rate", [1e-6, 1e-3, 0.1, 1.0])
def test_discounted_residual_transactions_against_mpmath(gamma, rate):
    model = BgBb(1.2, 0.75, gamma, 2.8, "year")
    found = model.discounted_residual_transactions(years(history(3, 4, 6)), rate)[0]
    first = model.conditional_expected_purchases(years(history(3, 4, 6)), 1)[0]
    factor = mpmath.hyp2f1(1, 2.8 + 7, gamma + 2.8 + 7, 1 / (mpmath.mpf(1) + rate)) / (1 + rate)
    assert found == pytest.approx(float(first * factor), rel=1e-8)


@pytest.mark.parametrize("gamma", [0.3, 1.0, 2.5])
def test_residual_transactions_are_the_discounted_sum(gamma):
    model, frame = BgBb(1.2, 0.75, gamma, 2.8, "year"), history(3, 4, 6)
    expected = [model.conditional_expected_purchases(years(frame), k)[0] for k in range(61)]
    worth = (np.diff(expected) / 1.5 ** np.arange(1, 61)).sum()
    assert model.discounted_residual_transactions(years(frame), 0.5)[0] == pytest.approx(worth, rel=1e-9)


@pytest.mark.parametrize("rate", [0, -0.1, float("nan"), float("inf"), 1e-12])
def test_for_ever_needs_a_rate(rate):
    with pytest.raises(InputError, match="discount_rate"):
        PRINTED.discounted_residual_transactions(years(history(3, 4, 6)), rate)


def test_the_rate_is_a_year_s_whatever_the_opportunities():
    monthly = BgBb(1.204, 0.750, 0.657, 2.783, unit="month")
    frame = history(3, 4, 6)
    found = monthly.discounted_residual_transactions(CustomerSummary(frame, "month"), 0.15)[0]
    assert found == pytest.approx(PRINTED.discounted_residual_transactions(years(frame), 1.15 ** (1 / 12) - 1)[0])


@pytest.mark.parametrize("truth", [(1.2, 0.75, 0.66, 2.8), (2.0, 4.0, 1.5, 8.0)])
def test_simulation_recovers_the_parameters(truth):
    """Customers with 3 to 10 opportunities: each true parameter lies within four standard errors."""
    opportunities = np.random.default_rng(4).integers(3, 11, size=60_000)
    fit = fit_bg_bb(BgBb(*truth, "year").simulate(opportunities, seed=11))
    assert fit.converged
    assert (np.abs(fit.parameters - list(truth)) < 4 * fit.standard_errors).all()
    assert (fit.standard_errors < 0.3 * fit.parameters).all()


def test_simulated_customers_buy_as_often_as_expected():
    drawn = PRINTED.simulate(np.full(200_000, 6), seed=2).customers
    shares = drawn["frequency"].value_counts(normalize=True).sort_index()
    assert shares.to_numpy() == pytest.approx(PRINTED.purchase_probabilities(6, most=6), abs=0.004)
    assert drawn.equals(PRINTED.simulate(np.full(200_000, 6), seed=2).customers)


def test_recency_matters_more_than_frequency():
    pair = pd.DataFrame({"frequency": [5, 3], "recency": [5, 6], "T": [6, 6]})
    found = PRINTED.conditional_expected_purchases(years(pair), 5)
    assert found[0] < found[1]


def test_customers_who_never_bought_again_leave_the_fit_in_doubt():
    nobody = pd.DataFrame({"frequency": [0], "recency": [0], "T": [2], "customers": [500]})
    fit = fit_bg_bb(years(nobody))
    assert not fit.converged
    assert fit.warnings


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((2, 1, 6), "customer 0, column 'frequency': found frequency 2, recency 1, T 6. At most one purchase"),
        ((1, 1.5, 6), "column 'recency': found frequency 1, recency 1.5, T 6"),
        ((1, 1, 6.5), "column 'T'"),
        ((1, 7, 6), "column 'recency'"),
        ((2.5, 3, 6), "column 'frequency'"),
        ((-1, 0, 6), "column 'frequency'"),
        ((1, float("nan"), 6), "column 'recency'"),
    ],
)
def test_impossible_histories_are_named(row, said):
    with pytest.raises(InputError) as raised:
        PRINTED.probability_alive(years(history(*row)))
    assert said in str(raised.value)


def test_times_that_count_no_opportunities_are_named():
    with pytest.raises(InputError, match="customer 0, column 'recency'"):
        fit_bg_bb(years(history(1, 1.5, 6)), nobody_bought_once=True)


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf")])
def test_parameters_are_positive(bad):
    with pytest.raises(InputError, match="gamma: found"):
        BgBb(1, 1, bad, 1, "year")


@pytest.mark.parametrize("bad", [-1, 1.5, True])
def test_opportunities_are_counted(bad):
    with pytest.raises(InputError, match="t: found"):
        PRINTED.expected_purchases(bad)
    with pytest.raises(InputError, match="t: found"):
        PRINTED.conditional_expected_purchases(years(history(1, 1, 6)), bad)


@pytest.mark.parametrize("bad", [np.array([-1, 3]), np.array([2.5]), np.array([np.nan])])
def test_a_simulation_needs_opportunities(bad):
    with pytest.raises(InputError, match="t: found"):
        PRINTED.simulate(bad, seed=1)


def test_no_opportunities_bring_nothing():
    assert PRINTED.expected_purchases(0) == 0
    assert PRINTED.purchase_probabilities(0, most=0).tolist() == [1]
    assert PRINTED.conditional_expected_purchases(years(history(1, 1, 6)), 0).to_list() == [0]
