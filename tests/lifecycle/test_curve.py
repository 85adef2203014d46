import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.lifecycle.curve import Gain, LifecycleCurve

GAINS = {"prices": Gain(1.0, 14), "referrals": Gain(1.5, 30), "lower costs": Gain(1.5, 10)}
CURVE = LifecycleCurve(100, 0.15, 9, 1.8, 32, 1.2, 2.0, GAINS, 40.0)


@st.composite
def curves(draw):
    number = st.floats
    rise_scale = draw(number(0.5, 4))
    fall_scale = draw(number(0.2, 1)) * rise_scale
    rise = 2.2 * rise_scale + draw(number(0.1, 10))
    fall = rise + 2.2 * (rise_scale + fall_scale) + draw(number(0.1, 30))
    gains = {str(place): Gain(draw(number(0.01, 5)), draw(number(1, 40))) for place in range(draw(st.integers(1, 3)))}
    return LifecycleCurve(
        draw(number(1, 1000)), draw(number(0, 0.9)), rise, rise_scale, fall, fall_scale,
        draw(number(0, 5)), gains, draw(number(0, 100)),
    )  # fmt: skip


def ages(curve, count=4001):
    return np.linspace(0, curve.fall + 6 * curve.fall_scale, count)


@given(curves())
@settings(max_examples=10)
def test_volume_rises_to_one_peak_and_falls(curve):
    t = ages(curve)
    steps = np.diff(curve.volume(t))
    rising = t[1:] < curve.peaks["volume"] - 1e-3
    falling = t[:-1] > curve.peaks["volume"] + 1e-3
    rounding = 1e-12 * curve.ceiling
    assert (steps[rising] > -rounding).all()
    assert (steps[falling] < rounding).all()


@given(curves())
@settings(max_examples=10)
def test_profit_grows_faster_than_volume_while_volume_rises(curve):
    t = ages(curve)[1:]
    t = t[t < curve.peaks["volume"] - 1e-3]
    volume, profit = curve.volume(t), curve.profit(t)
    pairs = np.flatnonzero((profit[:-1] > 1e-6 * curve.ceiling) & (np.diff(volume) > 0))
    growth_of_volume = np.log(volume[pairs + 1] / volume[pairs])
    growth_of_profit = np.log(profit[pairs + 1] / profit[pairs])
    assert (growth_of_profit > growth_of_volume - 1e-12).all()


@given(curves())
@settings(max_examples=10)
def test_profit_peaks_after_volume(curve):
    peak, gains = curve.peaks["volume"], curve.gains.values()
    unit = curve.margin + sum(gain.amount * -np.expm1(-peak / gain.lag) for gain in gains)
    # Where a unit earns more by less than this share, the peaks may round to one age.
    if sum(gain.amount / gain.lag * np.exp(-peak / gain.lag) for gain in gains) > 1e-10 * unit:
        assert curve.peaks["profit"] > peak
    before = np.linspace(0, curve.peaks["volume"], 500)
    assert (np.diff(curve.profit(before)) > -1e-9 * curve.ceiling).all()


@given(curves())
def test_volume_is_close_to_its_largest_when_stability_starts_and_ends(curve):
    largest = curve.volume(curve.peaks["volume"])
    edges = curve.volume(curve.starts[["stability", "decline"]].to_numpy())
    assert (edges >= 0.81 * largest).all()


def test_without_gains_profit_peaks_with_volume():
    plain = LifecycleCurve(100, 0.15, 9, 1.8, 32, 1.2, 2.0, {}, 40.0)
    assert plain.peaks["profit"] == pytest.approx(plain.peaks["volume"], abs=1e-4)


def test_the_peaks_are_exact_where_the_curve_is_flat():
    flat = LifecycleCurve(1.0, 0.0, 4.9, 2.0, 26.4, 0.5, 0.0, {"prices": Gain(1.0, 1.0)}, 3.0)
    # Roots of the derivatives with fifty digits (mpmath).
    assert flat.peaks["volume"] == pytest.approx(21.54540938081995, rel=1e-14)
    assert flat.peaks["profit"] == pytest.approx(21.54541082855434, rel=1e-14)


@given(curves())
def test_nothing_is_above_the_peaks(curve):
    t = ages(curve)
    for name, function in (("volume", curve.volume), ("profit", curve.profit)):
        highest = function(np.array([curve.peaks[name]]))[0]
        assert (function(t) <= highest + 1e-12 * (curve.ceiling * 20 + curve.upkeep)).all()


def test_the_picture_of_the_source():
    starts, peaks = CURVE.starts, CURVE.peaks
    assert CURVE.profit(np.array([0.0]))[0] < 0  # the firm invests, the customer brings little
    assert CURVE.volume(starts["stability"]) > 0.9 * CURVE.volume(peaks["volume"])
    assert starts["stability"] < peaks["volume"] < peaks["profit"] < starts["decline"]
    third = starts["decline"] - starts["stability"]
    assert peaks["profit"] > starts["stability"] + 0.75 * third  # late in the third stage


def test_stages_start_where_a_tenth_of_the_rise_or_fall_is_done():
    logistic = 1 / (1 + np.exp(-(CURVE.starts["formation"] - 9) / 1.8))
    assert logistic == pytest.approx(0.1)
    assert CURVE.starts["stability"] - 9 == pytest.approx(9 - CURVE.starts["formation"])
    fallen = 1 / (1 + np.exp(-(CURVE.starts["decline"] - 32) / 1.2))
    assert fallen == pytest.approx(0.1)
    assert CURVE.stage(CURVE.starts.to_numpy()).tolist() == ["exploration", "formation", "stability", "decline"]
    assert CURVE.stage(np.array([CURVE.starts["decline"] - 1e-9])).tolist() == ["stability"]


def test_the_parts_add_up_to_the_profit():
    t = np.array([0.0, 10.0, 31.0])
    parts = CURVE.profit_parts(t)
    np.testing.assert_allclose(parts.sum(axis=1), CURVE.profit(t))
    by_hand = 2 + 1 - np.exp(-10 / 14) + 1.5 * (1 - np.exp(-10 / 30)) + 1.5 * (1 - np.exp(-1.0))
    assert CURVE.profit(t)[1] == pytest.approx(CURVE.volume(10.0) * by_hand - 40)
    frame = CURVE.to_frame(36)
    assert frame["profit"].iloc[10] == pytest.approx(CURVE.profit(t)[1])
    assert list(frame["stage"].unique()) == ["exploration", "formation", "stability", "decline"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ceiling": 0}, "ceiling: found 0"),
        ({"ceiling": float("inf")}, "ceiling: found inf"),
        ({"margin": -1}, "margin: found -1"),
        ({"trial": 1.0}, "trial: found 1.0"),
        ({"rise_scale": 0}, "rise_scale: found 0"),
        ({"fall_scale": 2.5}, "fall_scale: found 2.5, above rise_scale"),
        ({"rise": 3}, "rise and fall: stages would start"),
        ({"fall": 14}, "rise and fall: stages would start"),
        ({"gains": {"prices": 5}}, "gains, 'prices': found 5"),
        ({"upkeep": float("nan")}, "upkeep: found nan"),
    ],
)
def test_impossible_curves(changes, message):
    with pytest.raises(InputError, match=message):
        LifecycleCurve(**(vars(CURVE) | changes))


def test_impossible_gains():
    with pytest.raises(InputError, match="amount: found -1"):
        Gain(-1, 5)
    with pytest.raises(InputError, match="lag: found 0"):
        Gain(1, 0)
