from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.transactions import BAD_ROWS, transaction_log

GOOD = {"customer": "A", "date": "2019-03-04", "amount": 10.0, "order": "1", "cancelled": False}
BAD = {
    "cancelled order": {"cancelled": True},
    "missing customer": {"customer": None},
    "missing date": {"date": None},
    "missing amount": {"amount": np.nan},
    "infinite amount": {"amount": -np.inf},
    "negative amount": {"amount": -0.01},
    "zero amount": {"amount": 0.0},
    "after the end": {"date": "2019-12-31"},
    "missing order": {"order": ""},
}


def table(*rows):
    columns = pd.DataFrame([GOOD | row for row in rows])
    return columns.astype({"customer": "str", "amount": float, "order": "str"}).assign(
        date=pd.to_datetime(columns["date"], format="ISO8601")
    )


def lazy(frame):
    return duckdb.connect().from_df(frame)


@pytest.mark.parametrize("engine", [lambda frame: frame, pl.from_pandas, lazy], ids=["pandas", "polars", "DuckDB"])
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_row_is_refused_by_default_and_counted_if_dropped(kind, engine):
    frame = engine(table({}, BAD[kind] | ({"order": "2"} if kind != "missing order" else {})))
    with pytest.raises(InputError) as error:
        transaction_log(frame, order="order", cancelled="cancelled", end="2019-12-30")
    (problem,) = error.value.problems
    assert f"1 row {kind}" in problem.found.replace("with a ", "").replace("with an ", "")
    assert problem.remedy == BAD_ROWS[kind]
    for action in ("drop", {kind: "drop"}):
        log = transaction_log(frame, order="order", cancelled="cancelled", end="2019-12-30", on_bad=action)
        assert (log.rows, log.dropped.to_dict(), log.kept.to_dict()) == (1, {kind: 1}, {})
        assert str(log.first) == "2019-03-04"


def test_the_problem_names_the_first_rows_by_their_index_and_how_many_there_are():
    rows = [{"amount": -number} for number in range(1, 8)]
    with pytest.raises(InputError) as error:
        transaction_log(table({}, *rows).set_axis(list("abcdefgh")))
    assert str(error.value).splitlines()[1] == (
        "  - column 'amount': 7 rows with a negative amount: row b (customer A, date 2019-03-04, amount -1.0); "
        "row c (customer A, date 2019-03-04, amount -2.0); row d (customer A, date 2019-03-04, amount -3.0); "
        "row e (customer A, date 2019-03-04, amount -4.0); row f (customer A, date 2019-03-04, amount -5.0) and more. "
        "Net refunds by order, day or customer, or drop what is left of them."
    )


def test_all_kinds_are_listed_at_once():
    bad = [{"order": str(number)} | row for number, row in enumerate(BAD.values(), start=2)]
    frame = table({}, *bad, {}, {"amount": 11})
    with pytest.raises(InputError) as error:
        transaction_log(frame, order="order", cancelled="cancelled", end="2019-12-30")
    assert [problem.remedy for problem in error.value.problems] == list(BAD_ROWS.values())


@settings(max_examples=10)
@given(st.lists(st.sampled_from([{}, *BAD.values(), {"order": "2"}, {"customer": None, "amount": -1.0}]), min_size=1))
def test_every_row_is_in_the_log_or_counted_as_dropped(rows):
    try:
        log = transaction_log(table(*rows), order="order", cancelled="cancelled", end="2019-12-30", on_bad="drop")
    except InputError as error:
        assert "has no good row" in str(error)
    else:
        assert log.rows + log.dropped.sum() == len(rows)
        assert log.rows == len({row.get("order", "1") for row in rows if not row or row == {"order": "2"}})


def test_a_row_bad_in_two_ways_counts_as_the_first():
    log = transaction_log(table({}, {"customer": None, "amount": -1.0}), on_bad="drop")
    assert log.dropped.to_dict() == {"missing customer": 1}


def test_kept_rows_are_counted_and_hide_no_other_kind():
    frame = table({}, {"amount": 0.0}, {"amount": 0.0, "date": "2020-01-01"})
    keep = {"zero amount": "keep"}
    with pytest.raises(InputError, match="1 row after the end"):
        transaction_log(frame, end="2019-12-31", on_bad=keep)
    log = transaction_log(frame, end="2019-12-31", on_bad=keep | {"after the end": "drop"})
    assert (log.rows, log.kept.to_dict(), log.dropped.to_dict()) == (2, {"zero amount": 1}, {"after the end": 1})


@pytest.mark.parametrize("engine", [lambda frame: frame, pl.from_pandas, lazy], ids=["pandas", "polars", "DuckDB"])
def test_repeated_and_conflicting_orders(engine):
    frame = engine(table({}, {}, {}, {"order": "2"}, {"order": "3"}, {"order": "3", "amount": 12.0}))
    with pytest.raises(InputError) as error:
        transaction_log(frame, order="order")
    assert [problem.found for problem in error.value.problems] == [
        "2 rows with a repeated order: order '1' and more",
        "1 row with a conflicting order: order '3'",
    ]
    with pytest.raises(InputError, match="conflicting order"):
        transaction_log(frame, order="order", on_bad="drop")
    log = transaction_log(frame, order="order", on_bad={"repeated order": "drop", "conflicting order": "keep"})
    assert (log.rows, log.dropped.to_dict(), log.kept.to_dict()) == (4, {"repeated order": 2}, {"conflicting order": 1})
    assert log.orders_checked
    unchecked = transaction_log(frame)
    assert (unchecked.rows, unchecked.orders_checked) == (6, False)


