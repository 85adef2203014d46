"""Every public function outside `crmlib.clv` against bad inputs: an InputError that names the place, or a meaning.

The functions are found by walking the public names, so that a new one must be given good arguments here.
"""

import importlib
import inspect
import pkgutil
from functools import partial

import numpy as np
import pandas as pd
import pytest

import crmlib
from crmlib import ahp, pareto, survey, transactions
from crmlib.ahp.standings import Segments, node_scores, ranks
from crmlib.allocation import allocate, saturating_gain
from crmlib.differences import cliffs_delta, holm
from crmlib.errors import InputError
from crmlib.grids import GRIDS, Grid, Quadrant, crosswalk
from crmlib.labels import apart, place_labels
from crmlib.lifecycle import base, churn, curve, rates, risk, spans, stages, volumes
from crmlib.loyalty import loyalty_kinds
from crmlib.matrix import PLACES, possible_scores, value_matrix
from crmlib.proportions import wilson_interval
from crmlib.satisfaction import delivered_value, satisfaction, satisfaction_outcomes, satisfaction_trap
from crmlib.scaling import scale
from tests.refusals import BAD, assert_refused, changed

#: Looked after by tests of their own.
ELSEWHERE = ("clv", "cases", "reading", "publishing", "figures", "explorer", "rough")
AHP_ELSEWHERE = ("judgements", "group", "incomplete", "repair", "inconsistency", "weights", "pairs")
HELPERS = ("arguments", "checks", "errors", "drawing", "marks", "tables", "_values", "positions", "extras")

NAMES = ["Ann", "Bo", "Cy", "Di"]


def series(*values):
    return pd.Series(values, index=NAMES)


def frame(**columns):
    return pd.DataFrame(columns, index=NAMES)


TREE = ahp.Criterion(
    "value", (ahp.Criterion("profit"), ahp.Criterion("volume")), ahp.judgement_matrix([[4]], ["profit", "volume"])
)
WEIGHTS = ahp.tree_weights(TREE)
SCALED = frame(profit=[1.0, -1.0, 0.5, 0.2], volume=[-1.0, 2.0, 0.0, 0.3])
QUADRANTS = dict(zip(PLACES, ["keep", "harvest", "grow", "leave"], strict=True))
SEGMENTS = Segments(("profit", "volume"), QUADRANTS)
CARS = {"profit": ahp.Measured(series(1.0, 2.0, 3.0, 4.0)), "volume": ahp.Measured(series(4.0, 2.0, 3.0, 1.0))}
TREE_OF = {"tree": TREE, "weights": WEIGHTS, "scaled": SCALED}


def measured(values, cost):
    return ahp.synthesise(TREE, WEIGHTS, CARS | {"profit": ahp.Measured(values, cost)})


def rated(words, scale):
    return ahp.synthesise(TREE, WEIGHTS, CARS | {"profit": ahp.Rated(words, scale)})


MATRIX = ahp.judgement_matrix([[2, 3], [2]], ["a", "b", "c"])
REVENUE = series(80.0, 10.0, 7.0, 3.0)
SHARES = {"A": 0.8, "B": 0.2}
TIERS = pareto.abc_classes(REVENUE, SHARES)
FACTS = frame(bought=[True, False, True, False], asked=[True, True, False, False])
GROUPS = series("active", "active", "active", "rest")
ANSWERS = survey.check_answers(frame(a=[1, 2, 4, 5], b=[2, 2, 5, 4], c=[1, 3, 4, 4]), ["a", "b", "c"], 1, 5)
VOLUMES = pd.DataFrame([[1.0, 2, 0, 0, 0], [0, 3, 0, 1, 0], [1, 1, 1, 1, 1], [2, 0, 0, 0, 0]], index=NAMES)
OBSERVED = churn.observe(
    pd.DataFrame({"complaints": [5, 3, 4, 6, 1, 2, 0, 1]}), {"complaints": 6},
    pd.Series([8, 9, 8, 9, None, None, None, None]), cutoff=6, until=12,
)  # fmt: skip
SPANS = spans.silence_spans(VOLUMES, 2)
CURVE = curve.LifecycleCurve(100, 0.1, 8, 2, 30, 2, 2.0, {"lower costs": curve.Gain(3.0, 12)}, 50.0)
ORDERS = pd.DataFrame({"customer": ["Ann", "Bo", "Ann"], "amount": [5.0, 6.0, 7.0]})
ORDERS["date"] = pd.to_datetime(["2019-01-01", "2019-01-03", "2019-02-09"])
LOG = transactions.transaction_log(ORDERS, end="2019-02-28")
SUMMARY = frame(frequency=[0, 3, 1, 1], recency=[0.0, 9.0, 3.0, 4.0], T=[10.0] * 4, amount=[20.0, 95.0, 40.0, 41.0])
RFM = transactions.rfm_scores(SUMMARY, bins=2)
LOYAL = frame(
    attachment_level=["high", "low", "low", "high"], repeat_purchase_level=["low"] * 4, reason=["", "price", "", ""]
)

