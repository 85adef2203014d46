"""What a table must hold: its columns, their kinds, units and ranges. A declaration stands in case.yml or in code."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Column", "Kind", "Table"]

Kind = Literal["name", "text", "number", "share", "count", "day", "month", "amount", "judgement", "yes/no", "choice"]


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Declared):
    """One column.

    Attributes
    ----------
    id, label, chinese, also
        Its names, any of which may be its heading.
    kind
        ``name`` and ``text`` are text; ``number`` and ``amount`` numbers; ``count`` a whole number from 0; ``share`` a
        number from 0 to 1, which may be written as a percentage; ``judgement`` a positive number or fraction; ``day`` a
        date; ``month`` a month as ``2024-12``; ``yes/no`` a truth value; ``choice`` one of the `choices`.
    unit
        In words; one that begins with ``%`` lets cells be written as percentages.
    minimum, maximum, typical
        What a value can be, and between what most values lie: a column that is not of this order is questioned.
    required, empty
        Whether the column must be there, and whether a cell may be empty.
    asked
        Whether it is asked which column is meant, where several have one of its names as heading.
    """

    id: str
    kind: Kind = "number"
    label: str = ""
    chinese: str = ""
    also: tuple[str, ...] = ()
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    typical: tuple[float, float] | None = None
    choices: tuple[str, ...] = ()
    required: bool = True
    empty: bool = False
    asked: bool = False

    @property
    def names(self) -> list[str]:
        """All headings that mean this column, the most exact first."""
        return [name for name in (self.id, self.label, self.chinese, *self.also) if name]

    @property
    def numeric(self) -> bool:
        """Whether its cells are numbers."""
        return self.kind in ("number", "share", "count", "amount", "judgement")

    def __str__(self) -> str:
        named = " or ".join(dict.fromkeys(name for name in (self.id, self.label, self.chinese) if name))
        about = ", ".join(word for word in (self.kind, self.unit, *self.choices) if word)
        optional = "; may be left out" if not self.required else "; cells may be empty" if self.empty else ""
        return f"{named} ({about}{optional})"


class Table(_Declared):
    """A table: its columns, those that together name a row, and the kind of all further columns, if they are read."""

    columns: tuple[Column, ...] = Field(min_length=1)
    key: tuple[str, ...] = ()
    further: Kind | None = None
