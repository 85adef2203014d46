"""What is read at once is read as every cell would be alone: the same values, troubles, cells and spellings."""

import csv
import io
from datetime import date
from itertools import zip_longest

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crmlib.reading import cells as cells_module
from crmlib.reading.cells import read_cells
from crmlib.reading.declarations import Column
from crmlib.reading.texts import read_text_table
from crmlib.reading.words import folded, folded_each

NUMBERS = st.sampled_from(
    ["1", "-2.5", "1e5", "1E-3", "007", ".5", "5.", "+3", "1,234", "1.234,5", "1_000", "nan", "inf", "1e400", "0x1F",
     " 7 ", "7\x1f", "７", "٣", "²", "12%", "¥5", "(5)", "-", "", "NA", "True", "1 234", "1e", "−5", "3/1", "=1"]
)  # fmt: skip
NAMES = st.sampled_from(
    ["A", "b c", "A  B", " A", "A ", "Ａ", "甲（一）", "e\u0301", "é", "NA", "n/a", "", "-", "=x", '="007"', "#REF!",
     "A\u200b", "A\xa0B", "ﬁ", "ß", "ẞ", "A\nB", "？", "#1", "İ", "´"]
)  # fmt: skip
TEXTS = NUMBERS | NAMES | st.text(max_size=6) | st.floats().map(repr) | st.integers().map(str)
MIXED = TEXTS | st.none() | st.booleans() | st.floats() | st.integers(-(2**60), 2**60) | st.dates()
KINDS = ["name", "text", "number", "share", "count", "amount", "judgement", "yes/no", "day"]


def objects(values):
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def read(cells, column, decimal):
    return read_cells(
        objects(cells), column, text_file=True, decimal=decimal, date_order=None, epoch=date(1899, 12, 30)
    )


@pytest.mark.parametrize("kind", KINDS)
@given(
    cells=st.lists(TEXTS, max_size=8) | st.lists(MIXED, max_size=8) | st.lists(st.floats(), max_size=8),
    decimal=st.sampled_from([".", ",", None]),
    unit=st.sampled_from(["", "% of sales", "yuan"]),
)
@example(cells=["1", "1_000"], decimal=".", unit="")
@example(cells=[1, True], decimal=".", unit="")
def test_columns_are_read_as_their_cells_are_alone(kind, cells, decimal, unit):
    column = Column(id="x", kind=kind, unit=unit)
    values, troubles = read(cells, column, decimal)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells_module, "plain_numbers", lambda cells, *_: np.full(len(cells), np.nan))
        patch.setattr(cells_module, "are_plain", lambda _: False)
        patch.setattr(cells_module, "_each_once", lambda cells: (cells, np.arange(len(cells))))
        alone = [read([cell], column, decimal) for cell in cells]
    assert troubles.tolist() == [int(trouble[0]) for _, trouble in alone]
    for value, (expected, _) in zip(values, alone, strict=True):
        assert value == expected[0] or (pd.isna(value) and pd.isna(expected[0])), (value, expected)


@given(st.lists(TEXTS | st.none() | st.floats(), max_size=6))
def test_names_are_folded_as_each_alone(names):
    assert folded_each(names) == [folded(name) for name in names]


@given(st.text('ab1,; \n\r"\u2028\x0b', min_size=1, max_size=30), st.sampled_from([",", ";"]))
@example("a,b\r\n1,2\r", ",")
@example("a\n\nb\n", ",")
@example("a,b\n1\n", ",")
def test_cells_stand_where_a_parser_of_csv_finds_them(text, separator):
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return
    if not text.strip():
        return
    found = read_text_table("x.csv", text.encode(), "utf-8", separator).cells
    assert found.tolist() == [list(row) for row in zip(*zip_longest(*rows), strict=True)]