CALLS = {
    # Trees of criteria
    "ahp.hierarchy.Criterion": (ahp.Criterion, {"name": "goal", "children": (ahp.Criterion("a"),)}),
    "ahp.hierarchy.tree_weights": (ahp.tree_weights, {"tree": TREE, "method": "eigenvector", "table": "saaty1980"}),
    "ahp.hierarchy.tree_scores": (ahp.tree_scores, TREE_OF),
    "ahp.alternatives.synthesise": (
        ahp.synthesise, {"tree": TREE, "weights": WEIGHTS, "evaluations": CARS, "mode": "ideal"}
    ),
    "ahp.alternatives.rank_reversal": (
        ahp.rank_reversal, {"tree": TREE, "weights": WEIGHTS, "evaluations": CARS, "alternative": "Ann"}
    ),
    "ahp.standings.ranks": (ranks, {"scores": np.array([0.2, 0.5, 0.1])}),
    "ahp.standings.node_scores": (node_scores, TREE_OF | {"wanted": ["value"]}),
    "ahp.standings.Segments": (
        Segments, {"nodes": ("profit", "volume"), "names": QUADRANTS, "threshold": "mean", "line_is_high": True}
    ),
    "ahp.sensitivity.weight_sensitivity": (ahp.weight_sensitivity, TREE_OF | {"score": "value"}),
    "ahp.sensitivity.segment_sensitivity": (ahp.segment_sensitivity, TREE_OF | {"segments": SEGMENTS}),
    "ahp.sensitivity.WeightSensitivity.scores_at": (
        ahp.weight_sensitivity(**TREE_OF).scores_at, {"node": "profit", "local_weights": np.array([0.1, 0.5, 0.9])}
    ),
    "ahp.swings.tornado": (
        ahp.tornado,
        TREE_OF | {"customer": "Ann", "versus": "Bo", "change": 0.1, "relative": True, "score": "value"},
    ),
    "ahp.simulation.simulate_judgements": (
        ahp.simulate_judgements,
        TREE_OF
        | {"seed": 1, "draws": 20, "spread": 1.0, "largest_cr": 0.1, "segments": SEGMENTS, "coverage": 0.9},
    ),
    "ahp.evaluations.Measured": (measured, {"values": series(1.0, 2.0, 3.0, 4.0), "cost": True}),
    "ahp.evaluations.Compared": (ahp.Compared, {"judgements": MATRIX}),
    "ahp.evaluations.Rated": (rated, {"words": series("a", "b", "a", "b"), "scale": {"a": 1, "b": 2}}),
    "ahp.comparison.compare_methods": (ahp.compare_methods, {"matrix": MATRIX}),
    "ahp.scales.rescale": (ahp.rescale, {"matrix": MATRIX, "scale": "balanced"}),
    "ahp.random_indices.random_index": (ahp.random_index, {"size": 4, "table": "saaty1980"}),
    "ahp.random_indices.simulate_random_index": (
        ahp.simulate_random_index, {"size": 3, "draws": 9, "seed": 1, "largest": 9}
    ),
    "ahp.identification.identify": (
        ahp.identify,
        {"printed": ["0.1634", "0.2970", "0.5396"], "method": "eigenvector", "max_consistency_ratio": 0.1,
         "largest": 9, "table": "saaty1980", "limit": 10_000_000},
    ),
    # Scores, grids and budgets
    "scaling.scale": (scale, {"frame": SCALED, "method": "z_score", "costs": ["profit"], "ddof": 1}),
    "matrix.value_matrix": (
        value_matrix, {"scores": SCALED, "quadrants": QUADRANTS, "threshold": "mean", "line_is_high": False}
    ),
    "matrix.ValueMatrix.at": (value_matrix(SCALED, QUADRANTS).at, {"place": ("high", "low")}),
    "matrix.possible_scores": (
        possible_scores,
        {"segments": series("high", "low", "between", "low"),
         "shares": pd.DataFrame({"now": [1.0, 0.0], "later": [0.0, 1.0]}), "draws": 9, "seed": 1},
    ),
    "allocation.allocate": (allocate, {"budget": 5.0, "ceiling": REVENUE, "halfway": 2.0}),
    "allocation.saturating_gain": (saturating_gain, {"spend": REVENUE, "ceiling": REVENUE, "halfway": 2.0}),
    "grids.Quadrant": (Quadrant, {"levels": ("high", "low"), "name": "a", "chinese": "b", "strategy": "c"}),
    "grids.Grid": (Grid, vars(GRIDS["current_potential"])),
    "grids.crosswalk": (crosswalk, {"grids": [GRIDS["current_potential"]]}),
    "differences.holm": (holm, {"p_values": np.array([0.04, 0.01, 0.03])}),
    "differences.cliffs_delta": (
        cliffs_delta, {"first": np.array([3.0, 4, 5]), "second": np.array([1.0, 2, 6]), "level": 0.9}
    ),
    "proportions.wilson_interval": (wilson_interval, {"successes": series(1, 2, 3, 4), "trials": series(4, 4, 4, 4)}),
    "labels.apart": (apart, {"places": np.array([0.0, 0.0, 9.0]), "least": 2.0}),
    "labels.place_labels": (
        place_labels,
        {"points": np.array([[2.0, 2], [5, 5]]), "sizes": np.array([[6.0, 2], [6, 2]]),
         "frame": np.array([0.0, 0, 9, 9]), "cross": np.array([5.0, 5]), "radius": 2.0},
    ),
    "satisfaction.satisfaction": (satisfaction, {"perceived": REVENUE, "expected": REVENUE, "measure": "ratio"}),
    "satisfaction.satisfaction_outcomes": (satisfaction_outcomes, {"perceived": REVENUE, "expected": REVENUE}),
    "satisfaction.delivered_value": (
        delivered_value, {"gains": frame(product=[5.0, 4, 3, 2]), "costs": frame(money=[1.0, 1, 1, 1])}
    ),
    "satisfaction.satisfaction_trap": (
        satisfaction_trap, {"satisfied": REVENUE, "loyal": REVENUE, "lines": (4, 4), "level": 0.9}
    ),
    "loyalty.loyalty_kinds": (loyalty_kinds, {"customers": LOYAL, "reading": "usual"}),
    # Few customers hold most of the value
    "pareto.classes.abc_classes": (pareto.abc_classes, {"values": REVENUE, "shares": SHARES, "by": "value"}),
    "pareto.inequality.concentration": (pareto.concentration, {"values": REVENUE, "top": [1, 2, 3]}),
    "pareto.inequality.lorenz_curve": (pareto.lorenz_curve, {"values": REVENUE}),
    "pareto.inequality.fit_pareto_tail": (
        pareto.fit_pareto_tail, {"values": pd.Series(np.arange(1.0, 60)), "samples": 3, "seed": 1}
    ),
    "pareto.criteria.joint_classes": (
        pareto.joint_classes, {"classes": {"abc": TIERS.classes, "groups": GROUPS}, "values": REVENUE}
    ),
    "pareto.criteria.criteria_score": (
        pareto.criteria_score,
        {"criteria": frame(revenue=[3.0, 1, 1, 1], orders=[1.0, 3, 1, 1]),
         "weights": pd.Series({"revenue": 0.8, "orders": 0.2})},
    ),
    "pareto.demand.xyz_classes": (pareto.xyz_classes, {"demand": VOLUMES, "cuts": {"X": 0.5, "Z": np.inf}}),
    "pareto.distributed.classify_table": (
        pareto.classify_table,
        {"table": pd.DataFrame({"customer": NAMES, "revenue": [9.0, 5, 3, 1]}), "customer": "customer",
         "value": "revenue", "shares": SHARES, "by": "value"},
    ),
    "pareto.histogram.class_limits": (
        pareto.class_limits, {"parts": [np.array([7.0, 1.0, 2.0])], "shares": SHARES, "by": "value"}
    ),
    "pareto.histogram.Histogram.of": (pareto.Histogram.of, {"values": np.array([7.0, 1.0, 2.0])}),
    "pareto.limits.computed_abc": (pareto.computed_abc, {"values": REVENUE}),
    "pareto.migration.pyramid_migration": (pareto.pyramid_migration, {"before": TIERS, "now": TIERS}),
    "pareto.migration.PyramidMigration.aims": (pareto.pyramid_migration(TIERS, TIERS).aims, {"confidence": 0.9}),
    "pareto.tiers.customer_base": (
        pareto.customer_base,
        {"facts": FACTS, "rules": {"customer": "bought", "prospect": "asked"}, "rest": "rest"},
    ),
    "pareto.tiers.pyramid": (
        pareto.pyramid, {"base": GROUPS, "revenue": REVENUE, "shares": SHARES, "active": "active"}
    ),
    "pareto.stability.class_stability": (
        pareto.class_stability, {"values": REVENUE, "error": 0.1, "shares": SHARES, "by": "value"}
    ),
    # Questionnaires
    "survey.answers.check_answers": (
        survey.check_answers,
        {"table": frame(a=[1, 2, 4, 5], b=[2, 2, 5, 4]), "items": ["a", "b"], "lowest": 1, "highest": 5},
    ),
    "survey.answers.Answers.score": (ANSWERS.score, {"items": ["a", "b", "c"], "missing": "listwise"}),
    "survey.comparison.compare_groups": (
        survey.compare_groups, {"groups": {"customers": ANSWERS, "staff": ANSWERS}, "level": 0.9}
    ),
    "survey.items.item_statistics": (survey.item_statistics, {"answers": ANSWERS, "top": 2, "level": 0.9}),
    "survey.items.answer_shares": (survey.answer_shares, {"answers": ANSWERS}),
    "survey.items.derived_importance": (survey.derived_importance, {"answers": ANSWERS, "overall": "a"}),
    "survey.alpha.reliability": (
        survey.reliability, {"scored": ANSWERS.score(["a", "b", "c"]), "level": 0.9}
    ),
    # The lifecycle
    "lifecycle.base.BaseRules": (base.BaseRules, {"loyal_from": 3, "silence": 3}),
    "lifecycle.base.base_states": (base.base_states, {"volumes": VOLUMES, "missing": "refuse"}),
    "lifecycle.churn.observe": (
        churn.observe,
        {"features": frame(complaints=[3.0, 2, 0, 1]), "measured": {"complaints": 6},
         "left": series(20.0, 21.0, 8.0, 9.0), "cutoff": 6, "until": 12},
    ),
    "lifecycle.churn.shared_features": (
        churn.shared_features, {"observed": OBSERVED, "correction": "holm", "level": 0.9}
    ),
    "lifecycle.curve.Gain": (curve.Gain, {"amount": 3.0, "lag": 12.0}),
    "lifecycle.curve.LifecycleCurve": (curve.LifecycleCurve, vars(CURVE)),
    **{
        f"lifecycle.curve.LifecycleCurve.{name}": (getattr(CURVE, name), {"t": np.array([0.0, 1.0, 2.0])})
        for name in ("stage", "volume", "profit", "profit_parts")
    },
    "lifecycle.curve.LifecycleCurve.to_frame": (CURVE.to_frame, {"periods": 3}),
    "lifecycle.rates.conversion": (
        rates.conversion, {"counts": frame(prospects=[9, 9, 9, 9], customers=[1, 2, 3, 4]), "level": 0.9}
    ),
    "lifecycle.rates.reason_shares": (
        rates.reason_shares, {"reasons": series("price", "moved", "price", "price"), "level": 0.9}
    ),
    "lifecycle.risk.fit_risk": (risk.fit_risk, {"observed": OBSERVED, "penalty": 1.0}),
    "lifecycle.risk.RiskModel.score": (risk.fit_risk(OBSERVED).score, {"features": frame(complaints=[3.0, 2, 0, 1])}),
    "lifecycle.risk.holdout": (
        risk.holdout,
        {"observed": OBSERVED, "share": 0.5, "top": 0.2, "penalty": 1.0, "level": 0.9, "seed": 1},
    ),
    "lifecycle.spans.contract_spans": (
        spans.contract_spans,
        {"start": series(1, 1, 2, 1), "end": series(3, 2, 4, 2), "periods": pd.Index([1, 2, 3, 4])},
    ),
    "lifecycle.spans.silence_spans": (spans.silence_spans, {"volumes": VOLUMES, "silence": 2, "missing": "refuse"}),
    "lifecycle.spans.churn_by_period": (spans.churn_by_period, {"spans": SPANS, "level": 0.9}),
    "lifecycle.spans.survival": (spans.survival, {"spans": SPANS, "level": 0.9}),
    "lifecycle.stages.StageRules": (
        stages.StageRules, {"window": 3, "growth": 0.2, "drop": 0.25, "formed": 2.0, "longest_trial": 12}
    ),
    "lifecycle.stages.relationship_stages": (
        stages.relationship_stages, {"volumes": VOLUMES, "missing": "refuse"}
    ),
    "lifecycle.volumes.checked_volumes": (volumes.checked_volumes, {"volumes": VOLUMES, "missing": "refuse"}),
    # Transactions
    "transactions.log.transaction_log": (
        transactions.transaction_log, {"table": ORDERS, "customer": "customer", "on_bad": "refuse", "end": "2019-02-28"}
    ),
    "transactions.periods.cohort_table": (transactions.cohort_table, {"log": LOG, "period": "month"}),
    "transactions.periods.revenue_by_period": (transactions.revenue_by_period, {"log": LOG, "period": "month"}),
    "transactions.rfm.rfm_scores": (transactions.rfm_scores, {"summary": SUMMARY, "bins": 2, "nested": False}),
    "transactions.rfm.rfm_segments": (
        transactions.rfm_segments, {"scores": RFM, "segments": {"Best": {"recency": (2, 2)}, "Others": {}}}
    ),
    "transactions.summary.CustomerSummary": (partial(transactions.CustomerSummary, SUMMARY), {"unit": "week"}),
    "transactions.summary.customer_summary": (transactions.customer_summary, {"log": LOG, "unit": "week"}),
    "transactions.summary.summary_cells": (transactions.summary_cells, {"log": LOG, "unit": "week"}),
    "transactions.summary.calibration_holdout": (
        transactions.calibration_holdout, {"log": LOG, "calibration_end": "2019-01-20", "unit": "week"}
    ),
    "transactions.summary.opportunity_summary": (transactions.opportunity_summary, {"log": LOG, "period": "month"}),
}  # fmt: skip

