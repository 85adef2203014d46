"""Faults made by rule: in the data, the facts, the pins, the prose, the tables and the figures of every chapter.

A fault that changes no value is planted into a run that was made once; what reaches the values or what is drawn needs a
run of its own, and there many faults are planted together, each of which must be told by itself.
"""

import ast
import csv
import io
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from crmlib.publishing.runner import Run

__all__ = [
    "CodeFault",
    "FileFault",
    "ProseFault",
    "change_digit",
    "code_faults",
    "data_fault",
    "file_faults",
    "page_faults",
    "prose_faults",
    "record_faults",
    "with_cells",
]

#: Words that a slip of the hand exchanges, by kind of fault; the other one makes another statement.
WORDS = {
    "number word": {
        "one": "two", "two": "three", "three": "four", "four": "five", "five": "six", "six": "five", "seven": "six",
        "both": "neither", "twice": "once", "half": "a third", "tenth": "fifth", "hundred": "thousand",
    },
    "comparison": {
        "more": "less", "less": "more", "most": "least", "least": "most", "first": "last", "last": "first",
        "above": "below", "below": "above", "never": "always", "always": "never", "larger": "smaller",
        "largest": "smallest", "best": "worst", "hardly": "clearly", "all": "some", "every": "no", "none": "some",
    },
    "word": {
        "high": "low", "low": "high", "not": "surely", "and": "or", "so": "yet", "only": "also", "each": "some",
        "can": "must", "is": "was", "profit": "loss", "customers": "firms",
    },
}  # fmt: skip


@dataclass(frozen=True)
class ProseFault:
    """Another Markdown of one cell, as a slip of the hand would leave it."""

    kind: str
    cell: int
    markdown: str


@dataclass(frozen=True)
class FileFault:
    """A change in what a run is compared with: the id of the fact or pin, the file, and what is done to its entries."""

    kind: str
    name: str
    file: str
    change: Callable[[Any], None]


def change_digit(text: str, choice: random.Random) -> str:
    """A number with one of its last digits changed; other text comes back as it is."""
    digits = [at for at, letter in enumerate(text) if letter.isdigit()]
    if not digits:
        return text
    at = choice.choice(digits[-2:])
    other = choice.choice([digit for digit in "123456789" if digit != text[at]])
    return text[:at] + other + text[at + 1 :]


def prose_faults(run: Run, choice: random.Random, each: int) -> Iterator[ProseFault]:
    """Faults in the Markdown of a chapter: `each` of every rule, where the chapter has a place for it."""
    rules: dict[str, Callable[[str], Iterator[str]]] = {
        "glue exchanged": lambda text: _exchanged(text, [name for name, _ in _glued(run)], run),
        "format": lambda text: _formats(text, run),
        "value typed": lambda text: _typed(text, run),
        "badge typed": lambda text: _replaced(text, r"\{origin\}`(\w+) [^`]*`", r"{bdg-warning-line}`\1`"),
        "role misspelt": lambda text: _replaced(text, r"\{(glue:tex|origi|unles|i|ter)(t|n|s|f|m)\}`", r"{\1x}`"),
        "number in code": lambda text: _replaced(text, r"(?<=[a-z])\.$", r" `31.4`."),
        "number in HTML": lambda text: _replaced(text, r"(?<=[a-z])\.$", r" <b>31.4</b>."),
        **{kind: partial(_words, others=others) for kind, others in WORDS.items()},
        "badge": lambda text: (
            text.replace(match[0], "{origin}`" + other + match[2] + "`", 1)
            for match in re.finditer(r"\{origin\}`(\w+)( [^`]*)`", text)
            for other in ("published", "recovered", "assumed")
            if other != match[1]
        ),
        "condition": lambda text: (
            text.replace(match[0], {"{if}": "{unless}", "{unless}": "{if}"}[match[0]], 1)
            for match in re.finditer(r"\{if\}|\{unless\}", text)
        ),
        "formula": lambda text: (
            text[: match.start()] + match[0].translate(str.maketrans("+-", "-+")) + text[match.end() :]
            for match in re.finditer(r"\$[^$\n]*[+-][^$\n]*\$", text)
        ),
        "sentence gone": lambda text: (
            text.replace(line + "\n", "", 1) for line in text.split("\n")[1:-1] if line[:1].isupper()
        ),
    }
    for kind, rule in rules.items():
        planted = [(cell, other) for cell, text in run.prose.items() for other in rule(text) if other != text]
        for cell, other in choice.sample(planted, min(each, len(planted))):
            yield ProseFault(kind, cell, other)


def _glued(run: Run) -> list[tuple[str, str]]:
    return [pair for text in run.prose.values() for pair in re.findall(r"\{glue:\w+\}`([^`:]+)(:[^`]*)?`", text)]


