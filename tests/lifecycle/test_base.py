import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.lifecycle.base import STATES, BaseRules, base_states

VOLUMES = pd.DataFrame(
    {"A": [0, 2, 1, 0, 3, 0, 0, 0], "B": [1, 0, 0, 0, 0, 4, 0, 0], "C": [0] * 8, "D": [1, 1, 1, 1, 1, 1, 1, 1]}
).T


def test_states_by_hand():
    found = base_states(VOLUMES, BaseRules(loyal_from=3, silence=3))
    assert found.states.loc["A"].tolist() == ["prospect", *["new"] * 3, *["loyal"] * 3, "lost"]
    assert found.states.loc["B"].tolist() == ["new"] * 3 + ["lost"] * 2 + ["new"] * 3
    assert set(found.states.loc["C"]) == {"prospect"}
    assert found.states.loc["D"].tolist() == ["new"] * 2 + ["loyal"] * 6
    assert found.came_back == 1
    assert found.to_frame().loc[7].to_dict() == {"prospect": 1, "new": 1, "loyal": 1, "lost": 1}
    assert found.to_dict()["rules"] == {"loyal_from": 3, "silence": 3}


@given(st.lists(st.lists(st.integers(0, 2), min_size=6, max_size=6), min_size=1, max_size=5), st.integers(1, 5))
@settings(max_examples=10)
def test_a_state_never_knows_the_future(rows, periods):
    volumes = pd.DataFrame(rows)
    found = base_states(volumes).states
    assert found.isin(STATES).all(axis=None)
    pd.testing.assert_frame_equal(base_states(volumes.iloc[:, :periods]).states, found.iloc[:, :periods])


def test_rules_and_cells_that_make_no_sense():
    with pytest.raises(InputError, match=r"loyal_from: found 1(.|\n)*silence: found 0"):
        BaseRules(loyal_from=1, silence=0)
    with pytest.raises(InputError, match="customer 'A', period 0: found -1"):
        base_states(VOLUMES.replace({0: -1}))
