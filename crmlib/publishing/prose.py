"""The prose of a notebook: marks of origin that are bound to data, and sentences that are shown by condition.

An author writes ``{origin}`assumed customers` ``: the word that is claimed, then the things of the case that it is said
of. A line that starts with ``{if}`claim.steady` `` is shown only if the notebook recorded that claim as true, one that
starts with ``{unless}`claim.steady` `` only if it is false.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from crmlib.cases import Origin
from crmlib.tables import BADGE

__all__ = ["Mark", "conditions", "finished", "marks"]

_MARK = re.compile(r"\{origin\}`(\w*) ?([^`]*)`")
_GLUE = re.compile(r"\{glue:\w+\}`([^`:]+)(?::[^`]*)?`")
_CONDITION = re.compile(r"^(\s*(?:[-*]\s+|\d+\.\s+)?)\{(if|unless)\}`([^`]+)` ?", re.MULTILINE)


@dataclass(frozen=True)
class Mark:
    """A mark of origin in a line of prose: the word, the paths it is said of, and the values glued into the line."""

    word: str
    paths: tuple[str, ...]
    values: tuple[str, ...]


def marks(markdown: str) -> Iterator[Mark]:
    """The marks of a text, line by line, for a line is a sentence."""
    for line in markdown.splitlines():
        for word, paths in _MARK.findall(line):
            yield Mark(word, tuple(paths.split()), tuple(_GLUE.findall(line)))


def conditions(markdown: str) -> list[str]:
    """Names of the claims that decide which sentences are shown."""
    return [name for _, _, name in _CONDITION.findall(markdown)]


def finished(
    markdown: str, values: Mapping[str, object], origin: Callable[..., str], *, hidden: str | None = None
) -> str:
    r"""The text as the page shows it: marks as badges, sentences chosen by what was recorded.

    `origin` tells the origin of some paths, as `Case.origin` does, so that a page of somebody's own data says so. With
    `hidden` the sentences that are not shown stay, behind these words.

    Examples
    --------
    >>> text = "{if}`claim.steady` Nobody moves.\n{unless}`claim.steady` Somebody moves {origin}`assumed customers`."
    >>> finished(text, {"claim.steady": False}, lambda *paths: "own")
    'Somebody moves {bdg-primary-line}`own`.'
    """
    lines = []
    for line in markdown.split("\n"):
        condition = _CONDITION.match(line)
        text = condition[1] + line[condition.end() :] if condition else line
        told = _MARK.sub(lambda mark: _badge(origin(*mark[2].split())), text)
        if condition is None or (values.get(condition[3]) is True) == (condition[2] == "if"):
            lines.append(told)
        elif hidden is not None:
            lines.append(hidden + told)
    return "\n".join(lines)


def _badge(word: str) -> str:
    return f"{{bdg-{BADGE[Origin(word)]}-line}}`{word}`"
