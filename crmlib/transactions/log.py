"""A checked log of transactions from any table: what is wrong with it is refused, or dropped and counted."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

import narwhals as nw
import pandas as pd

from crmlib.arguments import checked
from crmlib.errors import InputError, Problem
from crmlib.transactions.arrays import ArrayPurchases
from crmlib.transactions.bad_rows import Frame, bad_row_actions, collected, sift
from crmlib.transactions.engine import EnginePurchases
from crmlib.transactions.refunds import Netting, net_refunds

__all__ = ["TransactionLog", "day_of", "transaction_log"]

_SUBJECT = "The transaction log"


@dataclass(frozen=True)
class TransactionLog:
    """Transactions that can be counted on: every one has a customer, a day and an amount.

    `purchases` holds them where they were, in the caller's engine or in arrays; `rows` is their number. `first` is
    the first day; `end` the last day of observation: the one given or, if not `end_given`, the day of the last
    transaction. `dropped` and `kept` count, by kind, the bad rows that were dropped and the doubtful ones kept.
    Repeated orders are looked for only if `orders_checked`: without the number of an order, two equal rows may be
    two purchases. If not `amounts_known`, every purchase stands for one, and no amount is told. `netted` tells what
    was done about refunds, if anything was; `notes` how a file was read, one line each.
    """

    purchases: ArrayPurchases | EnginePurchases
    rows: int
    first: date
    end: date
    end_given: bool
    dropped: pd.Series
    kept: pd.Series
    orders_checked: bool
    amounts_known: bool = True
    netted: Netting | None = None
    notes: tuple[str, ...] = ()

    def until(self, end: date | str) -> "TransactionLog":
        """The same log, observed until a given day.

        Raises
        ------
        InputError
            If a transaction is later.
        """
        last = day_of(end, "end")
        if last < self.end and collected(self.purchases.after(last).times()).size:
            remedy = "Give a later end, or split the log into calibration and holdout"
            raise InputError(_SUBJECT, [Problem("end", f"found {last}, and there are later transactions", remedy)])
        return replace(self, end=last, end_given=True)

    def to_dict(self) -> dict[str, object]:
        """All fields but the transactions, in plain Python types."""
        return {
            "rows": self.rows,
            "first": self.first.isoformat(),
            "end": self.end.isoformat(),
            "end_given": self.end_given,
            "dropped": self.dropped.to_dict(),
            "kept": self.kept.to_dict(),
            "orders_checked": self.orders_checked,
            "amounts_known": self.amounts_known,
            "netted": asdict(self.netted) if self.netted else None,
            "notes": list(self.notes),
        }


@checked(_SUBJECT)
def transaction_log(
    table: Any,
    *,
    customer: str = "customer",
    date: str = "date",
    amount: str | None = "amount",
    order: str | None = None,
    cancelled: str | None = None,
    refunds: str | None = None,
    end: date | str | None = None,
    on_bad: str | Mapping[str, str] = "refuse",
) -> TransactionLog:
    """Check a table with one transaction a row.

    The table's own engine does the work; only counts come back.

    Parameters
    ----------
    table
        Anything that narwhals takes: a pandas or polars frame, a polars LazyFrame, a DuckDB relation, an Ibis or a
        PySpark table. Its dates are dates or date-times without a time zone, its amounts are numbers; in a pandas frame
        both may be Python's own dates and decimals.
    customer, date, amount
        Names of the columns. Without amounts, None: the log serves models of purchases, and nothing about money.
    order
        Name of the column with the number of the order, if there is one: then repeated orders are found.
    cancelled
        Name of a column that says of each row whether it was cancelled, if there is one.
    refunds
        What negative amounts are taken off, a key of `REFUNDS`; in a pandas frame only.
    end
        Last day of observation, such as ``"2019-12-31"``; the day of the last transaction if not given.
    on_bad
        ``"refuse"``, ``"drop"``, or by kind of `BAD_ROWS` one of ``"refuse"``, ``"drop"`` and ``"keep"``, such as
        ``{"negative amount": "drop"}``; kinds that are not named are refused. A row that is bad in two ways counts
        as the first. Only zero amounts and orders of several rows can be kept. A conflicting order, which gives an
        order another customer, date or amount, is never dropped: nothing says which of its rows is right.

    Raises
    ------
    InputError
        If a column is missing or of the wrong type; for every kind of bad row that is not to be dropped, with the
        number of rows and the first places (by the index of a pandas frame; without a number in a lazy table).

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "customer": ["A", "A", "B"],
    ...         "date": pd.to_datetime(["2019-01-05", "2019-03-01", "2019-02-01"]),
    ...         "amount": [20.0, 30.0, -5.0],
    ...     }
    ... )
    >>> transaction_log(table)
    Traceback (most recent call last):
    ...
    crmlib.errors.InputError: The transaction log cannot be used:
      - column 'amount': 1 row with a negative amount: row 2 (customer B, date 2019-02-01, amount -5.0). Net refunds \
