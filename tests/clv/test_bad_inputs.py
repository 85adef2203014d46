"""Every public function of `crmlib.clv` against bad inputs: an InputError that names the place, or a stated meaning."""

import inspect

import numpy as np
import pandas as pd
import pytest

from crmlib import clv
from crmlib.transactions import CustomerSummary, calibration_holdout, transaction_log
from tests.refusals import BAD, assert_refused, changed

NAMES = ["Ann", "Bo", "Cy"]


def series(*values):
    return pd.Series(values, index=NAMES)


def frame(**columns):
    return pd.DataFrame(columns, index=NAMES)


SUMMARY = CustomerSummary(
    frame(frequency=[2, 0, 5], recency=[3.0, 0.0, 8.0], T=[9.0, 9.0, 9.0], monetary_value=[20.0, np.nan, 30.0]), "week"
)
PAID = CustomerSummary(SUMMARY.customers[["frequency", "monetary_value"]], "week")
YEARS = CustomerSummary(frame(frequency=[2, 0, 5], recency=[3, 0, 8], T=[9, 9, 9]), "year")
ORDERS = pd.DataFrame({"customer": [*NAMES, "Ann"], "amount": 5.0})
ORDERS["date"] = pd.to_datetime(["2019-01-01", "2019-01-03", "2019-01-09", "2019-02-01"])
LOG = transaction_log(ORDERS, end="2019-02-28")
HALVES = calibration_holdout(LOG, "2019-01-20")
BG, PARETO = clv.BgNbd(0.24, 4.4, 0.8, 2.4, "week"), clv.ParetoNbd(0.55, 10.6, 0.6, 11.7, "week")
BB, SPEND, SBG = (
    clv.BgBb(1.2, 0.75, 0.66, 2.8, "year"),
    clv.GammaGamma(6.25, 3.74, 15.4),
    clv.ShiftedBetaGeometric(0.7, 1.2),
)
FIT = clv.fit_bg_nbd(BG.simulate(np.full(500, 40.0), seed=1))
FIT_CELLS = clv.purchase_cells(BG.simulate(np.full(500, 40.0), seed=1))
STATES = pd.DataFrame([[0.7, 0.2, 0.1], [0.3, 0.6, 0.1], [0.2, 0.2, 0.6]], index=list("ABC"), columns=list("ABC"))
AMOUNTS = pd.Series([5.0, 2.0, -1.0], index=list("ABC"))
SHARES = pd.DataFrame([[0.5, 0.3, 0.2], [0.2, 0.2, 0.6]], index=["homes", "offices"], columns=list("ABC"))
FACTS = pd.DataFrame(
    {"customers": [10, 20], "purchases_per_year": [4, 6], "volume": [2, 1]}, index=["homes", "offices"]
)
TRADE = clv.brand_market(SHARES, STATES, AMOUNTS, FACTS)
CHAIN = clv.recency_migration([0.3, 0.2], 40, 4)
PURCHASES = pd.DataFrame({"customer": ["Ann", "Ann", "Ann", "Bo"], "brand": ["A", "B", "A", "B"], "day": [1, 2, 3, 1]})
SURVEY = pd.DataFrame({"last": ["A", "B", "B"], "A": [1.0, 0.5, 0.2], "B": [0.0, 0.5, 0.8], "weight": [1.0, 2.0, 3.0]})
SWITCHES = clv.history_switches(PURCHASES)
RESPONSE = clv.Response(0.4, 0.08)
PROFITS = pd.DataFrame({1: [50.0, 10.0, 5.0], 2: [60.5, 10.0, 4.0]}, index=NAMES)
TERMS = {"discount_rate": 0.1, "margin": 0.3, "horizon": 6, "period": "month", "timing": "end"}
BASE = frame(margin=[100.0, 40.0, 30.0], retention=[0.8, 0.5, 0.4], discount_rate=[0.1, 0.1, 0.1], cost=[1.0, 0.0, 0.0])
BROUGHT = frame(
    referrer=["A", "A", "B"], value=[9.0, 8.0, 7.0], anyway=[0.0, 1.0, 0.5], years=[0, 1, 1], reward=[1, 1, 1]
)

