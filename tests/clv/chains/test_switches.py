import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.clv.chains.switches import history_switches, survey_switches
from crmlib.errors import InputError

histories = st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("ABC")), min_size=3, max_size=12).map(
    lambda rows: pd.DataFrame([*rows, ("x", "A"), ("x", "A")], columns=["customer", "brand"])
)


@given(histories)
@settings(max_examples=10)
def test_every_step_from_purchase_to_purchase_is_counted(purchases):
    switches = history_switches(purchases, brands=["A", "B", "C"])
    expected = pd.DataFrame(0.0, index=list("ABC"), columns=list("ABC"))
    for _, own in purchases.groupby("customer"):
        for last, following in zip(own["brand"].iloc[:-1], own["brand"].iloc[1:], strict=True):
            expected.loc[last, following] += 1
    pd.testing.assert_frame_equal(switches.counts, expected)
    sizes = purchases["customer"].value_counts()
    assert (switches.customers, switches.without_step) == (len(sizes), (sizes == 1).sum())


@given(histories, st.randoms())
@settings(max_examples=10)
def test_the_order_column_decides_and_not_the_order_of_the_rows(purchases, random):
    dated = purchases.assign(day=range(len(purchases)))
    mixed = dated.sample(frac=1, random_state=random.randint(0, 999))
    assert history_switches(mixed, order="day").to_dict() == history_switches(purchases).to_dict()


@pytest.mark.parametrize(
    ("rows", "options", "said"),
    [
        ([("a", "A"), (None, "A")], {}, "row 1, column 'customer': is empty"),
        ([("a", "A"), ("a", float("nan"))], {}, "row 1, column 'brand': is empty"),
        ([("a", "A"), ("a", " ")], {}, "row 1, column 'brand': is empty"),
        ([("a", "A"), ("a", "Z")], {"brands": ["A", "B"]}, "row 1, column 'brand': found 'Z'. Give one of A, B"),
        ([("a", "A"), ("b", "B")], {}, "nobody bought twice"),
        ([], {}, "has no rows"),
        ([("a", "A")], {"brand": "product"}, "column 'product': is missing"),
        ([("a", "A"), ("a", "B")], {"order": "customer"}, "customer 'a' has two purchases at 'a'"),
    ],
)
def test_every_bad_purchase_is_named(rows, options, said):
    with pytest.raises(InputError) as raised:
        history_switches(pd.DataFrame(rows, columns=["customer", "brand"]), **options)
    assert said in str(raised.value)


def test_dates_as_text_beside_dates_are_refused():
    mixed = pd.DataFrame({"customer": ["a", "a"], "brand": ["A", "B"], "day": [pd.Timestamp("2026-01-01"), "1/2/2026"]})
    with pytest.raises(InputError, match="column 'day': holds several kinds of values"):
        history_switches(mixed, order="day")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"A": [0.9, 1]}, "answer 0: sums to 0.9"),
        ({"A": [1.5, 1], "B": [-0.5, 0]}, "answer 0, column 'B': found -0.5"),
        ({"last": ["C", "B"]}, "answer 0, column 'last': found 'C'. Give one of A, B"),
        ({"w": [0, 1]}, "weight of 0: found 0"),
        ({"w": [float("nan"), 1]}, "weight of 0: found nan"),
    ],
)
def test_every_bad_answer_is_named(changes, said):
    survey = pd.DataFrame({"last": ["A", "B"], "A": [1.0, 1.0], "B": [0.0, 0.0], "w": [1.0, 1.0]}).assign(**changes)
    with pytest.raises(InputError) as raised:
        survey_switches(survey, weight="w")
    assert said in str(raised.value)
    with pytest.raises(InputError, match="column 'weight': is missing"):
        survey_switches(survey, weight="weight")
