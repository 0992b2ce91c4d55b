"""A published report as a file: JSON, CSV or XLSX. The same report gives the same bytes every time."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter

from market_data.models import Report
from market_data.reports import market, statement_tables
from market_data.reports.publish import canonical
from market_data.reports.tables import Cell, Table

#: Formats that the API's description names and a later release brings.
NOT_YET = ("parquet", "pdf")

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")


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
    text = io.StringIO()
    writer = csv.writer(text)
    for number, each in enumerate(tables(report)):
        if number:
            writer.writerow([])
        writer.writerow([column.name for column in each.columns])
        writer.writerows([harmless(cell) for cell in row] for row in each.rows)
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: Cell) -> Cell:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; a negative number does not."""
    if isinstance(cell, str) and cell.startswith(FORMULA_BEGINS) and not NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


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
    head = book.add_format({"bold": True, "bottom": 1})
    money = book.add_format({"num_format": "0.00"})
    whole = book.add_format({"num_format": "0"})
    for each in tables(report):
        sheet = book.add_worksheet(each.name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(each.columns) - 1, 16)
        for column, heading in enumerate(each.columns):
            sheet.write_string(0, column, str(heading.label), head)
        for number, row in enumerate(each.rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(number, column, cell, whole)
                elif cell is not None and each.columns[column].money:
                    # A workbook knows binary numbers alone. Two decimals of at most 15 digits survive that
                    # unchanged as they are shown; whoever needs exact strings takes CSV or JSON.
                    sheet.write_number(number, column, float(Decimal(cell)), money)
                elif cell is not None:
                    sheet.write_string(number, column, cell)
    book.close()
    return data.getvalue()


#: Name → (content type, how to write it)
FORMATS: dict[str, tuple[str, Callable[[Report], bytes]]] = {
    "json": ("application/json", as_json),
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