CALLS = {
    "BgNbd": (clv.BgNbd, {"r": 0.2, "alpha": 4.4, "a": 0.8, "b": 2.4, "unit": "week"}),
    "MbgNbd": (clv.MbgNbd, {"r": 0.2, "alpha": 4.4, "a": 0.8, "b": 2.4, "unit": "week"}),
    "ParetoNbd": (clv.ParetoNbd, {"r": 0.2, "alpha": 4.4, "s": 0.8, "beta": 2.4, "unit": "week"}),
    "BgBb": (clv.BgBb, {"alpha": 0.2, "beta": 4.4, "gamma": 0.8, "delta": 2.4, "unit": "year"}),
    "GammaGamma": (clv.GammaGamma, {"p": 6.0, "q": 3.0, "gamma": 15.0}),
    "ShiftedBetaGeometric": (clv.ShiftedBetaGeometric, {"alpha": 0.7, "beta": 1.2}),
    "Response": (clv.Response, {"ceiling": 0.4, "steepness": 0.1}),
    **{
        f"{model.name}.{name}": (getattr(model, name), arguments)
        for model, histories in ((BG, SUMMARY), (PARETO, SUMMARY), (BB, YEARS))
        for name, arguments in {
            "probability_alive": {"histories": histories},
            "conditional_expected_purchases": {"histories": histories, "t": 3.0},
            "discounted_residual_transactions": {"histories": histories, "discount_rate": 0.1},
            "log_likelihood": {"histories": histories},
            "expected_purchases": {"t": 3.0},
            "purchase_probabilities": {"t": 3.0, "most": 2},
            "simulate": {"T": np.array([3.0, 4.0, 5.0]), "seed": 1},
        }.items()
    },
    "GammaGamma.conditional_expected_spend": (SPEND.conditional_expected_spend, {"summary": PAID}),
    "GammaGamma.simulate": (SPEND.simulate, {"frequency": np.array([1.0, 0.0, 2.0]), "seed": 1}),
    "ShiftedBetaGeometric.survival": (SBG.survival, {"renewals": [0, 1, 2]}),
    "ShiftedBetaGeometric.retention": (SBG.retention, {"renewals": [1, 2, 3]}),
    "ShiftedBetaGeometric.margin_multiple": (SBG.margin_multiple, {"discount_rate": 0.1, "renewals": 2}),
    "ShiftedBetaGeometric.simulate": (SBG.simulate, {"customers": 9, "renewals": 3, "seed": 1}),
    "Response.rate": (RESPONSE.rate, {"spend": 3.0}),
    "Response.through": (clv.Response.through, {"spend": 5.0, "rate": 0.3, "ceiling": 0.4}),
    "Fit.intervals": (FIT.intervals, {"level": 0.9}),
    "SwitchingEstimate.draws": (clv.estimate_switching(SWITCHES).draws, {"number": 2, "seed": 1}),
    "CashFlows.break_even": (clv.discounted_cash_flows(PROFITS, 0.1, "end").break_even, {"interpolation": "linear"}),
    "CustomerEquity.segments": (
        clv.customer_equity(BASE, "end", "certain").segments, {"segment": series("key", "small", "key")}
    ),
    "alive_in_words": (clv.alive_in_words, {"model": BG, "histories": SUMMARY}),
    "annuity_factor": (
        clv.annuity_factor, {"discount_rate": series(0.1, 0.2, 0.1), "horizon": 5, "timing": "end", "growth": 0.0}
    ),
    "best_remarketing": (clv.best_remarketing, {"migration": CHAIN, "discount_rate": 0.2}),
    "best_spending": (
        clv.best_spending, {"margin": 100.0, "discount_rate": 0.1, "acquisition": RESPONSE, "retention": RESPONSE}
    ),
    "bootstrap": (clv.bootstrap, {"fit": FIT, "cells": FIT_CELLS, "draws": 1, "seed": 1}),
    "brand_market": (
        clv.brand_market, {"shares": SHARES, "switching": STATES, "margins": AMOUNTS, "segments": FACTS}
    ),
    "brand_values": (
        clv.brand_values, {"trade": TRADE, "discount_rate": 0.1, "horizon": 3.0, "first_purchase_in": 1.0}
    ),
    "chain_value": (
        clv.chain_value, {"transitions": STATES, "rewards": AMOUNTS, "discount_rate": 0.1, "horizon": 3}
    ),
    "compare_with_holdout": (
        clv.compare_with_holdout, {"forecasts": frame(model=[1.0, 0.0, 0.5]), "holdout": HALVES, "most": 3}
    ),
    "continuous_value": (
        clv.continuous_value,
        {"profit": lambda t: 100 + 0 * t, "retention": 0.9, "discount_rate": 0.2, "horizon": 8.0},
    ),
    "customer_equity": (clv.customer_equity, {"customers": BASE, "timing": "end", "first": "certain", "horizon": 3}),
    "customer_lifetime_value": (
        clv.customer_lifetime_value,
        {"summary": SUMMARY, "purchases": FIT, "spend": series(5.0, 6.0, 7.0), "draws": 2, "level": 0.9, "seed": 1}
        | TERMS | {"margin": series(0.1, 0.2, 0.3)},
    ),
    "customer_value": (
        clv.customer_value, {"margin": 100.0, "retention_spend": 10.0, "retention": 0.7, "discount_rate": 0.1}
    ),
    "data_readiness": (clv.data_readiness, {"histories": SUMMARY}),
    "discounted_cash_flows": (
        clv.discounted_cash_flows,
        {"profits": PROFITS, "discount_rate": 0.1, "timing": "end", "investment": series(1.0, 2.0, 3.0), "horizon": 2},
    ),
    "discounted_purchases": (
        clv.discounted_purchases,
        {"histories": SUMMARY, "purchases": BG} | {name: TERMS[name] for name in TERMS if name != "margin"},
    ),
    "estimate_switching": (
        clv.estimate_switching, {"switches": SWITCHES, "absorbing": (), "level": 0.9, "prior": 0.5}
    ),
    "expected_margins": (
        clv.expected_margins, {"margin": PROFITS, "retention": PROFITS / 100, "first": "certain"}
    ),
    "expected_path": (
        clv.expected_path, {"transitions": STATES, "start": AMOUNTS.abs(), "periods": 3}
    ),
    **{
        f"fit_{name}": (getattr(clv, f"fit_{name}"), {"histories": histories})
        for name, histories in (("bg_nbd", SUMMARY), ("mbg_nbd", SUMMARY), ("pareto_nbd", SUMMARY), ("bg_bb", YEARS))
    },
    "fit_gamma_gamma": (clv.fit_gamma_gamma, {"summary": PAID}),
    "fit_shifted_beta_geometric": (clv.fit_shifted_beta_geometric, {"survivors": series(9, 7, 6)}),
    "frequency_distribution": (
        clv.frequency_distribution, {"models": {"BG/NBD": BG}, "histories": SUMMARY, "most": 3}
    ),
    "history_switches": (clv.history_switches, {"histories": PURCHASES, "order": "day"}),
    "margin_multiple": (
        clv.margin_multiple,
        {"retention": series(0.8, 0.7, 0.6), "discount_rate": 0.1, "timing": "end", "first": "certain", "horizon": 3,
         "growth": 0.0},
    ),
    "new_customer_value": (clv.new_customer_value, {"purchases": BG, "spend": 20.0} | TERMS),
    "profit_curve": (
        clv.profit_curve, {"years": np.array([0.0, 5.0, 50.0]), "start": 20.0, "rise": 4.0, "turn": 5.0, "ceiling": 9.0}
    ),
    "purchase_cells": (clv.purchase_cells, {"histories": SUMMARY}),
    "purchase_cycle_value": (
        clv.purchase_cycle_value,
        {"contribution": 260.0, "promotion": 50.0, "retention": 0.75, "discount_rate": 0.2, "cycles": 10,
         "cycle_years": 1.0},
    ),
    "recency_migration": (
        clv.recency_migration, {"purchase_probabilities": [0.3, 0.2, 0.1], "margin": 40.0, "cost": 4.0}
    ),
    "referral_value": (clv.referral_value, {"referrals": BROUGHT, "saved_cost": 3.0, "discount_rate": 0.1}),
    "remarketing_choices": (
        clv.remarketing_choices,
        {"purchase_probabilities": [0.3, 0.2, 0.1], "margin": 40.0, "cost": 4.0, "discount_rate": 0.2, "horizon": 3},
    ),
    "share_path": (clv.share_path, {"trade": TRADE, "purchases": 3}),
    "share_within": (clv.share_within, {"horizon": 3, "retention": 0.8, "discount_rate": 0.1, "growth": 0.0}),
    "spend_cells": (clv.spend_cells, {"summary": PAID}),
    "stationary_distribution": (
        clv.stationary_distribution, {"transitions": STATES, "start": pd.Series([0.5, 0.3, 0.2], index=list("ABC"))}
    ),
    "survey_switches": (clv.survey_switches, {"survey": SURVEY, "last": "last", "weight": "weight"}),
    "switching_gains": (
        clv.switching_gains,
        {"trade": TRADE, "brand": "A", "discount_rate": 0.1, "horizon": 3.0, "step": 0.01, "first_purchase_in": 1.0},
    ),
    "tracking": (clv.tracking, {"models": {"BG/NBD": BG}, "log": LOG, "period": "week"}),
}  # fmt: skip

