import pandas as pd
import pytest

from crmlib.errors import InputError
from crmlib.rough import Wording, decision_table, minimal_rules, sentences
from crmlib.rough.wording import TEMPLATES
from tests.rough.examples import PAWLAK


def test_rules_are_sentences_in_both_languages():
    rules = minimal_rules(decision_table(PAWLAK, "e"), ["a", "b", "d"])
    english = Wording("en", {"a": "profit"}, {0: "low", 1: "high"}, {0: "low value"})
    assert sentences(rules, english)[2] == "If a customer has low profit, the verdict is low value."
    chinese = Wording("zh", {"a": "利润"}, {0: "低", 1: "高"}, {0: "低价值客户"})
    assert sentences(rules, chinese)[2] == "如果客户的利润低,则为低价值客户。"


@pytest.mark.parametrize("language", TEMPLATES)
@pytest.mark.parametrize("count", range(7))
def test_every_number_of_conditions_has_a_sentence(language, count):
    names = [f"n{number}" for number in range(count)]
    decided = [[1] * count + [1], *([*(int(at != here) for here in range(count)), 0] for at in range(count))]
    frame = pd.DataFrame(decided, columns=[*names, "d"]).assign(always=1)
    rules = minimal_rules(decision_table(frame, "d"))
    told = sentences(rules, Wording(language))
    longest = max(told, key=len)
    assert all(name in longest for name in names)
    assert "{" not in "".join(told)


def test_an_unknown_language_is_named():
    with pytest.raises(InputError, match="Use en, zh"):
        sentences(minimal_rules(decision_table(PAWLAK, "e")), Wording("fr"))
