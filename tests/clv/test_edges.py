"""Edges at which peers fail in silence: a clear error or a right answer, naming the customer."""

import numpy as np
import pandas as pd
import pytest

from crmlib.clv.purchases.bg_bb import BgBb
from crmlib.clv.purchases.bg_nbd import BgNbd, fit_bg_nbd
from crmlib.clv.purchases.cells import purchase_cells
from crmlib.clv.purchases.gamma_gamma import GammaGamma, spend_cells
from crmlib.clv.purchases.pareto_nbd import ParetoNbd, fit_pareto_nbd
from crmlib.clv.purchases.shifted_beta_geometric import ShiftedBetaGeometric
from crmlib.clv.terms import align
from crmlib.errors import InputError
from crmlib.transactions import CustomerSummary, customer_summary, summary_cells, transaction_log


def summary(frequency, recency, end, index=None):
    return CustomerSummary(pd.DataFrame({"frequency": frequency, "recency": recency, "T": end}, index=index), "week")


@pytest.mark.parametrize("name", [np.nan, None, pd.NA, ""])
def test_a_missing_customer_is_refused(name):
    with pytest.raises(InputError, match="customer"):
        purchase_cells(summary([0, 1], [0.0, 2.0], [5.0, 5.0], pd.Index(["A", name], dtype=object)))


MODELS = [
    lambda one: BgNbd(1, 1, 1, one, "week"),
    lambda one: ParetoNbd(1, 1, 1, one, "week"),
    lambda one: GammaGamma(2, 2, one),
    lambda one: BgBb(1, one, 1, 1, "year"),
    lambda one: ShiftedBetaGeometric(one, 1),
]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("value", ["1", True, None, np.nan, np.inf, 0, pd.NA, np.True_])
def test_parameters_that_are_no_numbers_are_refused(model, value):
    with pytest.raises(InputError, match="Give a positive number"):
        model(value)


@pytest.mark.parametrize("value", [np.nan, True, pd.NA, "1"])
def test_a_cell_that_is_no_number_is_listed_once_in_plain_words(value):
    with pytest.raises(InputError) as error:
        purchase_cells(summary(pd.Series([value], dtype=object), [0.0], [5.0]))
    assert len(error.value.problems) == 1
    assert "np." not in str(error.value)


@pytest.mark.parametrize("fit", [fit_bg_nbd, fit_pareto_nbd])
def test_a_log_in_which_everybody_bought_once_gives_no_fit_that_looks_good(fit):
    table = pd.DataFrame({"customer": range(40), "date": pd.date_range("2019-01-01", periods=40), "amount": 5.0})
    log = transaction_log(table, end="2019-06-30")
    found = fit(summary_cells(log))
    assert not found.converged
    assert found.warnings
    with pytest.raises(InputError, match="none bought again"):
        spend_cells(customer_summary(log))


def test_cells_counted_by_the_engine_are_those_of_the_customers():
    rng = np.random.default_rng(3)
    dates = pd.Timestamp("2019-01-01") + pd.to_timedelta(rng.integers(0, 60, 300), unit="D")
    log = transaction_log(pd.DataFrame({"customer": rng.integers(0, 90, 300), "date": dates, "amount": 2.0}))
    counted, customers = purchase_cells(summary_cells(log)), purchase_cells(customer_summary(log))
    pd.testing.assert_frame_equal(counted.frame, customers.frame)


@pytest.mark.parametrize("model", [BgNbd(1, 1, 1, 1, "week"), ParetoNbd(1, 1, 1, 1, "week")])
@pytest.mark.parametrize("time", ["9", True, None, np.inf, -1, [1.0, np.nan]])
def test_times_that_are_no_numbers_are_refused(model, time):
    with pytest.raises(InputError, match="Give times from 0"):
        model.expected_purchases(time)


@pytest.mark.parametrize("rate", ["0.1", True, None, np.nan, -0.1, 0])
def test_discount_rates_that_are_no_positive_numbers_are_refused(rate):
    donor = summary([1], [1.0], [2.0])
    for model in (BgBb, ParetoNbd, BgNbd):
        with pytest.raises(InputError, match="discount_rate"):
            model(1, 1, 1, 1, "week").discounted_residual_transactions(donor, rate)


def test_a_term_of_a_customer_without_a_name_is_refused():
    with pytest.raises(InputError, match="customer in row 2: found the label None"):
        align("The value", {"margin": "money"}, margin=pd.Series([1.0, 2.0], pd.Index(["A", None], dtype=object)))


def test_labels_and_values_are_written_plainly():
    bad = summary(np.array([1, 0]), np.array([9.0, np.inf]), np.array([4.0, 5.0]), pd.Index([7, 8]))
    with pytest.raises(InputError) as error:
        purchase_cells(bad)
    assert [problem.where for problem in error.value.problems] == [
        "customer 8, column 'recency'", "customer 7, column 'recency'",
    ]  # fmt: skip
    assert "np." not in str(error.value)
