"""A published report as a file: JSON, CSV, XLSX, Parquet, PDF, text. The same report gives the same bytes every time."""

import datetime as dt
import re
from collections.abc import Callable

from django.utils.translation import get_language

from market_data.models import Report
from market_data.reports import market, notice, statement_tables, writers
from market_data.reports.publish import canonical
from market_data.reports.tables import Column, Kind, Table
from market_data.reports.writers import File

#: The table that stands in a Parquet file, unless another is asked for.
FIRST_CHOICE = {Report.Kind.MARKET.value: "market", Report.Kind.MEMBER.value: "trades"}
TABLES = {
    Report.Kind.MARKET.value: ("market", "blocks", "proof"),
    Report.Kind.MEMBER.value: ("settlement", "accounts", "trades", "orders"),
}


def render(report: Report, form: str, *, only: str | None = None) -> File:
    """The report in one of `forms_of`; `only` names the one table that CSV and Parquet shall hold.

    Raises KeyError for any other form, LookupError for a table that it does not have.
    """
    content_type, write = FORMATS[form]
    return File(file_name(report, form, only=only), content_type, write(report, only))


def forms_of(kind: str) -> list[str]:
    """The formats of market reports or of statements; only the bulletin has a text."""
    return [form for form in FORMATS if form != "txt" or kind == Report.Kind.MARKET]


def file_name(report: Report, form: str, *, only: str | None = None) -> str:
    """tanshi-market-2021-07-16.csv, tanshi-statement-jianghai-2021-07-16-v2-trades.csv; plain ASCII."""
    subject = "market"
    if report.organisation:
        code = re.sub(r"[^A-Za-z0-9._-]", "_", report.organisation.code)
        subject = f"statement-{code}"
    version = f"-v{report.version}" if report.version > 1 else ""
    part = f"-{only}" if only and form in {"csv", "parquet"} else ""
    return f"tanshi-{subject}-{report.day}{version}{part}.{form}"


def tables(report: Report) -> list[Table]:
    made = market.tables if report.kind == Report.Kind.MARKET else statement_tables.tables
    return made(report.content)


def table_of(report: Report, name: str) -> Table:
    """One of its tables. Raises LookupError."""
    for each in tables(report):
        if each.name == name:
            return each
    raise LookupError(name)


def dated(report: Report, name: str) -> Table:
    """One of its tables with day and version in front, so that many days make one table."""
    found = table_of(report, name)
    columns = (Column("day", "day", Kind.DAY), Column("version", "version", Kind.WHOLE), *found.columns)
    rows = [[report.day.isoformat(), report.version, *row] for row in found.rows]
    return Table(found.name, found.label, columns, rows)


def as_json(report: Report, only: str | None = None) -> bytes:
    """The canonical content: its SHA-256 is the published one."""
    return canonical(report.content)


def as_csv(report: Report, only: str | None = None) -> bytes:
    return writers.csv_file(tables(report) if only is None else [table_of(report, only)])


def as_xlsx(report: Report, only: str | None = None) -> bytes:
    title = file_name(report, "xlsx")
    return writers.workbook(tables(report), title=title, created=report.published_at)


def as_parquet(report: Report, only: str | None = None) -> bytes:
    """One table; the metadata names the report and its SHA-256."""
    name = only or FIRST_CHOICE[report.kind]
    metadata = {
        "report": report.kind,
        "day": str(report.day),
        "version": str(report.version),
        "sha256": report.sha256,
    }
    return writers.parquet_file(dated(report, name), metadata)


def as_text(report: Report, only: str | None = None) -> bytes:
    """The bulletin as the exchange's notice words it, in the reader's language; nothing where there is none."""
    return notice_of(report.day, report.content.get("bulletin")).encode()


def notice_of(day: dt.date, bulletin: notice.Bulletin | None) -> str:
    """The notice in the language that is active. A report without a composite has none."""
    if bulletin is None:
        return ""
    write = notice.chinese if (get_language() or "zh").startswith("zh") else notice.english
    return write(day, bulletin)


def as_pdf(report: Report, only: str | None = None) -> bytes:
    """For printing. Loads fonts, when first asked."""
    from market_data.reports.pdf import pdf

    return pdf(report, tables(report), get_language() or "zh-hans")


#: Name → (content type, how to write it)
FORMATS: dict[str, tuple[str, Callable[[Report, str | None], bytes]]] = {
    "json": ("application/json", as_json),
    "csv": (writers.CSV, as_csv),
    "xlsx": (writers.XLSX, as_xlsx),
    "parquet": (writers.PARQUET, as_parquet),
    "pdf": ("application/pdf", as_pdf),
    "txt": ("text/plain; charset=utf-8", as_text),
}
