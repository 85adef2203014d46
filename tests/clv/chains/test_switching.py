import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.clv.chains.market import brand_market, share_path
from crmlib.clv.chains.switching import brand_values, switching_gains
from crmlib.errors import InputError
from tests.clv.chains.test_markov import square

BRANDS = ["A", "B", "C"]


@st.composite
def distributions(draw, size=3):
    weights = np.array([draw(st.integers(0, 9)) for _ in range(size)], dtype=float) + 0.01
    return (weights / weights.sum()).tolist()


@st.composite
def markets(draw, segments=2, one_matrix=False, margins=None):
    names = [f"s{place}" for place in range(segments)]
    steps = [square([draw(distributions()) for _ in BRANDS]) for _ in names]
    own = [[float(draw(st.integers(0, 50))) for _ in BRANDS] for _ in names]
    facts = [
        [draw(st.integers(0, 100)), draw(st.sampled_from([0.5, 1, 2, 12])), draw(st.integers(0, 5))] for _ in names
    ]
    return brand_market(
        pd.DataFrame([draw(distributions()) for _ in names], index=names, columns=BRANDS),
        steps[0] if one_matrix else dict(zip(names, steps, strict=True)),
        pd.DataFrame(own, index=names, columns=BRANDS) if margins is None else margins,
        pd.DataFrame(facts, index=names, columns=["customers", "purchases_per_year", "volume"]),
    )


def one_segment(shares=(0.6, 0.3, 0.1), matrix=None, margins=(10, 10, 10), frequency=2.0, customers=1, volume=1.0):
    matrix = square([[0.7, 0.2, 0.1], [0.3, 0.6, 0.1], [0.2, 0.2, 0.6]]) if matrix is None else matrix
    names = list(matrix.index)
    return brand_market(
        pd.DataFrame([shares], index=["homes"], columns=names),
        matrix,
        pd.Series(margins, index=names, dtype=float),
        pd.DataFrame(
            {"customers": [customers], "purchases_per_year": [frequency], "volume": [volume]}, index=["homes"]
        ),
    )


rates = st.floats(0.01, 0.5)
horizons = st.one_of(st.just(np.inf), st.floats(0, 6))


@settings(max_examples=8)
@given(markets(), rates, st.floats(0, 6), st.sampled_from([0.0, 0.5, 1.0]))
def test_rust_lemon_zeithaml_2004_value_is_the_sum_over_the_purchases(trade, rate, years, first):
    found = brand_values(trade, rate, years, first_purchase_in=first)
    path = share_path(trade, 80)
    for name, facts in trade.segments.iterrows():
        frequency = facts["purchases_per_year"]
        worth = sum(
            (1 + rate) ** (-(purchase - 1 + first) / frequency)
            * facts["volume"] * trade.margins.loc[name] * path.loc[(name, purchase)]
            for purchase in range(1, math.floor(years * frequency + 1e-9) + 1)
        )  # fmt: skip
        assert found.per_customer.loc[name].to_numpy() == pytest.approx(np.zeros(3) + worth, rel=1e-9, abs=1e-12)
        assert found.total.loc[name].to_numpy() == pytest.approx(facts["customers"] * (np.zeros(3) + worth), abs=1e-9)


@settings(max_examples=8)
@given(markets(), st.floats(0.2, 0.5))
def test_a_far_horizon_is_for_ever(trade, rate):
    for_ever = brand_values(trade, rate)
    assert brand_values(trade, rate, 100).total.to_numpy() == pytest.approx(
        for_ever.total.to_numpy(), rel=1e-6, abs=1e-6
    )
    assert for_ever.horizon == np.inf


@settings(max_examples=8)
@given(markets(margins=pd.Series(7.0, index=BRANDS)), rates, horizons)
def test_with_equal_margins_the_market_is_a_cake_of_one_size(trade, rate, years):
    """What all brands get together does not depend on who switches to whom."""
    sums = brand_values(trade, rate, years).per_customer.sum(axis=1)
    still = replace(trade, switching=np.eye(3))
    assert brand_values(still, rate, years).per_customer.sum(axis=1).to_numpy() == pytest.approx(
        sums.to_numpy(), abs=1e-9
    )


