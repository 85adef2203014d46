"""Figures of customers who move between states: the chain, tables as heat maps, shares over time, when to stop."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import rc_context
from matplotlib.patches import Circle, FancyArrowPatch
from matplotlib.ticker import MaxNLocator

from crmlib.arguments import checked
from crmlib.clv.chains.migration import RemarketingChoices
from crmlib.drawing import INK, MARKERS, PALETTE, STYLE, Figure, any_script, finish
from crmlib.labels import apart

__all__ = ["chain_diagram", "heat_map", "remarketing_values", "shares_over_time"]


@checked("The figure")
def chain_diagram(transitions: pd.DataFrame, *, alt: str) -> Figure:
    """Draw the states of a chain in a row, with an arrow for every move that can happen and its probability.

    Arrows to the right run straight or below, arrows back above; a loop is a stay.
    """
    size = len(transitions)
    with rc_context(STYLE):
        chances = transitions.to_numpy(dtype=float)
        above = 0.5 + 0.21 * max(0, *(here - there for here, there in np.argwhere(chances > 0)))
        below = 0.4 + 0.21 * max(0, *(there - here - 1 for here, there in np.argwhere(chances > 0)))
        width = 7.6
        figure, axes = plt.subplots(figsize=(width, width * (above + below) / (size + 0.2)))
        for here, there in np.argwhere(chances > 0).tolist():
            start, end, bend, label = _arrow(here, there)
            axes.add_patch(
                FancyArrowPatch(
                    start, end, connectionstyle=f"arc3,rad={bend}", arrowstyle="-|>", mutation_scale=11, color=INK,
                    linewidth=0.6 + 2.4 * chances[here, there], alpha=0.75, shrinkA=0, shrinkB=0,
                )
            )  # fmt: skip
            axes.annotate(
                f"{chances[here, there]:.3g}", label, ha="center", va="bottom" if there <= here else "top",
                xytext=(0, 2 if there <= here else -5), textcoords="offset points", fontsize=9,
            )  # fmt: skip
        for place, name in enumerate(transitions.index):
            axes.text(place, 0, str(name).replace(" ", "\n"), ha="center", va="center", fontweight="bold", fontsize=9)
            axes.add_patch(Circle((place, 0), 0.3, fill=False, edgecolor=PALETTE[0], linewidth=2))
        axes.set(xlim=(-0.6, size - 0.4), ylim=(-below, above), aspect="equal")
        axes.axis("off")
        return finish(figure, alt)


def _arrow(here: int, there: int) -> tuple[tuple[float, float], tuple[float, float], float, tuple[float, float]]:
    """Start, end and bend of the arrow between two places, and where its label stands."""
    if here == there:
        return (here + 0.12, 0.28), (here - 0.12, 0.28), 2.2, (here, 0.56)
    if there == here + 1:
        return (here + 0.31, 0), (there - 0.31, 0), 0, (here + 0.5, 0)
    bend, side = 0.42, 1 if there < here else -1
    start, end = (here - 0.1 * side, 0.3 * side), (there + 0.18 * side, 0.26 * side)
    # A quarter of the way along the quadratic curve, where the curves of other states are far.
    along, height = 0.75 * start[0] + 0.25 * end[0], 0.29 * side + 0.375 * bend * (start[0] - end[0])
    return start, end, bend, (along, height)


@checked("The figure")
def heat_map(frame: pd.DataFrame, axis_labels: tuple[str, str], *, written: str = "{:.2f}", alt: str) -> Figure:
    """Draw a table of numbers as shaded cells with the number in each; missing cells stay empty.

    `axis_labels`: of the columns and of the rows; `written`: the format of a number.
    """
    told = frame.map(lambda value: "" if pd.isna(value) else written.format(value).replace("-", "−"))
    with rc_context(STYLE), any_script():
        many = frame.shape[1] > 7
        size = (7.6, 1 + 0.38 * len(frame)) if many else (max(6.4, 1.6 + 0.85 * frame.shape[1]), 1 + 0.5 * len(frame))
        figure, axes = plt.subplots(figsize=size)
        sns.heatmap(
            frame.astype(float), mask=frame.isna(), annot=told, fmt="", cmap="Blues", cbar=False, linewidths=2,
            linecolor="none", annot_kws={"fontsize": 9 if many else 11}, ax=axes,
        )  # fmt: skip
        axes.set(xlabel=axis_labels[0], ylabel=axis_labels[1])
        axes.tick_params(length=0)
        axes.set_yticklabels(axes.get_yticklabels(), rotation=0)
        axes.set_xticklabels(axes.get_xticklabels(), rotation=0)
        return finish(figure, alt)


@checked("The figure")
def shares_over_time(path: pd.DataFrame, steady: pd.Series, xlabel: str, *, alt: str) -> Figure:
    """Draw the share of each brand, column by column of `path`, and where it settles as a dashed line."""
    with rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 4))
        for place, brand in enumerate(path.columns.to_list()):
            colour = PALETTE[place % len(PALETTE)]
            axes.plot(
                path.index, path[brand], marker=MARKERS[place % len(MARKERS)], color=colour, linewidth=2, markersize=6
            )
            axes.axhline(steady.loc[brand], color=colour, linewidth=1.2, linestyle=(0, (4, 3)))
        axes.set(xlabel=xlabel, ylabel="Share of the purchase", ylim=(0, 1.05 * max(path.max().max(), steady.max())))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        order = path.iloc[-1].sort_values()
        places = apart(order.to_numpy(dtype=float), least=0.07 * axes.get_ylim()[1])
        for place, brand in zip(places, order.index.to_list(), strict=True):
            axes.annotate(
                f"{brand} (settles at {steady.loc[brand]:.3f})", (1.01, place), xycoords=("axes fraction", "data"),
                va="center", annotation_clip=False,
            )  # fmt: skip
        axes.grid(axis="y")
        sns.despine(ax=axes)
        return finish(figure, alt)


@checked("The figure")
def remarketing_values(choices: RemarketingChoices, unit: str, *, alt: str) -> Figure:
    """Draw the value of a customer by the recency after which marketing stops: a panel for each recency now.

    The best choice for a customer who has just bought is marked by a ring.
    """
    states = list(choices.values.columns[:-1])
    with rc_context(STYLE):
        figure, panels = plt.subplots(
            1, len(states), figsize=(7.8, 2.9), sharex=True, squeeze=False, layout="constrained"
        )
        for place, (axes, state) in enumerate(zip(panels[0], states, strict=True)):
            values = choices.values[state]
            axes.plot(values.index, values, marker=MARKERS[place % len(MARKERS)], color=PALETTE[place % len(PALETTE)])
            axes.plot(choices.best, values[choices.best], marker="o", markersize=15, markerfacecolor="none", color=INK)
            axes.axhline(0, color=INK, linewidth=0.8)
            axes.set_title(f"Now at {state}", fontsize=10, fontweight="bold")
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
            axes.margins(x=0.15, y=0.15)
            axes.grid(axis="y")
            sns.despine(ax=axes)
        panels[0][0].set(ylabel=f"Value ({unit})")
        figure.supxlabel("Last recency that is still remarketed", fontsize=11)
        return finish(figure, alt)
