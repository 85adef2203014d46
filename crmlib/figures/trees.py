"""A drawing of a decision tree: questions, answers, and how many examples come to each."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
from matplotlib import rc_context
from matplotlib.axes import Axes

from crmlib.arguments import checked
from crmlib.drawing import INK, PALETTE, STYLE, Figure, finish
from crmlib.rough import DecisionTree, Wording
from crmlib.rough.trees import Node

__all__ = ["decision_tree"]

#: Inches: of a line, of a step to the right, from a branch to its value, and from the value to what comes next.
_LINE, _STEP, _VALUE, _NEXT = 0.38, 0.7, 0.46, 0.55
#: Inches; the page shows no figure narrower, so that a small tree has letters as large as those of a large one.
_LEAST = 5.3


@checked("The figure")
def decision_tree(tree: DecisionTree, wording: Wording, *, alt: str) -> Figure:
    """Draw a tree as an outline: under each question its branches, one a line, each with the next question or answer.

    An answer stands with its number of examples, in the colour of its decision; several if the examples disagree.
    The drawing is narrow enough for a phone.
    """
    lines = list(_lines(tree.root, 0))
    depth = max(level for level, *_ in lines)
    with rc_context(STYLE):
        width = max(depth * _STEP + 2.2, _LEAST)
        figure = plt.figure(figsize=(width, _LINE * len(lines)))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, width), ylim=(0.5 - len(lines), 0.5), xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        parents: dict[int, int] = {}
        for row, (level, value, node) in enumerate(lines):
            parents[level] = row
            _draw(axes, tree, node, wording, level, -row)
            if level:
                left = (level - 1) * _STEP + 0.12
                axes.plot(
                    [left, left, left + _VALUE - 0.18], [-parents[level - 1] - 0.35, -row, -row], color=INK, linewidth=1
                )
                axes.text(left + _VALUE - 0.12, -row, wording.values.get(value, str(value)), va="center")
        return finish(figure, alt)


def _lines(node: Node, level: int, value: object = None) -> Iterator[tuple[int, object, Node]]:
    """Level, branch and node of every line, from the top."""
    yield level, value, node
    for below, branch in node.branches:
        yield from _lines(branch, level + 1, below)


def _draw(axes: Axes, tree: DecisionTree, node: Node, wording: Wording, level: int, height: float) -> None:
    """The question of a node, or its answers behind a point in the colour of the first."""
    left = (level - 1) * _STEP + _VALUE + _NEXT if level else 0.0
    if node.attribute is not None:
        name = wording.attributes.get(node.attribute, node.attribute)
        axes.text(left, height, f"{name}?", va="center", fontweight="bold")
        return
    codes = tree.examples.decision_codes[node.rows].tolist()
    told = []
    for code in dict.fromkeys(codes):
        decision = tree.examples.decisions[code]
        told.append(f"{wording.decisions.get(decision, str(decision))} ({codes.count(code)})")
    axes.scatter([left + 0.08], [height], s=90, color=PALETTE[codes[0] % len(PALETTE)], linewidth=0)
    axes.text(left + 0.22, height, ", ".join(told), va="center")
