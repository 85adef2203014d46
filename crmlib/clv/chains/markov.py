"""Markov chains of customers: where they are expected to be, and what they are worth."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from crmlib.clv._numbers import plain_horizon
from crmlib.clv.chains._distributions import (
    count_problems,
    horizon_problems,
    labelled_problems,
    matrix_problems,
    rate_problems,
)
from crmlib.errors import InputError, Problem
from crmlib.positions import Numbers, NumberTable, as_series, as_table

__all__ = ["ChainValue", "chain_value", "discounted_sum", "expected_path"]


@dataclass(frozen=True)
class ChainValue:
    """Expected present value of one customer by its state now, in the unit of the rewards.

    `horizon`: the last period that counts, infinity for ever; `convention`: when rewards come.
    """

    values: pd.Series
    discount_rate: float
    horizon: float
    convention: str

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "values": self.values.to_dict(),
            "discount_rate": self.discount_rate,
            "horizon": plain_horizon(self.horizon),
            "convention": self.convention,
        }


def chain_value(
    transitions: NumberTable, rewards: Numbers, discount_rate: float, horizon: float = np.inf
) -> ChainValue:
    r"""Expected present value of a customer by its state now [pfeifer2000]_.

    :math:`V_T = \sum_{t=0}^{T} (1+d)^{-t} P^t R`, and for ever :math:`V = (I - P/(1+d))^{-1} R`. The
    reward of the state now counts in full; the next one comes a period later.

    Parameters
    ----------
    transitions
        Shape (states, states): probability of moving from the row's state to the column's in a period.
    rewards
        Cash flow of a period in each state, by state; costs are negative.
    discount_rate
        Per period; 0 and negative rates are allowed as long as the value is finite.
    horizon
        Last period that counts, 0 for the present one alone; for ever by default.

    Raises
    ------
    InputError
        Lists every row that is no distribution, every label that does not match, every reward that is no
        number; or says which states keep a value for ever from being finite.

    Examples
    --------
    >>> states = ["customer", "lost"]
    >>> chain = pd.DataFrame([[0.8, 0.2], [0.0, 1.0]], index=states, columns=states)
    >>> chain_value(chain, pd.Series({"customer": 100.0, "lost": 0.0}), 0.1).values.round(2).to_dict()
    {'customer': 366.67, 'lost': 0.0}
    """
    transitions = as_table(transitions, "transitions")
    rewards = as_series(rewards, "rewards", transitions.index)
    problems = matrix_problems(transitions) + rate_problems(discount_rate)
    problems += labelled_problems(rewards, transitions.index, "reward")
    problems += horizon_problems(horizon)
    if problems:
        raise InputError("The chain", problems)
    states = transitions.index
    step = transitions.to_numpy(dtype=float) / (1 + discount_rate)
    values = discounted_sum(step, rewards.reindex(states).to_numpy(dtype=float), states, horizon)
    return ChainValue(
        values=pd.Series(values, index=states),
        discount_rate=float(discount_rate),
        horizon=horizon,
        convention="the reward of the state now comes at once, each later one a period after the last",
    )


def discounted_sum(step: np.ndarray, reward: np.ndarray, states: pd.Index, horizon: float) -> np.ndarray:
    """``Σ stepᵗ·reward`` for t from 0 to the horizon, or for ever; `step` is discounted, its rows may leak.

    Raises
    ------
    InputError
        If the sum for ever is not finite, naming the states.

    Examples
    --------
    >>> discounted_sum(np.array([[0.5]]), np.array([3.0]), pd.Index(["customer"]), np.inf).tolist()
    [6.0]
    """
    if horizon < np.inf:
        # Each further power of this matrix adds one more period to the sum in its last column.
        ladder = np.block([[step, reward[:, None]], [np.zeros((1, len(states))), np.ones((1, 1))]])
        return np.asarray(np.linalg.matrix_power(ladder, int(horizon) + 1)[:-1, -1])
    # States that can never earn or cost anything are worth 0, and must not keep the others from a solution.
    reach = np.isfinite(scipy.sparse.csgraph.shortest_path(np.ascontiguousarray(step > 0), unweighted=True))
    live = reach[:, reward != 0].any(axis=1)
    inner = step[np.ix_(live, live)]
    if live.any() and np.abs(np.linalg.eigvals(inner)).max() >= 1 - 1e-12:
        found = f"the rewards that {', '.join(map(str, states[np.flatnonzero(live)]))} can reach do not fade"
        raise InputError("The value for ever", [Problem("discount_rate", found, "Raise it, or give a horizon")])
    values = np.zeros(len(reward))
    values[live] = np.linalg.solve(np.eye(live.sum()) - inner, reward[live])
    return values


def expected_path(transitions: NumberTable, start: Numbers, periods: int) -> pd.DataFrame:
    """Expected number, or share, of customers in each state: one row a period, the start first.

    The number in period t is ``start · Pᵗ``; with recency states this is the migration case of
    [berger1998]_, and with brands the path of the shares [rust2004]_.

    Parameters
    ----------
    start
        Customers, or shares, by state.

    Raises
    ------
    InputError
        If the matrix is none, or a state is missing or negative in `start`.

    Examples
    --------
    >>> chain = pd.DataFrame([[0.7, 0.3], [0.5, 0.5]], index=["A", "B"], columns=["A", "B"])
    >>> expected_path(chain, pd.Series({"A": 1.0, "B": 0.0}), 3)["A"].round(3).tolist()
    [1.0, 0.7, 0.64, 0.628]
    """
    transitions = as_table(transitions, "transitions")
    start = as_series(start, "start", transitions.index)
    problems = matrix_problems(transitions) + labelled_problems(start, transitions.index, "start", lowest=0)
    if problems := problems + count_problems("periods", periods):
        raise InputError("The path", problems)
    step = transitions.to_numpy(dtype=float)
    rows = [start.reindex(transitions.index).to_numpy(dtype=float)]
    for _ in range(periods):
        rows.append(rows[-1] @ step)
    return pd.DataFrame(rows, columns=transitions.columns).rename_axis("period")
