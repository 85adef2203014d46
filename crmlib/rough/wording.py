"""Rules as sentences, in English and Chinese."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from crmlib.arguments import checked
from crmlib.checks import check_choice, refuse
from crmlib.rough.rules import RuleSet

__all__ = ["TEMPLATES", "Wording", "sentences"]

#: A whole sentence for each number of conditions; ``{0}`` and ``{1}`` are the first attribute and its value, and so
#: on. Rules with more conditions take the last one, with a list.
TEMPLATES: dict[str, tuple[str, ...]] = {
    "en": (
        "Whatever a customer has, the verdict is {decision}.",
        "If a customer has {1} {0}, the verdict is {decision}.",
        "If a customer has {1} {0} and {3} {2}, the verdict is {decision}.",
        "If a customer has {1} {0}, {3} {2} and {5} {4}, the verdict is {decision}.",
        "If a customer has {1} {0}, {3} {2}, {5} {4} and {7} {6}, the verdict is {decision}.",
        "If all of these hold ({pairs}), the verdict is {decision}.",
    ),
    "zh": (
        "任何客户都为{decision}。",
        "如果客户的{0}{1},则为{decision}。",
        "如果客户的{0}{1}且{2}{3},则为{decision}。",
        "如果客户的{0}{1}、{2}{3}且{4}{5},则为{decision}。",
        "如果客户的{0}{1}、{2}{3}、{4}{5}且{6}{7},则为{decision}。",
        "如果以下条件都成立({pairs}),则为{decision}。",
    ),
}


@checked("The wording")
@dataclass(frozen=True)
class Wording:
    """Words of a language for attributes, values (adjectives, such as low) and decisions; else the name itself."""

    language: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[object, str] = field(default_factory=dict)
    decisions: Mapping[object, str] = field(default_factory=dict)


@checked("The wording")
def sentences(rules: RuleSet, wording: Wording) -> pd.Series:
    """Each rule as a sentence, by its number.

    Raises
    ------
    InputError
        If there is no template in the language.

    Examples
    --------
    >>> from crmlib.rough import decision_table, minimal_rules
    >>> frame = pd.DataFrame({"profit": [0, 1], "value": [0, 1]})
    >>> rules = minimal_rules(decision_table(frame, "value"))
    >>> words = {0: "low", 1: "high"}
    >>> sentences(rules, Wording("en", values=words, decisions={0: "low value", 1: "high value"}))[0]
    'If a customer has low profit, the verdict is low value.'
    """
    refuse("The wording", check_choice("language", wording.language, TEMPLATES))
    templates = TEMPLATES[wording.language]
    told = []
    for asked, decision in zip(rules.conditions.itertuples(index=False), rules.table[rules.decision], strict=True):
        pairs = [
            (wording.attributes.get(name, name), wording.values.get(value, str(value)))
            for name, value in zip(rules.conditions.columns, asked, strict=True)
            if not pd.isna(value)
        ]
        words = [word for pair in pairs for word in pair]
        template = templates[min(len(pairs), len(templates) - 1)]
        listed = "; ".join(f"{name} = {value}" for name, value in pairs)
        told.append(template.format(*words, decision=wording.decisions.get(decision, str(decision)), pairs=listed))
    return pd.Series(told, index=rules.table.index, dtype=object)
