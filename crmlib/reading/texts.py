"""Tables as text: the encoding, the separator, the cells. Nothing is guessed where two readings are likely."""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise, repeat, zip_longest
from typing import NamedTuple

import numpy as np

from crmlib.errors import InputError, Problem

__all__ = ["TextTable", "read_text_table"]

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_LEGACY = {"gb18030": "GB18030", "big5": "Big5", "cp1252": "Windows-1252"}
_SEPARATORS = (",", ";", "\t", "|")
_LONGEST_LINE = 1_000_000  # bytes
_SAMPLE = 200  # lines


class TextTable(NamedTuple):
    """The cells of a text, the number of its first row, what separates its cells, and how it was encoded."""

    cells: np.ndarray
    first_row: int
    separator: str
    encoding: str


def read_text_table(file: str, content: bytes, encoding: str | None, separator: str | None) -> TextTable:
    """Read the cells of a CSV file or the like.

    Raises
    ------
    InputError
        If the encoding is not known or not clear, a line is longer than any table's, or quotation marks are left open.
    """
    _refuse_long_lines(file, content)
    encoding = encoding or _detected(file, content)
    try:
        text = content.decode(encoding)
    except (UnicodeError, LookupError):
        remedy = "Name another encoding, such as gb18030, or save the file as CSV UTF-8"
        raise InputError(file, [Problem("the file", f"is no text in {encoding}", remedy)]) from None
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise InputError(file, [Problem("the file", "is empty", "Fill it in")])
    if "\0" in text:
        raise InputError(file, [Problem("the file", "is no text", "Save it as CSV UTF-8 or as .xlsx")])
    first, _, rest = text.partition("\n")
    first_row = 1
    if first.strip().strip('"').lower().startswith("sep=") and len(first.strip().strip('"')) <= 5:
        separator = separator or first.strip().strip('"')[4:] or "\t"
        text, first_row = rest, 2
    separator = separator or _separator(text)
    return TextTable(_cells(file, text, separator, first_row), first_row, separator, encoding)


def _refuse_long_lines(file: str, content: bytes) -> None:
    half = _LONGEST_LINE // 2  # a longer line fills a part of this size
    for at in range(0, len(content) - half, half):
        if content.find(b"\n", at, at + half) < 0 and content.find(b"\r", at, at + half) < 0:
            start = max(content.rfind(b"\n", 0, at), content.rfind(b"\r", 0, at)) + 1
            ends = (content.find(end, at) for end in (b"\n", b"\r"))
            length = min((end for end in ends if end >= 0), default=len(content)) - start
            if length > _LONGEST_LINE:
                number = max(content.count(b"\n", 0, start), content.count(b"\r", 0, start)) + 1
                place, found = f"line {number}", f"is {length:,} bytes long"
                raise InputError(file, [Problem(place, found, "Give every row a line of its own")])


def _detected(file: str, content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    sample = content[:4096]
    if sample.count(0) > len(sample) / 5:  # every second byte of ASCII in UTF-16
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(file, content)
    return "utf-8"


def _legacy(file: str, content: bytes) -> str:
    """An encoding from before Unicode: the one whose reading looks like a text of its language, if only one does."""
    foreign = b"\n".join(line for line in content.splitlines() if not line.isascii())
    shares = {}
    for encoding in _LEGACY:
        try:
            shares[encoding] = _likelihood(foreign.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
    likely = sorted((name for name in shares if shares[name] >= 0.6), key=lambda name: -shares[name])
    if not likely or (len(likely) > 1 and shares[likely[0]] - shares[likely[1]] < 0.1):
        seen = foreign.splitlines()[0][:60]
        readings = "; ".join(f"{_LEGACY[name]}: {seen.decode(name, 'replace')!r}" for name in likely or shares)
        found = f"is no UTF-8 text, and its encoding is not clear ({readings or 'no reading is possible'})"
        remedy = "Name its encoding, such as gb18030, or save it as CSV UTF-8"
        raise InputError(file, [Problem("the file", found, remedy)])
    return likely[0]


def _likelihood(text: str, encoding: str) -> float:
    """The share of the characters beyond ASCII that are common in the language of an encoding."""
    foreign = [character for character in text if character > "\x7f"]
    if encoding == "cp1252":
        return _western(text, foreign)
    common = "gb2312" if encoding == "gb18030" else "big5"
    leads = range(0xB0, 0xD8) if encoding == "gb18030" else range(0xA4, 0xC7)  # their hanzi of the first level
    if not any(unicodedata.category(character) == "Lo" for character in foreign):
        return 0.0
    coded = [character.encode(common, "ignore") for character in foreign if unicodedata.category(character)[0] == "L"]
    return sum(len(code) == 2 and code[0] in leads and code[1] > 0x3F for code in coded) / max(len(coded), 1)


def _western(text: str, foreign: list[str]) -> float:
    """Accented letters stand alone between plain ones; in another alphabet whole words lie beyond ASCII."""
    letters = sum(character.isalpha() for character in text)
    accented = sum(character.isalpha() for character in foreign)
    runs = sum(first > "\x7f" < second for first, second in pairwise(text))
    return 0.0 if accented > letters / 3 or runs > len(foreign) / 10 else 1.0


def _separator(text: str) -> str:
    """What separates the cells: the mark by which most lines have the same number of cells, more than one."""
    lines = [line for line in text[:200_000].splitlines()[:_SAMPLE] if line.strip()]

    def evenness(mark: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if row)
        widths.pop(1, None)
        width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        return round(rows / len(lines), 2), width

    try:
        return max(_SEPARATORS, key=evenness)
    except csv.Error:
        return ","


def _cells(file: str, text: str, separator: str, first_row: int) -> np.ndarray:
    columns: list[Sequence[str | None]] = [*_columns_of_even_lines(text, separator)]
    columns = columns or list(zip_longest(*_rows(file, text, separator, first_row)))
    cells = np.empty((len(columns[0]), len(columns)), dtype=object, order="F")
    for at, column in enumerate(columns):
        cells[:, at] = np.fromiter(column, object, len(column))
    return cells


def _columns_of_even_lines(text: str, separator: str) -> list[list[str]]:
    """The columns of a text without quotation marks whose lines have as many cells each; none of another."""
    if '"' in text:
        return []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    width = lines[0].count(separator) + 1
    even = width > 1 and set(map(str.count, lines, repeat(separator))) == {width - 1}
    if not even or max(map(len, lines)) > csv.field_size_limit():
        return []
    cells = separator.join(lines).split(separator)
    return [cells[at::width] for at in range(width)]


def _rows(file: str, text: str, separator: str, first_row: int) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        place = f"row {first_row + len(rows)}"
        raise InputError(file, [Problem(place, str(error), "Check the quotation marks in and above it")]) from None
    return rows
