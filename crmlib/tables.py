"""Tables of results as HTML: every cell is text, every column can carry the mark of its origin."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from crmlib.cases import Origin

__all__ = ["BADGE", "Table", "origin_mark", "remarked", "table"]

#: Colour of an origin's badge, as sphinx-design names it.
BADGE = {
    Origin.PUBLISHED: "success",
    Origin.RECOVERED: "info",
    Origin.ASSUMED: "warning",
    Origin.ERRATUM: "danger",
    Origin.OWN: "primary",
}


@dataclass(frozen=True)
class Table:
    """A table as HTML, and what it shows line by line, as it is pinned; a notebook shows it."""

    html: str
    shown: list[str]

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, object]]:
        return {"text/html": self.html}, {"crmlib": {"shown": self.shown}}

    def _repr_html_(self) -> str:
        return self.html


def origin_mark(origin: str) -> str:
    """The mark of an origin: its word in a badge, its meaning as a tip.

    Examples
    --------
    >>> "assumed</span>" in origin_mark("assumed")
    True
    """
    known = Origin(origin)
    return f'<span class="sd-badge sd-outline-{BADGE[known]} crm-origin" title="{escape(known.meaning)}">{known}</span>'


def table(
    frame: pd.DataFrame,
    *,
    caption: str,
    formats: Mapping[str, str] | None = None,
    origins: Mapping[str, str] | None = None,
    origin: str | None = None,
) -> Table:
    """Show a frame.

    Parameters
    ----------
    caption
        What the table holds, with units.
    formats
        Format of a column, such as ``"{:.4f}"``; other cells are shown as they are, missing ones empty.
    origins
        Origin of a column, for its mark. A column called ``Origin`` is shown as marks.
    origin
        Origin of the whole table, for a mark in the caption.

    Examples
    --------
    >>> shown = table(pd.DataFrame({"weight": [0.25]}, index=["<b>"]), caption="Weights", formats={"weight": "{:.2f}"})
    >>> "&lt;b&gt;" in shown.html, "0.25" in shown.html
    (True, True)
    """
    formats, origins = formats or {}, origins or {}
    sides = {name: "number" if _numeric(frame[name]) else "text" for name in frame}

    def text(column: object, value: Any) -> str:
        if pd.isna(value):
            return ""
        shown = formats.get(str(column), "{}").format(value)
        return shown.replace("-", "−") if isinstance(value, float) else shown

    def heading(name: object) -> str:
        told = _marked(str(name), origins.get(str(name)), _UNDER)
        return f'<th scope="col" class="crm-{sides.get(name, "text")}">{told}</th>'

    def cell(column: object, shown: str) -> str:
        if column == "Origin":
            return f"<td>{origin_mark(shown) if shown else ''}</td>"
        return f'<td class="crm-{sides[column]}">{_text(shown)}</td>'

    names = ["" if frame.index.name is None else frame.index.name, *frame.columns]
    rows = [list(map(text, frame.columns, row)) for row in frame.itertuples(index=False, name=None)]
    body = "".join(
        f'<tr><th scope="row">{_text(str(label))}</th>{"".join(map(cell, frame.columns, row))}</tr>'
        for label, row in zip(frame.index, rows, strict=True)
    )
    html = (
        f'<figure class="crm-table"><figcaption>{_marked(caption, origin, _BESIDE)}</figcaption>'
        f'<div tabindex="0"><table class="table" aria-label="{_text(caption)}">'
        f"<thead><tr>{''.join(map(heading, names))}</tr></thead><tbody>{body}</tbody></table></div></figure>"
    )
    marked = [f"{name} [{origins[str(name)]}]" if name in origins else str(name) for name in names]
    lines = [marked, *([str(label), *row] for label, row in zip(frame.index, rows, strict=True))]
    told = f"table: {caption}{f' [{origin}]' if origin else ''}"
    return Table(html, [told, *("  " + " | ".join(" ".join(part.split()) for part in line) for line in lines)])


#: What stands between the caption of a table, or the heading of a column, and its mark.
_BESIDE, _UNDER = " ", "<br>"


def _marked(name: str, origin: str | None, between: str) -> str:
    return _text(name) + (f"{between}{origin_mark(origin)}" if origin else "")


def remarked(html: str, name: str, old: str, new: str) -> str:
    """The HTML of a table with another mark at its caption, or at one of its columns.

    Examples
    --------
    >>> shown = table(pd.DataFrame({"weight": [0.25]}), caption="Weights", origins={"weight": "assumed"})
    >>> "own</span>" in remarked(shown.html, "weight", "assumed", "own")
    True
    """
    for between in (_BESIDE, _UNDER):
        html = html.replace(f">{_marked(name, old, between)}", f">{_marked(name, new, between)}")
    return html


def _text(text: str) -> str:
    """Text for HTML, in one line: on a Markdown page a blank line would end the table."""
    return escape(" ".join(text.splitlines()))


def _numeric(column: pd.Series) -> bool:
    """Whether a column holds numbers, also as printed text, so that it is set flush right."""
    filled = column[column.notna() & (column != "")]
    return bool(pd.to_numeric(filled, errors="coerce").notna().all())
