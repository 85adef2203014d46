"""A decision tree: questions asked one after the other, each settling as many examples as it can."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from crmlib.arguments import checked
from crmlib.rough.regions import groups
from crmlib.rough.rules import RuleSet, rule_set
from crmlib.rough.tables import DecisionTable

__all__ = ["DecisionTree", "Node", "decision_tree"]


@dataclass(frozen=True)
class Node:
    """A question, or an answer. `rows`: positions of its examples; `asked`: the conditions' codes on the way here.

    `attribute` is the condition asked for next, and `branches` has one node a value; both are empty at a leaf.
    """

    rows: np.ndarray
    asked: tuple[tuple[int, int], ...]
    attribute: str | None = None
    branches: tuple[tuple[object, "Node"], ...] = ()

    def leaves(self) -> Iterator["Node"]:
        """The answers below, from the first branch on."""
        if not self.branches:
            yield self
        for _, branch in self.branches:
            yield from branch.leaves()


@dataclass(frozen=True)
class DecisionTree:
    """A tree grown from `examples`; `root` is its first question."""

    examples: DecisionTable
    root: Node

    @property
    def attributes(self) -> list[str]:
        """The conditions that the tree asks for, in the order of the first question about each."""
        names: list[str] = []
        waiting = [self.root]
        for node in waiting:
            if node.attribute is not None and node.attribute not in names:
                names.append(node.attribute)
            waiting += [branch for _, branch in node.branches]
        return names

    @cached_property
    def rules(self) -> RuleSet:
        """One rule a leaf and decision there, conditions in the order of the questions; one leaf fits an example."""
        leaves = [
            (leaf, code) for leaf in self.root.leaves() for code in np.unique(self.examples.decision_codes[leaf.rows])
        ]
        conditions = np.full((len(leaves), len(self.examples.conditions)), -2, dtype=np.int32)
        for row, (leaf, _) in enumerate(leaves):
            for position, code in leaf.asked:
                conditions[row, position] = code
        found = rule_set(self.examples, conditions, np.array([code for _, code in leaves]))
        first = self.attributes
        return replace(found, table=found.table[[*first, *(name for name in found.table if name not in first)]])

    @property
    def table(self) -> pd.DataFrame:
        """The rules, see `RuleSet`."""
        return self.rules.table

    def to_dict(self) -> dict[str, object]:
        """The rules in plain Python types, and the order of the questions."""
        return self.rules.to_dict() | {"attributes": self.attributes}


@checked("The decision tree")
def decision_tree(table: DecisionTable, attributes: Sequence[str] | None = None) -> DecisionTree:
    """Ask first what settles most examples: the attribute with the largest positive region among those left.

    Equal attributes are taken in the order given. A branch ends when its examples agree, or nothing tells them apart.
    Unlike minimal rules, the rules of a tree exclude each other, and may hold conditions that one could leave out.
    A missing value is a branch of its own.

    Examples
    --------
    >>> from crmlib.rough import decision_table
    >>> frame = pd.DataFrame({"a": [1, 2, 2], "b": [1, 1, 2], "d": ["low", "low", "high"]})
    >>> decision_tree(decision_table(frame, "d")).attributes
    ['b']
    """
    return DecisionTree(table, _grow(table, np.arange(len(table.table)), (), table.positions(attributes)))


def _grow(table: DecisionTable, rows: np.ndarray, asked: tuple[tuple[int, int], ...], positions: Sequence[int]) -> Node:
    codes, decisions = table.codes[rows], table.decision_codes[rows]
    useful = [position for position in positions if len(np.unique(codes[:, position])) > 1]
    if len(np.unique(decisions)) == 1 or not useful:
        return Node(rows, asked)
    best = max(useful, key=lambda position: _settled(codes[:, position], decisions))
    branches = []
    for code in np.unique(codes[:, best]):
        inside = rows[codes[:, best] == code]
        value = table.table.iloc[inside[0]][table.conditions[best]]
        rest = [position for position in positions if position != best]
        branches.append((value, _grow(table, inside, (*asked, (best, int(code))), rest)))
    branches.sort(key=lambda branch: (len(list(branch[1].leaves())), str(branch[0])))
    return Node(rows, asked, table.conditions[best], tuple(branches))


def _settled(codes: np.ndarray, decisions: np.ndarray) -> int:
    """Examples whose value of an attribute goes with one decision only."""
    numbers = groups(codes[:, None])
    found = np.zeros((numbers.max() + 1, decisions.max() + 1), dtype=np.int64)
    np.add.at(found, (numbers, decisions), 1)
    return int(found[(found > 0).sum(axis=1) == 1].sum())
