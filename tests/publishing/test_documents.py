"""Facts are looked up in their documents, here in small ones made for the test."""

import hashlib

import pytest

from crmlib.cases import read_published
from crmlib.errors import InputError
from crmlib.publishing.checks import Verdict
from crmlib.publishing.documents import check_documents, check_places, per_document, read_documents, stands_in

DOCUMENT = "标题\n权重为0.6095,0.1842;共七个客户\n别的文章\n2018年,H公司\n"
FACTS = """
facts:
  - {id: weight, printed: "0.6095", kind: input, held: parameters.weight, place: p, at: {first: 2}}
  - {id: count, printed: "7", kind: kept, held: customers, place: p, at: {first: 2}, text: 七个, normalised: 七 is 7}
  - {id: year, printed: "2018", kind: result, place: p, at: {second: 4}}
  - {id: other, printed: "1", kind: result, place: p, source: saaty2008}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "paper.txt").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "published.yml").write_text(FACTS, encoding="utf-8")
    checksum = hashlib.sha256(DOCUMENT.encode()).hexdigest()
    (tmp_path / "documents.yml").write_text(
        f"documents:\n  - name: paper\n    file: paper.txt\n    sha256: {checksum}\n    about: A paper.\n    texts:\n"
        "      - {source: first, lines: 1-2, title: First}\n      - {source: second, lines: 3-4, title: Second}\n",
        encoding="utf-8",
    )
    return tmp_path


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def looked_up(folder):
    documents, published = read_documents(folder / "documents.yml"), {"case": read_published(folder / "published.yml")}
    check_places(documents, {"first", "second", "third", "saaty2008"}, published)
    return check_documents(documents, published, folder)


def test_facts_are_found_literally_or_normalised(folder):
    checks = looked_up(folder)
    assert [check.verdict for check in checks] == [Verdict.FOUND, Verdict.NORMALISED, Verdict.FOUND]
    assert checks[0].place == "paper.txt, line 2 (first)"
    (told,) = per_document(read_documents(folder / "documents.yml"), checks)
    assert told == "paper.txt: 3 places of facts, literally 2, normalised 1, not found 0"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.6095", "0.6096"),
        ("at: {first: 2}", "at: {first: 1}"),  # moved to a line where it does not stand
        ("text: 七个", "text: 共7个"),
        ('"2018"', '"201"'),  # a part of a longer number
    ],
)
def test_a_fact_that_does_not_stand_there_is_told(folder, old, new):
    edit(folder / "published.yml", old, new)
    verdicts = [check.verdict for check in looked_up(folder)]
    assert verdicts.count(Verdict.NOT_FOUND) == 1
    assert Verdict.NOT_FOUND.failed


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("at: {first: 2}", "at: {first: 3}", "stands in line 3, outside of first (1-2). Correct the line."),
        ("source: saaty2008", "source: saaty2080", "saaty2080, which is not in references.bib. Correct the key"),
        ("at: {first: 2}", "at: {third: 2}", "third, which is no text of documents.yml"),
        ("at: {second: 4}", "source: second", "has no line in second. Add at: {second: LINE}."),
    ],
)
def test_a_fact_in_the_wrong_place_is_refused_without_the_documents(folder, old, new, message):
    edit(folder / "published.yml", old, new)
    with pytest.raises(InputError) as error:
        looked_up(folder)
    assert message in str(error.value)


def test_a_changed_or_missing_document_is_refused(folder):
    edit(folder / "paper.txt", "标题", "标 题")
    with pytest.raises(InputError, match="is another one"):
        looked_up(folder)
    (folder / "paper.txt").unlink()
    with pytest.raises(InputError, match="is not there"):
        looked_up(folder)


def test_texts_may_not_overlap(folder):
    edit(folder / "documents.yml", "lines: 3-4", "lines: 2-4")
    with pytest.raises(InputError, match="overlaps 'first'"):
        read_documents(folder / "documents.yml")


@pytest.mark.parametrize(
    ("quotation", "text", "stands"),
    [
        ("0.8", "(0.8 0.2)", True), ("0.8", "0.85", False), ("0.8", "10.8", False), ("0.8", "0.8.", True),
        ("80", "80%", True), ("8", "80", False), ("7", "2017年", False), ("七个", "共七个客户", True),
        ("80%", "180%", False), ("8年", "18年", False), ("< 0.1", "< 0.15", False), ("<0.1", "CR<0.1,", True),
    ],
)  # fmt: skip
def test_a_number_is_not_found_inside_another(quotation, text, stands):
    assert stands_in(quotation, text) is stands
