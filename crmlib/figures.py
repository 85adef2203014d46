"""Figures of results, drawn once and legible in light and dark theme, on paper and on a phone."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from crmlib.ahp import Criterion, Tornado, TreeWeights, WeightSensitivity
from crmlib.drawing import FEW, INK, MARKERS, PALETTE, STYLE, Figure, any_script, dress, finish
from crmlib.labels import apart, place_labels
from crmlib.matrix import ValueMatrix

__all__ = [
    "bars",
    "criteria_tree",
    "profiles",
    "quadrants",
    "rank_acceptability",
    "ratios",
    "tornado",
    "weight_sensitivity",
]


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


def quadrants(matrix: ValueMatrix, axis_labels: tuple[str, str], *, alt: str) -> Figure:
    """Draw the value matrix: the second score against the first, the lines, and each customer by name."""
    table = matrix.table
    first, second = table.columns[:2]
    order = list(dict.fromkeys(table["quadrant"].sort_values()))
    crowded = len(table) > FEW
    height = 6.8 if crowded else 5.2
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, height))
        sns.scatterplot(
            data=table, x=first, y=second, hue="quadrant", style="quadrant", hue_order=order, style_order=order,
            palette=list(PALETTE[: len(order)]), markers=list(MARKERS[: len(order)]), s=60 if crowded else 110,
            linewidth=0, ax=axes,
        )  # fmt: skip
        axes.axvline(matrix.thresholds[first], color=INK, linewidth=1, linestyle="--")
        axes.axhline(matrix.thresholds[second], color=INK, linewidth=1, linestyle="--")
        axes.margins(0.1 if crowded else 0.15)
        axes.set(xlabel=axis_labels[0], ylabel=axis_labels[1])
        _name_points(axes, matrix, font_size=9 if crowded else 11)
        axes.legend(title=None, loc="upper center", bbox_to_anchor=(0.5, -0.73 / height), ncols=2, frameon=False)
        return finish(figure, alt)


def _name_points(axes: Axes, matrix: ValueMatrix, font_size: float) -> None:
    """Write each customer's name where it covers nothing; a thin line leads to a name that had to move away."""
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())  # what is drawn from here on moves no limit
    frame, to_data = np.array(axes.get_window_extent().extents), axes.transData.inverted().transform
    points = axes.transData.transform(matrix.table[matrix.thresholds.index].to_numpy(dtype=float))
    lines = axes.transData.transform(matrix.thresholds.to_numpy(dtype=float))
    texts = [axes.text(0, 0, str(name), fontsize=font_size, fontweight="bold") for name in matrix.table.index]
    with any_script():
        sizes = np.array([text.get_window_extent().size for text in texts])
    radius = font_size * 0.6 * axes.figure.dpi / 72
    places = place_labels(points, sizes, frame, lines, radius=radius)
    for text, point, place, size in zip(texts, points, places, sizes, strict=True):
        text.set(position=to_data(place), ha="center", va="center")
        edge = np.clip(point, place - size / 2, place + size / 2)
        if np.linalg.norm(edge - point) > 2.5 * radius:
            axes.plot(*to_data([point, edge]).T, color=INK, linewidth=0.7, alpha=0.6)


def bars(parts: pd.DataFrame, xlabel: str, *, alt: str) -> Figure:
    """Draw one stacked bar for each row: the columns are the parts, negative ones to the left of zero.

    With several parts, a legend names them, and a diamond marks each row's sum, unless all rows are shares
    of the same whole.
    """
    with rc_context(STYLE):
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
        sums = turned.sum(axis=1)
        several = parts.shape[1] > 1
        if several and not np.allclose(sums, sums.iloc[0]):
            axes.scatter(sums, rows, marker="D", color=INK, s=36, zorder=3, label="Sum")
        axes.axvline(0, color=INK, linewidth=1)
        axes.margins(y=0.02)
        axes.set(xlabel=xlabel)
        dress(axes)
        if several:
            below = -0.75 / (0.55 * len(parts) + 1.1)
            axes.legend(loc="upper center", bbox_to_anchor=(0.5, below), ncols=2, frameon=False)
        return finish(figure, alt)


def profiles(customers: pd.DataFrame, averages: pd.DataFrame, titles: list[str], xlabel: str, *, alt: str) -> Figure:
    """Draw a panel a customer: its value in each column beside an average, such as that of its quadrant.

    Both frames have shape (customers, columns); `titles` names the panels.
    """
    heights = np.arange(customers.shape[1])[::-1]
    with rc_context(STYLE):
        figure, panels = plt.subplots(
            1, len(customers), figsize=(7.6, 0.3 * len(heights) + 1.6),
            sharex=True, sharey=True, squeeze=False, layout="constrained",
        )  # fmt: skip
        for position, (axes, title) in enumerate(zip(panels[0], titles, strict=True)):
            own, average = customers.iloc[position], averages.iloc[position]
            axes.hlines(heights, average, own, color=INK, linewidth=1, alpha=0.6)
            axes.scatter(average, heights, marker="|", color=INK, s=90, label="Mean of its quadrant")
            axes.scatter(own, heights, color=PALETTE[0], s=42, zorder=3, label="The customer")
            axes.set_title(title, fontsize=11, fontweight="bold")
            axes.set_yticks(heights, customers.columns)
            axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
            dress(axes)
        figure.supxlabel(xlabel, fontsize=11)
        figure.legend(*panels[0][0].get_legend_handles_labels(), loc="outside upper center", ncols=2, frameon=False)
        return finish(figure, alt)


def ratios(values: pd.Series, xlabel: str, *, alt: str) -> Figure:
    """Draw one bar for each positive ratio, to the left or right of 1 on a logarithmic axis, its value beside it."""
    turned = values.iloc[::-1]
    heights = np.arange(len(turned), dtype=float)
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 0.45 * len(turned) + 1.1))
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter("{x:g}")  # powers would be written as mathematics, and text is only text
        axes.barh(heights, turned - 1, left=1, color=PALETTE[0], height=0.6)
        for height, value in zip(heights, turned, strict=True):
            axes.annotate(
                f"{value:.3g}", (max(value, 1), height), xytext=(5, 0), textcoords="offset points", va="center"
            )
        axes.axvline(1, color=INK, linewidth=1)
        axes.set_yticks(heights, [str(name) for name in turned.index])
        axes.margins(x=0.12, y=0.02)
        axes.set(xlabel=xlabel)
        dress(axes)
        return finish(figure, alt)


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
