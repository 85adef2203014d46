"""Several tables in one file: which belong to one group of comparisons, and which to one respondent.

Tables that compare the same are of several respondents; a table that is titled like something which another table
compares, such as "price" above a table of alternatives, is a group below it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from crmlib.cases.experts.answers import Block
from crmlib.errors import InputError, Problem
from crmlib.reading.words import folded, plain

__all__ = ["named_blocks"]

_PERSON = re.compile(
    r"(?:the )?(?:expert|respondent|person|participant|dm|sheet|table|专家|受访者|工作表)?", re.IGNORECASE
)
_ALIKE = 0.5  # the share of names that tables of one group have in common; one may be misspelt


def named_blocks(blocks: Sequence[Block], stem: str) -> list[Block]:
    """The blocks with a group and a respondent for each answer.

    Parameters
    ----------
    stem
        The name of a respondent whom nothing names: that of the file.
    """
    parts = [part for block in blocks for part in _split(block)]
    kinds = _kinds(parts)
    named = [""] * len(parts)  # groups
    people = [""] * len(parts)
    things = {key for part in parts for key in part.names}
    below = [_subject(part, things, parts) for part in parts]
    several_kinds = len({(kind, subject) for kind, subject in zip(kinds, below, strict=True)}) > 1
    for kind in dict.fromkeys(kinds):
        own = [at for at in range(len(parts)) if kinds[at] == kind]
        _refuse_unclear([parts[at] for at in own if not below[at]])
        for at in own:
            same = [other for other in own if below[other] == below[at]]
            group, respondent = _group_and_respondent(at, same, parts, stem)
            named[at] = below[at] or (group if several_kinds else "")
            people[at] = respondent
    return [part.named(named[at], people[at]) for at, part in enumerate(parts)]


def _split(block: Block) -> list[Block]:
    """Comparisons that nothing connects are groups, where each group was compared as a whole."""
    if any(answer.group for answer in block.answers):
        groups = dict.fromkeys(answer.group for answer in block.answers)
        return [
            replace(block, answers=[one for one in block.answers if one.group == group], title=group)
            for group in groups
        ]
    pairs = {frozenset((folded(one.first), folded(one.second))) for one in block.answers}
    pairs = {pair for pair in pairs if len(pair) == 2}
    parts: list[set[str]] = []
    for pair in pairs:
        touched = [part for part in parts if part & pair]
        parts = [part for part in parts if not part & pair] + [set(pair).union(*touched)]
    whole = all(sum(pair <= part for pair in pairs) == len(part) * (len(part) - 1) // 2 for part in parts)
    if len(parts) < 2 or not whole or max(map(len, parts)) < 3:
        return [block]
    order = list(block.names)
    parts.sort(key=lambda part: min(order.index(key) for key in part))
    return [
        replace(
            block,
            answers=[one for one in block.answers if folded(one.first) in part],
            title=", ".join(block.names[key] for key in order if key in part),
        )
        for part in parts
    ]


def _kinds(parts: Sequence[Block]) -> list[int]:
    """A number for each table: the same for all that compare the same."""
    first: list[set[str]] = []
    kinds = []
    for part in parts:
        keys = set(part.names)
        alike = [at for at, other in enumerate(first) if len(keys & other) > _ALIKE * len(keys | other)]
        if not alike:
            first.append(keys)
        kinds.append(alike[0] if alike else len(first) - 1)
    return kinds


def _subject(part: Block, things: set[str], parts: Sequence[Block]) -> str:
    """What other tables compare and this one is titled like, so that it lies below it."""
    titles = (part.title, part.sheet.name if part.sheet.several else "")
    others = {key: name for other in parts for key, name in other.names.items() if key not in part.names}
    for title in titles:
        for key in [folded(title), *map(folded, re.split(r"[-:：_/|()（）]", plain(title)))]:
            if key in things and key in others:
                return others[key]
    return ""


def _group_and_respondent(at: int, same: list[int], parts: Sequence[Block], stem: str) -> tuple[str, str]:
    """The names of a group and of a respondent, from titles, then from sheets; `same` are the tables of the group."""
    part = parts[at]
    if all(answer.respondent for answer in part.answers):
        return part.title or part.sheet.name or _things(part), ""
    in_sheet = [other for other in same if parts[other].sheet.name == part.sheet.name]
    sheets = dict.fromkeys(parts[other].sheet.name for other in same)
    if len(in_sheet) > 1:
        labels = [parts[other].title for other in in_sheet]
        return part.sheet.name or _things(part), part.title or f"grid {labels.index(part.title) + 1}"
    if len(sheets) > 1:
        stripped, shared = _without_common(list(sheets))
        title = part.title if all(folded(parts[other].title) == folded(part.title) for other in same) else ""
        return title or shared or _things(part), stripped[list(sheets).index(part.sheet.name)]
    alone = len(parts) == 1
    return part.title or part.sheet.name or _things(part), (part.title if alone and part.title else stem)


def _things(part: Block) -> str:
    return ", ".join(part.names.values())


def _without_common(names: list[str]) -> tuple[list[str], str]:
    """Names of sheets without what all have in common, such as "Ann costs" and "Bo costs"."""
    words = [re.findall(r"[^\s_\-:]+", name) for name in names]
    start = _shared(words)
    end = _shared([own[::-1] for own in words])
    bare = [" ".join(own[start : len(own) - end]) for own in words]
    if not all(bare) or len(set(bare)) < len(bare):
        return names, ""
    shared = " ".join(words[0][:start] + words[0][len(words[0]) - end :])
    return (names, "") if _PERSON.fullmatch(shared) else (bare, shared)


def _shared(words: list[list[str]]) -> int:
    """With how many words all begin alike."""
    return sum(1 for _ in takewhile(lambda alike: len(set(alike)) == 1, zip(*words, strict=False)))


def _refuse_unclear(parts: Sequence[Block]) -> None:
    """Grids of the same things without titles in one sheet: of several people, or below several criteria."""
    for part in parts:
        sheet = [other for other in parts if other.sheet.name == part.sheet.name]
        nameless = [other for other in sheet if not all(one.respondent for one in other.answers)]
        if len(nameless) < 2:
            continue
        titles = Counter(folded(other.title) for other in nameless)
        if titles[""] or max(titles.values()) > 1:
            place = f"sheet {part.sheet.name!r}" if part.sheet.name else "the file"
            told = ", ".join(other.answers[0].place for other in nameless)
            found = f"has {len(nameless)} tables of {_things(part)}, and not whose each is (they begin in {told})"
            remedy = "Write the expert, or the criterion that it belongs to, above each table"
            raise InputError(part.sheet.file, [Problem(place, found, remedy)])
