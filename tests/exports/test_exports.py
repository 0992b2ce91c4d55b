"""Files that people open in a spreadsheet: right numbers, Chinese readable, nothing that runs."""

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.http import FileResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from registry import exports, spreadsheets
from registry.exports import Column, Kind, table_response

BEIJING = ZoneInfo("Asia/Shanghai")
COLUMNS = (
    Column(_("Emitter")),
    Column("清缴 (t)", Kind.TONNES),
    Column("fine (yuan)", Kind.FEN),
    Column("day", Kind.DATE),
    Column("share", Kind.PERCENT),
    Column("time", Kind.MOMENT),
)
ROWS: list[Sequence[Any]] = [
    ("江海发电", 2_700_000, 4_800, dt.date(2025, 12, 31), Decimal("92.4"),
     dt.datetime(2025, 12, 31, 15, 0, tzinfo=dt.UTC)),
    ("=HYPERLINK(0)", -5, None, None, None, None),
]  # fmt: skip


def asked(query: str, rows: Any = ROWS) -> StreamingHttpResponse | FileResponse:
    return table_response(RequestFactory().get(f"/list/?{query}"), "surrenders 2024", COLUMNS, rows)


def content(response: StreamingHttpResponse | FileResponse) -> bytes:
    body = response.getvalue()
    assert isinstance(body, bytes)
    return body


def test_csv_opens_with_chinese_and_exact_numbers() -> None:
    response = asked("as=csv")
    assert response["Content-Disposition"] == 'attachment; filename="tanshi-surrenders_2024.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    data = content(response)
    assert data.startswith(b"\xef\xbb\xbf")
    _head, first, second = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert first == ["江海发电", "2700000", "48.00", "2025-12-31", "92.40", "2025-12-31T23:00:00+08:00"]
    assert second == ["'=HYPERLINK(0)", "-5", "", "", "", ""]


def test_a_workbook_holds_numbers_dates_and_no_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(content(asked("as=xlsx")))).worksheets[0]
    assert [sheet.cell(2, column).value for column in range(1, 7)] == [
        "江海发电", 2_700_000, 48, dt.datetime(2025, 12, 31), 92.4, dt.datetime(2025, 12, 31, 23),  # noqa: DTZ001
    ]  # fmt: skip
    assert sheet.cell(2, 3).number_format == "0.00"
    hostile = sheet.cell(3, 1)
    assert (hostile.value, hostile.data_type) == ("=HYPERLINK(0)", "s")


@pytest.mark.parametrize(
    ("query", "form"), [("", None), ("as=json", None), ("as=csv", "csv"), ("as=xlsx", "xlsx")]
)
def test_the_address_says_the_format(query: str, form: str | None) -> None:
    assert exports.wanted(RequestFactory().get(f"/list/?{query}")) == form


def test_another_format_is_refused() -> None:
    with pytest.raises(exports.UnknownForm, match="csv, xlsx"):
        exports.wanted(RequestFactory().get("/list/?as=exe"))


def test_a_file_is_sent_while_it_is_read() -> None:
    read = 0

    def rows() -> Iterator[Sequence[Any]]:
        nonlocal read
        for _number in range(2_000):
            read += 1
            yield ROWS[0]

    response = asked("as=csv", rows())
    chunks = iter(response)
    next(chunks)
    assert read == 0
    next(chunks)
    assert 0 < read < 2_000


def test_words_stay_in_the_language_of_the_request() -> None:
    word = _("Emitter")
    with translation.override("en"):
        response = asked("as=csv", [(word, 1, None, None, None, None)])
    with translation.override("zh-hans"):
        assert content(response).decode("utf-8-sig").splitlines()[1].startswith("Emitter,1")


def test_a_long_table_goes_on_in_the_next_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "SHEET_ROWS", 3)
    book = openpyxl.load_workbook(io.BytesIO(content(asked("as=xlsx", [ROWS[0]] * 7))))
    assert [sheet.max_row - 1 for sheet in book.worksheets] == [3, 3, 1]
