"""All scale matrices whose weights may lie in given intervals: a depth-first search row by row.

The rows above the diagonal ("tails") are chosen one after the other. What the rows so far say about the
others is kept as intervals; a tail outside them is cut before the next row is tried. Nothing that could
belong to the answer is cut; a few that do not belong remain, and the caller computes those exactly.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

__all__ = ["SearchLimitError", "search"]

_SLACK = 1e-9  # keeps rounding noise from cutting a candidate that lies exactly on an interval's end
_BLOCK = 100_000  # partial matrices held at once


class SearchLimitError(Exception):
    """More partial matrices than allowed; `needed` of them were known when the search stopped."""

    def __init__(self, needed: int) -> None:
        self.needed = needed
        super().__init__(needed)


@dataclass(frozen=True)
class _Frontier:
    """Partial matrices that share their number of chosen rows, and what is known of each.

    `matrices`: shape (m, n, n); `low`, `high`: the intervals of a `_Rule`, shape (m, ...); `triads`: the
    inconsistency of the completed triads, shape (m,).
    """

    row: int
    matrices: np.ndarray
    low: np.ndarray
    high: np.ndarray
    triads: np.ndarray


class _Rule(Protocol):
    """What a weighting method says about a row."""

    def start(self) -> tuple[np.ndarray, np.ndarray]:
        """Intervals before any row is chosen."""

    def keys(self, row: int, tails: np.ndarray) -> np.ndarray:
        """One number a tail, by which the tails are sorted and cut."""

    def window(self, frontier: _Frontier) -> tuple[np.ndarray, np.ndarray]:
        """Interval of the keys that each partial matrix allows."""

    def narrow(
        self, frontier: _Frontier, chosen: np.ndarray, tails: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Which of the partial matrices `chosen`, extended by `tails`, live on, and their intervals."""


def search(
    method: str, low: np.ndarray, high: np.ndarray, scale: np.ndarray, largest_lambda: float, limit: int
) -> Iterator[np.ndarray]:
    """Batches of matrices, shape (m, n, n), among which are all with weights in [low, high] and λmax ≤ largest_lambda.

    Raises SearchLimitError when more than `limit` partial matrices would have to be looked at.
    """
    n = len(low)
    if len(scale) ** (n - 1) > limit:
        raise SearchLimitError(len(scale) ** (n - 1))
    rule = _RULES[method](low, high, scale, largest_lambda)
    # λmax − n = (1/n) Σ_{i<j} (e_ij + 1/e_ij − 2), e_ij = a_ij w_j / w_i; summed triad by triad, where each
    # pair counts n − 2 times, a triad with product q has at least 3 (q^(1/3) + q^(−1/3) − 2) of it.
    largest_triads = (largest_lambda - n) * n * (n - 2) / 3 + _SLACK if n > 2 else np.inf
    tails_by_row, keys_by_row = [], []
    for row in range(n):
        tails = _tails(scale, n - 1 - row)
        keys = rule.keys(row, tails)
        order = np.argsort(keys, kind="stable")
        tails_by_row.append(tails[order])
        keys_by_row.append(keys[order])

    looked_at = 0
    stack = [_Frontier(0, np.ones((1, n, n)), *rule.start(), np.zeros(1))]
    while stack:
        frontier = stack.pop()
        row = frontier.row
        if row == n:
            yield frontier.matrices
            continue
        window_low, window_high = rule.window(frontier)
        first = np.searchsorted(keys_by_row[row], window_low - _SLACK, "left")
        counts = np.maximum(np.searchsorted(keys_by_row[row], window_high + _SLACK, "right") - first, 0)
        looked_at += int(counts.sum())
        if looked_at > limit:
            raise SearchLimitError(looked_at)
        for chosen, position in _pairs(first, counts):
            alive, new_low, new_high = rule.narrow(frontier, chosen, tails_by_row[row][position])
            survivors, tails = chosen[alive], tails_by_row[row][position[alive]]
            matrices = _extend(frontier.matrices, row, survivors, tails)
            triads = frontier.triads[survivors]
            if np.isfinite(largest_triads):
                triads = triads + _triad_inconsistency(matrices, row)
                keep = triads <= largest_triads
                matrices, triads, new_low, new_high = matrices[keep], triads[keep], new_low[keep], new_high[keep]
            if len(matrices):
                stack.append(_Frontier(row + 1, matrices, new_low, new_high, triads))


