"""Figures of results, drawn once and legible in light and dark theme, on paper and on a phone."""

from crmlib.figures.values import bars, profiles, quadrants, ratios
from crmlib.figures.weights import criteria_tree, rank_acceptability, tornado, weight_sensitivity

__all__ = [
    "bars",
    "criteria_tree",
    "profiles",
    "quadrants",
    "rank_acceptability",
    "ratios",
    "tornado",
    "weight_sensitivity",
]
