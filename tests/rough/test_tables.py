import pandas as pd
import pytest

from crmlib.errors import InputError
from crmlib.rough import decision_table, quality
from tests.rough.examples import FLU


def told(frame, *arguments):
    with pytest.raises(InputError) as caught:
        decision_table(frame, *arguments)
    return [problem.where for problem in caught.value.problems]


def test_all_bad_places_are_named():
    gaps = FLU.astype(object)
    gaps.loc["p2", "headache"] = gaps.loc["p4", "flu"] = None
    assert told(gaps, "flu") == ["row 'p2', column 'headache'", "row 'p4', column 'flu'"]
    assert told(gaps, "flu", "any") == ["row 'p4', column 'flu'"]
    assert told(pd.concat([FLU, FLU.head(1)]), "flu") == ["row 'p1'"]
    assert told(FLU[["flu", "headache", "headache"]], "flu") == ["column 'headache'"]
    assert told(FLU, "cold") == ["column 'cold'"]
    assert told(FLU[["flu"]], "flu") == ["the table"]
    assert told(FLU, "flu", "guess") == ["missing"]
    assert told(FLU.rename(columns={"headache": 3}), "flu") == ["column 3"]


def test_values_that_may_not_occur_are_named():
    frame = pd.DataFrame({"a": [0, 2, None], "d": [0, 1, 3]}, index=["x", "y", "z"])
    with pytest.raises(InputError) as caught:
        decision_table(frame, "d", "any", values=(0, 1))
    assert [problem.where for problem in caught.value.problems] == ["row 'y', column 'a'", "row 'z', column 'd'"]


def test_a_wrong_attribute_is_named():
    with pytest.raises(InputError, match="'cold': is no condition"):
        quality(decision_table(FLU, "flu"), ["cold"])


def test_a_table_tells_all_in_plain_types():
    frame = pd.DataFrame({"a": [1, None], "d": ["x", "y"]})
    told = decision_table(frame, "d", "any").to_dict()
    assert told == {"table": {0: {"a": 1.0, "d": "x"}, 1: {"a": None, "d": "y"}}, "decision": "d", "missing": "any"}
