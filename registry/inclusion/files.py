"""The operator's file: one row an act, the person by the number of the carbon account alone."""

import datetime as dt
import re
from decimal import Decimal

from registry.emitters.files.columns import Column
from registry.emitters.files.fields import above_zero, number
from registry.emitters.files.problems import Bad, More
from registry.emitters.files.reading import Reading, read_table
from registry.inclusion.personal import NUMBER

RECORD = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T]00:00:00)?", re.ASCII)
MAX_AMOUNT = Decimal(100_000)


def record_id(value: str) -> str:
    if not RECORD.fullmatch(value):
        raise Bad(More.RECORD_ID)
    return value


def account_number(value: str) -> str:
    found = value.upper()
    if not NUMBER.fullmatch(found):
        raise Bad(More.UNKNOWN_ACCOUNT)
    return found


def day(value: str) -> dt.date:
    """An ISO day; a workbook's day comes with a midnight behind it."""
    match = DAY.fullmatch(value)
    try:
        return dt.date.fromisoformat(match[1] if match else value)
    except ValueError:
        raise Bad(More.NOT_A_DAY, "2026-03-02") from None


COLUMNS = (
    Column("record", "记录编号", record_id, "20260302-000017"),
    Column("account", "碳账户编号", account_number, "PA2345678ABC"),
    Column("day", "日期", day, "2026-03-02"),
    Column("amount", "数量", above_zero(number(MAX_AMOUNT, 3)), "12.5"),
)
KEY = ("record",)


def read(content: bytes) -> Reading:
    """Every row, or every bad one."""
    return read_table(content, COLUMNS, KEY)


def example() -> tuple[list[str], list[str]]:
    """Headings and one row of a template."""
    return [column.name for column in COLUMNS], [column.example for column in COLUMNS]
