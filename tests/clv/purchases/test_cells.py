"""Equal histories counted together: agreement with counting by hand, and every kind of bad customer."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.clv.purchases.bg_bb import fit_bg_bb
from crmlib.clv.purchases.bg_nbd import BgNbd, fit_bg_nbd
from crmlib.clv.purchases.cells import checked_summary, distinct_rows, learning_cells, purchase_cells
from crmlib.clv.purchases.mbg_nbd import fit_mbg_nbd
from crmlib.clv.purchases.pareto_nbd import fit_pareto_nbd
from crmlib.errors import InputError
from crmlib.transactions import CustomerSummary


def weeks(table):
    return CustomerSummary(table, unit="week")


GOOD = {"frequency": 2, "recency": 5.0, "T": 9.0}


@st.composite
def summaries(draw):
    """Customers whose times are whole or not, so that both ways to number values are used."""
    unit = draw(st.sampled_from([1.0, 0.1, 1 / 7]))
    rows = []
    for _ in range(draw(st.integers(1, 25))):
        frequency, end = draw(st.integers(0, 3)), draw(st.integers(1, 4))
        rows.append((frequency, draw(st.integers(1, end)) * unit if frequency else 0.0, end * unit))
    return pd.DataFrame(rows, columns=["frequency", "recency", "T"])


@given(summaries())
@settings(max_examples=10)
def test_cells_count_the_customers_with_each_history(summary):
    cells = purchase_cells(weeks(summary))
    by_hand = summary.groupby(list(summary)).size().rename("customers").reset_index()
    pd.testing.assert_frame_equal(cells.frame, by_hand.astype({"frequency": np.int64}))
    assert cells.customers == len(summary)
    assert cells.repeat_buyers == (summary["frequency"] > 0).sum()


@given(summaries())
@settings(max_examples=10)
def test_cells_of_cells_are_the_same_cells(summary):
    cells = purchase_cells(weeks(summary))
    pd.testing.assert_frame_equal(purchase_cells(weeks(cells.frame)).frame, cells.frame)
    assert purchase_cells(cells) is cells
    doubled = purchase_cells(weeks(pd.concat([cells.frame, cells.frame])))
    assert (doubled.frame["customers"] == 2 * cells.frame["customers"]).all()


@given(summaries())
def test_distinct_rows_give_the_rows_back(summary):
    columns = [summary[name].to_numpy() for name in summary]
    distinct, places = distinct_rows(columns)
    for column, values in zip(columns, distinct, strict=True):
        assert (values[places] == column).all()
    assert len(set(zip(*distinct, strict=True))) == len(distinct[0])


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"recency": 9.5}, "recency"),
        ({"recency": 0.0}, "recency"),
        ({"recency": -1.0}, "recency"),
        ({"frequency": 0}, "recency"),
        ({"frequency": 2.5}, "frequency"),
        ({"frequency": -1}, "frequency"),
        ({"frequency": 1e300}, "frequency"),
        ({"T": -4.0}, "T"),
        ({"T": np.nan}, "T"),
        ({"T": np.inf}, "T"),
        ({"recency": "5"}, "recency"),
        ({"recency": None}, "recency"),
        ({"frequency": pd.NA}, "frequency"),
        ({"frequency": True}, "frequency"),
    ],
)
def test_every_bad_customer_is_named_with_the_column(change, column):
    rows = [GOOD, GOOD | change, GOOD, GOOD | change]
    summary = pd.DataFrame(rows, index=["Ann", "Bob", "Cid", "Dan"]).astype(object)
    with pytest.raises(InputError) as raised:
        purchase_cells(weeks(summary))
    places = {problem.where for problem in raised.value.problems}
    assert {f"customer 'Bob', column {column!r}", f"customer 'Dan', column {column!r}"} <= places
    assert not any("Ann" in place or "Cid" in place for place in places)


def test_nullable_columns_serve_and_their_gaps_are_named():
    summary = pd.DataFrame([GOOD, GOOD]).convert_dtypes()
    assert purchase_cells(weeks(summary)).customers == 2
    summary.loc[1, "frequency"] = pd.NA
    with pytest.raises(InputError, match="customer 1, column 'frequency'"):
        purchase_cells(weeks(summary))


def test_a_customer_who_comes_twice_is_named():
    with pytest.raises(InputError, match="customer 'Ann': given more than once"):
        purchase_cells(weeks(pd.DataFrame([GOOD] * 3, index=["Ann", "Bob", "Ann"])))


def test_missing_columns_and_customers_are_named():
    with pytest.raises(InputError, match=r"column 'recency': missing(.|\n)*column 'T': missing"):
        checked_summary(pd.DataFrame({"frequency": [1]}))
    with pytest.raises(InputError, match="customers: none"):
        purchase_cells(weeks(pd.DataFrame(columns=["frequency", "recency", "T"])))


@pytest.mark.parametrize("count", [0, -1, 1.5, np.nan])
def test_impossible_counts_are_named_by_cell(count):
    with pytest.raises(InputError, match="cell 0, column 'customers'"):
        purchase_cells(weeks(pd.DataFrame([GOOD | {"customers": count}])))


def test_huge_times_serve():
    summary = pd.DataFrame([GOOD | {"T": 1e300}, GOOD | {"T": 9.0}])
    assert purchase_cells(weeks(summary)).frame["T"].tolist() == [9.0, 1e300]


FITS = [fit_bg_nbd, fit_mbg_nbd, fit_pareto_nbd, fit_bg_bb]


@pytest.mark.parametrize("fit", FITS)
def test_dropped_one_time_buyers_are_missed(fit):
    """What dropping them does: the mean rate of buying is far too high, so no fit takes it in silence."""
    table = pd.DataFrame({"frequency": [0] * 30 + [1, 2, 3] * 5, "recency": [0] * 30 + [2, 4, 5] * 5, "T": 6})
    fit(weeks(table))
    regulars = weeks(table[table["frequency"] > 0])
    with pytest.raises(InputError, match=r"nobody bought only once\. Keep the one-time buyers"):
        fit(regulars)
    for word in ("yes", 1, None):
        with pytest.raises(InputError, match="nobody bought only once"):
            fit(regulars, nobody_bought_once=word)
    assert fit(regulars, nobody_bought_once=True).customers == 15
    assert learning_cells(regulars, nobody_bought_once=True).customers == 15


def test_without_one_time_buyers_forecasts_are_far_too_high():
    drawn = BgNbd(0.243, 4.414, 0.793, 2.426, "week").simulate(np.full(4000, 39.0), seed=1)
    dropped = weeks(drawn.customers[drawn.customers["frequency"] > 0])
    honest, biased = fit_bg_nbd(drawn).model, fit_bg_nbd(dropped, nobody_bought_once=True).model
    assert biased.expected_purchases(39.0) > 2 * honest.expected_purchases(39.0)
