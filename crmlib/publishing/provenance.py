"""What each recorded value of a notebook is made of, read from the notebook's code.

The code is not run here. Every name is followed back through all its assignments, so a value may be said to depend on
more than it does; through aliases, changes in place and control flow it may also be said to depend on less. This tells
which values a changed parameter or a replaced file can touch, whether a value seems computed or only repeats what was
taken over, and the origin of a number on a page. It finds slips, and does not prove that a result was computed.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from crmlib.cases import Case, Origin, load_case
from crmlib.cases.holdings import weakest
from crmlib.publishing.syntax import (
    Record,
    argument,
    bound_inside,
    case_loaded,
    column_values,
    literal,
    pattern,
    records,
)

__all__ = ["Part", "Provenance"]

#: Attributes of a case and the path of what they give; what is not listed may give anything.
_ATTRIBUTES = {
    "customers": "files.customers",
    "tree": "judgements",
    "judgements": "judgements",
    "experts": "judgements",
    "cuts": "cuts",
    "criteria": "criteria",
    "costs": "criteria",
    "quadrants": "quadrants",
    "segments": "quadrants",
    "printed": "facts",
    "facts": "facts",
}
#: Attributes whose subscript says which one, and what they hold.
_COLLECTIONS = {"files": "files", "tables": "files", "lists": "lists"}
#: Parts that hold names and wordings, not data.
_NAMES = ("criteria", "quadrants", "lists")
#: Modules that read, record or show, and compute nothing.
_NO_METHODS = ("crmlib.cases", "crmlib.tables", "crmlib.figures", "crmlib.explorer")


@dataclass(frozen=True, order=True)
class Part:
    """Something that a value is made of.

    `kind` is ``method`` (a function of the library), ``parameter`` (of the notebook) or ``path`` (a thing of a case);
    `case` is the case of a path.
    """

    kind: str
    name: str
    case: str = ""


class Provenance:
    """The parts of every value that a notebook records.

    Parameters
    ----------
    cells
        Code of the notebook by position of the cell, without the cells that only set parameters.
    parameters
        Names of the notebook's parameters.
    case
        The notebook's own case, with the files that the user brought.
    data
        The folder of the cases, of which a notebook may load others too.
    """

    def __init__(self, cells: Mapping[int, str], parameters: Collection[str], case: Case, data: Path) -> None:
        self._cells = {at: ast.parse(source) for at, source in cells.items()}
        self._parameters, self._own = parameters, case
        self._assigned: dict[str, list[ast.AST]] = defaultdict(list)
        self._imported: dict[str, str] = {}
        self._loaded: dict[str, set[str]] = defaultdict(set)
        nodes = [node for tree in self._cells.values() for node in ast.walk(tree)]
        for node in nodes:
            self._import(node)
            self._read(node)
        self._recorded = {at: list(records(tree)) for at, tree in self._cells.items()}
        others = {loaded for node in nodes for loaded in [case_loaded(node)] if loaded} - {case.name}
        self._cases = {case.name: case} | {name: load_case(name, data=data) for name in others}

    def parts(self, name: str, cell: int) -> frozenset[Part]:
        """Everything that the value `name`, recorded in a cell, may be made of."""
        return frozenset(part for record in self.records(name, cell) for part in self._recorded_parts(record))

    def calls(self, name: str, cell: int) -> list[frozenset[Part]]:
        """The parts of each call that writes the name out most fully, which is the one that recorded the value."""
        return [self._recorded_parts(record) for record in self._fullest(name, cell)]

    def typed(self, name: str, cell: int) -> bool:
        """Whether such a call records what is made of the code alone, whatever conditions it stands under."""
        values = [self._parts(argument(call, 1, "value")) for call, _ in self._fullest(name, cell)]
        return any(all(part.kind == "method" for part in parts) for parts in values)

    def _fullest(self, name: str, cell: int) -> list[Record]:
        found = self.records(name, cell)
        written = [literal(argument(call, 0, "name")) for call, _ in found]
        return [record for record, length in zip(found, written, strict=True) if length == max(written)]

    def _recorded_parts(self, record: Record) -> frozenset[Part]:
        call, conditions = record
        return frozenset(
            part for made_from in [argument(call, 1, "value"), *conditions] for part in self._parts(made_from)
        )

    def origin(self, name: str, cell: int) -> Origin:
        """Origin of a recorded value: that of its fact, otherwise of what it is made of."""
        if name in self._own.facts:
            return Origin(self._own.origin(f"facts.{name}"))
        return self.made_of(self.parts(name, cell))

    def made_of(self, parts: Collection[Part]) -> Origin:
        """The weakest origin of some parts.

        Names count only where no data do, parameters only where nothing else does or where the user set them; what is
        made of nothing but numbers in the code is assumed, and what a method computes from published things is
        recovered.
        """
        paths = [part for part in parts if part.kind == "path"]
        data = [part for part in paths if part.name.partition(".")[0] not in _NAMES] or paths
        found = [
            Origin.PUBLISHED if part.name == "facts" else Origin(self._cases[part.case].origin(part.name))
            for part in data
        ]
        parameters = [part.name for part in parts if part.kind == "parameter"]
        if not self._own.changed.isdisjoint(parameters):
            return Origin.OWN
        found = found or [Origin(self._own.origin(f"parameters.{name}")) for name in parameters]
        computed = [Origin.RECOVERED] if found and any(part.kind == "method" for part in parts) else []
        return weakest([*found, *computed] or [Origin.ASSUMED])

    def tables(self, cell: int) -> list[Origin]:
        """The weakest origin of what each table of a cell is made of, in their order."""
        calls = [
            node
            for node in ast.walk(self._cells[cell])
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "table" and node.args
        ]
        return [self.made_of(self._parts(call.args[0])) for call in calls]

    def column(self, cell: int, name: str) -> Origin | None:
        """The weakest origin of what a cell puts into a column of its table, or None if it names no such column.

        Methods are left aside, and printed facts are taken as such: other things only choose their rows.
        """
        values = column_values(self._cells[cell], name)
        parts = {part for value in values for part in self._parts(value) if part.kind != "method"}
        printed = {part for part in parts if part.name == "facts"}
        return self.made_of(printed or parts) if values else None

    def records(self, name: str, cell: int) -> list[Record]:
        """The calls of ``record`` in a cell that may have recorded a value of this name, each with its conditions."""
        return [
            (call, conditions)
            for call, conditions in self._recorded[cell]
            if re.fullmatch(pattern(argument(call, 0, "name")) + r"(\..+)?", name)
        ]

    def _import(self, node: ast.AST) -> None:
        """Note the full name of what is imported."""
        match node:
            case ast.Import(names=names):
                for alias in names:
                    root = alias.name.partition(".")[0]
                    self._imported |= {alias.asname: alias.name} if alias.asname else {root: root}
            case ast.ImportFrom(module=str(module), names=names):
                self._imported |= {alias.asname or alias.name: f"{module}.{alias.name}" for alias in names}

    def _read(self, node: ast.AST) -> None:
        """Note loaded cases, and what each name is made from."""
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if loaded := case_loaded(value):
                self._loaded[name].add(loaded)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assign(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.AugAssign(target=target, value=value):
                self._assign(target, value)
            case ast.NamedExpr(target=target, value=value):
                self._assign(target, value)
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                self._assign(target, value)
            case ast.For(target=target, iter=value):
                self._assign(target, value)
                self._decide(node, value)
            case ast.If(test=value) | ast.While(test=value) | ast.Match(subject=value):
                self._decide(node, value)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=changed), args=arguments, keywords=named)):
                for argument in [*arguments, *(keyword.value for keyword in named)]:
                    self._assign(changed, argument)  # such as found.append(x)

    def _decide(self, block: ast.AST, condition: ast.AST) -> None:
        """Note that what a block changes is made from its condition too: how often, or which of several."""
        for node in ast.walk(block):
            match node:
                case ast.Name(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store()):
                    self._assign(node, condition)
                case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                    self._assigned[name].append(condition)
                case ast.Expr(value=ast.Call(func=ast.Attribute(value=changed))):
                    self._assign(changed, condition)

    def _assign(self, target: ast.AST, value: ast.AST) -> None:
        match target, value:
            case ast.Name(id=name), _:
                self._assigned[name].append(value)
            case ast.Tuple(elts=inside), ast.Tuple(elts=values) if len(inside) == len(values) and not any(
                isinstance(one, ast.Starred) for one in [*inside, *values]
            ):
                for one, made_from in zip(inside, values, strict=True):
                    self._assign(one, made_from)
            case ((ast.Tuple(elts=inside) | ast.List(elts=inside)), _):
                for one in inside:
                    self._assign(one, value)
            case ((ast.Starred(value=inside) | ast.Attribute(value=inside)), _):
                self._assign(inside, value)
            case ast.Subscript(value=inside, slice=place), _:
                self._assign(inside, value)
                self._assign(inside, place)

    def _parts(self, expression: ast.AST) -> set[Part]:
        found: set[Part] = set()
        seen: set[str] = set()
        waiting: list[tuple[ast.AST, frozenset[str]]] = [(expression, frozenset())]
        while waiting:
            node, bound = waiting.pop()
            if isinstance(node, ast.Name):
                if node.id not in bound | seen:
                    seen.add(node.id)
                    found |= self._named(node.id)
                    if node.id not in self._parameters:
                        waiting += [(value, frozenset()) for value in self._assigned[node.id]]
            elif (loaded := case_loaded(node)) is not None:
                found |= self._whole(loaded)
            elif (path := self._path(node)) is not None:
                found |= path
                waiting += [(node.slice, bound)] if isinstance(node, ast.Subscript) else []
            elif (dotted := self._dotted(node)) is not None:
                found |= self._method(dotted)
            else:
                inside = bound | bound_inside(node)
                waiting += [(child, inside) for child in ast.iter_child_nodes(node)]
                if generators := getattr(node, "generators", []):  # the first is read before any name is bound
                    waiting.append((generators[0].iter, bound))
        return found

    def _named(self, name: str) -> set[Part]:
        if name in self._parameters:
            return {Part("parameter", name)}
        if name in self._loaded:
            return {part for case in self._loaded[name] for part in self._whole(case)}
        return self._method(self._imported[name]) if name in self._imported else set()

    def _path(self, node: ast.AST) -> set[Part] | None:
        """The thing of a case that an expression such as ``case.files["orders"]`` names, or None."""
        match node:
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name(id=name), attr=attribute), slice=ast.Constant(value=str(key))
            ) if name in self._loaded and attribute in _COLLECTIONS:
                return {Part("path", f"{_COLLECTIONS[attribute]}.{key}", case) for case in self._loaded[name]}
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in self._loaded:
                return {part for case in self._loaded[name] for part in self._given(case, attribute)}
        return None

    def _given(self, case: str, attribute: str) -> set[Part]:
        """What an attribute of a case gives."""
        if attribute == "origin":
            return set()
        if attribute in _COLLECTIONS:
            entry = self._cases[case].entry
            held = _COLLECTIONS[attribute]
            names = entry.file_names if held == "files" else entry.lists
            return {Part("path", f"{held}.{key}", case) for key in names}
        return {Part("path", _ATTRIBUTES[attribute], case)} if attribute in _ATTRIBUTES else self._whole(case)

    def _whole(self, case: str) -> set[Part]:
        entry = self._cases[case].entry
        names = [*(f"files.{name}" for name in entry.file_names), *(["judgements"] if entry.criteria else []), "facts"]
        return {Part("path", name, case) for name in names}

    def _dotted(self, node: ast.AST) -> str | None:
        """The full name of something imported, such as ``crmlib.ahp.tree_weights``."""
        if isinstance(node, ast.Name):
            return self._imported.get(node.id)
        if isinstance(node, ast.Attribute) and (before := self._dotted(node.value)) is not None:
            return f"{before}.{node.attr}"
        return None

    def _method(self, dotted: str) -> set[Part]:
        counts = dotted.startswith("crmlib.") and not dotted.startswith(_NO_METHODS)
        return {Part("method", dotted)} if counts else set()
