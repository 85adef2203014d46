import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.pareto import computed_abc


def test_ultsch_loetsch_2015_points_of_a_small_example():
    """Worked by hand: 100 in total, ten customers, mean 10.

    Cumulated shares 0.40 0.65 0.77 0.86 0.91 0.94 0.96 0.98 0.99 1. Squared distances from (0, 1): 0.3700 0.1625
    0.1429 0.1796 …, so the Pareto point is the third customer. Values not below 10: three, so break-even is there, too.
    Squared distances from (0.3, 1): 0.0529 at the third, 0.1² + 0.14² = 0.0296 at the fourth, 0.2² + 0.09² = 0.0481.
    """
    values = pd.Series([40.0, 25, 12, 9, 5, 3, 2, 2, 1, 1])
    result = computed_abc(values)
    assert result.points["customers"].to_dict() == {"Pareto": 3, "break-even": 3, "submarginal": 4}
    assert result.points["value_share"].to_dict() == pytest.approx(
        {"Pareto": 0.77, "break-even": 0.77, "submarginal": 0.86}
    )
    assert "".join(result.classes) == "AAABCCCCCC"
    assert result.limits.to_dict() == {"A": 12.0, "B": 9.0}


def test_ultsch_loetsch_2015_the_uniform_curve():
    """For a uniform law the curve is y = 2x − x²: slope 1 at 0.5; (x − 0.5)² + (1 − x)⁴ is least at x = 0.6654."""
    values = pd.Series(np.arange(1, 20_001, dtype=float))
    shares = computed_abc(values).points["customer_share"]
    assert shares["break-even"] == pytest.approx(0.5, abs=1e-4)
    pareto = min(np.linspace(0, 1, 100_001), key=lambda x: x**2 + (1 - x) ** 4)
    assert shares["Pareto"] == pytest.approx(pareto, abs=2e-4)
    submarginal = min(np.linspace(0, 1, 100_001), key=lambda x: (x - 0.5) ** 2 + (1 - x) ** 4)
    assert shares["submarginal"] == pytest.approx(submarginal, abs=2e-4)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30).filter(any), st.integers(1, 50), st.randoms())
def test_relabelling_and_scaling_change_nothing(values, factor, random):
    series = pd.Series(values, dtype=float)
    order = list(series.index)
    random.shuffle(order)
    assert computed_abc(series[order] * 2.0**factor).classes.sort_index().equals(computed_abc(series).classes)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30).filter(any))
def test_equal_values_share_a_class_and_somebody_is_a(values):
    series = pd.Series(values)
    classes = computed_abc(series).classes
    assert (classes[series == series.max()] == "A").all()
    assert (classes.groupby(series).nunique() == 1).all()
    assert classes[series.sort_values(ascending=False).index].is_monotonic_increasing


def test_negative_values_are_refused_with_the_customers():
    with pytest.raises(InputError) as caught:
        computed_abc(pd.Series({"p": -1.0, "q": 2.0, "r": -3.0}))
    assert [problem.where for problem in caught.value.problems] == ["customer 'p'", "customer 'r'"]


def test_nothing_to_part_is_refused():
    with pytest.raises(InputError, match="all are 0"):
        computed_abc(pd.Series([0.0, 0.0]))


def test_the_result_is_plain_in_a_dictionary():
    found = computed_abc(pd.Series([3.0, 1.0], index=["p", "q"])).to_dict()
    assert found["classes"] == {"p": "A", "q": "C"}
    assert set(found["points"]) == {"Pareto", "break-even", "submarginal"}
