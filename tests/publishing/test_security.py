import pytest

from crmlib.publishing.security import policy, protect

PAGE = (
    "<html><head>\n<meta charset='utf-8'><title>T</title><script>a()</script></head><body onload=\"b()\"></body></html>"
)


def test_each_inline_script_and_handler_is_named_by_its_checksum():
    allowed = policy(PAGE)
    assert allowed.count("'sha256-") == 2
    assert "'unsafe-inline'" not in allowed.split("style-src")[0]
    assert "unsafe-eval" not in allowed
    assert policy(PAGE.replace("a()", "c()")) != allowed


@pytest.mark.parametrize("data", ['<script src="x.js"></script>', '<script type="application/json">{}</script>'])
def test_scripts_of_the_book_and_data_need_no_name(data):
    assert "sha256" not in policy(f"<head></head>{data}")


def test_the_policy_comes_before_what_it_governs_and_twice_is_the_same(tmp_path):
    (tmp_path / "sub").mkdir()
    for name in ("a.html", "sub/b.html"):
        (tmp_path / name).write_text(PAGE, encoding="utf-8")
    protect(tmp_path)
    pages = [(tmp_path / name).read_text(encoding="utf-8") for name in ("a.html", "sub/b.html")]
    assert pages[0] == pages[1]
    assert pages[0].index("Content-Security-Policy") < pages[0].index("<script")
