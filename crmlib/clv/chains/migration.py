"""Migration: customers move between states, buy with the chance of their state, and are given up in time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.checks import floats
from crmlib.clv._numbers import check_kind, listed, plain_horizon
from crmlib.clv.chains._distributions import (
    horizon_problems,
    labelled_problems,
    matrix_problems,
    number_problems,
    rate_problems,
)
from crmlib.clv.chains.markov import discounted_sum
from crmlib.errors import InputError, Problem

__all__ = [
    "Migration",
    "Remarketing",
    "RemarketingChoices",
    "best_remarketing",
    "recency_migration",
    "remarketing_choices",
]

_FORMER = "former"


@dataclass(frozen=True)
class Migration:
    """A chain of customer states with its cash flows.

    `transitions`: shape (states, states), probabilities of a period in which the firm goes on marketing to
    the customer; `rewards`: cash flow of a period in each state if it does; `stop_rewards`: the last cash flow
    if it stops there, after which nothing follows.
    """

    transitions: pd.DataFrame
    rewards: pd.Series
    stop_rewards: pd.Series

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "transitions": self.transitions.to_dict(orient="index"),
            "rewards": self.rewards.to_dict(),
            "stop_rewards": self.stop_rewards.to_dict(),
        }


@dataclass(frozen=True)
class Remarketing:
    """In which states marketing pays, if the firm decides in each state for the best.

    `table`: one row a state: the present value ``if_remarketed`` (now, and wherever it pays later),
    ``if_stopped``, the larger of both as ``value``, and the decision ``remarket``. A tie is a stop.
    """

    table: pd.DataFrame
    discount_rate: float
    rounds: int

    def to_frame(self) -> pd.DataFrame:
        """One row a state."""
        return self.table

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "states": self.table.to_dict(orient="index"),
            "discount_rate": self.discount_rate,
            "rounds": self.rounds,
        }


@dataclass(frozen=True)
class RemarketingChoices:
    """Every choice of the recency after which remarketing stops.

    `values`: one row a choice (the last recency that is still remarketed, 0 for none), one column a state: the
    present value of a customer there; `best`: the choice worth most for a customer who has just bought, the
    earliest stop among equals.
    """

    values: pd.DataFrame
    best: int
    discount_rate: float
    horizon: float

    def to_frame(self) -> pd.DataFrame:
        """One row a choice."""
        return self.values

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "values": self.values.to_dict(orient="index"),
            "best": self.best,
            "discount_rate": self.discount_rate,
            "horizon": plain_horizon(self.horizon),
        }


def recency_migration(purchase_probabilities: Sequence[float], margin: float, cost: float) -> Migration:
    """Migration by recency: who buys is at recency 1 again, who does not moves on [pfeifer2000]_.

    A customer at recency k bought k periods ago. Beyond the last recency a customer is ``former``: not
    remarketed, and never back. A customer at recency 1 has just bought, which brings the margin; every
    customer who is not former costs the marketing of the period.

    Parameters
    ----------
    purchase_probabilities
        Chance to buy in the next period at recency 1, 2, …, if remarketed.
    margin
        Net contribution of a purchase, before the marketing.
    cost
        Marketing for one customer in one period.

    Raises
    ------
    InputError
        Lists every probability that is none; a margin or cost that is no finite number; a negative cost.

    Examples
    --------
    >>> recency_migration([0.3, 0.2], margin=40, cost=4).transitions
               recency 1  recency 2  former
    recency 1        0.3        0.7     0.0
    recency 2        0.2        0.0     0.8
    former           0.0        0.0     1.0
    """
    subject = "The migration by recency"
    chances = pd.DataFrame({"chance": listed(subject, purchase_probabilities=purchase_probabilities)}, dtype=object)
    values = floats(chances)[:, 0]
    problems = [
        Problem(f"purchase probability at recency {place + 1}", f"found {chances.iat[place, 0]!r}", "Give 0 to 1")
        for place in np.flatnonzero(~((values >= 0) & (values <= 1))).tolist()
    ]
    if chances.empty:
        problems.append(Problem("purchase probabilities", "there is none", "Give one for each recency, from 1"))
    problems += number_problems("margin", margin) + number_problems("cost", cost, lowest=0)
    if problems:
        raise InputError(subject, problems)
    size = len(values)
    states = [*(f"recency {place}" for place in range(1, size + 1)), _FORMER]
    transitions = np.zeros((size + 1, size + 1))
    transitions[:-1, 0] = values
    transitions[np.arange(size), np.arange(1, size + 1)] += 1 - values
    transitions[-1, -1] = 1
    bought = np.where(np.arange(size + 1) == 0, float(margin), 0.0)
    return Migration(
        transitions=pd.DataFrame(transitions, index=states, columns=states),
        rewards=pd.Series(bought - np.where(np.arange(size + 1) == size, 0.0, float(cost)), index=states),
        stop_rewards=pd.Series(bought, index=states),
    )


def remarketing_choices(
    purchase_probabilities: Sequence[float],
    margin: float,
    cost: float,
    discount_rate: float,
    horizon: float = np.inf,
) -> RemarketingChoices:
    """Compare all recencies after which the firm could stop marketing to a customer [pfeifer2000]_.

    Parameters
    ----------
    purchase_probabilities, margin, cost
        As for `recency_migration`.
    discount_rate
        Per period.
    horizon
        Last period that counts; for ever by default.

    Raises
    ------
    InputError
        As `recency_migration` and `chain_value` do.

    Examples
    --------
    >>> choices = remarketing_choices([0.3, 0.2, 0.15, 0.05], margin=40, cost=4, discount_rate=0.2)
    >>> choices.best, choices.values["recency 1"].round(2).to_list()
    (3, [40.0, 48.0, 51.57, 53.15, 52.32])
    """
    migration = recency_migration(purchase_probabilities, margin, cost)
    states = migration.transitions.index
    _check(migration, discount_rate, horizon)
    last = range(len(states))
    rows = [_value(migration, np.arange(len(states)) < choice, discount_rate, horizon) for choice in last]
    values = pd.DataFrame(rows, index=pd.Index(last, name="last remarketed recency"), columns=states)
    return RemarketingChoices(values, int(values.iloc[:, 0].to_numpy().argmax()), float(discount_rate), horizon)


def best_remarketing(migration: Migration, discount_rate: float) -> Remarketing:
    r"""Decide in every state whether marketing pays, by policy iteration [howard1960]_.

    The value solves :math:`V = \max(\text{stop}, R + P V/(1+d))` in every state. It starts with a firm that
    markets to nobody and changes the decision wherever that pays, until no change pays.

    Parameters
    ----------
    migration
        Any states; `recency_migration` builds those of recency.
    discount_rate
        Per period.

    Raises
    ------
    InputError
        If the chain cannot be used, or a value for ever is not finite.

    Examples
    --------
    >>> migration = recency_migration([0.3, 0.2, 0.15, 0.05], margin=40, cost=4)
    >>> best_remarketing(migration, discount_rate=0.2).table["remarket"].to_list()
    [True, True, True, False, False]
    """
    check_kind("The migration", Migration, "Give the answer of recency_migration", migration=migration)
    _check(migration, discount_rate, np.inf)
    step = migration.transitions.to_numpy(dtype=float) / (1 + discount_rate)
    rewards, stopped = (
        series.reindex(migration.transitions.index).to_numpy(dtype=float)
        for series in (migration.rewards, migration.stop_rewards)
    )
    remarket, rounds = np.zeros(len(step), dtype=bool), 0
    while True:
        values = _value(migration, remarket, discount_rate, np.inf)
        marketed = rewards + step @ values
        better = marketed > stopped + 1e-12 * np.maximum(np.abs(stopped), 1)
        if (better == remarket).all():
            break
        remarket, rounds = better, rounds + 1
    table = pd.DataFrame(
        {"if_remarketed": marketed, "if_stopped": stopped, "value": values, "remarket": remarket},
        index=migration.transitions.index,
    )
    return Remarketing(table, float(discount_rate), rounds)


def _check(migration: Migration, discount_rate: float, horizon: float) -> None:
    problems = matrix_problems(migration.transitions) + rate_problems(discount_rate)
    problems += horizon_problems(horizon)
    for series, what in ((migration.rewards, "reward"), (migration.stop_rewards, "stop reward")):
        problems += labelled_problems(series, migration.transitions.index, what)
    if problems:
        raise InputError("The migration", problems)


def _value(migration: Migration, remarketed: np.ndarray, discount_rate: float, horizon: float) -> np.ndarray:
    """Present value by state of marketing to these states alone: elsewhere the last reward comes, and nothing after."""
    states = migration.transitions.index
    step = np.where(remarketed[:, None], migration.transitions.to_numpy(dtype=float), 0.0) / (1 + discount_rate)
    rewards = migration.rewards.where(remarketed, migration.stop_rewards)
    return discounted_sum(step, rewards.reindex(states).to_numpy(dtype=float), states, horizon)