def _exchanged(text: str, names: list[str], run: Run) -> Iterator[str]:
    """Another value of the same kind glued in, one that the reader can tell from the right one."""
    for match in re.finditer(r"\{glue:text\}`([^`:]+)(?::([^`]*))?`", text):
        name, form = match[1], match[2] or ""
        value = run.values.get(name)
        for other in names:
            rival = run.values.get(other)
            if type(rival) is type(value) and value is not None and format(rival, form) != format(value, form):
                yield text[: match.start(1)] + other + text[match.end(1) :]
                break


def _formats(text: str, run: Run) -> Iterator[str]:
    for match in re.finditer(r"\{glue:text\}`([^`:]+):([^`]*)`", text):
        value = run.values.get(match[1])
        for form in (".0f", ".1f", ".0%", ".3f"):
            if isinstance(value, int | float) and format(value, form) != format(value, match[2]):
                yield text[: match.start(2)] + form + text[match.end(2) :]
                break


def _words(text: str, others: Mapping[str, str]) -> Iterator[str]:
    """The text with one word exchanged that stands in no role and in no code."""
    roles = [range(*match.span()) for match in re.finditer(r"\{[\w:-]+\}`[^`]*`|`[^`]*`", text)]
    for match in re.finditer(r"(?<![\w<-])(" + "|".join(others) + r")(?![\w>-])", text):
        if not any(match.start() in role for role in roles):
            yield text[: match.start()] + others[match[1]] + text[match.end() :]


def _replaced(text: str, pattern: str, other: str) -> Iterator[str]:
    """The text with one of the matches replaced."""
    for match in re.finditer(pattern, text, re.MULTILINE):
        yield text[: match.start()] + match.expand(other) + text[match.end() :]


def _typed(text: str, run: Run) -> Iterator[str]:
    """The number itself in the place of a recorded value: the page looks the same."""
    for match in re.finditer(r"\{glue:text\}`([^`:]+)(?::([^`]*))?`", text):
        if isinstance(run.values.get(match[1]), int | float):
            yield text[: match.start()] + format(run.values[match[1]], match[2] or "") + text[match.end() :]


def page_faults(text: str, choice: random.Random) -> Iterator[tuple[str, str]]:
    """A kind and the text of a page with one word of that kind exchanged."""
    for kind, others in WORDS.items():
        if planted := list(_words(text, others)):
            yield kind, choice.choice(planted)


def file_faults(
    facts: Sequence[Mapping[str, Any]], pins: Mapping[str, str], choice: random.Random
) -> Iterator[FileFault]:
    """Faults in the facts and pins of a case, each in another fact or pin."""
    seed = choice.random()  # a fault is the same whenever it is planted
    rules: dict[str, tuple[Callable[[Mapping[str, Any]], bool], Callable[[dict[str, Any]], None]]] = {
        "fact": (lambda fact: bool(re.search(r"\d", fact["printed"])), lambda fact: _misprint(fact, seed)),
        "kind of a fact": (lambda fact: "kind" in fact, lambda fact: fact.update(kind=_WEAKER[fact["kind"]])),
        "place widened": (lambda fact: "at" in fact, lambda fact: fact.update(at=_widened(fact["at"]))),
        "source misspelt": (lambda fact: "source" in fact, lambda fact: fact.update(source=fact["source"] + "x")),
        "quotation": (lambda fact: bool(re.search(r"\d", fact["printed"])) and "text" in fact, _misquote),
    }
    free = list(facts)
    choice.shuffle(free)
    for kind, (fits, change) in [*rules.items(), *list(rules.items())[:2]]:
        if fact := next(filter(fits, free), None):
            free.remove(fact)
            yield FileFault(kind, fact["id"], "published.yml", partial(_changed, name=fact["id"], change=change))
    for fact in free[:2]:
        yield FileFault("fact gone", fact["id"], "published.yml", partial(_removed, name=fact["id"]))
    numbers = [name for name, text in pins.items() if re.fullmatch(r"-?\d+\.\d+(e[-+]\d+)?", text)]
    for at, name in enumerate(choice.sample(numbers, min(6, len(numbers)))):
        mantissa, mark, exponent = pins[name].partition("e")
        kind, other = [
            ("pin", change_digit(mantissa, choice) + mark + exponent),
            ("pin shortened", mantissa[:-3] + mark + exponent),
            ("pin made a bound", "< 9999999999"),
        ][at % 3]
        yield FileFault(kind, name, "expected.yml", partial(_set, name=name, text=other))


_WEAKER = {"result": "kept", "kept": "input", "input": "kept"}


def _misprint(fact: dict[str, Any], seed: float) -> None:
    fact["printed"] = change_digit(fact["printed"], random.Random(seed))  # noqa: S311 (no secret)


def _misquote(fact: dict[str, Any]) -> None:
    fact["text"] = re.sub(r"\d", "9", fact["text"].translate(str.maketrans("两二三四五", "七七七七七")))


