import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from crmlib.errors import InputError
from crmlib.scaling import SCALINGS, scale

FRAME = pd.DataFrame({"profit": [1.0, 2.0, 4.0], "delay": [3.0, 0.0, 6.0]}, index=["A", "B", "C"])


def test_z_scores_use_the_sample_deviation_by_default():
    scaled = scale(FRAME)
    assert scaled.mean().to_numpy() == pytest.approx([0, 0])
    assert scaled.std(ddof=1).to_numpy() == pytest.approx([1, 1])
    assert scale(FRAME, ddof=0).std(ddof=0).to_numpy() == pytest.approx([1, 1])


def test_min_max_and_vector():
    assert scale(FRAME, "min_max")["profit"].tolist() == pytest.approx([0, 1 / 3, 1])
    assert scale(FRAME, "vector")["profit"].pow(2).sum() == pytest.approx(1)


@pytest.mark.parametrize("method", SCALINGS)
def test_costs_turn_the_order_round(method):
    plain, turned = scale(FRAME, method), scale(FRAME, method, costs=["delay"])
    assert plain["delay"].rank().tolist() == turned["delay"].rank(ascending=False).tolist()
    assert plain["profit"].equals(turned["profit"])


@given(arrays(float, (4, 2), elements=st.integers(-1000, 1000).map(float), unique=True), st.floats(0.5, 1e6))
def test_a_change_of_unit_changes_nothing(values, factor):
    frame = pd.DataFrame(values)
    for method in ("z_score", "min_max", "vector"):
        assert np.allclose(scale(frame, method), scale(frame * factor, method))


@pytest.mark.parametrize(
    ("frame", "arguments", "message"),
    [
        (FRAME.assign(profit=5.0), {}, "column 'profit': the same for every customer"),
        (FRAME.assign(profit=0.0), {}, "column 'profit': the same"),
        (FRAME.replace(4.0, np.nan), {}, "customer 'C', column 'profit': is missing"),
        (FRAME.replace(4.0, np.inf), {}, "customer 'C', column 'profit': found inf"),
        (FRAME.astype(object).replace(4.0, "many"), {}, "customer 'C', column 'profit': found 'many'"),
        (FRAME.iloc[:1], {}, "found 1 customer"),
        (FRAME, {"method": "rank"}, "method: found 'rank'. Use z_score, min_max, vector"),
        (FRAME, {"ddof": 2}, "ddof: found 2"),
        (FRAME, {"costs": ["price"]}, "cost column 'price': is missing"),
    ],
)
def test_bad_input_is_named(frame, arguments, message):
    with pytest.raises(InputError, match=message.replace("(", r"\(").replace(".", r"\.")):
        scale(frame, **arguments)


def test_all_bad_columns_are_listed():
    with pytest.raises(InputError) as error:
        scale(FRAME.assign(profit=1.0, delay=2.0))
    assert len(error.value.problems) == 2


CUTS = {"profit": [1.5, 2.0, 4.0], "delay": [1.0, 3.0, 5.0]}


def test_a_grade_counts_the_cuts_that_are_reached():
    graded = scale(FRAME, "grades", cuts=CUTS)
    assert graded["profit"].tolist() == [1, 3, 4]
    assert graded["delay"].tolist() == [3, 1, 4]


def test_grades_of_costs_run_the_other_way():
    assert scale(FRAME, "grades", cuts=CUTS, costs=["delay"])["delay"].tolist() == [2, 4, 1]


@pytest.mark.parametrize(
    ("cuts", "message"),
    [
        ({"profit": [1, 2]}, "cuts of 'delay': found []"),
        (CUTS | {"delay": [3, 3, 5]}, "cuts of 'delay': found [3, 3, 5]"),
        (CUTS | {"delay": [1, 2, np.inf]}, "cuts, 'delay' 3: found inf"),
        (CUTS | {"delay": [1, 2]}, "found [2, 3] cuts"),
        (None, "method: found 'grades'. Use z_score, min_max, vector"),
    ],
)
def test_unusable_cuts_are_named(cuts, message):
    with pytest.raises(InputError) as error:
        scale(FRAME, "grades", cuts=cuts)
    assert message in str(error.value)
