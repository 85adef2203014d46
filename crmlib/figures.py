"""Figures of results, drawn once and legible in light and dark theme, on paper and on a phone."""

import io
import logging
import re
import warnings
from dataclasses import dataclass
from html import escape
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure as MatplotlibFigure

from crmlib.ahp import Criterion, TreeWeights
from crmlib.matrix import ValueMatrix

__all__ = ["Figure", "bars", "criteria_tree", "quadrants"]

#: Okabe and Ito's colours without black and yellow: told apart by colour-blind readers, visible on white and on black.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
MARKERS = ("o", "s", "^", "D")
_INK = "#010203"  # stands for the page's own text colour until the figure is written
# On a new machine Matplotlib reports that it builds its font cache; that is no result and must not reach a page.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

_STYLE: dict[Any, object] = {
    "text.color": _INK,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "grid.color": _INK,
    "grid.alpha": 0.15,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "legend.facecolor": "none",
    "legend.framealpha": 0,
    "font.size": 11,
    "svg.fonttype": "none",
    "text.parse_math": False,
}


@dataclass(frozen=True)
class Figure:
    """A drawn figure with its text alternative; a notebook shows it as inline SVG.

    The SVG takes the page's text colour, so one drawing serves both themes, and its text stays text:
    it can be searched, and any script is shown in the reader's own fonts.
    """

    svg: str
    alt: str

    def _repr_html_(self) -> str:
        return f'<figure class="crm-figure" role="img" aria-label="{escape(self.alt, quote=True)}">{self.svg}</figure>'


def criteria_tree(tree: Criterion, weights: TreeWeights, labels: pd.Series, *, alt: str) -> Figure:
    """Draw the tree of criteria, root on the left, every node with its local weight.

    `labels` names the nodes for the reader, indexed by node.
    """
    leaves = list(tree.leaves)
    height = {leaf: float(len(leaves) - position) for position, leaf in enumerate(leaves)}
    depth = {tree.name: 0}
    for node in tree.walk():
        depth.update({child.name: depth[node.name] + 1 for child in node.children})
    for node in reversed(list(tree.walk())):
        if node.children:
            ends = [height[child.name] for child in node.children]
            height[node.name] = (min(ends) + max(ends)) / 2
    with rc_context(_STYLE):
        figure, axes = plt.subplots(figsize=(2.3 * (max(depth.values()) + 1), 0.4 * len(leaves) + 0.4))
        for node in tree.walk():
            x, y = depth[node.name], height[node.name]
            for child in node.children:
                joint = x + 0.9
                axes.plot(
                    [x + 0.8, joint, joint, x + 1 - 0.02],
                    [y, y, height[child.name], height[child.name]],
                    color=_INK, alpha=0.45, linewidth=1,
                )  # fmt: skip
            share = "" if node is tree else f"{weights.local_weights[node.name]:.4f}"
            if node.children:
                axes.text(x, y + 0.06, labels[node.name], va="bottom", fontweight="bold")
                axes.text(x, y - 0.1, share, va="top")
            else:
                axes.text(x, y, f"{share}  {labels[node.name]}", va="center")
        axes.set(xlim=(-0.03, max(depth.values()) + 1.1), ylim=(0.4, len(leaves) + 0.7))
        axes.axis("off")
        return _finish(figure, alt)


def quadrants(matrix: ValueMatrix, axis_labels: tuple[str, str], *, alt: str) -> Figure:
    """Draw the value matrix: the second score against the first, the lines, and each customer by name."""
    table = matrix.table
    first, second = table.columns[:2]
    order = list(dict.fromkeys(table["quadrant"].sort_values()))
    with rc_context(_STYLE):
        figure, axes = plt.subplots(figsize=(7, 5.2))
        sns.scatterplot(
            data=table, x=first, y=second, hue="quadrant", style="quadrant", hue_order=order, style_order=order,
            palette=list(PALETTE[: len(order)]), markers=list(MARKERS[: len(order)]), s=110, linewidth=0, ax=axes,
        )  # fmt: skip
        axes.axvline(matrix.thresholds[first], color=_INK, linewidth=1, linestyle="--")
        axes.axhline(matrix.thresholds[second], color=_INK, linewidth=1, linestyle="--")
        for customer, x, y in zip(table.index, table[first], table[second], strict=True):
            axes.annotate(str(customer), (x, y), xytext=(8, 6), textcoords="offset points", fontweight="bold")
        axes.margins(0.15)
        axes.set(xlabel=axis_labels[0], ylabel=axis_labels[1])
        axes.legend(title=None, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2, frameon=False)
        return _finish(figure, alt)


def bars(parts: pd.DataFrame, xlabel: str, *, alt: str) -> Figure:
    """Draw one stacked bar for each row: the columns are the parts, negative ones to the left of zero.

    With several parts, a diamond marks each row's sum.
    """
    with rc_context(_STYLE):
        figure, axes = plt.subplots(figsize=(7, 0.55 * len(parts) + 1.1))
        rows = [str(name) for name in parts.index][::-1]
        turned = parts.iloc[::-1]
        for sign in (1, -1):
            left = pd.Series(0.0, index=turned.index)
            for position, column in enumerate(turned):
                part = turned[column].where(turned[column] * sign > 0, 0.0)
                axes.barh(
                    rows, part, left=left, color=PALETTE[position % len(PALETTE)], height=0.6,
                    hatch=("", "///", "...", "xxx")[position % 4], edgecolor="#FFFFFF", linewidth=0.5,
                    label=str(column) if sign == 1 else None,
                )  # fmt: skip
                left = left + part
        if parts.shape[1] > 1:
            axes.scatter(turned.sum(axis=1), rows, marker="D", color=_INK, s=36, zorder=3, label="Sum")
        axes.axvline(0, color=_INK, linewidth=1)
        axes.set(xlabel=xlabel)
        _dress(axes)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.75 / (0.55 * len(parts) + 1.1)), ncols=2, frameon=False)
        return _finish(figure, alt)


def _dress(axes: Axes) -> None:
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    sns.despine(ax=axes, left=True)
    axes.tick_params(axis="y", length=0)


def _finish(figure: MatplotlibFigure, alt: str) -> Figure:
    if not alt.strip():
        raise ValueError("a figure needs a text alternative; say in `alt` what it shows")
    buffer = io.StringIO()
    # Ids are salted with the text, so that two figures on a page do not share clip paths, yet every build agrees.
    with rc_context({"svg.hashsalt": alt}), warnings.catch_warnings():
        # Text stays text, so the reader's browser brings the glyphs that the measuring font lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(
            buffer, format="svg", bbox_inches="tight", transparent=True, metadata={"Date": None, "Creator": None}
        )
    plt.close(figure)
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :].replace(_INK, "currentColor")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    return Figure(svg=re.sub(r"font: ([^;\"]*?)'DejaVu Sans'[^;\"]*", r"font: \1sans-serif", svg), alt=alt)
