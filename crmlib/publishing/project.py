"""Where things are: the folders of a checkout."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from crmlib.cases import Published, read_published
from crmlib.errors import InputError, Problem
from crmlib.publishing.documents import Documents, read_documents

__all__ = ["Project"]


@dataclass(frozen=True)
class Project:
    """The folders of one checkout, from its root."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> "Project":
        """The checkout around a folder, by default the current one; an InputError if there is none."""
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / "_config.yml").is_file() and (folder / "notebooks").is_dir():
                return cls(folder)
        raise InputError(
            str(here),
            [Problem("the folder", "is not inside the book's folder", "Change to the folder of the book first")],
        )

    @property
    def data(self) -> Path:
        """One folder a case."""
        return self.root / "data"

    @property
    def book(self) -> Path:
        """Prose pages, table of contents, bibliography."""
        return self.root / "book"

    @property
    def build(self) -> Path:
        """Everything generated; not under version control."""
        return self.root / "_build"

    @cached_property
    def documents(self) -> Documents:
        """The source documents, from documents.yml; an InputError if it cannot be used."""
        return read_documents(self.book / "documents.yml")

    @cached_property
    def bibliography(self) -> frozenset[str]:
        """Keys of the sources."""
        text = (self.book / "references.bib").read_text(encoding="utf-8")
        return frozenset(re.findall(r"^@\w+\{([\w:-]+),", text, re.MULTILINE))

    @cached_property
    def published(self) -> dict[str, Published]:
        """The facts of every folder of data, also of those without a notebook."""
        return {path.parent.name: read_published(path) for path in sorted(self.data.glob("*/published.yml"))}

    @property
    def cases(self) -> list[str]:
        """Names of the notebooks, in alphabetical order."""
        return sorted(path.stem for path in (self.root / "notebooks").glob("*.ipynb"))

    def notebook(self, case: str) -> Path:
        """The notebook of a case; an InputError that lists the cases if there is none."""
        path = self.root / "notebooks" / f"{case}.ipynb"
        if case not in self.cases:
            raise InputError(
                f"The case {case!r}",
                [Problem("its name", "no such notebook", f"The cases are: {', '.join(self.cases)}")],
            )
        return path
