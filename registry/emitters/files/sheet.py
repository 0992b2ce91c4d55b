"""A file's cells as text, row by row: CSV (UTF-8 or GBK) or the one sheet of a workbook.

Nothing is guessed and nothing is worked out: a formula, an error value or a merged cell in a workbook is refused
with its name, because what a person saw there is not what the file holds. Every measure is taken before the
content is unpacked.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry.allocation.formulas.csv_text import NotText, decode_text
from registry.emitters.files.problems import More, Problem, Reason, WrongFile

MAX_BYTES = 10_000_000
#: Ten times the units of the largest province.
MAX_ROWS = 20_000
#: A sheet with formats far below its last row is common; this many rows are looked at.
MAX_SHEET_ROWS = 100_000
MAX_UNPACKED = 150_000_000
MAX_PARTS = 1_000
MAX_SHARED_TEXT = 30_000_000
#: What a workbook shows of a number; beyond it lies the noise of binary fractions.
SHOWN_DIGITS = 15
CHUNK = 1 << 20
ROW_TAG = re.compile(rb"<(?:\w+:)?row[ >/]")
MERGE_TAG = re.compile(rb"<(?:\w+:)?mergeCell [^>]*ref=\"([A-Z]+\d+)(?::[A-Z]+\d+)?\"")
OLD_XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Record:
    """A row that has content: the line it begins on, its cells trimmed."""

    line: int
    cells: list[str]
    problems: tuple[Problem, ...] = ()


def records(content: bytes) -> Iterator[Record]:
    """All rows with content, header first. Raises WrongFile before the first, or where the file breaks off."""
    if len(content) > MAX_BYTES:
        raise WrongFile(Problem(1, More.TOO_BIG, limit=str(MAX_BYTES // 1_000_000)))
    if content.startswith(OLD_XLS):
        raise WrongFile(Problem(1, More.OLD_XLS))
    rows = _workbook(content) if content.startswith(b"PK") else _csv(content)
    for count, record in enumerate(rows):
        if count > MAX_ROWS:
            raise WrongFile(Problem(record.line, Reason.TOO_MANY_ROWS, limit=str(MAX_ROWS)))
        yield record


def encoding_of(content: bytes) -> str:
    """How the file is written, for the reader: XLSX, UTF-8 or GBK."""
    if content.startswith(b"PK"):
        return "XLSX"
    try:
        content.decode()
    except UnicodeDecodeError:
        return "GBK"
    return "UTF-8"


def _csv(content: bytes) -> Iterator[Record]:
    # Counted in bytes, before anything is decoded: line ends mean the same in both encodings.
    if content.count(b"\n") > MAX_SHEET_ROWS:
        raise WrongFile(Problem(MAX_ROWS + 2, Reason.TOO_MANY_ROWS, limit=str(MAX_ROWS)))
    try:
        text = decode_text(content)
    except NotText:
        raise WrongFile(Problem(1, More.NOT_TEXT)) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise WrongFile(Problem(line, Reason.BROKEN_CSV, value=str(error))) from None
        if any(cells):
            yield Record(line, cells)


def _workbook(content: bytes) -> Iterator[Record]:
    # Imported where a workbook comes: every start of every process would wait for it otherwise.
    from openpyxl import load_workbook

    try:
        _measure(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        yield from _rows(_only_sheet(book.worksheets))
    except WrongFile:
        raise
    # Whatever is not well-formed in an archive from anywhere ends in one of many errors of the libraries.
    except Exception as error:
        raise WrongFile(Problem(1, More.NOT_XLSX)) from error


def _only_sheet(sheets: list[Any]) -> Any:
    """Which of several sheets is meant is not guessed."""
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    if len(visible) != 1:
        raise WrongFile(Problem(1, More.SEVERAL_SHEETS, value=str(len(visible))))
    return visible[0]


def _measure(content: bytes) -> None:
    """Refuses what unpacks to too much, merged cells and too many rows. Raises WrongFile, zipfile.BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        shared = sum(part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml"))
        if (
            len(parts) > MAX_PARTS
            or sum(part.file_size for part in parts) > MAX_UNPACKED
            or shared > MAX_SHARED_TEXT
        ):
            raise WrongFile(Problem(1, More.UNPACKS_TOO_BIG, limit=str(MAX_UNPACKED // 1_000_000)))
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels")):
                _scan(archive, part)


def _scan(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Goes through one part piece by piece; declarations of entities have no place in a workbook."""
    rows = 0
    tail = b""
    with archive.open(part) as file:
        while piece := file.read(CHUNK):
            # Cut behind a tag's end, so that no tag is seen in halves or twice.
            piece = tail + piece
            end = piece.rfind(b">") + 1
            whole, tail = piece[:end], piece[end:]
            if b"<!" in whole.replace(b"<!--", b"").replace(b"<![CDATA[", b""):
                raise WrongFile(Problem(1, More.NOT_XLSX))
            if merged := MERGE_TAG.search(whole):
                raise WrongFile(Problem(_line_of(merged[1].decode()), More.MERGED, limit=merged[1].decode()))
            rows += len(ROW_TAG.findall(whole))
            if rows > MAX_SHEET_ROWS:
                raise WrongFile(Problem(MAX_ROWS + 2, Reason.TOO_MANY_ROWS, limit=str(MAX_ROWS)))


def _line_of(cell: str) -> int:
    return int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def _rows(sheet: Any) -> Iterator[Record]:
    """As a CSV file has them: every row as wide as the header, or wider where it has more."""
    width = 0
    # What the file says of its own size is not to be relied on: rows are as long as they are.
    sheet.reset_dimensions()
    for line, row in enumerate(sheet.iter_rows(), 1):
        problems: list[Problem] = []
        cells = [_text(cell, line, problems) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells or problems:
            width = width or len(cells)
            yield Record(line, cells + [""] * (width - len(cells)), tuple(problems))


def _text(cell: Any, line: int, problems: list[Problem]) -> str:
    """A cell as it would stand in a CSV file. Adds to `problems` what has no such form."""
    value = cell.value
    if value is None:
        return ""
    plain = isinstance(value, str | int | float) or hasattr(value, "isoformat")
    # What is neither text, number nor time is one of the library's objects for formulas of several cells.
    if cell.data_type == "f" or not plain:
        problems.append(Problem(line, More.FORMULA_CELL, limit=cell.coordinate))
        return ""
    if cell.data_type == "e":
        problems.append(Problem(line, More.ERROR_CELL, value=str(value)[:40], limit=cell.coordinate))
        return ""
    if isinstance(value, float):
        return _shown(value)
    return str(value).strip()


def _shown(value: float) -> str:
    """The number as the workbook shows it: 0.1 + 0.2 is 0.3, and 1e15 has all its digits."""
    number = Decimal(f"{value:.{SHOWN_DIGITS}g}")
    if not number.is_finite():
        return str(value)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
