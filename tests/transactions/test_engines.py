import duckdb
import polars as pl
import pytest

from tests.transactions.engines import answers, assert_same, by_hand, frame


def duckdb_relation():
    table = frame()
    return duckdb.connect().from_df(table)


TABLES = {
    "pandas": frame,
    "pandas, arrow types": lambda: frame().convert_dtypes(dtype_backend="pyarrow"),
    "pandas, categories": lambda: frame().astype({"customer": "category"}),
    "pyarrow": lambda: pl.from_pandas(frame()).to_arrow(),
    "polars": lambda: pl.from_pandas(frame()),
    "polars, lazy": lambda: pl.from_pandas(frame()).lazy(),
    "polars, days": lambda: pl.from_pandas(frame()).with_columns(pl.col("date").dt.date()),
    "DuckDB": duckdb_relation,
}


@pytest.mark.parametrize("engine", TABLES)
def test_every_engine_gives_the_answers_worked_out_by_hand(engine):
    assert_same(answers(TABLES[engine]()), by_hand())
