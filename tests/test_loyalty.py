import itertools

import pandas as pd
import pytest

from crmlib.errors import InputError
from crmlib.grids import GRIDS
from crmlib.loyalty import LOYALTY_KINDS, loyalty_kinds
from crmlib.matrix import value_matrix

ALL = pd.DataFrame(
    list(itertools.product(["high", "low"], ["high", "low"], [*LOYALTY_KINDS["reason"].unique(), None])),
    columns=["attachment_level", "repeat_purchase_level", "reason"],
)


def kinds(reading):
    return ALL.assign(kind=loyalty_kinds(ALL, reading))


def test_the_usual_reading_agrees_with_the_declared_levels():
    found = kinds("usual")
    named = found[found["kind"].isin(LOYALTY_KINDS.index)]
    assert set(named["kind"]) == set(LOYALTY_KINDS.index)
    declared = LOYALTY_KINDS.loc[named["kind"]].reset_index()
    assert named["attachment_level"].tolist() == declared["attachment"].tolist()
    assert named["repeat_purchase_level"].tolist() == declared["repeat_purchase"].tolist()


def test_the_readings_differ_in_latent_loyalty_only():
    usual, printed = kinds("usual"), kinds("printed")
    few = ALL["repeat_purchase_level"] == "low"
    assert usual[~few].equals(printed[~few])
    latent = {name: set(found.loc[found["kind"] == "latent", "attachment_level"]) for name, found in
              (("usual", usual), ("printed", printed))}  # fmt: skip
    assert latent == {"usual": {"high"}, "printed": {"low"}}
    assert (printed.loc[few & (ALL["attachment_level"] == "high"), "kind"] == "none").all()


def test_the_reason_tells_the_spurious_kinds_apart():
    found = kinds("usual").query("attachment_level == 'low' and repeat_purchase_level == 'high'")
    by_reason = found.fillna({"reason": ""}).groupby("reason")["kind"].first()
    assert by_reason["habit"] == "inertia"
    assert by_reason["no other seller"] == "monopoly"
    assert by_reason["near at hand"] == "convenience"
    assert by_reason["rewards"] == "incentive"
    assert by_reason["price"] == by_reason[""] == "unknown reason"


def test_levels_come_from_the_grid():
    scores = pd.DataFrame({"attachment": [5.0, 1.0], "repeat_purchase": [9.0, 1.0]}, index=["A", "B"])
    placed = value_matrix(scores, GRIDS["attachment_repeat"].quadrants).table.assign(reason=["", "price"])
    assert loyalty_kinds(placed).to_dict() == {"A": "premium", "B": "price"}


@pytest.mark.parametrize(
    ("customers", "reading", "message"),
    [
        (ALL.drop(columns="reason"), "usual", "column 'reason': is missing"),
        (ALL.replace("habit", "whim"), "usual", "reason of 1: found 'whim'"),
        (ALL.replace("low", "medium"), "usual", "attachment_level of 14: found 'medium'"),
        (ALL, "other", "reading: found 'other'"),
    ],
)
def test_bad_input_is_named(customers, reading, message):
    with pytest.raises(InputError, match=message):
        loyalty_kinds(customers, reading)
