"""Figures of judgements and weights: the tree of criteria, and how sure a ranking is."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import rc_context

from crmlib.ahp import Criterion, Tornado, TreeWeights, WeightSensitivity
from crmlib.arguments import checked
from crmlib.drawing import INK, PALETTE, STYLE, Figure, dress, finish
from crmlib.labels import apart

__all__ = ["criteria_tree", "rank_acceptability", "tornado", "weight_sensitivity"]


@checked("The figure")
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
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(2.3 * (max(depth.values()) + 1), 0.4 * len(leaves) + 0.4))
        for node in tree.walk():
            x, y = depth[node.name], height[node.name]
            for child in node.children:
                joint = x + 0.9
                axes.plot(
                    [x + 0.8, joint, joint, x + 1 - 0.02],
                    [y, y, height[child.name], height[child.name]],
                    color=INK, alpha=0.45, linewidth=1,
                )  # fmt: skip
            share = "" if node is tree else f"{weights.local_weights[node.name]:.4f}"
            if node.children:
                axes.text(x, y + 0.06, labels[node.name], va="bottom", fontweight="bold")
                axes.text(x, y - 0.1, share, va="top")
            else:
                axes.text(x, y, f"{share}  {labels[node.name]}", va="center")
        axes.set(xlim=(-0.03, max(depth.values()) + 1.1), ylim=(0.4, len(leaves) + 0.7))
        axes.axis("off")
        return finish(figure, alt)


@checked("The figure")
def tornado(found: Tornado, labels: pd.Series, xlabel: str, *, alt: str) -> Figure:
    """Draw a tornado table: one bar for each weight that has an effect, the longest at the top.

    `labels` names the nodes for the reader, indexed by node; each stands with its weight. Bars too short
    to see are left out, and counted below the axis.
    """
    visible = found.bars["swing"] > 0.01 * found.bars["swing"].max()
    rows = found.bars[visible].iloc[::-1]
    hidden = "" if visible.all() else f"\nNot drawn: {(~visible).sum()} with less than 1 % of the longest bar"
    heights = np.arange(len(rows), dtype=float)
    step = f"{100 * found.change:.3g} %" if found.relative else f"{found.change:.3g}"
    names = [f"{labels[str(node)]} ({weight:.3f})" for node, weight in rows["weight"].items()]
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 0.42 * len(rows) + 1.6))
        for end, way, colour, hatch in (("low", "lower", PALETTE[1], "///"), ("high", "higher", PALETTE[0], "")):
            axes.barh(
                heights, rows[end] - found.base, left=found.base, color=colour, hatch=hatch, height=0.62,
                edgecolor="#FFFFFF", linewidth=0.5, label=f"Weight {step} {way}",
            )  # fmt: skip
        axes.axvline(found.base, color=INK, linewidth=1)
        axes.set_yticks(heights, names)
        axes.margins(y=0.02)
        axes.set(xlabel=xlabel + hidden)
        dress(axes)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False)
        return finish(figure, alt)


@checked("The figure")
def rank_acceptability(probabilities: pd.DataFrame, *, alt: str) -> Figure:
    """Draw one stacked bar a customer: how often it has each rank, the ranks written in the bars.

    `probabilities` has shape (customers, ranks), as in `Simulation.rank_probabilities`.
    """
    customers = probabilities.iloc[::-1]
    heights = np.arange(len(customers), dtype=float)
    shades = sns.color_palette("cividis", n_colors=probabilities.shape[1])
    left = np.zeros(len(customers))
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 0.45 * len(customers) + 1.2))
        for position, rank in enumerate(customers):
            widths = customers[rank].to_numpy()
            axes.barh(heights, widths, left=left, color=shades[position], height=0.68, edgecolor="#FFFFFF", linewidth=1)
            luminance = np.array(shades[position]) ** 2.2 @ [0.2126, 0.7152, 0.0722]
            ink = "#FFFFFF" if luminance < 0.18 else "#000000"  # whichever contrasts more
            for height, start, width in zip(heights, left, widths, strict=True):
                if width >= 0.04:
                    axes.text(
                        start + width / 2, height, str(rank), ha="center", va="center", color=ink, fontweight="bold"
                    )
            left += widths
        axes.set_yticks(heights, [str(name) for name in customers.index])
        axes.margins(y=0.02)
        axes.set(xlim=(0, 1), ylabel="Customer", xlabel="Share of the draws in which it has the rank in the bar")
        dress(axes)
        return finish(figure, alt)


@checked("The figure")
def weight_sensitivity(found: WeightSensitivity, node: str, axis_labels: tuple[str, str], *, alt: str) -> Figure:
    """Draw every customer's score against one local weight.

    A dashed line marks the weight now; dots mark the weights at which customers swap ranks, and the
    two that bound the stability interval are written out.
    """
    interval = found.intervals.loc[[node]].to_dict(orient="records")[0]
    ends = found.scores_at(node, np.array([0.0, 1.0]))
    swaps = found.crossings[found.crossings["node"] == node]
    moved = (swaps["weight"] - interval["weight"]).to_numpy()
    swapping = found.scores[swaps["leader"]].to_numpy() + moved * found.slopes.loc[swaps["leader"], node].to_numpy()
    colours = dict(zip(ends.index, itertools.cycle(PALETTE), strict=False))
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, max(4.2, 0.3 * len(ends) + 1)))
        for customer, style in zip(ends.index, itertools.cycle(("-", "--", "-.", ":")), strict=False):
            axes.plot([0, 1], ends.loc[customer], color=colours[customer], linestyle=style, linewidth=1.8)
        axes.scatter(swaps["weight"], swapping, color=INK, s=16, zorder=3)
        low, high = axes.get_ylim()
        right = ends.iloc[:, 1].sort_values(kind="stable")
        for customer, score, place in zip(right.index, right, apart(right.to_numpy(), (high - low) / 20), strict=True):
            axes.plot([1, 1.03], [score, place], color=colours[customer], linewidth=1, clip_on=False)
            axes.text(1.04, place, str(customer), va="center", fontweight="bold")
        axes.text(1.01, 1.02, "Customer", transform=axes.transAxes)
        axes.axvline(interval["weight"], color=INK, linewidth=1.2, linestyle="--")
        axes.axvspan(interval["lower"], interval["upper"], color=INK, alpha=0.1, linewidth=0)
        bounds = [f"{interval[end]:.3f}" for end in ("lower", "upper") if interval[f"{end}_change"]]
        changes = f"changes at {' and '.join(dict.fromkeys(bounds))}" if bounds else "never changes"
        axes.set_title(f"Now {interval['weight']:.3f} (dashed); the ranking {changes}", loc="left", fontsize=11)
        axes.set(xlim=(0, 1), ylim=(low, high), xlabel=axis_labels[0], ylabel=axis_labels[1])
        axes.grid(axis="y")
        sns.despine(ax=axes)
        return finish(figure, alt)
