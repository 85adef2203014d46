"""Experts' judgements from any table that people keep them in."""

from crmlib.cases.experts.reader import Experts, read_experts
from crmlib.cases.experts.scales import SCALES

__all__ = ["SCALES", "Experts", "read_experts"]
