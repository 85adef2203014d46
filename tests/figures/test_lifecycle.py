import pandas as pd
import pytest

from crmlib.figures import lifecycle
from crmlib.lifecycle.churn import observe, shared_features
from crmlib.lifecycle.curve import Gain, LifecycleCurve

CURVE = LifecycleCurve(100, 0.15, 9, 1.8, 32, 1.2, 2.0, {"prices": Gain(1.0, 14)}, 40.0)
SHARES = pd.DataFrame({"share": [0.2, 0.4], "low": [0.1, 0.3], "high": [0.3, 0.5]}, index=["Fair", "<Web>"])

MONTHLY = SHARES.set_axis(pd.period_range("2025-01", periods=2, freq="M"))


def shared():
    features = pd.DataFrame({"complaints": [4, 3, 3, 0, 0, 1], "plan": list("aabbab")})
    left = pd.Series([5, 5, 5, None, None, None])
    return shared_features(observe(features, {"complaints": 0, "plan": 0}, left, cutoff=0, until=9))


FIGURES = {
    "curve": (
        lambda alt: lifecycle.lifecycle_curve(CURVE, "Months", ("Volume", "Profit"), alt=alt),
        ["Exploration", "Formation", "Stability", "Decline", "Volume", "Profit", "Months"],
    ),
    "bands": (
        lambda alt: lifecycle.bands({"All": MONTHLY, "New": MONTHLY}, "share", ("Month", "Churn"), alt=alt),
        ["Month", "Churn", "All", "New", "40%", "2025-01"],
    ),
    "steps": (
        lambda alt: lifecycle.bands({"All": SHARES.reset_index()}, "share", ("Age", "Here"), step=True, alt=alt),
        ["Age", "Here"],
    ),
    "intervals": (
        lambda alt: lifecycle.intervals(SHARES, "share", "Conversion rate", alt=alt),
        ["Fair", "&lt;Web&gt;", "20%", "Conversion rate"],
    ),
    "funnel": (
        lambda alt: lifecycle.funnel(
            pd.DataFrame({"Reached": [1000, 400], "Customers": [50, 100]}, index=["Fair", "Web"]), "Prospects", alt=alt
        ),
        ["Fair", "Web", "1,000  (100%)", "50  (5%)", "100  (25%)"],
    ),
    "forest": (
        lambda alt: lifecycle.forest(shared(), {"complaints": "Complaints", "plan": "Plan"}, alt=alt),
        ["Complaints", "Plan: a", "Cliff's delta", "Risk ratio"],
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_says_what_it_shows(name):
    draw, texts = FIGURES[name]
    figure = draw("What the reader should see.")
    assert figure.alt == "What the reader should see."
    for text in texts:
        assert text in figure.svg, text
    assert "nan" not in figure.svg
    assert draw("What the reader should see.").svg == figure.svg
    with pytest.raises(ValueError, match="text alternative"):
        draw(" ")


def test_a_forest_of_numbers_only_has_one_panel():
    features = pd.DataFrame({"complaints": [4, 3, 3, 0, 0, 1]})
    left = pd.Series([5, 5, 5, None, None, None])
    only = shared_features(observe(features, {"complaints": 0}, left, cutoff=0, until=9))
    assert "Risk ratio" not in lifecycle.forest(only, {"complaints": "Complaints"}, alt="One panel.").svg
