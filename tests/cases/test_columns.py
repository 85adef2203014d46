import pytest

from crmlib.cases.columns import read_columns
from crmlib.errors import InputError

GOOD = "last,A,B\nA,0.7,0.3\nB,0.5,0.5\n"


def table(tmp_path, content, more=True, encoding="utf-8"):
    path = tmp_path / "switching.csv"
    path.write_bytes(content.encode(encoding))
    return read_columns(path, ["last"], ["A"], more_numbers=more)


def test_a_good_table_is_numbered_as_in_the_file(tmp_path):
    found = table(tmp_path, GOOD)
    assert found.index.tolist() == [2, 3]
    assert found.loc[3].tolist() == ["B", 0.5, 0.5]
    assert found["B"].sum() == 0.8


def test_spreadsheets_write_a_byte_order_mark_and_blanks(tmp_path):
    assert table(tmp_path, "last, A ,B\n 甲 ,1, 0\n", encoding="utf-8-sig").loc[2].tolist() == ["甲", 1, 0]


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        ("", ["the file: is empty"]),
        ("last,A,B\n", ["a header and no rows"]),
        (GOOD.replace("0.7", "many"), ["row 2, column 'A': found 'many'. Write a finite number"]),
        (GOOD.replace("0.7", "inf").replace("0.3", ""), ["column 'A': found 'inf'", "row 2, column 'B': found ''"]),
        (GOOD.replace("\nB,", "\n,"), ["row 3, column 'last': found ''. Fill it in"]),
        (GOOD.replace("\nB,", "\n\nB,"), ["row 3, column 'last'", "row 3, column 'A'"]),
        ("latest,A,B\nA,1,0\n", ["column 'last': is missing"]),
        ("last,A,A\nA,1,0\n", ["column 'A': is there twice"]),
        ("last,A\nA,1\nB,0,1\n", ["the table:"]),
        ("last,A\nA,1；0\n", ["row 2, column 'A': found '1；0'"]),
    ],
)
def test_every_bad_place_is_named(tmp_path, content, messages):
    with pytest.raises(InputError) as raised:
        table(tmp_path, content)
    for message in messages:
        assert message in str(raised.value)


def test_unknown_columns_are_refused_unless_more_are_asked_for(tmp_path):
    with pytest.raises(InputError, match="column 'B': is not known here"):
        table(tmp_path, GOOD, more=False)


def test_a_file_in_another_encoding_or_place(tmp_path):
    with pytest.raises(InputError, match="not UTF-8"):
        table(tmp_path, "last,A,B\n甲,1,0\n", encoding="gbk")
    with pytest.raises(InputError, match="is not there"):
        read_columns(tmp_path / "none.csv", ["last"])
