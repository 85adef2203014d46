"""Figures of customer lifetime value: payments year by year, the share that a horizon holds, curves."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import rc_context

from crmlib.arguments import checked
from crmlib.clv.cashflows.discounting import TIMINGS, CashFlows
from crmlib.drawing import INK, MARKERS, PALETTE, STYLE, Figure, finish

__all__ = ["cash_flows", "curves", "horizon_shares"]


@checked("The figure")
def cash_flows(flows: CashFlows, customer: str, unit: str, *, alt: str) -> Figure:
    """Draw what one customer costs and brings: a bar a payment, discounted, and the sum so far as a line.

    A dotted line marks the time of break-even, on the straight line between two payments.
    """
    one = flows.discounted.loc[customer].to_numpy()
    times = np.arange(flows.horizon) + TIMINGS[flows.timing]
    cost = float(flows.investment[customer])
    even = float(flows.break_even("linear")[customer])
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 4.2))
        axes.bar(times, one, width=0.6, color=PALETTE[0], edgecolor="#FFFFFF", label="Profit, present value")
        axes.bar([0], [-cost], width=0.6, color=PALETTE[1], hatch="///", edgecolor="#FFFFFF", label="Investment")
        sums = [-cost, *flows.cumulated.loc[customer]]
        axes.plot([0, *times], sums, color=INK, marker="o", markersize=5, linewidth=1.5, label="Value so far")
        axes.axhline(0, color=INK, linewidth=1)
        if np.isfinite(even):
            axes.axvline(even, color=INK, linewidth=1.2, linestyle=":", label=f"Break-even after {even:.1f} years")
        axes.set(xlabel="Years from today", ylabel=unit)
        axes.grid(axis="y")
        axes.set_axisbelow(True)
        sns.despine(ax=axes)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, frameon=False)
        return finish(figure, alt)


@checked("The figure")
def horizon_shares(shares: pd.DataFrame, level: float, *, alt: str) -> Figure:
    """Draw the share of the endless value that a horizon holds, over discount rate (columns) and retention (rows).

    Thin lines join equal shares; the thick line is `level`, and the shaded region below holds at least that much.
    """
    rates, retention = shares.columns.to_numpy(dtype=float), shares.index.to_numpy(dtype=float)
    values = shares.to_numpy()
    thin = [share for share in (0.2, 0.4, 0.6, 0.8, 0.9) if abs(share - level) > 0.01]
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 4.6))
        axes.contourf(rates, retention, values, levels=[level, 1.01], colors=[PALETTE[0]], alpha=0.25)
        lines = axes.contour(rates, retention, values, levels=thin, colors=[INK], linewidths=0.8)
        axes.clabel(lines, fmt=lambda share: f"{share:.0%}", fontsize=9, colors=[INK])
        border = axes.contour(rates, retention, values, levels=[level], colors=[PALETTE[0]], linewidths=2.5)
        axes.clabel(border, fmt=lambda share: f"{share:.0%}", fontsize=11, colors=[INK])
        for side in ("xaxis", "yaxis"):
            getattr(axes, side).set_major_formatter(lambda value, _: f"{value:.0%}")
        axes.set(xlabel="Discount rate a year", ylabel="Retention a year", ylim=(retention[0], 1))
        sns.despine(ax=axes)
        return finish(figure, alt)


@checked("The figure")
def curves(lines: pd.DataFrame, axis_labels: tuple[str, str], *, alt: str, points: pd.Series | None = None) -> Figure:
    """Draw a line a column over the index, and points if there are any."""
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 4.2))
        looks = zip(itertools.cycle(PALETTE), itertools.cycle(("-", "--", "-.", ":")), strict=False)
        for name, (colour, style) in zip(lines, looks, strict=False):
            axes.plot(lines.index, lines[name], color=colour, linestyle=style, linewidth=2, label=str(name))
        if points is not None:
            axes.scatter(points.index, points, color=INK, marker=MARKERS[0], s=28, zorder=3, label=str(points.name))
        axes.set(xlabel=axis_labels[0], ylabel=axis_labels[1])
        axes.grid(axis="y")
        sns.despine(ax=axes)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, frameon=False)
        return finish(figure, alt)
