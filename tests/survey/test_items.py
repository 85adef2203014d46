import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import spearmanr

from crmlib.errors import InputError
from crmlib.proportions import wilson_interval
from crmlib.survey import answer_shares, check_answers, derived_importance, item_statistics

TABLE = pd.DataFrame({"a": [5, 4, 3, None, 1], "b": [5, 5, 5, 5, 4], "overall": [5, 4, 3, 2, None]})
ANSWERS = check_answers(TABLE, list(TABLE), 1, 5)


def test_statistics_are_over_those_who_answered():
    row = item_statistics(ANSWERS, level=0.9).loc["a"]
    assert (row["answered"], row["missing"], row["mean"], row["median"]) == (4, 1, 3.25, 3.5)
    assert row["sd"] == pytest.approx(np.std([5, 4, 3, 1], ddof=1))
    assert row[["top_box", "top_box_low", "top_box_high"]].tolist() == wilson_interval(2, 4, 0.9).loc[0].tolist()


def test_the_top_box_may_be_one_point():
    assert item_statistics(ANSWERS, top=1)["top_box"].to_dict() == {"a": 0.25, "b": 0.8, "overall": 0.25}


@pytest.mark.parametrize("top", [0, 5])
def test_a_top_box_of_nothing_or_all_is_an_error(top):
    with pytest.raises(InputError, match="top: found"):
        item_statistics(ANSWERS, top=top)


@given(arrays(float, (9, 3), elements=st.sampled_from([1.0, 2, 3, 4, 5, np.nan])))
@settings(max_examples=10)
def test_shares_sum_to_one_and_give_the_mean_and_the_top_box(cells):
    table = pd.DataFrame(cells).dropna(axis=1, how="all")
    if table.empty:
        return
    answers = check_answers(table, list(table), 1, 5)
    shares, statistics = answer_shares(answers), item_statistics(answers)
    assert np.allclose(shares.sum(axis=1), 1)
    assert np.allclose(shares @ np.arange(1, 6), statistics["mean"])
    assert np.allclose(shares[4] + shares[5], statistics["top_box"])


def test_derived_importance_is_the_rank_correlation_of_pairs():
    found = derived_importance(ANSWERS, "overall")
    assert found["a"] == pytest.approx(1)
    assert np.isnan(found["b"])  # with both answered, everybody gave b the same
    seven = pd.DataFrame({"x": [1, 2, 2, 3, 5, 4, 5], "y": [2, 1, 3, 3, 4, 5, 5]})
    expected = spearmanr(seven["x"], seven["y"]).statistic
    assert derived_importance(check_answers(seven, ["x", "y"], 1, 5), "y")["x"] == pytest.approx(expected, abs=1e-12)


def test_an_unknown_overall_judgement_is_named():
    with pytest.raises(InputError, match="'all': is not an item"):
        derived_importance(ANSWERS, "all")
