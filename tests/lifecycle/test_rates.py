import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crmlib.errors import InputError
from crmlib.lifecycle.rates import conversion, reason_shares

CHANNELS = pd.DataFrame(
    {"prospects": [400, 250, 120, 80], "customers": [22, 30, 31, 5]}, index=["fair", "telephone", "referral", "web"]
)


def test_newcombe_1998_difference_method_10():
    pair = pd.DataFrame({"prospects": [80, 70], "customers": [48, 56]}, index=["first", "second"])
    found = conversion(pair).pairs.loc[0]
    assert (round(found["difference"], 4), round(found["low"], 4), round(found["high"], 4)) == (0.2, 0.0524, 0.3339)


def test_channels_are_compared():
    found = conversion(CHANNELS)
    peer = stats.chi2_contingency(
        np.column_stack([CHANNELS["customers"], CHANNELS["prospects"] - CHANNELS["customers"]]), correction=False
    )
    assert found.statistic == pytest.approx(peer.statistic)
    assert found.p_value == pytest.approx(peer.pvalue)
    assert found.smallest_expected == pytest.approx(peer.expected_freq.min())
    assert len(found.pairs) == 6
    best = found.pairs.set_index(["first", "second"]).loc[("fair", "referral")]
    assert best["difference"] == pytest.approx(31 / 120 - 22 / 400)
    assert best["low"] > 0
    assert best["p_value"] == pytest.approx(stats.fisher_exact([[22, 378], [31, 89]]).pvalue)
    assert best["p_adjusted"] == pytest.approx(6 * best["p_value"])  # the smallest of six
    assert found.to_dict()["channels"]["web"]["rate"] == 5 / 80
    assert found.to_frame() is found.table


def test_one_channel_and_channels_without_customers():
    assert conversion(CHANNELS.iloc[:1]).p_value == 1
    assert conversion(CHANNELS.iloc[:1]).pairs.empty
    nobody = conversion(CHANNELS.assign(customers=0))
    assert (nobody.statistic, nobody.p_value) == (0, 1)
    assert nobody.table["high"].gt(0).all()


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        (CHANNELS.iloc[:0], "counts: there are none"),
        (CHANNELS[["prospects"]], "column 'customers': is missing"),
        (CHANNELS.assign(customers=[401, 0, 0, 0]), "channel 'fair': found 401 customers of 400 prospects"),
        (CHANNELS.assign(customers=[-1, 0, 0, 0]), "channel 'fair', column 'customers': found -1"),
        (CHANNELS.assign(customers=[0, 2.5, 0, 0]), "channel 'telephone', column 'customers': found 2.5"),
        (CHANNELS.assign(prospects=[0, 50, 31, 6], customers=0), "channel 'fair', column 'prospects': found 0"),
        (CHANNELS.assign(customers=["many", None, 1, 1]), "channel 'fair'.*\n.*channel 'telephone'"),
        (pd.concat([CHANNELS, CHANNELS.iloc[:1]]), "channel 'fair': given more than once"),
    ],
)
def test_unusable_counts(counts, message):
    with pytest.raises(InputError, match=message):
        conversion(counts)


def test_a_level_that_is_no_share():
    with pytest.raises(InputError, match="level: found 95"):
        conversion(CHANNELS, level=95)


def test_reasons_with_gaps_stay_in_the_count():
    found = reason_shares(pd.Series(["price", pd.NA, "price", "service", None, "price"]))
    assert found["customers"].to_dict() == {"price": 3, "not stated": 2, "service": 1}
    assert found["share"].sum() == pytest.approx(1)
    peer = stats.binomtest(3, 6).proportion_ci(method="wilson")
    assert found.loc["price", ["low", "high"]].tolist() == pytest.approx([peer.low, peer.high])
    with pytest.raises(InputError, match="reasons: there are none"):
        reason_shares(pd.Series(dtype=object))
