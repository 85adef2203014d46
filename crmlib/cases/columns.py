"""A table from a CSV file: columns of text, columns of numbers, every bad cell named by row and column."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from crmlib.cases.files import read_text
from crmlib.errors import InputError, Problem

__all__ = ["read_columns"]


def read_columns(
    path: str | Path, texts: Sequence[str], numbers: Sequence[str] = (), *, more_numbers: bool = False
) -> pd.DataFrame:
    r"""Read a CSV file (UTF-8, commas) whose columns are known.

    Parameters
    ----------
    texts
        Columns of text, which may not be empty.
    numbers
        Columns of finite numbers.
    more_numbers
        Whether all further columns hold numbers too, such as one column a brand; else there may be none.

    Returns
    -------
    pandas.DataFrame
        Indexed by the row of the file (the header is row 1), so that whoever finds fault with a row later
        names it as a spreadsheet does; columns in the order of the file.

    Raises
    ------
    InputError
        Lists every missing, unknown or repeated column, and every cell that is empty or no finite number.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "switching.csv"
    ...     _ = file.write_text("last,A,B\nA,0.7,0.3\nB,0.5,0.5\n", encoding="utf-8")
    ...     read_columns(file, ["last"], more_numbers=True).loc[2].to_dict()
    {'last': 'A', 'A': 0.7, 'B': 0.3}
    """
    path = Path(path)
    read_text(path)
    try:
        raw = pd.read_csv(
            path, header=None, dtype=str, keep_default_na=False, encoding="utf-8-sig", skip_blank_lines=False
        )
    except pd.errors.ParserError as error:
        raise InputError(str(path), [Problem("the table", str(error), "Give every row the same columns")]) from None
    cells = raw.fillna("").apply(lambda column: column.str.strip())
    header = cells.iloc[0].to_list()
    table: pd.DataFrame = cells.iloc[1:].set_axis(header, axis=1)
    table.index = pd.RangeIndex(2, len(table) + 2, name="row")
    if problems := _header_problems(header, texts, numbers, more_numbers):
        raise InputError(str(path), problems)
    if table.empty:
        raise InputError(str(path), [Problem("the table", "has a header and no rows", "Fill it in")])
    for name in table.columns.difference(list(texts), sort=False):
        table[name] = pd.to_numeric(table[name], errors="coerce").astype(float)
    shown = cells.iloc[1:].to_numpy()
    bad = np.column_stack(
        [table[name] == "" if name in texts else ~np.isfinite(table[name].to_numpy(dtype=float)) for name in table]
    )
    if bad.any():
        raise InputError(
            str(path),
            [
                Problem(
                    f"row {row + 2}, column {header[column]!r}",
                    f"found {shown[row, column]!r}",
                    "Fill it in" if header[column] in texts else "Write a finite number, without unit or separators",
                )
                for row, column in np.argwhere(bad).tolist()
            ],
        )
    return table


def _header_problems(
    header: list[str], texts: Sequence[str], numbers: Sequence[str], more_numbers: bool
) -> list[Problem]:
    wanted = [*texts, *numbers]
    problems = [Problem(f"column {name!r}", "is missing", "Add it") for name in wanted if name not in header]
    problems += [Problem(f"column {name!r}", "is there twice", "Name each column once")
                 for name in sorted({name for name in header if header.count(name) > 1})]  # fmt: skip
    if not more_numbers:
        problems += [
            Problem(f"column {name!r}", "is not known here", f"The columns are {', '.join(wanted)}")
            for name in header
            if name not in wanted
        ]
    return problems
