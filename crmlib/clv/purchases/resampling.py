"""Fits to customers drawn anew: how far estimates scatter, whatever the model says."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd

from crmlib.clv._numbers import generator
from crmlib.clv.purchases.cells import Histories, purchase_cells
from crmlib.clv.purchases.fitting import Fit, ParametricModel, Reparametrised, maximise
from crmlib.clv.purchases.gamma_gamma import SpendCells
from crmlib.clv.terms import align
from crmlib.errors import InputError, Problem

__all__ = ["Bootstrap", "bootstrap", "drawn_models", "fitted"]

Model = TypeVar("Model", bound=Reparametrised)


@dataclass(frozen=True)
class Bootstrap:
    """Fits to customers drawn anew, with replacement. `parameters`: one row a draw; `failed`: draws without a fit."""

    name: str
    parameters: pd.DataFrame
    failed: int
    seed: int

    def intervals(self, level: float = 0.95) -> pd.DataFrame:
        """Lower and upper bound of each parameter: the percentiles of the draws that could be fitted."""
        align("The intervals", {"level": "level"}, level=level)
        bounds = self.parameters.quantile([(1 - level) / 2, (1 + level) / 2]).T
        return bounds.set_axis(["lower", "upper"], axis=1)

    def to_frame(self) -> pd.DataFrame:
        """One row a draw."""
        return self.parameters

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "name": self.name,
            "parameters": self.parameters.to_dict(orient="list"),
            "failed": self.failed,
            "seed": self.seed,
        }


def bootstrap(fit: Fit[ParametricModel], cells: Histories | SpendCells, draws: int, seed: int) -> Bootstrap:
    """Refit the model to customers drawn anew, to see how far the estimates scatter.

    Drawing customers with replacement is drawing how many fall into each cell, so no customer is touched.

    Parameters
    ----------
    fit
        The fit to the customers as they are; every refit starts from it.
    cells
        What it was fitted to: the summary, or its cells.
    draws, seed
        How many refits, at least 1, and the seed of the generator.

    Raises
    ------
    InputError
        If the fit itself is in doubt.

    Examples
    --------
    >>> from crmlib.clv import BgNbd, fit_bg_nbd, purchase_cells
    >>> simulated = BgNbd(0.25, 4.0, 0.8, 2.5, unit="week").simulate(np.full(3000, 52.0), seed=1)
    >>> cells = purchase_cells(simulated)
    >>> drawn = bootstrap(fit_bg_nbd(cells), cells, draws=20, seed=1)
    >>> drawn.failed, bool(drawn.intervals().loc["r"].between(0.2, 0.3).all())
    (0, True)
    """
    rng = _generator(fitted(fit), draws, seed)
    frame = cells.frame if isinstance(cells, SpendCells) else purchase_cells(cells).frame
    counts = frame["customers"].to_numpy()
    size, shares = int(counts.sum()), counts / counts.sum()
    rows = []
    for _ in range(draws):
        drawn = frame.assign(customers=rng.multinomial(size, shares))
        refit = maximise(
            fit.name, fit.model.having, list(fit.parameters.index), fit.model.likelihood(drawn),
            fit.parameters.to_numpy(), fit.customers, fit.cells, near=fit,
        )  # fmt: skip
        if refit.converged:
            rows.append(refit.parameters.to_numpy())
    table = pd.DataFrame(rows, columns=fit.parameters.index).rename_axis("draw")
    return Bootstrap(name=fit.name, parameters=table, failed=draws - len(rows), seed=seed)


def drawn_models(fit: Fit[Model], draws: int, seed: int) -> list[Model]:
    """Models with parameters drawn from the normal distribution of their logarithms: a parametric bootstrap.

    The observed information of the fit gives the distribution, so that nothing is fitted anew.

    Raises
    ------
    InputError
        If there is no fit, or it is in doubt.

    Examples
    --------
    >>> from crmlib.clv import BgNbd, fit_bg_nbd
    >>> fit = fit_bg_nbd(BgNbd(0.25, 4.0, 0.8, 2.5, unit="week").simulate(np.full(3000, 52.0), seed=1))
    >>> {model.unit for model in drawn_models(fit, draws=3, seed=1)}
    {'week'}
    """
    rng = _generator(fitted(fit), draws, seed)
    estimates = fit.parameters.to_numpy()
    covariance = fit.covariance.to_numpy() / np.outer(estimates, estimates)
    rows = np.exp(rng.multivariate_normal(np.log(estimates), covariance, draws, method="cholesky"))
    return [fit.model.having(*row) for row in rows.tolist()]


def fitted(given: Fit[Model] | object) -> Fit[Model]:
    """The fit, or an error if it is none."""
    if isinstance(given, Fit):
        return given
    problem = Problem("fit", f"found a {type(given).__name__}", "Give the answer of fit_bg_nbd or one of its kind")
    raise InputError("The draws", [problem])


def _generator(fit: Fit[object], draws: int, seed: int) -> np.random.Generator:
    """The generator of the draws, if the fit can be trusted."""
    align("The draws", {"draws": "several"}, draws=draws)
    if not fit.converged:
        raise InputError(f"The draws of {fit.name}", [Problem("fit", "; ".join(fit.warnings), "Fit first")])
    return generator(seed)
