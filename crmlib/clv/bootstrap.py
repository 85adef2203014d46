"""Fits to customers drawn anew: how far estimates scatter, whatever the model says."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.clv.fitting import Fit, LogLikelihood, maximise
from crmlib.errors import InputError, Problem

__all__ = ["Bootstrap", "bootstrap"]


@dataclass(frozen=True)
class Bootstrap:
    """Fits to customers drawn anew, with replacement. `parameters`: one row a draw; `failed`: draws without a fit."""

    model: str
    parameters: pd.DataFrame
    failed: int
    seed: int

    def intervals(self, level: float = 0.95) -> pd.DataFrame:
        """Lower and upper bound of each parameter: the percentiles of the draws that could be fitted."""
        bounds = self.parameters.quantile([(1 - level) / 2, (1 + level) / 2]).T
        return bounds.set_axis(["lower", "upper"], axis=1)

    def to_frame(self) -> pd.DataFrame:
        """One row a draw."""
        return self.parameters

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "model": self.model,
            "parameters": self.parameters.to_dict(orient="list"),
            "failed": self.failed,
            "seed": self.seed,
        }


def bootstrap(
    fit: Fit, counts: np.ndarray, weighted: Callable[[np.ndarray], LogLikelihood], draws: int, seed: int
) -> Bootstrap:
    """Refit the model to customers drawn anew, to see how far the estimates scatter.

    Drawing customers with replacement is drawing how many fall into each cell, so no customer is touched.

    Parameters
    ----------
    fit
        The fit to the customers as they are; every refit starts from it.
    counts
        Customers in each cell.
    weighted
        Gives the log-likelihood for other counts.
    draws, seed
        How many refits, and the seed of the generator.

    Raises
    ------
    InputError
        If the fit itself is in doubt.

    Examples
    --------
    >>> purchases, customers = np.array([2.0, 6.0]), np.array([50, 50])
    >>> def weighted(counts):
    ...     return lambda rate: (
    ...         (counts * (purchases * np.log(rate) - rate)).sum(), np.array([(counts * (purchases / rate - 1)).sum()])
    ...     )
    >>> fit = maximise("Poisson", ["rate"], weighted(customers), np.ones(1), customers=100, cells=2)
    >>> bootstrap(fit, customers, weighted, draws=200, seed=1).intervals().round(1).loc["rate"].to_list()
    [3.7, 4.4]
    """
    if not fit.converged:
        raise InputError(f"The bootstrap of {fit.model}", [Problem("fit", "; ".join(fit.warnings), "Fit first")])
    rng = np.random.default_rng(seed)
    shares = counts / counts.sum()
    rows = []
    for _ in range(draws):
        drawn = rng.multinomial(int(counts.sum()), shares)
        refit = maximise(
            fit.model, list(fit.parameters.index), weighted(drawn), fit.parameters.to_numpy(), fit.customers,
            fit.cells, near=fit,
        )  # fmt: skip
        if refit.converged:
            rows.append(refit.parameters.to_numpy())
    table = pd.DataFrame(rows, columns=fit.parameters.index).rename_axis("draw")
    return Bootstrap(model=fit.model, parameters=table, failed=draws - len(rows), seed=seed)
