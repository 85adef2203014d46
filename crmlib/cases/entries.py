"""What case.yml holds: the tree with its judgements, the quadrants, the lists, the data files."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictStr, field_validator, model_validator

from crmlib.cases.order_table import ORDERS
from crmlib.cases.origins import Origin
from crmlib.reading.declarations import Column, Kind, Table

__all__ = [
    "CaseEntry",
    "ColumnsEntry",
    "CriterionEntry",
    "FileEntry",
    "Judgements",
    "ListEntry",
    "ParameterEntry",
    "QuadrantEntry",
]

Rows = list[list[str | float]]
_CUSTOMER = Column(
    id="customer", kind="name", label="Customer name", chinese="客户",
    also=("客户名称", "客户名", "客户姓名", "客户全称", "Name", "Company", "公司名称", "Customer ID", "客户编号"),
)  # fmt: skip


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Recoverable(_Entry):
    """Something with an origin; what was recovered names the printed facts that it was recovered from."""

    origin: Origin
    recovered_from: list[str] = Field(default=[], alias="from")

    @model_validator(mode="after")
    def _recovered_from_facts(self) -> Self:
        if (self.origin is Origin.RECOVERED) != bool(self.recovered_from):
            raise ValueError("Name under 'from' the facts that it was recovered from, if and only if it was recovered")
        return self


class Judgements(_Recoverable):
    """The comparisons of a criterion's children, above the diagonal or as a full matrix: one, or one an expert."""

    rows: Rows | None = None
    experts: dict[str, Rows] = {}

    @model_validator(mode="after")
    def _rows_or_experts(self) -> Self:
        if (self.rows is None) == (not self.experts):
            raise ValueError("Give either rows or experts")
        return self


_COLUMN = {"label", "chinese", "unit", "minimum", "maximum", "typical"}


