"""Figures of purchase histories: models beside what customers did, who still buys, many customers at once."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.ticker import LogFormatter

from crmlib.arguments import checked
from crmlib.clv.purchases.validation import Tracking
from crmlib.drawing import INK, MARKERS, PALETTE, STYLE, Figure, finish
from crmlib.matrix import PLACES, ValueMatrix

__all__ = ["alive_map", "crowd", "forecasts", "frequencies", "tracking_lines"]

_HATCHES = ("", "///", "...", "xxx")
_DASHES = ("--", ":", "-.", (0, (5, 1, 1, 1)))


@checked("The figure")
def frequencies(table: pd.DataFrame, *, alt: str) -> Figure:
    """Draw how many customers bought again so often: a bar for what happened, one for each model.

    `table`: as `crmlib.clv.purchases.validation.frequency_distribution` gives it.
    """
    places = np.arange(len(table))
    width = 0.8 / table.shape[1]
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 4))
        for position, name in enumerate(table):
            actual = name == "actual"
            axes.bar(
                places + (position - (table.shape[1] - 1) / 2) * width, table[name], width,
                color=INK if actual else PALETTE[position - 1], hatch=_HATCHES[position % 4], edgecolor="#FFFFFF",
                linewidth=0.5, label="Actual" if actual else str(name),
            )  # fmt: skip
        axes.set_xticks(places, [str(label) for label in table.index])
        axes.set(xlabel="Repeat purchases", ylabel="Customers")
        _upright(axes)
        axes.legend(frameon=False)
        return finish(figure, alt)


@checked("The figure")
def tracking_lines(tracking: Tracking, split: float, unit: str, *, alt: str) -> Figure:
    """Draw repeat purchases over time, the sum so far and period by period; a line marks the end of the fit."""
    panels = (("Repeat purchases so far", tracking.cumulative), (f"Repeat purchases in a {unit}", tracking.by_period))
    with rc_context(STYLE):
        figure, both = plt.subplots(2, 1, figsize=(7, 6.4), sharex=True, layout="constrained")
        for axes, (ylabel, table) in zip(both, panels, strict=True):
            for position, name in enumerate(table):
                actual = name == "actual"
                axes.plot(
                    table.index, table[name], color=INK if actual else PALETTE[position - 1],
                    linestyle="-" if actual else _DASHES[(position - 1) % 4], linewidth=1.4 if actual else 2.2,
                    label="Actual" if actual else str(name),
                )  # fmt: skip
            axes.axvline(split, color=INK, linewidth=1, linestyle="--", alpha=0.6)
            axes.set(ylabel=ylabel, ylim=(0, None), xlim=(0, None))
            _upright(axes)
        both[0].annotate(
            "end of the fit",
            (split, both[0].get_ylim()[1] * 0.95),
            xytext=(-5, 0),
            textcoords="offset points",
            ha="right",
        )
        both[1].set(xlabel=f"Time since the first order ({unit}s)")
        figure.legend(*both[0].get_legend_handles_labels(), loc="outside upper center", ncols=4, frameon=False)
        return finish(figure, alt)


@checked("The figure")
def forecasts(by_frequency: pd.DataFrame, *, alt: str) -> Figure:
    """Draw mean purchases in the holdout by the purchases before: what happened, and each forecast.

    `by_frequency`: as `crmlib.clv.purchases.validation.compare_with_holdout` gives it.
    """
    table = by_frequency.drop(columns="customers")
    order = ["actual", *(name for name in table if name != "actual")]
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 4.2))
        for position, name in enumerate(order):
            actual = name == "actual"
            axes.plot(
                range(len(table)), table[name], color=INK if actual else PALETTE[(position - 1) % len(PALETTE)],
                linestyle="-" if actual else _DASHES[(position - 1) % 4], linewidth=2,
                marker="*" if actual else MARKERS[(position - 1) % 4], markersize=11 if actual else 7,
                label="Actual" if actual else str(name),
            )  # fmt: skip
        axes.set_xticks(range(len(table)), [str(label) for label in table.index])
        axes.set(xlabel="Repeat purchases before the holdout", ylabel="Mean purchases in the holdout", ylim=(0, None))
        _upright(axes)
        axes.legend(frameon=False)
        return finish(figure, alt)


@checked("The figure")
def alive_map(probability: pd.DataFrame, unit: str, *, alt: str) -> Figure:
    """Draw the probability that a customer still buys, with lines of equal probability.

    `probability`: rows are repeat purchases, columns the time of the last purchase since the first; empty where no
    customer can be.
    """
    recency, frequency = probability.columns.to_numpy(dtype=float), probability.index.to_numpy(dtype=float)
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 4.4))
        values = np.ma.masked_invalid(probability.to_numpy(dtype=float))
        shades = axes.contourf(recency, frequency, values, levels=np.linspace(0, 1, 21), cmap="cividis")
        shades.set_edgecolor("face")
        levels = {0.1: "#FFFFFF", 0.3: "#FFFFFF", 0.5: "#FFFFFF", 0.7: "#000000", 0.9: "#000000"}
        lines = axes.contour(
            recency, frequency, values, levels=list(levels), colors=list(levels.values()), linewidths=1.2
        )
        axes.clabel(lines, fmt="%.1f", fontsize=9)
        figure.colorbar(shades, ax=axes, label="Probability of still buying", ticks=np.linspace(0, 1, 6))
        axes.set(xlabel=f"Time of the last purchase since the first ({unit}s)", ylabel="Repeat purchases")
        return finish(figure, alt)


@checked("The figure")
def crowd(matrix: ValueMatrix, axis_labels: tuple[str, str], *, alt: str) -> Figure:
    """Draw a value matrix of many customers: how many lie in each small hexagon, the lines and the quadrants' names."""
    table = matrix.table
    first, second = table.columns[:2]
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 5.4))
        cells = axes.hexbin(table[first], table[second], gridsize=36, mincnt=1, norm=LogNorm(), cmap="cividis")
        cells.set(edgecolor=INK, linewidth=0.3)
        axes.axvline(matrix.thresholds[first], color=INK, linewidth=1, linestyle="--")
        axes.axhline(matrix.thresholds[second], color=INK, linewidth=1, linestyle="--")
        counts = {place: len(matrix.at(place)) for place in PLACES}
        for place, count in counts.items():
            if not count:
                continue
            right, top = place[0] == "high", place[1] == "high"
            axes.annotate(
                f"{matrix.quadrants[place]}: {count:,}", (float(right), float(top)), xycoords="axes fraction",
                xytext=(0, 6 if top else -38), textcoords="offset points", ha="right" if right else "left",
                va="bottom" if top else "top", fontweight="bold",
            )  # fmt: skip
        axes.set(xlabel=axis_labels[0], ylabel=axis_labels[1])
        sns.despine(ax=axes)
        scale = figure.colorbar(cells, ax=axes, label="Customers", format="{x:g}")
        scale.ax.yaxis.set_minor_formatter(LogFormatter())  # between the powers of ten, where there is room
        return finish(figure, alt)


def _upright(axes: Axes) -> None:
    """Grid lines across upright bars and lines, and no frame above or to the right."""
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    sns.despine(ax=axes)
