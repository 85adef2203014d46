"""The pages beside the chapters are pinned as their reader sees them."""

from crmlib.publishing.checks import failures
from crmlib.publishing.leaves import check_pages, pin_pages
from crmlib.publishing.project import Project
from tests.conftest import ROOT


def test_control_every_page_is_as_it_was_pinned():
    project = Project(ROOT)
    assert failures(check_pages(project)) == [], "Read what changed; if you meant it: crmlib pin book"
    pins = {path.stem for path in (project.book / "pinned").glob("*.txt")}
    assert pins == {check.name for check in check_pages(project)}


#: A page, what is changed in it, and the pin that must tell it.
CHANGES = [
    ("book/glossary.md", "below one tenth", "above one tenth", "glossary"),
    ("book/sources.md", "five Chinese documents", "six Chinese documents", "sources"),
    ("book/customer-value.md", "To the right", "To the left", "customer-value"),
    ("book/welcome.md", "{origin}`assumed`", "{origin}`recovered`", "welcome"),
    ("book/references.bib", "{1980}", "{1981}", "bibliography"),
    ("book/_toc.yml", "file: glossary", "file: cite", "contents"),
    ("data/cdnow/README.md", "music", "books", "cdnow-data"),
    ("data/lubricant/published.yml", 'explanation: "', 'explanation: "Perhaps ', "sources"),
    ("book/documents.yml", "why: ", "why: perhaps it ", "sources"),
]


def test_changed_words_on_pages_are_told_and_pinning_says_what_changed(checkout):
    for path, old, new, _ in CHANGES:
        checkout.replace(path, old, new)
    project = Project(checkout.root)
    found = failures(check_pages(project))
    for _, _, new, page in CHANGES:
        words = new.split(": ")[-1].strip('" ').replace("{origin}", "{bdg-info-line}")
        assert [check for check in found if check.name.startswith(f"{page}, ") and words in str(check.ours)], new
    told = pin_pages(project)
    assert all(f"{check.name}\n  - {check.printed}\n  + {check.ours}" in told for check in found)
    assert failures(check_pages(Project(checkout.root))) == []


def test_a_pin_without_a_page_and_a_page_without_a_pin_are_told(checkout):
    project = Project(checkout.root)
    (project.book / "pinned" / "old.txt").write_text("Old.\n", encoding="utf-8")
    (project.book / "new.md").write_text("# New\n\nText.\n", encoding="utf-8")
    assert {check.name for check in failures(check_pages(project))} == {"new, # New", "old, the top"}
    assert pin_pages(project)[0] == "old: gone"
    assert failures(check_pages(project)) == []
