import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from crmlib.errors import InputError
from crmlib.lifecycle.spans import churn_by_period, contract_spans, silence_spans, survival

MONTHS = pd.period_range("2026-01", periods=6, freq="M").astype(str)
PERIODS = pd.Index(MONTHS)
START = pd.Series({"A": "2026-01", "B": "2026-01", "C": "2026-02", "D": "2026-04"})
END = pd.Series({"A": "2026-03", "B": None, "C": "2026-06", "D": None})


def test_contracts_by_hand():
    spans = contract_spans(START, END, PERIODS)
    churn = churn_by_period(spans)
    assert churn["customers"].tolist() == [2, 3, 2, 3, 3]
    assert churn["lost"].tolist() == [0, 1, 0, 0, 1]
    assert churn["churn"].tolist() == [0, 1 / 3, 0, 0, 1 / 3]
    peer = stats.binomtest(1, 3).proportion_ci(method="wilson")
    assert churn.loc["2026-03", ["low", "high"]].tolist() == pytest.approx([peer.low, peer.high])
    assert (churn["churn"] + churn["retention"] == 1).all()
    assert spans.rule == "the contract ended"


def test_silence_by_hand():
    volumes = pd.DataFrame({"A": [1, 1, 0, 0, 0, 0], "B": [1, 0, 0, 0, 1, 0], "C": [0, 0, 1, 1, 0, 0], "D": [0] * 6}).T
    spans = silence_spans(volumes, silence=3)
    assert spans.table["start"].to_dict() == {"A": 0, "B": 0, "C": 2}
    assert spans.table["end"].fillna(-1).to_dict() == {"A": 2, "B": -1, "C": -1}
    assert spans.known == 4  # a customer silent since period 4 may yet come back
    assert churn_by_period(spans)["lost"].tolist() == [0, 1, 0]


def test_a_customer_of_whom_no_loss_could_be_known_yet_says_nothing():
    volumes = pd.DataFrame({"A": [1, 1, 0, 0, 0, 0], "late": [0, 0, 0, 0, 0, 1]}).T
    assert survival(silence_spans(volumes, silence=3))["customers"].tolist() == [1, 1, 1]


def test_survival_kaplan_meier_by_hand_and_by_scipy():
    spans = contract_spans(START, END, PERIODS)
    found = survival(spans)
    assert found["customers"].tolist() == [4, 4, 4, 2, 2, 1]
    assert found["lost"].tolist() == [0, 0, 1, 0, 1, 0]
    assert found["survival"].tolist() == pytest.approx([1, 1, 0.75, 0.75, 0.375, 0.375])


lives = st.lists(st.tuples(st.integers(0, 10), st.integers(1, 12), st.booleans()), min_size=2, max_size=40)


@given(lives)
def test_survival_agrees_with_scipy(rows):
    periods = pd.Index(range(12))
    start = pd.Series([row[0] for row in rows])
    end = pd.Series([min(first + length, 12) if left else 12 for first, length, left in rows])
    spans = contract_spans(start, end.where(end < 12), periods)
    found = survival(spans)
    ended = end < 12
    length = np.where(ended, end, 11) - start
    if not (ended.any() and ended.sum() < len(ended)):
        return
    peer = stats.ecdf(stats.CensoredData(length[ended.to_numpy()], right=length[~ended.to_numpy()])).sf
    np.testing.assert_allclose(found["survival"], peer.evaluate(found.index.to_numpy()), atol=1e-12)


def test_survival_interval_agrees_with_scipy():
    length, censored = np.array([2, 3, 3, 5, 8, 8]), np.array([4, 6, 9, 9])
    start = pd.Series(0, index=range(10))
    end = pd.Series([*length, *[None] * 4], dtype=float)
    periods = pd.Index(range(10))
    # Start late enough that each is last seen at the age at which it is censored.
    start.iloc[6:] = 9 - censored
    found = survival(contract_spans(start, end, periods))
    peer = stats.ecdf(stats.CensoredData(length, right=censored)).sf.confidence_interval(0.95, method="log-log")
    ages = [2, 3, 5, 8]
    np.testing.assert_allclose(found.loc[ages, "low"], peer.low.evaluate(np.array(ages)), rtol=1e-9)
    np.testing.assert_allclose(found.loc[ages, "high"], peer.high.evaluate(np.array(ages)), rtol=1e-9)
    assert found.loc[[0, 1], ["low", "high"]].isna().all(axis=None)


def test_constant_churn_is_recovered_within_its_intervals():
    rng = np.random.default_rng(5)
    start = pd.Series(rng.integers(0, 12, 4000))
    end = (start + rng.geometric(0.08, 4000)).where(lambda last: last < 24)
    spans = contract_spans(start, end, pd.Index(range(24)))
    churn = churn_by_period(spans)
    assert ((churn["low"] <= 0.08) & (churn["high"] >= 0.08)).mean() > 0.85
    curve = survival(spans)
    true = 0.92 ** curve.index.to_numpy()
    assert ((curve["low"] <= true) & (true <= curve["high"]))[1:].mean() > 0.85


@given(st.lists(st.lists(st.integers(0, 2), min_size=8, max_size=8), min_size=1, max_size=12), st.integers(1, 6))
@settings(max_examples=10)
def test_silent_customers_are_counted_once(rows, silence):
    volumes = pd.DataFrame(rows)
    spans = silence_spans(volumes, silence)
    if spans.table.empty:
        return
    churn = churn_by_period(spans)
    assert churn["lost"].sum() == spans.table["end"].notna().sum()
    steps = churn["customers"].diff().dropna()
    joined = [(spans.table["start"] == place).sum() for place in range(1, spans.known - 1)]
    assert steps.tolist() == [new - gone for new, gone in zip(joined, churn["lost"], strict=False)]


def test_nobody_lost_and_nobody_left():
    stay = contract_spans(pd.Series([0]), pd.Series([None]), pd.Index([0, 1, 2]))
    assert survival(stay)["survival"].tolist() == [1, 1, 1]
    assert survival(stay)["low"].isna().all()
    gone = contract_spans(pd.Series([0]), pd.Series([1]), pd.Index([0, 1, 2]))
    assert churn_by_period(gone)["churn"].tolist()[0] == 1
    assert churn_by_period(gone).loc[2, ["churn", "low", "high", "retention"]].isna().all()
    assert survival(gone)["survival"].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (START, END.replace("2026-03", "2026-01"), "customer 'A': start '2026-01', end '2026-01'"),
        (START.replace("2026-04", "2027-01"), END, "customer 'D': start '2027-01'"),
        (START, END.replace("2026-06", "2020-06"), "customer 'C': .*end '2020-06'"),
        (START, END.iloc[:3], "is in one of the two only"),
        (START.iloc[:0], END.iloc[:0], "start: there are none"),
    ],
)
def test_unusable_contracts(start, end, message):
    with pytest.raises(InputError, match=message):
        contract_spans(start, end, PERIODS)


def test_unusable_periods_and_rules():
    with pytest.raises(InputError, match="periods: none, not ascending"):
        contract_spans(START, END, PERIODS[::-1])
    for silence in (0, 3, True, 1.5):
        with pytest.raises(InputError, match="silence: found"):
            silence_spans(pd.DataFrame([[1, 0, 0]]), silence)
    with pytest.raises(InputError, match="customers: none"):
        survival(silence_spans(pd.DataFrame([[0, 0, 0]]), 1))
