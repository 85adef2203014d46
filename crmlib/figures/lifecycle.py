"""Figures of the customer lifecycle: curves, shares with intervals, funnels, features of lost customers."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from crmlib.arguments import checked
from crmlib.drawing import INK, MARKERS, PALETTE, STYLE, Figure, dress, finish
from crmlib.lifecycle.churn import SharedFeatures
from crmlib.lifecycle.curve import LifecycleCurve

__all__ = ["bands", "forest", "funnel", "intervals", "lifecycle_curve"]


@checked("The figure")
def lifecycle_curve(curve: LifecycleCurve, age_label: str, labels: tuple[str, str], *, alt: str) -> Figure:
    """Draw volume above and profit below against age, the stages apart by dashed lines, a diamond at each peak."""
    ages = np.linspace(0, curve.fall + 4 * curve.fall_scale, 400)
    values = {"volume": curve.volume(ages), "profit": curve.profit(ages)}
    with rc_context(STYLE):
        figure, panels = plt.subplots(2, 1, figsize=(7, 5.4), sharex=True, layout="constrained")
        for axes, (name, line), label, colour in zip(panels, values.items(), labels, PALETTE, strict=False):
            axes.plot(ages, line, color=colour, linewidth=2)
            peak = curve.peaks[name]
            axes.plot(peak, np.interp(peak, ages, line), marker="D", color=colour, markersize=9)
            for start in curve.starts[1:]:
                axes.axvline(start, color=INK, linewidth=1, linestyle="--")
            axes.axhline(0, color=INK, linewidth=1)
            axes.set(ylabel=label, xlim=(0, ages[-1]))
            axes.yaxis.set_major_locator(MaxNLocator(5))
            sns.despine(ax=axes)
        middles = (curve.starts.to_numpy() + np.append(curve.starts.to_numpy()[1:], ages[-1])) / 2
        for stage, middle in zip(curve.starts.index, middles, strict=True):
            panels[0].annotate(
                str(stage).capitalize(), (middle, 1.02), xycoords=("data", "axes fraction"), ha="center", fontsize=10
            )
        panels[1].set_xlabel(age_label)
        return finish(figure, alt)


@checked("The figure")
def bands(
    tables: Mapping[str, pd.DataFrame], value: str, labels: tuple[str, str], *, step: bool = False, alt: str
) -> Figure:
    """Draw shares over time with their intervals, a line for each table, named in a legend.

    A table has the columns `value`, ``low`` and ``high``; its index, numbers or calendar periods, is the horizontal
    axis. A share that holds until the next change is drawn in steps.
    """
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 3.8))
        looks = zip(PALETTE, ("-", "--", "-.", ":"), MARKERS, strict=False)
        for (name, table), (colour, dashes, marker) in zip(tables.items(), looks, strict=False):
            across = table.index.astype("int64") if isinstance(table.index, pd.PeriodIndex) else table.index
            axes.plot(
                across, table[value], color=colour, linestyle=dashes, linewidth=2, label=name, marker=marker,
                markevery=max(1, len(table) // 10), markersize=6, drawstyle="steps-post" if step else "default",
            )  # fmt: skip
            axes.fill_between(
                across, table["low"], table["high"], color=colour, alpha=0.18, linewidth=0,
                step="post" if step else None,
            )  # fmt: skip
        axes.set(xlabel=labels[0], ylabel=labels[1])
        largest = max(table["high"].max() for table in tables.values())
        axes.set_ylim(0, 1.03 if largest > 0.8 else None)
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        periods = next(iter(tables.values())).index
        if isinstance(periods, pd.PeriodIndex):
            some = periods[:: -(-len(periods) // 7)]
            axes.set_xticks(some.astype("int64"), [str(period) for period in some])
        axes.grid(axis="y")
        sns.despine(ax=axes)
        if len(tables) > 1:
            axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=3, frameon=False)
        return finish(figure, alt)


@checked("The figure")
def intervals(table: pd.DataFrame, value: str, xlabel: str, *, alt: str) -> Figure:
    """Draw a share with its interval for each row: a point, the line from ``low`` to ``high``, the share as text."""
    turned = table.iloc[::-1]
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 0.45 * len(table) + 1.1))
        _points(axes, turned, value, [str(name) for name in turned.index])
        for height, share in enumerate(turned[value]):
            axes.annotate(f"{share:.0%}", (share, height), xytext=(0, 7), textcoords="offset points", ha="center")
        axes.set_xlim(left=0)
        axes.margins(y=0.12)
        axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.set(xlabel=xlabel)
        dress(axes)
        return finish(figure, alt)


def _points(axes: Axes, rows: pd.DataFrame, value: str, names: list[str]) -> None:
    """Draw a point and its interval at each height from 0 up."""
    heights = np.arange(len(rows))
    axes.hlines(heights, rows["low"], rows["high"], color=PALETTE[0], linewidth=2)
    axes.scatter(rows[value], heights, color=PALETTE[0], s=48, zorder=3)
    axes.set_yticks(heights, names)


@checked("The figure")
def funnel(counts: pd.DataFrame, xlabel: str, *, alt: str) -> Figure:
    """Draw a panel a row: how many are left at each step, the columns, with the share of the first step."""
    steps = np.arange(counts.shape[1])[::-1]
    with rc_context(STYLE):
        figure, panels = plt.subplots(
            len(counts), 1, figsize=(7, (0.27 * len(steps) + 0.45) * len(counts) + 0.5),
            sharex=True, squeeze=False, layout="constrained",
        )  # fmt: skip
        for axes, (name, row) in zip(panels[:, 0], counts.iterrows(), strict=True):
            axes.barh(steps, row, color=PALETTE[0], height=0.75, alpha=0.85)
            for height, number in zip(steps, row, strict=True):
                axes.annotate(
                    f"{number:,.0f}  ({number / row.iloc[0]:.0%})", (number, height), xytext=(5, 0),
                    textcoords="offset points", va="center", fontsize=9,
                )  # fmt: skip
            axes.set_yticks(steps, counts.columns, fontsize=9)
            axes.set_title(str(name), loc="left", fontsize=11, fontweight="bold")
            axes.margins(x=0.16)
            axes.xaxis.set_major_formatter("{x:,.0f}")
            dress(axes)
        panels[-1, 0].set_xlabel(xlabel)
        return finish(figure, alt)


@checked("The figure")
def forest(shared: SharedFeatures, labels: Mapping[str, str], *, alt: str) -> Figure:
    """Draw the effect of every feature with its interval: Cliff's delta of numbers, risk ratios of categories.

    A filled point stays significant after the correction for many features at the table's own level; `labels` names
    the features.
    """
    table = shared.table.iloc[::-1]
    kinds = {"Cliff's delta": 0.0, "risk ratio": 1.0}
    parts = {kind: table[table["measure"] == kind] for kind in kinds}
    parts = {kind: rows for kind, rows in parts.items() if len(rows)}
    with rc_context(STYLE):
        figure, panels = plt.subplots(
            len(parts), 1, figsize=(7, 0.36 * len(table) + 1.6), squeeze=False, layout="constrained",
            height_ratios=[len(rows) + 1 for rows in parts.values()],
        )  # fmt: skip
        for axes, (kind, rows) in zip(panels[:, 0], parts.items(), strict=True):
            names = [
                labels[feature] if level is None else f"{labels[feature]}: {level}"
                for feature, level in zip(rows["feature"], rows["level"], strict=True)
            ]
            if kind == "risk ratio":
                axes.set_xscale("log")
                axes.xaxis.set_major_formatter("{x:g}")
                axes.xaxis.set_minor_formatter("{x:g}")
            _points(axes, rows, "effect", names)
            unsure = (rows["p_adjusted"] >= 1 - shared.level).to_numpy()
            axes.scatter(rows["effect"][unsure], np.flatnonzero(unsure), color="#FFFFFF", s=14, zorder=4)
            axes.axvline(kinds[kind], color=INK, linewidth=1)
            axes.set(xlabel=kind[0].upper() + kind[1:])
            axes.margins(y=0.08)
            dress(axes)
        return finish(figure, alt)
