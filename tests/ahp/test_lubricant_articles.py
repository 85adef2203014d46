"""The weights that articles 1 and 4 print for the lubricant company [lubricant_article1]_ [lubricant_article4]_."""

import pytest

from crmlib.ahp import identify


def upper(found):
    return found.candidates.iloc[:, :-1].to_numpy().tolist()


def test_sales_volume_has_one_consistent_matrix():
    found = identify(["0.1634", "0.2970", "0.5396"], max_consistency_ratio=0.1)
    assert found.verdict == "unique"
    assert upper(found) == [pytest.approx([1 / 2, 1 / 3, 1 / 2])]


def test_trust_has_one_consistent_matrix():
    assert upper(identify(["0.5278", "0.1396", "0.3325"], max_consistency_ratio=0.1)) == [pytest.approx([3, 2, 1 / 3])]


def test_total_profit_fits_no_eigenvector():
    assert identify(["0.6095", "0.1842", "0.1231", "0.0832"]).verdict == "none"


def test_total_profit_fits_the_geometric_mean():
    found = identify(["0.6095", "0.1842", "0.1231", "0.0832"], "geometric_mean")
    consistent = found.candidates[found.candidates["consistency_ratio"] < 0.1]
    assert len(found.candidates) == 23
    assert consistent.iloc[:, :-1].to_numpy().tolist() == [
        [4, 5, 6, 2, 2, 2], [3, 5, 8, 1, 3, 1], [4, 5, 6, 1, 4, 1], [6, 5, 4, 2, 3, 2],
    ]  # fmt: skip
    assert consistent["consistency_ratio"].to_numpy() == pytest.approx([0.0244, 0.0402, 0.0708, 0.0945], abs=5e-5)
