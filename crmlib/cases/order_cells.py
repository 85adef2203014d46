"""The cells of an order: a day and an amount, each read in one way only or refused with the reason."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Any

__all__ = ["TROUBLES", "Trouble", "read_amount", "read_day", "read_name"]

#: Why a cell cannot be read, and what to do about it.
TROUBLES: dict[str, str] = {
    "a formula": "Copy the column and paste it as values: nothing is evaluated",
    "an error of Excel": "Correct the formula there, or write the value",
    "the order of day and month is not given": "Say date_order='dmy' or 'mdy', or write the date as 2019-04-03",
    "a time of another time zone": "Write the local day of the purchase: near midnight the zone decides the day",
    "not a date": "Write it as 2019-04-03",
    "a comma that may be decimal": "Write decimals with a point and no separator of thousands, such as 1234.50",
    "not a number": "Write a number, such as 1234.50",
}


class Trouble(str):
    """One of `TROUBLES`, in the place of what the cell should have said."""

    __slots__ = ()


_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
_CLOCK = r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_CLOCK}")
_CHINESE = re.compile(rf"(\d{{4}}) *年 *(\d{{1,2}}) *月 *(\d{{1,2}}) *[日号]{_CLOCK}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_CLOCK}")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_ZONE = re.compile(r".*\d{1,2}:\d{2}.*(?:Z|UTC|GMT|CST|[+-]\d{2}:?\d{2})", re.IGNORECASE)
_MONEY = re.compile(r"([-+]?) *(?:[¥$€£]|CNY|RMB)? *([-+]?[\d,.]+(?:E[-+]?\d+)?) *(?:元|CNY|RMB)?", re.IGNORECASE)
_PLAIN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:E[-+]?\d+)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def read_day(cell: Any, date_order: str | None, serial_origin: date) -> date | Trouble:
    """The day that a cell names; or one of `TROUBLES`.

    Read are 2019-04-03 (also with / or .), 20190403, 2019年4月3日, each with or without a time of day, Excel's number
    of days since its origin, and 3/4/2019 if `date_order` (``"dmy"`` or ``"mdy"``) says what comes first.

    Examples
    --------
    >>> read_day("2019年4月3日", None, date(1899, 12, 30)).isoformat()
    '2019-04-03'
    >>> read_day("03/04/2019", None, date(1899, 12, 30))
    'the order of day and month is not given'
    """
    if isinstance(cell, (datetime, date)):
        return cell.date() if isinstance(cell, datetime) else cell
    if isinstance(cell, bool):
        return Trouble("not a date")
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    if trouble := _not_a_value(text):
        return trouble
    if _SERIAL.fullmatch(text):
        return _plausible(serial_origin + timedelta(days=int(float(text))))
    if _ZONE.fullmatch(text):
        return Trouble("a time of another time zone")
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(found[1], found[3], found[4])
    if found := _CHINESE.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(*found.groups())
    if found := _YEAR_LAST.fullmatch(text):
        if date_order is None:
            return Trouble("the order of day and month is not given")
        day, month = (found[1], found[3]) if date_order == "dmy" else (found[3], found[1])
        return _day(found[4], month, day)
    return Trouble("not a date")


def _not_a_value(text: str) -> Trouble | None:
    if text.startswith("="):
        return Trouble("a formula")
    return Trouble("an error of Excel") if text.upper() in _ERRORS else None


def read_name(cell: Any) -> str:
    """The name of a customer or the number of an order as text; or one of `TROUBLES`."""
    text = str(cell)
    return _not_a_value(text) or text


def _day(year: str, month: str, day: str) -> date | Trouble:
    try:
        return _plausible(date(int(year), int(month), int(day)))
    except ValueError:
        return Trouble("not a date")


def _plausible(found: date) -> date | Trouble:
    return found if 1900 <= found.year <= 2100 else Trouble("not a date")


def read_amount(cell: Any, comma_separates_thousands: bool) -> float | Trouble:
    """The amount in a cell; or one of `TROUBLES`.

    A point is a decimal point. Commas are read as separators of thousands if they stand where these do and if
    `comma_separates_thousands`, which does not hold in files whose cells are separated by semicolons: there
    a comma is likely to be decimal. The sign of the yuan and other currencies is left out.

    Examples
    --------
    >>> read_amount("¥1,234.50", True), read_amount("1.234,50", True)
    (1234.5, 'a comma that may be decimal')
    """
    if isinstance(cell, bool):
        return Trouble("not a number")
    if isinstance(cell, (int, float)):
        return float(cell)
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    if trouble := _not_a_value(text):
        return trouble
    found = _MONEY.fullmatch(text)
    if not found or (found[1] and found[2][0] in "+-"):
        return Trouble("not a number")
    number = found[1] + found[2]
    if _PLAIN.fullmatch(number):
        return float(number)
    if _THOUSANDS.fullmatch(number) and comma_separates_thousands:
        return float(number.replace(",", ""))
    return Trouble("a comma that may be decimal") if "," in number else Trouble("not a number")
