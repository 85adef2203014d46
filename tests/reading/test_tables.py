"""Tables as people have them: read rightly, or refused with every bad place, never another table."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from crmlib.cases import load_case
from crmlib.errors import InputError
from crmlib.reading.declarations import Column, Table
from crmlib.reading.tables import read_table
from tests.conftest import ROOT

MESSY = Path(__file__).parent / "messy"
TRUTH = pd.read_csv(MESSY / "truth.csv")
CRITERIA = load_case("j-company", data=ROOT / "data").criteria.loc[TRUTH.columns[1:]]
NAME = Column(id="customer", kind="name", label="Customer", chinese="客户", also=("客户名称", "Customer name"))
J_COMPANY = Table(
    columns=(NAME, *(Column(id=name, label=row.label, chinese=row.chinese, unit=row.unit)
                     for name, row in CRITERIA.iterrows())),
    key=("customer",),
)  # fmt: skip
SMALL = Table(
    columns=(NAME, Column(id="margin", label="Gross margin", chinese="毛利率", unit="% of sales", typical=(2, 90)),
             Column(id="sales", chinese="销售额", unit="10,000 yuan a year", minimum=0, typical=(10, 5000))),
    key=("customer",),
)  # fmt: skip


@pytest.fixture
def write(tmp_path):
    def text(content, encoding="utf-8"):
        (tmp_path / "mine.csv").write_text(content, encoding=encoding)
        return tmp_path / "mine.csv"

    return text


def refused(path, words, table=SMALL, **options):
    with pytest.raises(InputError, match=words) as error:
        read_table(path, table, **options)
    return error.value.problems


@pytest.mark.parametrize(
    ("file", "note"),
    [
        ("d01_gb18030_chinese_names.csv", "read as GB18030 text"),
        ("d02_semicolon_decimal_comma.csv", "commas are read as decimal marks"),
        ("d03_title_rows_merged.xlsx", "headings in row 4"),
        ("d04_chinese_headings.csv", None),
        ("d05_percent_signs.csv", "percentages are read, such as 25.5% as 25.5, in gross_margin, delivery_cost"),
        ("d06_blank_and_total_row_gb18030.csv", "row 27 left out: its values are the sums of the rows above"),
        ("d10_google_sheets_crm_export.csv", "3 columns left out: Customer ID, City, Notes"),
    ],
)
def test_messy_tables_give_the_true_numbers_and_say_how(file, note):
    reading = read_table(MESSY / file, J_COMPANY)
    assert (reading.table.iloc[:, 1:].to_numpy() == TRUTH.iloc[:, 1:].to_numpy()).all()
    assert note is None or any(told.startswith(note) for told in reading.notes)


@pytest.mark.parametrize(
    ("file", "places"),
    [
        ("d07_duplicate_customers.csv", ["row 7", "in row 4 too", "row 14", "in row 2 only by case"]),
        ("d08_formulas_no_cache.xlsx", ["cells N2:N25", "paste the values"]),
        ("d09_unnamed_last_column.csv", ["row 2: has 18 cells, the headings are 17", "row 6"]),
    ],
)
def test_messy_tables_that_must_be_refused_are(file, places):
    with pytest.raises(InputError) as error:
        read_table(MESSY / file, J_COMPANY)
    assert all(place in str(error.value) for place in places)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12.5%", 12.5),
        ("12.5 ％", 12.5),
        ("１２．５", 12.5),
        ("+12.5", 12.5),
        (".5", 0.5),
        ("5.", 5),
        ("\xa012.5\u3000", 12.5),
    ],
)
def test_numbers_as_people_write_them(write, cell, value):
    reading = read_table(write(f"customer,margin,sales\nA,{cell},20\nB,12,30\n"), SMALL)
    assert reading.table.margin[0] == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('"1,273"', 1273),
        ("¥319.00", 319),
        ("US$ 20", 20),
        ("10.00 €", 10),
        ("300元", 300),
        ("1 234", 1234),
        ("￥1234", 1234),
    ],
)
def test_amounts_as_people_write_them(write, cell, value):
    assert read_table(write(f"customer,margin,sales\nA,12,{cell}\nB,12,30\n"), SMALL).table.sales[0] == value


@pytest.mark.parametrize(
    "cell", ["约500", "500万", "10~15", "5分", "#DIV/0!", "1.2.3", "inf", "1e400", "=1+1", "1,2,3"]
)
def test_what_is_no_number_is_named(write, cell):
    [problem] = refused(write(f'customer,margin,sales\nA,12,"{cell}"\nB,12,30\n'), "Write|Correct|Open")
    assert problem.where == "row 2, column 'sales' (customer 'A')"


@pytest.mark.parametrize("word", ["", "NA", "N/A", "nan", "NULL", "None", "-", "?", "暂无", "？", " "])
def test_words_for_missing_are_missing_even_as_a_name(write, word):
    assert "empty" in refused(write(f"customer,margin,sales\n{word},12,30\nB,12,30\nC,1,2\n"), "row 2")[0].found
    assert "empty" in refused(write(f"customer,margin,sales\nA,12,{word}\nB,12,30\n"), "row 2")[0].found
    reading = read_table(write(f"customer,margin,sales\n{word},12,30\nB,12,30\nC,1,20\n"), SMALL, on_bad="leave out")
    assert reading.table.customer.to_list() == ["B", "C"]
    assert reading.notes == ("1 rows left out (is empty: 1 cells), the first are 2",)


def test_a_semicolon_file_without_evidence_is_a_question(write):
    refused(write("customer;margin;sales\nA;12;1.234\nB;12;2.345\n"), "may be decimal or part thousands")
    assert read_table(write("customer;margin;sales\nA;12,5;1.234\n"), SMALL).table.sales[0] == 1234
    assert read_table(write("customer;margin;sales\nA;12.5;12.34\n"), SMALL).table.sales[0] == 12.34


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "customer,margin,sales\nA,0.25,20\nB,0.3,30\nC,.1,40\n",
            "'margin': all values lie from 0.1 to 0.3.*times 100",
        ),
        ("customer,margin,sales\nA,25,200000\nB,30,3000000\n", "'sales': all values.*times 0.0001"),
        ("customer,margin,sales\nA,25,-5\nB,30,30\n", "found -5. Write at least 0 10,000 yuan"),
        ("customer,margin,sales (yuan)\nA,25,50\n", "the heading says yuan, the unit is 10,000 yuan"),
    ],
)
def test_values_of_another_order_are_questioned(write, content, words):
    refused(write(content), words)


def test_units_in_headings_are_no_other_headings(write):
    reading = read_table(write("销售额（万元）,Gross margin (%),客户名称\n20,12,A\n"), SMALL)
    assert reading.table.iloc[0].to_list() == ["A", 12, 20]


def test_near_misses_are_asked_about_and_mapped_by_hand(write):
    path = write("户名,gross margn,sales\nA,12,20\n")
    problems = refused(path, "Did you mean 'gross margn'")
    assert [problem.where for problem in problems] == ["column 'customer'", "column 'margin'"]
    reading = read_table(path, SMALL, columns={"customer": "户名", "margin": "gross margn"})
    assert reading.table.iloc[0].to_list() == ["A", 12, 20]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b\n1,2\n", "has no heading that is known"),
        ("customer,A,B\nmargin,1,2\nsales,3,4\n", "lies on its side|is missing"),
        ("customer,margin,sales\n", "has headings and no rows"),
        ("customer,margin,margin,sales\nA,1,2,3\n", "is there twice"),
        ("customer,margin,sales\nA,12,20\nB,13,30\nTotal,55,99\n", "row 4: is called 'Total', and its values are not"),
    ],
)
def test_what_is_no_such_table_is_told(write, content, words):
    refused(write(content), words)


def test_totals_and_footnotes_are_left_out_and_a_blank_one_too(write):
    path = write("customer,margin,sales\nA,12,20\n,,\nB,13,30\n,25,50\n\n注：单位为万元,,\n")
    reading = read_table(path, SMALL)
    assert reading.table.customer.to_list() == ["A", "B"]
    assert reading.rows.tolist() == [2, 4]
    assert [note.split(":")[0] for note in reading.notes] == [
        "row 5 left out",
        "2 blank rows left out",
        "row 7 left out",
    ]


def test_the_sheet_that_fits_is_taken_and_said(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["about", "this"])
    for row in (["customer", "margin", "sales"], ["A", 12, 20]):
        book.create_sheet("2025") if row[0] == "customer" else None
        book["2025"].append(row)
    book.save(tmp_path / "mine.xlsx")
    assert read_table(tmp_path / "mine.xlsx", SMALL).notes == ("sheet '2025'",)
    refused(tmp_path / "mine.xlsx", "The sheets are 'Sheet', '2025'", sheet="2024")
    copy = book.copy_worksheet(book["2025"])
    book.save(tmp_path / "mine.xlsx")
    refused(tmp_path / "mine.xlsx", "several such tables")
    assert len(read_table(tmp_path / "mine.xlsx", SMALL, sheet=copy.title).table) == 1


def workbook_of(path, rows, merge=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("merge", "place"),
    [("B2:B3", "cell B3 (customer 'B'): is one of the cells B2:B3"), ("A2:A3", "cell A3: is one of the cells A2:A3")],
)
def test_merged_cells_of_data_are_named(tmp_path, merge, place):
    path = workbook_of(tmp_path / "mine.xlsx", [["customer", "margin", "sales"], ["A", 5, 10], ["B", 6, 20]], merge)
    assert place in str(refused(path, "Unmerge them")[0])


def test_a_filled_column_without_a_heading_is_said(tmp_path, write):
    rows = [["customer", None, "margin", "sales", None, None], ["A", 9, 5, 10, 8, None], ["B", 9, 6, 20, None, None]]
    reading = read_table(workbook_of(tmp_path / "mine.xlsx", rows), SMALL)
    assert reading.notes == ("left out, for want of a heading: column B, column E",)
    assert reading.table.margin.to_list() == [5, 6]
    reading = read_table(write("customer,,margin,sales\nA,9,5,10\n"), SMALL)
    assert reading.notes == ("left out, for want of a heading: column 2",)


def test_values_far_beyond_any_unit_are_refused(write):
    refused(write("customer,margin,sales\nA,12,20\nB,12,1e308\n"), "row 3, column 'sales'.*Write at most 5e[+]09")


def test_the_likeliest_factor_is_told(write):
    refused(write("customer,margin,sales\nA,12,2000000\nB,12,2500000\n"), "times 0.0001")


def test_bad_cells_of_a_whole_file_are_counted(write):
    problems = refused(write("customer;margin;sales\n" + "A;1.234;2.345\n" * 100_000), "199,990 further places")
    assert len(problems) == 11


def test_hundreds_of_bad_cells_are_counted(write):
    rows = "".join(f"C{at},x,20\n" for at in range(500))
    problems = refused(write("customer,margin,sales\n" + rows), "490 further places")
    assert len(problems) == 11


DAYS = Table(columns=(Column(id="day", kind="day"), Column(id="x")))


@pytest.mark.parametrize(
    "cell",
    ["2019-04-03", "2019/4/3", "2019.04.03", "20190403", "2019年4月3日", "3 April 2019", "03-Apr-19", "April 3, 2019",
     "2019-04-03T23:59:00+08:00", "2019-04-03  7:19:25 PM", "43558", "Apr 3, 2019", "2019-04-03 10:00:00 UTC"],
)  # fmt: skip
def test_days_as_people_write_them(write, cell):
    reading = read_table(write(f'day,x\n"{cell}",1\n'), DAYS)
    assert str(reading.table.day[0].date()) == "2019-04-03"


def test_the_order_of_day_and_month_is_shown_or_asked_for(write):
    refused(write("day,x\n03/04/2019,1\n"), "may be day or month first", table=DAYS)
    shown = read_table(write("day,x\n03/04/2019,1\n13/04/2019,1\n"), DAYS)
    assert str(shown.table.day[0].date()) == "2019-04-03"
    assert shown.notes == ("column 'day': the day comes first, as its dates show",)
    refused(write("day,x\n03/04/2019,1\n13/04/2019,1\n04/13/2019,1\n"), "day or month first|no date", table=DAYS)
    assert str(read_table(write("day,x\n03/04/2019,1\n"), DAYS, date_order="mdy").table.day[0].date()) == "2019-03-04"


def test_several_columns_of_one_meaning_are_a_question_where_it_matters(write):
    sold = Column(id="sold", kind="day", also=("Order date", "Paid on"))
    path = write("customer,Order date,Paid on\n甲,2019-01-01,2019-01-03\n")
    first = pd.Timestamp("2019-01-01")
    assert read_table(path, Table(columns=(NAME, sold))).table["sold"].to_list() == [first]
    asked = Table(columns=(NAME, sold.model_copy(update={"asked": True})))
    (problem,) = refused(path, "column 'sold': may be 'Order date' or 'Paid on'", asked)
    assert problem.remedy == "Say which: --column sold=HEADING"
    assert read_table(path, asked, columns={"sold": "Order date"}).table["sold"].to_list() == [first]
