"""Files from bytes to rows: what is right is read, what is wrong is refused whole with its line, column and reason."""

import csv
import io
import zipfile
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from accounts.credit_codes import ALPHABET, check_character, is_valid
from registry.emitters.files import sheet
from registry.emitters.files.columns import ACTIVITY, EMITTERS, Column, example
from registry.emitters.files.reading import Reading, read
from tests.emitters.support import csv_file, headings, xlsx_file

HEAD = headings("activity")
ROW = ["E1", "1#", "I", "3000000", "2820000.5", "1000000", "0.60", "0.05", "water", "", "", "2700000"]
CODE = "91310000MA1FL0018G"
EMITTER_ROW = [CODE, "示例发电", "Example", "310000", "power", "1#", "", "I", "660", "water"]


def problems(reading: Reading) -> list[tuple[int, str, str]]:
    assert not reading.rows
    return [(one.line, one.column, one.reason) for one in reading.problems]


def with_field(
    name: str, value: object, row: Sequence[object] = ROW, head: Sequence[str] = HEAD
) -> list[object]:
    changed = list(row)
    changed[list(head).index(name)] = value
    return changed


@pytest.mark.parametrize("kind", ["emitters", "activity"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_of_each_kind_is_a_good_file(kind: str, form: str) -> None:
    head, row = example(kind)
    content = (csv_file if form == "csv" else xlsx_file)([row], head)
    reading = read(content, kind)
    assert (reading.problems, len(reading.rows)) == ((), 1)


def test_a_row_is_read_as_it_stands() -> None:
    values = read(csv_file([ROW], HEAD), "activity").rows[0].values
    assert values["supply_mwh"] == Decimal("2820000.5")
    assert (values["verified_t"], values["cooling"], values["output_t"]) == (2_700_000, "water", None)


def test_gbk_is_recognised_and_read_and_so_is_a_byte_order_mark() -> None:
    text = csv_file([EMITTER_ROW], headings("emitters")).decode()
    assert read(text.encode("gbk"), "emitters").rows[0].values["name_zh"] == "示例发电"
    assert read(b"\xef\xbb\xbf" + text.encode(), "emitters").rows[0].values["name_zh"] == "示例发电"
    assert sheet.encoding_of(text.encode("gbk")) == "GBK"


@pytest.mark.parametrize(
    ("kind", "columns", "row"), [("emitters", EMITTERS, EMITTER_ROW), ("activity", ACTIVITY, ROW)]
)
def test_chinese_headings_mean_the_same(kind: str, columns: tuple[Column, ...], row: list[str]) -> None:
    head = [column.zh.replace("(", "（").replace(")", "）") for column in columns]
    assert len(read(csv_file([row], head), kind).rows) == 1


def test_a_file_of_the_allocation_command_is_one_of_figures() -> None:
    head = [name for name in HEAD if name not in {"output_t", "intensity"}]
    row = [value for name, value in zip(HEAD, ROW, strict=True) if name in head]
    assert len(read(csv_file([row], head), "activity").rows) == 1


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("heat_gj", "-1", "negative"), ("heat_gj", "many", "not_a_number"), ("heat_gj", "NaN", "not_a_number"),
        ("heat_gj", "inf", "not_a_number"), ("heat_gj", "1,000", "thousands"), ("heat_gj", "1e5", "exponent"),
        ("heat_gj", "１２", "full_width"), ("heat_gj", "=1+1", "formula"), ("heat_gj", "0.00001", "too_many_decimals"),
        ("heat_gj", "9999999999999", "too_large"), ("load_factor", "60", "outside_0_1"),
        ("heat_ratio", "1.1", "outside_0_1"), ("verified_t", "1.5", "not_whole"), ("verified_t", "", "empty_field"),
        ("class", "V", "unknown_class"), ("cooling", "ice", "unknown_cooling"), ("unit", "", "empty_field"),
        ("unit", "=cmd", "formula"), ("unit", "a\x07b", "control_character"), ("unit", "x" * 41, "too_long"),
        ("generation_mwh", "2 700", "thousands"), ("generation_mwh", "2024-01-01", "not_a_number"),
    ],
)  # fmt: skip
def test_a_bad_field_is_named_with_its_line(column: str, value: str, reason: str) -> None:
    rows: list[Sequence[object]] = [ROW, with_field(column, value, with_field("unit", "2#"))]
    assert problems(read(csv_file(rows, HEAD), "activity")) == [(3, column, reason)]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("credit_code", "91310000MA1FL0018H", "credit_code"), ("credit_code", "91310000MA1FL001", "credit_code"),
        ("credit_code", CODE.lower(), "credit_code"), ("province", "Atlantis", "unknown_province"),
        ("sector", "paper", "unknown_sector"), ("capacity_mw", "0", "zero"), ("capacity_mw", "-3", "negative"),
        ("capacity_mw", "1.2345", "too_many_decimals"), ("name_zh", "", "empty_field"),
    ],
)  # fmt: skip
def test_a_bad_field_of_an_emitter_is_named(column: str, value: str, reason: str) -> None:
    head = headings("emitters")
    row = with_field(column, value, EMITTER_ROW, head)
    assert problems(read(csv_file([row], head), "emitters")) == [(2, column, reason)]


