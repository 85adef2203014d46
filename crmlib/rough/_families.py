"""Families of attribute sets as truth values over all subsets: the set with bits S stands at position S."""

import numpy as np

__all__ = ["hitting", "members", "minimal", "with_supersets"]


def _halves(family: np.ndarray, bit: int) -> np.ndarray:
    """A view of shape (…, 2, …): the sets without an attribute, and the same sets with it."""
    return family.reshape(family.shape[0], -1, 2, 1 << bit)


def _bits(family: np.ndarray) -> range:
    return range(family.shape[1].bit_length() - 1)


def with_supersets(families: np.ndarray) -> np.ndarray:
    """Add all supersets to each family, in place; shape (families, subsets).

    Examples
    --------
    >>> with_supersets(np.array([[False, True, False, False]])).tolist()
    [[False, True, False, True]]
    """
    for bit in _bits(families):
        halves = _halves(families, bit)
        halves[:, :, 1] |= halves[:, :, 0]
    return families


def hitting(closed: np.ndarray) -> np.ndarray:
    """All sets that meet every member of families closed upwards.

    A set misses a member if its complement holds one, and the complement of S stands at the mirrored position.

    Examples
    --------
    >>> hitting(np.array([[False, True, False, True]])).tolist()
    [[False, True, False, True]]
    """
    return ~closed[:, ::-1]


def minimal(closed: np.ndarray) -> np.ndarray:
    """The members of families closed upwards from which nothing can be left out.

    Examples
    --------
    >>> minimal(np.array([[False, True, True, True]])).tolist()
    [[False, True, True, False]]
    """
    least = closed.copy()
    for bit in _bits(closed):
        _halves(least, bit)[:, :, 1] &= ~_halves(closed, bit)[:, :, 0]
    return least


def members(sets: np.ndarray, count: int) -> np.ndarray:
    """Which of `count` attributes are in each set of bits, shape (sets, count).

    Examples
    --------
    >>> members(np.array([5]), 3).tolist()
    [[True, False, True]]
    """
    return np.asarray((sets[:, None] >> np.arange(count)) & 1 == 1)
