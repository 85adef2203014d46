"""The relationship lifecycle: stages, the curve of volume and profit, base measures, features of lost customers."""

from crmlib.lifecycle.base import STATES, BaseRules, BaseStates, base_states
from crmlib.lifecycle.churn import Observed, SharedFeatures, observe, shared_features
from crmlib.lifecycle.curve import Gain, LifecycleCurve
from crmlib.lifecycle.rates import Conversion, conversion, reason_shares
from crmlib.lifecycle.risk import Holdout, RiskModel, fit_risk, holdout
from crmlib.lifecycle.spans import Spans, churn_by_period, contract_spans, silence_spans, survival
from crmlib.lifecycle.stages import STAGES, UNKNOWN, StageRules, Stages, relationship_stages

__all__ = [
    "STAGES",
    "STATES",
    "UNKNOWN",
    "BaseRules",
    "BaseStates",
    "Conversion",
    "Gain",
    "Holdout",
    "LifecycleCurve",
    "Observed",
    "RiskModel",
    "SharedFeatures",
    "Spans",
    "StageRules",
    "Stages",
    "base_states",
    "churn_by_period",
    "contract_spans",
    "conversion",
    "fit_risk",
    "holdout",
    "observe",
    "reason_shares",
    "relationship_stages",
    "shared_features",
    "silence_spans",
    "survival",
]
