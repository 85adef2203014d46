"""What can be wrong with a row of a transaction log, and what is done about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import narwhals as nw
import pandas as pd

from crmlib.errors import InputError, Problem

__all__ = ["BAD_ROWS", "Frame", "Sifted", "bad_row_actions", "collected", "sift"]

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]

#: The kinds of bad rows, in the order in which a row is tried, and what to do about each.
BAD_ROWS: dict[str, str] = {
    "cancelled order": "Take them out; keep them if a cancelled order is a purchase here",
    "missing customer": "Fill in who bought",
    "missing date": "Fill in the day of the purchase",
    "missing amount": "Fill in what was paid",
    "infinite amount": "Write what was paid",
    "negative amount": "Net refunds by order, day or customer, or drop what is left of them",
    "zero amount": "Keep these rows if a gift or a sample is a purchase here",
    "after the end": "Give a later end, or split the log into calibration and holdout",
    "missing order": "Fill in the number of the order, or leave out `order`",
    "repeated order": "Give each order once",
    "conflicting order": "Correct the number; keep these rows if each is one line of an order",
}
_KEEPABLE = ("cancelled order", "zero amount", "repeated order", "conflicting order")
_ORDER_ROW = ["order", "customer", "date", "amount"]
_PLACES = 5  # named of each kind


def bad_row_actions(on_bad: str | Mapping[str, str]) -> dict[str, str]:
    """For each kind of bad row, what to do: refuse, drop or keep; see `transaction_log`."""
    if isinstance(on_bad, str):
        actions = dict.fromkeys(BAD_ROWS, on_bad)
        if on_bad == "drop":
            actions["conflicting order"] = "refuse"
    else:
        actions = dict.fromkeys(BAD_ROWS, "refuse") | dict(on_bad)
    problems = []
    for kind, action in actions.items():
        allowed = ["refuse"] + ["drop"] * (kind != "conflicting order") + ["keep"] * (kind in _KEEPABLE)
        if kind not in BAD_ROWS:
            problems.append(
                Problem(f"on_bad, {kind!r}", "is no kind of bad row", f"The kinds are {', '.join(BAD_ROWS)}")
            )
        elif action not in allowed:
            problems.append(Problem(f"on_bad, {kind!r}", f"found {action!r}", f"Use {' or '.join(allowed)}"))
    if problems:
        raise InputError("The treatment of bad rows", problems)
    return actions


@dataclass(frozen=True)
class Sifted:
    """The rows that are left of a table, and what was found: `counts` of bad rows by kind, the first and last day."""

    clean: Frame
    rows: int
    counts: pd.Series
    first: date
    last: date


def sift(frame: Frame, names: Mapping[str, str], end: date | None, actions: Mapping[str, str]) -> Sifted:
    """Drop the bad rows that are to be dropped and count all kinds, in one query (a second looks at orders).

    Parameters
    ----------
    frame
        Columns ``customer``, ``date``, ``amount`` and perhaps ``order`` and ``cancelled``, of checked types.
    names
        What the caller calls them.

    Raises
    ------
    InputError
        For every kind of bad row that is refused, and if no row is left.
    """
    code = _code(frame, end, actions)
    found = collected(
        frame.with_columns(code=code)
        .group_by("code")
        .agg(nw.len().alias("rows"), nw.col("date").min().alias("first"), nw.col("date").max().alias("last"))
    ).set_index("code")
    kinds = dict(enumerate(BAD_ROWS, start=1))
    good = [0, *(number for number, kind in kinds.items() if actions[kind] == "keep")]
    all_good = found.index.isin(good).all()
    clean = frame if all_good else frame.with_columns(code=code).filter(nw.col("code").is_in(good)).drop("code")
    counts = {kind: int(found["rows"].get(number, 0)) for number, kind in kinds.items()}
    if "order" in names:
        counts |= _order_counts(clean)
    refused = [kind for kind, count in counts.items() if count and actions[kind] == "refuse"]
    if refused:
        problems = [_problem(kind, counts[kind], names, _places(kind, frame, clean, code, names)) for kind in refused]
        raise InputError("The transaction log", problems)
    if counts["repeated order"] and actions["repeated order"] == "drop":
        clean = clean.unique(subset=_ORDER_ROW)
    rows = sum(found["rows"]) - sum(count for kind, count in counts.items() if actions[kind] == "drop")
    if not rows:
        problem = Problem("the table", f"has no good row among {sum(found['rows'])}", "Give at least one transaction")
        raise InputError("The transaction log", [problem])
    days = found[found.index.isin(good)]
    return Sifted(
        clean=clean,
        rows=int(rows),
        counts=pd.Series({kind: count for kind, count in counts.items() if count}, dtype="int64"),
        first=pd.Timestamp(days["first"].min()).date(),
        last=pd.Timestamp(days["last"].max()).date(),
    )


def _code(frame: Frame, end: date | None, actions: Mapping[str, str]) -> nw.Expr:
    """The first kind that a row is bad in, counted from 1 in the order of `BAD_ROWS`; 0 for a good row.

    Kinds that are kept are tried last, so that they hide no other.
    """
    masks = _masks(frame, end)
    code: nw.Expr = nw.lit(0)
    for kind in sorted(masks, key=lambda kind: actions[kind] == "keep")[::-1]:
        code = nw.when(masks[kind]).then(nw.lit(list(BAD_ROWS).index(kind) + 1)).otherwise(code)
    return code


def _masks(frame: Frame, end: date | None) -> dict[str, nw.Expr]:
    """By kind, whether a row is bad in it; each mask may rely on the ones before."""
    schema = frame.collect_schema()
    customer, day, amount = nw.col("customer"), nw.col("date"), nw.col("amount")
    masks = {"cancelled order": nw.col("cancelled")} if "cancelled" in schema else {}
    masks |= {
        "missing customer": _missing(customer, schema["customer"]),
        "missing date": day.is_null(),
        "missing amount": _missing(amount, schema["amount"]),
        "infinite amount": ~amount.is_finite(),
        "negative amount": amount < 0,
        "zero amount": amount == 0,
    }
    if end is not None:
        if schema["date"] == nw.Date:
            masks["after the end"] = day > nw.lit(end)
        else:
            masks["after the end"] = day >= nw.lit(datetime.combine(end + timedelta(days=1), time()))
    if "order" in schema:
        masks["missing order"] = _missing(nw.col("order"), schema["order"])
    return masks


def _missing(column: nw.Expr, dtype: nw.dtypes.DType) -> nw.Expr:
    """NULL, not a number, or empty text."""
    if dtype.is_float():
        return column.is_null() | column.is_nan()
    return column.is_null() | (column == "") if dtype == nw.String else column.is_null()


def _order_counts(clean: Frame) -> dict[str, int]:
    """How many rows repeat an order, and how many say something else about one."""
    rows = int(collected(clean.select(nw.len().alias("rows")))["rows"][0])
    orders = clean.unique(subset=_ORDER_ROW).group_by("order").agg(nw.len().alias("rows"))
    distinct = collected(orders.select(nw.col("rows").sum().alias("rows"), nw.len().alias("orders"))).fillna(0)
    different = int(distinct["rows"][0])
    return {"repeated order": rows - different, "conflicting order": different - int(distinct["orders"][0])}


def _problem(kind: str, count: int, names: Mapping[str, str], places: list[str]) -> Problem:
    rows = f"{count} row{'s' * (count > 1)}"
    found = f"{rows} {kind}" if kind == "after the end" else f"{rows} with {'an' if kind[0] in 'aeiou' else 'a'} {kind}"
    more = " and more" if count > len(places) else ""
    part = {"after the end": "date", "cancelled order": "cancelled"}.get(kind, kind.rpartition(" ")[2])
    column = names[part]
    return Problem(f"column {column!r}", f"{found}: {'; '.join(places)}{more}", BAD_ROWS[kind])


def _places(kind: str, frame: Frame, clean: Frame, code: nw.Expr, names: Mapping[str, str]) -> list[str]:
    """The first bad rows of a kind, or the first orders by name."""
    if kind in ("repeated order", "conflicting order"):
        several = clean.group_by(_ORDER_ROW) if kind == "repeated order" else clean.unique(_ORDER_ROW).group_by("order")
        orders = several.agg(nw.len().alias("rows")).filter(nw.col("rows") > 1).select("order").unique()
        return [f"order {order!r}" for order in sorted(collected(orders)["order"].tolist(), key=str)[:_PLACES]]
    number = list(BAD_ROWS).index(kind) + 1
    rows = frame.with_row_index("row") if isinstance(frame, nw.DataFrame) else frame
    first = collected(rows.with_columns(code=code).filter(nw.col("code") == number).drop("code").head(_PLACES))
    labels = nw.maybe_get_index(rows) if isinstance(rows, nw.DataFrame) else None
    if labels is not None:
        first["row"] = labels[first["row"]]
    return [_place(row, names) for row in first.to_dict("records")]


def _place(row: Mapping[Any, Any], names: Mapping[str, str]) -> str:
    parts = [part for part in names if part != "cancelled"]
    shown = {part: str(row[part]).removesuffix(" 00:00:00") for part in parts}
    shown |= {part: "missing" for part in parts if pd.isna(row[part]) or row[part] == ""}
    cells = ", ".join(f"{names[part]} {shown[part]}" for part in parts)
    return f"row {row['row']} ({cells})" if "row" in row else f"({cells})"


def collected(frame: Frame) -> pd.DataFrame:
    """The rows of a result as a pandas frame, wherever it was worked out."""
    rows = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return pd.DataFrame({name: rows[name].to_numpy() for name in rows.columns})