#: What a bad value means where it is no error: (function, argument, what) and the documentation that says so.
MEANINGS = {
    # A horizon without an end counts for ever.
    **{
        (name, "horizon", "infinity"): "for ever"
        for name in (
            "annuity_factor", "brand_values", "chain_value", "customer_equity", "customer_lifetime_value",
            "discounted_cash_flows", "discounted_purchases", "margin_multiple", "new_customer_value",
            "remarketing_choices", "share_within", "switching_gains",
        )
    },
    ("purchase_cycle_value", "cycles", "infinity"): "for ever",
    # Without a start, a chain with one closed group needs none.
    ("stationary_distribution", "start", "nothing"): "no start",
    # One number is one customer, one time, or the same for all.
    **{(f"{model}.simulate", "T", "a number"): "one customer" for model in ("BG/NBD", "Pareto/NBD", "BG/BB")},
    ("GammaGamma.simulate", "frequency", "a number"): "one customer",
    ("profit_curve", "years", "a number"): "one time",
    ("annuity_factor", "discount_rate", "a number"): "for all",
    ("discounted_cash_flows", "investment", "a number"): "for all",
    ("customer_lifetime_value", "spend", "a number"): "for all",
    # What has no model yet is taken in its own unit; money has none.
    **{
        (name, argument, "another unit"): "its own unit"
        for argument, names in {
            "histories": (
                "data_readiness", "fit_bg_nbd", "fit_mbg_nbd", "fit_pareto_nbd", "fit_bg_bb", "purchase_cells",
            ),
            "summary": ("fit_gamma_gamma", "spend_cells", "GammaGamma.conditional_expected_spend"),
        }.items()
        for name in names
    },
    # Survivors and purchases are counted row by row, whatever the rows are called.
    ("fit_shifted_beta_geometric", "survivors", "a label twice"): "row by row",
    ("history_switches", "histories", "a label twice"): "row by row",
    # The order of the rows is the order of the purchases.
    ("history_switches", "order", "None"): "in the order of the rows",
}  # fmt: skip
RESULTS = {  # what functions answer; nobody makes one by hand
    "Bootstrap", "BrandValues", "CashFlows", "Cells", "ChainValue", "CustomerEquity", "Fit", "HoldoutComparison",
    "LifetimeValue", "Market", "Migration", "PurchaseModel", "Readiness", "Remarketing", "RemarketingChoices",
    "SpendCells", "SpendingOptimum", "StationaryDistribution", "Switches", "SwitchingEstimate", "SwitchingGains",
    "Tracking",
}  # fmt: skip


