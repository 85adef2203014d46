import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.rough import decision_table, decision_tree, minimal_rules
from tests.rough.examples import FLU, INCONSISTENT_FLU, PAWLAK, decided, subsets, tables


def asked(rules):
    """Each rule as its conditions and decision."""
    return set(in_order(rules))


def test_pawlak_1991_section_6_3():
    found = minimal_rules(decision_table(PAWLAK, "e"), ["a", "b", "d"])
    wanted = [({"a": 1, "b": 0}, 1), ({"a": 0}, 0), ({"b": 1, "d": 1}, 0), ({"d": 2}, 2)]
    assert asked(found) == {(frozenset(conditions.items()), decision) for conditions, decision in wanted}
    assert found.table["support"].tolist() == [3, 2, 1, 1]
    assert found.table["certainty"].tolist() == [1, 1, 1, 1]
    assert found.table["coverage"].tolist() == [1, 1, 0.5, 0.5]


def fitting(table, conditions):
    """Positions of the rows that may meet some conditions, row by row."""
    unknown = {None} if table.missing == "any" else set()
    rows = table.table.to_dict("records")
    return [i for i, row in enumerate(rows) if all(row[a] == v or row[a] in unknown for a, v in conditions)]


@given(tables(missing=("refuse", "any"), attributes=3, rows=6))
def test_minimal_rules_are_those_of_brute_force(table):
    decisions = table.table["d"].tolist()
    sure = decided(table, table.conditions)
    wanted = set()
    for i in np.flatnonzero(sure):
        known = [name for name in table.conditions if table.table[name].iloc[i] is not None]
        own = [frozenset((name, table.table[name].iloc[i]) for name in names) for names in subsets(known)]
        safe = [rule for rule in own if {decisions[j] for j in fitting(table, rule)} == {decisions[i]}]
        wanted |= {(rule, decisions[i]) for rule in safe if not any(other < rule for other in safe)}
    found = minimal_rules(table, keep="all")
    certain = found.table["certainty"] == 1
    assert {rule for rule, is_sure in zip(in_order(found), certain, strict=True) if is_sure} == wanted
    for (conditions, decision), (_, line) in zip(in_order(found), found.table.iterrows(), strict=True):
        met = fitting(table, conditions)
        support = sum(decisions[j] == decision for j in met)
        assert line["support"] == support
        assert line["certainty"] == pytest.approx(support / len(met))
        assert line["coverage"] == pytest.approx(support / decisions.count(decision))


def in_order(rules):
    return [
        (frozenset(conditions.dropna().items()), decision)
        for (_, conditions), decision in zip(
            rules.conditions.iterrows(), rules.table[rules.decision], strict=True
        )
    ]  # fmt: skip


@given(tables(missing=("refuse",), attributes=3, rows=6))
def test_the_fewest_rules_cover_every_row_and_fewer_cannot(table):
    sure = set(np.flatnonzero(decided(table, table.conditions)))
    every = in_order(minimal_rules(table, keep="all"))
    chosen = in_order(minimal_rules(table))
    rows = {rule: set(fitting(table, rule[0])) & sure for rule in every}
    decisions = table.table["d"].tolist()
    safe = [rule for rule in every if rows[rule] and all(decisions[j] == rule[1] for j in fitting(table, rule[0]))]
    kept = [rule for rule in chosen if rule in safe]
    assert set().union(*(rows[rule] for rule in kept)) == sure
    for fewer in subsets(safe):
        if len(fewer) >= len(kept):
            break
        assert set().union(*(rows[rule] for rule in fewer)) != sure


def test_contradictions_give_one_rule_a_decision():
    found = minimal_rules(decision_table(INCONSISTENT_FLU, "flu")).table
    unsure = found[found["certainty"] < 1]
    assert unsure["certainty"].tolist() == [0.5, 0.5]
    assert sorted(unsure["flu"]) == ["no", "yes"]


@given(tables(missing=("refuse", "value")))
def test_the_leaves_of_a_tree_part_the_rows(table):
    rules = decision_tree(table).rules
    for conditions, group in zip(rules.conditions.index, in_order(rules), strict=True):
        assert rules.table.loc[conditions, "support"] >= 1, group
    assert rules.table["support"].sum() == len(table.table)
    sure = decided(table, table.conditions)
    assert (rules.table.loc[rules.table["certainty"] == 1, "support"].sum()) == sure.sum()


def test_a_tree_asks_first_what_settles_most():
    tree = decision_tree(decision_table(FLU, "flu"))
    assert tree.attributes[0] == "temperature"
    assert tree.to_dict()["decision"] == "flu"
    assert len(tree.table) == len(list(tree.root.leaves()))


@given(tables(missing=("refuse",)))
def test_rules_decide_their_own_rows_again(table):
    sure = decided(table, table.conditions)
    found = minimal_rules(table).classify(table.table[table.conditions])
    assert found[sure].tolist() == table.table["d"][sure].tolist()


def test_new_rows_that_no_rule_fits_stay_open():
    rules = minimal_rules(decision_table(PAWLAK, "e"), ["a", "b", "d"])
    new = pd.DataFrame({"a": [0, 2, 1], "b": [1, 1, 0], "d": [0, 0, 2]})
    assert rules.classify(new).astype(object).where(lambda found: found.notna(), None).tolist() == [0, None, 2]
    with pytest.raises(InputError, match="'d'"):
        rules.classify(new[["a", "b"]])


def test_unusable_arguments_are_named():
    with pytest.raises(InputError, match="Use all, fewest, few"):
        minimal_rules(decision_table(FLU, "flu"), keep="some")


@given(st.integers(0, 1000))
def test_rules_do_not_depend_on_the_order_of_rows(seed):
    shuffled = PAWLAK.sample(frac=1, random_state=seed)
    assert asked(minimal_rules(decision_table(shuffled, "e"), keep="all")) == asked(
        minimal_rules(decision_table(PAWLAK, "e"), keep="all")
    )


@given(tables())
def test_few_rules_cover_every_row_and_are_minimal(table):
    every = asked(minimal_rules(table, keep="all"))
    found = minimal_rules(table, keep="few")
    assert asked(found) <= every
    assert len(found.table) >= len(minimal_rules(table).table)
    fitted = [set(fitting(table, conditions)) for conditions, _ in in_order(found)]
    assert set().union(*fitted) == set(range(len(table.table)))
