"""Experts' answers from a file: one row a comparison, in CSV or Excel."""

import csv
import io
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl.utils import get_column_letter

from crmlib.ahp import judgements_from_pairs
from crmlib.cases.files import read_text
from crmlib.cases.sheets import excel_sheet
from crmlib.errors import InputError, Problem

__all__ = ["read_experts"]

_COLUMNS = ("expert", "first", "second", "judgement")
_AS_TEXT = "Format the column as text, then type the judgement again, such as 1/3"
Rows = Iterator[tuple[int, list[Any]]]  # the number of a row as a spreadsheet shows it, and its cells


def read_experts(path: str | Path) -> dict[str, pd.DataFrame]:
    r"""Read the judgements of one or many experts.

    Parameters
    ----------
    path
        A CSV file (UTF-8, commas) or the first sheet of an Excel workbook (.xlsx), with the columns
        ``expert``, ``first``, ``second`` and ``judgement``: how many times the first criterion is as
        important as the second to this expert, as a number or a fraction such as 1/3. An empty
        judgement is a missing one, and so is a pair that an expert has no row for.

    Returns
    -------
    dict of pandas.DataFrame
        For each expert, in the order of the file, a judgement matrix as from `judgement_matrix`, shape
        (criteria, criteria), NaN where a judgement is missing; the same criteria in the same order for all.

    Raises
    ------
    InputError
        Lists, by row, column and expert, every judgement that is not a number on the scale 1/9 to 9, is
        given twice, or was turned into a date by Excel; every empty name; every criterion that an expert
        never names.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "experts.csv"
    ...     _ = file.write_text("expert,first,second,judgement\nAnn,price,service,1/3\n", encoding="utf-8")
    ...     read_experts(file)["Ann"].loc["service", "price"].item()
    3.0
    """
    path = Path(path)
    readers = {".csv": _csv_rows, ".xlsx": _excel_rows}
    if path.suffix.lower() not in readers:
        raise InputError(str(path), [Problem("its name", f"ends in {path.suffix!r}", "Save it as .csv or .xlsx")])
    rows = readers[path.suffix.lower()](path)
    header = [_text(cell) for cell in next(rows, (1, []))[1]]
    if problems := _header_problems(header):
        raise InputError(str(path), problems)
    answers: dict[str, dict[tuple[str, str], object]] = {}
    for number, cells in rows:
        problems += _read_row(number, header, cells, answers)
    if not answers and not problems:
        problems.append(Problem("the table", "has a header and no answers", "Add one row a comparison"))
    criteria = list(dict.fromkeys(name for pairs in answers.values() for pair in pairs for name in pair))
    problems += [
        Problem(f"expert {expert!r}", f"never names {name!r}", "Check the spelling, or add rows with empty judgements")
        for expert, pairs in answers.items()
        for name in criteria
        if not any(name in pair for pair in pairs)
    ]
    if problems:
        raise InputError(str(path), problems)
    return {expert: judgements_from_pairs(pairs, criteria, incomplete=True) for expert, pairs in answers.items()}


def _csv_rows(path: Path) -> Rows:
    try:
        rows = list(csv.reader(io.StringIO(read_text(path)), strict=True))
    except csv.Error as error:
        raise InputError(str(path), [Problem("the table", str(error), "Check the quotation marks")]) from None
    return ((number, list(cells)) for number, cells in enumerate(rows, start=1) if any(map(str.strip, cells)))


def _excel_rows(path: Path) -> Rows:
    sheet = excel_sheet(path)
    return (
        (number, list(cells))
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
        if any(map(_text, cells))
    )


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _header_problems(header: list[str]) -> list[Problem]:
    titles = ", ".join(_COLUMNS)
    missing = [Problem(f"column {name!r}", "is missing", f"The columns are {titles}") for name in _COLUMNS
               if name not in header]  # fmt: skip
    unknown = [Problem(f"column {name!r}", "is not known", f"Remove it; the columns are {titles}, between commas")
               for name in header if name not in (*_COLUMNS, "")]  # fmt: skip
    repeated = [Problem(f"column {name!r}", "is given twice", "Keep one") for name in _COLUMNS
                if header.count(name) > 1]  # fmt: skip
    return missing + unknown + repeated


def _read_row(
    number: int, header: list[str], cells: list[Any], answers: dict[str, dict[tuple[str, str], object]]
) -> list[Problem]:
    """Put the answer of a row in its place; return what is wrong with it."""
    if any(map(_text, cells[len(header) :])):
        return [Problem(f"row {number}", f"has {len(cells)} cells", f"Give it {len(header)}, a fraction as 1/3")]
    filled = dict(zip(header, [*cells, *[None] * (len(header) - len(cells))], strict=False))
    expert, *pair = (_text(filled[name]) for name in _COLUMNS[:3])
    place = f"row {number}, column {{!r}} (expert {expert!r})"
    if empty := [name for name in _COLUMNS[:3] if not _text(filled[name])]:
        return [Problem(place.format(name), "is empty", "Fill it in") for name in empty]
    first, second = pair
    judgement = filled["judgement"]
    where = place.format("judgement")
    if isinstance(judgement, (date, time, timedelta)):
        cell = f"cell {get_column_letter(header.index('judgement') + 1)}{number}"
        return [Problem(f"{where}, {cell}", f"Excel made a date of it, {judgement}", _AS_TEXT)]
    if isinstance(judgement, str) and judgement.startswith("="):
        return [Problem(where, f"found the formula {judgement!r}, and nothing is evaluated", _AS_TEXT)]
    try:
        judgements_from_pairs({(first, second): judgement}, incomplete=True)
    except InputError as error:
        return [Problem(where, f"{first} against {second}, {p.found}", p.remedy) for p in error.problems]
    pairs = answers.setdefault(expert, {})
    if (first, second) in pairs or (second, first) in pairs:
        return [Problem(where, f"{first} against {second} was judged in an earlier row", "Keep one of the two")]
    pairs[first, second] = judgement
    return []
