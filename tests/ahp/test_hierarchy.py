import pandas as pd
import pytest

from crmlib.ahp import Criterion, judgement_matrix, tree_scores, tree_weights
from crmlib.errors import InputError


def tree():
    profit = Criterion(
        "profit", (Criterion("margin"), Criterion("volume")), judgement_matrix([[3]], ["margin", "volume"])
    )
    return Criterion("value", (profit, Criterion("loyalty")), judgement_matrix([[2]], ["profit", "loyalty"]))


def test_global_weights_multiply_down_unequal_branches():
    weights = tree_weights(tree())
    assert weights.leaf_weights.to_dict() == pytest.approx({"margin": 1 / 2, "volume": 1 / 6, "loyalty": 1 / 3})
    assert weights.leaf_weights.sum() == pytest.approx(1)
    assert weights.to_dict()["method"] == "eigenvector"


def test_a_single_child_needs_no_judgement():
    alone = Criterion("value", (Criterion("profit"),))
    assert tree_weights(alone).leaf_weights["profit"] == 1


def test_node_scores_are_weighted_sums_of_their_children():
    weights = tree_weights(tree())
    scaled = pd.DataFrame({"loyalty": [1.0, 0.0], "volume": [0.0, 2.0], "margin": [1.0, 0.0]}, index=["A", "B"])
    scores = tree_scores(tree(), weights, scaled)
    assert scores["profit"].to_dict() == pytest.approx({"A": 0.75, "B": 0.5})
    assert scores["value"].to_dict() == pytest.approx({"A": 0.5 + 1 / 3, "B": 1 / 3})


def test_columns_and_leaves_must_agree_both_ways():
    with pytest.raises(InputError, match=r"leaf 'loyalty'.*\n.*column 'sales'") as error:
        tree_scores(tree(), tree_weights(tree()), pd.DataFrame({"margin": [1.0], "volume": [1.0], "sales": [1.0]}))
    assert len(error.value.problems) == 2


def test_judgements_must_name_the_children():
    with pytest.raises(InputError, match="judgements compare"):
        Criterion("value", (Criterion("a"), Criterion("b")), judgement_matrix([[2]], ["a", "c"]))


def test_names_are_unique_in_the_tree():
    with pytest.raises(InputError, match="more than once"):
        Criterion("a", (Criterion("b"), Criterion("a")), judgement_matrix([[2]], ["b", "a"]))
