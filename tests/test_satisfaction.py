import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.proportions import wilson_interval
from crmlib.satisfaction import delivered_value, satisfaction, satisfaction_outcomes, satisfaction_trap

points = st.floats(0.5, 10)


@given(points, points, points)
def test_a_better_product_satisfies_more_except_as_printed(expected, worse, better):
    worse, better = sorted([worse, better])
    ideal, got = pd.Series([expected] * 2), pd.Series([worse, better])
    for measure, grows in (("ratio", True), ("gap", True), ("gap_as_printed", False)):
        low, high = satisfaction(got, ideal, measure)
        assert (low <= high) if grows else (low >= high)


def test_ratio_and_gap_agree_on_who_got_more_than_expected():
    perceived, expected = pd.Series([5.0, 3, 2, np.nan]), pd.Series([4.0, 3, 4, 4])
    ratio, gap = satisfaction(perceived, expected, "ratio"), satisfaction(perceived, expected)
    assert ratio[:3].gt(1).tolist() == gap[:3].gt(0).tolist() == [True, False, False]
    assert ratio.isna().tolist() == gap.isna().tolist() == [False, False, False, True]


def test_an_expectation_is_missed_met_or_exceeded():
    perceived = pd.Series([3.0, 0.1 + 0.2, 5, np.nan], index=list("ABCD"))
    outcomes = satisfaction_outcomes(perceived, pd.Series([4.0, 0.3, 4, 4], index=list("ABCD")))
    assert outcomes.to_list() == ["dissatisfied", "satisfied", "delighted", np.nan]
    assert outcomes.index.to_list() == list("ABCD")
    assert outcomes["A"] == outcomes.min()
    assert outcomes["C"] == outcomes.max()


@pytest.mark.parametrize(
    ("perceived", "expected", "measure", "message"),
    [
        ({"A": 1}, {"A": 0}, "ratio", "expected of 'A': found 0"),
        ({"A": 1}, {"B": 1}, "gap", "customer 'A': is in one of the two only"),
        ({"A": "good"}, {"A": 1}, "gap", "perceived of 'A': found 'good'"),
        ({"A": True}, {"A": 1}, "gap", "found True"),
        ({"A": np.inf}, {"A": 1}, "gap", "found inf"),
        ({"A": 1}, {"A": 1}, "difference", "measure: found 'difference'"),
    ],
)
def test_bad_input_is_named(perceived, expected, measure, message):
    with pytest.raises(InputError, match=message):
        satisfaction(pd.Series(perceived), pd.Series(expected), measure)


def test_a_customer_twice_is_named():
    twice = pd.Series([1.0, 2.0], index=["A", "A"])
    with pytest.raises(InputError, match="perceived of 'A': given more than once"):
        satisfaction(twice, pd.Series({"A": 1.0}))


def test_delivered_value_adds_gains_and_takes_off_costs():
    gains = pd.DataFrame({"product": [50.0, 40], "service": [30.0, 10], "staff": [5.0, 5], "image": [2.0, 1]})
    costs = pd.DataFrame({"money": [40.0, 60], "time": [10.0, 5]})
    found = delivered_value(gains, costs)
    assert found["total_value"].tolist() == [87, 56]
    assert found["total_cost"].tolist() == [50, 65]
    assert found["delivered_value"].tolist() == [37, -9]


def test_perceived_value_is_gains_less_costs_whatever_the_columns_are_called():
    found = delivered_value(pd.DataFrame({"felt": [7.0]}), pd.DataFrame({"felt": [4.0]}))
    assert found["delivered_value"].tolist() == [3]


def test_delivered_value_names_every_bad_cell():
    gains = pd.DataFrame({"product": [np.nan, 1.0]}, index=["A", "B"])
    costs = pd.DataFrame({"money": [1.0, -2.0]}, index=["A", "B"])
    with pytest.raises(InputError, match="customer 'A', gain 'product': is missing") as error:
        delivered_value(gains, costs)
    assert "customer 'B', cost 'money': found -2" in str(error.value)


def test_the_trap_counts_the_satisfied_who_are_not_loyal():
    felt = pd.Series([5, 4, 4, 2, 5, None, 3], index=list("ABCDEFG"))
    loyal = pd.Series([5, 2, 3, 1, None, 5, 5], index=list("ABCDEFG"))
    trap = satisfaction_trap(felt, loyal, (4, 4), level=0.9)
    assert trap.trapped == ["B", "C"]
    assert trap.left_out == ("E", "F")
    assert trap.share == 2 / 3
    assert trap.interval == tuple(wilson_interval(2, 3, 0.9).loc[0, ["low", "high"]])
    assert trap.to_dict()["customers"]["G"] == {"satisfied": False, "loyal": True, "trapped": False}
    assert trap.to_frame().index.tolist() == list("ABCDG")


def test_without_a_satisfied_customer_there_is_no_share():
    trap = satisfaction_trap(pd.Series([1, 2]), pd.Series([5, 5]), (4, 4))
    assert np.isnan([trap.share, *trap.interval]).all()
    assert trap.trapped == []


def test_a_trap_needs_both_answers_of_somebody():
    with pytest.raises(InputError, match="nobody gave both"):
        satisfaction_trap(pd.Series([1.0, np.nan]), pd.Series([np.nan, 1.0]), (4, 4))
