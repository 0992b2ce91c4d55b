"""Unit rows from CSV: either every row, or every bad one with its line, column and reason (registry-rules.md 3).

Reasons are codes of `Reason`; whoever shows them has the words. Nothing is guessed: a figure is plain digits with an
optional point, because "1,234" and "1e5" mean different things to different people.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from registry.allocation.formulas.units import (
    MAX_DECIMALS,
    MAX_QUANTITY,
    Cooling,
    UnitClass,
    UnitInput,
)

COLUMNS = (
    "entity", "unit", "class", "generation_mwh", "supply_mwh", "heat_gj", "load_factor", "heat_ratio", "cooling",
    "verified_t",
)  # fmt: skip
#: Ten times the units of the country; a longer file is another file.
MAX_ROWS = 100_000
MAX_NAME = 100

PLAIN = re.compile(r"[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)


class Reason(StrEnum):
    """Why a file or a row is refused."""

    EMPTY_FILE = "empty_file"
    BROKEN_CSV = "broken_csv"
    TOO_MANY_ROWS = "too_many_rows"
    MISSING_COLUMN = "missing_column"
    EXTRA_COLUMN = "extra_column"
    REPEATED_COLUMN = "repeated_column"
    FIELD_COUNT = "field_count"
    EMPTY_FIELD = "empty_field"
    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"
    FORMULA = "formula"
    UNKNOWN_CLASS = "unknown_class"
    UNKNOWN_COOLING = "unknown_cooling"
    NOT_A_NUMBER = "not_a_number"
    THOUSANDS = "thousands"
    EXPONENT = "exponent"
    FULL_WIDTH = "full_width"
    NEGATIVE = "negative"
    OUTSIDE_0_1 = "outside_0_1"
    TOO_LARGE = "too_large"
    TOO_MANY_DECIMALS = "too_many_decimals"
    NOT_WHOLE = "not_whole"
    DUPLICATE = "duplicate"


#: What people and spreadsheets write in place of a number, and why it is refused.
SLIPS: tuple[tuple[Reason, re.Pattern[str]], ...] = (
    (Reason.FORMULA, re.compile(r"=.*", re.DOTALL)),
    (Reason.THOUSANDS, re.compile(r"[+-]?[0-9]{1,3}([,，' \u00a0\u202f][0-9]{3})+(\.[0-9]+)?")),
    (Reason.EXPONENT, re.compile(r"[+-]?[0-9]+(\.[0-9]*)?[eE][+-]?[0-9]+")),
    (Reason.NEGATIVE, re.compile(r"[-−－][0-9]+(\.[0-9]+)?")),
    (Reason.FULL_WIDTH, re.compile(r".*[０-９].*", re.DOTALL)),
)


@dataclass(frozen=True)
class Problem:
    """One thing wrong. `line` counts the file's lines from 1; `column` and `value` are empty where none is meant."""

    line: int
    reason: Reason
    column: str = ""
    value: str = ""
    #: What the reason measures by: the expected count, the first line of a duplicate, the highest value.
    limit: str = ""


@dataclass(frozen=True)
class Row:
    """A good row: its line, its fields as they stand (trimmed), and what they mean."""

    line: int
    fields: tuple[str, ...]
    unit: UnitInput


@dataclass(frozen=True)
class Reading:
    """All rows of a file, or (then without any row) all its problems in the order of lines."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]

    @property
    def units(self) -> tuple[UnitInput, ...]:
        return tuple(row.unit for row in self.rows)


class _Bad(Exception):
    """A field that is not what its column holds."""

    def __init__(self, reason: Reason, limit: str = "") -> None:
        super().__init__(reason)
        self.reason, self.limit = reason, limit


def read_rows(text: str) -> Reading:
    """Read a file's text. Columns may stand in any order; lines without any content are passed over."""
    problems: list[Problem] = []
    lines = _records(text, problems)
    header = next(lines, None)
    if header is None:
        return Reading((), tuple(problems) or (Problem(1, Reason.EMPTY_FILE),))
    number, names = header
    problems += _header_problems(number, names)
    if problems:
        return Reading((), tuple(problems))
    rows: list[Row] = []
    first_lines: dict[tuple[str, str], int] = {}
    for count, (line, fields) in enumerate(lines, 1):
        if count > MAX_ROWS:
            problems.append(Problem(line, Reason.TOO_MANY_ROWS, limit=str(MAX_ROWS)))
            break
        problems_before = len(problems)
        problems += _problems_of(line, fields, names, first_lines)
        if len(problems) == problems_before:
            rows.append(_row(line, dict(zip(names, fields, strict=True))))
    if not rows and not problems:
        problems.append(Problem(number, Reason.EMPTY_FILE))
    return Reading((), tuple(problems)) if problems else Reading(tuple(rows), ())