#: Parts of functions that are tried: what they take was checked there.
PARTS = {
    "pareto.histogram.limits_from_histogram",
    *(f"transactions.bad_rows.{name}" for name in ("bad_row_actions", "collected", "sift")),
    *(f"transactions.calendar.{name}" for name in ("days_in", "period_index", "period_number", "periods_of_days")),
    "transactions.log.day_of",
    "transactions.refunds.net_refunds",
}
#: What a bad value means where it is no error: (function, argument, what) and the documentation that says so.
MEANINGS = {
    # Without a score the root's, without another customer the score itself, without a limit all draws and matrices.
    ("ahp.sensitivity.weight_sensitivity", "score", "None"): "the root",
    ("ahp.swings.tornado", "score", "None"): "the root",
    ("ahp.swings.tornado", "versus", "None"): "the score itself",
    ("ahp.simulation.simulate_judgements", "largest_cr", "None"): "all draws",
    ("ahp.simulation.simulate_judgements", "segments", "nothing"): "no segments",
    ("ahp.identification.identify", "max_consistency_ratio", "None"): "all matrices",
    # Empty entries stay empty.
    **{
        ("ahp.scales.rescale", "matrix", f"{what} in column {place}"): "a gap"
        for what in ("None", "NaN")
        for place in range(3)
    },
    # A missing score or answer stays missing, or leaves the customer out.
    **{
        (name, argument, what): "no answer"
        for name, arguments in {
            "satisfaction.satisfaction": ("perceived", "expected"),
            "satisfaction.satisfaction_outcomes": ("perceived", "expected"),
            "satisfaction.satisfaction_trap": ("satisfied", "loyal"),
            "lifecycle.spans.contract_spans": ("end",),
        }.items()
        for argument in arguments
        for what in ("None", "NaN")
    },
    # Whole numbers may be written as text in a questionnaire, and empty cells are missing answers.
    **{
        ("survey.answers.check_answers", "table", f"{what} in column {place}"): "an answer, or none"
        for what in ("number as text", "None", "NaN")
        for place in range(2)
    },
    ("survey.answers.check_answers", "lowest", "a negative number"): "a scale from −1",
    # Text and truth values are categories.
    **{
        ("lifecycle.churn.observe", "features", f"{what} in column 0"): "a category"
        for what in ("text", "number as text", "True")
    },
    ("lifecycle.churn.observe", "left", "None"): "still here",
    ("lifecycle.churn.observe", "left", "NaN"): "still here",
    ("lifecycle.curve.LifecycleCurve", "gains", "an empty dictionary"): "nothing is gained with age",
    ("lifecycle.curve.LifecycleCurve.volume", "t", "a number"): "one age",
    # Rows of a table of orders or customers are told by their columns.
    ("pareto.distributed.classify_table", "table", "a label twice"): "row by row",
    ("transactions.log.transaction_log", "table", "a label twice"): "row by row",
    ("transactions.log.transaction_log", "end", "None"): "the day of the last transaction",
}
#: Names may be any text.
FREE = {
    ("ahp.hierarchy.Criterion", "name"), ("ahp.standings.Segments", "names"), ("matrix.value_matrix", "quadrants"),
    ("grids.Quadrant", "name"), ("grids.Quadrant", "chinese"), ("grids.Quadrant", "strategy"),
    ("grids.Grid", "title"), ("grids.Grid", "chinese"), ("grids.Grid", "source"),
    ("pareto.tiers.customer_base", "rest"),
}  # fmt: skip


