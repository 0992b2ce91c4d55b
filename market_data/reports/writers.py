"""Tables as files: CSV, XLSX, Parquet. The same tables give the same bytes every time."""

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter

from market_data.reports.tables import Column, Kind, Table
from registry.spreadsheets import MARK, Cell, Sheets, csv_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
PARQUET = "application/vnd.apache.parquet"


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content_type: str
    data: bytes


def csv_file(tables: Iterable[Table]) -> bytes:
    """One table after another with an empty line between, in UTF-8 with the mark that Excel needs for Chinese."""
    parts = (csv_text([[column.name for column in each.columns], *each.rows]) for each in tables)
    return MARK + "\r\n".join(parts).encode()


def workbook(tables: Iterable[Table], *, title: str, created: dt.datetime) -> bytes:
    """One sheet for each table; headings in the reader's language. `created` stands in the file, and is no clock's."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(
        data, {"in_memory": True, "constant_memory": True, "strings_to_formulas": False}
    )
    book.set_properties({"created": created.replace(tzinfo=None), "title": title})
    sheets = Sheets(book)
    for each in tables:
        sheets.add(each.name, [str(column.label) for column in each.columns], _typed(each))
    book.close()
    return data.getvalue()


def _typed(table: Table) -> Iterator[list[Cell]]:
    """Strings of money as the numbers they are, days as dates; everything else as it stands."""
    kinds = [column.kind for column in table.columns]
    for row in table.rows:
        yield [_cell(kind, cell) for kind, cell in zip(kinds, row, strict=True)]


def _cell(kind: Kind, cell: str | int | None) -> Cell:
    if isinstance(cell, str):
        if kind is Kind.MONEY:
            return Decimal(cell)
        if kind is Kind.DAY:
            return dt.date.fromisoformat(cell)
    return cell


def parquet_file(table: Table, metadata: Mapping[str, str]) -> bytes:
    """One table with exact types; `metadata` says where it is from. Loads a large library, when first asked."""
    from pyarrow import parquet

    data = io.BytesIO()
    parquet.write_table(arrow_table(table, metadata), data, compression="zstd")
    return data.getvalue()


def arrow_table(table: Table, metadata: Mapping[str, str]) -> Any:
    """The same in memory, as `pyarrow.Table`."""
    import pyarrow

    schema = pyarrow.schema(
        [(column.name, arrow_type(column)) for column in table.columns],
        metadata={name: value.encode() for name, value in metadata.items()},
    )
    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    arrays = [
        pyarrow.array([_exact(column.kind, cell) for cell in cells], field.type)
        for column, cells, field in zip(table.columns, columns, schema, strict=True)
    ]
    return pyarrow.Table.from_arrays(arrays, schema=schema)


def arrow_type(column: Column) -> Any:
    """decimal128(18, 2) for yuan, int64 for whole numbers, date32, milliseconds in Beijing, strings."""
    import pyarrow

    return {
        Kind.TEXT: pyarrow.string(),
        Kind.WHOLE: pyarrow.int64(),
        Kind.MONEY: pyarrow.decimal128(18, 2),
        Kind.DAY: pyarrow.date32(),
        Kind.MOMENT: pyarrow.timestamp("ms", tz="Asia/Shanghai"),
    }[column.kind]


def _exact(kind: Kind, cell: str | int | None) -> Any:
    if cell is None:
        return None
    if kind is Kind.MOMENT:
        return dt.datetime.fromisoformat(str(cell))
    if kind is Kind.MONEY:
        return Decimal(cell)
    return str(cell) if kind is Kind.TEXT else _cell(kind, cell)
