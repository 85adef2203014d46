"""The customer base: who is a prospect, new, loyal or lost at the end of each period."""

from dataclasses import asdict, dataclass
from typing import Annotated

import numpy as np
import pandas as pd

from crmlib.arguments import Count, checked
from crmlib.checks import whole_from
from crmlib.lifecycle.volumes import checked_volumes

__all__ = ["STATES", "BaseRules", "BaseStates", "base_states"]

#: The four states of a customer in the base.
STATES = ("prospect", "new", "loyal", "lost")


@checked("The rules of the customer base")
@dataclass(frozen=True)
class BaseRules:
    """When a customer counts as loyal, and when as lost.

    Parameters
    ----------
    loyal_from
        Periods with a purchase that make a new customer loyal, at least 2.
    silence
        Periods in a row without a purchase after which a customer counts as lost. Where no contract ends, this
        rule decides what churn is; choose it longer than most pauses of customers who came back.
    """

    loyal_from: Annotated[int, whole_from(2)] = 3
    silence: Count = 3


@dataclass(frozen=True)
class BaseStates:
    """State of every customer at the end of every period, from what was known by then.

    `states`: shape (customers, periods); `came_back`: customers who bought again after they had counted as lost.
    """

    states: pd.DataFrame
    came_back: int
    rules: BaseRules

    def to_frame(self) -> pd.DataFrame:
        """Number of customers in each state: one row a period."""
        return pd.DataFrame({state: (self.states == state).sum() for state in STATES})

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "states": self.states.to_dict(orient="index"),
            "came_back": self.came_back,
            "rules": asdict(self.rules),
        }


@checked("The customer base")
def base_states(volumes: pd.DataFrame, rules: BaseRules | None = None, *, missing: str = "refuse") -> BaseStates:
    """State of every customer in every period: prospect, new, loyal or lost.

    Prospect: has not bought yet. Lost: has bought, but not in the last `rules.silence` periods. Loyal: has bought in
    at least `rules.loyal_from` periods. New: the rest. A lost customer who buys again returns to its state.

    Parameters
    ----------
    volumes
        Shape (customers, periods), in any unit of volume, see `checked_volumes`.
    rules
        The limits; by default those of `BaseRules`.
    missing
        ``"refuse"`` missing cells, or count them as ``"zero"``.

    Raises
    ------
    InputError
        Lists every cell that cannot be used.

    Examples
    --------
    >>> volumes = pd.DataFrame({"A": [0, 1, 1, 1, 0], "B": [1, 0, 0, 0, 2]}).T
    >>> base_states(volumes).states.loc["A"].tolist()
    ['prospect', 'new', 'new', 'loyal', 'loyal']
    >>> base_states(volumes).to_frame()["lost"].tolist()
    [0, 0, 0, 1, 0]
    """
    rules = rules or BaseRules()
    checked = checked_volumes(volumes, missing=missing)
    bought = checked.to_numpy() > 0
    times = np.cumsum(bought, axis=1)
    silent = silent_periods(bought)
    lost = (times > 0) & (silent >= rules.silence)
    states = np.select([times == 0, lost, times >= rules.loyal_from], ["prospect", "lost", "loyal"], "new")
    return BaseStates(
        states=pd.DataFrame(states, index=checked.index, columns=checked.columns),
        came_back=int((lost[:, :-1] & bought[:, 1:]).any(axis=1).sum()),
        rules=rules,
    )


def silent_periods(bought: np.ndarray) -> np.ndarray:
    """Periods since the last purchase, 0 in a period with one; before the first purchase, since the start.

    Takes booleans of shape (customers, periods), returns integers of the same shape.

    Examples
    --------
    >>> silent_periods(np.array([[False, True, False, False]])).tolist()
    [[1, 0, 1, 2]]
    """
    position = np.arange(1, bought.shape[1] + 1)
    return np.asarray(position - np.maximum.accumulate(np.where(bought, position, 0), axis=1))
