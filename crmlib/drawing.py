"""How every figure is drawn: colours, style, and inline SVG in the page's own text colour."""

import io
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import Any

import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure as MatplotlibFigure

from crmlib.marks import read_marks
from crmlib.matrix import PLACES

__all__ = ["FEW", "INK", "MARKERS", "PALETTE", "QUADRANT_LOOKS", "STYLE", "Figure", "any_script", "dress", "finish"]

#: More customers than this get smaller marks and names in a value matrix.
FEW = 12

#: Okabe and Ito's colours without black and yellow: told apart by colour-blind readers, visible on white and on black.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
MARKERS = ("o", "s", "^", "D")
#: Colour and mark of each quadrant by its place, the same in every figure, whatever the quadrant is called.
QUADRANT_LOOKS = dict(zip(PLACES, zip(PALETTE, MARKERS, strict=False), strict=True))
INK = "#010203"  # stands for the page's own text colour until the figure is written
# On a new machine Matplotlib reports that it builds its font cache; that is no result and must not reach a page.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

STYLE: dict[Any, object] = {
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": INK,
    "grid.alpha": 0.15,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "legend.facecolor": "none",
    "legend.framealpha": 0,
    "font.size": 11,
    "svg.fonttype": "none",
    "text.parse_math": False,
}


@dataclass(frozen=True)
class Figure:
    """A drawn figure with its text alternative and what was drawn; a notebook shows it as inline SVG.

    The SVG takes the page's text colour, so one drawing serves both themes, and its text stays text:
    it can be searched, and any script is shown in the reader's own fonts.
    """

    svg: str
    alt: str
    marks: tuple[str, ...] = ()

    @property
    def shown(self) -> list[str]:
        """What the figure shows, line by line, as it is pinned."""
        return [f"figure: {self.alt}", *(f"  {mark}" for mark in self.marks)]

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, object]]:
        return {"text/html": self._repr_html_()}, {"crmlib": {"shown": self.shown}}

    def _repr_html_(self) -> str:
        return f'<figure class="crm-figure" role="img" aria-label="{escape(self.alt, quote=True)}">{self.svg}</figure>'


def dress(axes: Axes) -> None:
    """Grid lines across horizontal bars, and no frame."""
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    sns.despine(ax=axes, left=True)
    axes.tick_params(axis="y", length=0)


@contextmanager
def any_script() -> Iterator[None]:
    """Text stays text, so the reader's browser brings the glyphs that the measuring font lacks."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def finish(figure: MatplotlibFigure, alt: str) -> Figure:
    """Write a figure as inline SVG and close it; a ValueError if it has no text alternative."""
    plt.close(figure)  # pyplot forgets it; it can still be written
    if not alt.strip():
        raise ValueError("a figure needs a text alternative; say in `alt` what it shows")
    buffer = io.StringIO()
    # Ids are salted with the text, so that two figures on a page do not share clip paths, yet every build agrees.
    with rc_context({"svg.hashsalt": alt}), any_script():
        figure.savefig(
            buffer, format="svg", bbox_inches="tight", transparent=True, metadata={"Date": None, "Creator": None}
        )
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :].replace(INK, "currentColor")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font: ([^;\"]*?)'DejaVu Sans'[^;\"]*", r"font: \1sans-serif", svg)
    return Figure(svg, alt, tuple(read_marks(figure)))
