"""Known answers from the literature and from exact computation; each case names its source."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crmlib.ahp import Criterion, consistency, judgement_matrix, priority_weights, tree_weights

CASES = json.loads((Path(__file__).parents[1] / "reference" / "ahp_cases.json").read_text(encoding="utf-8"))


def of_kind(kind):
    return [pytest.param(case, id=case["name"]) for case in CASES if case["kind"] == kind]


@pytest.mark.parametrize("case", of_kind("matrix"))
def test_matrix(case):
    matrix = judgement_matrix(case["matrix"], largest=None)
    weights = priority_weights(matrix, case["method"])
    checked = consistency(matrix, case["ri_table"])
    assert weights.to_numpy() == pytest.approx(case["expected_weights"], abs=case["tolerance"])
    assert checked.lambda_max == pytest.approx(case["expected_lambda_max"], abs=case["tolerance"])
    assert checked.consistency_index == pytest.approx(case["expected_ci"], abs=case["tolerance"])
    assert checked.consistency_ratio == pytest.approx(case["expected_cr"], abs=case["tolerance"])


@pytest.mark.parametrize("case", of_kind("hierarchy"))
def test_hierarchy(case):
    def criterion(name):
        children = tuple(criterion(child) for child in case["tree"].get(name, []))
        matrix = judgement_matrix(case["matrices"][name], case["tree"][name], largest=None) if children else None
        return Criterion(name, children, matrix)

    tree = criterion(next(iter(case["tree"])))
    weights = tree_weights(tree, case["method"])
    assert weights.global_weights.to_dict() == pytest.approx(case["expected_global_weights_of_nodes"], abs=1e-9)

    below = {
        leaf: priority_weights(
            judgement_matrix(case["matrices"][leaf], case["alternatives"], largest=None), case["method"]
        )
        for leaf in tree.leaves
    }
    for name, expected in case["expected_local_weights"].items():
        found = below[name] if name in below else weights.local_weights[case["tree"][name]]
        assert found.to_numpy() == pytest.approx(expected, abs=case["tolerance"]), name
    total = pd.DataFrame(below) @ weights.leaf_weights
    assert total.to_numpy() == pytest.approx(case["expected_weights"], abs=case["tolerance"])
    assert np.isclose(total.sum(), 1)
