"""What several tests of emitters say the same way."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook

from accounts.approvals.errors import Refused
from registry.emitters.files.columns import KINDS

D = Decimal


def refused(code: str) -> Any:
    """The verb refuses with this code, and only so."""
    return pytest.raises(Refused, match=rf"^{code}: .")


def headings(kind: str) -> list[str]:
    return [column.name for column in KINDS[kind]]


def csv_file(rows: Iterable[Sequence[object]], head: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode()


def xlsx_file(rows: Iterable[Sequence[Any]], head: Sequence[str], **also: Any) -> bytes:
    """A workbook; `also` maps cells to other values, such as C2="=1+1"."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [head, *rows]:
        sheet.append(list(row))
    for cell, value in also.items():
        sheet[cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
