import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.ahp import judgement_matrix, priorities
from crmlib.errors import InputError
from crmlib.pareto import SHARES, abc_classes, criteria_score, joint_classes, xyz_classes

tables = st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=1, max_size=12).map(
    lambda rows: pd.DataFrame(rows, columns=["revenue", "orders"], index=[f"c{i}" for i in range(len(rows))])
)


@settings(max_examples=8)
@given(tables, st.floats(0, 1))
def test_a_score_is_a_share_whatever_the_units(table, weight):
    weights = pd.Series({"revenue": weight, "orders": 1 - weight})
    score = criteria_score(table, weights)
    assert score.sum() == pytest.approx(1)
    other_units = criteria_score(table * [6.5, 0.01], weights)
    assert other_units.to_numpy() == pytest.approx(score.to_numpy())


@settings(max_examples=8)
@given(tables)
def test_all_weight_on_one_criterion_gives_its_classes(table):
    score = criteria_score(table, pd.Series({"orders": 0.0, "revenue": 1.0}))
    assert abc_classes(score).classes.equals(abc_classes(table["revenue"]).classes)


def test_weights_may_come_from_the_hierarchy_process():
    weights = priorities(judgement_matrix([[3]], ["revenue", "orders"])).weights
    table = pd.DataFrame({"revenue": [30.0, 10.0], "orders": [1, 3]}, index=["p", "q"])
    assert criteria_score(table, weights).to_dict() == pytest.approx({"p": 0.625, "q": 0.375})


@settings(max_examples=8)
@given(tables, st.sampled_from(list(SHARES)))
def test_joint_classes_count_everybody_once(table, name):
    parts = {
        "revenue": abc_classes(table["revenue"], SHARES[name]).classes,
        "orders": abc_classes(table["orders"], by="customers").classes,
    }
    joint = joint_classes(parts, table["revenue"])
    assert len(joint) == len(SHARES[name]) * 3, "empty combinations are shown, too"
    assert joint["customers"].sum() == len(table)
    assert joint["value"].sum() == table["revenue"].sum()
    assert joint["customers"].groupby("revenue", observed=False).sum().to_dict() == (
        parts["revenue"].value_counts().to_dict()
    )


def test_abc_and_xyz_make_a_grid_of_counts_and_values():
    demand = pd.DataFrame([[50, 50], [160, 0], [5, 4]], index=["p", "q", "r"])
    revenue = demand.sum(axis=1)
    joint = joint_classes({"abc": abc_classes(revenue).classes, "xyz": xyz_classes(demand).classes}, revenue)
    assert joint.loc[("A", "X")].to_dict() == {"customers": 1, "value": 100}
    assert joint.loc[("A", "Z")].to_dict() == {"customers": 1, "value": 160}
    assert joint.loc[("C", "X")].to_dict() == {"customers": 1, "value": 9}
    assert joint["customers"].sum() == 3


def test_customers_without_a_class_are_named():
    classes = pd.Series(["A", None], index=["p", "q"])
    with pytest.raises(InputError, match=r"(?s)customer 'q': has no class by 'abc'.*customer 'r'"):
        joint_classes({"abc": classes}, pd.Series({"p": 1.0, "q": 2.0, "r": 3.0}))


def test_every_bad_customer_is_named():
    table = pd.DataFrame({"revenue": [1.0, np.nan], "orders": [0, "x"]}, index=["p", "q"])
    with pytest.raises(InputError) as caught:
        criteria_score(table, pd.Series({"revenue": 0.5, "orders": None}))
    assert [problem.where for problem in caught.value.problems] == [
        "customer 'q', criterion 'revenue'",
        "customer 'q', criterion 'orders'",
        "weight of 'orders'",
    ]


def test_a_criterion_that_shares_nothing_out_is_named():
    table = pd.DataFrame({"revenue": [1.0, 2.0], "orders": [0, 0]}, index=["p", "q"])
    with pytest.raises(InputError, match="criterion 'orders': no positive value"):
        criteria_score(table, pd.Series({"revenue": 0.5, "orders": 0.5}))


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"revenue": 0.5, "orders": 0.4}, "weights: sum to 0.9"),
        ({"revenue": 1.5, "orders": -0.5}, "weight of 'orders': found -0.5"),
        ({"revenue": 1.0}, "criterion 'orders': is in one of the two only"),
    ],
)
def test_weights_that_do_not_fit_are_refused(weights, message):
    with pytest.raises(InputError, match=message):
        criteria_score(pd.DataFrame({"revenue": [1], "orders": [1]}), pd.Series(weights))
