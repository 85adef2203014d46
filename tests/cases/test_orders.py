"""Logs of orders as shops export them: read with the right values, or refused with every bad place."""

from datetime import date, timedelta

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.cases.orders import read_orders
from crmlib.errors import InputError
from crmlib.transactions import customer_summary

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
    def write(*rows):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / "orders.xlsx")
        return tmp_path / "orders.xlsx"

    return write


def problems(path, **options):
    with pytest.raises(InputError) as error:
        read_orders(path, **options)
    return [str(problem) for problem in error.value.problems]


def spent(log):
    return customer_summary(log, "day").customers["amount"].to_dict()


UCI = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,HOLDER,6,12/1/2010 8:26,2.50,17850,United Kingdom
536365,71053,LANTERN,2,12/1/2010 8:26,3.25,17850,United Kingdom
536366,22633,WARMER,4,12/13/2010 8:28,1.25,13047,United Kingdom
C536379,85123A,HOLDER,-1,12/14/2010 9:41,2.50,17850,United Kingdom
536380,22632,GIFT,1,12/15/2010 9:45,0.75,,France
"""
DROP = {"cancelled order": "drop", "missing customer": "drop"}


def test_lines_of_invoices_with_quantities_and_prices(file):
    log = read_orders(file(UCI), on_bad=DROP)
    assert spent(log) == {"17850": 21.5, "13047": 5}
    assert (log.rows, str(log.first), str(log.end)) == (2, "2010-12-01", "2010-12-13")
    assert log.dropped.to_dict() == DROP | {"cancelled order": 1, "missing customer": 1}
    assert "amounts are quantity times price" in log.notes
    assert "4 lines are added up to 3 orders" in log.notes


def test_credit_notes_are_refunds_where_refunds_are_netted(file):
    log = read_orders(file(UCI), on_bad={"missing customer": "drop"}, refunds="customer")
    assert spent(log) == {"17850": 19, "13047": 5}
    assert (log.netted.refunds, log.netted.amount) == (1, 2.5)
    options = {"on_bad": {"missing customer": "drop"}, "refunds": "customer"}
    (problem,) = problems(file(UCI.replace("HOLDER,-1", "HOLDER,-99")), **options)
    assert "1 row with a negative amount: row 5" in problem


def test_credit_notes_and_missing_customers_are_named_by_their_rows_in_the_file(file):
    cancelled, missing = problems(file(UCI))
    assert cancelled.startswith("column 'cancelled': 1 row with a cancelled order: row 5 (customer 17850")
    assert missing.startswith("column 'customer': 1 row with a missing customer: row 6 (customer missing")


def test_numbers_that_all_begin_with_c_are_no_credit_notes(file):
    log = read_orders(file("customer,date,amount,order\nA,2019-01-01,1,C1\nB,2019-01-02,2,C2\n"))
    assert log.rows == 2


def test_orders_without_amounts_serve_models_of_purchases(file):
    text = """order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at
