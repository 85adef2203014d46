import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.pareto import xyz_classes

tables = st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=1, max_size=8).map(pd.DataFrame)


@given(tables, st.sampled_from([0.5, 2.0, 64.0]))
@settings(max_examples=10)
def test_units_and_order_of_periods_change_nothing(demand, factor):
    classes = xyz_classes(demand).classes
    assert xyz_classes(demand * factor).classes.equals(classes)
    assert xyz_classes(demand.iloc[:, ::-1]).table["mean"].to_numpy() == pytest.approx(demand.mean(axis=1).to_numpy())


@given(tables)
def test_wider_cuts_never_make_a_customer_less_steady(demand):
    narrow = xyz_classes(demand, {"X": 0.2, "Y": 0.6, "Z": np.inf}).classes
    assert (xyz_classes(demand, {"X": 0.4, "Y": 0.9, "Z": np.inf}).classes <= narrow).all()


def test_the_variation_is_deviation_over_mean():
    table = xyz_classes(pd.DataFrame([[2, 4, 6]], index=["p"])).table
    assert table.loc["p", ["mean", "deviation", "variation"]].tolist() == [4, 2, 0.5]
    assert table.loc["p", "class"] == "X", "a variation on the cut belongs below it"


def test_no_demand_and_more_returned_than_bought_are_the_least_steady():
    result = xyz_classes(pd.DataFrame([[0, 0], [5, -9], [5, 5]]))
    assert list(result.classes) == ["Z", "Z", "X"]
    assert result.table["variation"].tolist() == [np.inf, np.inf, 0]
    assert result.to_dict()["customers"][2]["class"] == "X"
    assert result.to_frame() is result.table


def test_every_missing_number_is_named():
    demand = pd.DataFrame({"Q1": [1, np.nan], "Q2": [np.nan, 2]}, index=["p", "q"])
    with pytest.raises(InputError) as caught:
        xyz_classes(demand)
    assert [problem.where for problem in caught.value.problems] == [
        "customer 'p', period 'Q2'",
        "customer 'q', period 'Q1'",
    ]


def test_one_period_is_refused():
    with pytest.raises(InputError, match="at least two"):
        xyz_classes(pd.DataFrame({"Q1": [1, 2]}))


@pytest.mark.parametrize(
    "cuts", [{}, {"X": 0.5, "Y": 1.0}, {"X": 1.0, "Y": 0.5, "Z": np.inf}, {"X": -1.0, "Z": np.inf}]
)
def test_unusable_cuts_are_refused(cuts):
    with pytest.raises(InputError, match="ascend"):
        xyz_classes(pd.DataFrame([[1, 2]]), cuts)