def is_numeric(values):
    return values.dtype.kind in "iuf"


def bad_tables(value):
    for place in range(value.shape[1]):
        if is_numeric(value.iloc[:, place]):
            yield from ((f"{what} in column {place}", changed(value, 1, place, bad)) for what, bad in BAD.items())
    yield "a label twice", value.set_axis([value.index[0], *value.index[:-1]])
    yield "no rows", value.iloc[:0]
    yield "no columns", value.iloc[:, :0]
    yield "a column twice", pd.concat([value, value.iloc[:, :1]], axis=1)


def bad_series(value):
    for what, bad in BAD.items() if is_numeric(value) else ():
        yield what, pd.Series([value.iloc[0], bad, *value.iloc[2:]], index=value.index, dtype=object)
    yield "a label twice", value.set_axis([value.index[0], *value.index[:-1]])
    yield "a label missing", value.set_axis([None, *value.index[1:]])
    yield "no rows", value.iloc[:0]


def bad_scalars(value):
    yield from ((what, bad) for what, bad in BAD.items() if not (isinstance(value, bool) and isinstance(bad, bool)))
    if not isinstance(value, bool | str):
        yield "a negative number", -1


def variants(value):
    """A good value made bad in every way that its kind allows: what was done, and the outcome."""
    if isinstance(value, str | int | float):
        yield from bad_scalars(value)
        return
    if isinstance(value, pd.DataFrame):
        yield from bad_tables(value)
    elif isinstance(value, pd.Series):
        yield from bad_series(value)
    elif isinstance(value, np.ndarray):
        yield from ((what, [value.tolist()[0], bad]) for what, bad in BAD.items())
    elif isinstance(value, dict):
        yield from ((f"{what} in it", value | {next(iter(value)): bad}) for what, bad in BAD.items())
        yield "an empty dictionary", {}
    yield from (("nothing", None), ("words", "x"), ("a number", 5.0), ("an object", object()))