def _widened(at: Mapping[str, Any]) -> dict[str, str]:
    return {source: f"{line}-{int(line) + 3}" for source, line in at.items()}


def _changed(entries: dict[str, Any], name: str, change: Callable[[dict[str, Any]], None]) -> None:
    change(next(fact for fact in entries["facts"] if fact["id"] == name))


def _removed(entries: dict[str, Any], name: str) -> None:
    entries["facts"] = [fact for fact in entries["facts"] if fact["id"] != name]


def _set(entries: dict[str, Any], name: str, text: str) -> None:
    entries["expected"][name] = text


def record_faults(run: Run, choice: random.Random, each: int) -> Iterator[tuple[str, str, int, list[NotebookNode]]]:
    """Values that a notebook no longer records, or under another name: kind, name, cell and the outputs of the cell."""
    recorded = {
        at: [output for output in cell.get("outputs", []) if "value" in output.get("metadata", {}).get("crmlib", {})]
        for at, cell in enumerate(run.notebook.cells)
    }
    cells = [at for at, outputs in recorded.items() if outputs]
    for number, at in enumerate(choice.sample(cells, min(2 * each, len(cells)))):
        chosen = choice.choice(recorded[at])
        renamed = deepcopy(chosen)
        name = renamed["metadata"]["scrapbook"]["name"]
        renamed["metadata"]["scrapbook"]["name"] += ".x"
        others = [output for output in run.notebook.cells[at]["outputs"] if output is not chosen]
        kind, kept = ("value dropped", []) if number % 2 else ("value renamed", [renamed])
        yield kind, name, at, [*others, *kept]


def with_cells(run: Run, changes: Mapping[int, Mapping[str, object]]) -> Run:
    """The run with some cells changed; the others are shared."""
    cells = [NotebookNode(cell | changes.get(at, {})) for at, cell in enumerate(run.notebook.cells)]
    return replace(run, notebook=NotebookNode(run.notebook | {"cells": cells}))


def data_fault(path: Path, choice: random.Random) -> str:
    """The text of a CSV file with one digit of one of its numbers changed."""
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    places = [
        (row, column)
        for row in range(1, len(rows))
        for column in range(1, len(rows[row]))
        if re.fullmatch(r"-?\d+(\.\d+)?", rows[row][column])
    ]
    row, column = choice.choice(places)
    rows[row][column] = change_digit(rows[row][column], choice)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


@dataclass(frozen=True)
class CodeFault:
    """A fault in a code cell: the cell, its code with the fault, and what tells that the fault was seen."""

    kind: str
    cell: int
    code: str


def code_faults(run: Run) -> Iterator[CodeFault]:
    """Faults in what a cell shows: caption, text alternative, format, title, order of the rows, size of the bars."""
    for cell, code in run.code.items():
        if match := re.search(r"caption=f?\"(\w+)", code):
            yield CodeFault("caption", cell, code[: match.start(1)] + "Planted" + code[match.end(1) :])
        if match := re.search(r"alt=\"(\w+)", code):
            yield CodeFault("alternative text", cell, code[: match.start(1)] + "Planted" + code[match.end(1) :])
        for match in re.finditer(r"\{:[,.]*\.?(\d)([f%])\}", code):
            digits = "3" if match[1] != "3" else "1"
            yield CodeFault("format of a table", cell, code[: match.start(1)] + digits + code[match.end(1) :])
            break
        if match := re.search(r'\(\s*("[^"\n]+"),\s*("[^"\n]+")\s*\),\s*\n\s*alt=', code):
            swapped = code[: match.start(1)] + f"{match[2]}, {match[1]}" + code[match.end(2) :]
            yield CodeFault("axis titles exchanged", cell, swapped)
        if (pair := _origins(code)) is not None:
            yield CodeFault("origins of columns exchanged", cell, pair)
        if match := re.search(r"^(?:table|figures\.\w+)\(\s*([a-z_]+)(?=[,.])", code, re.M):
            reverse = "(lambda f: f.iloc[::-1] if hasattr(f, 'iloc') and len(f) > 1 else f)"
            yield CodeFault(
                "rows reversed", cell, code[: match.start(1)] + f"{reverse}({match[1]})" + code[match.end(1) :]
            )


def _origins(code: str) -> str | None:
    """The code with the first two origins of columns exchanged, or None if there are no two."""
    words = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.keyword) and node.arg == "origins"]
    calls = [node for word in words for node in ast.walk(word.value) if isinstance(node, ast.Call)]
    told = [ast.get_source_segment(code, node) or "" for node in calls if ast.unparse(node.func).endswith(".origin")]
    one, other = (*dict.fromkeys(told), "", "")[:2]
    return code.replace(one, "\0").replace(other, one).replace("\0", other) if one and other else None
