"""What a figure shows, in words and numbers, read from what was drawn and not from what was meant to be drawn."""

import re
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
_NUMBER = re.compile(r"[-−]?[\d.,]+(e[-+]?\d+)? ?%?")


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
    yield from (*map(_line, axes.lines), *map(_collection, axes.collections), *_patches(axes))
    for image in axes.images:
        yield f"image: {_numbers(np.ravel(np.asarray(image.get_array())))}"
    for text in axes.texts:
        if text.get_text().strip():
            x, y = getattr(text, "xy", text.get_position())
            yield f'text "{text.get_text()}" near ({x:.2g}, {y:.2g})'
    if legend := axes.get_legend():
        yield f"legend: {_legend(legend)}"


def _ticks(axis: Any) -> str:
    """The names on an axis of names; numbers on an axis follow from its limits."""
    axis.get_ticklabels()  # writes the labels
    labels = [(tick.get_loc(), label) for tick in axis.get_major_ticks() for label in (tick.label1, tick.label2)]
    names = {at: label.get_text() for at, label in labels if label.get_visible() and label.get_text()}
    if all(map(_NUMBER.fullmatch, names.values())):
        return ""
    return "; " + ", ".join(f"{_number(at)} is {name}" for at, name in names.items())


def _line(line: Line2D) -> str:
    points = np.column_stack([np.ravel(line.get_xdata()), np.ravel(line.get_ydata())])
    marker = "" if line.get_marker() in ("None", None, "") else f" marked {line.get_marker()}"
    style = "" if line.get_linestyle() == "-" else f" {line.get_linestyle()}"
    return f"line{_label(line)} {_colour(line.get_color())}{style}{marker}: {_places(points)}"


def _collection(marks: Collection) -> str:
    """Points by their places, areas and strokes by their corners; a colour that stands for a number by the number."""
    shapes = [np.asarray(path.vertices) for path in marks.get_paths()]
    places, faces = np.ma.getdata(marks.get_offsets()), marks.get_facecolor()
    sizes = _differing("widths", marks.get_linewidth()) + _differing("sizes", getattr(marks, "get_sizes", list)())
    if isinstance(marks, PathCollection) or len(places) > 1:
        kind = f"{'' if len(faces) else 'open '}points{_marker(shapes)}"
    else:
        kind = "strokes" if isinstance(marks, LineCollection) else "area"
        places = np.concatenate(shapes) if shapes else places[:0]
    if (values := marks.get_array()) is not None:
        scale = " to ".join(f"{_colour(marks.to_rgba(np.asarray(end)))} at {_number(end)}" for end in marks.get_clim())
        numbers = _numbers(np.ma.getdata(values).ravel())
        return f"{kind}{_label(marks)}: {_places(places)}; coloured {scale} by {numbers}{sizes}"
    colours = " ".join(dict.fromkeys(map(_colour, faces if len(faces) else marks.get_edgecolor())))
    return f"{kind}{_label(marks)} {colours}: {_places(places)}{sizes}"


#: Outlines of the markers, to call points by the shape that they have.
_OUTLINES = {
    name: np.asarray(MarkerStyle(marker).get_path().transformed(MarkerStyle(marker).get_transform()).vertices)
    for marker, name in {"o": "circle", "s": "square", "^": "triangle", "D": "diamond", "|": "stroke"}.items()
}


def _marker(shapes: Sequence[np.ndarray]) -> str:
    return "".join(f" ({name})" for name, outline in _OUTLINES.items() if np.array_equal(shapes[:1], [outline]))


def _patches(axes: Axes) -> Iterator[str]:
    """Bars together that look the same, each by its left, lower, right and upper edge; others by their corners."""
    groups: dict[str, list[Patch]] = {}
    for patch in axes.patches:
        groups.setdefault(f"{'bars' if isinstance(patch, Rectangle) else 'shape'} {_look(patch)}", []).append(patch)
    for name, patches in groups.items():
        widths = _differing("widths", [patch.get_linewidth() for patch in patches])
        edges = [patch.get_bbox().extents for patch in patches if isinstance(patch, Rectangle)]
        corners = [patch.get_patch_transform().transform(patch.get_path().vertices) for patch in patches]
        yield f"{name}: {_places(edges or np.concatenate(corners))}{widths}"


def _look(patch: Patch) -> str:
    hatch = f" hatched {patch.get_hatch()}" if patch.get_hatch() else ""
    return f"{_colour(patch.get_facecolor() if patch.get_fill() else patch.get_edgecolor())}{hatch}"


def _differing(name: str, sizes: Any) -> str:
    """Sizes that differ, for those that are all the same stand for nothing."""
    return f"; {name} {_numbers(np.asarray(sizes, dtype=float))}" if len(set(sizes)) > 1 else ""


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
