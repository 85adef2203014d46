"""Faults made by rule: in the data, the facts, the pins, the prose, the tables and the figures of every chapter.

A fault that changes no value is planted into a run that was made once; what reaches the values or what is drawn needs a
run of its own, and there many faults are planted together, each of which must be told by itself.
"""

import csv
import io
import random
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path

from nbformat import NotebookNode

from crmlib.publishing.runner import Run

__all__ = ["CodeFault", "Fault", "change_digit", "code_faults", "data_fault", "file_faults", "prose_faults"]

#: Words that a slip of the hand exchanges; the other one makes another statement.
WORDS = {
    "more": "less", "less": "more", "most": "least", "first": "last", "last": "first", "above": "below",
    "below": "above", "high": "low", "low": "high", "never": "always", "always": "never", "all": "some",
    "one": "two", "two": "three", "three": "four", "four": "five", "not": "surely", "and": "or", "larger": "smaller",
    "so": "yet", "only": "also", "every": "no", "each": "some",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """A fault that needs no run of its own: what it is, and the run and the texts of the case's files with it."""

    kind: str
    told: str
    run: Run
    files: dict[str, str]


def change_digit(text: str, choice: random.Random) -> str:
    """A number with one of its last digits changed; other text comes back as it is."""
    digits = [at for at, letter in enumerate(text) if letter.isdigit()]
    if not digits:
        return text
    at = choice.choice(digits[-2:])
    other = choice.choice([digit for digit in "123456789" if digit != text[at]])
    return text[:at] + other + text[at + 1 :]


def _with_cell(run: Run, at: int, **changes: object) -> Run:
    """The run with one cell changed; the others are shared."""
    cells = list(run.notebook.cells)
    cells[at] = NotebookNode(cells[at] | changes)
    return replace(run, notebook=NotebookNode(run.notebook | {"cells": cells}))


def prose_faults(run: Run, choice: random.Random, each: int) -> Iterator[Fault]:
    """Faults in the Markdown of a chapter: `each` of every rule, where the chapter has a place for it."""
    rules: dict[str, Callable[[str], Iterator[str]]] = {
        "glue exchanged": lambda text: _exchanged(text, [name for name, _ in _glued(run)], run),
        "format": lambda text: _formats(text, run),
        "word": _words,
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
            yield Fault(kind, f"{run.case}, cell {cell}", _with_cell(run, cell, source=other), {})


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


def _words(text: str) -> Iterator[str]:
    for match in re.finditer(r"(?<![\w`{-])(" + "|".join(WORDS) + r")(?![\w`}-])", text):
        yield text[: match.start()] + WORDS[match[1]] + text[match.end() :]


def file_faults(run: Run, folder: Path, choice: random.Random, each: int) -> Iterator[Fault]:
    """Faults in what a run is compared with: facts and pins, and values that a notebook no longer records rightly."""
    facts = (folder / "published.yml").read_text(encoding="utf-8")
    pins = (folder / "expected.yml").read_text(encoding="utf-8")
    printed = list(re.finditer(r'printed: "([^"]*\d[^"]*)"', facts))
    pinned = list(re.finditer(r'^  ".*": "(-?\d+\.\d+(?:e[-+]\d+)?)"$', pins, re.M))
    for match in choice.sample(printed, min(each, len(printed))):
        other = facts[: match.start(1)] + change_digit(match[1], choice) + facts[match.end(1) :]
        yield Fault("fact", f"{run.case}: {match[1]}", run, {"published.yml": other})
    for match in choice.sample(pinned, min(each, len(pinned))):
        mantissa, mark, exponent = match[1].partition("e")
        other = pins[: match.start(1)] + change_digit(mantissa, choice) + mark + exponent + pins[match.end(1) :]
        yield Fault("pin", f"{run.case}: {match[1]}", run, {"expected.yml": other})
    recorded = [
        (at, number)
        for at, cell in enumerate(run.notebook.cells)
        for number, output in enumerate(cell.get("outputs", []))
        if "value" in output.get("metadata", {}).get("crmlib", {})
    ]
    for at, number in choice.sample(recorded, min(each, len(recorded))):
        outputs = run.notebook.cells[at]["outputs"]
        renamed = deepcopy(outputs[number])
        renamed["metadata"]["scrapbook"]["name"] += ".x"
        others = [output for place, output in enumerate(outputs) if place != number]
        yield Fault("value dropped", f"{run.case}, cell {at}", _with_cell(run, at, outputs=others), {})
        yield Fault("value renamed", f"{run.case}, cell {at}", _with_cell(run, at, outputs=[*others, renamed]), {})


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
        if match := re.search(r"^(?:table|figures\.\w+)\(\s*([a-z_]+)(?=[,.])", code, re.M):
            reverse = "(lambda f: f.iloc[::-1] if hasattr(f, 'iloc') and len(f) > 1 else f)"
            yield CodeFault(
                "rows reversed", cell, code[: match.start(1)] + f"{reverse}({match[1]})" + code[match.end(1) :]
            )
