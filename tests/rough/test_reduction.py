import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from crmlib.errors import InputError
from crmlib.rough import decision_table, discernibility, reducts
from tests.rough.examples import FLU, INCONSISTENT_FLU, PAWLAK, decided, same, subsets, tables


def test_the_flu_tables():
    found = reducts(decision_table(FLU, "flu"))
    assert found.sets == (("headache", "temperature"), ("muscle_pain", "temperature"))
    assert found.core == ("temperature",)
    assert found.complete
    assert reducts(decision_table(INCONSISTENT_FLU, "flu")).to_dict() == {
        "reducts": [["headache", "temperature"], ["muscle_pain", "temperature"]],
        "core": ["temperature"],
        "method": "exact",
    }


def test_pawlak_1991_section_6_3():
    table = decision_table(PAWLAK, "e")
    found = reducts(table)
    assert (found.sets, found.core) == ((("a", "b", "d"),), ("a", "b", "d"))
    assert discernibility(table).clauses == (("a",), ("b",), ("d",))


@given(tables())
def test_reducts_are_those_of_brute_force(table):
    wanted = decided(table, table.conditions).sum()
    enough = [set(names) for names in subsets(table.conditions) if decided(table, names).sum() == wanted]
    least = [names for names in enough if not any(other < names for other in enough)]
    found = reducts(table)
    assert sorted(map(sorted, found.sets)) == sorted(map(sorted, least))
    assert set(found.core) == set.intersection(*least)


@given(tables(missing=("refuse", "value")))
def test_the_greedy_reduct_is_a_reduct_with_the_same_core(table):
    exact, greedy = reducts(table), reducts(table, "greedy")
    assert greedy.sets[0] in exact.sets
    assert greedy.core == exact.core
    assert not greedy.complete


@given(tables())
def test_the_matrix_holds_what_tells_each_pair_apart(table):
    found = discernibility(table)
    sure, decisions = decided(table, table.conditions), table.table["d"].tolist()
    for i in range(len(sure)):
        for j in range(len(sure)):
            needed = decisions[i] != decisions[j] and (sure[i] or sure[j])
            apart = tuple(name for name in table.conditions if not same(table, i, j, [name]))
            assert found.table.iloc[i, j] == (apart if needed else ())
    cells = {frozenset(cell) for cell in found.table.to_numpy().ravel() if cell}
    least = {cell for cell in cells if not any(other < cell for other in cells)}
    assert {frozenset(clause) for clause in found.clauses} == least


def test_many_attributes_need_the_greedy_method():
    values = np.random.default_rng(1).integers(0, 2, (300, 40))
    frame = pd.DataFrame(values, columns=[f"a{number}" for number in range(40)]).assign(d=values[:, 3] ^ values[:, 30])
    with pytest.raises(InputError, match="found 40"):
        reducts(decision_table(frame, "d"))
    found = reducts(decision_table(frame, "d"), "greedy")
    assert decided(decision_table(frame.head(40), "d"), found.sets[0]).all()


def test_unusable_methods_are_named():
    frame = FLU.astype(object)
    frame.loc["p1", "headache"] = None
    with pytest.raises(InputError, match="Use the exact method"):
        reducts(decision_table(frame, "flu", "any"), "greedy")
    with pytest.raises(InputError, match="Use exact, greedy"):
        reducts(decision_table(FLU, "flu"), "quick")
