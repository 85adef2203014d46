"""Spreadsheets of the OpenDocument format, as LibreOffice writes them: a zip of XML."""

import io
import zipfile
from xml.sax.saxutils import escape

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
_EMPTY = (
    '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
    "</table:table-row>"  # every LibreOffice file ends so
)
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="{0}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def opendocument(rows: list[list[object]], *, percentages: bool = False, wide: int = 1, high: int = 1) -> bytes:
    """Rows as a sheet; numbers may be `percentages`; each number stands for `wide` cells, each row for `high`."""
    lines = ""
    for row in rows:
        cells = "".join(_cell(cell, percentages, wide) for cell in row)
        lines += f'<table:table-row table:number-rows-repeated="{high}">{cells}</table:table-row>'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} office:version="1.3"><office:body>'
        f'<office:spreadsheet><table:table table:name="S">{lines}{_EMPTY}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", _TYPE, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST.format(_TYPE))
        archive.writestr("content.xml", content)
    return file.getvalue()


def _cell(value: object, percentages: bool, wide: int) -> str:
    if isinstance(value, float):
        kind = "percentage" if percentages else "float"
        about = f'office:value-type="{kind}" office:value="{value!r}" table:number-columns-repeated="{wide}"'
    else:
        about = 'office:value-type="string"'
    return f"<table:table-cell {about}><text:p>{escape(str(value))}</text:p></table:table-cell>"
