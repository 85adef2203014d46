import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.pareto import BASE, customer_base, pyramid

answers = st.lists(st.tuples(*[st.booleans()] * 4), min_size=1, max_size=20)


@given(answers)
def test_everybody_is_in_the_first_group_whose_fact_holds(rows):
    facts = pd.DataFrame(rows, columns=list(BASE.values()))
    base = customer_base(facts)
    for person, row in enumerate(rows):
        expected = next((group for group, holds in zip(BASE, row, strict=True) if holds), "rest")
        assert base[person] == expected


def test_the_tiers_are_those_of_the_active_only():
    base = pd.Series(["active"] * 200 + ["inactive"] * 50, index=[f"c{i}" for i in range(250)])
    revenue = pd.Series(np.arange(250.0), index=base.index)
    result = pyramid(base, revenue)
    assert result.to_frame()["customers"].to_dict() == {"top": 2, "upper": 8, "middle": 30, "small": 160}
    assert result.tiers.classes["c199"] == "top"
    assert "c200" not in result.tiers.classes
    assert result.to_dict()["base"]["c249"] == "inactive"


def test_missing_facts_and_doubtful_answers_are_named():
    facts = pd.DataFrame({"bought": [True, None, 1], "asked": ["yes", True, False]}, index=["p", "q", "r"])
    with pytest.raises(InputError) as caught:
        customer_base(facts, {"customer": "bought", "prospect": "asked", "lead": "seen"})
    assert [problem.where for problem in caught.value.problems] == [
        "fact 'seen'",
        "customer 'q', fact 'bought'",
        "customer 'r', fact 'bought'",
        "customer 'p', fact 'asked'",
    ]


def test_active_customers_without_revenue_are_named():
    base = pd.Series(["active", "active", "prospect"], index=["p", "q", "r"])
    with pytest.raises(InputError, match="customer 'q': is missing"):
        pyramid(base, pd.Series({"p": 3.0, "r": 1.0}))


def test_a_base_without_active_customers_has_no_pyramid():
    with pytest.raises(InputError, match="nobody is 'active'"):
        pyramid(pd.Series(["rest"]), pd.Series([1.0]))
