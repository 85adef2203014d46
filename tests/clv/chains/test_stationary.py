import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.clv.chains.markov import expected_path
from crmlib.clv.chains.stationary import stationary_distribution
from crmlib.errors import InputError
from tests.clv.chains.test_markov import chains, square


@given(chains(), st.data())
@settings(max_examples=10)
def test_the_steady_shares_are_the_average_of_a_long_path(chain, data):
    weights = np.array([data.draw(st.integers(0, 3)) for _ in range(len(chain))], dtype=float) + 1e-3
    start = pd.Series(weights / weights.sum(), index=chain.index)
    found = stationary_distribution(chain, start)
    assert found.shares.sum() == pytest.approx(1)
    assert (found.shares @ chain).to_numpy() == pytest.approx(found.shares.to_numpy(), abs=1e-9)
    # With at most five states and entries of at least 1/20, period · 300 steps are enough to settle.
    path = expected_path(chain, start, 600 + found.period)
    assert path.iloc[-found.period :].mean().to_numpy() == pytest.approx(found.shares.to_numpy(), abs=1e-5)
    assert found.shares[list(found.transient)].sum() == 0


def test_one_closed_group_needs_no_start():
    found = stationary_distribution(square([[0.7, 0.3], [0.5, 0.5]]))
    assert found.shares.to_dict() == pytest.approx({"A": 0.625, "B": 0.375})
    assert (found.closed, found.transient, found.period) == ((("A", "B"),), (), 1)
    assert found.explanation == "The shares settle, wherever they start."


def test_a_brand_that_is_left_for_good_keeps_nothing():
    found = stationary_distribution(square([[0.9, 0.1, 0.0], [0.0, 0.5, 0.5], [0.0, 0.5, 0.5]]))
    assert found.shares.to_dict() == pytest.approx({"A": 0.0, "B": 0.5, "C": 0.5})
    assert "nothing is left of A" in found.explanation


def test_with_two_closed_groups_the_end_depends_on_the_start():
    loyal = square([[1, 0, 0], [0, 1, 0], [0.2, 0.6, 0.2]])
    with pytest.raises(InputError, match="several groups of states are never left: A; B"):
        stationary_distribution(loyal)
    found = stationary_distribution(loyal, pd.Series({"A": 0.6, "B": 0.2, "C": 0.2}))
    assert found.shares.to_dict() == pytest.approx({"A": 0.65, "B": 0.35, "C": 0.0})
    assert "depends on the start" in found.explanation


def test_shares_that_swing_are_averaged_and_said_to_swing():
    found = stationary_distribution(square([[0, 1, 0], [0, 0, 1], [1, 0, 0]]))
    assert found.shares.to_numpy() == pytest.approx([1 / 3] * 3)
    assert found.period == 3
    assert "swing with a period of 3" in found.explanation
    mixed = square([[0, 1, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [0, 0, 1, 0, 0]])
    assert stationary_distribution(mixed, pd.Series(0.2, index=list("ABCDE"))).period == 6


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ({"A": 0.5, "B": 0.6}, "sums to 1.1"),
        ({"A": 1.0}, "start of 'B': "),
        ({"A": 1.5, "B": -0.5}, "start of 'B': "),
    ],
)
def test_a_start_is_a_distribution(start, said):
    with pytest.raises(InputError) as raised:
        stationary_distribution(square([[0.5, 0.5], [0.5, 0.5]]), pd.Series(start))
    assert said in str(raised.value)


def test_a_result_in_plain_types():
    found = stationary_distribution(square([[0.9, 0.1], [0, 1]])).to_dict()
    assert json.loads(json.dumps(found))["closed"] == [["B"]]
