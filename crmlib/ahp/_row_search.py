"""All scale matrices whose weights may lie in given intervals: a depth-first search row by row.

The rows above the diagonal ("tails") are chosen one after the other. What the rows so far say about the
others is kept as intervals; a tail outside them is cut before the next row is tried. Nothing that could
belong to the answer is cut; a few that do not belong remain, and the caller computes those exactly.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

import numpy as np

__all__ = ["SearchLimitError", "search"]

_SLACK = 1e-9  # keeps rounding noise from cutting a candidate that lies exactly on an interval's end
_BLOCK = 100_000  # partial matrices extended at once
_LARGEST_ROW = 2_000_000  # ways to fill the first row: six criteria on Saaty's scale have 17^5 = 1,419,857


class SearchLimitError(Exception):
    """More partial matrices than allowed: at least `needed`, when `limit` is the most."""

    def __init__(self, needed: int, limit: int) -> None:
        self.needed, self.limit = needed, limit
        super().__init__(needed, limit)


@dataclass(frozen=True)
class _Frontier:
    """Partial matrices with the same number of chosen rows, and what is known of each.

    The batch is the last axis, so that every step is one contiguous vector for each entry. `matrices`:
    shape (n, n, m); `low`, `high`: the intervals of a `_Rule`, shape (k, m); `triads`: the inconsistency of
    the completed triads, shape (m,).
    """

    row: int
    matrices: np.ndarray
    low: np.ndarray
    high: np.ndarray
    triads: np.ndarray

    def keep(self, alive: np.ndarray) -> "_Frontier":
        """The partial matrices that live on."""
        known = (self.matrices, self.low, self.high, self.triads)
        return _Frontier(self.row, *(np.compress(alive, values, axis=-1) for values in known))


class _Rule(Protocol):
    """What a weighting method says about the rows of a matrix.

    `rounds`: how often it is worth narrowing the intervals after a row.
    """

    rounds: ClassVar[int]

    def start(self) -> tuple[np.ndarray, np.ndarray]:
        """Intervals before any row is chosen; shapes (k, 1)."""

    def choices(self, frontier: _Frontier, tails: np.ndarray) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        """Blocks of pairs (partial matrix, tail) that a quick test leaves, each with how many pairs were looked at."""

    def narrow(self, frontier: _Frontier) -> np.ndarray:
        """Narrow the intervals by the row filled last, in place; returns which partial matrices live on."""


def search(
    method: str, low: np.ndarray, high: np.ndarray, scale: np.ndarray, largest_lambda: float, limit: int
) -> Iterator[np.ndarray]:
    """Batches of matrices, shape (m, n, n), among which are all with weights in [low, high] and λmax ≤ largest_lambda.

    Raises SearchLimitError when more than `limit` partial matrices would have to be looked at, or the first
    row alone has more than `_LARGEST_ROW` ways.
    """
    n = len(low)
    if len(scale) ** (n - 1) > min(limit, _LARGEST_ROW):
        raise SearchLimitError(len(scale) ** (n - 1), min(limit, _LARGEST_ROW))
    rule = _RULES[method](low, high, scale, largest_lambda)
    tails = [_tails(scale, n - 1 - row) for row in range(n)]
    # λmax − n = (1/n) Σ_{i<j} (e_ij + 1/e_ij − 2), e_ij = a_ij w_j / w_i; summed triad by triad, where each
    # pair counts n − 2 times, a triad with product q has at least 3 (q^(1/3) + q^(−1/3) − 2) of it.
    largest_triads = (largest_lambda - n) * n * (n - 2) / 3 + _SLACK if n > 2 else np.inf
    looked_at = 0
    stack = [_Frontier(0, np.ones((n, n, 1)), *rule.start(), np.zeros(1))]
    while stack:
        frontier = stack.pop()
        row = frontier.row
        if row == n:
            yield np.moveaxis(frontier.matrices, -1, 0)
            continue
        for count, chosen, position in rule.choices(frontier, tails[row]):
            looked_at += count
            if looked_at > limit:
                raise SearchLimitError(looked_at, limit)
            # np.take and np.compress keep the batch contiguous; plain indexing would turn the layout round.
            matrices = np.take(frontier.matrices, chosen, axis=-1)
            matrices[row, row + 1 :] = np.take(tails[row], position, axis=-1)
            matrices[row + 1 :, row] = 1 / matrices[row, row + 1 :]
            low_here, high_here = np.take(frontier.low, chosen, axis=-1), np.take(frontier.high, chosen, axis=-1)
            grown = _Frontier(row + 1, matrices, low_here, high_here, frontier.triads[chosen])
            if np.isfinite(largest_triads):
                grown.triads[:] += _triad_inconsistency(grown.matrices, row)
                grown = grown.keep(grown.triads <= largest_triads)
            for _ in range(rule.rounds):
                grown = grown.keep(rule.narrow(grown))
            if grown.triads.size:
                stack.append(grown)


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
    rounds: ClassVar[int] = 1

    def start(self) -> tuple[np.ndarray, np.ndarray]:
        return np.array([[self.quantity[0] - _SLACK]]), np.array([[self.quantity[1] + _SLACK]])

    def choices(self, frontier: _Frontier, tails: np.ndarray) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        row = frontier.row
        done, ahead = slice(0, row + 1), slice(row + 1, None)
        entries = self.of_entries(tails)
        tail_low = self.coefficient_low[row, ahead] @ entries
        order = np.argsort(tail_low, kind="stable")
        done_low, done_high = self._part(row, done, self.of_entries(frontier.matrices[row, done]))
        # A tail's upper sum is at most `widest` times its lower sum, by which the tails are sorted.
        widest = (self.coefficient_high[row, ahead] / self.coefficient_low[row, ahead]).max(initial=1)
        first = np.searchsorted(tail_low[order], (frontier.low[0] - done_high) / widest - _SLACK, "left")
        last = np.searchsorted(tail_low[order], frontier.high[0] - done_low + _SLACK, "right")
        counts = np.maximum(last - first, 0)
        ends = np.cumsum(counts)
        for start in range(0, int(ends[-1]), _BLOCK):
            pair = np.arange(start, min(start + _BLOCK, int(ends[-1])))
            chosen = np.searchsorted(ends, pair, "right")
            yield len(pair), chosen, order[pair + (first - ends + counts)[chosen]]

    def narrow(self, frontier: _Frontier) -> np.ndarray:
        low, high = frontier.low, frontier.high
        row = frontier.row - 1
        row_low, row_high = self._part(row, slice(None), self.of_entries(frontier.matrices[row]))
        np.maximum(low[0], row_low - _SLACK, out=low[0])
        np.minimum(high[0], row_high + _SLACK, out=high[0])
        return np.asarray(low[0] <= high[0])

    def _part(self, row: int, columns: slice, entries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return (
            self.coefficient_low[row, columns] @ entries + self.offset_low[row],
            self.coefficient_high[row, columns] @ entries + self.offset_high[row],
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
    log_low, log_high = np.log(low), np.log(high)
    return _SharedQuantity(share, share, -log_high, -log_low, (-log_high.mean(), -log_low.mean()), np.log)


def _row_sum(low: np.ndarray, high: np.ndarray, scale: np.ndarray, largest_lambda: float) -> _Rule:
    # The quantity is the sum of all entries, Σ_j a_ij / w_i; a_ij + a_ji ≥ 2 makes it at least n².
    n = len(low)
    smallest, largest = np.tile(1 / high[:, None], n), np.tile(1 / low[:, None], n)
    return _SharedQuantity(smallest, largest, np.zeros(n), np.zeros(n), (n * n, np.inf))


@dataclass(frozen=True)
class _ColumnSum:
    """``Σ_j a_ij t_j = n w_i`` with ``t_j = 1 / Σ_i a_ij``: the intervals are those of t, shape (n, m).

    Row j fixes column j by reciprocity, hence t_j; what is left of each row and column bounds the others.
    """

    weight_low: np.ndarray
    weight_high: np.ndarray
    scale: np.ndarray
    rounds: ClassVar[int] = 4

    def start(self) -> tuple[np.ndarray, np.ndarray]:
        n, largest = len(self.weight_low), self.scale[-1]
        return np.full((n, 1), 1 / (1 + (n - 1) * largest)), np.full((n, 1), 1 / (1 + (n - 1) / largest))

    def choices(self, frontier: _Frontier, tails: np.ndarray) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        row = frontier.row
        size = max(1, _BLOCK // tails.shape[1])
        for start in range(0, frontier.matrices.shape[-1], size):
            block = slice(start, start + size)
            fits = self._rows_fit(row, frontier.matrices[..., block], frontier.low[:, block], frontier.high[:, block])
            chosen, position = np.nonzero(fits.reshape(len(fits), -1))
            yield fits.size, chosen + start, position

    def _rows_fit(self, row: int, matrices: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Whether the equations of the rows up to `row` can hold, for every tail; shape (m, scale, …, scale).

        A tail fixes t of its row; each equation leaves an interval for it.
        """
        n, size, largest = len(self.weight_low), len(self.scale), self.scale[-1]
        dimensions = n - 1 - row
        unknown = dimensions - 1

        def spread(values: np.ndarray, entry: int | None = None) -> np.ndarray:
            """Values by partial matrix and by one entry of the tail, laid out to broadcast over all tails."""
            return values.reshape(-1, *(size if axis == entry else 1 for axis in range(dimensions)))

        own_sum = spread(matrices[: row + 1, row].sum(axis=0))
        for k in range(dimensions):
            own_sum = own_sum + spread(1 / self.scale, k)
        own = 1 / own_sum
        own_low, own_high = spread(low[row] - _SLACK), spread(high[row] + _SLACK)
        column = 1 + matrices[:row, row + 1 :].sum(axis=0)[..., None] + self.scale
        t_low = np.maximum(low[row + 1 :, :, None], 1 / (column + unknown * largest))
        t_high = np.minimum(high[row + 1 :, :, None], 1 / (column + unknown / largest))
        for i in range(row + 1):
            used = (matrices[i, :row] * low[:row]).sum(axis=0)
            room_low = spread((n * self.weight_low[i] - used - _SLACK) / matrices[i, row])
            room_high = spread((n * self.weight_high[i] - used + _SLACK) / matrices[i, row])
            for k in range(dimensions):
                entries = self.scale if i == row else (matrices[i, row + 1 + k] / matrices[i, row])[:, None]
                room_low = room_low - spread(entries * t_high[k], k)
                room_high = room_high - spread(entries * t_low[k], k)
            own_low, own_high = np.maximum(own_low, room_low), np.minimum(own_high, room_high)
        return np.asarray((own >= own_low) & (own <= own_high))

    def narrow(self, frontier: _Frontier) -> np.ndarray:
        n, largest, chosen = len(self.weight_low), self.scale[-1], frontier.row
        matrices, low, high = frontier.matrices, frontier.low, frontier.high
        done, ahead = slice(0, chosen), slice(chosen, n)
        low[chosen - 1] = high[chosen - 1] = 1 / matrices[:, chosen - 1].sum(axis=0)
        used = (matrices[:, done] * low[done]).sum(axis=1)
        rest_low = n * self.weight_low[:, None] - used - _SLACK
        rest_high = n * self.weight_high[:, None] - used + _SLACK
        entries = matrices[done, ahead]
        column = 1 + entries.sum(axis=0)
        unknown = n - 1 - chosen
        t_low = np.maximum(low[ahead], 1 / (column + unknown * largest))
        t_high = np.minimum(high[ahead], 1 / (column + unknown / largest))
        # Column k and row k hold the unknown entries and their inverses, so by Cauchy and Schwarz
        # (1/t_k − column_k) (rest_k − t_k) ≥ (Σ √t_m)², m unknown: t_k is at most the smaller root.
        middle = 1 + column * rest_high[ahead] + _others(np.sqrt(t_low)) ** 2
        discriminant = np.maximum(middle**2 - 4 * column * rest_high[ahead], 0)
        t_high = np.minimum(t_high, (middle - np.sqrt(discriminant)) / (2 * column))
        t_low = np.maximum(t_low, (1 - _others(rest_high[ahead] - t_low)) / column)
        for rest_below, rest_above, row_entries in zip(rest_low[done], rest_high[done], entries, strict=True):
            from_below, from_above = _others(row_entries * t_low), _others(row_entries * t_high)
            t_high = np.minimum(t_high, (rest_above - from_below) / row_entries)
            t_low = np.maximum(t_low, (rest_below - from_above) / row_entries)
        low[ahead], high[ahead] = t_low - _SLACK, t_high + _SLACK
        return np.asarray((rest_high > 0).all(axis=0) & (low[ahead] <= high[ahead]).all(axis=0))


