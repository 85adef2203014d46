"""Edges at which peers fail in silence: a clear error or a right answer, naming the customer."""

import numpy as np
import pandas as pd
import pytest

from crmlib.clv.bg_nbd import BgNbd, fit_bg_nbd
from crmlib.clv.cells import purchase_cells
from crmlib.clv.gamma_gamma import GammaGamma, spend_cells
from crmlib.clv.pareto_nbd import ParetoNbd, fit_pareto_nbd
from crmlib.errors import InputError
from crmlib.transactions import customer_summary, summary_cells, transaction_log


def summary(frequency, recency, end, index=None):
    return pd.DataFrame({"frequency": frequency, "recency": recency, "T": end}, index=index)


@pytest.mark.parametrize("name", [np.nan, None, pd.NA, ""])
def test_a_missing_customer_is_refused(name):
    with pytest.raises(InputError, match="customer"):
        purchase_cells(summary([0, 1], [0.0, 2.0], [5.0, 5.0], pd.Index(["A", name], dtype=object)))


@pytest.mark.parametrize("model", [lambda one: BgNbd(1, 1, 1, one), lambda one: ParetoNbd(1, 1, 1, one),
                                   lambda one: GammaGamma(2, 2, one)])  # fmt: skip
@pytest.mark.parametrize("value", ["1", True, None])
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
    found = fit(purchase_cells(summary_cells(log)))
    assert not found.converged
    assert found.warnings
    with pytest.raises(InputError, match="none bought again"):
        spend_cells(customer_summary(log).customers)


def test_cells_counted_by_the_engine_are_those_of_the_customers():
    rng = np.random.default_rng(3)
    dates = pd.Timestamp("2019-01-01") + pd.to_timedelta(rng.integers(0, 60, 300), unit="D")
    log = transaction_log(pd.DataFrame({"customer": rng.integers(0, 90, 300), "date": dates, "amount": 2.0}))
    counted, customers = purchase_cells(summary_cells(log)), purchase_cells(customer_summary(log).customers)
    pd.testing.assert_frame_equal(counted.frame, customers.frame)
