"""Reading daily bulletins from CSV. Prices and money become whole fen, volumes whole tonnes."""

import csv
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from exchange.matching.money import parse_price

COLUMNS = (
    "date", "price_basis", "open", "high", "low", "close",
    "listed_volume_t", "listed_amount_cny", "block_volume_t", "block_amount_cny",
    "auction_volume_t", "auction_amount_cny", "total_volume_t", "total_amount_cny",
    "cum_volume_t", "cum_amount_cny",
)  # fmt: skip
BASES = ("listed", "composite")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
TONNES = re.compile(r"[0-9]{1,15}", re.ASCII)


class MalformedRowError(ValueError):
    """A row that cannot be read; the text says which column and why."""


class MissingColumnsError(ValueError):
    """The file's first line does not name the columns."""


@dataclass(frozen=True, slots=True)
class Method:
    """What one method of trade came to: tonnes and fen."""

    volume_t: int
    turnover_fen: int


@dataclass(frozen=True, slots=True)
class BulletinRow:
    """One line of the file. `open`, `high` and `low` are None where the bulletin prints none."""

    line: int
    day: dt.date
    basis: str
    open_fen: int | None
    high_fen: int | None
    low_fen: int | None
    close_fen: int
    listed: Method
    block: Method
    auction: Method
    total: Method
    cumulative: Method


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a line of the file that a person should look at."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


def read(lines: Iterable[str], *, before: dt.date) -> tuple[list[BulletinRow], list[Finding]]:
    """The rows in the order of their dates, and the lines that cannot be read (these are left out).

    A date must be earlier than `before` and stand once. Raises MissingColumnsError.
    """
    reader = csv.reader(lines)
    header = next(reader, [])
    if missing := [name for name in COLUMNS if name not in header]:
        raise MissingColumnsError(f"The first line lacks: {', '.join(missing)}")
    rows: dict[dt.date, BulletinRow] = {}
    malformed = []
    try:
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            try:
                row = parse(reader.line_num, header, fields)
                check_date(row.day, before, rows)
                rows[row.day] = row
            except MalformedRowError as error:
                malformed.append(Finding(reader.line_num, str(error)))
    except csv.Error as error:
        malformed.append(Finding(reader.line_num, f"not CSV from here on: {error}"))
    return [rows[day] for day in sorted(rows)], malformed


def check_date(day: dt.date, before: dt.date, rows: dict[dt.date, BulletinRow]) -> None:
    if day >= before:
        raise MalformedRowError(f"date: {day} is not over")
    if day in rows:
        raise MalformedRowError(f"date: {day} stands in line {rows[day].line} already")


def parse(line: int, header: list[str], fields: list[str]) -> BulletinRow:
    """One row. Raises MalformedRowError."""
    if len(fields) != len(header):
        raise MalformedRowError(f"{len(fields)} fields where the first line has {len(header)}")
    cells = {name: field.strip() for name, field in zip(header, fields, strict=True)}
    if cells["price_basis"] not in BASES:
        raise MalformedRowError(f"price_basis: {shown(cells['price_basis'])} is neither listed nor composite")
    return BulletinRow(
        line=line,
        day=date(cells["date"]),
        basis=cells["price_basis"],
        open_fen=price(cells, "open") if cells["open"] else None,
        high_fen=price(cells, "high") if cells["high"] else None,
        low_fen=price(cells, "low") if cells["low"] else None,
        close_fen=price(cells, "close"),
        listed=method(cells, "listed"),
        block=method(cells, "block"),
        auction=method(cells, "auction"),
        total=method(cells, "total"),
        cumulative=method(cells, "cum"),
    )


def date(cell: str) -> dt.date:
    try:
        if ISO_DATE.fullmatch(cell):
            return dt.date.fromisoformat(cell)
    except ValueError:
        pass
    raise MalformedRowError(f"date: {shown(cell)} is not a date (YYYY-MM-DD)")


def price(cells: dict[str, str], name: str) -> int:
    if not (fen := money(cells, name)):
        raise MalformedRowError(f"{name}: a price is above 0")
    return fen


def money(cells: dict[str, str], name: str) -> int:
    if (fen := parse_price(cells[name])) is None:
        raise MalformedRowError(f"{name}: {shown(cells[name])} is not an amount of yuan")
    return fen


def method(cells: dict[str, str], name: str) -> Method:
    volume = cells[f"{name}_volume_t"]
    if not TONNES.fullmatch(volume):
        raise MalformedRowError(f"{name}_volume_t: {shown(volume)} is not a whole number of tonnes")
    return Method(int(volume), money(cells, f"{name}_amount_cny"))


def shown(cell: str) -> str:
    """A cell as a message may repeat it: short and printable."""
    return repr(cell[:40])
