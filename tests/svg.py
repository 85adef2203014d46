"""A drawn figure as a reader sees it: marks of the SVG at the numbers and names that stand on its axes.

Nothing is asked of Matplotlib. Each axis is calibrated by its own tick labels and the places where they stand, so an
axis that is exchanged, reversed, stretched or logarithmic gives other numbers, or another `Axis.scale`.
"""

import re
from base64 import b64decode
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
from matplotlib.image import imread

_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True)
class Mark:
    """Something drawn: its corners on the page (y grows downwards), its kind by Matplotlib's id, and its look."""

    kind: str
    path: np.ndarray
    fill: str | None = None
    stroke: str | None = None
    dashes: str = "-"
    width: float = 1.0
    hatch: str | None = None
    marker: str | None = None
    opacity: float = 1.0
    text: str = ""

    @property
    def box(self):
        """Left, upper, right and lower edge on the page."""
        return np.array([*self.path.min(axis=0), *self.path.max(axis=0)])

    @property
    def centre(self):
        return (self.box[:2] + self.box[2:]) / 2

    @property
    def colour(self):
        return self.fill or self.stroke


def _number(label):
    try:
        return float(label.replace("−", "-").replace(",", "").rstrip("% ")) / (100 if label.endswith("%") else 1)
    except ValueError:
        return np.nan


@dataclass
class Axis:
    """Tick labels by their places on the page, and the title; `side` is 0 for x and 1 for y.

    Numbers rise to the right and upwards, unless a test says that they fall.
    """

    side: int
    title: str = ""
    ticks: list = field(default_factory=list)
    falls: bool = False

    @property
    def names(self):
        """The place of each label on the page."""
        return {label: place for place, label in self.ticks if label}

    @cached_property
    def _line(self):
        """Scale, slope and intercept of the line through the labels, the scale on which they lie straight."""
        told = [(place, _number(label)) for place, label in self.ticks]
        told = [(place, number) for place, number in told if np.isfinite(number)]
        assert len(told) > 1, f"no numbers on the axis: {self.ticks}"
        places, numbers = np.array(told).T
        kinds = {"linear": numbers} | ({"log": np.log10(numbers)} if (numbers > 0).all() and len(numbers) > 2 else {})
        fits = {kind: np.polyfit(places, values, 1) for kind, values in kinds.items()}
        off = {kind: np.ptp(np.polyval(fits[kind], places) - kinds[kind]) / np.ptp(kinds[kind]) for kind in kinds}
        best = min(off, key=off.get)
        assert off[best] < 0.03, f"the labels lie on no axis: {self.ticks}"
        assert (fits[best][0] > 0) == (self.falls == bool(self.side)), f"the axis runs backwards: {self.ticks}"
        return best, fits[best]

    @property
    def scale(self):
        return self._line[0]

    def numbers(self, places):
        """The numbers at places on the page."""
        kind, line = self._line
        return 10 ** np.polyval(line, places) if kind == "log" else np.polyval(line, places)

    def beside(self, place):
        """The name that stands beside a place."""
        name, at = min(self.names.items(), key=lambda name: abs(name[1] - place))
        assert abs(at - place) < 2, f"{name} stands {abs(at - place):.1f} pixels away"
        return name


