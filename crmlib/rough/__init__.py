"""Rough sets: what a table of examples can decide, which columns it needs for that, and the rules in it."""

from crmlib.rough.approximations import Approximations, approximations, indiscernibility, positive_region, quality
from crmlib.rough.discernibility import Discernibility, discernibility
from crmlib.rough.discretisation import discretise
from crmlib.rough.reducts import Reducts, reducts
from crmlib.rough.rules import RuleSet, minimal_rules
from crmlib.rough.sentences import Wording, sentences
from crmlib.rough.tables import DecisionTable, decision_table
from crmlib.rough.trees import DecisionTree, decision_tree

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
