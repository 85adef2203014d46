import numpy as np
import pytest

from crmlib.labels import apart, place_labels

SIZE = np.array([60.0, 12.0])
FRAME = np.array([0.0, 0.0, 700.0, 500.0])
CROSS = np.array([350.0, 250.0])


def placed(points, frame=FRAME, cross=CROSS):
    """Boxes of the labels."""
    centres = place_labels(points, np.tile(SIZE, (len(points), 1)), frame, cross, radius=5)
    return np.hstack([centres - SIZE / 2, centres + SIZE / 2])


def overlaps(boxes, others):
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return ((high - low) > 1e-9).all(axis=2)


@pytest.mark.parametrize("seed", range(20))
def test_twenty_two_names_cover_no_name_no_point_and_stay_in_the_frame(seed):
    points = np.random.default_rng(seed).uniform([30, 30], [670, 470], size=(22, 2))
    boxes = placed(points)
    others = overlaps(boxes, boxes)
    np.fill_diagonal(others, False)
    assert not others.any()
    assert not overlaps(boxes, np.hstack([points - 1, points + 1])).any()
    assert (boxes[:, :2] >= FRAME[:2]).all()
    assert (boxes[:, 2:] <= FRAME[2:]).all()


def test_two_customers_in_one_place_get_two_names():
    boxes = placed(np.full((2, 2), 100.0))
    assert not overlaps(boxes[:1], boxes[1:]).any()


def test_a_name_keeps_off_the_lines():
    boxes = placed(CROSS[None] - 3)
    assert not overlaps(boxes, np.array([[349, 0, 351, 500], [0, 249, 700, 251]])).any()


def test_a_lonely_name_stands_beside_its_point():
    left, bottom, _, _ = placed(np.array([[100.0, 50.0]]))[0]
    assert np.hypot(max(left - 100, 0), max(bottom - 50, 0)) <= 3 * 5


def test_moving_the_page_moves_the_names():
    points = np.random.default_rng(1).uniform(50, 300, size=(10, 2))
    assert placed(points + 1000, FRAME + 1000, CROSS + 1000) - 1000 == pytest.approx(placed(points))


def test_places_that_stand_apart_stay():
    assert apart(np.array([0.0, 5.0]), least=2).tolist() == [0, 5]
