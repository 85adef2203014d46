"""Judgements given as single comparisons: this criterion against that one."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, TypeGuard

import pandas as pd

from crmlib.ahp.judgements import EXACT, HOW_TO_WRITE, judgement_matrix, parse_judgement, read_judgement
from crmlib.errors import InputError, Problem

__all__ = ["judgements_from_pairs"]


def judgements_from_pairs(
    pairs: Mapping[tuple[str, str], object] | Iterable[tuple[str, str, object]],
    names: Iterable[str] | None = None,
    *,
    largest: float | None = 9,
    incomplete: bool = False,
) -> pd.DataFrame:
    """Build a checked reciprocal judgement matrix from single comparisons.

    Parameters
    ----------
    pairs
        ``{("price", "service"): 3}`` or ``[("price", "service", 3)]``: price is 3 times as important as
        service. A pair may be given in either direction, and twice if both say the same.
    names
        The criteria in order; by default in the order in which they first occur.
    largest, incomplete
        As for `judgement_matrix`.

    Returns
    -------
    pandas.DataFrame
        Shape (n, n), as from `judgement_matrix`.

    Raises
    ------
    InputError
        Lists every pair that is malformed, unknown, contradicted or (unless `incomplete`) missing.

    Examples
    --------
    >>> judgements_from_pairs({("price", "service"): 4, ("service", "brand"): "1/2", ("brand", "price"): "1/2"})
             price  service  brand
    price     1.00      4.0    2.0
    service   0.25      1.0    0.5
    brand     0.50      2.0    1.0
    """
    triples = [(pair, value) for pair, value in pairs.items()] if isinstance(pairs, Mapping) else _split(pairs)
    problems = [
        Problem(f"pair {pair!r}", "is not a pair of two different names", "Name two criteria, as text")
        for pair, _ in triples
        if not _is_pair(pair)
    ]
    triples = [(pair, value) for pair, value in triples if _is_pair(pair)]
    labels = list(dict.fromkeys(name for pair, _ in triples for name in pair) if names is None else map(str, names))
    ratios: dict[tuple[str, str], float] = {}
    for pair, value in triples:
        first, second = pair
        where = f"{first} against {second}"
        if unknown := [name for name in pair if name not in labels]:
            problems.append(Problem(where, f"{' and '.join(unknown)} is not a criterion", f"Use {', '.join(labels)}"))
            continue
        try:
            ratio = read_judgement(value) if incomplete else parse_judgement(value)
        except ValueError as error:
            problems.append(Problem(where, str(error), HOW_TO_WRITE))
            continue
        before = ratios.get(pair, math.nan)
        if abs(before / ratio - 1) > EXACT:
            problems.append(Problem(where, f"given as {before:g} and as {ratio:g}", "Keep one of the two"))
        elif not math.isnan(ratio):
            ratios[first, second], ratios[second, first] = ratio, 1 / ratio
    if not incomplete:
        given = {frozenset(pair) for pair, _ in triples}
        problems += [
            Problem(f"{first} against {second}", "the judgement is missing", "Compare the two")
            for first, second in combinations(labels, 2)
            if frozenset((first, second)) not in given
        ]
    if problems:
        raise InputError("The judgements", problems)
    rows = [[1 if row == column else ratios.get((row, column)) for column in labels] for row in labels]
    return judgement_matrix(rows, labels, largest=largest, incomplete=incomplete)


def _split(pairs: Iterable[Any]) -> list[tuple[Any, Any]]:
    return [(tuple(entry[:2]), entry[2]) if _has_three(entry) else (entry, None) for entry in pairs]


def _has_three(entry: Any) -> bool:
    return isinstance(entry, Sequence) and not isinstance(entry, str) and len(entry) == 3


def _is_pair(pair: Any) -> TypeGuard[tuple[str, str]]:
    return isinstance(pair, tuple) and len(set(pair)) == len(pair) == 2 and all(isinstance(name, str) for name in pair)