e48,9ef,delivered,2017-10-02 10:56:33,2017-10-02 11:07:15
53c,b08,canceled,2018-07-24 20:41:37,
47a,9ef,delivered,2018-08-08 08:38:49,2018-08-08 08:55:23
"""
    log = read_orders(file(text), on_bad={"cancelled order": "drop"})
    assert (log.rows, log.amounts_known, log.dropped.to_dict()) == (2, False, {"cancelled order": 1})
    assert "there are no amounts: every purchase counts the same" in log.notes
    assert "orders count as purchases whose status is delivered" in log.notes
    assert customer_summary(log, "day").customers["frequency"].to_dict() == {"9ef": 1}


TAOBAO = """订单编号,买家会员名,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间,退款金额,宝贝标题
1,甲,100,90,交易成功,2020-02-20 23:59:00,2020-02-21 00:01:00,0,画笔
2,乙,80,80,交易成功,2020-02-21 10:00:00,2020-02-21 10:01:00,30,画布
3,丙,60,0,交易关闭,2020-02-22 10:00:00,,0,画架
4,丁,50,50,交易成功,2020-02-23 10:00:00,2020-02-23 10:05:00,50,颜料
"""


def test_two_dates_and_two_amounts_are_a_question(file):
    assert problems(file(TAOBAO, encoding="gb18030")) == [
        "column 'date': may be '订单创建时间' or '订单付款时间'. Say which: --column date=HEADING.",
        "column 'amount': may be '总金额' or '买家实际支付金额'. Say which: --column amount=HEADING.",
    ]


def test_refunds_of_their_own_column_are_taken_off(file):
    columns = {"date": "订单创建时间", "amount": "买家实际支付金额"}
    path = file(TAOBAO, encoding="gb18030")
    log = read_orders(path, columns=columns, on_bad={"cancelled order": "drop"})
    assert spent(log) == {"甲": 90, "乙": 50}
    assert (str(log.first), log.dropped.to_dict()) == ("2020-02-20", {"cancelled order": 2})
    found = problems(file(TAOBAO.replace(",30,", ",-30,")), columns=columns)
    assert found == ["row 3, column '退款金额': found -30. Write at least 0."]


def test_amounts_at_the_first_line_of_each_order(file):
    text = """Name,Email,Financial Status,Created at,Subtotal,Total,Lineitem quantity,Lineitem name,Lineitem price
