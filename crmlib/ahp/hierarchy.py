"""Trees of criteria: local weights at every node, global weights down to the leaves."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import pandas as pd

from crmlib.ahp.inconsistency import priorities
from crmlib.arguments import Each, checked
from crmlib.checks import POSITIVE, check_columns, refuse, shown
from crmlib.errors import InputError, Problem

__all__ = ["Criterion", "Scaled", "TreeWeights", "tree_scores", "tree_weights"]

#: Customers by the leaves of a tree: shape (customers, leaves), scaled so that more is better.
Scaled = Annotated[pd.DataFrame, Each("customer")]


@checked("The tree of criteria")
@dataclass(frozen=True)
class Criterion:
    """A node of the tree: a name, its children, and the judgements that compare the children.

    Raises
    ------
    InputError
        If the judgements do not name exactly the children, or a name occurs twice in the tree.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix
    >>> leaves = (Criterion("profit"), Criterion("volume"))
    >>> Criterion("current value", leaves, judgement_matrix([[4]], ["profit", "volume"])).leaves
    ('profit', 'volume')
    """

    name: str
    children: tuple["Criterion", ...] = ()
    judgements: Annotated[pd.DataFrame, Each("judgement", POSITIVE, missing=True)] | None = None

    def __post_init__(self) -> None:
        names = [child.name for child in self.children]
        compared = [] if self.judgements is None else list(self.judgements.index)
        if compared != names and not (self.judgements is None and len(names) == 1):
            raise InputError(
                "The tree of criteria",
                [Problem(self.name, f"the judgements compare {compared}, the children are {names}", "Make them agree")],
            )
        everywhere = [node.name for node in self.walk()]
        if repeated := sorted({name for name in everywhere if everywhere.count(name) > 1}):
            raise InputError(
                "The tree of criteria", [Problem(name, "occurs more than once", "Rename one") for name in repeated]
            )

    def walk(self) -> Iterator["Criterion"]:
        """This node and all below it, parents before children."""
        yield self
        for child in self.children:
            yield from child.walk()

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Names of the nodes without children, in order."""
        return tuple(node.name for node in self.walk() if not node.children)


@dataclass(frozen=True)
class TreeWeights:
    """Weights of a tree; no units.

    `local_weights`: each node's share of its parent; `global_weights`: its share of the root (both
    indexed by node, the root first with 1); `leaf_weights`: the global weights of the leaves;
    `consistency`: one row for each compared node.
    """

    method: str
    table: str
    local_weights: pd.Series
    global_weights: pd.Series
    leaf_weights: pd.Series
    consistency: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Local and global weight of every node."""
        return pd.DataFrame({"local_weight": self.local_weights, "global_weight": self.global_weights})

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "method": self.method,
            "table": self.table,
            "weights": self.to_frame().to_dict(orient="index"),
            "consistency": self.consistency.to_dict(orient="index"),
        }


@checked("The weights of the tree")
def tree_weights(tree: Criterion, method: str = "eigenvector", table: str = "saaty1980") -> TreeWeights:
    """Local and global weights and the consistency of every comparison in a tree.

    A node's global weight is its local weight times its parent's global weight [saaty1980]_; nothing
    is rounded on the way. `method` and `table` are those of `priorities`, which also raises
    the errors.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix
    >>> leaves = (Criterion("profit"), Criterion("volume"))
    >>> tree = Criterion("current value", leaves, judgement_matrix([[4]], ["profit", "volume"]))
    >>> tree_weights(tree).leaf_weights.round(4).to_dict()
    {'profit': 0.8, 'volume': 0.2}
    """
    local_weights = {tree.name: 1.0}
    global_weights = {tree.name: 1.0}
    checks = {}
    for node in tree.walk():
        if node.judgements is None:
            local_weights.update({child.name: 1.0 for child in node.children})
        else:
            found = priorities(node.judgements, method, table)
            local_weights.update({child.name: float(found.weights[child.name]) for child in node.children})
            checks[node.name] = found.consistency.to_dict()
        for child in node.children:
            global_weights[child.name] = global_weights[node.name] * local_weights[child.name]
    order = [node.name for node in tree.walk()]
    weights = pd.Series(global_weights, dtype=float)[order]
    return TreeWeights(
        method=method,
        table=table,
        local_weights=pd.Series(local_weights, dtype=float)[order],
        global_weights=weights,
        leaf_weights=weights[list(tree.leaves)],
        consistency=pd.DataFrame.from_dict(checks, orient="index"),
    )


@checked("The scaled customers")
def tree_scores(tree: Criterion, weights: TreeWeights, scaled: Scaled) -> pd.DataFrame:
    """Score of every customer on every node of the tree: the weighted sum of the leaves below it.

    ``Y = Σ_i R_i X_i`` with the weights of the leaves within that node [lubricant_article1]_.

    Parameters
    ----------
    scaled
        Shape (customers, leaves), scaled so that more is better.

    Returns
    -------
    pandas.DataFrame
        Shape (customers, nodes); in the unit of `scaled`.

    Raises
    ------
    InputError
        If the columns are not exactly the leaves, a customer is named twice, a number is not finite, or the weights are
        those of another tree.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix
    >>> leaves = (Criterion("profit"), Criterion("volume"))
    >>> tree = Criterion("current value", leaves, judgement_matrix([[4]], ["profit", "volume"]))
    >>> scaled = pd.DataFrame({"profit": [1.0, -1.0], "volume": [-1.0, 1.0]}, index=["A", "B"])
    >>> tree_scores(tree, tree_weights(tree), scaled)["current value"].round(4).to_dict()
    {'A': 0.6, 'B': -0.6}
    """
    refuse(
        "The indicator table",
        check_columns(scaled, tree.leaves, "leaf"),
        [
            Problem(f"column {shown(name)}", "is not a leaf of the tree", "Remove it")
            for name in scaled
            if name not in tree.leaves
        ],
        check_weights(tree, weights),
    )
    share = (
        pd.DataFrame(
            {
                node.name: {
                    leaf: weights.leaf_weights[leaf] / weights.global_weights[node.name] for leaf in node.leaves
                }
                for node in tree.walk()
            }
        )
        .reindex(scaled.columns)
        .fillna(0.0)
    )
    return scaled @ share


def check_weights(tree: Criterion, weights: TreeWeights) -> list[Problem]:
    """Whether the weights are those of the nodes of this tree, in any order."""
    if sorted(weights.global_weights.index) == sorted(node.name for node in tree.walk()):
        return []
    found = f"are of the nodes {', '.join(map(str, weights.global_weights.index))}"
    return [Problem("weights", found, "Give the weights of this tree, from `tree_weights`")]
