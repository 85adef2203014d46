"""Names beside points, so that no name covers another, a point or a line."""

import numpy as np

__all__ = ["place_labels"]

_ANGLES = np.deg2rad([37, 0, 143, 180, 323, 217, 90, 270, 60, 120, 240, 300])


def place_labels(points: np.ndarray, sizes: np.ndarray, obstacles: np.ndarray, *, radius: float) -> np.ndarray:
    """Centre of each label: the place nearest to its point that covers least.

    Points in a crowd choose first. Each tries twelve directions, ever farther away, and takes the place that
    overlaps least with the labels placed before, all points and the obstacles; among equals the nearest.

    Parameters
    ----------
    points
        Shape (n, 2), in any unit of length, which the others share.
    sizes
        Shape (n, 2), width and height of each label.
    obstacles
        Shape (m, 4), boxes to keep clear: left, bottom, right, top.
    radius
        Of a point's marker, and the least gap between it and its label.

    Examples
    --------
    >>> place_labels(np.array([[0.0, 0.0]]), np.array([[6.0, 2.0]]), np.empty((0, 4)), radius=2).round(1).tolist()
    [[5.6, 2.8]]
    """
    taken = [*np.hstack([points - radius, points + radius]), *obstacles]
    centres = np.array(points, dtype=float)
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    directions = np.column_stack([np.cos(_ANGLES), np.sin(_ANGLES)])
    for label in np.argsort(np.sort(distances, axis=1)[:, :5].sum(axis=1), kind="stable"):
        half = sizes[label] / 2
        gaps = radius * np.arange(1.3, 12, 0.8)
        # The label's box lies about this gap away from the point.
        away = directions * gaps[:, None, None] + half * np.sign(directions.round(9)) * np.abs(directions) ** 0.5
        candidates = points[label] + away.reshape(-1, 2)
        boxes = np.hstack([candidates - half, candidates + half])
        cost = 100 * _overlap(boxes, np.array(taken)) + np.repeat(gaps, len(_ANGLES))
        best = int(cost.argmin())
        centres[label] = candidates[best]
        taken.append(boxes[best])
    return centres


def _overlap(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Area that each box shares with all the others together: shapes (n, 4) and (m, 4) to (n,)."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return np.asarray(np.clip(high - low, 0, None).prod(axis=2).sum(axis=1))
