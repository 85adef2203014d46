"""A log of orders from a file as shops keep it: a row an order, or a row for each line of one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from crmlib.cases.order_table import ORDERS, amount_paid, amount_problems, cancelled_rows
from crmlib.errors import InputError, Problem
from crmlib.reading.tables import Reading, read_table
from crmlib.transactions import TransactionLog, transaction_log
from crmlib.transactions.bad_rows import bad_row_actions

__all__ = ["read_orders"]

_SHOWN = 5  # places named of a kind
_SAME_ORDER = ["order", "customer", "date", "cancelled", "back"]


def read_orders(
    path: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    date_order: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    end: date | str | None = None,
    on_bad: str | Mapping[str, str] = "refuse",
    refunds: str | None = None,
) -> TransactionLog:
    r"""Read a log of orders.

    What was paid is the amount, else quantity times price, less the refund; without any of these the log has no
    amounts. Lines of one order, in a table with orders and products or quantities, are added up. Rows of an order that
    was cancelled, by its status or as a credit note, are bad rows of their own kind; those that were given back in
    full too.

    Parameters
    ----------
    path, columns, date_order, sheet, encoding
        As in `read_table`, for the table `ORDERS`. A cell that cannot be read is refused.
    end, on_bad, refunds
        As in `transaction_log`. A row that is equal to an earlier one in every cell is a repeated order. Where refunds
        are netted, credit notes are refunds.

    Raises
    ------
    InputError
        For each cell that cannot be read, and each kind of bad row, with the number and the first places.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "orders.csv"
    ...     _ = file.write_text("客户;下单日期;金额\nA;2019年3月4日;¥1234.50\nB;20190305;20\n", encoding="gb18030")
    ...     log = read_orders(file)
    >>> log.rows, str(log.end)
    (2, '2019-03-05')
    """
    actions = bad_row_actions(on_bad)
    reading = read_table(path, ORDERS, columns=columns, date_order=date_order, sheet=sheet, encoding=encoding)
    rows, problems, notes = _rows(reading, refunds)
    repeats = pd.Series(_repeated(reading), rows.index)
    if repeats.any() and actions["repeated order"] == "refuse":
        problems.append(_repeats_problem(repeats))
    rows = rows[~repeats] if actions["repeated order"] == "drop" else rows
    if "order" in rows and {"product", "quantity"} & set(reading.table):
        if "amount" in reading.table:
            rows, questions = _amounts_of_orders(rows, repeats, notes)
            problems += questions
        rows = _added_up(rows, notes)
    try:
        log = transaction_log(
            rows, amount="amount" if "amount" in rows else None, order="order" if "order" in rows else None,
            cancelled="cancelled", refunds=refunds, end=end, on_bad=actions,
        )  # fmt: skip
    except InputError as error:
        raise InputError(str(path), [*problems, *error.problems]) from None
    if problems:
        raise InputError(str(path), problems)
    return _with_repeats(log, int(repeats.sum()), actions["repeated order"], (*reading.notes, *notes))


def _rows(reading: Reading, refunds: str | None) -> tuple[pd.DataFrame, list[Problem], list[str]]:
    """The rows as a log has them, under their numbers in the file; what is not clear; and what was done."""
    table = reading.table.set_index(pd.Index(reading.rows))
    rows = table[[name for name in ("customer", "date", "order") if name in table]]
    rows = rows.astype({name: "str" for name in ("customer", "order") if name in table})
    paid, cancelled = amount_paid(table), cancelled_rows(table)
    notes = []
    if paid is None:
        notes.append("there are no amounts: every purchase counts the same")
    else:
        rows["amount"] = paid
        notes += [] if "amount" in table else ["amounts are quantity times price"]
        notes += ["refunds are taken off the amounts of their rows"] if "refund" in table else []
        cancelled &= (paid >= 0) if refunds else True
    if "status" in table:
        others = ", ".join(sorted(table.loc[~cancelled, "status"].dropna().unique())[:10])
        notes.append(f"orders count as purchases whose status is {others}")
    return rows.assign(cancelled=cancelled), amount_problems(table), notes


def _repeated(reading: Reading) -> np.ndarray:
    """Which rows are equal to an earlier one in every cell of the file, the columns left out among them."""
    return pd.concat([reading.table, reading.others], axis=1).duplicated().to_numpy()


def _repeats_problem(repeats: pd.Series) -> Problem:
    places = [f"row {row}" for row in repeats.index[repeats]]
    count = f"{len(places)} row{'s' * (len(places) > 1)}"
    found = f"every cell as in an earlier row, in {count}: {'; '.join(places[:_SHOWN])}"
    remedy = "Delete them, or keep them if they are purchases of their own"
    return Problem("the table", found + " and more" * (len(places) > _SHOWN), remedy)


def _amounts_of_orders(rows: pd.DataFrame, repeats: pd.Series, notes: list[str]) -> tuple[pd.DataFrame, list[Problem]]:
    """The rows without further lines of orders whose amount stands at the first line alone.

    An amount that is the same in all lines of each order may be that of the order or of the line: a question.
    """
    lines = rows[rows["order"].notna() & ~repeats[rows.index]]
    orders = lines.groupby("order")["amount"].agg(["size", "count", "nunique"])
    several = orders[orders["size"] > 1]
    if len(several) < 2 or (several["nunique"] > 1).any():
        return rows, []
    further = lines.index[lines["order"].duplicated()]
    if lines.loc[further, "amount"].isna().all() and (several["count"] == 1).all():
        notes.append(f"{len(further):,} lines without an amount belong to the orders whose first lines have one")
        return rows.drop(further), []
    if (several["count"] < several["size"]).any():
        return rows, []
    found = f"is the same in all lines of an order, in each of the {len(several)} orders of several lines"
    remedy = "If it is that of the order, keep one row an order; if that of a line, give quantities and prices instead"
    return rows, [Problem("column 'amount'", found, remedy)]


def _added_up(rows: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """One row an order, at its first line. What was given back stays apart, and so do rows that lack something."""
    whole = rows.notna().all(axis=1)
    lines = rows[whole].assign(back=rows["amount"] < 0 if "amount" in rows else False)
    if "amount" in rows:
        lines["amount"] = lines.groupby(_SAME_ORDER, sort=False)["amount"].transform("sum")
    orders = lines.drop_duplicates(_SAME_ORDER).drop(columns="back")
    if len(orders) < len(lines):
        notes.append(f"{len(lines):,} lines are added up to {len(orders):,} orders")
    return pd.concat([orders, rows[~whole]]).sort_index()


def _with_repeats(log: TransactionLog, count: int, action: str, notes: tuple[str, ...]) -> TransactionLog:
    """The log with the repeated rows counted, and with notes."""
    log = replace(log, orders_checked=True, notes=notes)
    if not count:
        return log
    treated = "dropped" if action == "drop" else "kept"
    counts = pd.concat([getattr(log, treated), pd.Series({"repeated order": count}, dtype="int64")])
    return replace(log, **{treated: counts.groupby(level=0, sort=False).sum()})
