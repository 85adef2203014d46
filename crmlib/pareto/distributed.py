"""ABC classes of a table that pandas, polars, DuckDB, Spark or another engine holds, without bringing it here."""

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from crmlib.arguments import checked
from crmlib.errors import InputError, Problem
from crmlib.pareto.classes import SHARES
from crmlib.pareto.histogram import By, Histogram, limits_from_histogram

__all__ = ["classify_table"]

#: Buckets in each factor of e; they serve to look at few values twice, and decide nothing.
BUCKETS = 256


@checked("The table of customers")
def classify_table(
    table: Any, customer: str, value: str, shares: Mapping[str, float] = SHARES["80/15/5"], by: By = "value"
) -> Any:
    """Add the column ``class`` to a table of customers, with the classes that `abc_classes` gives.

    The engine groups its rows by bucket of value, then those of the few buckets in which a cut falls by value; only
    these two small tables come here. The engine adds up floats by its own rule; sums of whole numbers are exact.

    Parameters
    ----------
    table
        One row a customer, in any frame that narwhals supports, eager or lazy.
    customer, value
        Columns with the customer's name and the number to share out.
    shares, by
        As in `abc_classes`.

    Returns
    -------
    Any
        The same kind of frame; a lazy one stays lazy.

    Raises
    ------
    InputError
        Lists every customer with a missing value or named twice; also a missing column and unusable shares.

    References
    ----------
    [gray1997]_ on aggregates that parts of a table can compute apart.

    Examples
    --------
    >>> table = pd.DataFrame({"customer": ["v", "w", "x"], "revenue": [1000, 1, 1]})
    >>> classify_table(table, "customer", "revenue")["class"].tolist()
    ['A', 'C', 'C']
    """
    try:
        frame: Any = nw.from_native(table)
        lazy = frame.lazy()
        lazy.collect_schema()
    except TypeError:
        problem = Problem("table", f"found a {type(table).__name__}", "Give a pandas, polars, DuckDB or other table")
        raise InputError("The table of customers", [problem]) from None
    except nw.exceptions.DuplicateError as error:
        raise InputError("The table of customers", [Problem("columns", str(error), "Name each once")]) from None
    _check(lazy, customer, value)
    amount = nw.col(value).cast(nw.Float64)
    numbers = lazy.select(amount.alias("v"))
    found = _collected(
        numbers.with_columns(
            positive=nw.when(nw.col("v") > 0).then(nw.col("v")).otherwise(nw.lit(0.0)),
            for_log=nw.when(nw.col("v") > 0).then(nw.col("v")).otherwise(nw.lit(1.0)),
        )
        .with_columns(
            bucket=nw.when(nw.col("v") > 0).then((nw.col("for_log").log() * BUCKETS).floor()).otherwise(nw.lit(-1e9))
        )
        .group_by("bucket")
        .agg(customers=nw.len(), total=nw.col("positive").sum(), low=nw.col("v").min(), high=nw.col("v").max())
    )
    buckets = _disjoint(found)
    histogram = Histogram(
        np.arange(len(buckets)), buckets["customers"].to_numpy(dtype=np.int64), buckets["total"].to_numpy(dtype=float)
    )

    def refine(bucket: int) -> tuple[np.ndarray, np.ndarray]:
        low, high = (float(buckets[edge].iloc[bucket]) for edge in ("low", "high"))
        inside = numbers.filter((nw.col("v") >= low) & (nw.col("v") <= high))
        tally = _collected(inside.group_by("v").agg(customers=nw.len())).sort_values("v")
        return tally["v"].to_numpy(dtype=float), tally["customers"].to_numpy(dtype=np.int64)

    limits = limits_from_histogram(histogram, shares, by, refine).tolist()
    *names, last = shares
    label = nw.lit(last)
    for name, limit in reversed(list(zip(names, limits, strict=True))):
        label = nw.when(amount >= limit).then(nw.lit(name)).otherwise(label)
    return frame.with_columns(label.alias("class")).to_native()


def _collected(frame: Any) -> pd.DataFrame:
    native: pd.DataFrame = frame.collect().to_pandas()
    return native


def _disjoint(found: pd.DataFrame) -> pd.DataFrame:
    """Buckets in ascending order; those that overlap, because an engine's logarithm is not monotone, become one."""
    found = found.sort_values(["low", "high"]).reset_index(drop=True)
    starts = found["low"] > found["high"].cummax().shift(fill_value=-np.inf)
    grouped = found.groupby(starts.cumsum())
    return grouped.agg(customers=("customers", "sum"), total=("total", "sum"), low=("low", "min"), high=("high", "max"))


def _check(lazy: Any, customer: str, value: str) -> None:
    schema = lazy.collect_schema()
    problems = [
        Problem(f"column {name!r}", "is not in the table", f"The columns are {', '.join(schema.names())}")
        for name in (customer, value)
        if name not in schema
    ]
    if value in schema and not schema[value].is_numeric():
        problems.append(Problem(f"column {value!r}", f"holds {schema[value]}", "Turn it into numbers first"))
    if problems:
        raise InputError("The table of customers", problems)
    amount = nw.col(value).cast(nw.Float64)
    bad = _collected(lazy.filter(amount.is_null() | ~amount.is_finite()).select(customer))[customer]
    problems += [
        Problem(f"customer {name}", "not a finite number", "Write a number, 0 for nothing")
        for name in sorted(map(str, bad))
    ]
    counted = lazy.group_by(customer).agg(rows=nw.len())
    twice = _collected(counted.filter(nw.col("rows") > 1).select(customer))[customer]
    problems += [
        Problem(f"customer {name}", "named more than once", "Add up the values of each customer first")
        for name in sorted(map(str, twice))
    ]
    if problems:
        raise InputError("The table of customers", problems)
