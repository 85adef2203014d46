import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.lifecycle.base import STATES, BaseRules, base_states, purchase_rhythm

VOLUMES = pd.DataFrame(
    {"A": [0, 2, 1, 0, 3, 0, 0, 0], "B": [1, 0, 0, 0, 0, 4, 0, 0], "C": [0] * 8, "D": [1, 1, 1, 1, 1, 1, 1, 1]}
).T


def test_states_by_hand():
    found = base_states(VOLUMES, BaseRules(loyal_from=3, silence=3))
    assert found.states.loc["A"].tolist() == ["prospect", *["new"] * 3, *["loyal"] * 3, "lost"]
    assert found.states.loc["B"].tolist() == ["new"] * 3 + ["lost"] * 2 + ["new"] * 3
    assert set(found.states.loc["C"]) == {"prospect"}
    assert found.states.loc["D"].tolist() == ["new"] * 2 + ["loyal"] * 6
    assert found.came_back == 1
    assert found.to_frame().loc[7].to_dict() == {"prospect": 1, "new": 1, "loyal": 1, "lost": 1}
    assert found.to_dict()["rules"] == {"loyal_from": 3, "silence": 3}


@given(st.lists(st.lists(st.integers(0, 2), min_size=6, max_size=6), min_size=1, max_size=5), st.integers(1, 5))
def test_a_state_never_knows_the_future(rows, periods):
    volumes = pd.DataFrame(rows)
    found = base_states(volumes).states
    assert found.isin(STATES).all(axis=None)
    pd.testing.assert_frame_equal(base_states(volumes.iloc[:, :periods]).states, found.iloc[:, :periods])


def test_rules_and_cells_that_make_no_sense():
    with pytest.raises(InputError, match=r"loyal_from: found 1(.|\n)*silence: found 0"):
        BaseRules(loyal_from=1, silence=0)
    with pytest.raises(InputError, match="customer 'A', period 0: found -1"):
        base_states(VOLUMES.replace({0: -1}))


PURCHASES = pd.DataFrame(
    {
        "customer": ["B", "A", "A", "A", "A"],
        "date": pd.to_datetime(["2026-05-01", "2026-01-31", "2026-01-01", "2026-03-02", "2026-01-31"]),
        "amount": [7.0, 10, 20, 30, 30],
    }
)


def test_rhythm_by_hand():
    found = purchase_rhythm(PURCHASES)
    assert found.loc["A"].tolist() == [3, 30, 30, 30]
    assert found.loc["B", ["purchases", "amount"]].tolist() == [1, 7]
    assert found.loc["B", ["interval", "longest_interval"]].isna().all()


def test_rows_may_come_in_any_order():
    pd.testing.assert_frame_equal(purchase_rhythm(PURCHASES.iloc[::-1]), purchase_rhythm(PURCHASES))


@pytest.mark.parametrize(
    ("purchases", "message"),
    [
        (PURCHASES.iloc[:0], "0 rows"),
        (PURCHASES.drop(columns="date"), r"columns \['customer', 'amount'\]"),
        (PURCHASES.assign(date="2026-01-01"), "column 'date'"),
        (PURCHASES.assign(amount=[1, np.inf, 2, None, 3]), "row 1, column 'amount'(.|\n)*row 3, column 'amount'"),
        (PURCHASES.assign(customer=["B", None, "A", "A", "A"]), "row 1, column 'customer'"),
        (PURCHASES.assign(date=[pd.NaT, *PURCHASES["date"][1:]]), "row 0, column 'date'"),
    ],
)
def test_unusable_purchases(purchases, message):
    with pytest.raises(InputError, match=message):
        purchase_rhythm(purchases)
