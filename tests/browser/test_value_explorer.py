"""The explorer in a real browser: what moves in the page is where the library says it belongs."""

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page

from crmlib.ahp import TreeWeights, tree_scores
from crmlib.drawing import QUADRANT_LOOKS
from crmlib.matrix import PLACES, value_matrix
from tests.explorer.test_values import CUSTOMERS, QUADRANTS, SCALED, TREE, WEIGHTS, explore

#: What a reader sees: the drawn points with colour and shape, the ticks and lines in pixels, the table.
SEEN = """() => {
  const all = (selector, read) => [...document.querySelectorAll(`.crm-explorer ${selector}`)].map(read);
  const fill = (element) => element.getAttribute("fill").toLowerCase();
  const place = (element) => element.getAttribute("transform").match(/-?\\d[\\d.e-]*/g).map(Number);
  const axes = all(".role-axis:has(.role-axis-label)", (axis) => {
    const labels = [...axis.querySelectorAll(".role-axis-label text")].map((label) => label.textContent);
    return [...axis.querySelectorAll(".role-axis-tick line")].map((tick, at) => [labels[at], ...place(tick)]);
  });
  return {
    points: all(".mark-symbol.role-mark path", place),
    looks: all(".mark-symbol.role-mark path", (point) => [fill(point), point.getAttribute("d")]),
    said: all(".mark-symbol.role-mark path", (point) => point.getAttribute("aria-label")),
    legend: all(".role-legend-entry .role-scope > g", (entry) =>
      [entry.querySelector("text").textContent, fill(entry.querySelector("path[fill^='#']"))]),
    lines: all(".mark-rule.role-mark line", place),
    ticks: axes,
    rows: all("tbody tr", (row) => [...row.children].map((cell) => cell.textContent)),
  };
}"""
COLUMNS = ["customer", "quadrant", "rank", "now", "later", "value"]
THRESHOLDS = "Thresholds above the mean"


def number(text: str) -> float:
    return float(text.replace("−", "-"))


@pytest.fixture
def explorer(request):
    return explore(**getattr(request, "param", {}))


def with_local_weights(changed: dict[str, float]) -> TreeWeights:
    """The weights of the tree with some local weights replaced."""
    local = WEIGHTS.local_weights.copy()
    local.update(pd.Series(changed))
    overall = {TREE.name: 1.0}
    for node in TREE.walk():
        overall |= {child.name: overall[node.name] * local[child.name] for child in node.children}
    weights = pd.Series(overall)
    return replace(WEIGHTS, local_weights=local, global_weights=weights, leaf_weights=weights[list(TREE.leaves)])


def check(page: Page, weights: TreeWeights, first: float = 0, second: float = 0) -> list[str]:
    """Compare all that is seen with the library; returns the quadrants in the table's order."""
    seen = page.evaluate(SEEN)
    rows = pd.DataFrame(seen["rows"], columns=COLUMNS).set_index("customer")
    assert set(rows.index) == set(CUSTOMERS)
    with np.errstate(invalid="ignore"):  # a factor without weight has no score of its own
        scores = tree_scores(TREE, weights, SCALED).loc[rows.index]
    plane = scores[["now", "later"]]
    lines = plane.mean() + pd.Series({"now": first, "later": second})
    matrix = value_matrix(plane, QUADRANTS, dict(lines))
    for name in ("now", "later", "value"):
        np.testing.assert_allclose(rows[name].map(number), scores[name], rtol=0, atol=0.0005 + 1e-9)
    assert rows["rank"].astype(int).tolist() == scores["value"].rank(ascending=False).astype(int).tolist()
    assert rows["quadrant"].tolist() == matrix.table["quadrant"].tolist()
    # Ticks are drawn on whole pixels, so a place that is read off the axes is right to a pixel.
    horizontal_first = sorted(seen["ticks"], key=lambda ticks: ticks[0][1] == ticks[1][1])
    for axis, (name, ticks) in enumerate(zip(plane, horizontal_first, strict=True)):
        slope, origin = np.polyfit([number(tick[0]) for tick in ticks], [tick[1 + axis] for tick in ticks], 1)
        points = [point[axis] for point in seen["points"]]
        np.testing.assert_allclose(points, origin + slope * plane[name], rtol=0, atol=1)
        np.testing.assert_allclose(seen["lines"][axis][axis], origin + slope * lines[name], rtol=0, atol=1)
    # A place has its colour and a shape of its own; the legend names all four in the colours of their places.
    names = [QUADRANTS[place] for place in PLACES]
    colours = {QUADRANTS[place]: colour.lower() for place, (colour, _) in QUADRANT_LOOKS.items()}
    assert [fill for fill, _ in seen["looks"]] == [colours[quadrant] for quadrant in rows["quadrant"]]
    shapes = set(zip(rows["quadrant"], (shape for _, shape in seen["looks"]), strict=True))
    assert len(shapes) == len({shape for _, shape in shapes}) == rows["quadrant"].nunique()
    assert seen["legend"] == [[name, colours[name]] for name in names]
    assert seen["said"] == [f"{customer}: {quadrant}" for customer, quadrant in rows["quadrant"].items()]
    return rows["quadrant"].tolist()


