"""Under the book's security policy no script of somebody else runs, and the network is out of reach."""

import pytest

from crmlib.publishing.security import protect

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>T</title>
<script>window.own = true;</script></head><body>
<button onclick="window.pressed = true">Press</button><p id="name">A name</p></body></html>"""
#: What somebody might smuggle in after the page was rendered, and what would be set if it ran.
HOSTILE = {
    "inline script": "<script>window.hostile = true</script>",
    "handler of an image": "<img src=x onerror='window.hostile = true'>",
    "script of another place": "<script src='data:text/javascript,window.hostile=true'></script>",
    "link that is a script": "<a id=link href='javascript:window.hostile=true'>x</a>",
    "frame": "<iframe srcdoc='<script>parent.hostile = true</script>'></iframe>",
    "base": "<base href='https://example.org/'>",
}


@pytest.fixture
def opened(browser, tmp_path):
    def open_page(smuggled=""):
        (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
        protect(tmp_path)
        text = (tmp_path / "page.html").read_text(encoding="utf-8")
        (tmp_path / "page.html").write_text(text.replace("</body>", f"{smuggled}</body>"), encoding="utf-8")
        page = browser.new_page()
        page.goto((tmp_path / "page.html").as_uri())
        return page

    return open_page


def test_the_page_s_own_scripts_run(opened):
    page = opened()
    page.get_by_role("button").click()
    assert page.evaluate("[window.own, window.pressed]") == [True, True]


@pytest.mark.parametrize("smuggled", HOSTILE.values(), ids=HOSTILE)
def test_nothing_smuggled_in_runs(opened, smuggled):
    page = opened(smuggled)
    page.evaluate("document.getElementById('link')?.click()")
    assert page.evaluate("[window.own, window.hostile ?? false]") == [True, False]
    assert page.evaluate("document.baseURI").startswith("file:")


def test_text_is_never_turned_into_code_and_the_network_is_out_of_reach(opened):
    page = opened()
    # The driver's own evaluation is no script of the page, so the page itself has to try.
    for attempt in ("new Function('return 1')()", "fetch('https://example.org/')"):
        page.evaluate(
            "code => { const s = document.createElement('script'); s.textContent = `window.hostile = ${code}`;"
            " document.body.append(s); }",
            attempt,
        )
    assert page.evaluate("window.hostile ?? false") is False
