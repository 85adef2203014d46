from functools import cache

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from crmlib.marks import read_marks


@pytest.fixture
def axes():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def told(axes, start):
    """The only line of a figure that starts so, without its start."""
    (line,) = [line for line in read_marks(axes.figure) if line.startswith(start)]
    return line.removeprefix(start)


def test_a_line_has_its_name_colour_dashes_marker_and_points(axes):
    axes.plot([1, 2], [3, 5], "--s", color="#0072B2", label="a")
    assert told(axes, "line") == ' "a" #0072b2 -- marked s: (1, 3) (2, 5)'


@pytest.mark.parametrize(
    ("marker", "name"), [("o", "circle"), ("s", "square"), ("^", "triangle"), ("D", "diamond"), ("|", "stroke")]
)
def test_points_have_their_marker_and_colour(axes, marker, name):
    axes.scatter([1, 2], [3, 5], marker=marker, color="#D55E00", label="b")
    assert told(axes, "points") == f' ({name}) "b" #d55e00: (1, 3) (2, 5)'


def test_points_tell_whether_they_are_open(axes):
    axes.scatter([1], [3], facecolor="none", edgecolor="#D55E00")
    assert told(axes, "open points") == " (circle) #d55e00: (1, 3)"


def test_sizes_and_widths_are_told_where_they_differ(axes):
    axes.scatter([1, 2], [3, 5], s=[10, 40], linewidth=[1, 2])
    assert told(axes, "points").endswith("; widths 1 2; sizes 10 40")
    axes.hlines([1, 2], [0, 0], [3, 4], linewidth=[1, 5], color="#009E73")
    assert told(axes, "strokes") == " #009e73: (0, 1) (3, 1) (0, 2) (4, 2); widths 1 5"
    axes.barh([0, 1], [2, 3], linewidth=[1, 3], color="#0072B2")
    assert told(axes, "bars") == " #0072b2: (0, -0.4, 2, 0.4) (0, 0.6, 3, 1.4); widths 1 3"


def test_same_sizes_and_widths_stand_for_nothing(axes):
    axes.scatter([1, 2], [3, 5], s=[40, 40], linewidth=3)
    assert "; " not in told(axes, "points")


def test_bars_of_one_look_stand_together_and_hatches_apart(axes):
    axes.bar([0, 1], [2, -3], width=1, color="#0072B2")
    axes.bar([2], [1], width=1, color="#0072B2", hatch="//")
    assert told(axes, "bars #0072b2:") == " (-0.5, 0, 0.5, 2) (0.5, 0, 1.5, -3)"
    assert told(axes, "bars #0072b2 hatched //:") == " (1.5, 0, 2.5, 1)"


def test_a_shape_stands_where_it_is_drawn_in_the_colour_of_its_edge_if_it_is_empty(axes):
    axes.add_patch(plt.Circle((5, 7), 2, fill=False, edgecolor="#0072B2"))
    first = told(axes, "shape #0072b2:")
    assert first.startswith(" (5, 5)")
    axes.patches[0].set_center((6, 7))
    assert told(axes, "shape #0072b2:") != first


def test_error_bars_tell_both_ends(axes):
    axes.errorbar([1, 2], [5, 6], yerr=[[1, 2], [3, 4]], capsize=2, color="#0072B2")
    assert told(axes, "strokes") == " #0072b2: (1, 4) (1, 8) (2, 4) (2, 10)"


def test_areas_tell_their_corners(axes):
    axes.fill_between([0, 1], [1, 2], [3, 5], color="#CC79A7")
    said = told(axes, "area")
    assert said.startswith(" #cc79a7:")
    assert all(f"({corner})" in said for corner in ("0, 1", "1, 2", "0, 3", "1, 5"))


@pytest.mark.parametrize("kind", ["contour", "contourf"])
def test_contours_change_with_their_levels_and_their_colours(axes, kind):
    values = np.add.outer(np.arange(4.0), np.arange(5.0))
    said = []
    for levels, colours in ([1, 3], "cividis"), ([1, 4], "cividis"), ([1, 3], "cividis_r"), ([1, 3], "Blues"):
        axes.clear()
        getattr(axes, kind)(values, levels=levels, cmap=colours)
        said.append(told(axes, "area"))
    assert len(set(said)) == 4