@dataclass(frozen=True)
class _SharedQuantity:
    """Every row gives the same quantity ``Σ_j coefficient_ij x_ij + offset_i``, x the entries or their logarithms.

    The quantity is known within an interval, which each row narrows.
    """

    coefficient_low: np.ndarray
    coefficient_high: np.ndarray
    offset_low: np.ndarray
    offset_high: np.ndarray
    quantity: tuple[float, float]
    of_entries: Callable[[np.ndarray], np.ndarray] = field(default=np.asarray)

    def start(self) -> tuple[np.ndarray, np.ndarray]:
        return np.array([self.quantity[0] - _SLACK]), np.array([self.quantity[1] + _SLACK])

    def keys(self, row: int, tails: np.ndarray) -> np.ndarray:
        return np.asarray(self.of_entries(tails) @ self.coefficient_low[row, row + 1 :])

    def window(self, frontier: _Frontier) -> tuple[np.ndarray, np.ndarray]:
        row = frontier.row
        done_low, done_high = self._done(frontier)
        widest = (self.coefficient_high[row, row + 1 :] / self.coefficient_low[row, row + 1 :]).max(initial=1)
        return (frontier.low - done_high) / widest, frontier.high - done_low

    def narrow(
        self, frontier: _Frontier, chosen: np.ndarray, tails: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        row = frontier.row
        done_low, done_high = self._done(frontier)
        entries = self.of_entries(tails)
        low = np.maximum(
            frontier.low[chosen], done_low[chosen] + entries @ self.coefficient_low[row, row + 1 :] - _SLACK
        )
        high = np.minimum(
            frontier.high[chosen], done_high[chosen] + entries @ self.coefficient_high[row, row + 1 :] + _SLACK
        )
        alive = low <= high
        return alive, low[alive], high[alive]

    def _done(self, frontier: _Frontier) -> tuple[np.ndarray, np.ndarray]:
        row = frontier.row
        entries = self.of_entries(frontier.matrices[:, row, : row + 1])
        return (
            entries @ self.coefficient_low[row, : row + 1] + self.offset_low[row],
            entries @ self.coefficient_high[row, : row + 1] + self.offset_high[row],
        )


def _eigenvector(low: np.ndarray, high: np.ndarray, scale: np.ndarray, largest_lambda: float) -> _Rule:
    # The quantity is λmax = Σ_j a_ij w_j / w_i, at least n.
    smallest, largest = low / high[:, None], high / low[:, None]
    np.fill_diagonal(smallest, 1)
    np.fill_diagonal(largest, 1)
    zero = np.zeros(len(low))
    return _SharedQuantity(smallest, largest, zero, zero, (len(low), largest_lambda))


def _geometric_mean(low: np.ndarray, high: np.ndarray, scale: np.ndarray, largest_lambda: float) -> _Rule:
    # The quantity is mean_j(log a_ij) − log w_i; as the logarithms of all entries sum to 0, it is −mean(log w).
    share = np.full((len(low), len(low)), 1 / len(low))
    return _SharedQuantity(
        share, share, -np.log(high), -np.log(low), (-np.log(high).mean(), -np.log(low).mean()), np.log
    )


def _row_sum(low: np.ndarray, high: np.ndarray, scale: np.ndarray, largest_lambda: float) -> _Rule:
    # The quantity is the sum of all entries, Σ_j a_ij / w_i; a_ij + a_ji ≥ 2 makes it at least n².
    n = len(low)
    zero = np.zeros(n)
    smallest, largest = np.tile(1 / high[:, None], n), np.tile(1 / low[:, None], n)
    return _SharedQuantity(smallest, largest, zero, zero, (n * n, np.inf))


@dataclass(frozen=True)
class _ColumnSum:
    """``Σ_j a_ij t_j = n w_i`` with ``t_j = 1 / Σ_i a_ij``: the intervals are those of t, shape (m, n).

    Row j fixes column j by reciprocity, hence t_j; what is left of each row and column bounds the others.
    """

    weight_low: np.ndarray
    weight_high: np.ndarray
    scale: np.ndarray
    largest_lambda: float

    def start(self) -> tuple[np.ndarray, np.ndarray]:
        n, largest = len(self.weight_low), self.scale[-1]
        return np.full((1, n), 1 / (1 + (n - 1) * largest)), np.full((1, n), 1 / (1 + (n - 1) / largest))

    def keys(self, row: int, tails: np.ndarray) -> np.ndarray:
        return np.asarray((1 / tails).sum(axis=1))

    def window(self, frontier: _Frontier) -> tuple[np.ndarray, np.ndarray]:
        row = frontier.row
        done = frontier.matrices[:, : row + 1, row].sum(axis=1)
        return 1 / frontier.high[:, row] - done, 1 / frontier.low[:, row] - done

    def narrow(
        self, frontier: _Frontier, chosen: np.ndarray, tails: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        row, n, largest = frontier.row, len(self.weight_low), self.scale[-1]
        matrices = _extend(frontier.matrices, row, chosen, tails)
        done, ahead = slice(0, row + 1), slice(row + 1, n)
        low, high = frontier.low[chosen], frontier.high[chosen]
        low[:, row] = high[:, row] = 1 / matrices[:, :, row].sum(axis=1)
        used = np.einsum("mij,mj->mi", matrices[:, :, done], low[:, done])
        rest_low, rest_high = n * self.weight_low - used - _SLACK, n * self.weight_high - used + _SLACK

        entries = matrices[:, done, ahead]
        column = 1 + entries.sum(axis=1)
        unknown = n - 2 - row
        t_low = np.maximum(low[:, ahead], 1 / (column + unknown * largest))
        t_high = np.minimum(high[:, ahead], 1 / (column + unknown / largest))
        alive = (rest_high > 0).all(axis=1)
        for _ in range(2):
            t_high = np.minimum(t_high, rest_high[:, ahead] - _others(t_low) / largest)
            t_low = np.maximum(t_low, (1 - _others(rest_high[:, ahead] - t_low)) / column)
            from_below, from_above = _others(entries * t_low[:, None]), _others(entries * t_high[:, None])
            t_high = np.minimum(t_high, ((rest_high[:, done, None] - from_below) / entries).min(axis=1))
            t_low = np.maximum(t_low, ((rest_low[:, done, None] - from_above) / entries).max(axis=1))
        alive &= (t_low <= t_high + _SLACK).all(axis=1)
        low[:, ahead], high[:, ahead] = t_low - _SLACK, t_high + _SLACK
        return alive, low[alive], high[alive]


_RULES: dict[str, Callable[[np.ndarray, np.ndarray, np.ndarray, float], _Rule]] = {
    "eigenvector": _eigenvector,
    "geometric_mean": _geometric_mean,
    "column_sum": _ColumnSum,
    "row_sum": _row_sum,
}


def _tails(scale: np.ndarray, length: int) -> np.ndarray:
    """Every way to fill the entries right of the diagonal; shape (ways, length)."""
    ways = len(scale) ** length
    tails = np.empty((ways, length))
    for k in range(length):
        tails[:, k] = np.resize(np.repeat(scale, len(scale) ** k), ways)
    return tails


def _pairs(first: np.ndarray, counts: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """All pairs (partial matrix, first + 0 … first + count − 1), in blocks."""
    ends = np.cumsum(counts)
    for start in range(0, int(ends[-1]), _BLOCK):
        pair = np.arange(start, min(start + _BLOCK, int(ends[-1])))
        chosen = np.searchsorted(ends, pair, "right")
        yield chosen, first[chosen] + pair - (ends - counts)[chosen]


def _extend(matrices: np.ndarray, row: int, chosen: np.ndarray, tails: np.ndarray) -> np.ndarray:
    """Copies of the partial matrices named by `chosen`, each with the rest of its row filled in."""
    extended: np.ndarray = matrices[chosen]
    extended[:, row, row + 1 :] = tails
    extended[:, row + 1 :, row] = 1 / tails
    return extended


def _triad_inconsistency(matrices: np.ndarray, row: int) -> np.ndarray:
    """Σ (q^(1/3) + q^(−1/3) − 2) over the triads (i, row, k), i < row < k, with q = a_ir a_rk / a_ik."""
    products = matrices[:, :row, row, None] * matrices[:, None, row, row + 1 :] / matrices[:, :row, row + 1 :]
    roots = np.cbrt(products)
    return np.asarray((roots + 1 / roots - 2).sum(axis=(1, 2)))


def _others(values: np.ndarray) -> np.ndarray:
    """For each place on the last axis, the sum of all the other places."""
    return np.asarray(values.sum(axis=-1, keepdims=True) - values)
