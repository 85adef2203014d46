from datetime import date, datetime, time

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.cases.order_cells import TROUBLES, Trouble, read_amount, read_day
from crmlib.cases.orders import read_orders
from crmlib.errors import InputError
from crmlib.transactions import customer_summary

ORIGIN = date(1899, 12, 30)
HEADER = "customer,date,amount\n"


@pytest.fixture
def file(tmp_path):
    def write(text, name="orders.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def workbook(tmp_path):
    def write(*rows, merge=None):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        if merge:
            book.active.merge_cells(merge)
        book.save(tmp_path / "orders.xlsx")
        return tmp_path / "orders.xlsx"

    return write


def problems(path, **options):
    with pytest.raises(InputError) as error:
        read_orders(path, **options)
    assert error.value.subject == str(path)
    return [str(problem) for problem in error.value.problems]


@pytest.mark.parametrize(
    "text",
    ["2019-04-03", "2019/4/3", "2019.04.03", "20190403", "2019年4月3日", "2019 年 4 月 3 号", "２０１９-04-03", "43558",
     "43558.75", "2019-04-03 23:59:59.5", "2019-04-03T08:00", "2019年4月3日 8:00",
     datetime(2019, 4, 3, 23), date(2019, 4, 3), 43558],
)  # fmt: skip
def test_a_day_in_any_unambiguous_form_is_read(text):
    assert read_day(text, None, ORIGIN) == date(2019, 4, 3)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("03/04/2019", "the order of day and month is not given"),
        ("25/12/2019", "the order of day and month is not given"),
        ("3.4.2019", "the order of day and month is not given"),
        ("2019-04-03T08:00Z", "a time of another time zone"),
        ("2019-04-03 08:00:00+08:00", "a time of another time zone"),
        ("2019-02-29", "not a date"),
        ("2019-13-01", "not a date"),
        ("2019-04/03", "not a date"),
        ("1019-04-03", "not a date"),
        ("03/04/19", "not a date"),
        ("4 March 2019", "not a date"),
        ("4355", "not a date"),
        ("99999", "not a date"),
        ("=TODAY()", "a formula"),
        ("#REF!", "an error of Excel"),
        (True, "not a date"),
        (time(3), "not a date"),
    ],
)
def test_a_cell_that_names_no_day_or_two_is_a_trouble(text, trouble):
    found = read_day(text, None, ORIGIN)
    assert isinstance(found, Trouble)
    assert found == trouble
    assert found in TROUBLES


def test_the_order_of_day_and_month_is_the_one_given():
    assert read_day("03/04/2019", "dmy", ORIGIN) == date(2019, 4, 3)
    assert read_day("03/04/2019 10:00", "mdy", ORIGIN) == date(2019, 3, 4)
    assert read_day("25/12/2019", "mdy", ORIGIN) == "not a date"


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1234.50", 1234.5), ("1,234.50", 1234.5), ("12,345,678", 12345678), ("¥1,234.50", 1234.5), ("￥ 20", 20),
     ("20元", 20), ("CNY 20", 20), ("-5", -5), ("-¥5.00", -5), ("¥-5.00", -5),
     ("1.5E+03", 1500), (".5", 0.5), (12, 12), (-0.0, 0)],
)  # fmt: skip
def test_an_amount_in_any_unambiguous_form_is_read(text, amount):
    assert read_amount(text, True) == amount


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("1.234,50", "a comma that may be decimal"),
        ("12,50", "a comma that may be decimal"),
        ("1,2345", "a comma that may be decimal"),
        ("1.234.567", "not a number"),
        ("--5", "not a number"),
        ("-¥-5", "not a number"),
        ("(5.00)", "not a number"),
        ("five", "not a number"),
        ("nan", "not a number"),
        ("inf", "not a number"),
        ("1 234", "not a number"),
        ("", "not a number"),
        ("¥", "not a number"),
        ("=A1*2", "a formula"),
        ("#DIV/0!", "an error of Excel"),
        (True, "not a number"),
        (datetime(2019, 3, 4), "not a number"),
    ],
)
def test_a_cell_that_names_no_amount_is_a_trouble(text, trouble):
    assert read_amount(text, True) == trouble


