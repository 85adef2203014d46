import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.pareto import SHARES, abc_classes, classify_table
from crmlib.pareto.distributed import _disjoint

ENGINES = {
    "pandas": lambda frame: frame,
    "polars": pl.from_pandas,
    "polars, lazy": lambda frame: pl.from_pandas(frame).lazy(),
    "pyarrow": pa.Table.from_pandas,
    "duckdb": lambda frame: duckdb.from_arrow(pa.Table.from_pandas(frame)),
}


def classes_of(table):
    """Class by customer from any engine's table."""
    if isinstance(table, pl.LazyFrame):
        table = table.collect()
    if isinstance(table, duckdb.DuckDBPyRelation):
        table = table.to_arrow_table()
    frame = table if isinstance(table, pd.DataFrame) else table.to_pandas()
    return frame.set_index("customer")["class"].sort_index()


@pytest.mark.parametrize("engine", list(ENGINES))
@pytest.mark.parametrize(("name", "by"), [("80/15/5", "value"), ("pyramid", "customers")])
def test_every_engine_gives_the_classes_of_the_array(engine, name, by):
    rng = np.random.default_rng(2)
    revenue = np.round(np.exp(rng.normal(4, 1.5, 3_000))) - 20
    frame = pd.DataFrame({"customer": np.arange(3_000), "revenue": revenue})
    found = classes_of(classify_table(ENGINES[engine](frame), "customer", "revenue", SHARES[name], by))
    expected = abc_classes(pd.Series(revenue), SHARES[name], by).classes
    assert found.tolist() == expected.tolist()


@settings(max_examples=12)
@given(st.lists(st.integers(-9, 99), min_size=1, max_size=25).filter(lambda values: max(values) > 0))
def test_ties_zeros_and_returns_are_treated_alike(values):
    frame = pd.DataFrame({"customer": range(len(values)), "revenue": values})
    found = classify_table(pl.from_pandas(frame), "customer", "revenue", SHARES["70/20/10"])
    assert found["class"].to_list() == abc_classes(pd.Series(values), SHARES["70/20/10"]).classes.tolist()


def test_a_lazy_table_stays_lazy():
    table = pl.LazyFrame({"customer": ["p", "q"], "revenue": [9, 1]})
    assert isinstance(classify_table(table, "customer", "revenue"), pl.LazyFrame)


def test_buckets_that_overlap_become_one():
    """As when an engine's logarithm puts 2.5 below 1.9 and 2.0."""
    rows = [(1, 2, 3.5, 1.0, 2.5), (2, 1, 1.9, 1.9, 1.9), (3, 1, 2.0, 2.0, 2.0), (4, 1, 5.0, 5.0, 5.0)]
    found = pd.DataFrame(rows, columns=["bucket", "customers", "total", "low", "high"])
    assert _disjoint(found).to_numpy().tolist() == [[4, 7.4, 1.0, 2.5], [1, 5.0, 5.0, 5.0]]


@pytest.mark.parametrize("engine", list(ENGINES))
def test_bad_rows_are_listed_with_their_customers(engine):
    frame = pd.DataFrame({"customer": ["p", "q", "r", "p"], "revenue": [1.0, None, np.inf, 2.0]})
    with pytest.raises(InputError) as caught:
        classify_table(ENGINES[engine](frame), "customer", "revenue")
    message = str(caught.value)
    assert "customer r: not a finite number" in message
    assert "customer p: named more than once" in message


def test_missing_columns_and_text_are_refused():
    frame = pd.DataFrame({"customer": ["p"], "revenue": ["1,000"]})
    with pytest.raises(InputError, match="Turn it into numbers"):
        classify_table(frame, "customer", "revenue")
    with pytest.raises(InputError, match="'turnover'"):
        classify_table(frame, "customer", "turnover")
