import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from crmlib.tables import origin_mark, table


def test_cells_labels_and_captions_are_text():
    html = table(pd.DataFrame({"<i>": ["<script>"]}, index=["<b>"]), caption="<u>").html
    assert "&lt;script&gt;" in html
    assert all(tag not in html for tag in ("<i>", "<script>", "<b>", "<u>"))


def test_origins_are_marked_in_words():
    html = table(pd.DataFrame({"w": [0.5], "Origin": ["recovered"]}), caption="c", origins={"w": "assumed"}).html
    assert ">assumed</span>" in html
    assert ">recovered</span>" in html


def test_an_unknown_origin_is_an_error():
    with pytest.raises(ValueError, match="guessed"):
        origin_mark("guessed")


def test_negative_numbers_carry_a_minus_sign():
    assert "−0.50" in table(pd.DataFrame({"w": [-0.5]}), caption="c", formats={"w": "{:.2f}"}).html


def test_a_missing_value_leaves_its_cell_empty_and_its_column_a_number():
    html = table(pd.DataFrame({"w": [0.5, float("nan")]}), caption="c", formats={"w": "{:.2f}"}).html
    assert '<td class="crm-number">0.50</td>' in html
    assert '<td class="crm-number"></td>' in html
    assert "nan" not in html


@given(st.text(), st.text(), st.text(min_size=1), st.text())
def test_no_text_ends_the_table_on_a_markdown_page(cell, label, column, caption):
    frame = pd.DataFrame({column: [cell, "a\n\n# b"]}, index=[label, "c"])
    html = table(frame, caption=caption, origin="own").html
    assert [token.type for token in MarkdownIt("commonmark").parse(html)] == ["html_block"]
