import numpy as np
import pandas as pd
import pytest

from crmlib.errors import InputError
from crmlib.survey import check_answers

TABLE = pd.DataFrame(
    {"a": [1, 5, None, 9, pd.NA], "b": ["2", " 4 ", " n/a", " ", "5"], "c": [3.0, np.nan, 4.0, 1.0, np.nan]},
    index=["P", "Q", "R", "S", "T"],
)


def checked(**arguments):
    return check_answers(TABLE, ["a", "b", "c"], 1, 5, **({"missing": [9, "n/a"]} | arguments))


def test_numbers_in_text_are_read_and_missing_ones_counted():
    answers = checked()
    assert answers.frame["b"].tolist()[:2] == [2, 4]
    assert answers.to_frame()["missing"].to_dict() == {"a": 3, "b": 2, "c": 2}
    assert answers.to_frame()["answered"].to_dict() == {"a": 2, "b": 3, "c": 3}
    assert answers.to_dict()["answers"]["R"] == {"a": None, "b": None, "c": 4.0}
    assert answers.points == [1, 2, 3, 4, 5]


def test_reverse_coded_items_are_turned_round_and_twice_is_as_before():
    turned = checked(reverse=["b"])
    assert turned.frame["b"].tolist()[:2] == [4, 2]
    assert turned.reversed_items == ("b",)
    again = check_answers(turned.frame, ["a", "b", "c"], 1, 5, reverse=["b"])
    assert again.frame.equals(checked().frame)


@pytest.mark.parametrize("bad", [0, 6, 3.5, "agree", np.inf, True, -1])
def test_what_is_no_answer_of_the_scale_is_named(bad):
    table = pd.DataFrame({"a": [1, bad, 3]}, index=["P", "Q", "R"], dtype=object)
    with pytest.raises(InputError, match="respondent 'Q', item 'a'") as error:
        check_answers(table, ["a"], 1, 5)
    assert len(error.value.problems) == 1


def test_every_bad_cell_is_named():
    with pytest.raises(InputError) as error:
        check_answers(TABLE, ["a", "b", "c"], 1, 4)
    assert {problem.where for problem in error.value.problems} == {
        "respondent 'Q', item 'a'",
        "respondent 'S', item 'a'",
        "respondent 'R', item 'b'",
        "respondent 'T', item 'b'",
    }


@pytest.mark.parametrize(
    ("table", "items", "arguments", "message"),
    [
        (TABLE, ["a", "z"], {}, "item 'z': no such column"),
        (TABLE, ["a", "a"], {}, "item 'a': occurs twice"),
        (pd.concat([TABLE, TABLE]), ["c"], {}, "respondent 'P': given more than once"),
        (TABLE, ["c"], {"reverse": ["a"]}, "reverse-coded item 'a'"),
        (TABLE, ["c"], {"missing": [3]}, "missing code 3: is an answer"),
        (TABLE.iloc[:0], ["c"], {}, "there are none"),
        (TABLE.assign(c=None), ["c"], {}, "nobody answered it"),
    ],
)
def test_a_bad_declaration_is_named(table, items, arguments, message):
    with pytest.raises(InputError, match=message):
        check_answers(table, items, 1, 5, **arguments)


def test_a_scale_upside_down_is_named():
    with pytest.raises(InputError, match="runs from 5 to 1"):
        check_answers(TABLE, ["c"], 5, 1)


def test_missing_answers_are_handled_as_stated():
    answers, items = checked(), ["a", "b", "c"]
    listwise, pairwise, mean = (answers.score(items, way) for way in ("listwise", "pairwise", "person_mean"))
    assert listwise.frame.index.tolist() == ["P"]
    assert listwise.left_out == ("Q", "R", "S", "T")
    assert pairwise.frame.index.tolist() == ["P", "Q", "R", "S", "T"]
    assert pairwise.frame.isna().to_numpy().sum() == 7
    assert mean.left_out == ("R", "S", "T")
    assert mean.frame.loc["Q"].tolist() == [5, 4, 4.5]
    assert (listwise.filled, pairwise.filled, mean.filled) == (0, 0, 1)


@pytest.mark.parametrize(
    ("items", "missing", "message"),
    [
        (["z"], "listwise", "item 'z'"),
        (["a"], "median", "missing: found 'median'"),
    ],
)
def test_a_bad_scale_is_named(items, missing, message):
    with pytest.raises(InputError, match=message):
        checked().score(items, missing)


def test_nobody_left_is_an_error():
    answers = check_answers(pd.DataFrame({"a": [1, None], "b": [None, 2]}), ["a", "b"], 1, 5)
    with pytest.raises(InputError, match="nobody answered enough"):
        answers.score(["a", "b"])
