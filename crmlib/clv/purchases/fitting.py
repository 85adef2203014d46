"""Maximum likelihood: estimates, their uncertainty, and every doubt about them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Generic, Protocol, Self, TypeVar

import numpy as np
import pandas as pd
import scipy

from crmlib.clv._numbers import check_parameters
from crmlib.clv.terms import align
from crmlib.errors import InputError, Problem

__all__ = ["Fit", "LogLikelihood", "ParametricModel", "Reparametrised", "maximise"]

#: Value and gradient of a log-likelihood in the natural, positive parameters.
LogLikelihood = Callable[[np.ndarray], tuple[float, np.ndarray]]

Model = TypeVar("Model", covariant=True)  # noqa: PLC0105

_FARTHEST = 12.0  # logs; the search stays within a factor of e¹² ≈ 160,000 around its start
_DIFFERENCE = 1e-4  # step in logs of the central differences behind the information
_GAIN = 1e-10  # stop when a further step is expected to raise the log-likelihood by less
_FLAT = 2.0  # a standard error of a logarithm above this spans a factor of 50 each way: nothing is determined
_SPREADS = ((1.0, 1.0), (0.2, 0.2), (5.0, 5.0), (0.2, 5.0), (5.0, 0.2))  # of the starts, by turns of the parameters


class Reparametrised(Protocol):
    """What can have other parameters."""

    def having(self, *parameters: float) -> Self:
        """The same model with other parameters, in their order."""
        ...


@dataclass(frozen=True)
class ParametricModel(ABC):
    """A dataclass of positive parameters, and perhaps the `unit` of time that they are in."""

    name: ClassVar[str]

    def __post_init__(self) -> None:
        check_parameters(f"The {self.name} model", self._given)

    @property
    def _given(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name != "unit"}

    @property
    def parameters(self) -> pd.Series:
        """The parameters by name."""
        return pd.Series(self._given, dtype=float, name=self.name)

    def having(self, *parameters: float) -> Self:
        """The same model with other parameters, in their order."""
        return replace(self, **dict(zip(self._given, parameters, strict=True)))

    @classmethod
    @abstractmethod
    def likelihood(cls, frame: pd.DataFrame) -> LogLikelihood:
        """Log-likelihood of cells, with its gradient, as a function of the parameters."""


@dataclass(frozen=True)
class Fit(Generic[Model]):
    """Parameters that make the data most likely, and the model that has them.

    `name`: of the model; `model`: answers all questions; `parameters`: natural scale, in the unit of time of the data;
    `covariance`: the inverse of the observed information, natural scale, NaN where there is none; `iterations`:
    evaluations of the likelihood; `converged`: no doubt was found; `warnings`: the doubts, in words.
    """

    name: str
    model: Model
    parameters: pd.Series
    log_likelihood: float
    customers: int
    cells: int
    iterations: int
    converged: bool
    covariance: pd.DataFrame
    warnings: tuple[str, ...]

    @property
    def standard_errors(self) -> pd.Series:
        """Square roots of the variances."""
        return pd.Series(np.sqrt(np.diag(self.covariance)), index=self.parameters.index, name="standard_error")

    @property
    def aic(self) -> float:
        """Akaike's information criterion, 2k − 2 ln L; less is better."""
        return 2 * len(self.parameters) - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Bayesian information criterion, k ln n − 2 ln L with n customers; less is better."""
        return float(len(self.parameters) * np.log(self.customers) - 2 * self.log_likelihood)

    def intervals(self, level: float = 0.95) -> pd.DataFrame:
        """Lower and upper bound of each parameter, log-normal: ``p·exp(± z·SE/p)``, so never below 0."""
        align("The intervals", {"level": "level"}, level=level)
        factor = np.exp(scipy.special.ndtri((1 + level) / 2) * self.standard_errors / self.parameters)
        return pd.DataFrame({"lower": self.parameters / factor, "upper": self.parameters * factor})

    def to_frame(self) -> pd.DataFrame:
        """One row a parameter: estimate, standard error, 95 % interval."""
        return pd.concat([self.parameters.rename("estimate"), self.standard_errors, self.intervals()], axis=1)

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "name": self.name,
            "parameters": self.parameters.to_dict(),
            "standard_errors": self.standard_errors.to_dict(),
            "covariance": self.covariance.to_dict(),
            "log_likelihood": self.log_likelihood,
            "aic": self.aic,
            "bic": self.bic,
            "customers": self.customers,
            "cells": self.cells,
            "iterations": self.iterations,
            "converged": self.converged,
            "warnings": list(self.warnings),
        }


class _Objective:
    """The negative log-likelihood in logs of the parameters, counting its evaluations."""

    def __init__(self, log_likelihood: LogLikelihood) -> None:
        self.log_likelihood = log_likelihood
        self.evaluations = 0

    def __call__(self, logs: np.ndarray) -> tuple[float, np.ndarray]:
        self.evaluations += 1
        parameters = np.exp(logs)
        value, gradient = self.log_likelihood(parameters)
        return -float(value), -gradient * parameters

    def scaled(self, logs: np.ndarray, size: float) -> tuple[float, np.ndarray]:
        """Value and gradient, divided by a size, so that the search's tolerances suit any number of customers."""
        value, gradient = self(logs)
        return value / size, gradient / size

    def information(self, logs: np.ndarray) -> np.ndarray:
        """Second derivatives by central differences of the gradient, symmetric."""
        steps = _DIFFERENCE * np.eye(len(logs))
        rows = [(self(logs + step)[1] - self(logs - step)[1]) / (2 * _DIFFERENCE) for step in steps]
        return np.asarray(np.array(rows) + np.array(rows).T) / 2


