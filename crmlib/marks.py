"""What a figure shows, in words and numbers, read from what was drawn and not from what was meant to be drawn."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import Collection, LineCollection, PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Patch, Rectangle

__all__ = ["read_marks"]

#: More marks of a kind than this are told by their count and their fingerprints.
_MANY = 40
#: Less than this is what rounding leaves of zero.
_NOTHING = 1e-12


def read_marks(figure: Figure) -> list[str]:
    """Lines that tell the axes of a figure, their scales and directions, and every mark with its place and its look.

    Numbers have six significant digits. Of many marks a line tells the count, the least and the largest place, and two
    means, of which the second weights each mark by its position in the order: a mark moved or exchanged changes them.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> figure, axes = plt.subplots()
    >>> _ = axes.plot([1, 2], [3, 5], color="#0072B2", label="a"), axes.set(xlabel="Year", ylabel="Value")
    >>> read_marks(figure)[:2]
    ['x: Year, linear, 0.95 to 2.05', 'y: Value, linear, 2.9 to 5.1']
    >>> read_marks(figure)[2]
    'line "a" #0072b2: (1, 3) (2, 5)'
    >>> plt.close(figure)
    """
    lines = [line for axes in figure.axes for line in _axes(axes)]
    named = [figure.get_supxlabel(), figure.get_supylabel(), figure.get_suptitle()]
    lines += [f"title: {text}" for text in named if text]
    lines += [f"legend: {_legend(legend)}" for legend in figure.legends]
    return [" ".join(line.split()) for line in lines]


def _axes(axes: Axes) -> Iterator[str]:
    if title := axes.get_title() or axes.get_title("left"):
        yield f"panel: {title}"
    for name, axis, limits in (("x", axes.xaxis, axes.get_xlim()), ("y", axes.yaxis, axes.get_ylim())):
        label = axis.get_label_text() or "no title"
        yield f"{name}: {label}, {axis.get_scale()}, {_number(limits[0])} to {_number(limits[1])}{_ticks(axis)}"
    for line in axes.lines:
        yield _line(line)
    for collection in axes.collections:
        yield _collection(collection)
    yield from _patches(axes)
    for text in axes.texts:
        if text.get_text().strip():
            x, y = getattr(text, "xy", text.get_position())
            yield f'text "{text.get_text()}" near ({x:.2g}, {y:.2g})'
    if legend := axes.get_legend():
        yield f"legend: {_legend(legend)}"


def _ticks(axis: Any) -> str:
    """The names on an axis of names; numbers on an axis follow from its limits."""
    names = [label.get_text() for label in axis.get_ticklabels() if label.get_text()]
    if not names or all(_is_number(name) for name in names):
        return ""
    ticks = axis.get_ticklocs()
    return "; " + ", ".join(f"{_number(at)} is {name}" for at, name in zip(ticks, names, strict=False))


def _is_number(text: str) -> bool:
    try:
        float(text.replace("−", "-").replace(",", "").rstrip("%"))
    except ValueError:
        return False
    return True


def _line(line: Line2D) -> str:
    points = np.column_stack([np.ravel(line.get_xdata()), np.ravel(line.get_ydata())])
    marker = "" if line.get_marker() in ("None", None, "") else f" marked {line.get_marker()}"
    style = "" if line.get_linestyle() == "-" else f" {line.get_linestyle()}"
    return f"line{_label(line)} {_colour(line.get_color())}{style}{marker}: {_places(points)}"


def _collection(marks: Collection) -> str:
    """Points by their places, areas and strokes by their corners; a colour that stands for a number by the number."""
    shapes = [np.asarray(path.vertices) for path in marks.get_paths()]
    offsets = np.ma.getdata(marks.get_offsets())
    if isinstance(marks, PathCollection) or len(offsets) > 1:
        kind, places = f"points{_marker(shapes)}", offsets
    else:
        kind = "strokes" if isinstance(marks, LineCollection) else "area"
        places = np.concatenate(shapes) if shapes else offsets[:0]
    name = f"{kind}{_label(marks)}"
    if (values := marks.get_array()) is not None:
        return f"{name}: {_places(places)}; coloured by {_numbers(np.ma.getdata(values).ravel())}"
    colours = marks.get_facecolor() if len(marks.get_facecolor()) else marks.get_edgecolor()
    return f"{name} {' '.join(dict.fromkeys(map(_colour, colours)))}: {_places(places)}"


#: Outlines of the markers, to call points by the shape that they have.
_OUTLINES = {
    name: np.asarray(MarkerStyle(marker).get_path().transformed(MarkerStyle(marker).get_transform()).vertices)
    for marker, name in {"o": "circle", "s": "square", "^": "triangle", "D": "diamond", "|": "stroke"}.items()
}


def _marker(shapes: Sequence[np.ndarray]) -> str:
    names = [name for name, outline in _OUTLINES.items() if shapes and np.array_equal(shapes[0], outline)]
    return f" ({names[0]})" if names else ""


def _patches(axes: Axes) -> Iterator[str]:
    """Bars together that look the same, each by its left, lower, right and upper edge; others by their corners."""
    groups: dict[str, list[tuple[float, ...]]] = {}
    for patch in axes.patches:
        bar = isinstance(patch, Rectangle)
        corners = patch.get_bbox().extents if isinstance(patch, Rectangle) else None
        places = patch.get_path().vertices if corners is None else [corners]
        groups.setdefault(f"{'bars' if bar else 'shape'} {_look(patch)}", []).extend(map(tuple, np.asarray(places)))
    for name, places in groups.items():
        yield f"{name}: {_places(places)}"


def _look(patch: Patch) -> str:
    hatch = f" hatched {patch.get_hatch()}" if patch.get_hatch() else ""
    return f"{_colour(patch.get_facecolor())}{hatch}"


def _label(artist: Any) -> str:
    label = str(artist.get_label())
    return "" if label.startswith("_") else f' "{label}"'


def _legend(legend: Any) -> str:
    return ", ".join(text.get_text() for text in legend.get_texts())


def _colour(colour: Any) -> str:
    return str(to_hex(colour, keep_alpha=False))


def _number(value: float) -> str:
    return f"{0.0 if abs(value) < _NOTHING else float(value):.6g}"


def _places(places: Any) -> str:
    """Places one by one, or the fingerprints of many, each coordinate apart."""
    array = np.asarray(places, dtype=float)
    if array.size == 0:
        return "none"
    if len(array) <= _MANY:
        return " ".join(f"({', '.join(map(_number, place))})" for place in array)
    return f"{len(array)} of " + " and ".join(_numbers(column) for column in array.T)


def _numbers(values: np.ndarray) -> str:
    finite = values[np.isfinite(values)]
    if len(finite) <= _MANY:
        return " ".join(map(_number, finite))
    weights = np.linspace(0, 1, len(finite))
    told = (finite.min(), finite.max(), finite.mean(), np.average(finite, weights=weights))
    return f"[{len(finite)} numbers, {' '.join(map(_number, told))}]"
