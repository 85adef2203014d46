"""What is known of alternatives under one leaf: compared in pairs, measured, or rated in words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

import pandas as pd

from crmlib.ahp.weights import priority_weights
from crmlib.arguments import Each, checked
from crmlib.checks import NOT_NEGATIVE, POSITIVE, check_choices, check_labels, check_numbers, floats
from crmlib.errors import Problem

__all__ = ["Compared", "Evaluation", "Measured", "Rated"]


_DIVIDED_BY = replace(POSITIVE, remedy="Give a positive number: a cost is divided by")


@checked("The evaluation")
@dataclass(frozen=True)
class Compared:
    """Alternatives compared in pairs with respect to one leaf: `judgements` from `judgement_matrix`.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix
    >>> Compared(judgement_matrix([[4]], ["A", "B"])).alternatives
    ['A', 'B']
    """

    judgements: Annotated[pd.DataFrame, Each("judgement", POSITIVE)]

    @property
    def alternatives(self) -> list[str]:
        """Names of the alternatives, in order."""
        return list(self.judgements.index)

    def without(self, alternative: str) -> "Compared":
        """The same comparisons with one alternative left out."""
        return Compared(self.judgements.drop(index=alternative, columns=alternative))

    def problems(self) -> list[Problem]:
        """Nothing: the judgements were checked."""
        return []

    def priorities(self, method: str) -> tuple[pd.Series, float]:
        """Priorities, and the largest, which is 1 in ideal mode."""
        weights = priority_weights(self.judgements, method)
        return weights, float(weights.max())


@checked("The evaluation")
@dataclass(frozen=True)
class Measured:
    """Alternatives measured on one leaf: `values` in any one ratio unit, indexed by alternative.

    Priorities are proportional to a benefit, and to the reciprocal of a cost.

    Examples
    --------
    >>> Measured(pd.Series({"A": 100.0, "B": 400.0}), cost=True).priorities("eigenvector")[0].to_dict()
    {'A': 0.01, 'B': 0.0025}
    """

    values: pd.Series
    cost: bool = False

    @property
    def judgements(self) -> None:
        """None: nothing was judged."""
        return

    @property
    def alternatives(self) -> list[str]:
        """Names of the alternatives, in order."""
        return list(self.values.index)

    def without(self, alternative: str) -> "Measured":
        """The same values with one alternative left out."""
        return Measured(self.values.drop(alternative), self.cost)

    def problems(self) -> list[Problem]:
        """Every value that no priority can be proportional to."""
        rule = _DIVIDED_BY if self.cost else NOT_NEGATIVE
        problems = check_labels("alternative", self.values) + check_numbers("alternative", self.values, rule)
        if not problems and not floats(self.values).any():
            problems.append(Problem("the values", "all are 0", "Leave the leaf out: it tells nobody apart"))
        return problems

    def priorities(self, method: str) -> tuple[pd.Series, float]:
        """Priorities, and the largest, which is 1 in ideal mode; `method` plays no part."""
        values = self.values.astype(float)
        values = 1 / values if self.cost else values
        return values, float(values.max())


@checked("The evaluation")
@dataclass(frozen=True)
class Rated:
    """Alternatives rated on one leaf with the words of a scale (absolute measurement) [saaty1986]_.

    `words` is indexed by alternative. `scale` gives each word its intensity, or is the judgement
    matrix that compares the words. In ideal mode the best word counts 1 whether or not any
    alternative earns it, so a rating never depends on the other alternatives.

    Examples
    --------
    >>> Rated(pd.Series({"A": "good", "B": "fair"}), {"excellent": 5, "good": 4, "fair": 2}).priorities("eigenvector")
    (A    4.0
    B    2.0
    dtype: float64, 5.0)
    """

    words: pd.Series
    scale: Mapping[str, Any] | pd.DataFrame

    @property
    def judgements(self) -> pd.DataFrame | None:
        """The matrix that compares the words, if one does."""
        return self.scale if isinstance(self.scale, pd.DataFrame) else None

    @property
    def alternatives(self) -> list[str]:
        """Names of the alternatives, in order."""
        return list(self.words.index)

    def without(self, alternative: str) -> "Rated":
        """The same ratings with one alternative left out."""
        return Rated(self.words.drop(alternative), self.scale)

    def problems(self) -> list[Problem]:
        """Every word that is not on the scale, and every intensity that is none."""
        known = [str(word) for word in self.scale]
        problems = check_choices("alternative", self.words, known)
        if isinstance(self.scale, Mapping):
            problems += check_numbers("word", pd.Series(dict(self.scale), dtype=object), NOT_NEGATIVE)
            if not problems and not any(self.scale[word] for word in self.words):
                problems.append(Problem("the words", "all have intensity 0", "Leave the leaf out"))
        return problems

    def priorities(self, method: str) -> tuple[pd.Series, float]:
        """Intensities of the words, and that of the best word, which is 1 in ideal mode."""
        if isinstance(self.scale, pd.DataFrame):
            intensities = priority_weights(self.scale, method)
        else:
            intensities = pd.Series(dict(self.scale), dtype=float)
        return pd.Series(intensities[list(self.words)].to_numpy(), index=self.words.index), float(intensities.max())


Evaluation = Compared | Measured | Rated
