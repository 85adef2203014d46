"""How long relationships last: churn by period, and the share that survives, with customers who are still here."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from crmlib.arguments import Count, Level, checked
from crmlib.checks import check_labels, check_not_empty, check_same_labels, refuse, shown
from crmlib.errors import InputError, Problem
from crmlib.lifecycle.base import silent_periods
from crmlib.lifecycle.volumes import checked_volumes
from crmlib.proportions import wilson_interval

__all__ = ["Spans", "churn_by_period", "contract_spans", "silence_spans", "survival"]


@dataclass(frozen=True)
class Spans:
    """When each relationship began and ended, as positions in `periods`.

    `table`: `start`, the first period of a customer; `end`, the first period without it, missing while it is
    here. Losses are known for the first `known` periods only; `rule` says what a loss is.
    """

    table: pd.DataFrame
    periods: pd.Index
    known: int
    rule: str


@checked("The contracts")
def contract_spans(start: pd.Series, end: pd.Series, periods: pd.Index) -> Spans:
    """Relationships with a contract: a customer is lost in the first period after its contract.

    Parameters
    ----------
    start, end
        By customer, labels of `periods`: the first period under contract, and the first one after it, missing
        while the contract lasts.
    periods
        The periods observed, ascending.

    Raises
    ------
    InputError
        Lists every customer with an unknown period, or with an end that is not after the start.

    Examples
    --------
    >>> start, end = pd.Series({"A": 1, "B": 2}), pd.Series({"A": 3, "B": None})
    >>> contract_spans(start, end, pd.Index([1, 2, 3, 4])).table["end"].tolist()
    [2.0, nan]
    """
    problems = []
    if not (periods.is_monotonic_increasing and periods.is_unique and len(periods)):
        problems.append(Problem("periods", "none, not ascending, or one twice", "Sort them by time, each once"))
    problems += check_not_empty("start", start) + check_labels("start of", start) + check_labels("end of", end)
    refuse("The contracts", problems, check_same_labels("customer", start.index, end.index))
    end = end.reindex(start.index)
    table = pd.DataFrame(
        {"start": periods.get_indexer(pd.Index(start)), "end": periods.get_indexer(pd.Index(end))}, index=start.index
    )
    ended = end.notna().to_numpy()
    truth = [side.map(lambda period: isinstance(period, bool | np.bool_)).to_numpy(dtype=bool) for side in (start, end)]
    bad = truth[0] | truth[1] | (table["start"] < 0) | (ended & (table["end"] <= table["start"]))
    problems = [
        Problem(
            f"customer {shown(name)}",
            f"start {shown(start[name])}, end {shown(end[name])}",
            "Give periods that were observed, the end after the start, or no end",
        )
        for name in start.index[bad]
    ]
    if problems:
        raise InputError("The contracts", problems)
    return Spans(table.assign(end=table["end"].where(ended)), periods, len(periods), "the contract ended")


@checked("The silence rule")
def silence_spans(volumes: pd.DataFrame, silence: Count, *, missing: str = "refuse") -> Spans:
    """Relationships without a contract: a customer is lost after its last purchase if `silence` empty periods follow.

    A pause that ended with a purchase is no loss. So the last `silence` − 1 periods say nothing yet about losses, and
    are not counted.

    Parameters
    ----------
    volumes
        Shape (customers, periods), see `checked_volumes`. Customers who never bought are left out: they are prospects.
    silence
        Empty periods, at least 1.
    missing
        ``"refuse"`` missing cells, or count them as ``"zero"``.

    Raises
    ------
    InputError
        Lists every cell that cannot be used; also a silence as long as the table or longer.

    Examples
    --------
    >>> volumes = pd.DataFrame({"A": [1, 2, 0, 0, 0], "B": [0, 3, 0, 1, 0]}).T
    >>> silence_spans(volumes, silence=2).table.to_dict("list")
    {'start': [0, 1], 'end': [2.0, nan]}
    """
    checked = checked_volumes(volumes, missing=missing)
    size = checked.shape[1]
    if silence >= size:
        remedy = f"Give a whole number of periods, at least 1 and fewer than the {size} observed"
        raise InputError("The silence rule", [Problem("silence", f"found {silence!r}", remedy)])
    bought = checked.to_numpy() > 0
    silent = silent_periods(bought)[:, -1]
    table = pd.DataFrame({"start": bought.argmax(axis=1), "end": size - silent}, index=checked.index)
    table["end"] = table["end"].where(silent >= silence)
    rule = f"no purchase in {silence} periods up to the last"
    return Spans(table.loc[np.asarray(bought.any(axis=1))], checked.columns, size - silence + 1, rule)


@checked("The relationships")
def churn_by_period(spans: Spans, level: Level = 0.95) -> pd.DataFrame:
    """Customers at the start of each period, how many of them it lost, the churn rate with its Wilson interval.

    A customer counts at the start of a period if it was here in the period before; whoever begins in a period can be
    lost in the next at the earliest [wilson1927]_.

    Returns
    -------
    pandas.DataFrame
        By period, from the second one on: `customers`, `lost`, `churn`, `low`, `high`, `retention` (1 − churn); the
        rates are shares a period, missing where there was no customer.

    Examples
    --------
    >>> spans = silence_spans(pd.DataFrame({"A": [1, 2, 0, 0, 0], "B": [1, 3, 0, 1, 0]}).T, silence=2)
    >>> churn_by_period(spans)[["customers", "lost", "churn"]].to_dict("list")
    {'customers': [2, 2, 1], 'lost': [0, 1, 0], 'churn': [0.0, 0.5, 0.0]}
    """
    period = np.arange(1, spans.known)
    start, end = (np.sort(spans.table[name].dropna().to_numpy()) for name in ("start", "end"))
    customers = np.searchsorted(start, period, side="left") - np.searchsorted(end, period, side="left")
    lost = np.searchsorted(end, period, side="right") - np.searchsorted(end, period, side="left")
    table = pd.DataFrame({"customers": customers, "lost": lost}, index=spans.periods[1 : spans.known])
    table = table.join(wilson_interval(table["lost"], table["customers"], level).rename(columns={"share": "churn"}))
    table["retention"] = 1 - table["churn"]
    return table


@checked("The relationships")
def survival(spans: Spans, level: Level = 0.95) -> pd.DataFrame:
    """Share of customers still here at each age, by Kaplan and Meier's estimate [kaplan1958]_.

    A customer who is still here says only that it lasted at least as long as we saw it: it counts up to the age at
    which it was last seen, and is not mistaken for one that left. ``S(t) = Π (1 − lost/customers)`` over the ages
    up to t. The interval is that of ``log(−log S)`` with Greenwood's variance, so it stays between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        By age in periods, from 0: `customers` at risk, `lost`, `survival`, `low`, `high`. Where nobody was lost
        yet, or nobody is left, the interval is missing.

    Examples
    --------
    >>> spans = contract_spans(pd.Series([1, 1, 2]), pd.Series([2, None, 4]), pd.Index([1, 2, 3, 4]))
    >>> survival(spans)["survival"].round(4).tolist()
    [1.0, 0.6667, 0.3333, 0.3333]
    """
    table = spans.table[spans.table["start"] < spans.known]
    if table.empty:
        raise InputError("The relationships", [Problem("customers", "none", "Give at least one relationship")])
    ended = table["end"].notna().to_numpy()
    age = np.where(ended, table["end"], spans.known - 1) - table["start"].to_numpy()
    age = age.astype(int)
    size = int(age.max()) + 1
    lost = np.bincount(age[ended], minlength=size)
    customers = len(age) - np.concatenate([[0], np.cumsum(np.bincount(age, minlength=size))[:-1]])
    share = np.cumprod(1 - lost / customers)
    inside = (share > 0) & (share < 1)
    greenwood = np.cumsum(lost / np.where(customers > lost, customers * (customers - lost), np.inf))
    half = scipy.stats.norm.ppf((1 + level) / 2) * np.sqrt(greenwood[inside]) / np.abs(np.log(share[inside]))
    result = pd.DataFrame({"customers": customers, "lost": lost, "survival": share})
    result["low"] = result["high"] = np.nan
    result.loc[inside, "low"] = share[inside] ** np.exp(half)
    result.loc[inside, "high"] = share[inside] ** np.exp(-half)
    return result.rename_axis("age")
