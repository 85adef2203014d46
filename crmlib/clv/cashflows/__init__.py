"""Money by the calendar: cash flows, retention, spending on customers, equity."""

from crmlib.clv.cashflows.discounting import INTERPOLATIONS, TIMINGS, CashFlows, annuity_factor, discounted_cash_flows
from crmlib.clv.cashflows.equity import CustomerEquity, customer_equity, referral_value
from crmlib.clv.cashflows.retention import (
    FIRST_MARGINS,
    continuous_value,
    expected_margins,
    margin_multiple,
    profit_curve,
    purchase_cycle_value,
    share_within,
)
from crmlib.clv.cashflows.spending import Response, SpendingOptimum, best_spending, customer_value

__all__ = [
    "FIRST_MARGINS",
    "INTERPOLATIONS",
    "TIMINGS",
    "CashFlows",
    "CustomerEquity",
    "Response",
    "SpendingOptimum",
    "annuity_factor",
    "best_spending",
    "continuous_value",
    "customer_equity",
    "customer_value",
    "discounted_cash_flows",
    "expected_margins",
    "margin_multiple",
    "profit_curve",
    "purchase_cycle_value",
    "referral_value",
    "share_within",
]
