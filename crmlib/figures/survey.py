"""Figures of questionnaires: how the items were answered, and where two groups differ."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib import rc_context

from crmlib.arguments import checked
from crmlib.drawing import INK, PALETTE, STYLE, Figure, dress, finish
from crmlib.survey import Comparison

__all__ = ["answer_bars", "group_differences"]

#: From the worst point to the best; the hatches keep the two ends apart without colour.
_COLOURS = ("#D55E00", "#E69F00", "#999999", "#56B4E9", "#0072B2")
_HATCHES = ("xxx", "//", "", "..", "")


@checked("The figure")
def answer_bars(shares: pd.DataFrame, points: Sequence[str], *, alt: str) -> Figure:
    """Draw a bar for each item, cut into the shares of the five points and centred on the middle one.

    `shares`: shape (items, 5), worst point first, as `crmlib.survey.answer_shares` gives them; `points` names the
    points. What lies right of the line is agreement, what lies left of it is not.
    """
    turned = shares.iloc[::-1] * 100
    rows = [str(name) for name in turned.index]
    edges = np.column_stack([np.zeros(len(turned)), turned.cumsum(axis=1).to_numpy()])
    edges -= (edges[:, 2:3] + edges[:, 3:4]) / 2  # the middle of the middle point lies at zero
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 0.42 * len(rows) + 1.5))
        for position, point in enumerate(points):
            axes.barh(
                rows, np.diff(edges)[:, position], left=edges[:, position], color=_COLOURS[position], height=0.7,
                hatch=_HATCHES[position], edgecolor="#FFFFFF", linewidth=0.5, label=point,
            )  # fmt: skip
        axes.axvline(0, color=INK, linewidth=1)
        axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):.0f} %")
        axes.margins(y=0.02)
        axes.set(xlabel="Share of the answers, half of the middle point on each side")
        dress(axes)
        below = -0.75 / (0.42 * len(rows) + 1.5)
        axes.legend(loc="upper center", bbox_to_anchor=(0.4, below), ncols=3, frameon=False)
        return finish(figure, alt)


@checked("The figure")
def group_differences(comparison: Comparison, labels: Mapping[str, str], *, alt: str, limit: float = 0.05) -> Figure:
    """Draw the means of two groups side by side and, in a second panel, Cliff's delta with its interval.

    `labels` names items and groups; a filled mark of delta says that the corrected p lies below `limit`.
    """
    table = comparison.table.iloc[::-1]
    heights = np.arange(len(table))
    with rc_context(STYLE):
        figure, (left, right) = plt.subplots(
            1, 2, figsize=(7.6, 0.36 * len(table) + 1.5), sharey=True, layout="constrained"
        )
        means = [table[f"{group}_mean"] for group in comparison.groups]
        left.hlines(heights, *means, color=INK, linewidth=1, alpha=0.6)
        for group, mean, marker, colour in zip(comparison.groups, means, "os", PALETTE, strict=False):
            left.scatter(mean, heights, marker=marker, color=colour, s=48, zorder=3, label=labels[group])
        left.set_yticks(heights, [labels[str(item)] for item in table.index])
        left.set(xlabel="Mean answer (points)")
        sure = (table["p_holm"] < limit).to_numpy()
        right.hlines(heights, table["effect_low"], table["effect_high"], color=INK, linewidth=1.5)
        for chosen, face, name in ((sure, INK, "Difference is clear"), (~sure, "none", "May be chance")):
            right.scatter(
                table["effect"][chosen], heights[chosen], marker="D", facecolor=face, edgecolor=INK, s=44, zorder=3,
                label=name,
            )  # fmt: skip
        right.axvline(0, color=INK, linewidth=1, linestyle="--")
        first, second = (labels[group].lower() for group in comparison.groups)
        right.set(xlabel=f"Cliff's delta: {first} less {second}", xlim=(-1, 1))
        for axes in (left, right):
            dress(axes)
        figure.legend(loc="outside upper center", ncols=4, frameon=False, columnspacing=1, handletextpad=0.3)
        return finish(figure, alt)
