import pandas as pd

from crmlib import figures
from crmlib.drawing import PALETTE
from crmlib.rough import Wording, decision_table, decision_tree
from tests.rough.examples import FLU


def drawn(frame=FLU, wording=None):
    tree = decision_tree(decision_table(frame, "flu"))
    return tree, figures.decision_tree(tree, wording or Wording("en"), alt="Questions")


def texts(figure):
    return [mark.split('"')[1] for mark in figure.marks if mark.startswith("text")]


def test_every_question_branch_and_answer_is_written_once():
    tree, figure = drawn()
    said = texts(figure)
    leaves = list(tree.root.leaves())
    assert len(said) == 2 * len(leaves) + 2 * 2 - 1
    assert [text for text in said if "(" in text] == ["no (2)", "yes (2)", "no (1)", "yes (1)"]
    assert [text for text in said if "?" in text] == ["temperature?", "headache?"]


def test_the_colour_of_an_answer_follows_its_decision():
    _, figure = drawn()
    points = [mark for mark in figure.marks if mark.startswith("points")]
    assert [PALETTE[0].lower() in point for point in points] == [True, False, True, False]


def test_examples_that_disagree_stand_together():
    frame = pd.DataFrame({"a": [1, 1], "flu": ["no", "yes"]})
    assert texts(drawn(frame)[1]) == ["no (1), yes (1)"]


def test_words_stand_for_names():
    frame = pd.DataFrame({"a": [0, 1], "flu": ["no", "yes"]})
    wording = Wording("zh", {"a": "发烧"}, {0: "低", 1: "高"}, {"no": "否", "yes": "是"})
    assert texts(drawn(frame, wording)[1]) == ["发烧?", "否 (1)", "低", "是 (1)", "高"]
