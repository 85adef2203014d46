import itertools
import json
import re

import pytest

from tests.conftest import ROOT
from tests.prose import typed_numbers, wrong_roles

PAGES = sorted([*(ROOT / "book").glob("*.md"), *(ROOT / "data").glob("*/README.md")])
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_number_is_typed_into_a_page(page):
    numbers = typed_numbers(page.read_text(encoding="utf-8"))
    assert not numbers, f"{page.name}: {numbers}. Record them in a notebook and glue them, or write them in words."


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_number_is_typed_into_a_notebook(path):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            numbers = typed_numbers("".join(cell["source"]))
            assert not numbers, f"{path.name}: {numbers}. Record them and write {{glue:text}}`name:.4f`."


def texts():
    """All prose of the book by page: pages, data sheets, and the Markdown of notebooks."""
    found = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PAGES}
    for path in NOTEBOOKS:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        markdown = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        found[path.stem] = "\n".join(markdown)
    return found


def glossary():
    """The entry of each term of the glossary, by the term in small letters."""
    lines = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8").splitlines()
    return {term.lower(): entry for term, entry in itertools.pairwise(lines) if entry.startswith("  ")}


@pytest.mark.parametrize(("page", "text"), texts().items(), ids=texts())
def test_a_term_has_one_translation(page, text):
    entries = glossary()
    for said, term, chinese in re.findall(r"\{term\}`([^`<]+?)\s*(?:<([^>]+)>)?`\s*[(（]([\u4e00-\u9fff—]+)", text):
        entry = entries[(term or said).lower()]
        assert chinese in entry, f"{page}: {said} is {chinese} here, and in the glossary {entry.strip()}"


@pytest.mark.parametrize(("page", "text"), texts().items(), ids=texts())
def test_no_note_between_authors_is_published(page, text):
    assert not re.findall(r"TODO|FIXME|XXX|\(skip|'s chapter brought", text), page


@pytest.mark.parametrize(("page", "text"), texts().items(), ids=texts())
def test_an_expert_is_they(page, text):
    assert not re.findall(r"\b(?:himself|herself|he or she|his or her)\b", text, re.IGNORECASE), page


@pytest.mark.parametrize(("page", "text"), texts().items(), ids=texts())
def test_every_role_is_read_and_no_badge_is_typed(page, text):
    assert list(wrong_roles(page, text)) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{bdg-info}`31.4%`", "types a badge"),
        ("{bdg-success-line}`published`", "types a badge"),
        ("<span class='sd-badge'>published</span>", "types a badge in HTML"),
        ("{orign}`assumed customers`", "has the role {orign}"),
        ("{glue:txt}`share:.2f`", "has the role {glue:txt}"),
        ("{Origin}`assumed customers`", "has the role {Origin}"),
        ("So {if}`claim.a` it is.", "has a condition inside"),
        ("{if} `claim.a` It is.", "role without its words"),
        ("{glue:text}``", "role without its words"),
    ],
)
def test_wrong_roles_are_found(line, told):
    assert [told in one for one in wrong_roles("page", line)] == [True]
    assert list(wrong_roles("page", "- {if}`claim.a` It is {glue:text}`n` {origin}`assumed customers`.")) == []


@pytest.mark.parametrize(
    ("markdown", "numbers"),
    [
        ("The weight is 0.6095.", ["0.6095."]),
        ("There are 23 of them, or 5%", ["23", "5%"]),
        ("Customer 3 is last.", ["3"]),
        ("```{exercise} Title 7\n:label: a1\n\nIs it 4?\n```", ["4", "7"]),
        (":::{note}\nAbout 12.\n:::", ["12."]),
        ("| a | b |\n| --- | --- |\n| x | 0.5 |", ["0.5"]),
        ("Term\n: It is 9.", ["9."]),
        ("So $CI = 0.0268$.", ["0.0268"]),
        ("It is {glue:text}`weight.1:.4f`, see [this](page-2) and `run -p x=1`.", []),
        ("$CI = (n - 1)/2$\n\n1. first\n2. second\n\n```\ncode 5\n```\n\nCC BY 4.0", []),
        ("---\nversion: 3\n---\n\n# Title\n\n```{include} a-1.md\n```", []),
    ],
)
def test_typed_numbers_are_found(markdown, numbers):
    assert sorted(typed_numbers(markdown)) == sorted(numbers)