@settings(max_examples=8)
@given(markets(one_matrix=True), rates, horizons, st.floats(0, 1))
def test_the_value_is_linear_in_the_shares(trade, rate, years, part):
    first, second = trade.shares.iloc[0], trade.shares.iloc[1]
    facts = pd.concat([trade.segments.iloc[[0]]] * 3).set_axis(["x", "y", "mix"])
    shares = pd.DataFrame([first, second, part * first + (1 - part) * second], index=facts.index)
    same = brand_market(shares, square(trade.switching.tolist()), trade.margins.iloc[0], facts)
    worth = brand_values(same, rate, years).per_customer
    mixed = part * worth.loc["x"] + (1 - part) * worth.loc["y"]
    assert worth.loc["mix"].to_numpy() == pytest.approx(mixed.to_numpy(), abs=1e-9)


@settings(max_examples=8)
@given(markets(), st.integers(0, 12))
def test_expected_shares_stay_shares(trade, purchases):
    path = share_path(trade, purchases)
    assert len(path) == 2 * (purchases + 1)
    assert path.sum(axis=1).to_numpy() == pytest.approx(1)
    assert (path.to_numpy() >= 0).all()
    assert path.xs(0, level="purchase").to_numpy() == pytest.approx(trade.shares.to_numpy())


@settings(max_examples=8)
@given(markets(), rates, horizons, st.sampled_from(BRANDS))
def test_a_point_is_worth_what_the_changed_matrix_brings(trade, rate, years, brand):
    found = switching_gains(trade, brand, rate, years, step=0.001)
    assert (found.gains.to_numpy() >= -1e-9).all()
    place, row = BRANDS.index(brand), 1
    changed = trade.switching.copy()
    for segment in range(2):
        old = changed[segment, row].copy()
        changed[segment, row] = old * (1 - old[place] - 0.001) / (1 - old[place])
        changed[segment, row, place] = old[place] + 0.001
    assert changed.sum(axis=2) == pytest.approx(1)
    before = brand_values(trade, rate, years).total[brand].to_numpy()
    after = brand_values(replace(trade, switching=changed), rate, years).total[brand].to_numpy()
    rounding = 1e-9 + 1e-13 * after.max()  # a difference of two totals is as exact as the totals are
    assert found.gains[BRANDS[row]].to_numpy() == pytest.approx(after - before, abs=rounding)


def test_a_loyal_customer_is_an_annuity():
    loyal = one_segment(shares=(1, 0), matrix=square([[1, 0], [0, 1]]), margins=(10, 10), frequency=1)
    assert brand_values(loyal, 0.1, 3).equity.to_dict() == pytest.approx({"A": 10 * (1 - 1.1**-3) / 0.1, "B": 0})
    assert brand_values(loyal, 0.1).equity["A"] == pytest.approx(100)
    assert brand_values(loyal, 0.1, first_purchase_in=0).equity["A"] == pytest.approx(110)
    lost = one_segment(shares=(1, 0), matrix=square([[0, 1], [0, 1]]), margins=(10, 10), frequency=1)
    assert brand_values(lost, 0.1).equity["A"] == 0


def test_horizon_and_rate_at_their_edges():
    trade = one_segment()
    assert brand_values(trade, 0.1, 0).equity.to_list() == [0, 0, 0]
    assert brand_values(trade, 0.1, 0.49).equity.to_list() == [0, 0, 0]
    assert brand_values(trade, 0, 3).equity.sum() == pytest.approx(60)
    assert brand_values(trade, -0.1, 1).equity.sum() == pytest.approx(10 * (0.9**-0.5 + 0.9**-1))
    for rate in (0, -0.1):
        with pytest.raises(InputError, match="not finite"):
            brand_values(trade, rate)


