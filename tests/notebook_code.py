"""What a notebook's code may not do, because nobody could read from it what a value or a table is made of."""

import ast
from collections.abc import Collection, Iterator

__all__ = ["LAST", "cases_loaded", "code_problems"]

#: Names through which code and names are made at run time.
_HIDDEN = {"eval", "exec", "compile", "globals", "locals", "vars", "setattr", "delattr", "__import__", "open"}
#: Modules through which a notebook could reach files and the library beside what its case gives.
_OUTSIDE = {"builtins", "importlib", "io", "json", "operator", "os", "pathlib", "shutil", "sys", "yaml"}
#: Functions beside those named ``read_...`` that read files.
_LOADERS = {"load", "loadtxt", "genfromtxt", "fromfile", "memmap"}
LAST = "make the table the last expression of its cell: table(frame, caption=..., ...)."


def code_problems(tree: ast.Module, parameters: Collection[str], cases: Collection[str]) -> Iterator[str]:
    """What is wrong in a cell, each with its remedy; `cases` are the names that hold loaded cases."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {alias.asname or alias.name for node in imports for alias in node.names} | {"np", "pd"}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if name in _HIDDEN:
                yield f"{name} hides what is computed; write it out, or move it into crmlib."
            case ast.ImportFrom(names=[ast.alias(name="*")]):
                yield f"import the names of {node.module} one by one."
            case ast.alias(name="record" | "table" | "load_case", asname=str(other)):
                yield f"import {node.name} under its own name, not as {other}."
            case ast.Import() | ast.ImportFrom() if outside := _modules(node) & _OUTSIDE:
                yield f"{min(outside)} reaches past the case; take it from case.files, or move it into crmlib."
            case ast.Attribute() if _changed(node) and isinstance(node.value, ast.Name) and node.value.id in modules:
                yield f"{ast.unparse(node)} changes a module for everybody; call it with an argument instead."
            case ast.Name(id=name, ctx=ast.Store()) if name in parameters:
                yield f"{name} is a parameter; give what is made of it another name."
            case ast.Attribute() | ast.Subscript() if _changed(node) and _root(node) in cases:
                yield f"{ast.unparse(node)} changes the case; change a copy under another name."
            case ast.Name(id="record" | "table" as name, ctx=ast.Load()) if not _called(tree, node):
                yield f"call {name} itself; under another name nobody reads it."
            case ast.Call():
                yield from _call_problems(tree, node, cases)


def _modules(node: ast.Import | ast.ImportFrom) -> set[str]:
    """The first names of the modules that are imported."""
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return {name.partition(".")[0] for name in names}


def cases_loaded(tree: ast.AST) -> set[str]:
    """The names that a cell gives to loaded cases."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Assign) and _name(node.value) == "load_case")
    return {target.id for node in calls for target in node.targets if isinstance(target, ast.Name)}


def _call_problems(tree: ast.Module, call: ast.Call, cases: Collection[str]) -> Iterator[str]:
    match _name(call):
        case "query" | "eval" if "@" in "".join(_texts(call)) or not all(map(_plain, call.args)):
            yield f"{ast.unparse(call)[:60]} hides what it compares with; compare columns instead, as in frame[...]."
        case "record" if len(call.args) != 2 or call.keywords or not all(map(_plain, call.args)):
            yield "write record(name, value): two arguments, by position."
        case "load_case" if not _loads(tree, call):
            yield 'write name = load_case("case", ...): the case in quotation marks, assigned to one name.'
        case "table" if isinstance(call.func, ast.Name):
            last = tree.body[-1]
            if not (isinstance(last, ast.Expr) and last.value is call):
                yield LAST
            if len(call.args) != 1 or not all(map(_plain, call.args)) or None in [word.arg for word in call.keywords]:
                yield "write table(frame, caption=..., ...): the frame by position, the rest by name."
        case "getattr" if _root(call.args[0]) in cases:
            yield f"{ast.unparse(call)[:60]} hides what it takes from the case; write it out."
        case str(name) if (name.startswith("read_") or name in _LOADERS) and not _of_a_case(call, cases):
            yield f"{ast.unparse(call)[:60]} reads past the case; declare the file, and take case.tables[...]."
        case "copyto":
            yield "copyto changes in place what nobody sees it change; assign the result to a name."
        case "append" | "update" | "insert" | "pop" | "setdefault" if _root(call.func) in cases:
            yield f"{ast.unparse(call)[:60]} changes the case; change a copy under another name."
    if any(word.arg == "out" for word in call.keywords):
        yield f"{ast.unparse(call)[:60]} writes into another name; assign the result instead."
    if _root(call.func) in cases and any(word.arg == "inplace" for word in call.keywords):
        yield f"{ast.unparse(call)[:60]} changes the case; change a copy under another name."


def _of_a_case(call: ast.Call, cases: Collection[str]) -> bool:
    """Whether a reader of the library's reads a file of a case, or a name, which the code tells of."""
    return (
        _root(call.func) not in ("np", "pd")
        and bool(call.args)
        and (_root(call.args[0]) in cases or isinstance(call.args[0], ast.Name))
    )


def _loads(tree: ast.Module, call: ast.Call) -> bool:
    literal = bool(call.args) and isinstance(call.args[0], ast.Constant)
    return literal and any(
        isinstance(node, ast.Assign) and node.value is call and [type(one) for one in node.targets] == [ast.Name]
        for node in ast.walk(tree)
    )


def _called(tree: ast.AST, name: ast.Name) -> bool:
    return any(isinstance(node, ast.Call) and node.func is name for node in ast.walk(tree))


def _changed(node: ast.Attribute | ast.Subscript) -> bool:
    return isinstance(node.ctx, ast.Store | ast.Del)


def _root(node: ast.AST) -> str | None:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _name(node: ast.AST) -> str | None:
    """The last name of what is called."""
    return ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else None


def _texts(call: ast.Call) -> Iterator[str]:
    return (node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str))


def _plain(argument: ast.expr) -> bool:
    return not isinstance(argument, ast.Starred)
