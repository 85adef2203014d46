"""The value explorer: readers change weights and thresholds, and see the customers move in the value matrix."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair
import numpy as np
import pandas as pd

from crmlib import drawing, figures
from crmlib.ahp import Criterion, TreeWeights, tree_scores
from crmlib.explorer.page import INK, Explorer, Slider, dressed
from crmlib.matrix import PLACES, value_matrix
from crmlib.tables import table

__all__ = ["value_explorer"]

#: Vega's names of the markers in `figures`.
_SHAPES = {"o": "circle", "s": "square", "^": "triangle-up", "D": "diamond"}
_AXES = ("first", "second")


def value_explorer(
    tree: Criterion,
    weights: TreeWeights,
    scaled: pd.DataFrame,
    quadrants: Mapping[tuple[str, str], str],
    labels: pd.Series,
    threshold: str = "mean",
    *,
    alt: str,
    origin: str | None = None,
) -> Explorer:
    """Make the value matrix of a tree with two dimensions answer to sliders.

    There is a slider for each local weight in the comparison of the two dimensions and in the
    comparison within each; the siblings share the rest in their proportion. There is one for each
    threshold: how far the line lies from the mean or the median. The page computes what `tree_scores`
    and `value_matrix` compute: ``Y = Σ_i R_i X_i`` with the scores ``X_i`` of the compared nodes
    [lubricant_article1]_.

    Parameters
    ----------
    scaled
        Shape (customers, leaves), as in `tree_scores`.
    quadrants
        Name of each quadrant, as in `value_matrix`.
    labels
        Names of the nodes for the reader, indexed by node.
    threshold
        ``"mean"`` or ``"median"`` of each dimension.
    alt
        Text alternative of the value matrix.
    origin
        Origin of the scores, for the mark of the table.

    Raises
    ------
    ValueError
        If the tree has not two dimensions, or `alt` is empty.
    InputError
        As in `tree_scores` and `value_matrix`.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix, tree_weights
    >>> tree = Criterion("value", (Criterion("now"), Criterion("later")), judgement_matrix([[3]], ["now", "later"]))
    >>> scaled = pd.DataFrame({"now": [1.0, -1.0], "later": [-1.0, 1.0]}, index=["A", "B"])
    >>> names = dict.fromkeys(PLACES[1:], "others") | {("high", "high"): "best"}
    >>> labels = pd.Series({"value": "Value", "now": "Now", "later": "Later"})
    >>> explorer = value_explorer(tree, tree_weights(tree), scaled, names, labels, alt="Two customers")
    >>> {heading: [slider.label for slider in sliders] for heading, sliders in explorer.sliders.items()}
    {'Weights in “Value”': ['Now', 'Later'], 'Thresholds above the mean': ['Now', 'Later']}
    """
    if len(tree.children) != len(_AXES):
        raise ValueError(f"a value matrix has two dimensions; {tree.name!r} has {len(tree.children)} children")
    dimensions = [node.name for node in tree.children]
    scores = tree_scores(tree, weights, scaled).sort_values(tree.name, ascending=False, kind="stable")
    start = value_matrix(scores[dimensions], quadrants, threshold)
    titles = (f"{labels[dimensions[0]]} (score)", f"{labels[dimensions[1]]} (score)")
    figure = figures.quadrants(start, titles, alt=alt)
    shown = start.table[["quadrant"]].set_axis(["Quadrant"], axis=1)
    shown["Rank"] = scores[tree.name].rank(ascending=False, method="min").astype(int)
    for name in (*dimensions, tree.name):
        shown[labels[name]] = scores[name]
    formats = {str(labels[name]): "{:.3f}" for name in (*dimensions, tree.name)}
    sliders = _sliders(tree, weights, scores, labels, threshold)
    caption = "Quadrant, rank and scores; no unit"
    return Explorer(
        spec=_spec(tree, scores, sliders, quadrants, titles, threshold, alt),
        sliders=sliders,
        figure=figure,
        table=table(shown.rename_axis("Customer"), caption=caption, formats=formats, origin=origin),
    )


def _compared(dimension: Criterion) -> tuple[Criterion, ...]:
    """The nodes whose weights within a dimension can be moved; itself where nothing is compared."""
    return dimension.children if len(dimension.children) > 1 else (dimension,)


def _numbers(tree: Criterion) -> dict[str, int]:
    """Each node's number; parameters and fields are called by it, so that no name becomes part of an expression."""
    return {node.name: number for number, node in enumerate(tree.walk())}


