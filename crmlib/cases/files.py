"""Safe reading of the files of a case: nothing is evaluated, every bad place is named."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from crmlib.errors import InputError, Problem

__all__ = ["read_text", "read_yaml"]

Model = TypeVar("Model", bound=BaseModel)


class _UniqueKeyLoader(yaml.CSafeLoader):
    """PyYAML keeps the last of two equal keys in silence; a case file must not lose anything that way.

    The loader is that of libyaml, ten times as quick as the one in Python.
    """


def _mapping_of_unique_keys(loader: _UniqueKeyLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    for position, key in enumerate(keys):
        if key in keys[:position]:
            raise yaml.MarkedYAMLError(
                problem=f"the key {key!r} is given twice", problem_mark=node.value[position][0].start_mark
            )
    return loader.construct_mapping(node, deep=True)


#: Levels of lists and mappings in a file; the deepest case file has ten.
_DEEPEST = 50
_UniqueKeyLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_of_unique_keys)


def read_text(path: Path) -> str:
    """The text of a UTF-8 file; an InputError if it is missing, empty or in another encoding."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        raise InputError(str(path), [Problem("the file", "is not there", "Check the name and the folder")]) from None
    except UnicodeDecodeError as error:
        remedy = "Save it as UTF-8 (in Excel: CSV UTF-8)"
        raise InputError(str(path), [Problem(f"byte {error.start + 1}", "not UTF-8 text", remedy)]) from None
    if not text.strip():
        raise InputError(str(path), [Problem("the file", "is empty", "Fill it in")])
    return text


def read_yaml(path: Path, model: type[Model]) -> Model:
    """Read a YAML file into a pydantic model.

    Raises
    ------
    InputError
        Names line and column of malformed YAML, or lists every unknown, missing or wrong entry.
    """
    try:
        text = read_text(path)
        _check_depth(text)
        content = yaml.load(text, Loader=_UniqueKeyLoader)  # noqa: S506 (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "the file"
        raise InputError(str(path), [Problem(where, error.problem or "not YAML", "Correct the YAML there")]) from None
    except yaml.YAMLError as error:
        raise InputError(str(path), [Problem("the file", str(error), "Correct the YAML there")]) from None
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise InputError(str(path), [_problem_of(entry) for entry in error.errors()]) from None


def _check_depth(text: str) -> None:
    """Refuse what is nested deeper than any case file, before a loader that calls itself meets it."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise yaml.MarkedYAMLError(problem=f"nested more than {_DEEPEST} deep", problem_mark=event.start_mark)  # type: ignore[arg-type]  # the mark of libyaml has the same attributes


def _problem_of(entry: Any) -> Problem:
    where = ".".join(str(part) for part in entry["loc"]) or "the file"
    if entry["type"] == "extra_forbidden":
        return Problem(where, "is not a known entry", "Check the spelling or remove it")
    if entry["type"] == "missing":
        return Problem(where, "is missing", "Add it")
    if entry["type"] == "string_type":
        return Problem(where, f"found {entry['input']!r}, which is not text", "Put it in quotes")
    return Problem(where, f"found {entry['input']!r}", entry["msg"].removeprefix("Value error, "))
