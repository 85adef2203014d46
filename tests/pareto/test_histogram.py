import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.pareto import SHARES, Histogram, abc_classes, class_limits
from crmlib.pareto.histogram import ROUNDING, bucket_edges, bucket_of

finite = st.floats(-1e300, 1e300, allow_subnormal=True)


def by_sorting(values, shares, by="value"):
    falling = np.sort(values)[::-1]
    weights = np.maximum(falling, 0) if by == "value" else np.ones(len(falling))
    whole = math.fsum(weights)
    begins = [math.fsum(weights[:place]) / whole for place in range(len(falling))]
    limits = []
    for cut in np.cumsum(list(shares.values()))[:-1]:
        place = max(i for i, begin in enumerate(begins) if begin < cut - ROUNDING)
        limits.append(falling[place])
    return limits


@settings(max_examples=20)
@given(st.lists(finite, min_size=2, max_size=50))
def test_buckets_ascend_with_the_values(values):
    rising = np.sort(np.array(values))
    assert (np.diff(bucket_of(rising)) >= 0).all()
    above = rising[rising > 0]
    assert bucket_of(above, positive=True).tolist() == bucket_of(above).tolist()


@settings(max_examples=20)
@given(finite)
def test_a_value_lies_within_the_edges_of_its_bucket(value):
    low, high = bucket_edges(int(bucket_of(np.array([value]))[0]))
    assert low <= value < high or value == 0.0


@settings(max_examples=20)
@given(
    st.lists(st.integers(-5, 300), min_size=1, max_size=60), st.integers(0, 60), st.sampled_from(["value", "customers"])
)
def test_parts_add_up_to_the_whole(values, cut, by):
    whole = np.array(values, dtype=float)
    together, first, second = Histogram.of(whole), whole[:cut], whole[cut:]
    if len(first) and len(second):
        added = Histogram.of(first) + Histogram.of(second)
        for name in ("buckets", "customers", "totals"):
            assert getattr(added, name).tolist() == getattr(together, name).tolist()
    if by == "customers" or whole.max() > 0:
        parted = class_limits([first, second], SHARES["80/15/5"], by)
        assert parted.tolist() == class_limits([whole], SHARES["80/15/5"], by).tolist()


@pytest.mark.parametrize("by", ["value", "customers"])
@pytest.mark.parametrize("name", list(SHARES))
def test_more_values_than_a_block_give_the_limits_of_sorting(by, name):
    rng = np.random.default_rng(5)
    values = np.round(np.exp(rng.normal(4, 2, 100_000)), 2) - 1
    falling = np.sort(values)[::-1]
    weights = np.maximum(falling, 0) if by == "value" else np.ones(len(falling))
    starts = np.searchsorted(-falling, -falling, side="left")  # of equal values, the first
    begins = np.concatenate([[0.0], np.cumsum(weights)])[starts] / weights.sum()
    cuts = np.cumsum(list(SHARES[name].values()))[:-1]
    expected = [falling[np.flatnonzero(begins < cut - ROUNDING)[-1]] for cut in cuts]
    assert class_limits([values], SHARES[name], by).tolist() == expected


def test_adding_ten_thousand_tenths_does_not_drift():
    values = np.full(300_000, 0.1)
    total = Histogram.of(values).totals.sum()
    assert abs(total / math.fsum(values) - 1) < 1e-11
    assert abs(float(np.add.accumulate(values)[-1]) / math.fsum(values) - 1) > 1e-13, "plain addition does drift"


@settings(max_examples=20)
@given(st.lists(st.sampled_from([0.1, 0.2, 0.3, 0.7, 1 / 3]), min_size=1, max_size=30))
def test_sums_of_decimal_fractions_cut_where_exact_sums_do(values):
    limits = class_limits([np.array(values)], SHARES["70/20/10"])
    assert limits.tolist() == by_sorting(np.array(values), SHARES["70/20/10"])


def test_a_table_in_three_files_gives_the_classes_of_the_whole(tmp_path):
    rng = np.random.default_rng(8)
    values = rng.integers(0, 10_000, 5_000).astype(float)
    parts = []
    for place, part in enumerate(np.array_split(values, 3)):
        np.save(tmp_path / f"{place}.npy", part)
        parts.append(np.load(tmp_path / f"{place}.npy", mmap_mode="r"))
    limits = class_limits(parts, SHARES["80/15/5"])
    assert limits.tolist() == abc_classes(pd.Series(values), SHARES["80/15/5"]).limits.tolist()


@pytest.mark.parametrize("kind", [np.int32, np.float32, np.uint8])
def test_any_kind_of_number_gives_the_same_limits(kind):
    values = np.random.default_rng(2).integers(1, 200, 1000)
    limits = class_limits([values.astype(kind)[::2], values.astype(kind)[1::2]], SHARES["80/15/5"])
    assert limits.tolist() == class_limits([values.astype(float)], SHARES["80/15/5"]).tolist()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_are_refused(bad):
    with pytest.raises(InputError, match="not all finite"):
        Histogram.of(np.array([1.0, bad, 2.0]))


def test_no_customer_in_any_part_is_refused():
    with pytest.raises(InputError, match="found no customer"):
        class_limits([np.array([])], SHARES["80/15/5"])