def test_a_comma_in_a_file_of_semicolons_may_be_decimal():
    assert read_amount("1,234", False) == "a comma that may be decimal"
    assert read_amount("1,234", True) == 1234


def test_the_separator_of_the_file_decides_what_a_comma_is(file):
    assert "a comma that may be decimal" in problems(file("customer;date;amount\nA;2019-01-01;1,234\n"))[0]
    assert read_orders(file(HEADER + 'A,2019-01-01,"1,234"\n')).rows == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(file, encoding, separator):
    lines = [
        ["客户", "日期", "金额", "备注"],
        ["张三", "2019年3月4日", "￥12.50", ""],
        ["李四", "20190305", "20", "好"],
        ["", "", "", ""],
    ]
    path = file("\r\n".join(separator.join(line) for line in lines), encoding=encoding)
    log = read_orders(path, customer="客户", date="日期", amount="金额")
    assert customer_summary(log).customers["amount"].to_dict() == {"张三": 12.5, "李四": 20}


def test_every_bad_cell_is_named_with_its_row_and_value(file):
    rows = [
        "A,03/04/2019,1",
        "B,2019-02-30,x",
        ',2019年3月4日,"1,234.50"',
        "C,2019-01-01,-4",
        "C,43559,",
        "D,2019-01-02,5",
    ]
    assert problems(file(HEADER + "\n".join([*rows, rows[-1]]))) == [
        "column 'date': the order of day and month is not given, in 1 cell: row 2 '03/04/2019'. "
        "Say date_order='dmy' or 'mdy', or write the date as 2019-04-03.",
        "column 'date': not a date, in 1 cell: row 3 '2019-02-30'. Write it as 2019-04-03.",
        "column 'amount': not a number, in 1 cell: row 3 'x'. Write a number, such as 1234.50.",
        "the table: every cell as in an earlier row, in 1 row: row 8. "
        "Delete them, or keep them if they are purchases of their own.",
        "column 'customer': 1 row with a missing customer: row 4 (customer missing, date 2019-03-04, amount 1234.5). "
        "Fill in who bought.",
        "column 'amount': 1 row with a missing amount: row 6 (customer C, date 2019-04-04, amount missing). "
        "Fill in what was paid.",
        "column 'amount': 1 row with a negative amount: row 5 (customer C, date 2019-01-01, amount -4.0). "
        "Take refunds off the purchases they belong to.",
    ]


def test_many_bad_cells_are_counted_and_the_first_are_named(file):
    (problem,) = problems(file(HEADER + "".join(f"A,2019-01-{day},x{day}\n" for day in range(10, 20))))
    assert "in 10 cells: row 2 'x10'; row 3 'x11'; row 4 'x12'; row 5 'x13'; row 6 'x14' and more" in problem


def test_repeated_rows_are_refused_dropped_or_kept(file):
    path = file(HEADER + "A,2019-01-01,1\nA,2019-01-01,1\nB,2019-01-01,1\n")
    assert "row 3" in problems(path)[0]
    dropped = read_orders(path, on_bad="drop")
    assert (dropped.rows, dropped.dropped.to_dict()) == (2, {"repeated order": 1})
    kept = read_orders(path, on_bad={"repeated order": "keep"})
    assert (kept.rows, kept.kept.to_dict(), kept.orders_checked) == (3, {"repeated order": 1}, True)


def test_orders_by_number(file):
    path = file("order,customer,date,amount\n1,A,2019-01-01,1\n1,A,2019-01-01,1\n2,A,2019-01-01,1\n")
    assert "order '1'" in problems(path, order="order")[0]
    log = read_orders(path, order="order", on_bad="drop", end="2019-06-30")
    assert (log.rows, log.dropped.to_dict(), str(log.end)) == (2, {"repeated order": 1}, "2019-06-30")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty"),
        (HEADER, "has a header and no rows"),
        ("customer,date\nA,2019-01-01\n", "column 'amount': is missing: row 1 has 'customer', 'date'"),
        ("Shop report\ncustomer,date,amount\nA,2019-01-01,1\n", "row 1 has 'Shop report'"),
        ("customer,date,amount,date\nA,2019-01-01,1,2019-01-01\n", "column 'date': is given twice"),
        (HEADER + "A,2019-01-01,1,234.50\n", "row 2: has 4 cells, the header 3"),
        (HEADER + '"A,2019-01-01,1\n', "Check the quotation marks"),
        (HEADER + "A,2019-01-01,\0\n", "is neither UTF-8 nor GB18030 text"),
    ],
)
def test_a_file_that_is_no_table_of_orders_is_refused(file, text, problem):
    assert problem in problems(file(text))[0]


