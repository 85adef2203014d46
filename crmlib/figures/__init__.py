"""Figures of results, drawn once and legible in light and dark theme, on paper and on a phone."""

from crmlib.figures.lifetime import cash_flows, curves, horizon_shares
from crmlib.figures.values import bars, profiles, quadrants, ratios
from crmlib.figures.weights import criteria_tree, rank_acceptability, tornado, weight_sensitivity

__all__ = [
    "bars",
    "cash_flows",
    "criteria_tree",
    "curves",
    "horizon_shares",
    "profiles",
    "quadrants",
    "rank_acceptability",
    "ratios",
    "tornado",
    "weight_sensitivity",
]
