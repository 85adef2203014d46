"""A log of orders from a file as shops keep it: CSV or Excel, dates and amounts often as text."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from crmlib.cases.order_cells import TROUBLES, Trouble, read_amount, read_day, read_name
from crmlib.cases.sheets import Sheet, read_sheet
from crmlib.errors import InputError, Problem
from crmlib.transactions import TransactionLog, transaction_log
from crmlib.transactions.bad_rows import bad_row_actions

__all__ = ["read_orders"]

_SHOWN = 5  # places named of each kind


def read_orders(
    path: str | Path,
    *,
    customer: str = "customer",
    date: str = "date",
    amount: str = "amount",
    order: str | None = None,
    date_order: str | None = None,
    end: date | str | None = None,
    on_bad: str | Mapping[str, str] = "refuse",
) -> TransactionLog:
    r"""Read a log of orders, one a row.

    Parameters
    ----------
    path
        A CSV file (commas, semicolons or tabs; UTF-8, or else GB18030 as Excel saves it in Chinese) or the first sheet
        of an Excel workbook (.xlsx). Columns that are not named here are left alone. Blank rows are no rows.
    customer, date, amount, order
        Names of the columns. Without `order`, rows that are equal in every cell count as a repeated order.
    date_order
        What 03/04/2019 means: ``"dmy"`` the third of April, ``"mdy"`` the fourth of March. Such dates are refused if
        it is not given. 2019-04-03, 2019/4/3, 20190403, 2019年4月3日 and the days that Excel counts need nothing.
    end, on_bad
        As in `transaction_log`. A cell that cannot be read is always refused.

    Raises
    ------
    InputError
        For each kind of cell that cannot be read, and each kind of bad row, with the number and the first places.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "orders.csv"
    ...     _ = file.write_text("customer;date;amount\nA;2019年3月4日;¥1234.50\nB;20190305;20\n", encoding="gb18030")
    ...     log = read_orders(file)
    >>> log.rows, str(log.end)
    (2, '2019-03-05')
    """
    path, actions = Path(path), bad_row_actions(on_bad)
    names = [customer, date, amount, *([order] if order else [])]
    if date_order not in (None, "dmy", "mdy"):
        raise InputError(str(path), [Problem("date_order", f"found {date_order!r}", "Use 'dmy' or 'mdy'")])
    if len(set(names)) < len(names):
        raise InputError(str(path), [Problem("the names of columns", f"found {names}", "Name a column once")])
    sheet = read_sheet(path, names)
    readable, problems = _read_cells(sheet, names, date_order)
    repeats = pd.DataFrame(sheet.rows).T.astype(str).duplicated() & (order is None)
    if repeats.any() and actions["repeated order"] == "refuse":
        problems.append(_repeats_problem(repeats))
    if actions["repeated order"] == "drop":
        readable = readable[~repeats[readable.index]]
    try:
        if len(readable) or not problems:
            log = transaction_log(
                readable, customer=customer, date=date, amount=amount, order=order, end=end, on_bad=actions
            )
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(str(path), problems)
    if order is None:
        counts = pd.Series({"repeated order": int(repeats.sum())} if repeats.any() else {}, dtype="int64")
        treated = "dropped" if actions["repeated order"] == "drop" else "kept"
        log = replace(log, orders_checked=True, **{treated: pd.concat([getattr(log, treated), counts])})
    return log


def _read_cells(sheet: Sheet, names: list[str], date_order: str | None) -> tuple[pd.DataFrame, list[Problem]]:
    """The rows that can be read, under the caller's names, and the problems with the cells of the others."""
    readers: list[Callable[[Any], Any]] = [
        read_name,
        lambda cell: None if cell == "" else read_day(cell, date_order, sheet.date_origin),
        lambda cell: np.nan if cell == "" else read_amount(cell, sheet.separator != ";"),
        read_name,
    ]
    numbers = np.array(list(sheet.rows))
    columns, problems, readable = {}, [], np.ones(len(numbers), dtype=bool)
    for name, reader in zip(names, readers, strict=False):
        at = sheet.header.index(name)
        cells = [row[at] for row in sheet.rows.values()]
        columns[name] = [reader(cell) for cell in cells]
        troubles: dict[str, list[str]] = {}
        for position, value in enumerate(columns[name]):
            if isinstance(value, Trouble):
                readable[position] = False
                troubles.setdefault(value, []).append(f"row {numbers[position]} {str(cells[position])!r}")
        problems += [
            Problem(f"column {name!r}", _listed(trouble, "cell", places), TROUBLES[trouble])
            for trouble, places in troubles.items()
        ]
    frame = pd.DataFrame({name: pd.Series(values, dtype=object)[readable] for name, values in columns.items()})
    frame.index = pd.Index(numbers[readable])
    types = dict(zip(names, ("str", "datetime64[s]", "float64", "str"), strict=False))
    return frame.astype(types), problems


def _repeats_problem(repeats: pd.Series) -> Problem:
    places = [f"row {row}" for row in repeats.index[repeats]]
    remedy = "Delete them, or keep them if they are purchases of their own"
    return Problem("the table", _listed("every cell as in an earlier row", "row", places), remedy)


def _listed(trouble: str, unit: str, places: list[str]) -> str:
    count = f"{len(places)} {unit}{'s' * (len(places) > 1)}"
    return f"{trouble}, in {count}: {'; '.join(places[:_SHOWN])}{' and more' if len(places) > _SHOWN else ''}"
