"""Sentences that count or compare without a recorded value, and why each may: one readable list a page.

``python -m tests.reviewed`` brings the lists in ``tests/reviews/`` up to date after prose was changed: sentences that
are gone leave, new ones stand under ``unreviewed``. Whoever reads them puts each under its reason, or binds it.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from tests.conftest import ROOT
from tests.statements import Statement, typed_statements, typed_texts

__all__ = ["LISTS", "REASONS", "lists", "pages", "problems"]

LISTS = ROOT / "tests" / "reviews"
UNREVIEWED = "unreviewed"
#: Why a typed number word or comparison may stand.
REASONS = {
    "method": "defines a method, or follows from it, or names a recorded extreme: it holds for any data",
    "source": "says what a source says; read it again with the source",
    "page": "speaks of the book itself: what stands where, and how it is read",
    "advice": "a question, an advice or an example that claims nothing of the data",
    "case": "says how the case and its data were made; read it again when case.yml or a script of the data changes",
    "drawn": "describes what is drawn; the drawing is pinned beside it, so read it again when that turns red",
}


def pages() -> dict[str, list[Statement]]:
    """The typed statements of each chapter, page and data sheet, by the name of its list."""
    found = {path.stem: list(_notebook(path)) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
    sheets = {f"{path.parent.name}-data": path for path in sorted((ROOT / "data").glob("*/README.md"))}
    others = {path.stem: path for path in sorted((ROOT / "book").glob("*.md"))} | sheets
    return found | {name: list(typed_statements(path.read_text(encoding="utf-8"))) for name, path in others.items()}


def _notebook(path: Path) -> Iterator[Statement]:
    for at, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
        read = typed_statements if cell["cell_type"] == "markdown" else typed_texts
        yield from (Statement(one.text, one.typed, f"cell {at}") for one in read("".join(cell["source"])))


def lists() -> dict[str, dict[str, list[str]]]:
    """What was reviewed: by page, by reason."""
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(LISTS.glob("*.yml"))}


def problems(page: str, statements: list[Statement], reviewed: dict[str, list[str]]) -> Iterator[str]:
    """What is not reviewed, reviewed and gone, or reviewed for no known reason; each with its remedy."""
    known = {text: reason for reason, texts in reviewed.items() for text in texts}
    for one in statements:
        if known.get(one.text, UNREVIEWED) == UNREVIEWED:
            yield (
                f"{page}, {one.place}: {one.text!r} says {', '.join(one.typed)} and is not reviewed. Record the value "
                f"and glue it, or begin the sentence with {{if}}`claim.…`, or run python -m tests.reviewed and put the "
                f"sentence under one of {', '.join(REASONS)} in tests/reviews/{page}.yml."
            )
    gone = sorted(set(known) - {one.text for one in statements})
    yield from (f"{page}: {text!r} is reviewed and gone. Run python -m tests.reviewed." for text in gone)
    unknown = sorted(set(reviewed) - {*REASONS, UNREVIEWED})
    yield from (
        f"tests/reviews/{page}.yml: {reason!r} is no reason. Take one of {', '.join(REASONS)}." for reason in unknown
    )


def main() -> None:
    """Bring the lists up to date, and tell what is left to review."""
    before = lists()
    for path in LISTS.glob("*.yml"):
        path.unlink()
    for page, statements in pages().items():
        known = {text: reason for reason, texts in before.get(page, {}).items() for text in texts}
        sorted_out: dict[str, list[str]] = {reason: [] for reason in (*REASONS, UNREVIEWED)}
        for text in dict.fromkeys(one.text for one in statements):
            sorted_out[known.get(text, UNREVIEWED)].append(text)
        if filled := {reason: texts for reason, texts in sorted_out.items() if texts}:
            told = yaml.safe_dump(filled, sort_keys=False, allow_unicode=True, width=10_000)
            (LISTS / f"{page}.yml").write_text(told, encoding="utf-8")
        for text in sorted_out[UNREVIEWED]:
            print(f"{page}: {text}")


if __name__ == "__main__":
    main()
