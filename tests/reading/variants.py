"""One table of customers in the many forms that people have it in: what should be read, or why it must be refused."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import openpyxl
import pandas as pd
import xlwt

from tests.reading.opendocument import opendocument

Rows = list[list[object]]


@dataclass(frozen=True)
class Variant:
    """A file; `table` is what it says, or None if it must be refused with the words `why`."""

    about: str
    file: str
    content: bytes
    table: pd.DataFrame | None
    why: str = ""


def text(rows: Rows, separator: str = ",", end: str = "\n", quote: str = "", decimal: str = ".") -> str:
    """Rows as lines of text."""
    lines = [
        [str(cell).replace(".", decimal) if isinstance(cell, float) else str(cell) for cell in row] for row in rows
    ]
    return "".join(separator.join(f"{quote}{cell}{quote}" for cell in line) + end for line in lines)


def workbook(rows: Rows, change: Callable[[openpyxl.Workbook], object] = lambda book: None) -> bytes:
    """Rows as the first sheet of a workbook."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    change(book)
    book.save(file)
    return file.getvalue()


def old_workbook(rows: Rows) -> bytes:
    """Rows as a workbook from before 2007."""
    book, file = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("Customers")
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(file)
    return file.getvalue()


def changed(rows: Rows, places: dict[tuple[int, int], object]) -> Rows:
    """Rows with other cells at some places, counted from 0, the headings being row 0."""
    return [[places.get((at, column), cell) for column, cell in enumerate(row)] for at, row in enumerate(rows)]


def each(rows: Rows, change: Callable[[object], object], columns: range | list[int]) -> Rows:
    """Rows with the cells of some columns changed."""
    return [rows[0], *([change(c) if at in columns else c for at, c in enumerate(row)] for row in rows[1:])]


def renamed(truth: pd.DataFrame, names: list[str]) -> tuple[Rows, pd.DataFrame]:
    """The table with other names, which have the number of their row in them."""
    own = [name.format(number) for number, name in enumerate((names * len(truth))[: len(truth)])]
    table = truth.assign(customer=own)
    return as_rows(table), table


def as_rows(truth: pd.DataFrame) -> Rows:
    """The headings and the rows below them."""
    return [list(truth.columns), *truth.to_numpy(object).tolist()]


def variants(truth: pd.DataFrame, labels: list[str], chinese: list[str], percent: list[str]) -> Iterator[Variant]:
    """All variants of a table; `percent` names the columns whose unit is %."""
    truth = truth.astype(dict.fromkeys(truth.columns[1:], float))
    rows = as_rows(truth)
    in_chinese: Rows = [["客户名称", *chinese], *rows[1:]]
    shares = [truth.columns.get_loc(name) for name in percent]
    yield from as_text(truth, rows)
    yield Variant("GB18030, Chinese headings", "a.csv", text(in_chinese).encode("gb18030"), truth)
    yield Variant("Chinese headings", "a.csv", text(in_chinese).encode("utf-8-sig"), truth)
    yield Variant("English headings", "a.csv", text([["Customer name", *labels], *rows[1:]]).encode(), truth)
    yield from with_other_headings(truth, rows)
    yield from with_other_rows(truth, rows)
    yield from with_other_cells(truth, rows, shares)
    yield from as_workbooks(truth, rows, shares)
    yield Variant("a workbook, Chinese headings", "a.xlsx", workbook(in_chinese), truth)
    titled: Rows = [["客户一览"], ["制表：李", "", "单位：万元"], [], *in_chinese]
    yield Variant("title rows", "a.xlsx", workbook(titled, merge_title), truth)


def as_text(truth: pd.DataFrame, rows: Rows) -> Iterator[Variant]:
    """Encodings, separators and ends of lines."""
    hanzi, hanzi_truth = renamed(truth, ["杭州医院{}", "苏州口腔{}", "无锡诊所{}"])
    traditional, traditional_truth = renamed(truth, ["臺北醫院{}", "臺中診所{}"])
    accented, accented_truth = renamed(truth, ["Café Müller {}", "Zoë & Søn {}"])
    plain = text(rows)
    yield Variant("byte order mark and CRLF", "a.csv", text(rows, end="\r\n").encode("utf-8-sig"), truth)
    yield Variant("old Mac line ends", "a.csv", text(rows, end="\r").encode(), truth)
    yield Variant("name with blanks and Chinese", "我的 客户.csv", plain.encode(), truth)
    yield Variant("text called .xlsx", "a.xlsx", plain.encode(), truth)
    yield Variant("GB18030, Chinese names", "a.csv", text(hanzi).encode("gb18030"), hanzi_truth)
    yield Variant("Big5", "a.csv", text(traditional).encode("big5"), traditional_truth)
    yield Variant("Windows-1252", "a.csv", text(accented).encode("cp1252"), accented_truth)
    yield Variant("Unicode text with tabs", "a.txt", text(hanzi, "\t", "\r\n").encode("utf-16"), hanzi_truth)
    yield Variant("UTF-16, big end first", "a.csv", ("\ufeff" + text(hanzi)).encode("utf-16-be"), hanzi_truth)
    yield Variant("semicolons", "a.csv", text(rows, ";").encode(), truth)
    yield Variant("semicolons, decimal commas", "a.csv", text(rows, ";", decimal=",").encode(), truth)
    yield Variant("semicolons, all quoted", "a.csv", text(rows, ";", quote='"', decimal=",").encode(), truth)
    yield Variant("all quoted, decimal commas", "a.csv", text(rows, quote='"', decimal=",").encode(), truth)
    yield Variant("tabs", "a.csv", text(rows, "\t").encode(), truth)
    yield Variant("tabs in a .tsv", "a.tsv", text(rows, "\t").encode(), truth)
    yield Variant("sep=,", "a.csv", ("sep=,\r\n" + text(rows, end="\r\n")).encode(), truth)
    yield Variant("sep=; and decimal commas", "a.csv", ("sep=;\n" + text(rows, ";", decimal=",")).encode(), truth)


