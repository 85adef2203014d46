"""The lowest value of each class, exactly, without sorting: by histograms that can be added up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from crmlib.arguments import checked
from crmlib.errors import InputError, Problem

__all__ = ["Histogram", "class_limits", "limits_from_histogram"]

#: A share that comes within this of a cut has reached it. Sums of floats are off by at most 1e-11 of the total here
#: (`Histogram.of`), so that no rounding error decides between two classes.
ROUNDING = 1e-10

#: Mantissa bits dropped from a float to make its bucket: 8 of 52 remain, so a bucket is at most 0.4 % wide.
DROPPED_BITS = 44

#: Values taken at a time, so that they stay in the processor's cache and few are added up naively.
BLOCK = 1 << 15

By = Literal["value", "customers"]


@dataclass(frozen=True)
class Histogram:
    """Customers and their value by bucket. `buckets`: ascending; a higher bucket holds higher values only.

    `customers`: how many are in each bucket; `totals`: the sum of their positive values, in the values' unit.
    Buckets are cut at fixed floats (sign, exponent and the first bits of the mantissa), never by the data, so
    histograms of parts of a table add up to the histogram of the table.
    """

    buckets: np.ndarray
    customers: np.ndarray
    totals: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray) -> Histogram:
        """Count finite values in one pass; an InputError if one is not.

        At most 32,768 values are added one by one, and then the sums of such blocks: the relative error of a
        total stays below 1e-11 for any ten billion values; whole numbers are added without error.

        Examples
        --------
        >>> histogram = Histogram.of(np.array([8.0, 1.0, 1.0]))
        >>> histogram.customers.tolist(), histogram.totals.tolist()
        ([2, 1], [2.0, 8.0])
        """
        usable = isinstance(values, np.ndarray) and values.dtype.kind in "iuf" and len(values) > 0
        ends = np.array([values.min(), values.max()] if usable else [np.nan], dtype=float)
        if not np.isfinite(ends).all():
            remedy = "Write numbers, 0 for nothing, before the values are counted"
            raise InputError("The customers' values", [Problem("an array of them", "not all finite numbers", remedy)])
        positive = bool(ends[0] > 0)
        first, last = bucket_of(ends, positive).tolist()
        customers, totals = np.zeros(last - first + 1, dtype=np.int64), np.zeros(last - first + 1)
        for block in _blocks(values):
            places = bucket_of(block, positive)
            places -= first
            customers += np.bincount(places, minlength=len(customers))
            totals += np.bincount(places, weights=block, minlength=len(totals))
        filled = np.flatnonzero(customers)
        return cls(filled + first, customers[filled], np.maximum(totals[filled], 0))

    def __add__(self, other: Histogram) -> Histogram:
        """Return the histogram of both parts together."""
        buckets, places = np.unique(np.concatenate([self.buckets, other.buckets]), return_inverse=True)
        customers, totals = (
            np.bincount(places, weights=np.concatenate(column))
            for column in ((self.customers, other.customers), (self.totals, other.totals))
        )
        return Histogram(buckets, customers.astype(np.int64), totals)


def bucket_of(values: np.ndarray, positive: bool = False) -> np.ndarray:
    """Bucket of each value: its bit pattern without the last bits, which ascends with the value.

    It is quicker if all values are known to be `positive`.
    """
    if positive:
        return values.view(np.int64) >> DROPPED_BITS
    bits = (values + 0.0).view(np.int64)  # + 0.0 makes −0.0 the same as 0.0
    bits ^= (bits >> 63) & np.int64(0x7FFF_FFFF_FFFF_FFFF)  # negative floats descend with their bits
    return bits >> DROPPED_BITS


def cumulated(shares: Mapping[str, float]) -> np.ndarray:
    """The cut at the end of every class but the last, as a share of the whole."""
    values = np.array(list(shares.values()), dtype=float)
    if len(values) < 2 or not (values > 0).all() or abs(values.sum() - 1) > ROUNDING:
        found = ", ".join(f"{name} {share}" for name, share in shares.items())
        remedy = "Give two classes or more, each with a positive share, that sum to 1"
        raise InputError("The classes", [Problem("shares", f"found {found or 'none'}", remedy)])
    return np.cumsum(values)[:-1]


@checked("The classes")
def class_limits(parts: Iterable[np.ndarray], shares: Mapping[str, float], by: By = "value") -> np.ndarray:
    """Lowest value of every class but the last, as by sorting all customers, but in two passes over the parts.

    The first pass adds up histograms and finds the bucket in which each cut falls; the second looks at the
    values of those buckets only.

    Parameters
    ----------
    parts
        Arrays of finite numbers that together hold every customer once, such as memory-mapped files; gone
        through twice, so a generator will not do.
    shares, by
        As in `abc_classes`.

    Returns
    -------
    numpy.ndarray
        Ends of the classes from the best on, never ascending; a customer belongs to the first class whose
        limit its value reaches, or to the last.

    Examples
    --------
    >>> class_limits([np.array([7.0, 1.0]), np.array([2.0])], {"A": 0.7, "B": 0.2, "C": 0.1})
    array([7., 2.])
    """
    histogram = None
    for part in parts:
        if len(part):
            histogram = Histogram.of(part) if histogram is None else histogram + Histogram.of(part)
    if histogram is None:
        raise InputError("The customers' values", [Problem("rows", "found no customer", "Give at least one")])

    def refine(bucket: int) -> tuple[np.ndarray, np.ndarray]:
        low, high = bucket_edges(bucket)
        inside = [block[(block >= low) & (block < high)] for part in parts for block in _blocks(part)]
        return np.unique(np.concatenate(inside), return_counts=True)

    return limits_from_histogram(histogram, shares, by, refine)


def limits_from_histogram(
    histogram: Histogram,
    shares: Mapping[str, float],
    by: By,
    refine: Callable[[int], tuple[np.ndarray, np.ndarray]],
) -> np.ndarray:
    """Lowest value of every class but the last.

    Parameters
    ----------
    histogram
        Of all customers; its buckets may be of any make.
    shares, by
        As in `abc_classes`.
    refine
        Gives the distinct values inside a bucket, ascending, and how many customers have each.

    Raises
    ------
    InputError
        If the shares are unusable, or no customer has a positive value and value is to be shared out.
    """
    cuts = cumulated(shares)
    weights = histogram.totals if by == "value" else histogram.customers.astype(float)
    total = weights.sum()
    if not total > 0:
        remedy = "Nothing can be shared out; use classes by head count, or another value"
        raise InputError("The customers' values", [Problem("values", "none is positive", remedy)])
    before = np.concatenate([np.cumsum(weights[::-1])[::-1][1:], [0.0]])  # what all higher buckets hold
    limits = []
    for line in (cuts - ROUNDING) * total:
        place = int(np.flatnonzero(before < line)[0])
        values, customers = refine(int(histogram.buckets[place]))
        held = customers * np.maximum(values, 0) if by == "value" else customers.astype(float)
        higher = before[place] + np.concatenate([np.cumsum(held[::-1])[::-1][1:], [0.0]])
        limits.append(float(values[np.flatnonzero(higher < line)[0]]))
    return np.array(limits)


def bucket_edges(bucket: int) -> tuple[float, float]:
    """Lowest float of a bucket and of the next."""
    edges = np.array([bucket, bucket + 1], dtype=np.int64) << DROPPED_BITS
    edges ^= (edges >> 63) & np.int64(0x7FFF_FFFF_FFFF_FFFF)
    low, high = edges.view(np.float64).tolist()
    return low, high


def _blocks(values: np.ndarray) -> Iterator[np.ndarray]:
    return (np.asarray(values[start : start + BLOCK], dtype=float) for start in range(0, len(values), BLOCK))
