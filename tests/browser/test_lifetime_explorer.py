"""The lifetime explorer in a real browser: what it shows is what the library computes."""

import numpy as np
import pytest

from tests.explorer.test_lifetimes import CHANGES, START, by_library, explore

LABELS = {
    "margin": ("The customer", "Margin a year"),
    "retention": ("The customer", "Retention"),
    "cost": ("The customer", "Acquisition cost"),
    "rate": ("The money", "Discount rate"),
    "years": ("The money", "Years that count"),
}
SEEN = """() => {
  const all = (selector, read) => [...document.querySelectorAll(`.crm-explorer ${selector}`)].map(read);
  return {
    rows: all("tbody tr", (row) => row)
      .filter((row) => row.checkVisibility())
      .map((row) => [...row.children].map((cell) => cell.textContent)),
    outcomes: Object.fromEntries(all("output", (output) => [output.name, output.textContent])),
    points: all(".mark-symbol.role-mark path", (point) => point.getAttribute("transform")).length,
    bars: all(".mark-rect.role-mark path", (bar) => bar.getAttribute("d")).length,
  };
}"""


@pytest.fixture
def explorer():
    return explore()


def number(text):
    return float(text.replace("−", "-").replace(",", "").rstrip("%"))


def check(page, terms):
    """Compare all that is seen with the library."""
    seen = page.evaluate(SEEN)
    flows, endless, share = by_library("end", "certain", **terms)
    paid = [-terms["cost"], *flows.discounted.loc["start"]]
    rows = np.array([[number(text) for text in row] for row in seen["rows"]])
    np.testing.assert_allclose(rows[:, 0], np.arange(terms["years"] + 1))
    survival = 100 * terms["retention"] ** np.maximum(np.arange(terms["years"] + 1) - 1.0, 0)
    np.testing.assert_allclose(rows[:, 1], survival, rtol=0, atol=0.05 + 1e-9)
    np.testing.assert_allclose(rows[:, 2], paid, rtol=0, atol=0.5 + 1e-9)
    np.testing.assert_allclose(rows[:, 3], np.cumsum(paid), rtol=0, atol=0.5 + 1e-9)
    outcomes = seen["outcomes"]
    assert number(outcomes["said_total"]) == pytest.approx(flows.value["start"], abs=0.5 + 1e-9)
    assert number(outcomes["said_endless"]) == pytest.approx(endless, abs=0.5 + 1e-9)
    assert number(outcomes["said_share"]) == pytest.approx(100 * share, abs=0.05 + 1e-9)
    even = flows.break_even("linear")["start"]
    if np.isfinite(even):
        assert number(outcomes["said_even"]) == pytest.approx(even, abs=0.005 + 1e-9)
    else:
        assert outcomes["said_even"] == "not within the horizon"
    assert seen["points"] == seen["bars"] == len(rows)


def test_it_starts_with_the_results_of_the_library(page):
    check(page, START)


def test_every_slider_gives_the_results_of_the_library_and_reset_brings_back_the_start(page, move):
    for changes in CHANGES[1:]:
        for parameter, value in changes.items():
            move(*LABELS[parameter], value)
        check(page, START | changes)
        page.get_by_role("button", name="Reset").click()
        page.wait_for_function(
            "total => document.querySelector('output[name=said_total]').textContent === total", arg="1,908"
        )
        check(page, START)


def test_a_phone_need_not_scroll_sideways(page):
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_without_scripts_the_figure_and_the_table_stay(browser, folder):
    page = browser.new_page(java_script_enabled=False)
    page.goto((folder / "page.html").as_uri())
    assert page.locator(".crm-explorer-chart svg").is_visible()
    assert page.locator(".crm-explorer table").is_visible()
    assert not page.locator(".crm-explorer form").is_visible()
    page.close()
