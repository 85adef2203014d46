import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from crmlib.differences import cliffs_delta, holm


def test_holm_by_hand():
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm(np.array([0.9, 0.8])).tolist() == [1.0, 1.0]
    assert holm(np.array([])).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_never_lowers_a_p_value_and_keeps_the_order(p):
    p = np.array(p)
    adjusted = holm(p)
    assert (adjusted >= p).all()
    assert (adjusted <= np.minimum(p * len(p), 1) + 1e-15).all() or len(p) > 1
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0).all()
    assert adjusted.min() == pytest.approx(min(p.min() * len(p), 1))


def brute_delta(first, second):
    signs = np.sign(first[:, None] - second[None]).astype(float)
    m, n = signs.shape
    d = signs.mean()
    spread = n**2 * ((signs.mean(1) - d) ** 2).sum() + m**2 * ((signs.mean(0) - d) ** 2).sum()
    return d, (spread - ((signs - d) ** 2).sum()) / (m * n * (m - 1) * (n - 1))


values = st.lists(st.integers(0, 6), min_size=2, max_size=12)


@given(values, values)
def test_cliff_1993_delta_and_interval(first, second):
    first, second = np.array(first), np.array(second)
    delta, low, high = cliffs_delta(first, second)
    d, variance = brute_delta(first, second)
    assert delta == pytest.approx(d)
    assert -1 <= low <= delta <= high <= 1 or abs(delta) == 1
    u = stats.mannwhitneyu(first, second).statistic if np.ptp([*first, *second]) else len(first) * len(second) / 2
    assert (1 + delta) / 2 == pytest.approx(u / len(first) / len(second))
    if abs(delta) < 1:
        variance = max(variance, (1 - d**2) / (len(first) * len(second) - 1))
        z2 = stats.t.ppf(0.975, len(first) + len(second) - 2) ** 2
        half = np.sqrt(z2 * variance * ((1 - d**2) ** 2 + z2 * variance))
        assert high == pytest.approx((d - d**3 + half) / (1 - d**2 + z2 * variance))
    turned = cliffs_delta(second, first)
    assert turned == pytest.approx((-delta, -high, -low))


def test_cliffs_interval_covers_the_truth():
    rng = np.random.default_rng(3)
    true = 2 * stats.norm.cdf(0.5 / np.sqrt(2)) - 1
    ends = np.array([cliffs_delta(rng.normal(0.5, 1, 25), rng.normal(0, 1, 40))[1:] for _ in range(400)])
    covered = ((ends[:, 0] <= true) & (true <= ends[:, 1])).mean()
    assert 0.92 < covered < 0.98


def test_effsize_documented_example():
    """Torchiano's package effsize prints delta −0.25 with −0.7265846 and 0.3890062 for its first example."""
    treatment = np.array([10, 10, 20, 20, 20, 30, 30, 30, 40, 50])
    control = np.array([10, 20, 30, 40, 40, 50])
    assert cliffs_delta(treatment, control) == pytest.approx((-0.25, -0.7265846, 0.3890062), abs=5e-8)
