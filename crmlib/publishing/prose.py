"""The prose of a notebook: recorded values, marks of origin that are bound to data, and sentences by condition.

An author writes ``{glue:text}`share:.0%` `` where a recorded value stands, and ``{origin}`assumed customers` `` where a
mark does: the word that is claimed, then the things of the case that it is said of. A line that starts with
``{if}`claim.steady` `` is shown only if the notebook recorded that claim as true, one that starts with
``{unless}`claim.steady` `` only if it is false.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from crmlib.cases import Origin
from crmlib.tables import BADGE

__all__ = ["Mark", "code", "conditions", "finished", "glued", "hidden", "legends", "marks", "plain"]

_MARK = re.compile(r"\{origin\}`(\w*) ?([^`]*)`")
_REFERS = re.compile(r"\W*(?:\{origin\}|(?:It|They|This|That|These|Those|Both|All)\b)")
_GLUE = re.compile(r"\{glue:\w+\}`([^`:]+)(?::([^`]*))?`")
_CONDITION = re.compile(r"^(\s*(?:[-*]\s+|\d+\.\s+)?)\{(if|unless)\}`([^`]+)` ?", re.MULTILINE)


@dataclass(frozen=True)
class Mark:
    """A mark of origin in a line of prose: the word, the paths it is said of, and the values glued into the line."""

    word: str
    paths: tuple[str, ...]
    values: tuple[str, ...]


def marks(markdown: str) -> Iterator[Mark]:
    """The marks of a text, line by line, for a line is a sentence; "It is" and a bare mark speak of the one before."""
    before: list[str] = []
    for line in markdown.splitlines():
        values = glued(line) or (before if _REFERS.match(line) else [])
        for word, paths in _MARK.findall(line):
            yield Mark(word, tuple(paths.split()), tuple(values))
        before = glued(line)


def glued(markdown: str) -> list[str]:
    """Names of the recorded values that a text shows."""
    return [name for name, _ in _GLUE.findall(markdown)]


def hidden(markdown: str, values: Mapping[str, object]) -> list[str]:
    """Names of the numbers that a text shows as zero and that are not zero, or as minus zero.

    Examples
    --------
    >>> hidden("{glue:text}`share:.0%` {glue:text}`share:.1%` {glue:text}`n`", {"share": 0.004, "n": 0})
    ['share']
    """
    shown = {(name, form): values[name] for name, form in _GLUE.findall(markdown) if name in values}
    numbers = {key: value for key, value in shown.items() if isinstance(value, int | float)}
    told = {key: _value(value, key[1]) for key, value in numbers.items() if not isinstance(value, bool)}
    return [
        name
        for (name, form), text in told.items()
        if not re.search("[1-9]", text) and (numbers[name, form] != 0 or text.startswith("−"))
    ]


def conditions(markdown: str) -> list[str]:
    """Names of the claims that decide which sentences are shown."""
    return [name for _, _, name in _CONDITION.findall(markdown)]


def finished(
    markdown: str, values: Mapping[str, object], origin: Callable[..., str], *, hidden: str | None = None
) -> str:
    r"""The text as the page shows it: values in their places, marks as badges, sentences chosen by what was recorded.

    `origin` tells the origin of some paths, as `Case.origin` does, so that a page of somebody's own data says so. With
    `hidden` the sentences that are not shown stay, behind these words.

    Examples
    --------
    >>> text = "{if}`claim.all` All.\n{unless}`claim.all` {glue:text}`change:.0%` {origin}`assumed customers`."
    >>> finished(text, {"claim.all": False, "change": -0.25}, lambda *paths: "own")
    '−25% {bdg-primary-line}`own`.'
    """
    lines = []
    for line in markdown.split("\n"):
        condition = _CONDITION.match(line)
        text = condition[1] + line[condition.end() :] if condition else line
        marked = _MARK.sub(lambda mark: _badge(origin(*mark[2].split())), text)
        told = _GLUE.sub(lambda glue: _value(values.get(glue[1], "not recorded"), glue[2] or ""), marked)
        if condition is None or (values.get(condition[3]) is True) == (condition[2] == "if"):
            lines.append(told)
        elif hidden is not None:
            lines.append(hidden + told)
    return "\n".join(lines)


def legends(markdown: str) -> str:
    """The text of a page beside the chapters, where ``{origin}`assumed` `` explains the badge and says it of nothing.

    Examples
    --------
    >>> legends("A {origin}`published` value.")
    'A {bdg-success-line}`published` value.'
    """
    return _MARK.sub(lambda mark: _badge(mark[1]), markdown)


def plain(text: str) -> str:
    r"""Text that Markdown shows as it is, in one line.

    Examples
    --------
    >>> print(plain("<b> $x$"), plain("- one"), plain("1. one"))
    \<b\> \$x\$ \- one 1\. one
    """
    escaped = re.sub(r"([\\`*_{}\[\]<>#|$^~&])", r"\\\1", _one_line(text))
    return re.sub(r"^(\d+(?=[.)](?: |$))|(?=[-+=%:(]))", r"\1\\", escaped)  # what begins a list, a comment, a block


def code(text: str) -> str:
    """Text as code in a line of Markdown, behind more backticks than it holds.

    Examples
    --------
    >>> code("method = 'a'")
    "`` method = 'a' ``"
    """
    fence = "`" * max(2, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence} {_one_line(text)} {fence}"


def _one_line(text: str) -> str:
    """A text without line breaks, at which Markdown could begin something else."""
    return " ".join(text.splitlines()).strip()


def _value(value: object, form: str) -> str:
    if isinstance(value, str):
        return plain(value)
    return re.sub("^-", "−", format(value, form))


def _badge(word: str) -> str:
    return f"{{bdg-{BADGE[Origin(word)]}-line}}`{word}`"
