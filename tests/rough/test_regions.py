import numpy as np
import pytest
from hypothesis import given

from crmlib.rough import approximations, decision_table, indiscernibility, positive_region, quality
from tests.rough.examples import FLU, INCONSISTENT_FLU, decided, same, subsets, tables


def test_the_flu_tables():
    assert quality(decision_table(FLU, "flu")) == 1
    found = approximations(decision_table(INCONSISTENT_FLU, "flu"))
    assert found.quality == pytest.approx(4 / 6)
    assert found.table.loc["yes"].tolist() == [4, 3, 5, 3 / 5]
    assert found.table.loc["no"].tolist() == [2, 1, 3, 1 / 3]
    assert found.boundary["yes"][lambda is_in: is_in].index.tolist() == ["p2", "p5"]
    assert found.to_dict()["lower"] == {"yes": ["p1", "p3", "p6"], "no": ["p4"]}


@given(tables())
def test_approximations_are_those_of_the_definitions(table):
    decisions = table.table["d"].to_numpy()
    rows = range(len(decisions))
    for attributes in subsets(table.conditions):
        found = approximations(table, attributes)
        alike = [[j for j in rows if same(table, i, j, attributes)] for i in rows]
        assert list(indiscernibility(table, attributes)) == [tuple(inside) for inside in alike]
        for decision in table.decisions:
            lower = [(decisions[inside] == decision).all() for inside in alike]
            upper = [(decisions[inside] == decision).any() for inside in alike]
            assert found.lower[decision].tolist() == lower
            assert found.upper[decision].tolist() == upper
        assert positive_region(table, attributes).tolist() == decided(table, attributes).tolist()
        assert found.quality == quality(table, attributes) == np.mean(decided(table, attributes))


@given(tables())
def test_more_attributes_never_decide_less(table):
    qualities = [quality(table, table.conditions[:count]) for count in range(len(table.conditions) + 1)]
    assert qualities == sorted(qualities)