def test_a_purchase_at_the_very_end_is_not_lost_to_rounding():
    assert 0.29 * 100 < 29
    assert brand_values(one_segment(frequency=100), 0, 0.29).equity.sum() == pytest.approx(290)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"shares": [[0.6, 0.3, 0.2]]}, "shares of 'homes': sums to 1.1"),
        ({"shares": [[1.1, -0.1, 0.0]]}, "shares of 'homes', column 'B': found -0.1"),
        ({"matrix": square([[0.7, 0.2, 0.2], [0.3, 0.6, 0.1], [0.2, 0.2, 0.6]])}, "row 'A': sums to 1.1"),
        ({"matrix": square([[0.7, 0.3], [0.3, 0.7]])}, "has the brands ['A', 'B']. Use those of the shares"),
        ({"matrix": {"offices": square(np.eye(3).tolist())}}, "found matrices of ['offices']"),
        ({"matrix": {"homes": square([[2.0]])}}, "segment 'homes', row 'A': sums to 2"),
        ({"margins": pd.Series({"A": 1.0, "B": 1.0})}, "column 'C': is missing"),
        ({"margins": pd.Series({"A": 1.0, "B": 1.0, "C": None})}, "margin 'C' of 'homes': found"),
        (
            {"facts": {"customers": [1], "purchases_per_year": [0], "volume": [1]}},
            "purchases_per_year of 'homes': found 0",
        ),
        (
            {"facts": {"customers": [-1], "purchases_per_year": [1], "volume": [1]}},
            "value 'customers' of 'homes': found -1",
        ),
        ({"facts": {"customers": [1], "purchases_per_year": [1]}}, "column 'volume': is missing"),
    ],
)
def test_every_bad_place_of_a_market_is_named(changes, said):
    facts = changes.get("facts", {"customers": [1], "purchases_per_year": [1], "volume": [1]})
    with pytest.raises(InputError) as raised:
        brand_market(
            pd.DataFrame(changes.get("shares", [[0.6, 0.3, 0.1]]), index=["homes"], columns=BRANDS),
            changes.get("matrix", square(np.eye(3).tolist())),
            changes.get("margins", pd.Series({"A": 1.0, "B": 1.0, "C": 1.0})),
            pd.DataFrame(facts, index=["homes"]),
        )
    assert said in str(raised.value)


def test_labels_in_another_order_are_put_right():
    matrix = square([[0.7, 0.2, 0.1], [0.3, 0.6, 0.1], [0.2, 0.2, 0.6]])
    turned = matrix.loc[["C", "A", "B"], ["C", "A", "B"]]
    assert brand_values(one_segment(), 0.1).equity.to_dict() == pytest.approx(
        brand_values(
            brand_market(
                pd.DataFrame([[0.6, 0.3, 0.1]], index=["homes"], columns=BRANDS),
                turned,
                pd.Series({"C": 10.0, "B": 10.0, "A": 10.0}),
                pd.DataFrame({"volume": [1], "customers": [1], "purchases_per_year": [2]}, index=["homes"]),
            ),
            0.1,
        ).equity.to_dict()
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("D", 0.1), "The brands are A, B, C"),
        (("A", 0.1, 3, 0), "step: found 0"),
        (("A", 0.1, 3, 0.35), "from 'A' to 'A': 0.7 leaves no room"),
        (("A", -1.0), "discount_rate"),
        (("A", 0.1, -3), "horizon: found -3"),
    ],
)
def test_a_point_that_cannot_be_valued(arguments, said):
    brand, rate, years, step = (*arguments, *(3, 0.01)[len(arguments) - 2 :])
    with pytest.raises(InputError) as raised:
        switching_gains(one_segment(), brand, rate, years, step=step)
    assert said in str(raised.value)


def test_a_path_needs_a_whole_number():
    with pytest.raises(InputError, match="purchases: found"):
        share_path(one_segment(), 1.5)


def test_results_in_plain_types():
    trade = one_segment()
    told = [brand_values(trade, 0.1, 3).to_dict(), switching_gains(trade, "A", 0.1, 3).to_dict()]
    assert json.loads(json.dumps(told))[0]["horizon"] == 3
    assert "1 purchase intervals from now" in told[0]["convention"]
    assert list(brand_values(trade, 0.1).to_frame()["total"]) == BRANDS
    assert switching_gains(trade, "A", 0.1).to_frame().shape == (1, 3)
