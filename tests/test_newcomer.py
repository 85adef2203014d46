"""Two dozen calls that somebody types who knows lifetimes or scikit-learn, and has read nothing: each works."""

import numpy as np
import pandas as pd
import pytest

import crmlib

ORDERS = pd.DataFrame(
    {
        "customer": list("AAABBCCDEEEFGHH"),
        "date": pd.Timestamp("2024-01-02")
        + pd.to_timedelta([0, 30, 121, 18, 61, 3, 151, 31, 43, 73, 170, 28, 59, 63, 124], unit="day"),
        "amount": [10.0, 20, 30, 15, 25, 40, 10, 5, 60, 80, 75, 20, 12, 18, 22],
    }
)
LOG = crmlib.transaction_log(ORDERS)
OWN = crmlib.customer_summary(LOG)
JUDGED = [[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]]
STEPS = [[0.8, 0.2], [0.3, 0.7]]
RATES = {"discount_rate": 0.1, "margin": 0.4}


@pytest.fixture(scope="module")
def known():
    """A summary large enough to fit a model to."""
    table = crmlib.BgNbd(0.243, 4.414, 0.793, 2.426, unit="week").simulate(np.full(2000, 39.0), seed=1).customers
    table["monetary_value"] = crmlib.GammaGamma(6.25, 3.74, 15.44).simulate(table["frequency"], seed=3)
    return crmlib.CustomerSummary(table, "week")


@pytest.fixture(scope="module")
def fit(known):
    return crmlib.fit_bg_nbd(known)


@pytest.fixture(scope="module")
def spend(known):
    return crmlib.fit_gamma_gamma(known)


#: What is typed, and what must be true of the answer.
OF_MODELS = {
    "the fit of a summary": (lambda known, fit, spend: fit, lambda found: found.converged),
    "the unit of the log": (lambda known, fit, spend: fit.model.unit, lambda found: found == "week"),
    "the fit of cells": (
        lambda known, fit, spend: crmlib.fit_pareto_nbd(crmlib.clv.purchase_cells(known)),
        lambda found: found.name == "Pareto/NBD",
    ),
    "alive": (
        lambda known, fit, spend: fit.model.probability_alive(known),
        lambda found: found.between(0, 1).all() and len(found) == 2000,
    ),
    "purchases in a year": (
        lambda known, fit, spend: fit.model.conditional_expected_purchases(known, 52),
        lambda found: (found > 0).all(),
    ),
    "purchases of newcomers in a list of times": (
        lambda known, fit, spend: fit.model.expected_purchases([4, 52]),
        lambda found: 0 < found[0] < found[1],
    ),
    "the value of each": (
        lambda known, fit, spend: crmlib.customer_lifetime_value(known, fit, spend, **RATES),
        lambda found: (found.table["value"] > 0).all(),
    ),
    "the value of a newcomer": (
        lambda known, fit, spend: crmlib.new_customer_value(fit, spend, **RATES),
        lambda found: found > 0,
    ),
    "classes of values": (
        lambda known, fit, spend: crmlib.abc_classes(
            crmlib.customer_lifetime_value(known, fit, spend, **RATES).table["value"]
        ),
        lambda found: found.classes.iloc[found.values.argmax()] == "A",
    ),
    "alive in words": (
        lambda known, fit, spend: crmlib.alive_in_words(fit, known),
        lambda found: "verdict" in found,
    ),
}  # fmt: skip
OF_DATA = {
    "cells of a summary": (lambda: crmlib.clv.purchase_cells(OWN), lambda found: found.customers == 8),
    "spend of a summary": (lambda: crmlib.clv.spend_cells(OWN), lambda found: len(found.frame) > 0),
    "scores of a summary": (lambda: crmlib.rfm_scores(OWN), lambda found: len(found.scores) == 8),
    "classes of a summary": (lambda: crmlib.abc_classes(OWN), lambda found: found.classes["E"] == "A"),
    "classes of a list": (lambda: crmlib.abc_classes([5, 3, 1]), lambda found: list(found.classes) == ["A", "A", "B"]),
    "classes of a dictionary": (lambda: crmlib.abc_classes({"A": 5, "B": 1}), lambda found: found.classes["A"] == "A"),
    "classes of an array": (lambda: crmlib.abc_classes(np.array([5, 3, 1])), lambda found: found.classes[0] == "A"),
    "classes of a column": (lambda: crmlib.abc_classes(ORDERS[["amount"]]), lambda found: found.classes[9] == "A"),
    "Gini of a list": (lambda: crmlib.concentration([1, 2, 3]).gini, lambda found: round(found, 4) == 0.2222),
    "weights of rows": (lambda: crmlib.priorities(JUDGED).weights, lambda found: round(found["C1"], 3) == 0.648),
    "weights of an array": (lambda: crmlib.priorities(np.array(JUDGED)).weights, lambda found: len(found) == 3),
    "the ratio of a matrix": (
        lambda: crmlib.consistency_ratio(crmlib.judgement_matrix(JUDGED)),
        lambda found: 0 < found < 0.1,
    ),
    "a chain of rows": (
        lambda: crmlib.stationary_distribution(STEPS).shares,
        lambda found: np.allclose(found, [0.6, 0.4]),
    ),
    "the value of a chain": (
        lambda: crmlib.chain_value(STEPS, [10, 0], discount_rate=0.1).values,
        lambda found: found[0] > found[1],
    ),
    "scaled rows": (lambda: crmlib.scale([[1, 9], [2, 8], [3, 4]]), lambda found: np.allclose(found.mean(), 0)),
}


@pytest.mark.parametrize("typed", OF_MODELS)
def test_a_newcomer_gets_an_answer_from_a_model(typed, known, fit, spend):
    call, holds = OF_MODELS[typed]
    assert holds(call(known, fit, spend))


@pytest.mark.parametrize("typed", OF_DATA)
def test_a_newcomer_gets_an_answer_from_data(typed):
    call, holds = OF_DATA[typed]
    assert holds(call())


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: crmlib.abc_classes(np.eye(2)), "Give a series, or a list"),
        (lambda: crmlib.abc_classes(5), "found 5"),
        (lambda: crmlib.scale([1, 2, 3]), "rows of equal length"),
        (lambda: crmlib.chain_value(STEPS, [1, 2, 3], discount_rate=0.1), "found 3 of them"),
        (lambda: crmlib.priorities([[1, 3], [1, 1]]), "reciprocal"),
        (lambda: crmlib.fit_bg_nbd(OWN.customers), "which has no unit of time"),
    ],
)
def test_what_a_newcomer_cannot_get_is_told_in_words(call, word):
    with pytest.raises(crmlib.InputError, match=word):
        call()
