import numpy as np
import pandas as pd
import pytest

from crmlib.drawing import PALETTE
from crmlib.figures import survey as figures
from crmlib.survey import answer_shares, check_answers, compare_groups
from tests.svg import read

TABLE = pd.DataFrame({"prompt": [1, 2, 3, 4, 5, 5], "kind": [3, 3, 3, 3, 4, 4]})
ANSWERS = check_answers(TABLE, list(TABLE), 1, 5)
HIGHER = check_answers(TABLE.clip(lower=4), list(TABLE), 1, 5)
POINTS = ["never", "seldom", "at times", "often", "always"]
LABELS = {"prompt": "Answers promptly", "kind": "Is kind", "us": "Customers", "them": "Staff"}


def test_answer_bars_name_items_and_points_and_centre_the_middle_one(monkeypatch):
    drawn = []
    finish = figures.finish
    monkeypatch.setattr(figures, "finish", lambda figure, alt: (drawn.append(figure), finish(figure, alt))[1])
    html = figures.answer_bars(answer_shares(ANSWERS), POINTS, alt="Two items")._repr_html_()
    for text in (*TABLE, *POINTS):
        assert f">{text}<" in html
    boxes = [patch.get_bbox() for patch in drawn[0].axes[0].patches]
    middle = boxes[4:6]  # two items a point, the third point
    assert all(abs(box.x0 + box.x1) < 1e-9 for box in middle)
    assert sum(box.width for box in boxes) == pytest.approx(200)


def test_group_differences_name_items_and_groups_and_mark_what_is_clear():
    comparison = compare_groups({"us": ANSWERS, "them": HIGHER})
    html = figures.group_differences(comparison, LABELS, alt="Two groups")._repr_html_()
    for text in (*LABELS.values(), "May be chance", "Cliff's delta: customers less staff"):
        assert f">{text}<" in html
    assert comparison.table["p_holm"].lt(0.05).tolist() == [False, True]


def test_a_figure_needs_a_text_alternative():
    with pytest.raises(ValueError, match="text alternative"):
        figures.answer_bars(answer_shares(ANSWERS), POINTS, alt=" ")


def test_answers_are_cut_in_the_order_of_the_points_and_in_their_colours():
    shares = answer_shares(ANSWERS)
    panel = read(figures.answer_bars(shares, POINTS, alt="Two items").svg).panels[0]
    assert panel.x.title == "Share of the answers, half of the middle point on each side"
    zero = panel.x.names["0 %"]
    panel.x.ticks = [(place, f"-{label}" if place < zero else label) for place, label in panel.x.ticks]
    colours = {name: marks[0].fill for name, marks in panel.legend.items()}
    assert list(colours) == POINTS
    assert colours == dict(zip(POINTS, map(str.lower, figures._COLOURS), strict=True))
    assert panel.y.names["prompt"] < panel.y.names["kind"]
    told = {(name, colour): (start, end) for name, start, end, colour in panel.lying()}
    expected = {}
    for name, row in shares.iterrows():
        ends = np.concatenate([[0], row.cumsum()]) - row.iloc[:2].sum() - row.iloc[2] / 2
        for point, start, end in zip(POINTS, ends[:-1], ends[1:], strict=True):
            expected |= {(name, colours[point]): pytest.approx((start, end), abs=1e-4)} if end > start else {}
    assert told == expected
    assert panel.across()[0] == pytest.approx([0], abs=1e-6)
    hatches = {bar.fill: bar.hatch for bar in panel.bars}
    assert hatches == {marks[0].fill: marks[0].hatch for marks in panel.legend.values()}
    assert len(set(hatches.values())) == 4  # none at the middle and at the best


def test_group_means_and_effects_stand_beside_their_items():
    comparison = compare_groups({"us": ANSWERS, "them": HIGHER})
    drawing = read(figures.group_differences(comparison, LABELS, alt="Two groups").svg)
    (left, right), table = drawing.panels, comparison.table
    items = {LABELS[item]: item for item in table.index}
    assert left.x.title == "Mean answer (points)"
    assert right.x.title == "Cliff's delta: customers less staff"
    assert left.y.names["Answers promptly"] < left.y.names["Is kind"]
    looks = {"us": ("o", PALETTE[0].lower()), "them": ("s", PALETTE[1].lower())}

    def beside(panel, marks):
        return {items[panel.y.beside(mark.centre[1])]: panel.x.numbers(mark.centre[0]) for mark in marks}

    for group, (marker, fill) in looks.items():
        told = beside(left, left.of("PathCollection", marker=marker, fill=fill))
        assert told == pytest.approx(table[f"{group}_mean"].to_dict(), abs=1e-4)
        assert [(mark.marker, mark.fill) for mark in drawing.legend[LABELS[group]]] == [(marker, fill)]
    for mark in left.of("LineCollection"):
        item = items[left.y.beside(mark.centre[1])]
        assert sorted(left.x.numbers(mark.path[:, 0])) == pytest.approx(
            sorted(table.loc[item, ["us_mean", "them_mean"]])
        )
    clear = table["p_holm"] < 0.05
    for chosen, fill, name in ((clear, "currentColor", "Difference is clear"), (~clear, None, "May be chance")):
        assert beside(right, right.of("PathCollection", fill=fill)) == pytest.approx(table["effect"][chosen].to_dict())
        assert {mark.fill for mark in drawing.legend[name]} == {fill}
    for mark in right.of("LineCollection"):
        item = items[right.y.beside(mark.centre[1])]
        assert right.x.numbers(mark.path[:, 0]) == pytest.approx(
            table.loc[item, ["effect_low", "effect_high"]].to_numpy()
        )
    assert right.across(dashes="--")[0] == pytest.approx([0], abs=1e-6)
    assert right.x.numbers(right.box[[0, 2]]) == pytest.approx([-1, 1])
