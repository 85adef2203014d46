"""Parameters of notebooks: their names, kinds, ranges and choices, checked before anything runs."""

import ast
import math
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import nbformat
import papermill

from crmlib.cases import ParameterEntry, load_case
from crmlib.errors import InputError, Problem
from crmlib.publishing.project import Project
from crmlib.reading.sheets import open_sheets

__all__ = ["declared_parameters", "default_parameters", "parameter_problems", "parsed_parameters"]

_KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text", list: "a list"}


def declared_parameters(path: Path) -> dict[str, Any]:
    """The parameters a notebook declares, as papermill reads them: name to default and help.

    Raises InputError if the notebook cannot be read or has not exactly one cell tagged ``parameters``.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat raises many kinds; all mean that the file is no notebook
        raise InputError(str(path), [Problem("the file", f"not a notebook ({error})", "Restore it")]) from None
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        remedy = "Tag the one cell that sets the parameters with 'parameters'"
        raise InputError(str(path), [Problem("the parameters cell", f"found {len(tagged)}", remedy)])
    return dict(papermill.inspect_notebook(str(path)))


def default_parameters(path: Path) -> dict[str, object]:
    """The default of each parameter, as a value.

    Raises InputError if a default is computed: what a parameter is when nobody sets it must be readable.
    """
    declared = declared_parameters(path)
    defaults, problems = {}, []
    for name, entry in declared.items():
        try:
            defaults[name] = ast.literal_eval(entry["default"])
        except (ValueError, SyntaxError):
            remedy = "Write a number, a text or a list; compute with it in the next cell"
            problems.append(Problem(f"parameter {name!r}", f"its default is {entry['default']}", remedy))
    if problems:
        raise InputError(str(path), problems)
    return defaults


def parsed_parameters(path: Path, texts: Mapping[str, str]) -> dict[str, object]:
    """Parameters as somebody typed them, each of the kind of its default; what does not fit stays text."""
    defaults = default_parameters(path)
    return {name: _parsed(text, defaults.get(name)) for name, text in texts.items()}


def _parsed(text: str, default: object) -> object:
    if isinstance(default, bool):
        return {"true": True, "false": False}.get(text.strip().lower(), text)
    if isinstance(default, list):
        return _list(text)
    kinds = (int, float) if isinstance(default, float) else (int,) if isinstance(default, int) else ()
    for kind in kinds:
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _list(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def parameter_problems(project: Project, name: str, parameters: Mapping[str, object]) -> list[Problem]:
    """What is wrong with parameters that somebody set: unknown, of another kind, out of range, none of the choices."""
    defaults = default_parameters(project.notebook(name))
    if not parameters:
        return []
    case = load_case(name, data=project.data)
    files = {key: Path(str(given)) for key in case.files if (given := parameters.get(key))}
    problems = []
    for key, value in parameters.items():
        if key not in defaults:
            problems.append(_unknown_parameter(key, list(defaults)))
        elif not _fits(defaults[key], value):
            found = f"found {value!r}"
            problems.append(
                Problem(_named(key), found, f"Give {_KINDS[type(defaults[key])]}, such as {defaults[key]!r}")
            )
        elif key in case.entry.parameters:
            entry = case.entry.parameters[key]
            choices = entry.choices or (_first_column({**case.files, **files}[entry.names]) if entry.names else [])
            problems += [Problem(_named(key), *told) for told in _out_of_range(value, entry, choices)]
    return problems


def _named(name: str) -> str:
    return f"parameter {name!r}"


def _fits(default: object, value: object) -> bool:
    """Whether a value is of the kind of the default, and finite; a whole number will do for a number."""
    if isinstance(value, float) and not math.isfinite(value):
        return False
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    return isinstance(value, type(default)) or (isinstance(default, float) and isinstance(value, int))


def _out_of_range(value: object, entry: ParameterEntry, choices: list[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a value of the right kind, each with its remedy; of a list, with each of its items."""
    items = list(_items(value))
    if entry.items is not None and len(items) != entry.items:
        yield f"has {len(items)} items", f"Give {entry.items}"
    for item in items:
        found = f"found {item!r}"
        if isinstance(item, str):
            if item == "" and entry.optional:
                continue
            if choices and item not in choices:
                yield found, f"Give one of {', '.join(choices)}"
            elif entry.form and not _FORMS[entry.form][0].fullmatch(item):
                yield found, _FORMS[entry.form][1]
        elif isinstance(item, int | float) and not entry.allows(item):
            yield found, f"Give a number {entry.range}"
        elif not isinstance(item, int | float):
            yield found, "Give a list of numbers or texts"
    numbers = [item for item in items if isinstance(item, int | float)]
    if entry.total is not None and not math.isclose(sum(numbers), entry.total):
        yield f"adds up to {sum(numbers):g}", f"Together they are {entry.total:g}"


#: What a text must look like, and how to say so.
_FORMS = {
    "day": (re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"), "Write a day as 2024-12-31"),
    "month": (re.compile(r"\d{4}-(0[1-9]|1[0-2])"), "Write a month as 2024-12"),
    "judgement": (re.compile(r"[1-9]|1/[1-9]"), "Write a judgement as 3 or 1/3, from 1/9 to 9"),
}


def _items(value: object) -> Iterator[object]:
    if isinstance(value, list):
        for item in value:
            yield from _items(item)
    else:
        yield value


def _first_column(path: Path) -> list[str]:
    """The names in the first column of a data file, each once; the first row is the heading."""
    names = open_sheets(path)[0].cells[1:, 0]
    return list(dict.fromkeys(str(name) for name in names if name is not None))


def _unknown_parameter(name: str, declared: list[str]) -> Problem:
    close = get_close_matches(name, declared, n=1)
    hint = f"Did you mean {close[0]!r}? " if close else ""
    return Problem(_named(name), "is not declared by the notebook", f"{hint}It has {', '.join(declared)}")
