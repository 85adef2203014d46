"""A page with an explorer in an installed browser; each module's fixture `explorer` says which."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from crmlib.publishing.security import protect
from tests.conftest import ROOT

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("needs an installed chromium or Google Chrome, and found none")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def folder(tmp_path, explorer):
    style = (ROOT / "book" / "_static" / "crm.css").read_text(encoding="utf-8")
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>T</title><style>{style}</style></head>'
    (tmp_path / "page.html").write_text(f"{head}<body>{explorer._repr_html_()}", encoding="utf-8")
    protect(tmp_path)  # under the security policy of the book
    shutil.copytree(ROOT / "book" / "vendor", tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("mathjax"))
    shutil.copytree(ROOT / "book" / "scripts", tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def page(browser, folder):
    """The explorer, started; whatever it complains of or asks the network for fails the test."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    faults, requests = [], []
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto((folder / "page.html").as_uri())
    page.get_by_role("button", name="Reset").wait_for()
    yield page
    page.close()
    assert faults == []
    assert len(requests) == 5
    assert all(url.startswith(folder.as_uri()) for url in requests)


@pytest.fixture
def move(page):
    """Move a slider and wait until the page has answered."""

    def moved(group: str, label: str, value: float) -> None:
        slider = page.get_by_role("group", name=group).get_by_label(label)
        slider.fill(str(value))
        shown = "slider => Number(slider.ariaValueText.replace('−', '-')) === Number(slider.value)"
        page.wait_for_function(shown, arg=slider.element_handle())

    return moved
