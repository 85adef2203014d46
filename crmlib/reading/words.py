"""What cells say in words: text made plain, words for a missing value, and why a cell cannot be read."""

import math
import unicodedata
from typing import Any

import pandas as pd

__all__ = ["TROUBLES", "UNSEEN", "Trouble", "are_plain", "folded", "folded_each", "is_missing", "no_value", "plain"]

#: Why a cell cannot be read, and what to do about it.
TROUBLES: dict[str, str] = {
    "is empty": "Fill it in",
    "is a formula without a value": "Open and save the file in a spreadsheet program, or paste the values",
    "is an error of a spreadsheet": "Correct the formula there, or write the value",
    "is no number": "Write a number alone, such as 1234.5",
    "may be decimal or part thousands": "Write 1234.5 for a decimal, 1234 for a thousand",
    "is a percentage, and its unit is not": "Write the number in the unit of the column",
    "is a date; spreadsheets make dates of 3/1 and 1-3": "Format the column as text, then type the value again",
    "is no whole number from 0": "Write a whole number",
    "is not more than 0": "Write how many times as important, such as 3 or 1/3",
    "is no date": "Write it as 2019-04-03",
    "may be day or month first": "Say which comes first, or write 2019-04-03",
    "is neither yes nor no": "Write yes or no",
    "is none of the choices": "Write one of them as it is declared",
}
_MISSING = frozenset(
    {"", "na", "n/a", "n.a.", "nan", "null", "none", "nil", "-", "--", "---", "—", "–", "?", "??",
     "暂无", "缺失", "未填"}
)  # fmt: skip
_ERRORS = frozenset({"#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!", "#spill!", "#calc!"})
UNSEEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160), 0x200B, 0x200E, 0x200F,
                         *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])  # fmt: skip


class Trouble(str):
    """One of `TROUBLES`, in the place of what the cell should have said."""

    __slots__ = ()


def plain(cell: Any) -> str:
    """A cell as text: full-width signs made plain, blanks of every kind made one, unseen characters left out."""
    if isinstance(cell, str):
        if cell.isascii() and cell.isprintable():
            return " ".join(cell.split())
        return " ".join(unicodedata.normalize("NFKC", cell).translate(UNSEEN).split())
    if cell is None or cell is pd.NaT or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15 else str(cell)


def folded(text: Any) -> str:
    """What two spellings of a name have in common: neither case, width nor blanks."""
    return plain(text).casefold().replace(" ", "")


def folded_each(cells: list[Any]) -> list[str]:
    """`folded` of many cells."""
    if set(map(type, cells)) == {str} and _is_plain(lines := "\n".join(cells), len(cells)):
        return lines.casefold().replace(" ", "").split("\n")
    return [folded(cell) for cell in cells]


def are_plain(cells: list[Any]) -> bool:
    """Whether many cells are all texts as `plain` would write them, say something, and none stands for no value."""
    if set(map(type, cells)) != {str} or not _is_plain(lines := "\n".join(cells), len(cells)):
        return False
    others = ("\n ", " \n", "  ", "\n=", "\n#")
    return _MISSING.isdisjoint(lines.casefold().split("\n")) and not any(other in f"\n{lines}\n" for other in others)


def _is_plain(lines: str, count: int) -> bool:
    """Whether so many lines hold nothing that is wide, unseen or a blank other than the common one."""
    return (
        lines.count("\n") == count - 1
        and lines.replace("\n", "").isprintable()
        and unicodedata.is_normalized("NFKC", lines)
    )


def is_missing(cell: Any) -> bool:
    """Whether a cell says nothing: empty, or a word for it such as NA or 暂无."""
    return cell is None or plain(cell).casefold() in _MISSING


def no_value(text: str) -> Trouble | None:
    """Why a text is the sign of a value and none: a formula, or an error of a spreadsheet."""
    if text.startswith("="):
        return Trouble("is a formula without a value")
    return Trouble("is an error of a spreadsheet") if text.casefold() in _ERRORS else None