def test_files_of_other_kinds_and_options_are_refused(file, tmp_path):
    assert "ends in '.xls'" in problems(file("", "orders.xls"))[0]
    assert "is not an Excel workbook" in problems(file("A", "orders.xlsx"))[0]
    assert "is not there" in problems(tmp_path / "none.csv")[0]
    assert "is not there" in problems(tmp_path / "none.xlsx")[0]
    assert "neither UTF-8 nor GB18030" in problems(file("A", encoding="utf-16"))[0]
    assert "neither UTF-8 nor GB18030" in problems(file(HEADER + "Müller,2019-01-01,1\n", encoding="latin-1"))[0]
    path = file(HEADER + "A,2019-01-01,1\n")
    assert "Use 'dmy' or 'mdy'" in problems(path, date_order="DMY")[0]
    assert "Name a column once" in problems(path, order="customer")[0]


def test_a_workbook(workbook):
    path = workbook(
        ["customer", "date", "amount", None],
        [1001, datetime(2019, 3, 4, 10), 12.5, "note"],
        [],
        [1001.0, 43559, "¥1,234.50"],
        ["B", "2019年3月4日", 3],
    )
    table = customer_summary(read_orders(path), "day").customers
    assert table["amount"].to_dict() == {"1001": 1247, "B": 3}
    assert table.loc["1001", ["frequency", "recency"]].to_list() == [1, 31]


def test_a_workbook_without_a_table_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.create_chartsheet(index=0)
    book.save(tmp_path / "orders.xlsx")
    assert len(problems(tmp_path / "orders.xlsx")) >= 1


def test_formulas_errors_and_merged_cells_of_a_workbook_are_refused(workbook):
    rows = [["customer", "date", "amount"], ["A", datetime(2019, 3, 4), "=B2*2"], ["#N/A", True, True]]
    found = problems(workbook(*rows))
    assert found[0].startswith("column 'customer': an error of Excel, in 1 cell: row 3 '#N/A'")
    assert found[1].startswith("column 'date': not a date, in 1 cell: row 3 'True'")
    assert found[2].startswith("column 'amount': a formula, in 1 cell: row 2 '=B2*2'")
    assert problems(workbook(*rows, merge="A1:B1")) == ["cells A1:B1: are merged. Unmerge them and fill in every cell."]


def test_a_workbook_that_counts_days_from_1904(workbook):
    path = workbook(["customer", "date", "amount"], ["A", 43558, 1])
    book = openpyxl.load_workbook(path)
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.save(path)
    assert str(read_orders(path).end) == "2023-04-04"


cells = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ["", "A", "2019-04-03", "03/04/2019", "43558", "¥1,234.50", "12,50", "-3", "0", "nan", '"', "=1", "#N/A"]
    ),
)


@settings(max_examples=15)
@given(st.lists(st.lists(cells, min_size=1, max_size=4), max_size=6), st.sampled_from([",", ";", "\t"]), st.booleans())
def test_any_text_is_refused_or_becomes_a_log_in_which_every_row_is_counted(tmp_path_factory, rows, separator, drop):
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    lines = [["customer", "date", "amount"], *rows]
    text = "\n".join(separator.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    path.write_bytes(text.encode("utf-8", "replace"))
    try:
        log = read_orders(path, date_order="dmy", on_bad="drop" if drop else "refuse")
    except InputError as error:
        assert error.problems
    else:
        assert log.rows + log.dropped.sum() == sum(any(cell.strip() for cell in row) for row in rows)
        assert drop or not len(log.dropped)
