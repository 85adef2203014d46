"""What counts or compares in prose, captions and text alternatives is recorded, bound to a claim, or reviewed."""

import pytest

from tests.reviewed import LISTS, REASONS, UNREVIEWED, lists, pages, problems
from tests.statements import Statement, typed_statements, typed_texts

PAGES, REVIEWED = pages(), lists()


@pytest.mark.parametrize("page", PAGES)
def test_what_counts_or_compares_is_bound_or_reviewed(page):
    assert list(problems(page, PAGES[page], REVIEWED.get(page, {}))) == []


def test_every_list_has_its_page_and_no_sentence_two_reasons():
    assert sorted(REVIEWED.keys() - PAGES.keys()) == [], f"Remove what has no page from {LISTS}"
    for page, reviewed in REVIEWED.items():
        texts = [text for listed in reviewed.values() for text in listed]
        assert len(texts) == len(set(texts)), page


@pytest.mark.parametrize(
    ("markdown", "typed"),
    [
        ("Of the six judgements some are missing.", ("six",)),
        ("Both dimensions say so.", ("Both",)),
        ("Two of the three agree.", ("Two", "three")),
        ("A bring far more than B.", ("more than",)),
        ("That hardly ever happens, and never twice.", ("twice", "hardly", "never")),
        ("{if}`claim.a` A is the largest.", ()),
        ("{if}`claim.a` A is the largest of the five.", ("five",)),
        ("- {unless}`claim.a` None of them.", ()),
        ("It has {glue:text}`n` customers.", ()),
        ("The share is `31.4`.", ("31.4",)),
        ("Run `crmlib run cdnow -p years=3`.", ()),
        ("Set `years = 3`.", ("3",)),
        ("It costs $5$.", ("5",)),
        (r"It costs $\approx 5\%$.", ("5",)),
        ("It is $x^2 + 1$.", ()),
        ("<p>1234.56</p>", ("1234.56",)),
        ('<img src="a1.png" alt="Bars up to 7">', ("7",)),
        ('<div class="col-3">A</div>', ()),
        ("# Four methods", ("Four",)),
        ("```{exercise} Three cuts\n:label: cuts-3\n\nWhich is best?\n```", ("Three", "best")),
        ("```{figure} a.svg\n:alt: All five bars\n:width: 400px\n```", ("five", "All")),
        ("```\nfirst = 1\n```\nText.", ()),
        (
            "```{include} a.md\n```\nThe first.\n\n````{solution} x\n```\nlast\n```\nThe second best.\n````\nNever.",
            ("first", "best", "Never"),
        ),
        (":::{admonition} Two cautions\n:class: first\n- Never.\n:::", ("Two", "Never")),
        ("---\nfirst: 1\n---\nText.", ()),
        ("See [the first](page-one) {cite:p}`best1990` and {term}`all <all>`.", ("first", "all")),
    ],
)
def test_typed_statements_are_found(markdown, typed):
    assert tuple(word for one in typed_statements(markdown) for word in one.typed) == typed


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("figures.bars(frame, 'x', alt='Bars of the five largest')", ("five", "largest")),
        ("table(frame, caption=f'The {n} customers in {2025}')", ()),
        ("table(frame, caption='Revenue in 2 years')", ("2",)),
        ("table(frame, caption='A' if one else 'The best')", ("best",)),
        ("table(frame, caption='Years ' + 'to 2024')", ("2024",)),
        ("record('best', 'first')", ()),
    ],
)
def test_typed_texts_of_code_are_found(code, typed):
    assert tuple(word for one in typed_texts(code) for word in one.typed) == typed


def test_a_changed_sentence_is_reviewed_anew():
    page = [Statement("Six of them.", ("Six",), "cell 3")]
    assert list(problems("shop", page, {"source": ["Six of them."]})) == []
    new, gone = problems("shop", page, {"source": ["Five of them."]})
    assert new.startswith("shop, cell 3: 'Six of them.' says Six and is not reviewed. Record the value and glue it")
    assert gone == "shop: 'Five of them.' is reviewed and gone. Run python -m tests.reviewed."
    assert len(list(problems("shop", page, {UNREVIEWED: ["Six of them."]}))) == 1
    assert "is no reason" in next(iter(problems("shop", page, {"whim": ["Six of them."]})))
    assert UNREVIEWED not in REASONS
