"""Where a Markov chain settles: the long-run share of each state, whatever the chain."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from crmlib.clv.chains._distributions import distribution_problems, labelled_problems, matrix_problems
from crmlib.errors import InputError, Problem
from crmlib.positions import Numbers, NumberTable, as_series, as_table

__all__ = ["StationaryDistribution", "stationary_distribution"]


@dataclass(frozen=True)
class StationaryDistribution:
    """Where a chain settles: the share of each state in the long run.

    `closed`: the groups of states that are never left; `transient`: states that are left for good;
    `period`: 1 if the shares of single periods converge, else the number of periods after which they
    repeat themselves, and then `shares` is their average over time; `explanation` says it in words.
    """

    shares: pd.Series
    closed: tuple[tuple[Hashable, ...], ...]
    transient: tuple[Hashable, ...]
    period: int
    explanation: str

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "shares": self.shares.to_dict(),
            "closed": [list(group) for group in self.closed],
            "transient": list(self.transient),
            "period": self.period,
            "explanation": self.explanation,
        }


def stationary_distribution(transitions: NumberTable, start: Numbers | None = None) -> StationaryDistribution:
    """Long-run share of each state, whatever the chain [kemeny1960]_.

    States fall into closed groups, which are never left, and transient ones. With one closed group the
    shares do not depend on the start. With several they do: each group ends up with what the start sends
    into it. Shares that swing for ever are averaged over time, and `period` says so.

    Parameters
    ----------
    start
        Shares now by state; only needed where there are several closed groups.

    Raises
    ------
    InputError
        If the matrix is none, the start is no distribution, or it is needed and missing.

    Examples
    --------
    >>> chain = pd.DataFrame([[0.7, 0.3], [0.5, 0.5]], index=["A", "B"], columns=["A", "B"])
    >>> stationary_distribution(chain).shares.round(6).to_dict()
    {'A': 0.625, 'B': 0.375}
    """
    transitions = as_table(transitions, "transitions")
    if start is not None:
        start = as_series(start, "start", transitions.index)
    problems = matrix_problems(transitions)
    states = transitions.index
    if start is not None and not (problems := problems + labelled_problems(start, states, "start", lowest=0)):
        problems += distribution_problems(start.reindex(states).to_frame().T.rename(index=lambda _: "shares"), "start")
    if problems:
        raise InputError("The chain", problems)
    step = transitions.to_numpy(dtype=float)
    count, label = scipy.sparse.csgraph.connected_components(step > 0, connection="strong")
    groups = [np.flatnonzero(label == group) for group in range(count)]
    closed = [group for group in sorted(groups, key=min) if not np.delete(step[group], group, axis=1).any()]
    inner = np.setdiff1d(np.arange(len(states)), np.concatenate(closed))
    names = tuple(tuple(states[group]) for group in closed)
    if len(closed) > 1 and start is None:
        found = "several groups of states are never left: " + "; ".join(", ".join(map(str, group)) for group in names)
        raise InputError(
            "The stationary distribution",
            [Problem("start", found, "Give the shares now: where it ends depends on them")],
        )
    begun = np.full(len(states), 1 / len(states)) if start is None else start.reindex(states).to_numpy(dtype=float)
    arrived = begun[inner] @ np.linalg.inv(np.eye(len(inner)) - step[np.ix_(inner, inner)])
    shares = np.zeros(len(states))
    for group in closed:
        weight = begun[group].sum() + (arrived @ step[np.ix_(inner, group)]).sum()
        shares[group] = weight * _stationary(step[np.ix_(group, group)])
    period = int(np.lcm.reduce([_period(step[np.ix_(group, group)]) for group in closed]))
    transient = tuple(states[inner])
    return StationaryDistribution(
        shares=pd.Series(shares, index=states),
        closed=names,
        transient=transient,
        period=period,
        explanation=_explain(names, transient, period),
    )


def _stationary(step: np.ndarray) -> np.ndarray:
    """π with π = πP and sum 1, of a group in which every state leads to every other."""
    system = np.eye(len(step)) - step.T
    system[-1] = 1
    return np.linalg.solve(system, np.eye(len(step))[-1])


def _period(step: np.ndarray) -> int:
    """Greatest common divisor of the lengths of all ways from a state back to itself."""
    depth = scipy.sparse.csgraph.shortest_path(np.ascontiguousarray(step > 0), unweighted=True, indices=0)
    here, there = np.nonzero(step > 0)
    return int(np.gcd.reduce((depth[here] + 1 - depth[there]).astype(int)))


def _explain(closed: tuple[tuple[Hashable, ...], ...], transient: tuple[Hashable, ...], period: int) -> str:
    told = "The shares settle, wherever they start."
    if len(closed) > 1:
        told = "Where the shares settle depends on the start."
    if period > 1:
        told += f" They swing with a period of {period}; given is their average over time."
    if transient:
        told += f" In the end nothing is left of {', '.join(map(str, transient))}."
    return told
