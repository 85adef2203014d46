"""Headings that name a pair: "Price vs Service", "price_service", "价格对服务", "Which one: price or service?"."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from crmlib.reading.words import folded, plain

__all__ = ["Pairs", "pairs_in"]

Pairs = dict[int, tuple[str, str]]  # by the place of the heading

_SEPARATORS = [  # one after the other: the first that parts headings is meant
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[\s._-]+(?:v|vs|versus)\.?[\s._-]+|[\s._-]+v\.s\.?[\s._-]+|\s*对比\s*|\s*vs\.?(?=[^\x00-\x7f])\s*",
        r"\s+(?:against|(?:in comparison|compared|relative) (?:to|with))\s+|\s*相(?:对|比)于\s*",
        r"\s+or\s+|\s*(?:还是|或者|或)\s*",
        r"\s+(?:对|与|和|比|同)\s+",
        r"\s+[-–—/:|~→↔⇔]\s+|\s*(?:->|<->|<>|→|↔|⇔)\s*",
        r"__",
        r"_",
        r"\s*:\s*",
        r"\s*[/|]\s*",
        r"\s*[-–—~]\s*",
        r"对",
        r"[与和]",
        r"比",
        r"\.",
    )
]
_SURE = 5  # of the separators that no name holds by chance
_BRACKET = re.compile(r".*\[([^\[\]]+)\]")
_QUESTION = re.compile(r"^.*[:?]\s+")
_NUMBER = re.compile(r"(?:q(?:uestion)? ?\d+|第?\d+题?|\(\d+\))\s*[.):、_-]+\s*", re.IGNORECASE)
_BEFORE = re.compile(
    r"(?:which (?:one )?is (?:the )?more important|please compare|compare|comparison of|comparing|between|"
    r"请比较|您?认为|您?觉得|你认为|关于)[\s,:,]*",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?:[\s,(\[_?:.-]*(?:which\b|how (?:much|many|strong)|intensity|degree|strength|scale\b|choice|winner|"
    r"(?:is |are )?more important|相比|哪一?个|哪一?项|谁更|孰|何者|更重要|重要程度|程度|强度|倍数|选择)"
    r".*|[\s?。,.]+)$",
    re.IGNORECASE,
)


def pairs_in(titles: list[str], judged: Iterable[int]) -> Pairs:
    """Which headings name a pair, and which of its names is first.

    Where a heading can be parted in several places, as ``service_quality_price`` can, the names of the others decide.

    Parameters
    ----------
    titles
        Plain text.
    judged
        The places of the columns that hold judgements: names like ``first_name`` look like pairs too.

    Examples
    --------
    >>> pairs_in(["id", "Price vs Service", "Price vs After-sales service"], [1, 2])
    {1: ('Price', 'Service'), 2: ('Price', 'After-sales service')}
    >>> pairs_in(["service_quality_price", "service_quality_brand", "price_brand"], [0, 1, 2])
    {0: ('service_quality', 'price'), 1: ('service_quality', 'brand'), 2: ('price', 'brand')}
    """
    places = set(judged)
    best: Pairs = {}
    for strength, separator in enumerate(_SEPARATORS):
        found = {at: pairs for at, title in enumerate(titles) if at in places and (pairs := _parted(title, separator))}
        decided = _decided(found)
        if strength >= _SURE:
            decided = _linked(decided)
        if len(decided) > len(best):
            best = decided
        if best and strength == _SURE - 1:
            break
    return best


def _parted(title: str, separator: re.Pattern[str]) -> list[tuple[str, str]]:
    """All ways to part a heading in two names."""
    bracket = _BRACKET.match(title)
    question = _QUESTION.sub("", title.rstrip("? "))
    for text in [bracket[1] if bracket else "", question, title]:
        bare = _bare(text)
        found = [(bare[: match.start()].strip(), bare[match.end() :].strip()) for match in separator.finditer(bare)]
        pairs = [_without_numbers(first, second) for first, second in found if first and second]
        if pairs:
            return pairs
    return []


def _bare(text: str) -> str:
    text = (
        _BEFORE.sub("", plain(text), count=1) if _BEFORE.match(_NUMBER.sub("", plain(text), count=1)) else plain(text)
    )
    return _BEHIND.sub("", text).strip(" ?\"'“”")


def _without_numbers(first: str, second: str) -> tuple[str, str]:
    """The number of a question stands before the first name only; numbers before both belong to the names."""
    if (number := _NUMBER.match(first)) and not _NUMBER.match(second) and number.end() < len(first):
        return first[number.end() :].strip(), second
    return first, second


def _decided(found: dict[int, list[tuple[str, str]]]) -> Pairs:
    decided = {at: pairs[0] for at, pairs in found.items() if len(pairs) == 1}
    possible = Counter(folded(name) for pairs in found.values() for name in {name for pair in pairs for name in pair})
    left = {at: pairs for at, pairs in found.items() if at not in decided}
    while left:
        known = {folded(name) for pair in decided.values() for name in pair}
        chosen = {at: _only_best(pairs, known, possible) for at, pairs in left.items()}
        sure = {at: pair for at, pair in chosen.items() if pair}
        if not sure:
            break
        decided |= sure
        left = {at: pairs for at, pairs in left.items() if at not in sure}
    return {at: decided[at] for at in sorted(decided)}


def _only_best(pairs: list[tuple[str, str]], known: set[str], possible: Mapping[str, int]) -> tuple[str, str] | None:
    """The one way to part that leaves most known names; where none is known, the most frequent ones."""
    for worth in (
        [sum(folded(name) in known for name in pair) for pair in pairs],
        [min(possible[folded(name)] for name in pair) for pair in pairs],
    ):
        best = [pair for pair, value in zip(pairs, worth, strict=True) if value == max(worth)]
        if len(best) == 1:
            return best[0]
    return None


def _linked(decided: Pairs) -> Pairs:
    """Pairs of names that occur in other pairs too; if there are none, the only pair."""
    uses = Counter(folded(name) for pair in decided.values() for name in set(pair))
    linked = {at: pair for at, pair in decided.items() if any(uses[folded(name)] > 1 for name in pair)}
    return linked or (decided if len(decided) == 1 else {})