GRID = [
    pytest.param(name, argument, what, bad, id=f"{name}-{argument}-{what}")
    for name, (_, arguments) in CALLS.items()
    for argument, value in arguments.items()
    for what, bad in variants(value)
]


@pytest.mark.parametrize(("name", "argument", "what", "bad"), GRID)
def test_a_bad_input_is_refused_with_its_place_or_has_a_stated_meaning(name, argument, what, bad):
    function, arguments = CALLS[name]
    text = what.removesuffix(" in it") in ("text", "number as text")
    if (name, argument, what) in MEANINGS or (text and (name, argument) in FREE):
        function(**(arguments | {argument: bad}))
        return
    assert_refused(function, arguments | {argument: bad})


@pytest.mark.parametrize("name", CALLS)
def test_the_good_input_is_taken(name):
    function, arguments = CALLS[name]
    function(**arguments)


def modules():
    """The modules whose public functions are tried here."""
    for found in pkgutil.walk_packages(crmlib.__path__, "crmlib."):
        parts = found.name.split(".")[1:]
        if found.ispkg or parts[0] in (*ELSEWHERE, "__main__") or parts[-1] in HELPERS or parts[-1].startswith("_"):
            continue
        if parts[0] != "ahp" or parts[1] not in AHP_ELSEWHERE:
            yield importlib.import_module(found.name)


