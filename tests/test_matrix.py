import json

import numpy as np
import pandas as pd
import pytest

from crmlib.errors import InputError
from crmlib.matrix import PLACES, possible_scores, value_matrix

NAMES = {("high", "high"): "keep", ("high", "low"): "harvest", ("low", "high"): "grow", ("low", "low"): "leave"}
SCORES = pd.DataFrame({"current": [0.0, 1.0, 2.0], "potential": [3.0, 0.0, 3.0]}, index=["A", "B", "C"])


def quadrants(**arguments):
    return value_matrix(SCORES, NAMES, **arguments).table["quadrant"].to_dict()


def test_thresholds():
    assert quadrants() == {"A": "grow", "B": "leave", "C": "keep"}
    assert quadrants(threshold="median") == {"A": "leave", "B": "leave", "C": "harvest"}
    assert quadrants(threshold={"current": -1, "potential": 1}) == {"A": "keep", "B": "harvest", "C": "keep"}


def test_customers_are_found_by_place_also_where_quadrants_share_a_name():
    matrix = value_matrix(SCORES, dict.fromkeys(PLACES, "all the same"))
    assert [matrix.at(place).index.tolist() for place in PLACES] == [["C"], [], ["A"], ["B"]]
    assert list(matrix.quadrants) == list(PLACES)
    assert json.loads(json.dumps(matrix.to_dict()["quadrants"])) == {" ".join(p): "all the same" for p in PLACES}


def test_the_line_itself_counts_as_stated():
    assert quadrants(line_is_high=True) == {"A": "grow", "B": "harvest", "C": "keep"}
    assert value_matrix(SCORES, NAMES).table["on_line"].to_dict() == {"A": False, "B": True, "C": False}


def test_rounding_noise_does_not_lift_anybody_over_the_line():
    noisy = pd.DataFrame({"current": [0.1 + 0.2, 0.3, 0.3], "potential": [0.0, 1.0, 2.0]})
    assert value_matrix(noisy, NAMES, {"current": 0.3, "potential": 1}).table["current_level"].tolist() == ["low"] * 3


def test_relabelling_customers_permutes_the_result():
    turned = value_matrix(SCORES.iloc[::-1], NAMES).table["quadrant"]
    assert turned.to_dict() == quadrants()


@pytest.mark.parametrize(
    ("scores", "names", "threshold", "message"),
    [
        (SCORES, NAMES, "mode", "threshold: found 'mode'"),
        (SCORES, NAMES, {"current": 1}, "none for 'potential'"),
        (SCORES[["current"]], NAMES, "mean", "found 1 columns"),
        (SCORES.replace(3.0, np.nan), NAMES, "mean", "customer 'A', score 'potential': is missing"),
        (SCORES, {("high", "high"): "keep"}, "mean", "quadrants: none for"),
    ],
)
def test_bad_input_is_named(scores, names, threshold, message):
    with pytest.raises(InputError, match=message):
        value_matrix(scores, names, threshold)


def test_possible_scores_respect_the_segments():
    segments = pd.Series({"1": "high", "2": "between", "3": "low", "4": "high"})
    shares = pd.DataFrame({"current": [0.7, 0.3, 0.0], "potential": [0.0, 0.4, 0.6]})
    drawn = possible_scores(segments, shares, draws=2000, seed=3)
    high = np.stack([drawn["current"] > 0, drawn["potential"] > 0], axis=2).sum(axis=2)
    assert len(high) > 50
    assert (high == [2, 1, 0, 2]).all()
    assert np.allclose(drawn["current"].sum(axis=1), 0)
    assert np.array_equal(drawn["current"], possible_scores(segments, shares, draws=2000, seed=3)["current"])