def test_it_starts_with_the_results_of_the_library(page):
    check(page, WEIGHTS)


def test_a_weight_moves_the_customers_and_reset_brings_them_back(page, move):
    start = check(page, WEIGHTS)
    move("Weights in “<later>”", "<trust>", 0.03)
    assert check(page, with_local_weights({"trust": 0.03, "loyalty": 0.97})) != start, "take a weight that tells"
    page.get_by_role("button", name="Reset").click()
    page.get_by_text("No customer changed quadrant").wait_for()
    assert check(page, WEIGHTS) == start


def test_three_siblings_share_the_rest_in_proportion(page, move):
    rest = 1 - WEIGHTS.local_weights["profit"]
    siblings = WEIGHTS.local_weights[["volume'", "1 + 1"]]
    move("Weights in “<now>”", "<profit>", 0.1)
    check(page, with_local_weights({"profit": 0.1} | dict(siblings * 0.9 / rest)))
    move("Weights in “<now>”", "<profit>", 1)
    check(page, with_local_weights({"profit": 1, "volume'": 0, "1 + 1": 0}))
    move("Weights in “<now>”", "<profit>", 0.4)
    check(page, with_local_weights({"profit": 0.4} | dict(siblings * 0.6 / rest)))


def test_the_upper_weight_changes_value_and_rank_only(page, move):
    start = check(page, WEIGHTS)
    move("Weights in “<value>”", "<later>", 0.95)
    assert check(page, with_local_weights({"later": 0.95, "now": 0.05})) == start


def test_a_threshold_moves_the_line_and_changes_classes(page, move):
    start = check(page, WEIGHTS)
    move(THRESHOLDS, "<now>", 0.5)
    move(THRESHOLDS, "<later>", -0.4)
    assert check(page, WEIGHTS, 0.5, -0.4) != start


def test_the_keyboard_moves_a_slider_and_resets(page):
    slider = page.get_by_role("group", name=THRESHOLDS).get_by_label("<now>")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("slider => slider.ariaValueText === '0.03'", arg=slider.element_handle())
    check(page, WEIGHTS, 0.03)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("slider => slider.ariaValueText === '0.00'", arg=slider.element_handle())
    check(page, WEIGHTS)


def test_it_says_who_changed_quadrant(page, move):
    start = value_matrix(tree_scores(TREE, WEIGHTS, SCALED)[["now", "later"]], QUADRANTS).table
    high = start.index[start["now_level"] == "high"]
    least = page.get_by_role("group", name=THRESHOLDS).get_by_label("<now>").get_attribute("max")
    move(THRESHOLDS, "<now>", float(least))
    said = page.locator("form p output").text_content()
    assert said.startswith("Changed quadrant: ")
    assert [name for name in CUSTOMERS if name in said] == list(high)


@pytest.mark.parametrize("explorer", [{"quadrants": dict.fromkeys(PLACES, "between")}], indirect=True)
def test_a_move_between_quadrants_of_one_name_is_said(page, move):
    far = float(page.get_by_role("group", name=THRESHOLDS).get_by_label("<now>").get_attribute("max"))
    move(THRESHOLDS, "<now>", far)
    move(THRESHOLDS, "<later>", -far)
    stayed = value_matrix(tree_scores(TREE, WEIGHTS, SCALED)[["now", "later"]], QUADRANTS).at(("low", "high")).index
    said = page.locator("form p output").text_content()
    assert 0 < len(stayed) < len(CUSTOMERS)
    assert {name for name in CUSTOMERS if name not in said} == set(stayed)


def test_the_drawing_takes_the_text_colour_of_the_theme(page):
    page.evaluate("document.documentElement.style.setProperty('--pst-color-text-base', 'rgb(1, 200, 3)')")
    texts = page.locator(".crm-explorer-chart text")
    colours = texts.evaluate_all("texts => texts.map(text => getComputedStyle(text).fill)")
    assert len(colours) > 10
    assert set(colours) == {"rgb(1, 200, 3)"}


def test_a_phone_need_not_scroll_sideways(page):
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("cause", ["no scripts wanted", "no scripts there"])
def test_without_scripts_the_figure_stays(browser, folder, cause):
    if cause == "no scripts there":
        shutil.rmtree(folder / "vega")
    page = browser.new_page(java_script_enabled=cause == "no scripts there")
    page.goto((folder / "page.html").as_uri())
    assert page.locator(".crm-explorer-chart svg").is_visible()
    assert page.locator(".crm-explorer table").is_visible()
    assert not page.locator(".crm-explorer form").is_visible()
    page.close()
