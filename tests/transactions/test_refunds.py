"""Refunds netted by order, day and customer, against a pile of purchases kept by hand."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.transactions import REFUNDS, net_refunds

START = pd.Timestamp("2019-01-01")
ROWS = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 4), st.integers(-6, 8), st.sampled_from("xyz")),
    min_size=1,
    max_size=12,
)


def table(rows):
    frame = pd.DataFrame(rows, columns=["customer", "date", "amount", "order"])
    return frame.assign(date=START + pd.to_timedelta(frame["date"], "D"), amount=frame["amount"].astype(float))


def piled(rows):
    """What is left of each row, found one by one: a refund takes from the top of the customer's pile."""
    piles, left = {}, {}
    order = sorted(range(len(rows)), key=lambda at: (*rows[at][:2], rows[at][2] < 0, at))
    for at in order:
        customer, _, amount, _ = rows[at]
        pile = piles.setdefault(customer, [])
        left[at] = amount
        if amount >= 0:
            pile.append(at)
            continue
        while pile and left[at] < 0:
            taken = min(left[pile[-1]], -left[at])
            left[pile[-1]] -= taken
            left[at] += taken
            if not left[pile[-1]]:
                pile.pop()
    return {at: value for at, value in left.items() if value or not rows[at][2]}


@settings(max_examples=300)
@given(ROWS)
def test_by_customer_a_refund_is_taken_off_the_latest_purchases_before_it(rows):
    left, netting = net_refunds(table(rows), "customer")
    assert left["amount"].to_dict() == piled(rows)
    assert netting.refunds == sum(amount < 0 for *_, amount, _ in rows)
    assert netting.emptied == sum(row[2] > 0 for row in rows) - (left["amount"] > 0).sum()


@settings(max_examples=100)
@given(ROWS, st.sampled_from(list(REFUNDS)))
def test_nothing_is_lost_and_what_has_no_refund_stays_as_it_is(rows, by):
    frame = table(rows)
    left, netting = net_refunds(frame, by)
    assert left.groupby("customer")["amount"].sum().reindex(["A", "B"], fill_value=0).to_list() == (
        frame.groupby("customer")["amount"].sum().reindex(["A", "B"], fill_value=0).to_list()
    )
    assert netting.amount == -frame["amount"].clip(upper=0).sum()
    assert set(left.index) <= set(frame.index)
    if not netting.refunds:
        pd.testing.assert_frame_equal(left, frame)


def test_by_day_and_by_order_one_row_is_left_at_the_first_purchase():
    rows = [
        ("A", 0, -5, "x"),
        ("A", 0, 8, "x"),
        ("A", 0, 4, "y"),
        ("A", 1, 3, "z"),
        ("B", 0, 5, "x"),
        ("A", 2, -3, "z"),
    ]
    day, by_day = net_refunds(table(rows), "day")
    assert day["amount"].to_dict() == {1: 7, 3: 3, 4: 5, 5: -3}
    assert (by_day.refunds, by_day.emptied) == (2, 0)
    order, by_order = net_refunds(table(rows), "order")
    assert order["amount"].to_dict() == {1: 3, 2: 4, 4: 5}
    assert (by_order.amount, by_order.emptied) == (8, 1)


def test_the_clock_does_not_part_a_day_but_orders_a_customers_purchases():
    frame = table([("A", 0, 5, "x"), ("A", 0, 7, "y"), ("A", 0, -6, "z")])
    frame["date"] += pd.to_timedelta([8, 12, 10], "h")
    assert net_refunds(frame, "day")[0]["amount"].to_dict() == {0: 6}
    assert net_refunds(frame, "customer")[0]["amount"].to_dict() == {0: 5, 1: 1}


def test_sums_that_rounding_leaves_are_nothing():
    frame = pd.DataFrame({"customer": "A", "date": START, "amount": [0.1, 0.2, -0.3]})
    for by in ("day", "customer"):
        assert net_refunds(frame, by)[0].empty


def test_rows_in_which_something_is_missing_are_left_alone():
    frame = table([("A", 0, 5, "x"), ("A", 0, -5, "x"), ("A", 0, 1, None), (None, 0, -2, "x")])
    assert net_refunds(frame, "order")[0]["amount"].to_dict() == {2: 1, 3: -2}
    assert net_refunds(frame, "day")[0]["amount"].to_dict() == {0: 1, 3: -2}
    assert net_refunds(frame.assign(amount=[5, -5, None, -2]), "customer")[0].index.to_list() == [2, 3]


@pytest.mark.parametrize(("by", "words"), [("week", "Use order, day, customer"), ("order", "net by day or customer")])
def test_other_ways_are_refused(by, words):
    with pytest.raises(InputError, match=words):
        net_refunds(table([("A", 0, 5, "x")]).drop(columns="order"), by)
