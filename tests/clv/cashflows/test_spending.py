import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from crmlib.clv.cashflows.retention import margin_multiple
from crmlib.clv.cashflows.spending import Response, best_spending, customer_value
from crmlib.errors import InputError
from tests.clv.references import reference

ceilings, steepness = st.floats(0.05, 0.99), st.floats(0.001, 1)


def test_blattberg_deighton_1996_acquisition():
    terms, expected, tolerance = reference("blattberg_deighton_optimal_acquisition")
    # A customer who pays its whole value at once, with retention that no money can raise.
    best = best_spending(terms["value_if_acquired"], 0.1, Response(terms["ceiling"], terms["k"]), Response(0.5, 1e-9))
    assert (best.retention_spend, best.customer_value) == (0, terms["value_if_acquired"])
    assert best.acquisition_spend == pytest.approx(expected["A_star"], abs=tolerance)
    assert best.equity == pytest.approx(expected["net"], abs=tolerance)


@given(st.floats(1, 1e4), st.floats(0.01, 0.5), ceilings, steepness)
def test_no_other_retention_spend_is_worth_more(margin, rate, ceiling, k):
    keep = Response(ceiling, k)
    best = best_spending(margin, rate, Response(0.3, 0.01), keep)

    def loss(spend):
        return -customer_value(margin, spend, float(keep.rate(spend)), rate)

    other = minimize_scalar(loss, bounds=(0, margin * (1 + rate)), method="bounded", options={"xatol": 1e-10})
    assert best.customer_value >= -other.fun * (1 - 1e-12)
    assert best.customer_value >= -loss(0) * (1 - 1e-12)


@given(st.floats(1, 1e4), st.floats(0.01, 0.5), ceilings, steepness)
def test_the_last_yuan_brings_back_one_yuan(margin, rate, ceiling, k):
    win, keep = Response(0.3, 0.02), Response(ceiling, k)
    best = best_spending(margin, rate, win, keep)
    for response, spend in ((win, best.acquisition_spend), (keep, best.retention_spend)):
        gain = (response.ceiling - response.rate(spend)) * response.steepness * best.customer_value
        assert gain == pytest.approx(1, rel=1e-6) if spend > 0 else gain <= 1 + 1e-9


@given(st.floats(1, 1e4), st.floats(0.1, 100))
def test_another_currency_changes_no_rate(margin, factor):
    one = best_spending(margin, 0.1, Response(0.3, 0.02), Response(0.8, 0.05))
    other = best_spending(margin * factor, 0.1, Response(0.3, 0.02 / factor), Response(0.8, 0.05 / factor))
    assert other.retention_rate == pytest.approx(one.retention_rate, abs=1e-9)
    assert other.acquisition_rate == pytest.approx(one.acquisition_rate, abs=1e-9)
    assert other.equity == pytest.approx(one.equity * factor)


def test_nothing_is_spent_where_it_does_not_pay():
    for margin in (0.5, 0, -20):
        best = best_spending(margin, 0.1, Response(0.4, 0.08), Response(0.8, 0.05))
        assert (best.acquisition_spend, best.retention_spend, best.equity) == (0, 0, 0)


def test_the_best_acquisition_spend_of_a_hard_case_stays_finite():
    best = best_spending(1e9, 0.01, Response(0.4, 5), Response(0.999, 5))
    assert np.isfinite(best.equity)
    assert best.retention_rate == pytest.approx(0.999)


def test_the_value_under_retention_spending_is_a_margin_multiple():
    expected = (100 - 11 / 1.1) * margin_multiple(0.7, 0.1, "start", "certain")
    assert customer_value(100, 11, 0.7, 0.1) == pytest.approx(expected)


def test_a_response_passes_through_what_is_known_today():
    response = Response.through(spend=20, rate=0.3, ceiling=0.45)
    assert response.rate(20) == pytest.approx(0.3)
    assert response.rate(0) == 0
    assert response.rate(1e6) == pytest.approx(0.45)
    assert best_spending(100, 0.1, response, response).to_dict()["acquisition_rate"] > 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Response(0, 1), "ceiling: found 0"),
        (lambda: Response(1.2, 1), "ceiling: found 1.2"),
        (lambda: Response(0.5, 0), "steepness: found 0"),
        (lambda: Response(0.5, float("nan")), "steepness: found nan"),
        (lambda: Response.through(5, 0.5, 0.5), "rate: found 0.5 under a ceiling of 0.5"),
        (lambda: Response.through(0, 0.3, 0.5), "spend: found 0"),
        (
            lambda: best_spending(100, -0.1, Response(0.4, 1), Response(0.95, 1)),
            "discount_rate: the value has no limit",
        ),
        (lambda: best_spending(float("inf"), 0.1, Response(0.4, 1), Response(0.95, 1)), "margin: found inf"),
        (lambda: customer_value(100, -1, 0.5, 0.1), "retention spend: found -1"),
        (lambda: customer_value(100, 1, 1.0, 0.0), "discount_rate: the value has no limit"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(InputError) as error:
        call()
    assert message in str(error.value)
