"""Statements of a page that no recorded value bears: numbers, number words and comparisons that somebody typed."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Statement", "typed_statements", "typed_texts"]

_NUMBERS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|dozen|both|"
    "half|thirds?|quarters?|fifths?|tenths?|twice|neither|one of|only one|one in"
)
_DEGREES = (
    "more|less|fewer|greater|larger|smaller|higher|lower|better|worse|longer|shorter|earlier|later|stronger|weaker|"
    "nearer|further|steeper|wider|narrower"
)
_COMPARISONS = (
    f"(?:{_DEGREES}) than|hardly|barely|nearly|almost|mostly|first|last|most|least|largest|smallest|highest|lowest|"
    "best|worst|longest|shortest|strongest|weakest|nearest|never|always|none|nobody|nothing|all|every"
)
NUMBER_WORD = re.compile(rf"\b(?:{_NUMBERS})\b", re.IGNORECASE)
COMPARISON = re.compile(rf"\b(?:{_COMPARISONS})\b", re.IGNORECASE)

_SKIPPED = re.compile(r"\s*(?:\([\w-]+\)=|:(?!alt:|caption:)[\w-]+:.*|[|:\s-]+)$")
_DIRECTIVE = re.compile(r"\s*(?:`{3,}|:{3,})\{([\w-]+)\}\s*(.*)")
#: Directives whose arguments are files, columns and classes.
_NO_TITLE = ("include", "code-block", "bibliography", "figure", "image", "toctree", "raw", "grid", "div")
_CONDITION = re.compile(r"\{(?:if|unless)\}`[^`]*` ?")
_MARKER = re.compile(r"^\s*(?:[-*#]+|\d+\.|:|>)\s+")
_INSIDE = re.compile(r"\{(?:glue:text|origin|cite:\w|download)\}`[^`]*`")
_ROLE = re.compile(r"\{[\w:-]+\}`([^`<]*?)(?:\s*<[^>]*>)?`|\[([^\]]*)\]\([^)]*\)")
_COMMAND = re.compile(r"`(?:crmlib|make|pip|python) [^`]*`")
_FORMULA = re.compile(r"\$([^$]*)\$")


@dataclass(frozen=True)
class Statement:
    """A sentence, what in it was typed instead of recorded, and where it stands."""

    text: str
    typed: tuple[str, ...]
    place: str = "a line"


def typed_statements(markdown: str) -> Iterator[Statement]:
    """The sentences of a page, one a line, that count or compare without a recorded value.

    A comparison behind ``{if}`` or ``{unless}`` is bound to a recorded claim. A number word is not: no claim says it.
    """
    for line in _lines(markdown):
        condition, text = bool(_CONDITION.search(line)), _MARKER.sub("", line).strip()
        shown = _ROLE.sub(lambda role: role[1] or role[2] or "", _INSIDE.sub(" ", _CONDITION.sub("", text)))
        if typed := (*_numbers(shown), *_words(re.sub("`[^`]*`|" + _FORMULA.pattern, " ", shown), condition)):
            yield Statement(text, typed)


def typed_texts(code: str) -> Iterator[Statement]:
    """The captions and text alternatives of a code cell that count or compare; what is computed stands in braces."""
    for node in ast.walk(ast.parse(code)):
        for keyword in node.keywords if isinstance(node, ast.Call) else []:
            if keyword.arg in ("alt", "caption"):
                text = _told(keyword.value)
                shown = re.sub(r"\{[^}]*\}", " ", text)
                if typed := (*re.findall(r"\d[\d.,]*%?", shown), *_words(shown, bound=False)):
                    yield Statement(text, typed)


def _told(value: ast.expr) -> str:
    """The text of an expression, with what it computes in braces."""
    match value:
        case ast.Constant(value=text):
            return str(text)
        case ast.JoinedStr(values=parts):
            return "".join(_told(part) for part in parts)
        case ast.BinOp(left=left, right=right):
            return _told(left) + _told(right)
        case ast.IfExp(body=one, orelse=other):
            return f"{_told(one)} / {_told(other)}"
    return "{" + ast.unparse(value.value if isinstance(value, ast.FormattedValue) else value) + "}"


def _lines(markdown: str) -> Iterator[str]:
    """The lines that a reader sees: no front matter, no code blocks, no options of directives."""
    fences: list[str] = []
    for line in re.sub(r"\A---\n.*?\n---\n", "", markdown, flags=re.DOTALL).split("\n"):
        fence = re.match(r"\s*(`{3,}\{?)", line)
        if directive := _DIRECTIVE.match(line):
            yield directive[2] if directive[1] not in _NO_TITLE else ""
        if fence and fences and line.strip() == fences[-1].rstrip("{"):
            fences.pop()
        elif fence:
            fences.append(fence[1])
        elif all(opened.endswith("{") for opened in fences) and not directive and not _SKIPPED.match(line):
            yield line


def _numbers(text: str) -> Iterator[str]:
    """Numbers in code, in HTML and in formulas that are nothing but a number."""
    for span in re.findall("`[^`]+`", _COMMAND.sub("", text)):
        yield from re.findall(r"\d[\d.,]*%?", span)
    for formula in _FORMULA.findall(text):
        if not re.search("[A-Za-z]", re.sub(r"\\[a-z]+|\\%", "", formula)):
            yield from re.findall(r"\d[\d.,]*", formula)
    if re.search(r"<\w", text):
        yield from re.findall(
            r"\d[\d.,]*%?", re.sub(r'<(?!img)[^>]*>|(?:src|width|height|class|style)="[^"]*"', " ", text)
        )


def _words(text: str, bound: bool) -> Iterator[str]:
    yield from NUMBER_WORD.findall(text)
    if not bound:
        yield from COMPARISON.findall(text)