@dataclass
class Panel:
    """The marks inside one pair of axes in the order in which they are drawn, the two axes, texts and the legend."""

    x: Axis
    y: Axis
    box: np.ndarray
    marks: list = field(default_factory=list)
    legend: dict = field(default_factory=dict)

    def of(self, *kinds, **look):
        """Marks of kinds, such as ``patch`` or ``line2d``, that have a look, such as ``dashes="--"``."""
        fits = (mark for mark in self.marks if mark.kind in kinds)
        return [mark for mark in fits if all(getattr(mark, name) == value for name, value in look.items())]

    def data(self, places):
        """Places on the page as numbers on both axes."""
        x, y = np.asarray(places, dtype=float).reshape(-1, 2).T
        return np.column_stack([self.x.numbers(x), self.y.numbers(y)])

    def places(self, **look):
        """The numbers at the markers of a look."""
        points = (mark for mark in self.marks if mark.marker)
        return self.data([mark.path[0] for mark in points if all(getattr(mark, name) == look[name] for name in look)])

    @property
    def texts(self):
        return {mark.text: mark for mark in self.marks if mark.text}

    @property
    def bars(self):
        """Rectangles that can be seen, in the order in which they are drawn."""
        return [mark for mark in self.of("patch") if len(mark.path) == 4 and (np.ptp(mark.path, axis=0) > 1e-6).all()]

    def lying(self):
        """Horizontal bars: the name beside each, where it starts and ends, and its colour."""
        return [
            (self.y.beside(bar.centre[1]), *self.x.numbers(bar.path[:2, 0]).tolist(), bar.fill) for bar in self.bars
        ]

    def line(self, **look):
        """The numbers along the only line of a look."""
        found = [mark for mark in self.of("line2d", **look) if not mark.marker]
        assert len(found) == 1, f"{len(found)} lines look like {look}"
        return self.data(found[0].path)

    def across(self, **look):
        """The places of straight lines through the whole panel: on the axis x of upright ones, on y of level ones."""
        lines = [mark.path for mark in self.of("line2d", **look) if len(mark.path) == 2]
        ends = np.array([line for line in lines if np.isclose(np.ptp(line, axis=0), self.box[2:] - self.box[:2]).any()])
        upright = [float(self.x.numbers(line[0, 0])) for line in ends if np.isclose(line[0, 0], line[1, 0])]
        return upright, [float(self.y.numbers(line[0, 1])) for line in ends if np.isclose(line[0, 1], line[1, 1])]


@dataclass
class Drawing:
    """A whole figure: its panels, and the titles, texts and legend that stand outside of them."""

    panels: list
    texts: dict
    legend: dict


