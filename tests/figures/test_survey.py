import pandas as pd
import pytest

from crmlib.figures import survey as figures
from crmlib.survey import answer_shares, check_answers, compare_groups

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
