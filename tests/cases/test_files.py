import pytest
from pydantic import BaseModel, ConfigDict

from crmlib.cases.files import read_customers, read_yaml
from crmlib.errors import InputError

GOOD = "customer,profit,delay\nA,1,2\nB,3,4.5\n"


class Small(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    size: int


def customers(tmp_path, content, encoding="utf-8"):
    path = tmp_path / "customers.csv"
    path.write_bytes(content.encode(encoding))
    return read_customers(path, ["profit", "delay"])


def test_a_good_table(tmp_path):
    table = customers(tmp_path, GOOD)
    assert table.index.tolist() == ["A", "B"]
    assert table.loc["B"].tolist() == [3, 4.5]


def test_spreadsheets_write_a_byte_order_mark_and_blanks(tmp_path):
    table = customers(tmp_path, "customer, profit ,delay\n 张三 ,1, 2\n", "utf-8-sig")
    assert table.loc["张三"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        ("", ["the file: is empty"]),
        ("customer,profit,delay\n", ["a header and no customers"]),
        ("customer,profit\nA,1\n", ["column 'delay': is missing"]),
        (GOOD.replace("profit", "profits"), ["column 'profit': is missing", "column 'profits': is not in the tree"]),
        (GOOD.replace("A,1", "A,many"), ["row 2, column 'profit' (customer 'A'): found 'many'"]),
        (GOOD.replace("A,1", "A,"), ["row 2, column 'profit' (customer 'A'): found ''"]),
        (GOOD.replace("A,1", "A,NaN"), ["row 2, column 'profit'"]),
        (GOOD.replace("A,1", "A,inf"), ["row 2, column 'profit'"]),
        (GOOD.replace("A,1", 'A,"1,000"'), ["found '1,000'", "without unit or separators"]),
        (GOOD.replace("A,", ","), ["row 2, column 'customer': the customer has no name"]),
        (GOOD.replace("B,", "A,"), ["row 3, column 'customer': customer 'A' was given before"]),
        (GOOD + "C,1,2,3\n", ["the same columns"]),
        ("id,profit,delay\nA,1,2\n", ["column 'customer': is missing", "column 'id'"]),
        (GOOD.replace("A,1", "A,__import__('os')"), ["row 2, column 'profit'"]),
    ],
)
def test_bad_tables_are_told_by_place(tmp_path, content, messages):
    with pytest.raises(InputError) as error:
        customers(tmp_path, content)
    for message in messages:
        assert message in str(error.value)


def test_every_bad_cell_is_listed_in_the_order_of_rows(tmp_path):
    with pytest.raises(InputError) as error:
        customers(tmp_path, "customer,profit,delay\nA,x,2\n,1,y\nA,,z\n")
    assert [problem.where.split(",")[0] for problem in error.value.problems] == [
        "row 2", "row 3", "row 3", "row 4", "row 4", "row 4",
    ]  # fmt: skip


def test_another_encoding_is_told(tmp_path):
    with pytest.raises(InputError, match="not UTF-8"):
        customers(tmp_path, GOOD.replace("A", "张三"), "gb18030")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name: [a\nsize: 1", "line 2, column 5"),
        ("name: a\nname: b\nsize: 1", "the key 'name' is given twice"),
        ("name: a\nsize: 1\nsise: 2", "sise: is not a known entry"),
        ("name: a", "size: is missing"),
        ("name: 1\nsize: 1", "name: found 1, which is not text. Put it in quotes"),
        ("name: a\nsize: big", "size: found 'big'"),
        ("just text", "the file: found 'just text'"),
        ("name: !!python/object/apply:os.system ['true']\nsize: 1", "could not determine a constructor"),
        pytest.param("name: " + "[" * 99 + "]" * 99, "line 1, column 56: nested more than 50 deep", id="deep"),
        pytest.param("name: " + "[" * 200_000 + "]" * 200_000, "nested more than 50 deep", id="very deep"),
        pytest.param("- " * 200_000 + "a", "nested more than 50 deep", id="very deep, by dashes"),
    ],
)
def test_bad_yaml_is_told_by_place(tmp_path, content, message):
    path = tmp_path / "small.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_yaml(path, Small)
    assert message in str(error.value)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputError, match="is not there"):
        read_yaml(tmp_path / "none.yml", Small)