def maximise(
    name: str,
    build: Callable[..., Model],
    names: Sequence[str],
    log_likelihood: LogLikelihood,
    start: np.ndarray,
    customers: int,
    cells: int,
    near: Fit[object] | None = None,
) -> Fit[Model]:
    """Find the positive parameters that make the data most likely, and say how sure that is.

    A quasi-Newton search in the logs of the parameters (further starts follow if the first leads nowhere), then
    Newton steps with the observed information until the log-likelihood cannot rise by more than 1e-10. Doubts
    become `warnings` and ``converged=False``: the search did not end, a parameter runs to 0 or infinity, the
    information is not positive definite, a parameter is hardly determined.

    Parameters
    ----------
    name
        Name of the model, for the result.
    build
        Makes the model of the parameters, in the order of their names.
    names
        Names of the parameters.
    log_likelihood
        Gives the value and its gradient in the natural parameters.
    start
        Rough positive parameters.
    customers, cells
        How many customers in how many cells the log-likelihood sums over.
    near
        A fit to part of the same data. Its estimates are the start, its information the first guess of the slope,
        so that a few evaluations suffice.

    Raises
    ------
    InputError
        If the log-likelihood is not finite at the start.

    Examples
    --------
    >>> def poisson(rate):  # 40 purchases by 10 customers
    ...     return 40 * np.log(rate[0]) - 10 * rate[0], 40 / rate - 10
    >>> fit = maximise("Poisson", float, ["rate"], poisson, np.ones(1), customers=10, cells=10)
    >>> round(float(fit.parameters["rate"]), 6), round(float(fit.standard_errors["rate"]), 4)
    (4.0, 0.6325)
    """
    if not np.isfinite(log_likelihood(np.asarray(start, dtype=float))[0]):
        raise InputError(f"The {name} model", [Problem("start", "no finite log-likelihood there", "Check the data")])
    objective = _Objective(log_likelihood)
    if near is not None and near.converged:
        scale = near.parameters.to_numpy()
        information = np.linalg.inv(near.covariance.to_numpy() / np.outer(scale, scale)) * customers / near.customers
        logs = _newton(objective, np.log(scale), information, most=8)
    else:
        logs = _search(objective, np.log(np.asarray(start, dtype=float)))
    information = objective.information(logs)
    if _positive_definite(information):
        logs = _newton(objective, logs, information, most=20)
    return _judged(name, build, names, objective, logs, information, np.log(start), customers, cells)


def _search(objective: _Objective, start: np.ndarray) -> np.ndarray:
    """The best end of a bounded search: from the start, and from others only if that one leads nowhere."""
    best, least = start, np.inf
    for spread in _SPREADS:
        origin = start + np.log(np.resize(spread, len(start)))
        found = scipy.optimize.minimize(
            objective.scaled,
            origin,
            args=(max(abs(objective(origin)[0]), 1.0),),
            jac=True,
            method="L-BFGS-B",
            bounds=[(value - _FARTHEST, value + _FARTHEST) for value in start],
            options={"maxiter": 500, "ftol": 1e-10, "gtol": 1e-7},
        )
        value = objective(found.x)[0]
        if value < least:
            best, least = found.x, value
        if found.success and _positive_definite(objective.information(best)):
            break
    return np.asarray(best)


def _newton(objective: _Objective, logs: np.ndarray, information: np.ndarray, most: int) -> np.ndarray:
    """Newton steps with a fixed information, halved until they do not lose, while they promise a gain."""
    value, gradient = objective(logs)
    for _ in range(most):
        step = np.linalg.solve(information, -gradient)
        if -gradient @ step < 2 * _GAIN:
            break
        step /= max(np.abs(step).max(), 1)  # a factor of e is far enough to trust the information
        for halving in 0.5 ** np.arange(8):
            candidate, slope = objective(logs + halving * step)
            if candidate <= value:
                break
        else:
            break
        logs, value, gradient = logs + halving * step, candidate, slope
    return logs


def _positive_definite(matrix: np.ndarray) -> bool:
    return bool(np.isfinite(matrix).all() and np.linalg.eigvalsh(matrix).min() > 0)


def _judged(
    name: str,
    build: Callable[..., Model],
    names: Sequence[str],
    objective: _Objective,
    logs: np.ndarray,
    information: np.ndarray,
    start: np.ndarray,
    customers: int,
    cells: int,
) -> Fit[Model]:
    """The fit with its doubts."""
    value, gradient = objective(logs)
    parameters = np.exp(logs)
    warnings = [
        f"{label} ran to the edge of the search ({number:.3g}): the data do not determine it"
        for label, number, moved in zip(names, parameters, np.abs(logs - start), strict=True)
        if moved > _FARTHEST - 0.1
    ]
    covariance = np.full((len(names), len(names)), np.nan)
    if _positive_definite(information):
        inverse = np.linalg.inv(information)
        if gradient @ inverse @ gradient > 1e-4:
            warnings.append("the search stopped before the top of the likelihood: the estimates are not final")
        warnings += [
            f"{label} = {number:.3g} is on a boundary or hardly determined: the likelihood is flat in it"
            for label, number, error in zip(names, parameters, np.sqrt(np.diag(inverse)), strict=True)
            if error > _FLAT
        ]
        covariance = inverse * np.outer(parameters, parameters)
    else:
        warnings.append("the information is not positive definite: the likelihood has no single top, so no errors")
    labels = list(names)
    return Fit(
        name=name,
        model=build(*parameters.tolist()),
        parameters=pd.Series(parameters, index=labels, name=name),
        log_likelihood=-value,
        customers=customers,
        cells=cells,
        iterations=objective.evaluations,
        converged=not warnings,
        covariance=pd.DataFrame(covariance, index=labels, columns=labels),
        warnings=tuple(warnings),
    )
