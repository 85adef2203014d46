"""An explorer in the page: sliders, outcomes, a chart with its specification, and what is seen without scripts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, NamedTuple

import altair

from crmlib import drawing
from crmlib.tables import Table

__all__ = ["INK", "Explorer", "Slider", "dressed"]

#: The page's own text colour.
INK = "currentColor"
#: What a page with an explorer loads, from the root of the book.
_SCRIPTS = ("vega/vega.min.js", "vega/vega-lite.min.js", "vega/vega-interpreter.js", "explorer.js")


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
    """A chart that answers to sliders; a notebook shows it.

    `spec` is its Vega-Lite specification, `sliders` the sliders by heading; `figure` and `table` show
    the start. Until the scripts of the page have run, and where they cannot run, these two are all
    that readers see. `outcomes` names results beside the chart, a label for each field of its data.

    The data of the points have a field ``row``, the row of the table that belongs to them, and a field ``cells``, the
    texts of that row.
    """

    spec: dict[str, Any]
    sliders: dict[str, tuple[Slider, ...]]
    figure: drawing.Figure
    table: Table
    outcomes: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> list[str]:
        """What the explorer shows at the start, its sliders and its specification, line by line, as it is pinned."""
        sliders = [
            f"  slider: {heading}, {slider.label}: {slider.value:.6g}, from {slider.least:.6g} to {slider.most:.6g} "
            f"by {slider.step:.6g}"
            for heading, group in self.sliders.items()
            for slider in group
        ]
        outcomes = [f"  outcome: {name} is {label}" for name, label in self.outcomes.items()]
        return ["explorer", *sliders, *outcomes, *_told(self.spec, "  "), *self.figure.shown, *self.table.shown]

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, object]]:
        return {"text/html": self._repr_html_()}, {"crmlib": {"shown": self.shown}}

    def _repr_html_(self) -> str:
        # Only "<" could end a script element: as an escape, the names in the specification stay text.
        spec = json.dumps(self.spec, ensure_ascii=False).replace("<", r"\u003c")
        outputs = "".join(map(_output, self.outcomes, self.outcomes.values())) or "<output></output>"
        return (
            '<figure class="crm-explorer">'
            f'<form hidden autocomplete="off">{"".join(map(_fieldset, self.sliders, self.sliders.values()))}'
            f'<p><button type="reset" class="btn btn-outline-primary">Reset</button> {outputs}</p></form>'
            f'<div class="crm-explorer-chart">{self.figure._repr_html_()}</div>{self.table._repr_html_()}'
            f'<script type="application/json">{spec}</script></figure>'
            + "".join(f'<script defer src="{script}"></script>' for script in _SCRIPTS)
        )


def _told(part: Any, path: str) -> Iterator[str]:
    """A specification line by line: the path of each entry, and its value."""
    if isinstance(part, dict | list):
        inside = part.items() if isinstance(part, dict) else enumerate(part)
        for name, entry in inside:
            if name != "$schema":
                yield from _told(entry, f"{path}.{name}" if path.strip() else f"{path}{name}")
    else:
        yield f"{path} = {f'{part:.6g}' if isinstance(part, float) else ' '.join(str(part).split())}"


def dressed(chart: altair.LayerChart, height: int) -> altair.LayerChart:
    """The chart as wide as the page and in its colours."""
    return (
        chart.properties(width="container", height=height)
        .configure(background="transparent", font="sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK, titleColor=INK, domainColor=INK, tickColor=INK, gridColor=INK, gridOpacity=0.15,
            labelFontSize=12, titleFontSize=13, titleFontWeight="normal",
        )
        .configure_legend(labelColor=INK, labelFontSize=13)
    )  # fmt: skip


def _output(name: str, label: str) -> str:
    return f'<label>{escape(label)} <output name="{name}"></output></label> '


def _fieldset(heading: str, sliders: Sequence[Slider]) -> str:
    inputs = "".join(
        f'<div><label>{escape(slider.label)} <input type="range" name="{slider.parameter}" min="{slider.least}" '
        f'max="{slider.most}" step="{slider.step:g}" value="{slider.value}"></label> '
        '<span aria-hidden="true"></span></div>'
        for slider in sliders
    )
    return f"<fieldset><legend>{escape(heading)}</legend>{inputs}</fieldset>"
