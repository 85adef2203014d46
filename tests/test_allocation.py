import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.allocation import allocate, saturating_gain
from crmlib.errors import InputError

CEILING = pd.Series({"A": 36.0, "B": 9.0, "C": 0.1})
ceilings = st.lists(st.floats(0.01, 1000), min_size=1, max_size=8).map(pd.Series)


@given(ceilings, st.floats(0.1, 1000), st.floats(0.1, 50))
def test_the_whole_budget_is_spent_and_one_more_unit_brings_the_same_everywhere(ceiling, budget, halfway):
    found = allocate(budget, ceiling, halfway)
    assert found.spend.sum() == pytest.approx(budget)
    assert (found.spend >= 0).all()
    marginal = ceiling * halfway / (found.spend + halfway) ** 2
    assert marginal[found.spend > 0].to_numpy() == pytest.approx(found.marginal_gain)
    assert (marginal[found.spend == 0] <= found.marginal_gain * (1 + 1e-9)).all()


@given(ceilings, st.floats(0.1, 1000), st.floats(0.1, 50), st.integers(0, 1000))
def test_no_other_spread_brings_more(ceiling, budget, halfway, seed):
    shares = np.random.default_rng(seed).dirichlet(np.ones(len(ceiling)))
    other = saturating_gain(pd.Series(budget * shares), ceiling, halfway).sum()
    assert other <= allocate(budget, ceiling, halfway).gain.sum() * (1 + 1e-9)


def test_by_hand():
    found = allocate(6, CEILING, halfway=3)
    assert found.spend.tolist() == pytest.approx([5, 1, 0])
    assert found.gain.tolist() == pytest.approx([22.5, 2.25, 0])
    assert found.marginal_gain == pytest.approx(36 * 3 / 64)
    assert found.to_frame().loc["A", "gain"] == found.to_dict()["gain"]["A"]


def test_a_customer_without_hope_gets_nothing():
    assert allocate(6, CEILING.replace(0.1, 0.0), halfway=3).spend["C"] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, CEILING, 3), "budget: found 0"),
        ((6, CEILING, -1), "halfway: found -1"),
        ((6, CEILING.replace(9.0, np.nan), 3), "ceiling of 'B': is missing"),
        ((6, CEILING * -1, 3), "ceiling of 'A': found -36.0"),
        ((6, CEILING * 0, 3), "ceilings: none is positive"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(InputError, match=message):
        allocate(*arguments)


@pytest.mark.parametrize("bad", ["5", True, None, np.nan, np.inf, -1])
def test_what_is_no_number_is_named(bad):
    with pytest.raises(InputError) as error:
        allocate(bad, pd.Series({"A": 1, "B": bad}, dtype=object), halfway=bad)
    assert [problem.where for problem in error.value.problems] == ["budget", "ceiling of 'B'", "halfway"]


def test_a_customer_given_twice_is_named():
    with pytest.raises(InputError, match="ceiling of 'A': given more than once"):
        allocate(1, pd.Series([1.0, 2.0], index=["A", "A"]), halfway=1)
