"""Tables as CSV and XLSX: cells of known types, and no text that a spreadsheet would run.

A cell's type says how it is written: text, whole number, Decimal (two places, such as yuan or per cent), date,
moment (Beijing time), or nothing. `registry.exports` answers requests with it, the daily reports use it too.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
Cell = str | int | Decimal | dt.date | dt.datetime | None

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")
#: Excel's own limit, less the heading.
SHEET_ROWS = 1_048_575
#: A workbook knows binary numbers alone; longer whole numbers are written as text.
EXACT = 10**15
#: The mark that Excel needs to read UTF-8, and so Chinese, from a CSV file.
MARK = "\ufeff".encode()
ROWS_AT_ONCE = 500


def harmless(cell: Cell) -> Cell:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; a negative number does not."""
    if isinstance(cell, str) and cell.startswith(FORMULA_BEGINS) and not NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows as CSV lines, without the mark."""
    text = io.StringIO()
    csv.writer(text).writerows([_csv_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def csv_chunks(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A whole CSV file in pieces: the mark, the headings, some hundred rows at a time."""
    yield MARK + csv_text([headings]).encode()
    source = iter(rows)
    while some := list(islice(source, ROWS_AT_ONCE)):
        yield csv_text(some).encode()


def _csv_cell(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Decimal():
            return f"{cell:.2f}"
        case dt.datetime():
            return cell.astimezone(BEIJING).isoformat(timespec="seconds")
        case dt.date():
            return cell.isoformat()
    return str(harmless(cell))


class Sheets:
    """Writes tables into a workbook; a table longer than a sheet goes on in the next one."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._head = book.add_format({"bold": True, "bottom": 1})
        self._formats = {
            int: book.add_format({"num_format": "0"}),
            Decimal: book.add_format({"num_format": "0.00"}),
            dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
            dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }

    def add(self, name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        """One table under its own name (at most 27 characters, so that a number fits behind it)."""
        source = iter(rows)
        number = 1
        while True:
            sheet = self._begun(name if number == 1 else f"{name} {number}", headings)
            written = 0
            for row in islice(source, SHEET_ROWS):
                written += 1
                for column, cell in enumerate(row):
                    self._write(sheet, written, column, cell)
            number += 1
            if written < SHEET_ROWS:
                return

    def _begun(self, name: str, headings: Sequence[str]) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headings) - 1, 16)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, self._head)
        return sheet

    def _write(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        match cell:
            case None:
                return
            case int() if abs(cell) < EXACT:
                sheet.write_number(row, column, cell, self._formats[int])
            case Decimal() if abs(cell) < EXACT:
                # Two decimals of at most 15 digits survive that unchanged as they are shown; whoever needs
                # exact strings takes CSV or JSON.
                sheet.write_number(row, column, float(cell), self._formats[Decimal])
            case dt.datetime():
                local = cell.astimezone(BEIJING).replace(tzinfo=None)
                sheet.write_datetime(row, column, local, self._formats[dt.datetime])
            case dt.date():
                sheet.write_datetime(row, column, cell, self._formats[dt.date])
            case _:
                sheet.write_string(row, column, str(cell))
