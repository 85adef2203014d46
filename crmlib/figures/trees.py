"""A drawing of a decision tree: questions, answers, and how many examples come to each."""

import matplotlib.pyplot as plt
from matplotlib import rc_context
from matplotlib.axes import Axes

from crmlib.drawing import INK, PALETTE, STYLE, Figure, finish
from crmlib.rough import DecisionTree, Wording
from crmlib.rough.trees import Node

__all__ = ["decision_tree"]

_STEP = 0.62  # inches from one answer to the next


def decision_tree(tree: DecisionTree, wording: Wording, *, alt: str) -> Figure:
    """Draw a tree from its first question at the top left: a branch a value, an answer at each end.

    An answer stands with its number of examples, in the colour of its decision; several if the examples disagree.
    """
    leaves = list(tree.root.leaves())
    heights = {id(leaf): float(-position) for position, leaf in enumerate(leaves)}
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, _STEP * len(leaves) + 0.5))
        _draw(axes, tree, tree.root, wording, 0, heights)
        axes.set(xlim=(-0.05, len(tree.attributes) + 1.2), ylim=(0.5 - len(leaves), 0.5))
        axes.axis("off")
        return finish(figure, alt)


def _draw(axes: Axes, tree: DecisionTree, node: Node, wording: Wording, depth: int, heights: dict[int, float]) -> None:
    height = heights[id(next(node.leaves()))]
    if node.attribute is None:
        _answer(axes, tree, node, wording, depth, height)
        return
    name = wording.attributes.get(node.attribute, node.attribute)
    axes.text(depth, height, f"{name}?", va="center", fontweight="bold")
    for value, branch in node.branches:
        level = heights[id(next(branch.leaves()))]
        if level != height:
            axes.plot([depth + 0.1, depth + 0.1, depth + 0.95], [height - 0.25, level, level], color=INK, linewidth=1)
        else:
            axes.plot([depth + 0.62, depth + 0.95], [level, level], color=INK, linewidth=1)
        axes.text(depth + 0.78, level + 0.08, wording.values.get(value, str(value)), ha="center", va="bottom")
        _draw(axes, tree, branch, wording, depth + 1, heights)


def _answer(axes: Axes, tree: DecisionTree, node: Node, wording: Wording, depth: int, height: float) -> None:
    """The decisions of a leaf with their counts; the first stands at a point in its colour."""
    codes = tree.examples.decision_codes[node.rows].tolist()
    told = []
    for code in dict.fromkeys(codes):
        decision = tree.examples.decisions[code]
        told.append(f"{wording.decisions.get(decision, str(decision))} ({codes.count(code)})")
    axes.scatter([depth + 0.06], [height], s=90, color=PALETTE[codes[0] % len(PALETTE)], linewidth=0)
    axes.text(depth + 0.16, height, ", ".join(told), va="center")
