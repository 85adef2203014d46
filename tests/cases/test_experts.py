import datetime

import numpy as np
import openpyxl
import pytest

from crmlib.cases import read_experts
from crmlib.errors import InputError
from tests.conftest import ROOT

HEADER = ("expert", "first", "second", "judgement")
ANN = [("Ann", "price", "service", "1/3"), ("Ann", "price", "brand", 2), ("Ann", "service", "brand", "4.5")]


def csv_file(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "experts.csv"
    path.write_bytes(text.encode(encoding))
    return path


def as_csv(rows):
    return "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in [HEADER, *rows])


def excel_file(tmp_path, rows, header=HEADER):
    path = tmp_path / "experts.xlsx"
    book = openpyxl.Workbook()
    for row in [header, *rows]:
        book.active.append(row)
    book.save(path)
    return path


def message(path):
    with pytest.raises(InputError) as error:
        read_experts(path)
    assert str(path) in str(error.value)
    return str(error.value)


def test_csv_and_excel_hold_the_same_answers(tmp_path):
    rows = [*ANN, ("张三", "brand", "price", 5), ("张三", "service", "price", None), ("张三", "brand", "service", "")]
    from_csv, from_excel = read_experts(csv_file(tmp_path, as_csv(rows))), read_experts(excel_file(tmp_path, rows))
    assert list(from_csv) == list(from_excel) == ["Ann", "张三"]
    for name, matrix in from_csv.items():
        assert matrix.equals(from_excel[name])
        assert list(matrix.index) == ["price", "service", "brand"]
    assert from_csv["Ann"].loc["service", "price"] == 3
    assert from_csv["Ann"].loc["service", "brand"] == 4.5
    assert from_csv["张三"].loc["price", "brand"] == 0.2


def test_an_empty_judgement_and_an_absent_row_are_missing(tmp_path):
    rows = [*ANN, ("Bo", "price", "service", ""), ("Bo", "brand", "price", 3)]
    bo = read_experts(csv_file(tmp_path, as_csv(rows)))["Bo"]
    missing = np.array([[False, True, False], [True, False, True], [False, True, False]])
    assert (bo.isna().to_numpy() == missing).all()


def test_the_columns_may_stand_in_any_order_and_blank_rows_do_not_count(tmp_path):
    text = "\ufeffjudgement , second,first,expert\n\n 3 , b , a , Ann \n,,,\n"
    assert read_experts(csv_file(tmp_path, text))["Ann"].loc["a", "b"] == 3


def test_the_example_can_be_read():
    experts = read_experts(ROOT / "data" / "ahp-basics" / "experts.csv")
    assert {name: int(matrix.isna().to_numpy().sum()) for name, matrix in experts.items()} == {
        "Anna": 0, "Bo": 0, "Chen": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            [("Ann", "a", "b", "three")],
            "row 2, column 'judgement' (expert 'Ann'): a against b, 'three' is not a number",
        ),
        ([("Ann", "a", "b", "__import__('os')")], "is not a number"),
        ([("Ann", "a", "b", "=1/3")], "found the formula '=1/3', and nothing is evaluated. Format the column as text"),
        ([("Ann", "a", "b", 0)], "0 is not a positive, finite number"),
        ([("Ann", "a", "b", "-2")], "'-2' is not a number"),
        ([("Ann", "a", "b", 12)], "12 is off the scale. Judgements run from 1/9 to 9"),
        ([("Ann", "a", "a", 2)], "is not a pair of two different names"),
        ([("Ann", "", "b", 2)], "row 2, column 'first' (expert 'Ann'): is empty"),
        ([("", "a", "b", 2)], "row 2, column 'expert' (expert ''): is empty"),
        ([("Ann", "a", "b", 2), ("Ann", "b", "a", 2)], "row 3, column 'judgement' (expert 'Ann'): b against a was"),
        ([("Ann", "a", "b", 2), ("Bo", "a", "B", 2)], "expert 'Ann': never names 'B'"),
        ([], "a header and no answers"),
    ],
)
@pytest.mark.parametrize("write", [lambda path, rows: csv_file(path, as_csv(rows)), excel_file], ids=["csv", "excel"])
def test_bad_answers_are_told_by_place(tmp_path, write, rows, told):
    assert told in message(write(tmp_path, rows))


def test_every_bad_place_is_listed(tmp_path):
    rows = [("Ann", "a", "b", "x"), ("Bo", "a", "b", 2), ("Bo", "b", "c", 11), ("", "", "c", 2)]
    found = message(csv_file(tmp_path, as_csv(rows)))
    assert [place in found for place in ("row 2, ", "row 4, ", "row 5, column 'expert'", "row 5, column 'first'")] == [
        True
    ] * 4
    assert "row 3" not in found


@pytest.mark.parametrize(
    "made_of_it", [datetime.date(2026, 3, 1), datetime.datetime(2026, 1, 3), datetime.time(3, 0), datetime.timedelta(3)]
)
def test_a_date_that_excel_made_is_told(tmp_path, made_of_it):
    found = message(excel_file(tmp_path, [("Ann", "a", "b", 2), ("Bo", "a", "b", made_of_it)]))
    assert "row 3, column 'judgement' (expert 'Bo'), cell D3: Excel made a date of it" in found
    assert "Format the column as text, then type the judgement again, such as 1/3" in found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("expert;first;second;judgement\nAnn;a;b;3\n", "column 'expert': is missing"),
        ("expert,first,second,judgment\nAnn,a,b,3\n", "column 'judgment': is not known"),
        ("expert,first,second,judgement,judgement\nAnn,a,b,3,4\n", "column 'judgement': is given twice"),
        ("expert,first,second,judgement\nAnn,a,b,3,5\n", "row 2: has 5 cells"),
        ('expert,first,second,judgement\nAnn,a,"b"c,3\n', "Check the quotation marks"),
    ],
)
def test_bad_tables_are_told(tmp_path, text, told):
    assert told in message(csv_file(tmp_path, text))


def test_other_encodings_are_told(tmp_path):
    assert "not UTF-8 text" in message(csv_file(tmp_path, "expert,first,second,judgement\n张,a,b,3\n", "gbk"))


@pytest.mark.parametrize("name", ["none.csv", "none.xlsx"])
def test_a_file_that_is_not_there(tmp_path, name):
    assert "is not there" in message(tmp_path / name)


def test_files_of_another_kind(tmp_path):
    assert "Save it as .csv or .xlsx" in message(tmp_path / "experts.ods")
    fake = tmp_path / "experts.xlsx"
    fake.write_text("expert,first", encoding="utf-8")
    assert "is not an Excel workbook" in message(fake)
