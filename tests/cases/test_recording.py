import numpy as np
import pandas as pd
import pytest

from crmlib.cases import record


@pytest.fixture
def published(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.publish_display_data", lambda data, metadata: shown.append((data, metadata)))
    return shown


@pytest.mark.parametrize(
    ("value", "plain"),
    [(np.float64(0.25), 0.25), (np.int64(3), 3), (np.str_("high"), "high"), (1, 1), ("a", "a"), (np.bool_(True), True)],
)
def test_values_become_plain_python(published, value, plain):
    record("name", value)
    ((data, metadata),) = published
    recorded = metadata["crmlib"]["value"]
    assert recorded == plain
    assert type(recorded) in (bool, int, float, str)
    assert data == {"application/papermill.record/text/plain": repr(plain)}


def test_a_series_is_recorded_by_label(published):
    record("weight", pd.Series({"a": 0.5, "b": 0.5}))
    assert [metadata["scrapbook"]["name"] for _, metadata in published] == ["weight.a", "weight.b"]


@pytest.mark.parametrize(("value", "error"), [(float("nan"), ValueError), (None, TypeError), ([1], TypeError)])
def test_what_is_no_value_is_refused(published, value, error):
    with pytest.raises(error, match="name"):
        record("name", value)