def _extent(dimension: Criterion, scores: pd.DataFrame) -> tuple[float, float]:
    """Lowest and highest score that any weights within a dimension can give."""
    values = scores[[node.name for node in _compared(dimension)]].to_numpy()
    return float(values.min()), float(values.max())


def _sliders(
    tree: Criterion, weights: TreeWeights, scores: pd.DataFrame, labels: pd.Series, threshold: str
) -> dict[str, tuple[Slider, ...]]:
    """All sliders by heading: the weights of each comparison, then the thresholds."""
    numbers = _numbers(tree)
    sliders = {
        f"Weights in “{labels[node.name]}”": tuple(
            Slider(
                f"weight_{numbers[child.name]}", str(labels[child.name]), float(weights.local_weights[child.name]),
                least=0, most=1, step=0.01,
            )
            for child in node.children
        )
        for node in (tree, *tree.children) if len(node.children) > 1
    }  # fmt: skip
    reach = max(np.ptp(_extent(node, scores)) for node in tree.children) / 2 or 1.0
    step = 10.0 ** np.floor(np.log10(reach / 20))
    most = round(float(step * np.ceil(reach / step)), 9)
    sliders[f"Thresholds above the {threshold}"] = tuple(
        Slider(f"offset_{axis}", str(labels[node.name]), 0.0, -most, most, float(step))
        for axis, node in zip(_AXES, tree.children, strict=True)
    )
    return sliders


def _spec(
    tree: Criterion,
    scores: pd.DataFrame,
    sliders: Mapping[str, Sequence[Slider]],
    quadrants: Mapping[tuple[str, str], str],
    titles: tuple[str, str],
    threshold: str,
    alt: str,
) -> dict[str, Any]:
    """Vega-Lite specification: the scores below the dimensions are data, all else is computed from the parameters."""
    compared = [node.name for dimension in tree.children for node in _compared(dimension)]
    rows = scores[compared].rename(columns={name: f"score_{number}" for name, number in _numbers(tree).items()})
    rows = rows.assign(row=range(len(rows)), customer=[str(name) for name in rows.index])
    extents = {axis: _extent(node, scores) for axis, node in zip(_AXES, tree.children, strict=True)}
    chart = _drawn(quadrants, dict(zip(_AXES, titles, strict=True)), extents, few=len(rows) <= drawing.FEW)
    parameters = [altair.param(slider.parameter, value=slider.value) for group in sliders.values() for slider in group]
    chart = _computed(chart, tree, quadrants, threshold).add_params(*parameters)
    data = altair.InlineData(rows.to_dict(orient="records"), name="customers")
    specification: dict[str, Any] = chart.properties(data=data, description=alt).to_dict()
    return specification


def _by_place(quadrants: Mapping[tuple[str, str], str]) -> str:
    """The quadrants' names as an object of the page's expressions, keyed by its field ``place``."""
    return json.dumps({" ".join(place): quadrants[place] for place in PLACES})


