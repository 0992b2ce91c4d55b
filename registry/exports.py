"""Any table as a file: `?as=csv` or `?as=xlsx` behind the address of a page or of a list of the API.

    COLUMNS = (Column(_("Emitter")), Column(_("Surrendered (t)"), Kind.TONNES), Column(_("Fine (yuan)"), Kind.FEN))

    if exports.wanted(request):
        return exports.table_response(request, "surrenders-2024", COLUMNS, rows)

Rows are sequences with one raw value a column (tonnes and fen as integers, times aware); they may be a generator
over `queryset.iterator()`: a CSV file is sent while it is read, a workbook is built on disk.
"""

import datetime as dt
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import xlsxwriter
from django.core.exceptions import BadRequest
from django.http import FileResponse, StreamingHttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from registry.spreadsheets import Cell, Sheets, csv_chunks

FORMS = ("csv", "xlsx")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Kind(StrEnum):
    """What a column holds, and so what its raw values are."""

    TEXT = "text"
    #: int
    TONNES = "tonnes"
    #: int; shown as yuan with two places
    FEN = "fen"
    #: dt.date
    DATE = "date"
    #: aware dt.datetime; shown in Beijing time
    MOMENT = "moment"
    #: Decimal of per cent: 92.4 is 92.4 %
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Column:
    """`heading` is in the reader's language and names the unit: `Surrendered (t)`."""

    heading: str | Promise
    kind: Kind = Kind.TEXT

    @property
    def is_number(self) -> bool:
        """Whether it stands on the right."""
        return self.kind in {Kind.TONNES, Kind.FEN, Kind.PERCENT}


class UnknownForm(BadRequest):
    """`?as=` names no format that is offered: answered with 400."""


def wanted(request: Any) -> str | None:
    """The format of `?as=`, or None where the page itself is wanted. Raises UnknownForm."""
    form = request.GET.get("as")
    if form in {None, "", "html", "json"}:
        return None
    if form not in FORMS:
        raise UnknownForm(_("as: one of %(forms)s.") % {"forms": ", ".join(FORMS)})
    return str(form)


def table_response(
    request: Any, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse | FileResponse:
    """The table as a download called `tanshi-NAME.csv` or `.xlsx`, as `?as=` says (CSV if it says nothing).

    Text that begins like a formula is made harmless; numbers are numbers. Raises UnknownForm.
    """
    form = wanted(request) or "csv"
    headings = [str(column.heading) for column in columns]
    cells = _in_language(_cells(columns, rows), translation.get_language())
    response: StreamingHttpResponse | FileResponse
    if form == "csv":
        response = StreamingHttpResponse(csv_chunks(headings, cells), content_type="text/csv; charset=utf-8")
    else:
        response = FileResponse(_workbook(name, headings, cells), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{file_name(name, form)}"'
    response["Cache-Control"] = "private, no-store"
    return response


def file_name(name: str, form: str) -> str:
    """tanshi-surrenders-2024.csv; plain ASCII, so that every system takes it."""
    return f"tanshi-{re.sub(r'[^A-Za-z0-9._-]', '_', name)}.{form}"


def _cells(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Iterator[list[Cell]]:
    convert = [CONVERSIONS[column.kind] for column in columns]
    for row in rows:
        yield [None if value is None else to_cell(value) for to_cell, value in zip(convert, row, strict=True)]


def _in_language(cells: Iterator[list[Cell]], language: str | None) -> Iterator[list[Cell]]:
    """A body is sent after the request, when the thread may speak another language already."""
    while True:
        with translation.override(language):
            row = next(cells, None)
        if row is None:
            return
        yield row


def _workbook(name: str, headings: Sequence[str], cells: Iterable[Sequence[Cell]]) -> Any:
    """A workbook on disk, at its beginning; gone when it is closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
    Sheets(book).add(re.sub(r"[^\w-]", "_", name)[:27], headings, cells)
    book.close()
    file.seek(0)
    return file


def yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def _date(value: dt.date) -> dt.date:
    return value


CONVERSIONS: dict[Kind, Callable[[Any], Cell]] = {
    Kind.TEXT: str,
    Kind.TONNES: int,
    Kind.FEN: yuan,
    Kind.DATE: _date,
    Kind.MOMENT: _date,
    Kind.PERCENT: Decimal,
}
