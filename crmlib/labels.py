"""Names beside points and lines, so that no name covers another."""

from typing import Annotated

import numpy as np
import scipy

from crmlib.arguments import Each, NotNegative, Positive, checked
from crmlib.checks import check_shape, refuse
from crmlib.errors import InputError, Problem

__all__ = ["apart", "place_labels"]

_Numbers = Annotated[np.ndarray, Each(empty=True)]
_ANGLES = np.deg2rad([37, 0, 143, 180, 323, 217, 90, 270, 60, 120, 240, 300])


@checked("The places")
def apart(places: _Numbers, least: NotNegative) -> np.ndarray:
    """Ascending places, moved as little as needs be (least squares) to stand at least so far apart.

    Raises InputError for places that do not ascend.

    Examples
    --------
    >>> apart(np.array([0.0, 0.0, 9.0]), least=2).tolist()
    [-1.0, 1.0, 9.0]
    """
    if places.ndim != 1 or (np.diff(places) < 0).any():
        raise InputError("The places", [Problem("places", "do not ascend", "Sort them")])
    steps = np.arange(len(places)) * least
    return np.asarray(scipy.optimize.isotonic_regression(places - steps).x + steps)


@checked("The labels")
def place_labels(
    points: _Numbers, sizes: _Numbers, frame: _Numbers, cross: _Numbers, *, radius: Positive
) -> np.ndarray:
    """Centre of each label: the place nearest to its point that covers least.

    Points in a crowd choose first. Each tries twelve directions, ever farther away, and takes the place that
    overlaps least with the labels placed before, all points, the two lines and the outside of the frame; among
    equals the nearest.

    Parameters
    ----------
    points
        Shape (n, 2), in any unit of length, which all other arguments share.
    sizes
        Shape (n, 2), width and height of each label.
    frame
        Left, bottom, right and top of the drawing.
    cross
        Where the upright line and the level line meet.
    radius
        Of a point's marker, and the least gap between it and its label.

    Raises
    ------
    InputError
        If a number is not finite, or a shape is another.

    Examples
    --------
    >>> frame, cross = np.array([0, 0, 100, 100]), np.array([50, 50])
    >>> place_labels(np.array([[20.0, 20.0]]), np.array([[6.0, 2.0]]), frame, cross, radius=2).round(1).tolist()
    [[25.6, 20.0]]
    """
    refuse(
        "The labels",
        check_shape("points", points, (len(points), 2)),
        check_shape("sizes", sizes, (len(points), 2)),
        check_shape("frame", frame, (4,)),
        check_shape("cross", cross, (2,)),
    )
    left, bottom, right, top = frame
    lines = [[cross[0] - 1, bottom, cross[0] + 1, top], [left, cross[1] - 1, right, cross[1] + 1]]
    taken = [*np.hstack([points - radius, points + radius]), *lines]
    centres = np.array(points, dtype=float)
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    directions = np.column_stack([np.cos(_ANGLES), np.sin(_ANGLES)])
    gaps = radius * np.arange(1.3, 12, 0.8)
    for label in np.argsort(np.sort(distances, axis=1)[:, :5].sum(axis=1), kind="stable"):
        half = sizes[label] / 2
        # The label's box lies about this gap away from the point.
        away = directions * gaps[:, None, None] + half * np.sign(directions.round(9)) * np.abs(directions) ** 0.5
        candidates = points[label] + away.reshape(-1, 2)
        boxes = np.hstack([candidates - half, candidates + half])
        outside = sizes[label].prod() - _overlap(boxes, np.array([frame]))
        cost = 100 * (_overlap(boxes, np.array(taken)) + outside) + np.repeat(gaps, len(_ANGLES))
        best = int(cost.argmin())
        centres[label] = candidates[best]
        taken.append(boxes[best])
    return centres


def _overlap(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Area that each box shares with all the others together: shapes (n, 4) and (m, 4) to (n,)."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return np.asarray(np.clip(high - low, 0, None).prod(axis=2).sum(axis=1))
