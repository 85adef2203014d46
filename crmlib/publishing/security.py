"""The security policy of every page: nothing from the network, no script but the book's own."""

import base64
import hashlib
import re
from pathlib import Path

__all__ = ["policy", "protect"]

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
_HANDLER = re.compile(r"\son\w+=\"(?P<code>[^\"]*)\"")
_HEAD = re.compile(r"<head>\s*(<meta charset=[^>]*>)?")


def policy(page: str) -> str:
    """The Content-Security-Policy of a page, in which its inline scripts are named by their SHA-256.

    Styles may be inline, for figures and formulas bring them; scripts may not, unless the page was rendered with them.
    So whatever else gets into a page, such as a customer's name, is never run.

    Examples
    --------
    >>> policy("<head></head>")[:44]
    "default-src 'none'; script-src 'self' file:;"
    """
    scripts = [
        match["code"]
        for match in _SCRIPT.finditer(page)
        if "src=" not in match["attributes"] and "application/json" not in match["attributes"]
    ]
    handlers = [match["code"] for match in _HANDLER.finditer(_SCRIPT.sub("", page))]
    allowed = [_hash(code) for code in dict.fromkeys([*scripts, *handlers])]
    hashes = " ".join([*(["'unsafe-hashes'"] if handlers else []), *allowed])
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' file: {hashes}".strip(),
            "style-src 'self' file: 'unsafe-inline'",
            "img-src 'self' file: data:",
            "font-src 'self' file:",
            "connect-src 'self' file:",
            "base-uri 'none'",
            "form-action 'self' file:",
        ]
    )


def protect(folder: Path) -> None:
    """Write the policy of each page of a folder into its head, before everything that it governs."""
    for path in sorted(folder.rglob("*.html")):
        page = path.read_text(encoding="utf-8")
        meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(page)}">'
        head = _HEAD.search(page)
        if head is not None:
            path.write_text(page[: head.end()] + meta + page[head.end() :], encoding="utf-8")


def _hash(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"
