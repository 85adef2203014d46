"""Days as people write them; which of day and month comes first is shown by a column or asked for."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from crmlib.reading.words import Trouble, is_missing, no_value, plain

__all__ = ["order_shown", "read_day"]

_CLOCK = (r"(?:[ T]+(?:[上下]午 ?)?\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?)?分?(?: ?[AP]\.?M\.?)?"
          r"(?: ?(?:Z|UTC|GMT|CST|[-+]\d{2}:?\d{2}))?)?")  # fmt: skip
_YEAR_FIRST = re.compile(rf"(\d{{4}}) ?([-/.年]) ?(\d{{1,2}}) ?[-/.月] ?(\d{{1,2}}) ?[日号]?{_CLOCK}", re.IGNORECASE)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_CLOCK}", re.IGNORECASE)
_MONTH_SECOND = re.compile(rf"(\d{{1,2}})[- ./]?([a-z]{{3,9}})\.?[- ./,]*(\d{{4}}|\d{{2}}){_CLOCK}", re.IGNORECASE)
_MONTH_FIRST = re.compile(
    rf"([a-z]{{3,9}})\.?[- ](\d{{1,2}})(?:st|nd|rd|th)?[-, ]+(\d{{4}}|\d{{2}}){_CLOCK}", re.IGNORECASE
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_MONTHS = {
    name: at
    for at, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}


def order_shown(cells: Iterable[Any]) -> str | None:
    """``"dmy"`` or ``"mdy"`` if the dates of a column show it, ``""`` if they contradict each other, else None."""
    found = [
        match
        for cell in set(cells)
        if isinstance(cell, str) and not cell[:4].isdigit() and (match := _YEAR_LAST.fullmatch(plain(cell)))
    ]
    day_first = any(int(match[1]) > 12 for match in found)
    month_first = any(int(match[3]) > 12 for match in found)
    if day_first and month_first:
        return ""
    return "dmy" if day_first else "mdy" if month_first else None


def read_day(cell: Any, date_order: str | None, epoch: date) -> date | Trouble | None:
    """The day in a cell, as it is written there whatever its time zone; None if the cell says that it is missing."""
    if isinstance(cell, datetime | date):
        return _plausible(cell.date() if isinstance(cell, datetime) else cell)
    if is_missing(cell):
        return None
    if isinstance(cell, bool | time | timedelta):
        return Trouble("is no date")
    text = plain(cell)
    if trouble := no_value(text):
        return trouble
    if _SERIAL.fullmatch(text):
        return _plausible(epoch + timedelta(days=int(float(text))))
    if found := _YEAR_FIRST.fullmatch(text):
        return _date(found[1], found[3], found[4])
    if found := _COMPACT.fullmatch(text):
        return _date(*found.groups())
    if found := _MONTH_SECOND.fullmatch(text):
        return _date(found[3], found[2], found[1])
    if found := _MONTH_FIRST.fullmatch(text):
        return _date(found[3], found[1], found[2])
    if found := _YEAR_LAST.fullmatch(text):
        if date_order is None and found[1] != found[3]:
            return Trouble("may be day or month first")
        day, month = (found[3], found[1]) if date_order == "mdy" else (found[1], found[3])
        return _date(found[4], month, day)
    return Trouble("is no date")


def _date(year: str, month: str, day: str) -> date | Trouble:
    """A day; a year of two digits is one from 1970 to 2069."""
    full = int(year) + (0 if len(year) == 4 else 2000 if int(year) < 70 else 1900)
    try:
        return _plausible(date(full, int(month) if month.isdigit() else _MONTHS[month[:3].lower()], int(day)))
    except (ValueError, KeyError):
        return Trouble("is no date")


def _plausible(found: date) -> date | Trouble:
    return found if 1900 <= found.year <= 2100 else Trouble("is no date")
