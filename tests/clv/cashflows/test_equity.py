import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.clv.cashflows.equity import customer_equity, referral_value
from crmlib.clv.cashflows.retention import margin_multiple
from crmlib.errors import InputError

BASE = pd.DataFrame(
    {
        "margin": [100.0, 40.0, -5.0],
        "retention": [0.9, 0.5, 0.7],
        "discount_rate": [0.1, 0.1, 0.2],
        "cost": [50.0, 0.0, 0.0],
    },
    index=["A", "B", "C"],
)


def test_every_customer_has_its_own_terms():
    equity = customer_equity(BASE, "end", "at_risk")
    for name, row in BASE.iterrows():
        alone = row["margin"] * margin_multiple(row["retention"], row["discount_rate"], "end", "at_risk") - row["cost"]
        assert equity.table.loc[name, "value"] == pytest.approx(alone)
    assert equity.total == pytest.approx(equity.to_frame()["value"].sum())
    assert equity.to_dict()["timing"] == "end"
    assert equity.to_dict()["horizon"] == "for ever"


def test_growth_referrals_and_horizon_count():
    more = BASE.assign(growth=0.02, referrals=[10.0, 0.0, 3.0])
    short = customer_equity(more, "start", "certain", 3)
    expected = 100 * margin_multiple(0.9, 0.1, "start", "certain", 3, 0.02) + 10 - 50
    assert short.table.loc["A", "value"] == pytest.approx(expected)


@given(st.permutations(list(BASE.index)), st.floats(0.01, 100))
@settings(max_examples=10)
def test_neither_order_nor_currency_matters(order, factor):
    equity = customer_equity(BASE, "middle", "certain")
    other = customer_equity(
        BASE.loc[order].assign(margin=lambda t: t["margin"] * factor, cost=BASE["cost"] * factor), "middle", "certain"
    )
    assert other.table["value"].to_dict() == pytest.approx((equity.table["value"] * factor).to_dict())


def test_segments_add_up_to_the_equity():
    equity = customer_equity(BASE, "start", "certain")
    table = equity.segments(pd.Series({"C": "small", "A": "key", "B": "small"}))
    assert table["customers"].to_dict() == {"key": 1, "small": 2}
    assert table["value"].sum() == pytest.approx(equity.total)
    assert table["share"].sum() == pytest.approx(1)
    assert table.loc["key", "value"] == pytest.approx(equity.table.loc["A", "value"])


@pytest.mark.parametrize(
    ("segment", "place"),
    [
        (pd.Series({"A": "key", "B": "small"}), "segment of customer 'C'"),
        (pd.Series({"A": "key", "B": None, "C": "small"}), "segment of customer 'B'"),
        (pd.Series(["key", "key", "small", "small"], index=["A", "A", "B", "C"]), "segment of customer 'A'"),
    ],
)
def test_every_customer_needs_one_segment(segment, place):
    with pytest.raises(InputError) as error:
        customer_equity(BASE, "start", "certain").segments(segment)
    assert [problem.where for problem in error.value.problems] == [place]


@pytest.mark.parametrize(
    ("customers", "message"),
    [
        (BASE.drop(columns="discount_rate"), "column 'discount_rate': is missing"),
        (BASE.assign(wacc=0.1), "column 'wacc': is not a term"),
        (BASE.assign(retention=[0.9, 1.4, np.nan]), "retention of customer 'C': is missing"),
        (BASE.assign(cost=[0, -1, 0]), "cost of customer 'B': found -1"),
        (BASE.assign(retention=1.0, discount_rate=[0.1, 0.0, 0.1]), "discount_rate of customer 'B': endless payments"),
        (BASE.rename(index={"B": "A"}), "customer 'A'"),
        (BASE.iloc[:0], "there are none"),
        (BASE.astype(object).assign(margin=["100", 40, 5]), "margin of customer 'A': found '100'"),
    ],
)
def test_bad_terms_are_named(customers, message):
    with pytest.raises(InputError) as error:
        customer_equity(customers, "start", "certain")
    assert message in str(error.value)


REFERRALS = pd.DataFrame(
    {
        "referrer": ["A", "A", "B"],
        "value": [200.0, 200.0, 50.0],
        "anyway": [0.0, 1.0, 0.5],
        "years": [0.0, 1.0, 2.0],
        "reward": [10.0, 10.0, 0.0],
    }
)


def test_kumar_petersen_leone_2010_two_kinds_of_referred_customers():
    values = referral_value(REFERRALS, saved_cost=40, discount_rate=0.25)
    assert values["A"] == pytest.approx(190 + 30 / 1.25)
    assert values["B"] == pytest.approx((20 + 25) / 1.25**2)


def test_those_who_would_have_come_anyway_save_only_their_acquisition_cost():
    anyway = referral_value(REFERRALS.assign(anyway=1.0, reward=0.0, years=0.0), saved_cost=40, discount_rate=0.25)
    assert anyway.to_dict() == {"A": 80, "B": 40}


def test_referral_values_go_into_the_equity_of_the_base():
    values = referral_value(REFERRALS, 40, 0.25).reindex(BASE.index, fill_value=0)
    plain, more = (customer_equity(table, "start", "certain") for table in (BASE, BASE.assign(referrals=values)))
    assert more.total - plain.total == pytest.approx(values.sum())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"anyway": [0.0, 2.0, 0.5]}, "anyway of customer 1: found 2.0"),
        ({"years": [0.0, -1.0, 0.5]}, "years of customer 1: found -1.0"),
        ({"referrer": ["A", None, "B"]}, "referrer of row 1: is missing"),
        ({"value": [1.0, 1.0, np.inf]}, "value of customer 2: found inf"),
    ],
)
def test_bad_referrals_are_named(change, message):
    with pytest.raises(InputError) as error:
        referral_value(REFERRALS.assign(**change), 40, 0.25)
    assert message in str(error.value)


def test_a_missing_column_of_the_referrals_is_named():
    with pytest.raises(InputError, match="column 'years': is missing"):
        referral_value(REFERRALS.drop(columns="years"), 40, 0.25)
