"""Figures of results, drawn once and legible in light and dark theme, on paper and on a phone."""

from crmlib.extras import extra

with extra("figures"):
    from crmlib.figures.chains import chain_diagram, heat_map, remarketing_values, shares_over_time
    from crmlib.figures.concentration import lorenz, migration_matrix, pareto_chart, tier_shares
    from crmlib.figures.lifecycle import bands, forest, funnel, intervals, lifecycle_curve
    from crmlib.figures.lifetime import cash_flows, curves, horizon_shares
    from crmlib.figures.purchases import alive_map, crowd, forecasts, frequencies, tracking_lines
    from crmlib.figures.survey import answer_bars, group_differences
    from crmlib.figures.trees import decision_tree
    from crmlib.figures.values import bars, profiles, quadrants, ratios
    from crmlib.figures.weights import criteria_tree, rank_acceptability, tornado, weight_sensitivity

__all__ = [
    "alive_map",
    "answer_bars",
    "bands",
    "bars",
    "cash_flows",
    "chain_diagram",
    "criteria_tree",
    "crowd",
    "curves",
    "decision_tree",
    "forecasts",
    "forest",
    "frequencies",
    "funnel",
    "group_differences",
    "heat_map",
    "horizon_shares",
    "intervals",
    "lifecycle_curve",
    "lorenz",
    "migration_matrix",
    "pareto_chart",
    "profiles",
    "quadrants",
    "rank_acceptability",
    "ratios",
    "remarketing_values",
    "shares_over_time",
    "tier_shares",
    "tornado",
    "tracking_lines",
    "weight_sensitivity",
]