def with_other_headings(truth: pd.DataFrame, rows: Rows) -> Iterator[Variant]:
    """Other headings, and other columns."""
    plain, width = text(rows), len(rows[0])
    order = [*range(width)][::-1]
    yield Variant(
        "columns in another order", "a.csv", text([[row[at] for at in order] for row in rows]).encode(), truth
    )
    spaced = [[f"\u3000{cell}\xa0" for cell in row] for row in rows]
    yield Variant("stray blanks of every kind", "a.csv", text(spaced).encode(), truth)
    loud = [[str(cell).upper().replace("_", " ") for cell in rows[0]], *rows[1:]]
    yield Variant("headings in capitals with blanks", "a.csv", text(loud).encode(), truth)
    misspelt = changed(rows, {(0, 2): "gros margin", (0, 7): "complaint"})
    yield Variant("misspelt headings", "a.csv", text(misspelt).encode(), None, "Did you mean 'gros margin'")
    more = [[row[0], "Ms Li" if at else "contact", "=1+1" if at else "phone", *row[1:]] for at, row in enumerate(rows)]
    yield Variant("further columns", "a.csv", text(more).encode(), truth)
    numbered = [[at or "", *row] for at, row in enumerate(rows)]
    yield Variant("numbers of rows without a heading", "a.csv", text(numbered).encode(), truth)
    beyond = [[*row, *[at] * (at > 0)] for at, row in enumerate(rows)]
    yield Variant(
        "a number more in each row", "a.csv", text(beyond).encode(), None, "has 18 cells, the headings are 17"
    )
    trailing = plain.replace("\n", ",\n").replace(",\n", "\n", 1)
    yield Variant("a comma behind each row", "a.csv", trailing.encode(), truth)
    yield Variant("a comma behind every line", "a.csv", plain.replace("\n", ",\n").encode(), truth)
    ragged = changed(rows, {(5, 3): "6,6"})
    yield Variant("a row with a cell too many", "a.csv", text(ragged).encode(), None, "row 6: has 18 cells")
    sideways = [list(column) for column in zip(*rows, strict=True)]
    yield Variant("on its side", "a.csv", text(sideways).encode(), None, "lies on its side")
    yield Variant("no headings", "a.csv", text(rows[1:]).encode(), None, "has no heading that is known")
    yield Variant("headings alone", "a.csv", text(rows[:1]).encode(), None, "has headings and no rows")
    yield Variant("empty", "a.csv", b"", None, "is empty")


def with_other_rows(truth: pd.DataFrame, rows: Rows) -> Iterator[Variant]:
    """Rows that are no customers, and customers that are twice there."""
    names = ["<b>{}</b>", "../../etc/{}", "$x^{}$", "007{}", "1.23E+11{}", "مستشفى {}", "😀{}"]
    hostile, hostile_truth = renamed(truth, names)
    plain, width = text(rows), len(rows[0])
    blank: list[object] = [""] * width
    total = ["合计", *(sum(column) for column in list(zip(*rows[1:], strict=True))[1:])]
    yield Variant("blank lines", "a.csv", plain.replace("\n", "\n\n").encode(), truth)
    yield Variant("blank rows", "a.csv", text([*rows[:9], blank, *rows[9:], blank, blank]).encode(), truth)
    yield Variant("a total row", "a.csv", text([*rows, total]).encode(), truth)
    yield Variant(
        "another total row", "a.csv", text([*rows, ["Total", *[1.0] * (width - 1)]]).encode(), None, "row 26: is"
    )
    yield Variant("a footnote", "a.csv", text([*rows, blank, ["注：单位为万元", *blank[1:]]]).encode(), truth)
    yield Variant("a customer twice", "a.csv", text([*rows, rows[3]]).encode(), None, "row 26.*is in row 4 too")
    small = [*rows, ["alder dental", *rows[1][1:]]]
    yield Variant(
        "a name in small letters", "a.csv", text(small).encode(), None, "row 26.*differs from 'Alder Dental' in row 2"
    )
    yield Variant("names that look like something else", "a.csv", text(hostile).encode(), hostile_truth)


