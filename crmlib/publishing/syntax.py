"""Pieces of a notebook's code: calls by name, what a call records under which conditions, names bound inside."""

import ast
import re
from collections.abc import Iterator

__all__ = [
    "Record",
    "argument",
    "bound_inside",
    "called",
    "case_loaded",
    "column_values",
    "literal",
    "pattern",
    "records",
]

#: A call of ``record``, and the conditions that it stands under.
Record = tuple[ast.Call, tuple[ast.expr, ...]]


def records(node: ast.AST, conditions: tuple[ast.expr, ...] = ()) -> Iterator[Record]:
    """The calls of ``record`` in a piece of code, each with the conditions that it stands under.

    Examples
    --------
    >>> [(call, conditions)] = records(ast.parse("if large: record('size', 7)"))
    >>> ast.unparse(call), [ast.unparse(condition) for condition in conditions]
    ("record('size', 7)", ['large'])
    """
    if isinstance(node, ast.Call) and called(node) == "record":
        yield node, conditions
    inside = (*conditions, node.test) if isinstance(node, ast.If) else conditions
    for child in ast.iter_child_nodes(node):
        yield from records(child, inside)


def called(call: ast.Call) -> str:
    """The last name of what is called, such as ``record`` of ``cases.record(...)``."""
    return ast.unparse(call.func).rpartition(".")[2]


def argument(call: ast.Call, position: int, name: str) -> ast.expr:
    """An argument of a call, given by its position or by its name; an empty text if it is not there."""
    named = (keyword.value for keyword in call.keywords if keyword.arg == name)
    return call.args[position] if position < len(call.args) else next(named, ast.Constant(value=""))


def case_loaded(node: ast.AST) -> str | None:
    """The case that ``load_case("name", ...)`` loads, or None if this is no such call, or its name is computed."""
    if isinstance(node, ast.Call) and called(node) == "load_case":
        name = argument(node, 0, "name")
        return str(name.value) if isinstance(name, ast.Constant) else None
    return None


def pattern(name: ast.expr) -> str:
    r"""A regular expression for the names that the first argument of ``record`` can give.

    Examples
    --------
    >>> pattern(ast.parse("f'score.{name}'", mode="eval").body)
    'score\\..+'
    """
    match name:
        case ast.Constant(value=str(text)):
            return re.escape(text)
        case ast.JoinedStr(values=values):
            return "".join(pattern(value) for value in values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return pattern(left) + pattern(right)
    return ".+"


def column_values(tree: ast.AST, column: str) -> list[ast.expr]:
    r"""What a cell puts into a column of a table by name: in a dict, an assignment, ``assign`` or ``insert``.

    Examples
    --------
    >>> tree = ast.parse("frame = DataFrame({'Ours': weights}).assign(Share=1)\nframe[f'{n} of'] = printed")
    >>> [ast.unparse(value) for name in ("Ours", "Share", "A of", "B") for value in column_values(tree, name)]
    ['weights', '1', 'printed']
    """
    pairs: list[tuple[ast.expr | None, ast.expr]] = []
    for node in ast.walk(tree):
        match node:
            case ast.Dict(keys=keys, values=values):
                pairs += zip(keys, values, strict=True)
            case ast.Assign(targets=[ast.Subscript(slice=key)], value=value):
                pairs.append((key, value))
            case ast.Call(func=ast.Attribute(attr="assign"), keywords=keywords):
                pairs += [(ast.Constant(word.arg), word.value) for word in keywords]
            case ast.Call(func=ast.Attribute(attr="insert"), args=[_, key, value]):
                pairs.append((key, value))
    named = [(pattern(key), value) for key, value in pairs if isinstance(key, ast.Constant | ast.JoinedStr)]
    return [value for name, value in named if re.fullmatch(name, column) and not _told(value)]


def _told(value: ast.expr) -> bool:
    """Whether a value is said of a column, as its format or its origin is, and not in it."""
    match value:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.Call():
            return called(value) == "origin"
    return False


def literal(name: ast.expr) -> int:
    """How many characters of a recorded name are written out: of two calls that fit, the one with more gives it.

    Examples
    --------
    >>> literal(ast.parse("f'score.{name}'", mode="eval").body)
    6
    """
    return sum(
        len(part.value) for part in ast.walk(name) if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


def bound_inside(node: ast.AST) -> set[str]:
    """Names that a comprehension or a lambda binds for itself."""
    match node:
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            targets = [part for generator in node.generators for part in ast.walk(generator.target)]
            return {part.id for part in targets if isinstance(part, ast.Name)}
        case ast.Lambda(args=arguments):
            return {one.arg for one in arguments.args}
    return set()