def test_hexagons_and_cells_tell_their_numbers_and_the_ends_of_the_colours(axes):
    axes.hexbin([0, 0, 1], [0, 0, 1], gridsize=2, cmap="cividis", mincnt=1)
    assert told(axes, "points").endswith("; coloured #00224e at 1 to #fee838 at 2 by 2 1")
    axes.clear()
    axes.pcolormesh([[1, 2], [3, 4]], cmap="Blues", vmin=0)
    assert told(axes, "area").endswith("; coloured #f7fbff at 0 to #08306b at 4 by 1 2 3 4")


def test_an_image_tells_its_pixels(axes):
    axes.imshow([[0.25, 1], [2, 3]])
    assert told(axes, "image") == ": 0.25 1 2 3"


def test_axes_tell_titles_scales_directions_and_names(axes):
    axes.set(xlabel="Cost", xscale="log", xlim=(100, 1), ylabel="Who", ylim=(0, 3), title="Panel")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_yticks([1, 2], ["A", "B"])
    assert read_marks(axes.figure) == [
        "panel: Panel",
        "x: Cost, log, 100 to 1",
        "y: Who, linear, 0 to 3; 1 is A, 2 is B",
    ]


def test_names_stand_at_their_ticks_also_beside_empty_ones(axes):
    axes.set(xlim=(0, 4), ylim=(0, 1))
    axes.set_xticks([1, 2, 3], ["", "A", "B"])
    assert told(axes, "x").endswith("0 to 4; 2 is A, 3 is B")


def test_numbers_on_an_axis_are_no_names(axes):
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.set_xticks([0, 0.5, 1], ["−1,000.5", "50%", "2 %"])
    assert told(axes, "x") == ": no title, linear, 0 to 1"


def test_texts_legends_and_titles_of_the_figure_are_told_and_empty_texts_are_not(axes):
    axes.plot([0, 1], [0, 1], label="one")
    axes.text(1, 2, "two\n lines")
    axes.text(1, 2, " ")
    axes.annotate("there", (0.5, 1), xytext=(3, 3), textcoords="offset points")
    axes.legend()
    axes.figure.legend()
    axes.figure.supxlabel("below")
    said = read_marks(axes.figure)
    assert [line for line in said if line.startswith("text")] == [
        'text "two lines" near (1, 2)',
        'text "there" near (0.5, 1)',
    ]
    assert said.count("legend: one") == 2
    assert "title: below" in said


def test_zero_has_no_sign_and_rounding_errors_are_zero(axes):
    axes.plot([-0.0, 1e-17], [-1e-15, 2])
    assert told(axes, "line").endswith(": (0, 0) (0, 2)")


MANY = 60


@cache
def empty():
    """Axes to which points are set again and again; pyplot does not know them, so nobody must close them."""
    axes = Figure().subplots()
    axes.set(xlim=(-2000, 2000), ylim=(-2000, 2000))
    return axes, axes.scatter([0], [0])


def many(points):
    axes, drawn = empty()
    drawn.set_offsets(points)
    return read_marks(axes.figure)


PLACES = np.random.default_rng(3).uniform(-1000, 1000, (MANY, 2))


def test_many_marks_are_told_in_one_short_line():
    line = many(PLACES)[2]
    assert line.startswith(f"points (circle) #1f77b4: {MANY} of [60 numbers, ")
    assert len(line) < 200


@given(st.permutations(range(MANY)).map(lambda order: order[:2]))
def test_many_marks_change_when_two_are_exchanged(pair):
    exchanged = PLACES.copy()
    exchanged[list(pair)] = exchanged[list(pair)[::-1]]
    assert many(exchanged) != many(PLACES)


@given(
    st.lists(st.tuples(st.integers(-999, 999), st.integers(-999, 999)), min_size=1, max_size=MANY),
    st.data(),
)
def test_any_moved_point_changes_the_lines(points, data):
    at = data.draw(st.integers(0, len(points) - 1))
    side, way = data.draw(st.integers(0, 1)), data.draw(st.integers(1, 500) | st.integers(-500, -1))
    moved = np.array(points, dtype=float)
    moved[at, side] += way
    assert many(moved) != many(points)
