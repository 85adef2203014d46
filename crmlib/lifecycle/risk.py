"""Customers who look like those who left: a score, checked on customers that it has not seen."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd
import scipy

from crmlib.arguments import Level, Positive, Seed, Table, checked
from crmlib.checks import check_columns, check_numbers, refuse, shown
from crmlib.differences import cliffs_delta
from crmlib.errors import InputError, Problem
from crmlib.lifecycle.churn import Observed, is_category

__all__ = ["Holdout", "RiskModel", "fit_risk", "holdout"]


@dataclass(frozen=True)
class RiskModel:
    """Chance of leaving by a logistic regression with a ridge penalty.

    `coefficients`: change of the log odds by one standard deviation of a number, or by having a level of a category
    instead of its first. `numbers`: mean and standard deviation of each number; `levels`: of each category.
    """

    intercept: float
    coefficients: pd.Series
    numbers: pd.DataFrame
    levels: dict[str, list[object]]
    penalty: float

    @checked("The customers to score")
    def score(self, features: Annotated[pd.DataFrame, Table("customer")]) -> pd.Series:
        """Chance of leaving for every customer.

        Raises InputError if a feature is absent, a number is missing or not finite, or a category has a level that the
        model has not seen.
        """
        known = [name for name in self.numbers.index if name in features]
        refuse(
            "The customers to score",
            check_columns(features, [*self.numbers.index, *self.levels], "feature"),
            check_numbers("customer", features[known], column="feature"),
            [
                Problem(f"customer {shown(customer)}, feature {name!r}", f"found {shown(value)}", f"Known are {levels}")
                for name, levels in self.levels.items()
                if name in features
                for customer, value in features[name][~features[name].isin(levels)].items()
            ],
        )
        odds = self.intercept + _design(features, self.numbers, self.levels).to_numpy() @ self.coefficients.to_numpy()
        return pd.Series(scipy.special.expit(odds), index=features.index)


@checked("The risk score")
def fit_risk(observed: Observed, penalty: Positive = 1.0) -> RiskModel:
    """Fit the score: the coefficients β maximise ``log likelihood − penalty/2 · Σβ²`` [lecessie1992]_.

    The penalty (at least a little above 0) pulls coefficients that rest on few customers towards 0, and keeps them
    finite if a feature parts the lost from the kept completely.

    Raises
    ------
    InputError
        Lists every feature that is the same for all, and a penalty that is not positive.

    Examples
    --------
    >>> from crmlib.lifecycle.churn import observe
    >>> features = pd.DataFrame({"complaints": [3, 2, 0, 1, 0, 2]})
    >>> left = pd.Series([8, 9, 8, None, None, None])
    >>> model = fit_risk(observe(features, {"complaints": 6}, left, cutoff=6, until=12))
    >>> model.score(pd.DataFrame({"complaints": [0, 3]})).round(2).tolist()
    [0.4, 0.62]
    """
    return _fit(observed.features, observed.lost, _levels(observed.features), penalty)


def _levels(features: pd.DataFrame) -> dict[str, list[object]]:
    return {str(name): sorted(column.unique(), key=str) for name, column in features.items() if is_category(column)}


def _fit(features: pd.DataFrame, lost: pd.Series, levels: dict[str, list[object]], penalty: float) -> RiskModel:
    problems = [
        Problem(f"feature {name!r}", "the same for every customer", "It tells nobody apart; leave it out")
        for name in features
        if features[name].nunique() < 2
    ]
    if problems:
        raise InputError("The risk score", problems)
    values = features.drop(columns=list(levels)).astype(float)
    numbers = pd.DataFrame({"mean": values.mean(), "deviation": values.std()})
    design = _design(features, numbers, levels)
    beta = _ridge(np.column_stack([np.ones(len(design)), design.to_numpy()]), lost.to_numpy(dtype=float), penalty)
    return RiskModel(float(beta[0]), pd.Series(beta[1:], index=design.columns), numbers, levels, penalty)


def _ridge(x: np.ndarray, y: np.ndarray, penalty: float) -> np.ndarray:
    """Coefficients of the penalised logistic regression; the first column of x is 1 and not penalised."""
    expit = scipy.special.expit
    ridge = np.full(x.shape[1], penalty)
    ridge[0] = 0

    def loss(beta: np.ndarray) -> float:
        odds = x @ beta
        return float(np.logaddexp(0, odds).sum() - y @ odds + ridge @ beta**2 / 2)

    def gradient(beta: np.ndarray) -> np.ndarray:
        return np.asarray(x.T @ (expit(x @ beta) - y) + ridge * beta)

    def hessian(beta: np.ndarray) -> np.ndarray:
        share = expit(x @ beta)
        return np.asarray((x.T * (share * (1 - share))) @ x + np.diag(ridge))

    start = np.zeros(x.shape[1])
    found = scipy.optimize.minimize(
        loss, start, method="trust-exact", jac=gradient, hess=hessian, options={"gtol": 1e-8}
    )
    return np.asarray(found.x)


def _design(features: pd.DataFrame, numbers: pd.DataFrame, levels: dict[str, list[object]]) -> pd.DataFrame:
    """Numbers as z-scores, and a column of 0 and 1 for each level of a category but the first."""
    scaled = (features[list(numbers.index)].astype(float) - numbers["mean"]) / numbers["deviation"]
    dummies = {
        f"{name}: {value}": (features[name] == value).astype(float)
        for name, known in levels.items()
        for value in known[1:]
    }
    return pd.concat([scaled, pd.DataFrame(dummies, index=features.index)], axis=1)


@dataclass(frozen=True)
class Holdout:
    """How a score does on customers that it was not fitted to.

    `auc`: chance that a customer who left scores higher than one who stayed (0.5: a coin), with its interval at
    `level`; `top_lost`: share of the customers with the highest scores who left, `lost`: share of all of them;
    `expected`: the mean score, which should be near `lost`; `scores`: of the customers held out.
    """

    auc: float
    low: float
    high: float
    top: float
    top_lost: float
    lost: float
    expected: float
    scores: pd.Series
    level: float

    @property
    def lift(self) -> float:
        """Times as many lost customers among the highest scores as among all."""
        return self.top_lost / self.lost

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {**vars(self), "scores": self.scores.to_dict(), "lift": self.lift}


@checked("The check of the score")
def holdout(
    observed: Observed,
    *,
    share: Level = 0.3,
    top: Level = 0.2,
    penalty: Positive = 1.0,
    level: Level = 0.95,
    seed: Seed,
) -> Holdout:
    """Fit the score to some customers and judge it on the others.

    Parameters
    ----------
    share
        Of the lost and of the kept, how much is held out.
    top
        Share of the held-out customers who count as those with the highest scores.
    seed
        Decides who is held out.

    Raises
    ------
    InputError
        If a share is not between 0 and 1, or fewer than two lost or two kept customers would be on one side.

    Examples
    --------
    >>> from crmlib.lifecycle.churn import observe
    >>> features = pd.DataFrame({"complaints": [5, 3, 4, 6, 1, 2, 0, 1]})
    >>> left = pd.Series([8, 9, 8, 9, None, None, None, None])
    >>> holdout(observe(features, {"complaints": 6}, left, cutoff=6, until=12), share=0.5, seed=1).auc
    1.0
    """
    problems = []
    lost = observed.lost.to_numpy()
    generator = np.random.default_rng(seed)
    held = np.zeros(len(lost), dtype=bool)
    for group in (lost, ~lost):
        members = generator.permutation(np.flatnonzero(group))
        size = round(share * len(members))
        held[members[:size]] = True
        if size < 2 or len(members) - size < 2:
            problems.append(Problem("customers", f"{size} of {len(members)} held out", "Keep two or more on each side"))
    if problems:
        raise InputError("The check of the score", problems)
    model = _fit(observed.features[~held], observed.lost[~held], _levels(observed.features), penalty)
    scores = model.score(observed.features[held])
    delta = cliffs_delta(scores[lost[held]].to_numpy(), scores[~lost[held]].to_numpy(), level)
    auc, low, high = ((1 + value) / 2 for value in delta)
    best = scores.sort_values(ascending=False, kind="stable").index[: max(round(top * len(scores)), 1)]
    return Holdout(
        auc=auc, low=low, high=high, top=top,
        top_lost=float(observed.lost[best].mean()), lost=float(lost[held].mean()), expected=float(scores.mean()),
        scores=scores, level=level,
    )  # fmt: skip
