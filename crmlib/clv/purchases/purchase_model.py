"""What every model of purchases answers, from which the others only differ in their formulas."""

from abc import ABC, abstractmethod
from typing import Protocol, Self, overload

import numpy as np
import pandas as pd

from crmlib.checks import is_number, shown
from crmlib.clv._numbers import checked_times
from crmlib.clv.purchases.cells import Cells, Histories, purchase_cells
from crmlib.clv.purchases.fitting import Fit, ParametricModel
from crmlib.errors import InputError, Problem
from crmlib.transactions.calendar import days_in
from crmlib.transactions.summary import CustomerSummary

__all__ = ["FittedModel", "HistoryModel", "PurchaseModel", "interest", "model_of", "same_unit"]

# Nodes and weights of ∫₀^∞ e^(−u) f(u) du for f that grows like u near 0: the trapezoidal rule in ln u.
_LOGS = np.arange(-20.0, 4.0, 0.125)
_NODES, _WEIGHTS = np.exp(_LOGS), 0.125 * np.exp(_LOGS - np.exp(_LOGS))


class PurchaseModel(Protocol):
    """A model of customers who buy until, unseen, they leave for good.

    Its `unit` of time is that of the data it was fitted to; histories in another unit are refused. Times `t` are in
    this unit, a discount rate is a year's.
    """

    @property
    def unit(self) -> str:
        """Unit of time of the parameters."""
        ...

    @property
    def parameters(self) -> pd.Series:
        """The parameters by name."""
        ...

    def having(self, *parameters: float) -> Self:
        """The same model with other parameters, in their order."""
        ...

    def probability_alive(self, histories: Histories) -> pd.Series:
        """Probability that each customer is still a customer at the end of observation."""
        ...

    @overload
    def conditional_expected_purchases(self, histories: Histories, t: float) -> pd.Series: ...
    @overload
    def conditional_expected_purchases(self, histories: Histories, t: np.ndarray) -> pd.DataFrame: ...
    def conditional_expected_purchases(self, histories: Histories, t: float | np.ndarray) -> pd.Series | pd.DataFrame:
        """Expected purchases of each customer in the next t; for several times a column each."""
        ...

    def discounted_residual_transactions(self, histories: Histories, discount_rate: float) -> pd.Series:
        """Expected purchases of all time to come, each discounted from its own moment (DERT)."""
        ...

    def expected_purchases(self, t: float | np.ndarray) -> np.ndarray:
        """Expected repeat purchases of a new customer within each time."""
        ...

    def purchase_probabilities(self, t: float | np.ndarray, most: int) -> np.ndarray:
        """Probabilities of 0, 1, …, `most` repeat purchases of a new customer within t, shape (times, most + 1)."""
        ...

    def simulate(self, T: np.ndarray, seed: int) -> CustomerSummary:  # noqa: N803 (the field's symbol)
        """Histories of new customers, one for each time of observation in `T`."""
        ...


class HistoryModel(ParametricModel, ABC):
    """The common part of the models: each history is asked once, and the answer spread over its customers."""

    unit: str

    def __post_init__(self) -> None:
        super().__post_init__()
        days_in(self.unit)

    def log_likelihood(self, histories: Histories) -> float:
        """Logarithm of the probability density of all histories."""
        return self.likelihood(self._cells(histories).frame)(self.parameters.to_numpy())[0]

    def probability_alive(self, histories: Histories) -> pd.Series:
        """Probability that each customer is still a customer at the end of observation."""
        cells = self._cells(histories)
        return cells.spread(self.alive(cells), "probability_alive")

    @overload
    def conditional_expected_purchases(self, histories: Histories, t: float) -> pd.Series: ...
    @overload
    def conditional_expected_purchases(self, histories: Histories, t: np.ndarray) -> pd.DataFrame: ...
    def conditional_expected_purchases(self, histories: Histories, t: float | np.ndarray) -> pd.Series | pd.DataFrame:
        """Expected purchases of each customer in the next t, given the history; for several times a column each.

        The probability of being alive times the expectation of a customer who is.
        """
        times = self.times(t)
        cells = self._cells(histories)
        expected = self.conditional(cells, times.ravel())
        if times.ndim == 0:
            return cells.spread(expected[:, 0], "expected_purchases")
        return pd.DataFrame(expected[cells.places], index=cells.labels, columns=pd.Index(times.ravel(), name="t"))

    def conditional(self, cells: Cells, times: np.ndarray) -> np.ndarray:
        """The same for the cells, shape (cells, times)."""
        return np.asarray(self.alive(cells)[:, np.newaxis] * self.purchases_if_alive(cells, times))

    def discounted_residual_transactions(self, histories: Histories, discount_rate: float) -> pd.Series:
        """Expected purchases of all time to come, each discounted from its own moment: the field's DERT.

        ``∫₀^∞ (1 + d)^(−τ) dE(τ)`` with the expected purchases E within τ and d the rate **a year**.

        Raises
        ------
        InputError
            If a history or the rate cannot be used; the rate must exceed 0, since the sum may have no limit.
        """
        cells = self._cells(histories)
        return cells.spread(self.residual(cells, interest(discount_rate, self.unit)), "discounted_purchases")

    def residual(self, cells: Cells, force: float) -> np.ndarray:
        """DERT of the cells, with the force of interest of a unit of time; by parts ``∫₀^∞ e^(−u) E(u/force) du``."""
        return np.asarray(self.alive(cells) * (self.purchases_if_alive(cells, _NODES / force) @ _WEIGHTS))

    def times(self, t: float | np.ndarray) -> np.ndarray:
        """Times that the model can be asked about."""
        return checked_times(t)

    def _cells(self, histories: Histories) -> Cells:
        cells = purchase_cells(histories)
        same_unit(cells.unit, self.unit, f"the {self.name} model")
        return cells

    @abstractmethod
    def alive(self, cells: Cells) -> np.ndarray:
        """Probability of being alive, by cell."""

    @abstractmethod
    def purchases_if_alive(self, cells: Cells, times: np.ndarray) -> np.ndarray:
        """Expected purchases within the times of customers who are alive, shape (cells, times)."""


#: A model of purchases, or the fit that found it.
FittedModel = PurchaseModel | Fit[PurchaseModel]


def model_of(given: FittedModel) -> PurchaseModel:
    """The model itself."""
    model = given.model if isinstance(given, Fit) else given
    if not hasattr(model, "conditional_expected_purchases"):
        remedy = "Give the answer of fit_bg_nbd or one of its kind"
        raise InputError("The model", [Problem("model", f"found a {type(model).__name__}", remedy)])
    return model


def same_unit(found: str, wanted: str, who: str) -> None:
    """Refuse histories whose times are in another unit than the model's."""
    if found != wanted:
        problem = Problem("unit", f"times in {found}s, and {who} counts in {wanted}s", f"Sum the log up in {wanted}s")
        raise InputError("The customer summary", [problem])


def interest(discount_rate: float, unit: str) -> float:
    """Force of interest of a unit of time, ``ln(1 + d)`` times the years in it, at the rate d a year.

    Examples
    --------
    >>> round(interest(0.15, "week"), 4)
    0.0027
    """
    if not (is_number(discount_rate) and 0 < discount_rate < np.inf):
        remedy = "Give a rate a year above 0, or a finite horizon: for ever, the sum may have no limit"
        raise InputError(
            "The discounted purchases", [Problem("discount_rate", f"found {shown(discount_rate)}", remedy)]
        )
    return float(np.log1p(discount_rate) * days_in(unit) / days_in("year"))
