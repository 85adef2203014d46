"""The reference of the library in the book: docstrings as its pages show them, and the pages that a notebook needs.

A page ``library-….md`` of the book names its rooms (``automodule:: crmlib.ahp``); Sphinx reads their docstrings. As an
extension of Sphinx this module turns their keys of sources into citations, and names of the library into links.
"""

import ast
import re
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from nbformat import NotebookNode
from sphinx.application import Sphinx

__all__ = ["pages_of"]

_ROOM = re.compile(r"automodule:: crmlib\.([\w.]+)")
_CITED = re.compile(r"\[([a-z]\w+)\]_")
#: A name in single backticks; roles and code are passed over.
_NAMED = re.compile(r":[\w:]+:`[^`]*`|``.*?``|`([^`<>]+)`")


def rooms_by_page(book: Path) -> dict[str, list[str]]:
    """The rooms that each page of the reference tells of."""
    pages = sorted(book.glob("library-*.md"))
    return {page.stem: _ROOM.findall(page.read_text(encoding="utf-8")) for page in pages}


def pages_of(notebook: NotebookNode, book: Path) -> list[str]:
    """The pages of the reference that tell of what a notebook uses."""
    used = _used("\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code"))
    return [page for page, rooms in rooms_by_page(book).items() if any(_serves(room, used) for room in rooms)]


def _used(code: str) -> set[str]:
    """What code imports from the library, and what it takes from there, such as ``crmlib.ahp.priorities``."""
    tree = ast.parse(code)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    known = {
        name.asname or name.name: f"{node.module}.{name.name}"
        for node in imports
        for name in node.names
        if str(node.module).partition(".")[0] == "crmlib"
    }
    taken = {
        f"{known[node.value.id]}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known
    }
    return {*known.values(), *taken}


def _serves(room: str, used: set[str]) -> bool:
    """Whether any of the names is the room, lies in it, or is one of its names that a larger room gives too."""
    full = f"crmlib.{room}"
    names = set(import_module(full).__all__)
    for one in used:
        above, _, name = one.rpartition(".")
        if f"{one}.".startswith(f"{full}.") or (full.startswith(f"{above}.") and name in names):
            return True
    return False


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    links: dict[str, list[str]] = {}
    for rooms in rooms_by_page(Path(app.srcdir)).values():
        for room in rooms:
            for name in import_module(f"crmlib.{room}").__all__:
                links.setdefault(name, []).append(f"crmlib.{room}.{name}")

    def rewrite(_app: Sphinx, what: str, name: str, _object: object, _options: object, lines: list[str]) -> None:
        # Napoleon would take what stands before a colon in the first line of a property for its type.
        lines[:] = [""] * (what == "property") + linked(lines, links, room=name.rpartition(".")[0])

    app.connect("autodoc-process-docstring", rewrite, priority=400)  # before Napoleon
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def linked(lines: Iterable[str], links: dict[str, list[str]], room: str = "") -> list[str]:
    """Lines of a docstring in which sources are cited, names that the reference knows are links, others are code.

    Of a name that several rooms have, the one of this `room` is meant.

    Examples
    --------
    >>> linked(["See `priorities` and `b` [saaty1980]_."], {"priorities": ["crmlib.ahp.priorities"]})
    ['See :py:obj:`~crmlib.ahp.priorities` and ``b`` :cite:t:`saaty1980`.']
    >>> linked(["With :math:`x` and ``y`` and :math:`z`."], {})
    ['With :math:`x` and ``y`` and :math:`z`.']
    """

    def link(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0]
        if not (homes := links.get(found[1])):
            return f"``{found[1]}``"
        own = f"{room}.{found[1]}"
        return f":py:obj:`~{own if own in homes else homes[0]}`"

    return [
        line if line.lstrip().startswith(">>>") else _NAMED.sub(link, _CITED.sub(r":cite:t:`\1`", line))
        for line in lines
    ]