def with_other_cells(truth: pd.DataFrame, rows: Rows, shares: list[int]) -> Iterator[Variant]:
    """Numbers as people write them, and what is none."""
    numbers = range(1, len(rows[0]))
    signed = each(rows, lambda cell: f"{cell:g}%", shares)
    yield Variant("percentages", "a.csv", text(signed).encode(), truth)
    hundredths = each(rows, lambda cell: round(cell / 100, 6), shares)
    yield Variant("shares instead of %", "a.csv", text(hundredths).encode(), None, "times 100")
    purchases = truth.columns.get_loc("annual_purchases")
    yuan = each(rows, lambda cell: cell * 10_000, [purchases, truth.columns.get_loc("budget")])
    yield Variant("yuan instead of 10,000", "a.csv", text(yuan).encode(), None, "times 0.0001")
    big = truth.assign(annual_purchases=truth.annual_purchases + 1000)
    grouped = each(rows, lambda cell: f"{cell + 1000:,.2f}", [purchases])
    yield Variant("thousands with commas", "a.csv", text(grouped, quote='"').encode(), big)
    money = each(rows, lambda cell: f"¥{cell:.2f}", [purchases])
    yield Variant("currency signs", "a.csv", text(money).encode(), truth)
    wide = {ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789.-"}
    yield Variant(
        "full-width digits", "a.csv", text(each(rows, lambda c: str(c).translate(wide), numbers)).encode(), truth
    )
    junk = ["-", "N/A", "", "暂无", "约500", "500万", "10~15", "5分", "#DIV/0!", "2-Mar"]
    bad = changed(rows, {(at + 1, 3): cell for at, cell in enumerate(junk)})
    yield Variant(
        "ten cells without a number", "a.csv", text(bad).encode(), None, r"(?s)row 2,.*row 6.*'2-Mar', which is a date"
    )
    for column, value in (("days_to_pay", -5.0), ("open_share", -40.0), ("annual_purchases", 1e308)):
        wrong = changed(rows, {(2, truth.columns.get_loc(column)): value})
        yield Variant(
            f"{column} of {value:g}", "a.csv", text(wrong).encode(), None, "row 3.*found .*Write at (most|least)"
        )


def as_workbooks(truth: pd.DataFrame, rows: Rows, shares: list[int]) -> Iterator[Variant]:
    """Workbooks, old and new."""
    numbers, purchases = range(1, len(rows[0])), truth.columns.get_loc("annual_purchases")
    hundredths = each(rows, lambda cell: round(cell / 100, 6), shares)
    yield Variant("a workbook", "a.xlsx", workbook(rows), truth)
    yield Variant("a workbook called .csv", "a.csv", workbook(rows), truth)
    yield Variant("a workbook, numbers as text", "a.xlsx", workbook(each(rows, str, numbers)), truth)
    yield Variant("an OpenDocument", "a.ods", opendocument(rows), truth)
    yield Variant("an old workbook", "a.xls", old_workbook(rows), truth)
    yield Variant(
        "a workbook, percentages", "a.xlsx", workbook(hundredths, lambda book: as_percentages(book, shares)), truth
    )
    yield Variant("several sheets", "a.xlsx", workbook([["notes"]], lambda book: other_sheet(book, rows)), truth)
    yield Variant(
        "two tables", "a.xlsx", workbook(rows, lambda book: other_sheet(book, rows)), None, "several such tables"
    )
    yield Variant("hidden rows", "a.xlsx", workbook(rows, hide), truth)
    formulas = each(rows, lambda cell: f"={cell}*1", [purchases])
    yield Variant("formulas without values", "a.xlsx", workbook(formulas), None, "cells B2:B25: each is a formula")
    dated = changed(rows, {(4, 3): pd.Timestamp("2026-03-01").to_pydatetime()})
    yield Variant("a date among numbers", "a.xlsx", workbook(dated), None, "cell D5.*is a date")


def as_percentages(book: openpyxl.Workbook, columns: list[int]) -> None:
    for column in columns:
        for row in range(2, book.active.max_row + 1):
            book.active.cell(row, column + 1).number_format = "0.0%"


def merge_title(book: openpyxl.Workbook) -> None:
    book.active.merge_cells("A1:Q1")


def other_sheet(book: openpyxl.Workbook, rows: Rows) -> None:
    sheet = book.create_sheet("2025")
    for row in rows:
        sheet.append(row)


def hide(book: openpyxl.Workbook) -> None:
    book.active.row_dimensions[5].hidden = True
