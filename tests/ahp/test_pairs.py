import numpy as np
import pandas as pd
import pytest

from crmlib.ahp import judgement_matrix, judgements_from_pairs
from crmlib.errors import InputError


def where(error):
    return [problem.where for problem in error.value.problems]


def test_pairs_in_any_direction():
    found = judgements_from_pairs([("b", "a", "1/2"), ("a", "c", 6), ("c", "b", "1/3")], ["a", "b", "c"])
    pd.testing.assert_frame_equal(found, judgement_matrix([[2, 6], [3]], ["a", "b", "c"]))


def test_names_come_in_the_order_of_the_pairs():
    assert judgements_from_pairs({("b", "a"): 2, ("a", "c"): 2, ("b", "c"): 4}).index.tolist() == ["b", "a", "c"]


def test_a_pair_given_twice():
    same = [("a", "b", 3), ("b", "a", "1/3"), ("a", "b", "3")]
    assert judgements_from_pairs(same).loc["a", "b"] == 3
    with pytest.raises(InputError, match=r"b against a: given as 0\.333333 and as 2"):
        judgements_from_pairs([("a", "b", 3), ("b", "a", 2)])


def test_every_bad_pair_is_listed():
    pairs = [
        ("a", "b", 3),
        ("a", "x", 2),
        ("b", "b", 1),
        (1, "a", 2),
        ("b", "c", "1+1"),
        "ab",
        ("a", "b"),
        ("a", "B", 2),
    ]
    with pytest.raises(InputError) as error:
        judgements_from_pairs(pairs, ["a", "b", "c"])
    assert where(error) == [
        "pair ('b', 'b')",
        "pair (1, 'a')",
        "pair 'ab'",
        "a against x",
        "b against c",
        "a against b",
        "a against B",
        "a against c",
    ]


def test_missing_pairs_are_named_or_left_empty():
    with pytest.raises(InputError) as error:
        judgements_from_pairs({("a", "b"): 3, ("b", "c"): None})
    assert where(error) == ["b against c", "a against c"]
    matrix = judgements_from_pairs({("a", "b"): 3, ("b", "c"): None}, incomplete=True)
    np.testing.assert_allclose(matrix, [[1, 3, np.nan], [1 / 3, 1, np.nan], [np.nan, np.nan, 1]], rtol=1e-15)


def test_pairs_off_the_scale_are_refused_unless_the_bound_is_lifted():
    with pytest.raises(InputError, match="off the scale"):
        judgements_from_pairs({("a", "b"): 10})
    assert judgements_from_pairs({("a", "b"): 10}, largest=None).loc["b", "a"] == 0.1


@pytest.mark.parametrize("pairs", [{}, []])
def test_no_pairs_are_refused(pairs):
    with pytest.raises(InputError, match="its shape"):
        judgements_from_pairs(pairs)
