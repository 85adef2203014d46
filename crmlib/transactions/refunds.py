"""Refunds taken off the purchases they belong to, for tables in memory."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.errors import InputError, Problem

__all__ = ["REFUNDS", "Netting", "net_refunds"]

#: What refunds can be taken off.
REFUNDS: dict[str, str] = {
    "order": "the order with the same number",
    "day": "the purchases of the customer on that day",
    "customer": "the customer's purchases up to that day, the latest first",
}
_EVEN = 1e-9  # of what was paid and given back: less than that is left by rounding


@dataclass(frozen=True)
class Netting:
    """What was done about refunds: `by` is a key of `REFUNDS`, `amount` what was given back in all.

    `refunds` counts the rows of refunds, `emptied` the purchases that were given back in full and are none any more.
    """

    by: str
    refunds: int
    amount: float
    emptied: int


def net_refunds(table: pd.DataFrame, by: str) -> tuple[pd.DataFrame, Netting]:
    """Take refunds, which are negative amounts, off purchases.

    By order and by day, what belongs together becomes one row where there is a refund among it. What exceeds the
    purchases it belongs to, or finds none, stays as a negative amount.

    Parameters
    ----------
    table
        Columns ``customer``, ``date`` and ``amount``, and ``order`` to net by it. Rows in which one of these is missing
        stay as they are.
    by
        A key of `REFUNDS`.

    Returns
    -------
    table, netting
        The rows that are left, in their order and under their labels; of rows that became one, those of the first.

    Raises
    ------
    InputError
        If `by` is no such key, or there are no numbers of orders.

    Examples
    --------
    >>> days = pd.to_datetime(["2019-01-05", "2019-01-09", "2019-02-01"])
    >>> table = pd.DataFrame({"customer": "A", "date": days, "amount": [20.0, 30.0, -35.0]})
    >>> left, netting = net_refunds(table, "customer")
    >>> left["amount"].to_list(), netting.emptied
    ([15.0], 1)
    """
    if by not in REFUNDS:
        raise InputError("The refunds", [Problem("refunds", f"found {by!r}", f"Use {', '.join(REFUNDS)}")])
    if by == "order" and "order" not in table:
        remedy = "Name the column with the numbers of the orders, or net by day or customer"
        raise InputError("The refunds", [Problem("refunds by order", "there are no numbers of orders", remedy)])
    keys = {"order": ["customer", "order"], "day": ["customer", "date"], "customer": ["customer"]}[by]
    plain = table.assign(date=table["date"].dt.normalize())
    whole = np.isfinite(plain["amount"]) & plain[[*{*keys, "customer", "date"}]].notna().all(axis=1)
    back = whole & (plain["amount"] < 0)
    group = plain[whole].groupby(keys, sort=False).ngroup().reindex(table.index, fill_value=-1)
    touched = group.isin(group[back])
    net: Callable[[pd.DataFrame, pd.Series], pd.Series] = _latest_first if by == "customer" else _sums
    amounts = net(plain[touched], group[touched])
    left = table[~touched | table.index.isin(amounts.index)].copy()
    left.loc[amounts.index, "amount"] = amounts
    bought = int((touched & (plain["amount"] > 0)).sum()) if by == "customer" else group[touched].nunique()
    emptied = bought - int((amounts > 0).sum()) - (0 if by == "customer" else int((amounts < 0).sum()))
    return left, Netting(by, int(back.sum()), float(-plain.loc[back, "amount"].sum()), emptied)


def _sums(rows: pd.DataFrame, group: pd.Series) -> pd.Series:
    """One amount a group, at its first purchase if there is one; none where all was given back."""
    sums, sizes = rows["amount"].groupby(group).sum(), rows["amount"].abs().groupby(group).sum()
    first = rows.assign(group=group, back=rows["amount"] < 0).sort_values(["back", "date"], kind="stable")
    labels = pd.Series(first.index, first["group"].to_numpy())
    labels = labels[~labels.index.duplicated()]
    left = sums[sums.abs() > _EVEN * sizes]
    return pd.Series(left.to_numpy(), labels[left.index].to_numpy(), dtype=float)


def _latest_first(rows: pd.DataFrame, group: pd.Series) -> pd.Series:
    """What is left of each purchase and each refund of a customer when every refund is taken off the latest purchase.

    Purchases are a pile, of which a refund takes off the top: of a purchase is left what the pile never falls below
    again. A refund that digs below the ground finds no purchase.
    """
    order = rows.assign(group=group, back=rows["amount"] < 0).sort_values(["group", "date", "back"], kind="stable")
    amount, customer = order["amount"], order["group"]
    paid = amount.groupby(customer).cumsum()
    missing = (-paid.groupby(customer).cummin()).clip(lower=0)
    height = paid + missing
    lasting = height[::-1].groupby(customer[::-1]).cummin()[::-1]
    below = (height - amount).where(amount > 0, 0)
    left = (lasting - below).clip(lower=0).where(amount > 0, -missing.groupby(customer).diff().fillna(missing))
    size = amount.abs().groupby(customer).transform("sum")
    untouched = (left - amount).abs() <= _EVEN * size
    left = amount.where(untouched, left)
    return left[(left.abs() > _EVEN * size) | (amount == 0)]
