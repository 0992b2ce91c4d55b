"""A file of one kind: either every row, or every bad one with its line, column and reason (registry-rules.md 3)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.emitters.files.columns import KEYS, KINDS, Column
from registry.emitters.files.problems import Bad, More, Problem, Reason, WrongFile
from registry.emitters.files.sheet import Record, records


@dataclass(frozen=True, slots=True)
class Row:
    """A good row; `values` by column, None where nothing stands or the file has no such column."""

    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """`rows` is empty where there are problems. `count` counts the rows of data, good and bad."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    count: int = 0


def read(content: bytes, kind: str) -> Reading:
    """Reads a file of this kind (`columns.KINDS`)."""
    return read_table(content, KINDS[kind], KEYS[kind])


def read_table(content: bytes, columns: Sequence[Column], key: tuple[str, ...]) -> Reading:
    """Reads a table whose rows `key` tells apart. Columns may stand in any order, empty lines are passed over."""
    rows: list[Row] = []
    problems: list[Problem] = []
    count = 0
    try:
        lines = records(content)
        header = next(lines, None)
        if header is None:
            return Reading((), (Problem(1, Reason.EMPTY_FILE),))
        places = _places(header, columns)
        first_lines: dict[tuple[str, ...], int] = {}
        for record in lines:
            count += 1
            found = list(_problems_of(record, places, len(header.cells)))
            values = {} if found else _values(record, places, found)
            found += _twice(record.line, values, key, first_lines)
            problems += found
            if not found:
                rows.append(Row(record.line, values))
    except WrongFile as wrong:
        problems += wrong.problems
    if not count and not problems:
        problems.append(Problem(1, Reason.EMPTY_FILE))
    return Reading((), tuple(problems), count) if problems else Reading(tuple(rows), (), count)


#: Where each column stands in a row; columns that the file does not have are missing here.
Places = list[tuple[Column, int]]


def _places(header: Record, columns: Sequence[Column]) -> Places:
    """Raises WrongFile with everything that is wrong with the header."""
    names = {heading: column for column in columns for heading in (column.name, column.zh)}
    problems = list(header.problems)
    found: dict[str, int] = {}
    for place, heading in enumerate(header.cells):
        column = names.get(heading.replace("（", "(").replace("）", ")"))
        if column is None:
            shown = heading[:40] or f"#{place + 1}"
            problems.append(Problem(header.line, Reason.EXTRA_COLUMN, shown))
        elif column.name in found:
            problems.append(Problem(header.line, Reason.REPEATED_COLUMN, column.name))
        else:
            found[column.name] = place
    problems += [
        Problem(header.line, Reason.MISSING_COLUMN, column.name)
        for column in columns
        if column.needed and column.name not in found
    ]
    if problems:
        raise WrongFile(*problems)
    return [(column, found[column.name]) for column in columns if column.name in found]


def _problems_of(record: Record, places: Places, width: int) -> Iterator[Problem]:
    yield from record.problems
    if len(record.cells) != width:
        yield Problem(record.line, Reason.FIELD_COUNT, value=str(len(record.cells)), limit=str(width))


def _values(record: Record, places: Places, problems: list[Problem]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column, place in places:
        text = record.cells[place] if place < len(record.cells) else ""
        if not text:
            values[column.name] = None
            if column.filled:
                problems.append(Problem(record.line, Reason.EMPTY_FIELD, column.name))
            continue
        try:
            values[column.name] = column.read(text)
        except Bad as bad:
            problems.append(Problem(record.line, bad.reason, column.name, text[:60], bad.limit))
    return values


def _twice(
    line: int, values: Mapping[str, Any], key: tuple[str, ...], first_lines: dict[tuple[str, ...], int]
) -> Iterator[Problem]:
    """The second row of the same key; notes the first."""
    found = tuple(str(values.get(name) or "") for name in key)
    if not all(found):
        return
    first = first_lines.setdefault(found, line)
    if first != line:
        yield Problem(line, Reason.DUPLICATE, key[-1], found[-1], str(first))


def entity_contradictions(rows: Sequence[Row], columns: Sequence[str], key: str) -> list[Problem]:
    """Rows of one entity that say different things of it; the first row is held to be right."""
    first: dict[str, Row] = {}
    problems = []
    for row in rows:
        other = first.setdefault(row.values[key], row)
        problems += [
            Problem(row.line, More.CONTRADICTS, column, str(row.values.get(column) or ""), str(other.line))
            for column in columns
            if row.values.get(column) != other.values.get(column)
        ]
    return problems