def test_every_bad_row_is_listed_not_the_first_alone() -> None:
    rows = [with_field("heat_gj", "-1", with_field("unit", f"{number}#")) for number in range(300)]
    found = problems(read(csv_file(rows, HEAD), "activity"))
    assert [line for line, _column, _reason in found] == list(range(2, 302))


def test_two_bad_fields_of_one_row_are_both_named() -> None:
    row = with_field("heat_gj", "-1", with_field("load_factor", "x"))
    assert problems(read(csv_file([row], HEAD), "activity")) == [
        (2, "heat_gj", "negative"),
        (2, "load_factor", "not_a_number"),
    ]


def test_a_unit_twice_names_its_first_line() -> None:
    reading = read(csv_file([ROW, ROW], HEAD), "activity")
    assert problems(reading) == [(3, "unit", "duplicate")]
    assert reading.problems[0].limit == "2"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ([*HEAD[:-1], "emissions"], {("emissions", "extra_column"), ("verified_t", "missing_column")}),
        ([*HEAD[:-1], "unit"], {("unit", "repeated_column"), ("verified_t", "missing_column")}),
        ([*HEAD, ""], {("#13", "extra_column")}),
    ],
)
def test_a_wrong_header_names_its_columns(head: list[str], expected: set[tuple[str, str]]) -> None:
    found = problems(read(csv_file([[*ROW, ""][: len(head)]], head), "activity"))
    assert {(column, reason) for _line, column, reason in found} == expected


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "empty_file"), (b"\n\n", 1, "empty_file"), (",".join(HEAD).encode(), 1, "empty_file"),
        (b"\xff\xfe\x00a\x00b", 1, "not_text"), ("é".encode("latin-1") + b"\xff\xff", 1, "not_text"),
        (b"PK\x03\x04 no archive", 1, "not_xlsx"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", 1, "old_xls"),
        (",".join(HEAD).encode() + b'\n"open', 2, "broken_csv"), (b"x" * 10_000_001, 1, "too_big"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused(content: bytes, line: int, reason: str) -> None:
    assert problems(read(content, "activity")) == [(line, "", reason)]


def test_a_csv_row_with_a_field_too_many_or_too_few_is_no_row() -> None:
    for row in ([*ROW, ""], ROW[:-1]):
        assert problems(read(csv_file([row], HEAD), "activity")) == [(2, "", "field_count")]


def test_two_hundred_thousand_rows_are_refused_before_they_are_read() -> None:
    content = csv_file([], HEAD) + b"E1,u,,1,1,1,1,1,water,,,1\n" * 200_000
    assert problems(read(content, "activity")) == [(20_002, "", "too_many_rows")]
    twenty = csv_file([with_field("unit", str(number)) for number in range(20_001)], HEAD)
    assert problems(read(twenty, "activity")) == [(20_002, "", "too_many_rows")]


def test_a_workbook_of_two_hundred_thousand_rows_is_refused_before_it_is_opened() -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet()
    page.append(HEAD)
    for number in range(200_000):
        page.append(["E1", str(number)])
    out = io.BytesIO()
    book.save(out)
    assert problems(read(out.getvalue(), "activity")) == [(20_002, "", "too_many_rows")]


def test_formulas_errors_and_merged_cells_of_a_workbook_are_named() -> None:
    reading = read(xlsx_file([ROW], HEAD, D2="=1+1"), "activity")
    assert ("formula_cell", "D2") in [(one.reason, one.limit) for one in reading.problems]
    reading = read(xlsx_file([ROW], HEAD, F2="#DIV/0!"), "activity")
    assert ("error_cell", "F2") in [(one.reason, one.limit) for one in reading.problems]
    book = Workbook()
    page = book.active
    assert page is not None
    for row in (HEAD, ROW):
        page.append(row)
    page.merge_cells("B2:C2")
    out = io.BytesIO()
    book.save(out)
    reading = read(out.getvalue(), "activity")
    assert [(one.line, one.reason, one.limit) for one in reading.problems] == [(2, "merged", "B2")]


def test_numbers_of_a_workbook_are_what_it_shows() -> None:
    row = with_field("load_factor", 0.1 + 0.2, with_field("generation_mwh", 3_000_000.0))
    values = read(xlsx_file([with_field("verified_t", 2_700_000, row)], HEAD), "activity").rows[0].values
    assert (values["load_factor"], values["generation_mwh"]) == (Decimal("0.3"), 3_000_000)


def test_a_truth_or_a_date_in_a_number_column_is_no_number() -> None:
    for value in (True, "2024-01-01"):
        reading = read(xlsx_file([with_field("heat_gj", value)], HEAD), "activity")
        assert problems(reading) == [(2, "heat_gj", "not_a_number")]


def test_a_workbook_with_two_sheets_does_not_say_which_is_meant() -> None:
    book = Workbook()
    book.create_sheet()
    out = io.BytesIO()
    book.save(out)
    assert problems(read(out.getvalue(), "activity")) == [(1, "", "several_sheets")]


def repacked(content: bytes, **parts: bytes) -> bytes:
    """A workbook with some of its parts exchanged."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(
                part.filename, parts.pop(part.filename.split("/")[-1].partition(".")[0], old.read(part))
            )
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def test_a_bomb_is_not_unpacked() -> None:
    bomb = repacked(xlsx_file([ROW], HEAD), bomb=b"\0" * 200_000_000)
    assert len(bomb) < 1_000_000
    assert problems(read(bomb, "activity")) == [(1, "", "unpacks_too_big")]


def test_entities_and_broken_parts_are_no_workbook() -> None:
    good = xlsx_file([ROW], HEAD)
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'
    for part in (laughs, b"<worksheet", b""):
        assert problems(read(repacked(good, sheet1=part), "activity")) == [(1, "", "not_xlsx")]


def test_an_archive_of_something_else_is_no_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert problems(read(out.getvalue(), "activity")) == [(1, "", "not_xlsx")]


# --- the parser against anything at all ------------------------------------------------------------
NUMBERS = st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False)
UNITS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_problems_never_a_crash(content: bytes) -> None:
    for kind in ("emitters", "activity"):
        for body in (content, csv_file([], headings(kind)) + content, b"PK\x03\x04" + content):
            reading = read(body, kind)
            assert bool(reading.rows) != bool(reading.problems)


@given(st.lists(st.tuples(UNITS, NUMBERS, st.integers(0, 10**9)), min_size=1, max_size=20))
def test_what_is_written_is_read_again_whatever_the_form(rows: list[tuple[str, Decimal, int]]) -> None:
    lines = [
        with_field("unit", unit, with_field("heat_gj", str(heat), with_field("verified_t", str(tonnes))))
        for unit, heat, tonnes in rows
    ]
    names = [unit.strip() for unit, _heat, _tonnes in rows]
    for content in (csv_file(lines, HEAD), xlsx_file(lines, HEAD)):
        reading = read(content, "activity")
        if len(set(names)) < len(names):
            assert {one.reason for one in reading.problems} == {"duplicate"}
            continue
        found = [
            (row.values["unit"], row.values["heat_gj"], row.values["verified_t"]) for row in reading.rows
        ]
        assert found == [
            (name, heat, tonnes) for name, (_unit, heat, tonnes) in zip(names, rows, strict=True)
        ]


@given(st.text(alphabet="0123456789", min_size=15, max_size=15), st.integers(0, 16), st.integers(1, 30))
def test_one_wrong_character_never_passes_the_check(digits: str, place: int, shift: int) -> None:
    first = "91" + digits
    code = first + check_character(first)
    assert is_valid(code)
    wrong = ALPHABET[(ALPHABET.index(code[place]) + shift) % 31]
    assert not is_valid(code[:place] + wrong + code[place + 1 :])


@pytest.mark.real_data
def test_the_credit_codes_of_the_published_list_all_hold(real_data: object) -> None:
    with open(f"{real_data}/key_emitters_2019_2020_sample.csv", encoding="utf-8-sig", newline="") as file:  # noqa: PTH123
        codes = [row["uscc"] for row in csv.DictReader(file)]
    assert len(codes) == 49
    assert all(is_valid(code) for code in codes)
