"""AHP, customer lifetime value and ABC: the tested methods behind the book on customer value.

The names that a newcomer needs stand here, all others in the rooms (`crmlib.ahp`, `crmlib.clv`, …). A name or a room is
loaded when it is first used, so that ``import crmlib`` takes no time. The list of the names is ``__init__.pyi``.

Examples
--------
>>> import crmlib
>>> crmlib.priorities(crmlib.judgement_matrix([["1/2", "1/3"], ["1/2"]])).weights.round(2).to_list()
[0.16, 0.3, 0.54]
"""

import ast
from importlib import import_module
from pathlib import Path

__version__ = "0.1.0"

_FACE = ast.parse(Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
_ROOMS = {
    str(line.module): [name.name for name in line.names] for line in _FACE.body if isinstance(line, ast.ImportFrom)
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}
__all__ = list(_ROOM_OF)


def __getattr__(name: str) -> object:
    """Load a name of the face, or a room, when it is first asked for."""
    if name in _ROOM_OF:
        value = globals()[name] = getattr(import_module(_ROOM_OF[name]), name)
        return value
    if f"{__name__}.{name}" in _ROOMS:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_ROOM_OF, *(room.removeprefix(f"{__name__}.") for room in _ROOMS)})
