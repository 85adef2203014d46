from xml.etree import ElementTree

import pandas as pd
import pytest

from crmlib.clv.chains import expected_path
from crmlib.clv.migration import recency_migration, remarketing_choices
from crmlib.clv.steady_shares import steady_shares
from crmlib.drawing import INK
from crmlib.figures import chains

MATRIX = pd.DataFrame([[0.7, 0.3], [0.5, 0.5]], index=["A <&> Co", "乙"], columns=["A <&> Co", "乙"])
CHOICES = remarketing_choices([0.3, 0.2, 0.05], 40, 4, 0.2)


def drawn(kind, alt="Shows it"):
    if kind == "chain":
        return chains.chain_diagram(MATRIX, alt=alt)
    if kind == "heat":
        return chains.heat_map(MATRIX, ("Next <brand>", "Last"), alt=alt)
    if kind == "shares":
        path = expected_path(MATRIX, pd.Series([1.0, 0.0], index=MATRIX.index), 4)
        return chains.shares_over_time(path, steady_shares(MATRIX).shares, "Purchase", alt=alt)
    return chains.remarketing_values(CHOICES, "yuan", alt=alt)


KINDS = ["chain", "heat", "shares", "remarketing"]


def texts(figure):
    root = ElementTree.fromstring(figure.svg)  # noqa: S314 - our own drawing; fails unless all names are escaped
    return ["".join(node.itertext()).strip() for node in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_takes_the_pages_colour_and_says_what_it_shows(kind):
    figure = drawn(kind, 'Says "<what>"')
    assert "currentColor" in figure.svg
    assert INK not in figure.svg
    assert 'aria-label="Says &quot;&lt;what&gt;&quot;"' in figure._repr_html_()
    assert drawn(kind).svg == drawn(kind).svg
    with pytest.raises(ValueError, match="text alternative"):
        drawn(kind, " ")


def test_the_chain_writes_every_move_that_can_happen():
    said = texts(chains.chain_diagram(recency_migration([0.3, 0.2], 40, 4).transitions, alt="Chain"))
    assert sorted(text for text in said if text[0].isdigit() and "." in text) == ["0.2", "0.3", "0.7", "0.8"]
    assert said.count("recency") == 2


def test_the_heat_map_writes_every_cell_and_leaves_missing_ones_empty():
    frame = pd.DataFrame({"x": [0.25, None], "y": [-1.0, 2.0]}, index=["a", "b"])
    said = texts(chains.heat_map(frame, ("Column", "Row"), written="{:.1f}", alt="Cells"))
    assert {"0.2", "−1.0", "2.0", "Column", "Row", "a", "b", "x", "y"} <= set(said)
    assert not any("nan" in text for text in said)


def test_shares_are_named_with_the_place_where_they_settle():
    assert {"A <&> Co (settles at 0.625)", "乙 (settles at 0.375)"} <= set(texts(drawn("shares")))


def test_each_recency_has_a_panel():
    said = texts(drawn("remarketing"))
    assert [text for text in said if text.startswith("Now at")] == [f"Now at recency {k}" for k in (1, 2, 3)]
    assert "Value (yuan)" in said