def _drawn(
    quadrants: Mapping[tuple[str, str], str],
    titles: Mapping[str, str],
    extents: Mapping[str, tuple[float, float]],
    *,
    few: bool,
) -> altair.LayerChart:
    """Points, names and lines, in the page's text colour and in the colours and shapes of `figures.quadrants`."""

    def position(channel: type[altair.X | altair.Y], axis: str) -> altair.X | altair.Y:
        low, high = extents[axis]
        margin = 0.15 * (high - low) or 1.0
        # Fixed, or the axes would move and not the customers.
        scale = altair.Scale(domain=[low - margin, high + margin], nice=False, zero=False)
        return channel(f"{axis}:Q", title=titles[axis], scale=scale)

    x, y = position(altair.X, "first"), position(altair.Y, "second")
    legend = altair.Legend(
        title=None, orient="bottom", columns=1, labelLimit=0, labelExpr=f"{_by_place(quadrants)}[datum.label]",
        description=", ".join(quadrants[place] for place in PLACES),
    )  # fmt: skip
    places = [" ".join(place) for place in PLACES]
    colours = altair.Scale(domain=places, range=[drawing.QUADRANT_LOOKS[place][0] for place in PLACES])
    shapes = altair.Scale(domain=places, range=[_SHAPES[drawing.QUADRANT_LOOKS[place][1]] for place in PLACES])
    line = altair.Chart().transform_filter("datum.row == 0").mark_rule(strokeDash=[6, 4], clip=True, color=INK)
    points = altair.Chart().mark_point(filled=True, opacity=1, size=110 if few else 60).encode(
        x, y, altair.Color("place:N", scale=colours, legend=legend),
        altair.Shape("place:N", scale=shapes, legend=legend),
        description="said:N",
    )  # fmt: skip
    text = altair.Chart().mark_text(
        align="left", dx=8 if few else 5, dy=-8 if few else -6, fontWeight="bold" if few else "normal", color=INK
    )
    layers = altair.layer(
        line.encode(x="line_first:Q"), line.encode(y="line_second:Q"), points, text.encode(x, y, text="customer:N")
    )
    return dressed(layers, height=380 if few else 560).configure_text(fontSize=13 if few else 10.5)


def _computed(
    chart: altair.LayerChart, tree: Criterion, quadrants: Mapping[tuple[str, str], str], threshold: str
) -> altair.LayerChart:
    """The chart with the scores of `tree_scores`, and the lines, levels and quadrants of `value_matrix`."""
    number = _numbers(tree)
    for axis, dimension in zip(_AXES, tree.children, strict=True):
        parts = _compared(dimension)
        weighted = (f"weight_{number[part.name]} * datum.score_{number[part.name]}" for part in parts)
        score = " + ".join(weighted) if len(parts) > 1 else f"datum.score_{number[parts[0].name]}"
        chart = (
            chart.transform_calculate(**{axis: score})
            .transform_calculate(**{f"size_{axis}": f"abs(datum.{axis})"})
            .transform_joinaggregate(**{f"middle_{axis}": f"{threshold}({axis})", f"most_{axis}": f"max(size_{axis})"})
            .transform_calculate(**{f"line_{axis}": f"datum.middle_{axis} + offset_{axis}"})
            .transform_calculate(
                **{
                    f"level_{axis}": f"datum.{axis} - datum.line_{axis} > 1e-12 * max(datum.most_{axis}, 1)"
                    " ? 'high' : 'low'"
                }
            )
        )
    value = " + ".join(
        f"weight_{number[node.name]} * datum.{axis}" for axis, node in zip(_AXES, tree.children, strict=True)
    )
    scores = ", ".join(f"format(datum.{field}, '.3f')" for field in (*_AXES, "value"))
    return (
        chart.transform_calculate(place="datum.level_first + ' ' + datum.level_second", value=value)
        .transform_calculate(quadrant=f"{_by_place(quadrants)}[datum.place]")
        .transform_calculate(said="datum.customer + ': ' + datum.quadrant")
        .transform_window(rank="rank()", sort=[altair.SortField("value", order="descending")])
        .transform_calculate(cells=f"[datum.quadrant, datum.rank, {scores}]")
    )  # fmt: skip
