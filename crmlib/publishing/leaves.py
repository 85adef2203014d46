"""The pages beside the chapters as their reader sees them, pinned like the chapters.

They are the prose of ``book/`` with what is written into it (report card, errata, crosswalk, bibliography), the head of
the verification page, the table of contents, and the data sheets. The pins stand in ``book/pinned/``, a file a page.
"""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from crmlib.cases import load_case
from crmlib.publishing.checks import Check, Verdict
from crmlib.publishing.pages import VERIFICATION_HEAD, crosswalk_table, errata_page, sources_page
from crmlib.publishing.project import Project
from crmlib.publishing.prose import legends
from crmlib.publishing.snapshot import differences

__all__ = ["BOOK", "PINS", "check_pages", "page_texts", "pin_pages"]

#: What the pages belong to, where a chapter belongs to its case.
BOOK = "book"
#: The folder of the pins, in that of the book.
PINS = "pinned"


def page_texts(project: Project) -> dict[str, str]:
    """The text of each page by its name."""
    cases = {path.parent.name: load_case(path.parent.name, data=project.data) for path in _case_files(project)}
    written = {
        "generated/errata.md": errata_page(project.published),
        "generated/sources.md": sources_page(project.documents, project.published, cases),
        "generated/crosswalk.md": crosswalk_table(cases.values()),
    }
    bibliography = (project.book / "references.bib").read_text(encoding="utf-8")
    texts = {"contents": (project.book / "_toc.yml").read_text(encoding="utf-8")}
    texts["verification"] = VERIFICATION_HEAD
    for path in sorted(project.book.glob("*.md")):
        text = path.read_text(encoding="utf-8").replace("```{bibliography}", bibliography + "\n```{bibliography}")
        for name, inside in written.items():
            text = text.replace(f"```{{include}} {name}\n```", inside)
        texts[path.stem] = _read(text)
    sheets = sorted(project.data.glob("*/README.md"))
    return texts | {f"{path.parent.name}-data": _read(path.read_text(encoding="utf-8")) for path in sheets}


def _case_files(project: Project) -> list[Path]:
    return [path for path in sorted(project.data.glob("*/case.yml")) if path.parent.name in project.cases]


def _read(text: str) -> str:
    """A page without what its reader does not see: targets behind terms, tags around cells."""
    shown = re.sub(r"\{term\}`([^`<]*?)(?:\s*<[^>]*>)?`", r"\1", legends(text))
    rows = re.sub(r"</t[hd]>\s*(?=<t[hd])", " | ", re.sub(r"</tr>|</figcaption>", "\n", shown))
    return unescape(re.sub(r"</?(?:figure|figcaption|div|table|thead|tbody|tr|th|td|span|br)\b[^>]*>", "", rows))


def check_pages(project: Project) -> list[Check]:
    """Every line of a page that is not as it was pinned, also of one that is gone; one check for each page that is."""
    texts = page_texts(project)
    gone = {path.stem: "" for path in sorted((project.book / PINS).glob("*.txt")) if path.stem not in texts}
    return [check for name, text in (texts | gone).items() for check in _checks(name, text, _pin(project, name))]


def _pin(project: Project, name: str) -> Path:
    return project.book / PINS / f"{name}.txt"


def _checks(name: str, text: str, pinned: Path) -> Iterator[Check]:
    blank = Check(BOOK, name, "page", "", None, None, Verdict.PINNED)
    before = pinned.read_text(encoding="utf-8") if pinned.is_file() else ""
    changed = list(differences(before, text))
    for where, old, new in changed:
        told, why = f"{name}, {where}", f"If you meant it: crmlib pin {BOOK}"
        yield Check(BOOK, told, "page", old, new, None, Verdict.NOT_AS_PINNED, why=why)
    if not changed:
        yield blank


def pin_pages(project: Project) -> list[str]:
    """Pin all pages; tells what changed, and removes the pins of pages that are gone."""
    texts, told = page_texts(project), []
    (project.book / PINS).mkdir(exist_ok=True)
    for path in sorted((project.book / PINS).glob("*.txt")):
        if path.stem not in texts:
            path.unlink()
            told.append(f"{path.stem}: gone")
    for name, text in texts.items():
        path = _pin(project, name)
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
        told += [f"{name}, {where}\n  - {old}\n  + {new}" for where, old, new in differences(before, text)]
        path.write_text(text, encoding="utf-8")
    return told
