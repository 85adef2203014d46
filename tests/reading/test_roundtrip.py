"""A random table written in a random form reads back equal, or is refused; most forms must be read."""

from collections import Counter
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.reading.declarations import Column, Table
from crmlib.reading.tables import read_table
from tests.reading.opendocument import opendocument
from tests.reading.variants import old_workbook, workbook

ANY = Table(
    columns=(Column(id="customer", kind="name", label="Customer", chinese="客户", also=("客戶",)),
             Column(id="day", kind="day", label="Last order", chinese="日期"),
             Column(id="x", label="First", chinese="第一"), Column(id="y", label="Second", chinese="第二")),
    key=("customer",),
)  # fmt: skip
HEADINGS = {
    "id": ["customer", "day", "x", "y"],
    "English": ["Customer", "Last order", "First", "Second"],
    "Chinese": ["客户", "日期", "第一（万元）", " 第二"],
    "Big5": ["客戶", "日期", "第一", "第二"],
}
#: What names are made of, by the encoding of the file.
LETTERS = {
    **dict.fromkeys(["utf-8", "utf-8-sig", "utf-16", "xlsx", "xls", "ods"], "abc XYZ-.07é甲医院臺"),
    "gb18030": "abXY 07杭州医院诊所",
    "big5": "abXY 07臺北醫院診所",
    "cp1252": "abcdefgh XYZéüø",
}
DAYS = ["{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y年%m月%d日}", "{:%d %b %Y}", "{:%Y-%m-%d 00:00:00}", "{:%d/%m/%Y}"]
NUMBERS = st.floats(-1e6, 1e6).map(lambda value: round(value, 2)) | st.integers(-10_000, 10_000).map(float)
BOOKS = {"xlsx": workbook, "xls": old_workbook, "ods": opendocument}


@st.composite
def written(draw):
    """Rows of a table, and the file in which they stand."""
    form = draw(st.sampled_from(sorted(LETTERS)))
    names = st.text(LETTERS[form], min_size=1, max_size=9).map(lambda name: "N" + " ".join(name.split()))
    row = st.tuples(names, st.dates(date(1950, 1, 1), date(2069, 12, 31)), NUMBERS, NUMBERS)
    rows = draw(st.lists(row, min_size=1, max_size=6, unique_by=lambda row: row[0].casefold().replace(" ", "")))
    comma, order = draw(st.booleans()), draw(st.permutations(range(4)))
    languages = {"big5": ["id", "English", "Big5"], "cp1252": ["id", "English"]}.get(form, ["id", "English", "Chinese"])
    titles = HEADINGS[draw(st.sampled_from(languages))]
    day = draw(st.sampled_from([form for form in DAYS if "年" not in form] if form == "cp1252" else DAYS))
    style = draw(st.sampled_from(["{:.2f}", "{:,.2f}", "+{:.2f}", "{:.2f} ", "US$ {:.2f}"]))
    above = draw(st.integers(0, 3))
    as_numbers = form in BOOKS and draw(st.booleans())

    def number(value):
        text = (style if value >= 0 else style.lstrip("+")).format(value)
        return value if as_numbers else text.translate({ord("."): ",", ord(","): "."}) if comma else text

    lines = [titles, *([name, day.format(when), number(x), number(y)] for name, when, x, y in rows)]
    lines = [["2025 list"]] * above + [[line[at] for at in order] for line in lines]
    if form in BOOKS:
        return rows, f"table.{form}", BOOKS[form](lines)
    separator, quote = draw(st.sampled_from([",", ";", "\t", "|"])), draw(st.booleans())
    quoted = '"' if quote or separator == "," else ""
    text = draw(st.sampled_from(["\n", "\r\n"])).join(
        separator.join(f"{quoted}{cell}{quoted}" for cell in line) for line in lines
    )
    return rows, "table.csv", text.encode(form)


def test_a_table_reads_back_equal_or_is_refused_and_most_are_read(tmp_path):
    outcomes: Counter[str] = Counter()

    @settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
    @given(written())
    def reads_back(example):
        rows, name, content = example
        (tmp_path / name).write_bytes(content)
        try:
            table = read_table(tmp_path / name, ANY).table
        except InputError:
            outcomes["refused"] += 1
            return
        outcomes["read"] += 1
        assert table.customer.to_list() == [row[0] for row in rows]
        assert [day.date() for day in table.day] == [row[1] for row in rows]
        assert table[["x", "y"]].to_numpy().tolist() == [[row[2], row[3]] for row in rows]

    reads_back()
    assert outcomes["read"] > 0.7 * outcomes.total()