def _column_sum(low: np.ndarray, high: np.ndarray, scale: np.ndarray, largest_lambda: float) -> _Rule:
    return _ColumnSum(low, high, scale)


_RULES: dict[str, Callable[[np.ndarray, np.ndarray, np.ndarray, float], _Rule]] = {
    "eigenvector": _eigenvector,
    "geometric_mean": _geometric_mean,
    "column_sum": _column_sum,
    "row_sum": _row_sum,
}


def _tails(scale: np.ndarray, length: int) -> np.ndarray:
    """Every way to fill the entries right of the diagonal, the last entry changing fastest; shape (length, ways)."""
    return np.array(np.meshgrid(*[scale] * length, indexing="ij")).reshape(length, len(scale) ** length)


def _triad_inconsistency(matrices: np.ndarray, row: int) -> np.ndarray:
    """Σ (q^(1/3) + q^(−1/3) − 2) over the triads (i, row, k), i < row < k, with q = a_ir a_rk / a_ik."""
    roots = np.cbrt(matrices[:row, None, row] * matrices[row, None, row + 1 :] / matrices[:row, row + 1 :])
    return np.asarray((roots + 1 / roots - 2).sum(axis=(0, 1)))


def _others(values: np.ndarray) -> np.ndarray:
    """For each place on the first axis, the sum of all the other places."""
    return np.asarray(values.sum(axis=0) - values)