def _records(text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Records with the line each begins on; what breaks the file's form ends it and is added to `problems`."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            fields = [field.strip() for field in next(reader)]
        except StopIteration:
            return
        except csv.Error as problem:
            problems.append(Problem(line, Reason.BROKEN_CSV, value=str(problem)))
            return
        if any(fields):
            yield line, fields


def _header_problems(line: int, names: Sequence[str]) -> Iterator[Problem]:
    for name in COLUMNS:
        if name not in names:
            yield Problem(line, Reason.MISSING_COLUMN, column=name)
    for place, name in enumerate(names, 1):
        if name not in COLUMNS:
            yield Problem(line, Reason.EXTRA_COLUMN, column=name or f"#{place}")
        elif name in names[: place - 1]:
            yield Problem(line, Reason.REPEATED_COLUMN, column=name)


def _problems_of(
    line: int, fields: Sequence[str], names: Sequence[str], first_lines: dict[tuple[str, str], int]
) -> Iterator[Problem]:
    """What is wrong with one row; notes the unit's first line, so that its second is found."""
    if len(fields) != len(names):
        yield Problem(line, Reason.FIELD_COUNT, value=str(len(fields)), limit=str(len(names)))
        return
    for name, value in zip(names, fields, strict=True):
        try:
            READERS[name](value)
        except _Bad as bad:
            yield Problem(line, bad.reason, name, value, bad.limit)
    record = dict(zip(names, fields, strict=True))
    unit = (record["entity"], record["unit"])
    if not all(unit):
        return
    first = first_lines.setdefault(unit, line)
    if first != line:
        yield Problem(line, Reason.DUPLICATE, "unit", record["unit"], str(first))


def _row(line: int, record: Mapping[str, str]) -> Row:
    values: dict[str, Any] = {name: READERS[name](record[name]) for name in COLUMNS}
    values["unit_class"] = values.pop("class")
    return Row(line, tuple(record[name] for name in COLUMNS), UnitInput(**values))


def _name(value: str) -> str:
    """A name as it may be shown and written into a spreadsheet again: no formula, no hidden characters."""
    if not value:
        raise _Bad(Reason.EMPTY_FIELD)
    if len(value) > MAX_NAME:
        raise _Bad(Reason.TOO_LONG, str(MAX_NAME))
    if not value.isprintable():
        raise _Bad(Reason.CONTROL_CHARACTER)
    if value[0] in "=+-@":
        raise _Bad(Reason.FORMULA)
    return value


def _class(value: str) -> UnitClass:
    if not value:
        raise _Bad(Reason.EMPTY_FIELD)
    if value not in set(UnitClass):
        raise _Bad(Reason.UNKNOWN_CLASS, ", ".join(UnitClass))
    return UnitClass(value)


def _cooling(value: str) -> Cooling:
    if not value:
        raise _Bad(Reason.EMPTY_FIELD)
    if value not in set(Cooling):
        raise _Bad(Reason.UNKNOWN_COOLING, ", ".join(Cooling))
    return Cooling(value)


def _number(value: str) -> Decimal:
    """Plain ASCII digits with an optional point; at most 12 decimals."""
    if not PLAIN.fullmatch(value):
        raise _Bad(_no_number(value))
    _, _, places = value.partition(".")
    if len(places) > MAX_DECIMALS:
        raise _Bad(Reason.TOO_MANY_DECIMALS, str(MAX_DECIMALS))
    return Decimal(value)


def _no_number(value: str) -> Reason:
    """Which of the usual slips made this field no number."""
    if not value:
        return Reason.EMPTY_FIELD
    return next((reason for reason, pattern in SLIPS if pattern.fullmatch(value)), Reason.NOT_A_NUMBER)


def _quantity(value: str) -> Decimal:
    number = _number(value)
    if number > MAX_QUANTITY:
        raise _Bad(Reason.TOO_LARGE, str(MAX_QUANTITY))
    return number


def _fraction(value: str) -> Decimal:
    number = _number(value)
    if number > 1:
        raise _Bad(Reason.OUTSIDE_0_1)
    return number


def _tonnes(value: str) -> int:
    """Verified emissions are whole tonnes; "12.0" is one of them."""
    number = _quantity(value)
    if number != int(number):
        raise _Bad(Reason.NOT_WHOLE)
    return int(number)


READERS: dict[str, Callable[[str], Any]] = {
    "entity": _name,
    "unit": _name,
    "class": _class,
    "generation_mwh": _quantity,
    "supply_mwh": _quantity,
    "heat_gj": _quantity,
    "load_factor": _fraction,
    "heat_ratio": _fraction,
    "cooling": _cooling,
    "verified_t": _tonnes,
}
