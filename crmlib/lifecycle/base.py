"""The customer base: who is a prospect, new, loyal or lost in each period, and how often and how much customers buy."""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from crmlib.errors import InputError, Problem
from crmlib.lifecycle.volumes import checked_volumes

__all__ = ["STATES", "BaseRules", "BaseStates", "base_states", "purchase_rhythm"]

#: The four states of a customer in the base.
STATES = ("prospect", "new", "loyal", "lost")


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

    loyal_from: int = 3
    silence: int = 3

    def __post_init__(self) -> None:
        problems = [
            Problem(name, f"found {value!r}", f"Give a whole number of periods, at least {least}")
            for name, value, least in (("loyal_from", self.loyal_from, 2), ("silence", self.silence, 1))
            if isinstance(value, bool) or not isinstance(value, int) or value < least
        ]
        if problems:
            raise InputError("The rules of the customer base", problems)


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


def purchase_rhythm(purchases: pd.DataFrame) -> pd.DataFrame:
    """How often and how much every customer buys.

    Parameters
    ----------
    purchases
        One row a purchase, in any order; columns ``customer``, ``date`` (dates) and ``amount`` (money). Several
        rows of one customer on one date are one purchase.

    Returns
    -------
    pandas.DataFrame
        By customer: `purchases` (count), `interval` and `longest_interval` (mean and largest number of days between
        purchases, missing after a single one), `amount` (mean money a purchase).

    Raises
    ------
    InputError
        Lists every row without customer, date or a finite amount.

    Examples
    --------
    >>> dates = pd.to_datetime(["2026-03-01", "2026-01-10", "2026-01-30"])
    >>> purchases = pd.DataFrame({"customer": ["A"] * 3, "date": dates, "amount": [10.0, 20, 30]})
    >>> purchase_rhythm(purchases).loc["A"].tolist()
    [3.0, 25.0, 30.0, 20.0]
    """
    if problems := _purchase_problems(purchases):
        raise InputError("The purchases", problems)
    dated = purchases.assign(date=purchases["date"].dt.normalize())
    days = dated.groupby(["customer", "date"], as_index=False)["amount"].sum()  # sorted by customer and date
    days["interval"] = days["date"].diff().dt.days.where(days["customer"] == days["customer"].shift())
    by_customer = days.groupby("customer")
    return pd.DataFrame(
        {
            "purchases": by_customer.size(),
            "interval": by_customer["interval"].mean(),
            "longest_interval": by_customer["interval"].max(),
            "amount": by_customer["amount"].mean(),
        }
    )


def _purchase_problems(purchases: pd.DataFrame) -> list[Problem]:
    absent = [name for name in ("customer", "date", "amount") if name not in purchases]
    if absent or purchases.empty:
        found = f"{len(purchases)} rows, columns {list(purchases)}"
        return [Problem("table", found, "Give customer, date and amount of at least one purchase")]
    problems = []
    if not pd.api.types.is_datetime64_any_dtype(purchases["date"]):
        problems.append(
            Problem("column 'date'", f"holds {purchases['date'].dtype}", "Convert it with pandas.to_datetime")
        )
    amounts = pd.to_numeric(purchases["amount"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    checks = {
        "customer": purchases["customer"].isna().to_numpy(),
        "date": purchases["date"].isna().to_numpy(),
        "amount": ~np.isfinite(amounts),
    }
    problems += [
        Problem(f"row {purchases.index[row]!r}, column {name!r}", f"found {purchases[name].iloc[row]}", "Fill it in")
        for name, bad in checks.items()
        for row in np.flatnonzero(bad).tolist()
    ]
    return problems