def read(svg):
    """The drawing that an SVG shows."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing; fails unless all names are escaped
    shapes = {node.get("id"): node for node in root.iter() if node.get("id")}
    figure = shapes["figure_1"]
    panels = [_panel(node, shapes) for node in figure if node.get("id", "").startswith("axes")]
    for panel in panels:
        for side, name in enumerate("xy"):
            if not getattr(
                panel, name
            ).names:  # labels of a shared axis stand beside the panel that ends at the same places
                same = [other for other in panels if np.allclose(other.box[side::2], panel.box[side::2], atol=0.01)]
                ticks = next((getattr(other, name).ticks for other in same if getattr(other, name).names), [])
                setattr(panel, name, replace(getattr(panel, name), ticks=ticks))
    outside = [mark for node in figure if node.get("id", "").startswith("text") for mark in _marks(node, shapes)]
    legends = (node for node in figure if node.get("id", "").startswith("legend"))
    legend = next((_legend(node, shapes) for node in legends), {})
    return Drawing(panels, {mark.text: mark for mark in outside}, legend)


def _panel(group, shapes):
    panel = Panel(Axis(0), Axis(1), np.zeros(4))
    for part in group:
        name = part.get("id", "")
        if name.startswith("matplotlib.axis"):
            _read_axis(part, shapes, panel)
        elif name.startswith("legend"):
            panel.legend = _legend(part, shapes)
        else:
            marks = _marks(part, shapes)
            if name.startswith("patch") and part[0].get("clip-path") is None:  # the ground and then the frame
                panel.box = panel.box if panel.box.any() else marks[0].box
            else:
                panel.marks += marks
    return panel


def _read_axis(group, shapes, panel):
    ticks = [part for part in group if "tick" in part.get("id", "")]
    side = int(not any(part.get("id").startswith("x") for part in ticks))
    axis = panel.y if side else panel.x
    for part in group:
        marks = _marks(part, shapes)
        text = next((mark for mark in marks if mark.text), None)
        if text is not None and part in ticks:
            # The tick or the grid line, and the middle of the text where there is neither.
            places = [mark.centre[side] for mark in marks if not mark.text] or [text.centre[side]]
            axis.ticks.append((places[0], text.text))
        elif text is not None:
            axis.title = text.text


def _legend(group, shapes):
    """The looks that stand before each name."""
    named, before = {}, []
    for part in group:
        for mark in _marks(part, shapes):
            if mark.text:
                named[mark.text], before = before, []
            else:
                before.append(mark)
    return named


def _marks(group, shapes, kind=None):
    kind = kind or re.sub(r"_?\d*$", "", group.get("id", ""))
    if kind == "text":
        return _text(group)
    found = []
    for node in group:
        tag = node.tag.removeprefix(_SVG)
        if tag == "path":
            found.append(Mark(kind, _corners(node), **_look(node, shapes)))
        elif tag == "use":
            name, place = node.get(_LINK)[1:], np.array([[float(node.get("x")), float(node.get("y"))]])
            centred = kind in ("line2d", "PathCollection")  # others have their outlines where they are
            look = _look(node, shapes) | ({"marker": _marker(shapes[name])} if centred else {})
            found.append(Mark(kind, place if centred else _corners(shapes[name]) + place, **look))
        elif tag == "g":
            found += _marks(node, shapes, None if node.get("id") else kind)
    return [mark for mark in found if mark.marker or mark.text or len(mark.path) > 1]


def _text(group):
    """One mark for all lines of a text, each at the middle of its height."""
    lines, places = list(group.iter(f"{_SVG}text")), []
    for line in lines:
        size = float(re.search(r"font-size: ([\d.]+)px", line.get("style"))[1])
        x, y = re.search(r"(?:translate\(|rotate\(\S+ )(\S+) ([^\s)]+)", line.get("transform")).groups()
        places.append([float(x), float(y) - 0.38 * size])
    said = "\n".join("".join(line.itertext()) for line in lines)
    return [Mark("text", np.array(places), text=said, fill="currentColor")] if said.strip() else []


def _corners(node):
    """Ends of all pieces of a path; curves by their ends too."""
    pieces = re.findall(r"[MLCQ]([^MLCQz]+)", node.get("d") or "M nan nan")
    return np.array([piece.split()[-2:] for piece in pieces], dtype=float)


def _marker(node):
    corners = _corners(node)
    if "C" in node.get("d"):
        return "o"
    upright = np.isclose(corners[:, 0], 0, atol=1e-4).any()
    return {2: "|", 3: "^", 4: "D" if upright else "s"}.get(len(corners), "*")


def _look(node, shapes):
    style = dict(part.split(": ") for part in (node.get("style") or "").split("; ") if part)
    fill, stroke = (None if style.get(name, "none") == "none" else style[name] for name in ("fill", "stroke"))
    hatch = None
    if fill and fill.startswith("url"):
        pattern = shapes[fill[5:-1]]
        fill, hatch = pattern[0].get("fill"), pattern[1].get("d")
    lengths = [float(length) for length in style.get("stroke-dasharray", "").split(",") if length]
    dashes = "-" if not lengths else "-." if len(lengths) == 4 else "--" if lengths[0] > lengths[1] else ":"
    opacity = float(style.get("opacity", style.get("fill-opacity", 1)))
    width = float(style.get("stroke-width", 1))
    return {"fill": fill, "stroke": stroke, "dashes": dashes, "width": width, "hatch": hatch, "opacity": opacity}


def image(svg):
    """The pixels of the first image of an SVG, upper row first, red, green, blue and opacity from 0 to 1."""
    node = next(ElementTree.fromstring(svg).iter(f"{_SVG}image"))  # noqa: S314
    pixels = imread(BytesIO(b64decode(node.get(_LINK).split(",")[1])))
    return pixels[::-1] if "scale(1 -1)" in node.get("transform", "") else pixels
