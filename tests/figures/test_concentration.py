import re
from itertools import pairwise

import pandas as pd
import pytest

from crmlib.figures import concentration as figures
from crmlib.pareto import SHARES, abc_classes, lorenz_curve, pyramid_migration

REVENUE = pd.Series({"p": 80.0, "q": 15.0, "r": 4.0, "s": 1.0})
CLASSES = abc_classes(REVENUE)


def charts():
    heads = abc_classes(REVENUE, SHARES["pyramid"], "customers")
    return {
        "Pareto": figures.pareto_chart(CLASSES, "Customers", "Share of revenue", alt="Pareto"),
        "Lorenz": figures.lorenz({"2025": lorenz_curve(REVENUE)}, "Customers", "Revenue", alt="Lorenz"),
        "tiers": figures.tier_shares(CLASSES.summary[["customer_share", "value_share"]], alt="tiers"),
        "moves": figures.migration_matrix(pyramid_migration(heads, heads).counts, "Now", "Before", alt="moves"),
    }


@pytest.mark.parametrize("name", list(charts()))
def test_every_figure_has_its_text_alternative_and_is_drawn_byte_for_byte(name):
    html = charts()[name]._repr_html_()
    assert f'aria-label="{name}"' in html
    assert html == charts()[name]._repr_html_()
    assert "#010203" not in html, "text takes the page's colour"


def test_a_pareto_chart_names_the_classes_and_its_axes():
    html = charts()["Pareto"].svg
    assert all(f">{text}<" in html for text in ("A", "B", "C", "Customers", "Share of revenue", "100%"))


def test_an_empty_class_gets_no_name():
    html = figures.pareto_chart(abc_classes(REVENUE[["p"]]), "Customers", "Share", alt="One").svg
    assert ">A<" in html
    assert ">B<" not in html


def test_names_of_narrow_bands_do_not_cover_each_other():
    values = pd.Series(range(1, 301), dtype=float)
    html = figures.pareto_chart(abc_classes(values, SHARES["pyramid"], "customers"), "x", "y", alt="Many").svg
    places = [float(x) for name in SHARES["pyramid"] for x in re.findall(rf'x="([\d.]+)"[^>]*>{name}<', html)]
    assert len(places) == len(SHARES["pyramid"])
    assert min(second - first for first, second in pairwise(places)) > 20


def test_a_lorenz_curve_is_drawn_under_its_name_beside_the_line_of_equality():
    html = charts()["Lorenz"].svg
    assert ">2025<" in html
    assert ">All equal<" in html


def test_tiers_show_both_shares():
    html = charts()["tiers"].svg
    assert all(f">{text}<" in html for text in ("80.0%", "25.0%", "customer_share", "value_share"))


def test_moves_show_number_and_share_and_nothing_where_nobody_went():
    html = charts()["moves"].svg
    assert ">100%<" in html
    assert ">–<" in html
    assert all(f">{text}<" in html for text in ("top", "came", "left", "Before"))