def public_functions():
    """Every function in a module's `__all__`."""
    for module in modules():
        for name in module.__all__:
            if inspect.isfunction(getattr(module, name)):
                yield f"{module.__name__.removeprefix('crmlib.')}.{name}"


def test_every_public_function_is_tried():
    assert set(public_functions()) - set(CALLS) - PARTS == set()


@pytest.mark.parametrize("name", CALLS)
def test_every_argument_that_must_be_given_is_tried(name):
    function, arguments = CALLS[name]
    parameters = inspect.signature(function).parameters.values()
    assert {each.name for each in parameters if each.default is inspect.Parameter.empty} <= set(arguments)


@pytest.mark.parametrize("values", [[80, 10, 7], (80, 10, 7), np.array([80, 10, 7]), {0: 80, 1: 10, 2: 7}])
def test_a_list_stands_for_a_series(values):
    assert pareto.abc_classes(values).classes.to_dict() == {0: "A", 1: "B", 2: "B"}
    assert pareto.concentration(values, top=[1]).top_shares.to_dict() == {1: 80 / 97}


def test_columns_may_be_numbers():
    answers = survey.check_answers(pd.DataFrame({1: [1, 2, 4], 2: [2, 2, 5]}), [1, 2], 1, 5)
    assert survey.compare_groups({"customers": answers, "staff": answers}).table["effect"].to_dict() == {1: 0, 2: 0}
    nobody = survey.check_answers(pd.DataFrame({1: [1, None], 2: [None, 2]}), [1, 2], 1, 5)
    with pytest.raises(InputError, match="nobody answered enough of 1, 2"):
        nobody.score([1, 2])
    assert (
        scale(pd.DataFrame({1: [1, 2], 2: [3, 5]}), costs=[1])[1].tolist()
        == scale(pd.DataFrame({1: [2, 1]}))[1].tolist()
    )


def test_only_a_count_of_the_best_has_a_share():
    for count in (0, -1, 1.5, "1"):
        with pytest.raises(InputError, match="top 1: found"):
            pareto.concentration(REVENUE, top=[count])


def test_hundreds_of_problems_make_a_short_message():
    many = pd.Series([np.nan, "x", -1] * 50_000, dtype=object)
    for function in (pareto.abc_classes, pareto.lorenz_curve):
        with pytest.raises(InputError) as error:
            function(many)
        assert len(str(error.value)) < 3000
        assert "more places" in str(error.value)


def test_weights_of_another_tree_are_refused():
    other = ahp.Criterion(
        "goal", (ahp.Criterion("profit"), ahp.Criterion("volume")), ahp.judgement_matrix([[2]], ["profit", "volume"])
    )
    with pytest.raises(InputError, match="weights: are of the nodes goal, profit, volume"):
        ahp.tree_scores(TREE, ahp.tree_weights(other), SCALED)
