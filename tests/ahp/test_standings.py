import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import rankdata

from crmlib.ahp import Segments
from crmlib.ahp.standings import ranks
from crmlib.errors import InputError
from crmlib.matrix import value_matrix

NAMES = {("high", "high"): "HH", ("high", "low"): "HL", ("low", "high"): "LH", ("low", "low"): "LL"}
numbers = st.integers(-5, 5).map(lambda k: k / 4)


@given(arrays(float, (3, 6), elements=numbers))
def test_ranks_are_those_of_scipy(scores):
    assert (ranks(scores) == rankdata(-scores, method="min", axis=-1)).all()


def test_rounding_error_is_no_difference():
    assert ranks(np.array([0.1 + 0.2, 0.3, 0.4])).tolist() == [2, 2, 1]


@settings(deadline=None)
@given(arrays(float, (5, 2), elements=numbers), st.sampled_from(["mean", "median", "given"]), st.booleans())
def test_segments_are_those_of_the_value_matrix(scores, rule, line_is_high):
    threshold = {"a": 0.25, "b": -0.5} if rule == "given" else rule
    frame = pd.DataFrame(scores, columns=["a", "b"])
    expected = value_matrix(frame, NAMES, threshold, line_is_high=line_is_high)
    segments = Segments(("a", "b"), NAMES, threshold, line_is_high)
    assert segments.of(scores).tolist() == expected.table["quadrant"].to_list()
    assert segments.lines(scores).ravel() == pytest.approx(expected.thresholds.to_numpy(), abs=1e-15)


def test_two_quadrants_may_share_a_name():
    shared = NAMES | {("high", "low"): "between", ("low", "high"): "between"}
    assert Segments(("a", "b"), shared).labels == ["HH", "between", "LL"]


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ({"nodes": ("a", "a")}, "nodes"),
        ({"names": {("high", "high"): "HH"}}, "none for"),
        ({"threshold": "mode"}, "threshold"),
        ({"threshold": {"a": 1.0}}, "'b'"),
        ({"threshold": {"a": 1.0, "b": float("nan")}}, "'b'"),
    ],
)
def test_an_incomplete_declaration_is_refused(arguments, where):
    with pytest.raises(InputError, match=where):
        Segments(**({"nodes": ("a", "b"), "names": NAMES} | arguments))
