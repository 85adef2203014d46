"""Figures of how value is spread over customers: Pareto chart, Lorenz curve, pyramid, moves between tiers."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.colors import to_rgba
from matplotlib.ticker import PercentFormatter

from crmlib.arguments import checked
from crmlib.drawing import INK, PALETTE, STYLE, Figure, dress, finish
from crmlib.pareto import Classes

__all__ = ["lorenz", "migration_matrix", "pareto_chart", "tier_shares"]

_HATCHES = ("///", "...", "", "xxx", "\\\\\\", "++")
_LINES = ("-", "--", "-.", ":")


@checked("The figure")
def pareto_chart(classes: Classes, xlabel: str, ylabel: str, *, alt: str) -> Figure:
    """Draw the customers' shares in falling order as steps, their cumulated share as a line, the classes as bands.

    A customer's band is that of its class, so a customer that crosses a cut alone keeps its whole width.
    """
    shares = np.sort(classes.values.clip(lower=0).to_numpy(dtype=float))[::-1]
    shares = shares / shares.sum()
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 4.4))
        sizes = classes.summary["customers"].to_numpy()
        ends = sizes.cumsum()
        free = 0.0
        for place, (name, size, end) in enumerate(zip(classes.summary.index, sizes, ends, strict=True)):
            if not size:
                continue
            colour = to_rgba(PALETTE[place % len(PALETTE)], 0.22)
            hatch = _HATCHES[place % len(_HATCHES)]
            axes.axvspan(end - size, end, facecolor=colour, edgecolor=to_rgba(INK, 0.15), linewidth=0, hatch=hatch)
            # Names of narrow bands would cover each other, so each starts where the last one ends, or further right.
            at = max(end - size / 2, free)
            free = at + len(shares) * 0.022 * (len(str(name)) + 1)
            axes.annotate(
                str(name), (at, 1.0), xytext=(0, 4), textcoords="offset points", ha="center", fontweight="bold",
                annotation_clip=False,
            )  # fmt: skip
        axes.stairs(shares, fill=True, color=PALETTE[0])
        axes.plot(np.arange(len(shares) + 1), np.concatenate([[0.0], shares.cumsum()]), color=INK, linewidth=1.8)
        axes.set(xlim=(0, len(shares)), ylim=(0, 1), xlabel=xlabel, ylabel=ylabel)
        axes.yaxis.set_major_formatter(PercentFormatter(1))
        axes.grid(axis="y")
        return finish(figure, alt)


@checked("The figure")
def lorenz(curves: Mapping[str, pd.DataFrame], xlabel: str, ylabel: str, *, alt: str) -> Figure:
    """Draw Lorenz curves, as `crmlib.pareto.lorenz_curve` gives them, below the line on which all are equal."""
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(5.6, 5.2))
        axes.plot([0, 1], [0, 1], color=INK, linewidth=1, linestyle=(0, (1, 3)), label="All equal")
        for place, (name, curve) in enumerate(curves.items()):
            colour = PALETTE[place % len(PALETTE)]
            axes.plot(
                curve["customers"], curve["value"], color=colour, linestyle=_LINES[place % 4], linewidth=2, label=name
            )
            if len(curves) == 1:
                axes.fill_between(curve["customers"], curve["value"], curve["customers"], color=colour, alpha=0.15)
        axes.set(xlim=(0, 1), ylim=(0, 1), xlabel=xlabel, ylabel=ylabel, aspect="equal")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(PercentFormatter(1))
        axes.grid()
        axes.legend(loc="upper left", frameon=False)
        return finish(figure, alt)


@checked("The figure")
def tier_shares(shares: pd.DataFrame, *, alt: str) -> Figure:
    """Draw two pyramids back to back: the shares in the first column to the left, in the second to the right."""
    left, right = shares.columns
    heights = np.arange(len(shares))[::-1]
    with rc_context(STYLE):
        figure, panels = plt.subplots(1, 2, figsize=(7, 0.6 * len(shares) + 1.2), sharey=True, layout="constrained")
        for axes, column, colour, hatch in zip(panels, (left, right), PALETTE[:2], ("", "///"), strict=True):
            axes.barh(
                heights, shares[column], color=to_rgba(colour, 0.75), hatch=hatch, edgecolor="#FFFFFF", height=0.75
            )
            for height, share in zip(heights, shares[column], strict=True):
                side = -1 if column == left else 1
                axes.annotate(
                    f"{share:.1%}", (share, height), xytext=(4 * side, 0), textcoords="offset points", va="center",
                    ha="right" if side < 0 else "left",
                )  # fmt: skip
            axes.set(xlim=(0, 1.2), xlabel=str(column), xticks=[0, 0.5, 1])
            axes.xaxis.set_major_formatter(PercentFormatter(1))
            axes.set_yticks(heights, [str(name) for name in shares.index])
            dress(axes)
        panels[0].invert_xaxis()
        panels[0].tick_params(axis="y", labelleft=False)
        panels[1].tick_params(axis="y", labelleft=True)
        return finish(figure, alt)


@checked("The figure")
def migration_matrix(counts: pd.DataFrame, xlabel: str, ylabel: str, *, alt: str) -> Figure:
    """Draw where the customers of each row went: their number and share of the row, the darker the larger."""
    shares = counts.div(counts.sum(axis=1).replace(0, np.nan), axis=0).fillna(0.0)
    rows, columns = shares.shape
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(1.15 * columns + 1.6, 0.75 * rows + 1.2))
        colours = np.array([[to_rgba(PALETTE[0], 0.6 * share) for share in row] for row in shares.to_numpy()])
        axes.imshow(colours, aspect="auto")
        for row in range(rows):
            for column in range(columns):
                same = shares.index[row] == shares.columns[column]
                number, share = int(counts.to_numpy()[row, column]), shares.to_numpy()[row, column]
                axes.text(
                    column, row, f"{number}\n{share:.0%}" if number else "–", ha="center", va="center",
                    fontweight="bold" if same else "normal",
                )  # fmt: skip
        axes.set_xticks(range(columns), [str(name) for name in counts.columns])
        axes.set_yticks(range(rows), [str(name) for name in counts.index])
        axes.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
        axes.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
        axes.grid(which="minor")
        axes.tick_params(which="both", length=0)
        axes.xaxis.tick_top()
        axes.xaxis.set_label_position("top")
        axes.set(xlabel=xlabel, ylabel=ylabel)
        return finish(figure, alt)
