"""The what-if explorer: readers change weights and thresholds, and see the customers move in the value matrix."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

import altair
import numpy as np
import pandas as pd

from crmlib import drawing, figures
from crmlib.ahp import Criterion, TreeWeights, tree_scores
from crmlib.matrix import value_matrix
from crmlib.tables import Table, table

__all__ = ["Explorer", "value_explorer"]

#: What a page with an explorer loads, from the root of the book.
_SCRIPTS = ("vega/vega.min.js", "vega/vega-lite.min.js", "explorer.js")
#: Vega's names of the markers in `figures`.
_SHAPES = {"o": "circle", "s": "square", "^": "triangle-up", "D": "diamond"}
_INK = "currentColor"
_AXES = ("first", "second")


class Slider(NamedTuple):
    """A slider: the parameter it sets, its label, its value at the start, its range and its step."""

    parameter: str
    label: str
    value: float
    least: float
    most: float
    step: float


@dataclass(frozen=True)
class Explorer:
    """A value matrix that answers to sliders; a notebook shows it.

    `spec` is its Vega-Lite specification, `sliders` the sliders by heading; `figure` and `table` show
    the start. Until the scripts of the page have run, and where they cannot run, these two are all
    that readers see.
    """

    spec: dict[str, Any]
    sliders: dict[str, tuple[Slider, ...]]
    figure: drawing.Figure
    table: Table

    def _repr_html_(self) -> str:
        # Only "<" could end a script element: as an escape, the names in the specification stay text.
        spec = json.dumps(self.spec, ensure_ascii=False).replace("<", r"\u003c")
        return (
            '<figure class="crm-explorer">'
            f'<form hidden autocomplete="off">{"".join(map(_fieldset, self.sliders, self.sliders.values()))}'
            '<p><button type="reset" class="btn btn-outline-primary">Reset</button> <output></output></p></form>'
            f'<div class="crm-explorer-chart">{self.figure._repr_html_()}</div>{self.table._repr_html_()}'
            f'<script type="application/json">{spec}</script></figure>'
            + "".join(f'<script defer src="{script}"></script>' for script in _SCRIPTS)
        )


def value_explorer(
    tree: Criterion,
    weights: TreeWeights,
    scaled: pd.DataFrame,
    quadrants: Mapping[tuple[str, str], str],
    labels: pd.Series,
    threshold: str = "mean",
    *,
    alt: str,
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
    >>> names = {("high", "high"): "keep", ("high", "low"): "harvest", ("low", "high"): "grow", ("low", "low"): "leave"}
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
    return Explorer(
        spec=_spec(tree, scores, sliders, quadrants, titles, threshold, alt),
        sliders=sliders,
        figure=figure,
        table=table(shown.rename_axis("Customer"), caption="Quadrant, rank and scores; no unit", formats=formats),
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
    chart = _drawn(
        sorted(set(quadrants.values())), dict(zip(_AXES, titles, strict=True)), extents, few=len(rows) <= drawing.FEW
    )
    parameters = [altair.param(slider.parameter, value=slider.value) for group in sliders.values() for slider in group]
    chart = _computed(chart, tree, quadrants, threshold).add_params(*parameters)
    data = altair.InlineData(rows.to_dict(orient="records"), name="customers")
    specification: dict[str, Any] = chart.properties(data=data, description=alt).to_dict()
    return specification


def _drawn(
    names: Sequence[str], titles: Mapping[str, str], extents: Mapping[str, tuple[float, float]], *, few: bool
) -> altair.LayerChart:
    """Points, names and lines, in the page's text colour and in the colours and shapes of `figures.quadrants`."""

    def position(channel: type[altair.X | altair.Y], axis: str) -> altair.X | altair.Y:
        low, high = extents[axis]
        margin = 0.15 * (high - low) or 1.0
        # Fixed, or the axes would move and not the customers.
        scale = altair.Scale(domain=[low - margin, high + margin], nice=False, zero=False)
        return channel(f"{axis}:Q", title=titles[axis], scale=scale)

    x, y = position(altair.X, "first"), position(altair.Y, "second")
    legend = altair.Legend(title=None, orient="bottom", columns=1, labelLimit=0)
    colours = altair.Scale(domain=names, range=drawing.PALETTE[: len(names)])
    shapes = altair.Scale(domain=names, range=[_SHAPES[marker] for marker in drawing.MARKERS[: len(names)]])
    line = altair.Chart().transform_filter("datum.row == 0").mark_rule(strokeDash=[6, 4], clip=True, color=_INK)
    points = altair.Chart().mark_point(filled=True, opacity=1, size=110 if few else 60).encode(
        x, y, altair.Color("quadrant:N", scale=colours, legend=legend),
        altair.Shape("quadrant:N", scale=shapes, legend=legend),
    )  # fmt: skip
    text = altair.Chart().mark_text(
        align="left", dx=8 if few else 5, dy=-8 if few else -6, fontWeight="bold" if few else "normal", color=_INK
    )
    layers = altair.layer(
        line.encode(x="line_first:Q"), line.encode(y="line_second:Q"), points, text.encode(x, y, text="customer:N")
    )
    return (
        layers.properties(width="container", height=380 if few else 560)
        .configure(background="transparent", font="sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=_INK, titleColor=_INK, domainColor=_INK, tickColor=_INK, gridColor=_INK, gridOpacity=0.15,
            labelFontSize=12, titleFontSize=13, titleFontWeight="normal",
        )
        .configure_text(fontSize=13 if few else 10.5)
        .configure_legend(labelColor=_INK, labelFontSize=13)
    )  # fmt: skip


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
    names = json.dumps({f"{first} {second}": name for (first, second), name in quadrants.items()})
    value = " + ".join(
        f"weight_{number[node.name]} * datum.{axis}" for axis, node in zip(_AXES, tree.children, strict=True)
    )
    return chart.transform_calculate(
        quadrant=f"{names}[datum.level_first + ' ' + datum.level_second]", value=value
    ).transform_window(rank="rank()", sort=[altair.SortField("value", order="descending")])


def _fieldset(heading: str, sliders: Sequence[Slider]) -> str:
    inputs = "".join(
        f'<div><label>{escape(slider.label)} <input type="range" name="{slider.parameter}" min="{slider.least}" '
        f'max="{slider.most}" step="{slider.step}" value="{slider.value}"></label> '
        '<span aria-hidden="true"></span></div>'
        for slider in sliders
    )
    return f"<fieldset><legend>{escape(heading)}</legend>{inputs}</fieldset>"