#1001,a@x.com,paid,2021-03-01 23:30:00 -0500,50,55.00,1,Cup,20
#1001,a@x.com,,2021-03-01 23:30:00 -0500,,,2,Plate,15
#1002,b@x.com,paid,2021-03-02 08:00:00 -0500,30,33.00,1,Bowl,20
#1002,b@x.com,,2021-03-02 08:00:00 -0500,,,1,Spoon,10
#1003,a@x.com,voided,2021-03-03 09:00:00 -0500,10,11.00,1,Fork,10
"""
    options = {"columns": {"order": "Name"}, "on_bad": {"cancelled order": "drop"}}
    log = read_orders(file(text), **options)
    assert spent(log) == {"a@x.com": 55, "b@x.com": 33}
    assert (str(log.first), log.rows) == ("2021-03-01", 2)
    assert "2 lines without an amount belong to the orders whose first lines have one" in log.notes
    (problem,) = problems(file(text.replace("50,55.00", "50,").replace(",,,2", ",,55,2")), **options)
    assert "missing amount: row 2 (customer a@x.com, date 2021-03-01, amount missing, order #1001); row 5" in problem


def test_the_same_amount_in_all_lines_of_each_order_is_a_question(file):
    lines = "1,A,2019-01-01,30,cup\n1,A,2019-01-01,30,pen\n2,B,2019-01-02,9,cup\n2,B,2019-01-02,9,ink\n"
    head = "order,customer,date,amount,product\n"
    (problem,) = problems(file(head + lines))
    assert problem.startswith("column 'amount': is the same in all lines of an order, in each of the 2 orders")
    assert spent(read_orders(file(head + lines.replace("9,ink", "8,ink")))) == {"A": 60, "B": 17}


def test_a_price_without_quantities_is_a_question(file):
    (problem,) = problems(file("customer,date,unit price\nA,2019-01-01,3\n"))
    assert problem.startswith("column 'price': there are neither quantities nor amounts")


def test_lines_of_an_order_on_two_days_or_of_two_customers_are_a_conflict(file):
    head = "order,customer,date,quantity,price\n"
    assert "order '1'" in problems(file(head + "1,A,2019-01-01,1,2\n1,A,2019-01-02,1,2\n"))[0]
    assert "order '1'" in problems(file(head + "1,A,2019-01-01,1,2\n1,B,2019-01-01,1,2\n"))[0]


def test_what_was_given_back_in_an_order_is_not_netted_in_silence(file):
    path = file("order,customer,date,quantity,price\n1,A,2019-01-01,3,2\n1,A,2019-01-01,-1,2\n")
    assert "1 row with a negative amount: row 3" in problems(path)[0]
    assert spent(read_orders(path, refunds="order")) == {"A": 4}
    assert spent(read_orders(path, on_bad={"negative amount": "drop"})) == {"A": 6}


def test_which_of_day_and_month_comes_first_is_shown_said_or_asked(file):
    path = file(HEADER + "A,03/04/2019,1\n")
    assert "may be day or month first" in problems(path)[0]
    assert str(read_orders(path, date_order="dmy").end) == "2019-04-03"
    assert str(read_orders(path, date_order="mdy").end) == "2019-03-04"
    assert str(read_orders(file(HEADER + "A,03/04/2019,1\nA,25/03/2019,1\n")).end) == "2019-04-03"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(file, encoding, separator):
    lines = [
        ["客户", "日期", "金额", "备注"],
        ["张三", "2019年3月4日", "￥12.50", ""],
        ["李四", "20190305", "20", "好"],
        ["", "", "", ""],
    ]
    path = file("\r\n".join(separator.join(line) for line in lines), encoding=encoding)
    assert spent(read_orders(path)) == {"张三": 12.5, "李四": 20}


def test_every_cell_that_cannot_be_read_is_named_with_its_row(file):
    assert problems(file(HEADER + "A,2019-02-30,1\nB,2019-01-02,x\n")) == [
        "row 2, column 'date': found '2019-02-30', which is no date. Write it as 2019-04-03.",
        "row 3, column 'amount': found 'x', which is no number. Write a number alone, such as 1234.5.",
    ]


def test_every_bad_row_is_named_with_its_number(file):
    rows = [',2019年3月4日,"1,234.50"', "NA,2019-01-03,6", "C,2019-01-01,-4", "C,43559,", "D,2019-01-02,5"]
    assert problems(file(HEADER + "\n".join([*rows, rows[-1]]))) == [
        "the table: every cell as in an earlier row, in 1 row: row 7. "
        "Delete them, or keep them if they are purchases of their own.",
        "column 'customer': 2 rows with a missing customer: row 2 (customer missing, date 2019-03-04, amount 1234.5); "
        "row 3 (customer missing, date 2019-01-03, amount 6.0). Fill in who bought.",
        "column 'amount': 1 row with a missing amount: row 5 (customer C, date 2019-04-04, amount missing). "
        "Fill in what was paid.",
        "column 'amount': 1 row with a negative amount: row 4 (customer C, date 2019-01-01, amount -4.0). "
        "Net refunds by order, day or customer, or drop what is left of them.",
    ]


def test_repeated_rows_are_refused_dropped_or_kept(file):
    path = file("customer,date,amount,till\nA,2019-01-01,1,x\nA,2019-01-01,1,x\nA,2019-01-01,1,y\n")
    (problem,) = problems(path)
    assert "in 1 row: row 3." in problem
    dropped = read_orders(path, on_bad="drop")
    assert (dropped.rows, dropped.dropped.to_dict()) == (2, {"repeated order": 1})
    kept = read_orders(path, on_bad={"repeated order": "keep"})
    assert (kept.rows, kept.kept.to_dict(), kept.orders_checked) == (3, {"repeated order": 1}, True)


def test_orders_by_number(file):
    path = file("order,customer,date,amount,till\n1,A,2019-01-01,1,x\n1,A,2019-01-01,1,y\n2,A,2019-01-01,1,x\n")
    assert "order '1'" in problems(path)[0]
    log = read_orders(path, on_bad="drop", end="2019-06-30")
    assert (log.rows, log.dropped.to_dict(), str(log.end)) == (2, {"repeated order": 1}, "2019-06-30")


def test_a_workbook(workbook):
    path = workbook(
        ["Shop report"],
        ["customer", "date", "amount", None],
        [1001, date(2019, 3, 4), 12.5, "note"],
        [],
        [1001.0, 43559, "¥1,234.50"],
        ["B", "2019年3月4日", 3],
    )
    log = read_orders(path)
    assert spent(log) == {"1001": 1247, "B": 3}
    assert customer_summary(log, "day").customers.loc["1001", ["frequency", "recency"]].to_list() == [1, 31]
    assert {"headings in row 2", "1 blank row left out"} <= set(log.notes)


def test_a_workbook_that_counts_days_from_1904(workbook):
    path = workbook(["customer", "date", "amount"], ["A", 43558, 1])
    book = openpyxl.load_workbook(path)
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.save(path)
    assert str(read_orders(path).end) == "2023-04-04"


rows_of_orders = st.lists(
    st.tuples(
        st.sampled_from(["Ann", "Bob", "张三", "O'Neil", "007"]),
        st.dates(date(2000, 1, 1), date(2030, 1, 1)),
        st.integers(1, 10**7).map(lambda cents: cents / 100),
    ),
    min_size=1, max_size=8, unique_by=lambda row: (row[0], row[1]),
)  # fmt: skip
days = st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d", "%d %b %Y", "%d/%m/%Y"])
money = st.sampled_from(["{:.2f}", "{:,.2f}", "¥{:,.2f}", "{:.2f}元"])
headings = st.sampled_from(
    [("customer", "date", "amount"), ("客户", "下单时间", "实付金额"), ("Customer ID", "Invoice Date", "Revenue")]
)


@settings(max_examples=40)
@given(rows_of_orders, days, money, headings, st.sampled_from([",", "\t"]), st.sampled_from(["utf-8", "utf-16"]),
       st.permutations([0, 1, 2]))  # fmt: skip
def test_orders_in_any_style_are_read_back(tmp_path_factory, rows, day, amount, heading, separator, encoding, order):
    path = tmp_path_factory.getbasetemp() / "styles.csv"
    cells = [(who, when.strftime(day), amount.format(paid)) for who, when, paid in rows]
    lines = [separator.join(f'"{line[at]}"' for at in order) for line in [heading, *cells]]
    path.write_bytes("\n".join(lines).encode(encoding))
    log = read_orders(path, date_order="dmy")
    totals = {}
    for who, _, paid in rows:
        totals[who] = totals.get(who, 0) + paid
    assert spent(log) == pytest.approx(totals)
    assert (log.first, log.end) == (min(row[1] for row in rows), max(row[1] for row in rows))


lines_of_orders = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 9), st.integers(1, 900), st.booleans()), min_size=1, max_size=12
)


@settings(max_examples=40)
@given(lines_of_orders)
def test_lines_add_up_to_what_was_paid_whatever_was_cancelled(tmp_path_factory, lines):
    path = tmp_path_factory.getbasetemp() / "lines.csv"
    text = "order,customer,date,product,quantity,price,status\n"
    for product, (order, quantity, cents, cancelled) in enumerate(lines):
        day = date(2019, 1, 1) + timedelta(days=order)
        state = "cancelled" if cancelled else "paid"
        text += f"{order},K{order % 2},{day},P{product},{quantity},{cents / 100},{state}\n"
    path.write_text(text, encoding="utf-8")
    paid = {}
    for order, quantity, cents, cancelled in lines:
        if not cancelled:
            paid[f"K{order % 2}"] = paid.get(f"K{order % 2}", 0) + quantity * cents / 100
    try:
        log = read_orders(path, on_bad={"cancelled order": "drop"})
    except InputError as error:
        assert not paid
        assert "no good row" in str(error)
    else:
        assert spent(log) == pytest.approx(paid)
        assert log.rows == len({order for order, *_, cancelled in lines if not cancelled})


cells = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ["", "A", "2019-04-03", "03/04/2019", "43558", "¥1,234.50", "12,50", "-3", "0", "nan", '"', "=1", "#N/A"]
    ),
)


@settings(max_examples=15)
@given(st.lists(st.lists(cells, min_size=1, max_size=4), max_size=6), st.sampled_from([",", ";", "\t"]), st.booleans())
def test_any_text_is_refused_or_becomes_a_log(tmp_path_factory, rows, separator, drop):
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    lines = [["customer", "date", "amount"], *rows]
    text = "\n".join(separator.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    path.write_bytes(text.encode("utf-8", "replace"))
    try:
        log = read_orders(path, date_order="dmy", on_bad="drop" if drop else "refuse")
    except InputError as error:
        assert error.problems
    else:
        assert log.rows + log.dropped.sum() <= len(rows)
        assert drop or not len(log.dropped)
