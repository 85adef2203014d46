"""The first sheet of an Excel workbook, with its formulas as text."""

from pathlib import Path
from zipfile import BadZipFile

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from crmlib.errors import InputError, Problem

__all__ = ["excel_sheet"]


def excel_sheet(path: Path) -> Worksheet:
    """The first sheet of a workbook, with formulas as text: nothing is evaluated."""
    try:
        sheet: Worksheet = openpyxl.load_workbook(path).worksheets[0]
    except FileNotFoundError:
        raise InputError(str(path), [Problem("the file", "is not there", "Check the name and the folder")]) from None
    except (BadZipFile, KeyError, IndexError, OSError, AttributeError, TypeError, ValueError):
        remedy = "Save it in Excel as a workbook (.xlsx), or as CSV UTF-8"
        raise InputError(str(path), [Problem("the file", "is not an Excel workbook with a sheet", remedy)]) from None
    return sheet