def test_the_end_is_a_day_and_purchases_on_it_count():
    frame = table({"date": "2019-12-31 23:59:59"})
    log = transaction_log(frame, end="2019-12-31")
    assert (log.end.isoformat(), log.end_given) == ("2019-12-31", True)
    assert transaction_log(frame).end.isoformat() == "2019-12-31"
    assert not transaction_log(frame).end_given
    assert transaction_log(frame, end=datetime(2019, 12, 31, 5)).end.isoformat() == "2019-12-31"


@pytest.mark.parametrize("end", ["31/12/2019", "soon", pd.NaT, 20191231])
def test_an_end_that_is_no_day_is_refused(end):
    with pytest.raises(InputError, match="as 2019-12-31"):
        transaction_log(table({}), end=end)


@pytest.mark.parametrize(
    ("column", "values", "found"),
    [
        ("date", ["2019-03-04"], "holds String"),
        ("date", [20190304], "holds Int64"),
        ("date", [datetime(2019, 3, 4, tzinfo=UTC)], "holds times of the time zone UTC"),
        ("amount", ["10"], "holds String"),
        ("amount", [True], "holds Boolean"),
        ("customer", [datetime(2019, 3, 4)], "holds Datetime"),
        ("customer", [["A"]], "holds"),
    ],
)
def test_columns_of_the_wrong_type_are_refused(column, values, found):
    with pytest.raises(InputError, match=f"column '{column}': {found}"):
        transaction_log(table({}).assign(**{column: pd.Series(values)}))


def test_missing_and_doubled_columns_and_things_that_are_no_table_are_refused():
    with pytest.raises(InputError, match=r"column 'id': is missing. Name it in the call; the table has customer, date"):
        transaction_log(table({}), customer="id")
    doubled = pd.concat([table({}), table({})[["amount"]]], axis=1)
    with pytest.raises(InputError, match="its columns"):
        transaction_log(doubled)
    with pytest.raises(InputError, match="the table: is a list"):
        transaction_log([1, 2])
    with pytest.raises(InputError, match="has no good row among 0"):
        transaction_log(table({})[:0])


@pytest.mark.parametrize(
    ("on_bad", "found"),
    [
        ("ignore", "found 'ignore'"),
        ({"refunds": "drop"}, "is no kind of bad row"),
        ({"negative amount": "keep"}, "Use refuse or drop"),
        ({"conflicting order": "drop"}, "Use refuse or keep"),
    ],
)
def test_other_treatments_of_bad_rows_are_refused(on_bad, found):
    with pytest.raises(InputError, match=found):
        transaction_log(table({}), on_bad=on_bad)


@pytest.mark.parametrize("dtype", ["int64", "Int64", "float64", "str", "category", "float32"])
def test_customers_may_be_numbers_text_or_categories(dtype):
    frame = table({}, {}).assign(customer=pd.Series([7, 8]).astype(dtype))
    assert transaction_log(frame).to_dict()["rows"] == 2


def test_missing_customers_in_a_column_of_numbers_are_found():
    frame = table({}, {}).assign(customer=[7.0, np.nan])
    nan = pl.from_pandas(frame).with_columns(customer=pl.Series([7.0, float("nan")]))
    for same in (frame, pl.from_pandas(frame), nan):
        assert transaction_log(same, on_bad="drop").dropped.to_dict() == {"missing customer": 1}


def test_dates_and_decimals_of_a_database_are_taken():
    frame = pd.DataFrame({"customer": ["A"], "date": [date(2019, 3, 4)], "amount": [Decimal("10.50")]})
    assert transaction_log(frame).to_dict()["first"] == "2019-03-04"
    assert float(transaction_log(frame).purchases.amounts[0]) == 10.5


def test_a_cancelled_order_can_be_kept_and_must_be_said_truly():
    frame = table({}, {"cancelled": True, "amount": -1.0, "order": "2"})
    log = transaction_log(frame, order="order", cancelled="cancelled", on_bad={"cancelled order": "drop"})
    assert log.dropped.to_dict() == {"cancelled order": 1}
    kept = transaction_log(table({}, {"cancelled": True}), cancelled="cancelled", on_bad={"cancelled order": "keep"})
    assert (kept.rows, kept.kept.to_dict()) == (2, {"cancelled order": 1})
    with pytest.raises(InputError, match="Turn it into true and false"):
        transaction_log(frame.assign(cancelled="yes"), cancelled="cancelled")


def test_the_end_can_be_set_later_but_not_before_a_transaction():
    log = transaction_log(table({}))
    later = log.until("2019-12-31")
    assert (str(later.end), later.end_given, log.end_given) == ("2019-12-31", True, False)
    assert log.until("2019-03-04").end == log.end
    with pytest.raises(InputError, match="there are later transactions"):
        log.until("2019-03-03")


@pytest.mark.parametrize("engine", [pl.from_pandas, lazy], ids=["polars", "DuckDB"])
def test_refunds_are_not_netted_in_other_engines(engine):
    with pytest.raises(InputError, match="Give a pandas frame"):
        transaction_log(engine(table({})), refunds="day")


def test_a_log_tells_what_was_netted():
    frame = table({}, {"amount": 4.0}, {"amount": -4.0, "date": "2019-03-05"}, {"amount": -20.0, "customer": "B"})
    with pytest.raises(InputError, match="1 row with a negative amount: row 3"):
        transaction_log(frame, refunds="customer")
    log = transaction_log(frame, refunds="customer", on_bad={"negative amount": "drop"})
    assert log.to_dict()["netted"] == {"by": "customer", "refunds": 2, "amount": 24.0, "emptied": 1}
    assert (log.rows, log.dropped.to_dict()) == (1, {"negative amount": 1})
