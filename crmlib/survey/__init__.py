"""Likert questionnaires: checked answers, reliability, item statistics, comparison of groups."""

from crmlib.survey.alpha import Reliability, reliability
from crmlib.survey.answers import Answers, Scored, check_answers
from crmlib.survey.comparison import Comparison, compare_groups
from crmlib.survey.items import answer_shares, derived_importance, item_statistics

__all__ = [
    "Answers",
    "Comparison",
    "Reliability",
    "Scored",
    "answer_shares",
    "check_answers",
    "compare_groups",
    "derived_importance",
    "item_statistics",
    "reliability",
]
