"""The switching matrix estimated from observed steps, with intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from crmlib.checks import is_number, shown
from crmlib.clv._numbers import check_kind, generator, listed
from crmlib.clv.chains.switches import Switches, square_table
from crmlib.clv.terms import align
from crmlib.errors import InputError, Problem

__all__ = ["SwitchingEstimate", "estimate_switching"]


@dataclass(frozen=True)
class SwitchingEstimate:
    """A switching matrix with the uncertainty of its entries.

    `matrix`: posterior means, rows sum to 1; `lower` and `upper`: between them an entry lies with the
    probability `level`; `unobserved`: brands that nobody is seen to have bought before, whose rows are NaN:
    leave the brand out, or write the row by hand and call it an assumption. `absorbing`: states that are never left.
    """

    matrix: pd.DataFrame
    lower: pd.DataFrame
    upper: pd.DataFrame
    switches: Switches
    unobserved: tuple[str, ...]
    absorbing: tuple[str, ...]
    level: float
    prior: float
    method: str

    def to_frame(self) -> pd.DataFrame:
        """One row an entry of the matrix: its count, estimate and interval."""
        parts = {"count": self.switches.counts, "estimate": self.matrix, "lower": self.lower, "upper": self.upper}
        return pd.DataFrame({name: part.stack() for name, part in parts.items()}).rename_axis(["last", "next"])

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "matrix": self.matrix.to_dict(orient="index"),
            "lower": self.lower.to_dict(orient="index"),
            "upper": self.upper.to_dict(orient="index"),
            "switches": self.switches.to_dict(),
            "unobserved": list(self.unobserved),
            "absorbing": list(self.absorbing),
            "level": self.level,
            "prior": self.prior,
            "method": self.method,
        }

    def draws(self, number: int, seed: int) -> list[pd.DataFrame]:
        """Matrices drawn from the posterior, to carry its uncertainty into whatever follows.

        Raises
        ------
        InputError
            If a row was never observed.
        """
        align("The draws", {"number": "several"}, number=number)
        if self.unobserved:
            problems = [
                Problem(f"row {brand!r}", "was never observed", "Leave the brand out") for brand in self.unobserved
            ]
            raise InputError("The estimated matrix", problems)
        weights = _weights(self.switches.counts, self.absorbing, self.prior)
        gammas = generator(seed).standard_gamma(weights, size=(number, *self.matrix.shape))
        shares = gammas / gammas.sum(axis=2, keepdims=True)
        return [pd.DataFrame(one, index=self.matrix.index, columns=self.matrix.columns) for one in shares]


def estimate_switching(
    switches: Switches, *, absorbing: Sequence[str] = (), level: float = 0.95, prior: float = 0.5
) -> SwitchingEstimate:
    """Estimate the switching matrix: each row has a Dirichlet posterior, each entry a beta interval [martin1967]_.

    With n steps from a row's brand, x of them to the column's, among k brands, the entry has the mean
    (x + prior)/(n + k·prior) and the posterior Beta(x + prior, n − x + (k − 1)·prior). The steps of all
    customers count alike [anderson1957]_.

    Parameters
    ----------
    absorbing
        States that are never left, such as customers who are lost: their rows are known, and not estimated.
    level
        Probability of the equal-tailed intervals.
    prior
        Steps assumed for each entry before any is observed: 0.5 is Jeffreys' choice; with 0, a step that was never
        seen is held impossible.

    Raises
    ------
    InputError
        If a number is out of its range, or an absorbing state is unknown or was left.

    Examples
    --------
    >>> from crmlib.clv.chains.switches import history_switches
    >>> histories = pd.DataFrame({"customer": ["Ann"] * 11, "brand": list("AAAAAABAAAB")})
    >>> estimate_switching(history_switches(histories)).to_frame().round(3).loc[("A", "A")].to_dict()
    {'count': 7.0, 'estimate': 0.75, 'lower': 0.456, 'upper': 0.951}
    >>> journeys = pd.DataFrame({"customer": ["Ann", "Ann", "Bo", "Bo"], "brand": ["active", "lost"] * 2})
    >>> estimate_switching(history_switches(journeys), absorbing=["lost"]).matrix.round(2).loc["lost"].to_dict()
    {'active': 0.0, 'lost': 1.0}
    """
    check_kind("The estimate", Switches, "Give the answer of history_switches or survey_switches", switches=switches)
    if problems := _estimate_problems(switches, absorbing, level, prior):
        raise InputError("The estimate", problems)
    labels = switches.counts.index
    here = _weights(switches.counts, absorbing, prior)
    seen = switches.counts.sum(axis=1).to_numpy() + labels.isin(absorbing)
    here[seen == 0] = np.nan
    others = here.sum(axis=1, keepdims=True) - here
    # Where one step alone is possible, it is sure, and the beta distribution has no width.
    ends = [(1 - level) / 2, (1 + level) / 2]
    open_ = (here > 0) & (others > 0)
    lower, upper = (
        np.where(
            open_,
            scipy.special.betaincinv(np.where(open_, here, 1), np.where(open_, others, 1), end),
            here / (here + others),
        )
        for end in ends
    )
    return SwitchingEstimate(
        matrix=square_table(here / (here + others), labels),
        lower=square_table(lower, labels),
        upper=square_table(upper, labels),
        switches=switches,
        unobserved=tuple(labels[seen == 0]),
        absorbing=tuple(absorbing),
        level=level,
        prior=prior,
        method="Dirichlet posterior of each row, equal-tailed beta intervals",
    )


def _weights(counts: pd.DataFrame, absorbing: Sequence[str], prior: float) -> np.ndarray:
    """Parameters of the Dirichlet distributions, one row a state; an absorbing state leads to itself alone."""
    weights = counts.to_numpy(dtype=float) + prior
    ends = counts.index.isin(absorbing)
    weights[ends] = np.eye(len(weights))[ends]
    return weights


def _estimate_problems(switches: Switches, absorbing: Sequence[str], level: float, prior: float) -> list[Problem]:
    problems = []
    if not (is_number(level) and 0 < level < 1):
        problems.append(Problem("level", f"found {shown(level)}", "Give a probability, such as 0.95"))
    if not (is_number(prior) and 0 <= prior < np.inf):
        problems.append(Problem("prior", f"found {shown(prior)}", "Give a number from 0, such as 0.5"))
    states = list(switches.counts.index)
    for state in listed("The estimate", absorbing=absorbing):
        if state not in states:
            problems.append(
                Problem("absorbing", f"found {shown(state)}", f"Give a list of {', '.join(map(str, states))}")
            )
        elif left := [str(to) for to, count in switches.counts.loc[state].items() if to != state and count > 0]:
            problems.append(Problem(f"absorbing {shown(state)}", f"was left for {', '.join(left)}", "Leave it out"))
    return problems