def variants(value):
    """A good value made bad in every way that its kind allows: what was done, and the outcome."""
    if isinstance(value, CustomerSummary):
        for what, table in variants(value.customers.drop(columns="monetary_value", errors="ignore")):
            if isinstance(table, pd.DataFrame):
                money = value.customers.get("monetary_value")
                same = money is not None and len(table) == len(money)
                given = table.assign(monetary_value=money.to_numpy()) if same else table
                yield what, CustomerSummary(given, value.unit)
        yield "a table without a unit", value.customers
        yield "another unit", CustomerSummary(value.customers, "day")
    elif isinstance(value, pd.DataFrame):
        numeric = [place for place, kind in enumerate(value.dtypes) if kind.kind in "if"]
        yield from ((f"{what} in column {place}", changed(value, 1, place, bad)) for place in numeric
                    for what, bad in BAD.items())  # fmt: skip
        yield "a label twice", value.set_axis([value.index[0], *value.index[:-1]])
        yield "no rows", value.iloc[:0]
    elif isinstance(value, pd.Series):
        words = value.dtype.kind not in "if"
        for what, bad in BAD.items():
            if not words or what in ("None", "NaN"):
                yield what, pd.Series([value.iloc[0], bad, *value.iloc[2:]], index=value.index, dtype=object)
        yield "a label twice", value.set_axis([value.index[0], *value.index[:-1]])
        yield "no rows", value.iloc[:0]
    elif isinstance(value, np.ndarray | list):
        for what, bad in BAD.items():
            yield what, [value[0], bad, *value[2:]]
    elif isinstance(value, dict):
        yield from ((f"a model that is {what}", {"BG/NBD": bad}) for what, bad in BAD.items())
    elif isinstance(value, str | int | float):
        yield from ((what, bad) for what, bad in BAD.items())
    if not isinstance(value, str | int | float):
        yield "nothing", None
        yield "text", "x"
        yield "a number", 5.0


GRID = [
    pytest.param(name, argument, what, bad, id=f"{name}-{argument}-{what}")
    for name, (_, arguments) in CALLS.items()
    for argument, value in arguments.items()
    for what, bad in variants(value)
]


@pytest.mark.parametrize(("name", "argument", "what", "bad"), GRID)
def test_a_bad_input_is_refused_with_its_place_or_has_a_stated_meaning(name, argument, what, bad):
    function, arguments = CALLS[name]
    if (name, argument, what) in MEANINGS:
        function(**(arguments | {argument: bad}))
        return
    assert_refused(function, arguments | {argument: bad})


@pytest.mark.parametrize("name", CALLS)
def test_the_good_input_is_taken(name):
    function, arguments = CALLS[name]
    function(**arguments)


def test_the_grid_is_complete():
    tried = {name.split(".")[0] for name in CALLS}
    public = {name for name in clv.__all__ if callable(getattr(clv, name))}
    assert public - tried - RESULTS == set()
    for name, (function, arguments) in CALLS.items():
        numbers = {
            parameter.name
            for parameter in inspect.signature(function).parameters.values()
            if parameter.default is inspect.Parameter.empty
        }
        assert numbers <= set(arguments), name
