import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.pareto import SHARES, abc_classes, class_stability

amounts = st.lists(st.integers(-9, 60), min_size=2, max_size=5).filter(lambda values: max(values) > 0)
rules = st.sampled_from([("80/15/5", "value"), ("70/20/10", "value"), ("pyramid", "customers"), ("20/30/50", "value")])


@settings(max_examples=8)
@given(amounts, rules, st.sampled_from([0.05, 0.125, 0.25, 0.5]), st.integers(0, 1000))
def test_no_combination_of_errors_leads_outside_the_bounds(values, rule, error, seed):
    shares, by = SHARES[rule[0]], rule[1]
    found = class_stability(pd.Series(values), error, shares, by).table
    for factors in np.random.default_rng(seed).choice([1 - error, 1, 1 + error], (8, len(values))):
        classes = abc_classes(pd.Series(values) * factors, shares, by).classes
        assert (classes >= found["best"]).all(), f"better than said, with {factors}"
        assert (classes <= found["worst"]).all(), f"worse than said, with {factors}"


@settings(max_examples=8)
@given(amounts, rules, st.sampled_from([0.05, 0.125, 0.25]))
def test_the_worst_and_the_best_are_reached(values, rule, error):
    """The worst case of a customer: it is low and all others that can pass it high; the best: see the docstring."""
    shares, by = SHARES[rule[0]], rule[1]
    value = pd.Series(values, dtype=float)
    spread = value.abs() * error
    found = class_stability(value, error, shares, by).table
    for place in value.index:
        low, high = value - spread, value + spread
        worst = high.where(high > low[place], low)
        worst[place] = low[place]
        assert abc_classes(worst, shares, by).classes[place] == found["worst"][place]
        best = low.where(low > high[place], np.minimum(high, high[place]))
        best[place] = high[place]
        assert abc_classes(best, shares, by).classes[place] == found["best"][place]


@settings(max_examples=8)
@given(amounts, rules)
def test_without_error_nothing_changes(values, rule):
    result = class_stability(pd.Series(values), 0, SHARES[rule[0]], rule[1])
    assert result.table["best"].equals(result.table["class"].rename("best"))
    assert not len(result.changing)


@settings(max_examples=8)
@given(amounts, st.sampled_from([0.05, 0.1, 0.2]))
def test_a_larger_error_frees_nobody(values, error):
    few = set(class_stability(pd.Series(values), error).changing)
    assert few <= set(class_stability(pd.Series(values), 2 * error).changing)


def test_customers_near_a_cut_may_change_and_others_not():
    revenue = pd.Series({"p": 100.0, "q": 21.0, "r": 20.0, "s": 1.0})
    result = class_stability(revenue, 0.05, {"A": 0.75, "B": 0.25})
    assert result.changing.tolist() == ["q", "r"]
    assert result.to_dict()["customers"]["q"] == {"class": "A", "best": "A", "worst": "B"}
    assert result.to_frame().shape == (4, 3)


@pytest.mark.parametrize("error", [-0.1, 1, np.nan])
def test_an_impossible_error_is_refused(error):
    with pytest.raises(InputError, match="below 1"):
        class_stability(pd.Series([1, 2]), error)
