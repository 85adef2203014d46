import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.rough import discretise

NUMBERS = st.lists(st.integers(-50, 50), min_size=2, max_size=30)


@given(NUMBERS, st.sampled_from(["equal_width", "equal_frequency"]), st.integers(2, 5))
def test_levels_rise_with_the_numbers(values, method, levels):
    found = discretise(pd.DataFrame({"x": values}), method, levels)["x"].to_numpy()
    order = np.argsort(values, kind="stable")
    assert (np.diff(found[order]) >= 0).all()
    assert found.max() < levels + (len(set(values)) == 1)
    assert all(len(set(found[np.array(values) == value])) == 1 for value in set(values))


def test_equal_frequency_parts_even_numbers_evenly():
    found = discretise(pd.DataFrame({"x": range(22)}), "equal_frequency", 2)["x"]
    assert found.value_counts().tolist() == [11, 11]


def test_entropy_cuts_where_the_decision_changes_and_nowhere_else():
    frame = pd.DataFrame({"useful": range(20), "noise": [0, 1] * 10, "constant": 1})
    found = discretise(frame, "entropy", decisions=["no"] * 8 + ["yes"] * 12)
    assert found["useful"].tolist() == [0] * 8 + [1] * 12
    assert found["noise"].nunique() == found["constant"].nunique() == 1


def test_all_bad_cells_and_arguments_are_named():
    with pytest.raises(InputError) as caught:
        discretise(pd.DataFrame({"x": [1, "many"], "y": [np.inf, 2]}), "by eye", 1, decisions=["a"])
    where = [problem.where for problem in caught.value.problems]
    assert where == ["row 0, column 'y'", "row 1, column 'x'", "levels"]
    with pytest.raises(InputError, match=r"(?s)method: found 'by eye'.*decisions: found 1"):
        discretise(pd.DataFrame({"x": [1, 2]}), "by eye", decisions=["a"])
    with pytest.raises(InputError, match="decisions"):
        discretise(pd.DataFrame({"x": [1, 2]}), "entropy")
