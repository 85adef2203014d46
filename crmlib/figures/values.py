"""Figures of customers and their values: the value matrix, bars, profiles, ratios."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullFormatter

from crmlib.arguments import checked
from crmlib.drawing import FEW, INK, PALETTE, QUADRANT_LOOKS, STYLE, Figure, any_script, dress, finish
from crmlib.labels import place_labels
from crmlib.matrix import ValueMatrix

__all__ = ["bars", "profiles", "quadrants", "ratios"]


@checked("The figure")
def quadrants(matrix: ValueMatrix, axis_labels: tuple[str, str], *, alt: str) -> Figure:
    """Draw the value matrix: the second score against the first, the lines, and each customer by name.

    Colour and mark follow the place of a quadrant, not its name; the legend names all four, also an empty one.
    """
    first, second = matrix.thresholds.index
    crowded = len(matrix.table) > FEW
    height = 6.8 if crowded else 5.2
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, height))
        for place, (colour, marker) in QUADRANT_LOOKS.items():
            inside = matrix.at(place)
            axes.scatter(
                inside[first], inside[second], s=60 if crowded else 110, color=colour, marker=marker, linewidth=0,
                label=matrix.quadrants[place],
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


@checked("The figure")
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


@checked("The figure")
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


@checked("The figure")
def ratios(values: pd.Series, xlabel: str, *, alt: str) -> Figure:
    """Draw one bar for each positive ratio, to the left or right of 1 on a logarithmic axis, its value beside it."""
    turned = values.iloc[::-1]
    heights = np.arange(len(turned), dtype=float)
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 0.45 * len(turned) + 1.1))
        axes.set_xscale("log")
        axes.xaxis.set_minor_formatter(NullFormatter())
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
