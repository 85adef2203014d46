"""What case.yml holds: the tree with its judgements, the quadrants, the lists, the data files."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictStr, field_validator, model_validator

from crmlib.cases.origins import Origin
from crmlib.reading.declarations import Column, Table

__all__ = ["CaseEntry", "CriterionEntry", "FileEntry", "Judgements", "ListEntry", "QuadrantEntry"]

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


class FileEntry(_Recoverable):
    """A further data file of a case, such as its orders: its name in the folder, where it comes from, what it holds."""

    path: str = Field(pattern=r"^[\w-]+\.\w+$")
    about: str
    columns: list[Column] = []
    key: list[str] = []

    @property
    def table(self) -> Table | None:
        """What the file must hold, if its columns are declared."""
        return Table(columns=tuple(self.columns), key=tuple(self.key)) if self.columns else None


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
        return own | {name: file.table for name, file in self.files.items() if file.table}

    @property
    def file_names(self) -> dict[str, str]:
        """The data files in the folder of the case: ``customers``, if it has any, and the further ones."""
        own = {} if self.customers_origin is None else {"customers": "customers.csv"}
        return own | {name: file.path for name, file in self.files.items()}

    @property
    def recovered_from(self) -> dict[str, str]:
        """Ids of the facts that something of the case was recovered from, and what that is."""
        judged = {f"the judgements below {entry.label}": entry.judgements for entry in self.walk() if entry.judgements}
        things = {**judged, **{f"the file {name}": file for name, file in self.files.items()}}
        return {fact: thing for thing, entry in things.items() for fact in entry.recovered_from}
