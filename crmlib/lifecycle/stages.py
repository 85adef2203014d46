"""The stage that a customer's own history puts it in: exploration, formation, stability or decline."""

from dataclasses import asdict, dataclass
from typing import Annotated

import numpy as np
import pandas as pd

from crmlib.arguments import Count, checked
from crmlib.checks import Rule
from crmlib.lifecycle.volumes import checked_volumes

__all__ = ["STAGES", "UNKNOWN", "StageRules", "Stages", "relationship_stages"]

#: The four stages of a relationship in their order.
STAGES = ("exploration", "formation", "stability", "decline")
UNKNOWN = "unknown"


_PART = Rule("Give a share above 0 and below 1", lambda values: (values > 0) & (values < 1))
_MULTIPLE = Rule("Give a multiple of at least 1", lambda values: (values >= 1) & (values < np.inf))


@checked("The rules of the stages")
@dataclass(frozen=True)
class StageRules:
    """The limits between the stages; a level is the mean volume of `window` periods.

    Parameters
    ----------
    window
        Periods of a level. Longer windows see less noise and react later. With a whole number of seasons in a
        window, a season that repeats drops out.
    growth
        A level this share of the customer's highest level above the one before it is growth.
    drop
        A level this share below the customer's highest is a drop.
    formed
        A level this many times the customer's first level shows that the trial is over.
    longest_trial
        A customer older than this many periods is no longer on trial, even if it never grew.
    """

    window: Count = 3
    growth: Annotated[float, _PART] = 0.2
    drop: Annotated[float, _PART] = 0.25
    formed: Annotated[float, _MULTIPLE] = 2.0
    longest_trial: Count = 12


@dataclass(frozen=True)
class Stages:
    """The stage of every customer at the end of its history, and what it rests on.

    `table`: `stage`; `periods` since the first purchase; `level`, the mean volume of the last window, `highest`, the
    largest such mean; `growth` and `drop`, as shares of the highest; `multiple` of the first level. A measure
    that the history is too short for is missing.
    """

    table: pd.DataFrame
    rules: StageRules

    def to_frame(self) -> pd.DataFrame:
        """One row a customer."""
        return self.table

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {"customers": self.table.to_dict(orient="index"), "rules": asdict(self.rules)}


@checked("The stages")
def relationship_stages(volumes: pd.DataFrame, rules: StageRules | None = None, *, missing: str = "refuse") -> Stages:
    """Put every customer into a stage by the level, growth and drop of its own volumes.

    A history begins with the first purchase. The first rule that fits decides:

    1. fewer periods than two windows, or no purchase: unknown;
    2. growth by `rules.growth`: formation, also after a drop, for the relationship forms again;
    3. a drop by `rules.drop`: decline;
    4. not above `rules.formed` times the first level, and not older than `rules.longest_trial`: exploration;
    5. else: stability.

    Parameters
    ----------
    volumes
        Shape (customers, periods), in any unit of volume, see `checked_volumes`.
    rules
        The limits; by default those of `StageRules`.
    missing
        ``"refuse"`` missing cells, or count them as ``"zero"``.

    Raises
    ------
    InputError
        Lists every cell that cannot be used.

    Examples
    --------
    >>> volumes = pd.DataFrame({"A": [1, 1, 1, 1, 1, 1, 3, 6, 9], "B": [2, 5, 9, 9, 9, 9, 3, 2, 1]}).T
    >>> relationship_stages(volumes).table["stage"].to_dict()
    {'A': 'formation', 'B': 'decline'}
    """
    rules = rules or StageRules()
    checked = checked_volumes(volumes, missing=missing)
    table = _measures(checked.to_numpy(), rules.window)
    table.index = checked.index
    grew = table["growth"] >= rules.growth
    dropped = table["drop"] >= rules.drop
    trial = (table["multiple"] < rules.formed) & (table["periods"] <= rules.longest_trial)
    stage = np.select(
        [table["growth"].isna(), grew, dropped, trial], [UNKNOWN, "formation", "decline", "exploration"], "stability"
    )
    table.insert(0, "stage", stage)
    return Stages(table=table, rules=rules)


def _measures(values: np.ndarray, window: int) -> pd.DataFrame:
    """What the rules ask for, by customer; missing where the history is shorter than two windows."""
    bought = values > 0
    first = np.where(bought.any(axis=1), bought.argmax(axis=1), values.shape[1])
    periods = values.shape[1] - first
    enough = periods >= 2 * window
    measures = pd.DataFrame({"periods": periods})
    for name in ("level", "highest", "growth", "drop", "multiple"):
        measures[name] = np.nan
    if not enough.any():
        return measures
    sums = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    means = (sums[:, window:] - sums[:, :-window]) / window  # column j: the window that begins in period j
    own = means[enough]
    start = first[enough]
    highest = own.max(
        axis=1
    )  # a window that begins before the first purchase holds less than the one that begins there
    level, before = own[:, -1], own[:, -1 - window]
    found = [
        level, highest, (level - before) / highest, 1 - level / highest, level / own[np.arange(len(own)), start]
    ]  # fmt: skip
    measures.loc[enough, ["level", "highest", "growth", "drop", "multiple"]] = np.column_stack(found)
    return measures
