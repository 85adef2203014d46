import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from crmlib.errors import InputError
from crmlib.proportions import wilson_interval


def test_newcombe_1998_four_examples():
    found = wilson_interval([81, 15, 0, 1], [263, 148, 20, 29])
    expected = [[0.2553, 0.3662], [0.0624, 0.1605], [0.0000, 0.1611], [0.0061, 0.1718]]
    assert np.allclose(found[["low", "high"]], expected, atol=5e-5, rtol=0)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.5, 0.999))
def test_the_interval_is_that_of_scipy_and_holds_the_share(counts, level):
    x, n = counts
    found = wilson_interval(x, n, level).loc[0]
    peer = binomtest(x, n).proportion_ci(level, method="wilson")
    assert np.allclose(found, [x / n, peer.low, peer.high], atol=1e-9)
    assert 0 <= found["low"] <= found["share"] + 1e-12
    assert found["share"] - 1e-12 <= found["high"] <= 1


def test_rows_keep_their_names_and_nobody_asked_gives_nothing():
    found = wilson_interval(pd.Series({"A": 3, "B": 0}), pd.Series({"A": 4, "B": 0}))
    assert found.loc["A", "share"] == 0.75
    assert found.loc["B"].isna().all()


@pytest.mark.parametrize(
    ("successes", "trials", "level", "message"),
    [
        (5, 4, 0.95, "row 0: found 5 of 4"),
        (-1, 4, 0.95, "successes: found -1"),
        (1.5, 4, 0.95, r"successes: found 1\.5"),
        (np.inf, np.inf, 0.95, "trials: found inf"),
        ("many", 4, 0.95, "successes: found 'many'"),
        (pd.Series({"A": 1}), pd.Series({"B": 1}), 0.95, "row 'B'"),
        (1, 4, 95, "level: found 95"),
    ],
)
def test_bad_counts_are_named(successes, trials, level, message):
    with pytest.raises(InputError, match=message):
        wilson_interval(successes, trials, level)
