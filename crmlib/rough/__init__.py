"""Rough sets: what a table of examples can decide, which columns it needs for that, and the rules in it."""

from crmlib.rough.discretisation import discretise
from crmlib.rough.matrices import Discernibility, discernibility
from crmlib.rough.reduction import Reducts, reducts
from crmlib.rough.regions import Approximations, approximations, indiscernibility, positive_region, quality
from crmlib.rough.rules import RuleSet, minimal_rules
from crmlib.rough.tables import DecisionTable, decision_table
from crmlib.rough.trees import DecisionTree, decision_tree
from crmlib.rough.wording import Wording, sentences

__all__ = [
    "Approximations",
    "DecisionTable",
    "DecisionTree",
    "Discernibility",
    "Reducts",
    "RuleSet",
    "Wording",
    "approximations",
    "decision_table",
    "decision_tree",
    "discernibility",
    "discretise",
    "indiscernibility",
    "minimal_rules",
    "positive_region",
    "quality",
    "reducts",
    "sentences",
]
