"""A published report as a file: JSON, CSV or XLSX. The same report gives the same bytes every time."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter

from market_data.models import Report
from market_data.reports import market, statement_tables
from market_data.reports.publish import canonical
from market_data.reports.tables import Kind, Table
from registry.spreadsheets import MARK, Cell, Sheets, csv_text

#: Formats that the API's description names and a later release brings.
NOT_YET = ("parquet", "pdf")


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content_type: str
    data: bytes


def render(report: Report, form: str) -> File:
    """The report in one of FORMATS. Raises KeyError for any other name."""
    content_type, write = FORMATS[form]
    return File(file_name(report, form), content_type, write(report))


def file_name(report: Report, form: str) -> str:
    """tanshi-market-2021-07-16.csv, tanshi-statement-jianghai-2021-07-16-v2.csv; plain ASCII."""
    subject = "market"
    if report.organisation:
        code = re.sub(r"[^A-Za-z0-9._-]", "_", report.organisation.code)
        subject = f"statement-{code}"
    version = f"-v{report.version}" if report.version > 1 else ""
    return f"tanshi-{subject}-{report.day}{version}.{form}"


def tables(report: Report) -> list[Table]:
    made = market.tables if report.kind == Report.Kind.MARKET else statement_tables.tables
    return made(report.content)


def as_json(report: Report) -> bytes:
    """The canonical content: its SHA-256 is the published one."""
    return canonical(report.content)


def as_csv(report: Report) -> bytes:
    """One table after another with an empty line between, in UTF-8 with the mark that Excel needs for Chinese."""
    parts = (csv_text([[column.name for column in each.columns], *each.rows]) for each in tables(report))
    return MARK + "\r\n".join(parts).encode()


def as_xlsx(report: Report) -> bytes:
    """One sheet for each table; headings in the reader's language."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(
        data, {"in_memory": True, "constant_memory": True, "strings_to_formulas": False}
    )
    # The creation time stands in the file: the report's own, so that the bytes do not depend on the moment.
    book.set_properties(
        {"created": report.published_at.replace(tzinfo=None), "title": file_name(report, "xlsx")}
    )
    sheets = Sheets(book)
    for each in tables(report):
        sheets.add(each.name, [str(column.label) for column in each.columns], _typed(each))
    book.close()
    return data.getvalue()


def _typed(table: Table) -> Iterator[list[Cell]]:
    """Strings of money as the numbers they are; everything else as it stands."""
    money = [column.kind is Kind.MONEY for column in table.columns]
    for row in table.rows:
        yield [
            Decimal(cell) if of_money and isinstance(cell, str) else cell
            for of_money, cell in zip(money, row, strict=True)
        ]


#: Name → (content type, how to write it)
FORMATS: dict[str, tuple[str, Callable[[Report], bytes]]] = {
    "json": ("application/json", as_json),
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
