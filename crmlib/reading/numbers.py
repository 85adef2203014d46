"""Numbers as people write them: which mark is decimal, currencies, percentages, fractions."""

import re
from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

import numpy as np
import pandas as pd

from crmlib.reading.declarations import Column
from crmlib.reading.words import Trouble, is_missing, no_value, plain

__all__ = ["decimal_mark", "plain_numbers", "read_number"]

_CODES = r"US\$|HK\$|NT\$|CA\$|A\$|CNY|RMB|USD|EUR|GBP|HKD|JPY|TWD|人民币|[¥$€£₹]"
_CURRENCY = re.compile(rf"^([-+]?) ?(?:{_CODES}) ?|(?<=[\d.,)]) ?(?:{_CODES}|元)$", re.IGNORECASE)
_BLANKS = re.compile(r"(?<=\d)[ '’](?=\d{3}(?!\d))")
_PLAIN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?")
_FRACTION = re.compile(r"(\d+) ?[/:⁄] ?(\d+)")
_COMMA_SHOWN = re.compile(r"\d,(?!\d{3}(?!\d))\d*(?: ?%| ?[^\d.,]*)$|\d\.\d{3},|^[-+(]?0,\d|,\d{3}\d")
_POINT_SHOWN = re.compile(r"\d\.(?!\d{3}(?!\d))\d*(?: ?%| ?[^\d.,]*)$|\d,\d{3}\.|^[-+(]?0\.\d|\.\d{3}\d")


def plain_numbers(cells: np.ndarray, column: Column, decimal: str | None) -> np.ndarray:
    """Numbers in the plainest form, at once; NaN where a cell needs a closer look."""
    values = np.full(len(cells), np.nan)
    types = set(map(type, cells))
    if types <= {float, int, type(None)}:
        values = cells.astype(float)
    elif types <= {str, type(None)}:
        texts = pd.Series(cells, dtype=object)
        texts = texts if decimal == "." else texts.map(lambda text: text and text.translate(_POINTS[decimal]))
        values = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=float, copy=True)
    allowed = np.isfinite(values)
    if column.kind == "count":
        allowed &= (values >= 0) & (values == np.floor(values))
    elif column.kind == "judgement":
        allowed &= values > 0
    return np.where(allowed, values, np.nan)


#: A decimal point for every mark; what is then a comma needs a closer look.
_POINTS = {",": str.maketrans(",.", ".,"), None: str.maketrans(".", ",")}


def decimal_mark(cells: Iterable[Any], separator: str) -> str | None:
    """The decimal mark of a file: what its numbers show; a point where nothing is shown and nothing speaks against it.

    A semicolon between cells speaks against it: it is there because commas are decimal.
    """
    texts = {cell for cell in set(cells) if isinstance(cell, str)}
    comma = _shown(_COMMA_SHOWN, {text for text in texts if "," in text or not text.isascii()})
    point = _shown(_POINT_SHOWN, {text for text in texts if "." in text or not text.isascii()})
    if comma != point:
        return "," if comma else "."
    return None if comma or (separator == ";" and any(map(_marked, texts))) else "."


def _shown(pattern: re.Pattern[str], texts: Iterable[str]) -> bool:
    """Whether a number shows how its mark is meant."""
    return any(pattern.search(text) for text in map(plain, texts) if _marked(text))


def _marked(text: str) -> bool:
    """Whether a text is a number with a mark in it, which may be decimal."""
    text = plain(text)
    return ("," in text or "." in text) and any(sign.isdigit() for sign in text) and bool(_stripped(text))


def _stripped(text: str) -> str:
    """A number without currency, blanks and percent sign; empty if other words stand there."""
    bare = _BLANKS.sub("", _CURRENCY.sub(r"\1", text.replace("−", "-").rstrip("%").strip()))
    return bare if re.fullmatch(r"[-+(]?[\d.,]+\)?(?:[eE][-+]?\d+)?", bare) else ""


def read_number(cell: Any, column: Column, decimal: str | None) -> float | Trouble | None:
    """The number in a cell, in the unit of its column; None if the cell says that it is missing."""
    if isinstance(cell, bool):
        return Trouble("is no number")
    if isinstance(cell, float | int):
        return _scaled(float(cell), column, percent=False)
    if isinstance(cell, date | time | timedelta):
        return Trouble("is a date; spreadsheets make dates of 3/1 and 1-3")
    if is_missing(cell):
        return None
    text = plain(cell)
    if trouble := no_value(text):
        return trouble
    if column.kind == "judgement" and (fraction := _FRACTION.fullmatch(text)):
        return _scaled(int(fraction[1]) / int(fraction[2]), column, percent=False) if int(fraction[2]) else Trouble(
            "is no number"
        )  # fmt: skip
    if re.fullmatch(r"\d{1,2}-[A-Za-z]{3}|[A-Za-z]{3}-\d{1,2}|\d{1,2}月\d{1,2}日", text):
        return Trouble("is a date; spreadsheets make dates of 3/1 and 1-3")
    bare = _stripped(text)
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()") if negative else bare
    if not bare or "(" in bare or ")" in bare:
        return Trouble("is no number")
    value = _value(bare, decimal)
    if isinstance(value, Trouble):
        return value
    return _scaled(-value if negative else value, column, percent=text.endswith("%"))


def _value(bare: str, decimal: str | None) -> float | Trouble:
    if decimal is None and ("," in bare or "." in bare):
        return Trouble("may be decimal or part thousands")
    if decimal == ",":
        bare = bare.translate({ord(","): ".", ord("."): ","})
    if _PLAIN.fullmatch(bare):
        return float(bare)
    if _THOUSANDS.fullmatch(bare):
        return float(bare.replace(",", ""))
    return Trouble("may be decimal or part thousands" if "," in bare else "is no number")


def _scaled(value: float, column: Column, *, percent: bool) -> float | Trouble:
    """A number in the unit of its column."""
    if not np.isfinite(value):
        return Trouble("is no number")
    if percent and not column.unit.startswith("%"):
        if column.unit or column.kind not in ("share", "number"):
            return Trouble("is a percentage, and its unit is not")
        value = float(f"{value / 100:.15g}")
    if column.kind == "count" and (value < 0 or value != int(value)):
        return Trouble("is no whole number from 0")
    if column.kind == "judgement" and value <= 0:
        return Trouble("is not more than 0")
    return value