by order, day or customer, or drop what is left of them.
    >>> log = transaction_log(table, on_bad="drop")
    >>> log.rows, log.dropped.to_dict(), str(log.end)
    (2, {'negative amount': 1}, '2019-03-01')
    """
    actions = bad_row_actions(on_bad)
    last = None if end is None else day_of(end, "end")
    names = {"customer": customer, "date": date}
    further = {"amount": amount, "order": order, "cancelled": cancelled}
    names |= {part: name for part, name in further.items() if name}
    frame, netted = _narrowed(table, names), None
    if refunds is not None:
        frame, netted = _netted(frame, refunds)
    found = sift(frame, names, last, actions)
    clean, done = found.clean, found.counts.index.map(actions.get)
    return TransactionLog(
        purchases=EnginePurchases.of(clean) if isinstance(clean, nw.LazyFrame) else ArrayPurchases.of(clean),
        rows=found.rows,
        first=found.first,
        end=last or found.last,
        end_given=last is not None,
        dropped=found.counts[done == "drop"],
        kept=found.counts[done == "keep"],
        orders_checked=order is not None,
        amounts_known=amount is not None,
        netted=netted,
    )


def _netted(frame: Frame, refunds: str) -> tuple[Frame, Netting]:
    if not frame.implementation.is_pandas():
        remedy = "Give a pandas frame, or take the refunds off before"
        raise InputError(_SUBJECT, [Problem("refunds", "are not netted in other engines", remedy)])
    table, netted = net_refunds(nw.to_native(frame), refunds)
    return nw.from_native(table), netted


def day_of(value: date | str, name: str) -> date:
    """A day that was given as one or as text."""
    try:
        given = datetime.fromisoformat(value) if isinstance(value, str) else value
        if isinstance(given, date) and not pd.isna(given):
            return given.date() if isinstance(given, datetime) else given
    except ValueError:
        pass
    raise InputError(_SUBJECT, [Problem(name, f"found {value!r}", "Write the day as 2019-12-31")])


def _narrowed(table: Any, names: Mapping[str, str]) -> Frame:
    """The columns of use under their own names, checked for their types; a polars frame becomes lazy."""
    try:
        frame: Frame = nw.from_native(_without_objects(table) if isinstance(table, pd.DataFrame) else table)
        schema = frame.collect_schema()
    except TypeError:
        remedy = "Give a pandas, polars, DuckDB, Ibis or PySpark table"
        raise InputError(_SUBJECT, [Problem("the table", f"is a {type(table).__name__}", remedy)]) from None
    except nw.exceptions.DuplicateError as error:
        raise InputError(_SUBJECT, [Problem("its columns", str(error), "Name each once")]) from None
    if missing := [name for name in names.values() if name not in schema]:
        remedy = f"Name it in the call; the table has {', '.join(map(str, schema))}"
        raise InputError(_SUBJECT, [Problem(f"column {name!r}", "is missing", remedy) for name in missing])
    if problems := [problem for part, name in names.items() for problem in _type_problems(part, name, schema[name])]:
        raise InputError(_SUBJECT, problems)
    narrowed = frame.select(**{part: nw.col(name) for part, name in names.items()})
    amount = nw.col("amount").cast(nw.Float64) if "amount" in names else nw.lit(1.0).alias("amount")
    narrowed = narrowed.with_columns(amount)
    return narrowed.lazy() if narrowed.implementation.is_polars() else narrowed


def _without_objects(table: pd.DataFrame) -> pd.DataFrame:
    """Python's dates and decimals, as drivers of databases give them, in pandas' own types."""
    types = {"date": "datetime64[s]", "decimal": "float64"}
    inferred = {name: pd.api.types.infer_dtype(table[name]) for name in table.columns[table.dtypes == "object"]}
    return table.astype({name: types[kind] for name, kind in inferred.items() if kind in types})


def _type_problems(part: str, name: str, dtype: nw.dtypes.DType) -> list[Problem]:
    remedies = {
        "date": "Turn it into dates; `read_orders` does so when it reads a file",
        "amount": "Turn it into numbers; `read_orders` does so when it reads a file",
        "cancelled": "Turn it into true and false",
    }
    if part == "date" and isinstance(dtype, nw.Datetime) and dtype.time_zone is not None:
        remedy = "Turn it into the local day of each purchase: near midnight the zone decides the day"
        return [Problem(f"column {name!r}", f"holds times of the time zone {dtype.time_zone}", remedy)]
    names = isinstance(dtype, (nw.String, nw.Categorical, nw.Enum))
    right = {"date": isinstance(dtype, (nw.Date, nw.Datetime)), "amount": dtype.is_numeric(),
             "cancelled": dtype == nw.Boolean}  # fmt: skip
    if right.get(part, names or dtype.is_numeric()):
        return []
    return [Problem(f"column {name!r}", f"holds {dtype}", remedies.get(part, "Turn it into text or whole numbers"))]