class CriterionEntry(_Entry):
    """A node of the tree as case.yml describes it; `origin` says where its name comes from."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    chinese: str
    origin: Origin
    meaning: str = ""
    unit: str = ""
    direction: Literal["benefit", "cost"] = "benefit"
    minimum: float | None = None
    maximum: float | None = None
    typical: tuple[float, float] | None = None
    cuts: list[float] = []
    judgements: Judgements | None = None
    children: list["CriterionEntry"] = []

    @property
    def column(self) -> Column:
        """The indicator as a column of the table of customers."""
        return Column(**self.model_dump(include=_COLUMN), id=self.name)

    def walk(self) -> list["CriterionEntry"]:
        """This entry and all below it, parents before children."""
        return [self, *(entry for child in self.children for entry in child.walk())]


class QuadrantEntry(_Entry):
    """A quadrant of the value matrix: its two levels, its label, and the segment the source puts it in."""

    current: Literal["high", "low"]
    potential: Literal["high", "low"]
    label: str
    chinese: str = ""
    origin: Origin
    segment: str


class ListItem(_Entry):
    """A named thing of a list, with further columns of text; `origin` says where its name comes from."""

    model_config = ConfigDict(extra="allow", frozen=True)

    __pydantic_extra__: dict[str, StrictStr]
    label: str
    chinese: str = ""
    origin: Origin


class ListEntry(_Entry):
    """Names or wordings that belong to the case, such as its stages or its strategies."""

    about: str
    items: dict[str, ListItem] = Field(min_length=1)

    @field_validator("items")
    @classmethod
    def _same_columns(cls, items: dict[str, ListItem]) -> dict[str, ListItem]:
        columns = {tuple(sorted(item.model_dump())) for item in items.values()}
        if len(columns) > 1:
            raise ValueError("Give every item the same columns")
        return items


class ColumnsEntry(_Entry):
    """One column for `each` item of a list of the case, by its name behind a `prefix`; all are declared alike.

    Without a prefix the label of the item in either language is a heading too.
    """

    each: str
    prefix: str = ""
    kind: Kind = "number"
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    required: bool = True
    empty: bool = False

    def columns(self, items: dict[str, ListItem]) -> list[Column]:
        """The columns that are meant."""
        alike = self.model_dump(exclude={"each", "prefix"})
        labels = set() if self.prefix else {"label", "chinese"}
        return [
            Column(id=self.prefix + name, **item.model_dump(include=labels), **alike) for name, item in items.items()
        ]


class FileEntry(_Recoverable):
    """A further data file of a case, such as its orders: its name in the folder, where it comes from, what it holds.

    It `holds` orders, whose columns are known, or has `columns` of its own, or is read in the notebook alone.
    `key` names the columns that together name a row; `further` is the kind of all columns that are not declared, such
    as one for each brand, if they are read.
    """

    path: str = Field(pattern=r"^[\w-]+\.\w+$")
    about: str
    holds: Literal["", "orders"] = ""
    columns: list[Column | ColumnsEntry] = []
    key: list[str] = []
    further: Kind | None = None

    def table(self, lists: dict[str, ListEntry]) -> Table | None:
        """What the file must hold, if its columns are declared."""
        if self.holds == "orders":
            return ORDERS
        columns = [
            column
            for entry in self.columns
            for column in ([entry] if isinstance(entry, Column) else entry.columns(lists[entry.each].items))
        ]
        return Table(columns=tuple(columns), key=tuple(self.key), further=self.further) if columns else None


class ParameterEntry(_Entry):
    """What a parameter of the notebook may be; of a list, what each of its items may be.

    A number lies from `minimum` to `maximum`; `above` and `below` exclude the end itself. A text is one of `choices` or
    of the `names` in the first column of a data file, or has a `form`; it may be empty where it is `optional`. A list
    has a number of `items`, and its numbers a `total`.
    """

    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    below: float | None = None
    choices: list[str] = []
    names: str = ""
    form: Literal["", "day", "month", "judgement"] = ""
    optional: bool = False
    items: int | None = None
    total: float | None = None

    def allows(self, number: float) -> bool:
        """Whether a number lies in the range."""
        return (
            (self.minimum is None or number >= self.minimum)
            and (self.maximum is None or number <= self.maximum)
            and (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
        )

    @property
    def range(self) -> str:
        """The range in words.

        Examples
        --------
        >>> ParameterEntry(above=0, maximum=1).range
        'above 0, at most 1'
        """
        ends = {"above": self.above, "at least": self.minimum, "below": self.below, "at most": self.maximum}
        return ", ".join(f"{word} {end:g}" for word, end in ends.items() if end is not None)


class CaseEntry(_Entry):
    """The whole of case.yml; what a case does not have is left out."""

    title: str
    chinese: str
    sources: list[str]
    customers_origin: Origin | None = None
    cuts_origin: Origin | None = None
    criteria: CriterionEntry | None = None
    quadrants: list[QuadrantEntry] = []
    lists: dict[str, ListEntry] = {}
    files: dict[str, FileEntry] = {}
    parameters: dict[str, ParameterEntry] = {}

    @model_validator(mode="after")
    def _lists_of_columns(self) -> Self:
        columns = [column for file in self.files.values() for column in file.columns]
        named = {column.each for column in columns if isinstance(column, ColumnsEntry)}
        if unknown := sorted(named - {*self.lists}):
            raise ValueError(f"Columns are named by lists that are not there: {', '.join(unknown)}")
        return self

    def walk(self) -> list[CriterionEntry]:
        """All entries of the tree, parents before children; none without a tree."""
        return self.criteria.walk() if self.criteria else []

    @property
    def customers_table(self) -> Table:
        """What the table of customers must hold: who it is, and every indicator."""
        indicators = [entry.column for entry in self.walk() if not entry.children]
        return Table(columns=(_CUSTOMER, *indicators), key=("customer",))

    @property
    def tables(self) -> dict[str, Table]:
        """What each file must hold whose columns are declared, the table of customers among them."""
        own = {} if self.customers_origin is None else {"customers": self.customers_table}
        declared = {name: file.table(self.lists) for name, file in self.files.items()}
        return own | {name: table for name, table in declared.items() if table}

    @property
    def file_names(self) -> dict[str, str]:
        """The data files in the folder of the case: ``customers``, if it has any, and the further ones."""
        own = {} if self.customers_origin is None else {"customers": "customers.csv"}
        return own | {name: file.path for name, file in self.files.items()}

    @property
    def origins(self) -> list[tuple[str, Origin]]:
        """Everything that has an origin, by path; a path comes twice where a source has one word for two places."""
        nodes = [(f"criteria.{node.name}", node.origin) for node in self.walk()]
        nodes += [(f"judgements.{node.name}", node.judgements.origin) for node in self.walk() if node.judgements]
        places = [(f"quadrants.{quadrant.segment}", quadrant.origin) for quadrant in self.quadrants]
        lists = [
            (f"lists.{name}.{key}", item.origin) for name, one in self.lists.items() for key, item in one.items.items()
        ]
        files = [(f"files.{name}", file.origin) for name, file in self.files.items()]
        rest = {"files.customers": self.customers_origin, "cuts": self.cuts_origin}
        return [*nodes, *places, *lists, *files, *((path, origin) for path, origin in rest.items() if origin)]

    @property
    def recovered_from(self) -> dict[str, str]:
        """Ids of the facts that something of the case was recovered from, and what that is."""
        judged = {f"the judgements below {entry.label}": entry.judgements for entry in self.walk() if entry.judgements}
        things = {**judged, **{f"the file {name}": file for name, file in self.files.items()}}
        return {fact: thing for thing, entry in things.items() for fact in entry.recovered_from}
