"""Customers who move between states: Markov chains, migration, brand switching."""

from crmlib.clv.chains.market import Market, brand_market, share_path
from crmlib.clv.chains.markov import ChainValue, chain_value, expected_path
from crmlib.clv.chains.migration import (
    Migration,
    Remarketing,
    RemarketingChoices,
    best_remarketing,
    recency_migration,
    remarketing_choices,
)
from crmlib.clv.chains.stationary import StationaryDistribution, stationary_distribution
from crmlib.clv.chains.switches import Switches, history_switches, survey_switches
from crmlib.clv.chains.switching import BrandValues, SwitchingGains, brand_values, switching_gains
from crmlib.clv.chains.switching_estimate import SwitchingEstimate, estimate_switching

__all__ = [
    "BrandValues",
    "ChainValue",
    "Market",
    "Migration",
    "Remarketing",
    "RemarketingChoices",
    "StationaryDistribution",
    "Switches",
    "SwitchingEstimate",
    "SwitchingGains",
    "best_remarketing",
    "brand_market",
    "brand_values",
    "chain_value",
    "estimate_switching",
    "expected_path",
    "history_switches",
    "recency_migration",
    "remarketing_choices",
    "share_path",
    "stationary_distribution",
    "survey_switches",
    "switching_gains",
]
