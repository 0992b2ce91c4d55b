"""Files of units: what is read, what is refused, with its line and its reason."""

from contextlib import suppress

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from registry.allocation.formulas import allocate
from registry.allocation.formulas.csv_result import result_csv
from registry.allocation.formulas.csv_rows import COLUMNS, MAX_ROWS, Problem, Reason, read_rows
from registry.allocation.formulas.csv_text import NotText, decode_text
from registry.allocation.wording import SENTENCES, line_of, sentence

HEADER = ",".join(COLUMNS)
GOOD = {
    "entity": "E1", "unit": "U1", "class": "I", "generation_mwh": "100", "supply_mwh": "95", "heat_gj": "0",
    "load_factor": "0.8", "heat_ratio": "0", "cooling": "water", "verified_t": "80",
}  # fmt: skip


def file_with(**changed: str) -> str:
    return f"{HEADER}\n{','.join((GOOD | changed).values())}\n"


def reasons(text: str) -> list[tuple[int, str, str]]:
    reading = read_rows(text)
    assert reading.rows == ()
    return [(problem.line, problem.reason, problem.column) for problem in reading.problems]


def test_a_good_row_is_read() -> None:
    (row,) = read_rows(file_with(generation_mwh="100.50", load_factor="0.80")).rows
    assert (row.line, row.unit.entity, str(row.unit.generation_mwh)) == (2, "E1", "100.50")
    assert row.fields[3] == "100.50"


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("class", "V", "unknown_class"),
        ("class", "i", "unknown_class"),
        ("class", "Ⅰ", "unknown_class"),
        ("class", "", "empty_field"),
        ("cooling", "sea", "unknown_cooling"),
        ("cooling", "", "empty_field"),
        ("entity", "", "empty_field"),
        ("unit", " ", "empty_field"),
        ("unit", "x" * 101, "too_long"),
        ("unit", "a\u200bb", "control_character"),
        ("entity", "=HYPERLINK(1)", "formula"),
        ("entity", "@cmd", "formula"),
        ("generation_mwh", "-1", "negative"),
        ("generation_mwh", "−1", "negative"),
        ("generation_mwh", "-0", "negative"),
        ("supply_mwh", "NaN", "not_a_number"),
        ("supply_mwh", "Infinity", "not_a_number"),
        ("supply_mwh", "inf", "not_a_number"),
        ("supply_mwh", "1e5", "exponent"),
        ("supply_mwh", "1.5E+05", "exponent"),
        ("heat_gj", "１２３", "full_width"),
        ("heat_gj", "1 234 567", "thousands"),
        ("heat_gj", "1，234", "thousands"),
        ("heat_gj", "12 t", "not_a_number"),
        ("heat_gj", "1.", "not_a_number"),
        ("heat_gj", ".5", "not_a_number"),
        ("heat_gj", "+5", "not_a_number"),
        ("heat_gj", "1_000", "not_a_number"),
        ("heat_gj", "٣", "not_a_number"),
        ("heat_gj", "", "empty_field"),
        ("heat_gj", "=1+1", "formula"),
        ("heat_gj", "1.0000000000001", "too_many_decimals"),
        ("heat_gj", "1000000000001", "too_large"),
        ("heat_gj", "9" * 41, "not_a_number"),
        ("load_factor", "1.0001", "outside_0_1"),
        ("load_factor", "85", "outside_0_1"),
        ("load_factor", "85%", "not_a_number"),
        ("load_factor", "-0.1", "negative"),
        ("heat_ratio", "1.1", "outside_0_1"),
        ("verified_t", "80.5", "not_whole"),
        ("verified_t", "-80", "negative"),
    ],
)
def test_a_bad_field_is_named_with_its_line_column_and_reason(column: str, value: str, reason: str) -> None:
    assert reasons(file_with(**{column: value})) == [(2, reason, column)]


def test_thousands_separated_by_commas_need_quotes_to_be_one_field() -> None:
    assert reasons(file_with(heat_gj='"1,234"')) == [(2, "thousands", "heat_gj")]
    assert reasons(file_with(heat_gj="1,234")) == [(2, "field_count", "")]


@pytest.mark.parametrize("edge", ["0", "1", "0.0", "1.000", "0.123456789012"])
def test_the_edges_of_a_fraction_are_good(edge: str) -> None:
    assert len(read_rows(file_with(load_factor=edge, heat_ratio=edge)).rows) == 1


def test_whole_tonnes_may_be_written_with_a_point() -> None:
    assert read_rows(file_with(verified_t="80.0")).units[0].verified_t == 80


def test_every_bad_row_is_listed_and_no_row_is_read() -> None:
    good = ",".join(GOOD.values())
    twice_wrong = ",".join((GOOD | {"unit": "U2", "class": "X", "heat_gj": "-3"}).values())
    text = f"{HEADER}\n{good}\n{twice_wrong}\n\n{good}\n{good},9\n"
    assert reasons(text) == [
        (3, "unknown_class", "class"),
        (3, "negative", "heat_gj"),
        (5, "duplicate", "unit"),
        (6, "field_count", ""),
    ]
    assert read_rows(text).problems[2].limit == "2"


def test_a_unit_of_the_same_name_may_belong_to_another_entity() -> None:
    rows = "\n".join(",".join((GOOD | {"entity": name}).values()) for name in ("E1", "E2"))
    assert len(read_rows(f"{HEADER}\n{rows}").rows) == 2


def test_spaces_around_a_name_make_no_second_unit() -> None:
    text = file_with() + ",".join((GOOD | {"unit": " U1　"}).values())
    assert reasons(text) == [(3, "duplicate", "unit")]


def test_columns_may_stand_in_another_order_and_come_out_in_the_rules_order() -> None:
    names = list(reversed(COLUMNS))
    text = f"{','.join(names)}\n{','.join(GOOD[name] for name in names)}\n"
    assert read_rows(text).rows[0].fields == tuple(GOOD.values())


def test_missing_unknown_and_repeated_columns_are_named() -> None:
    text = f"{HEADER.replace('cooling', 'colling')},unit\n"
    assert reasons(text) == [
        (1, "missing_column", "cooling"),
        (1, "extra_column", "colling"),
        (1, "repeated_column", "unit"),
    ]


def test_a_column_without_a_name_is_named_by_its_place() -> None:
    assert reasons(f"{HEADER},\n") == [(1, "extra_column", "#11")]


@pytest.mark.parametrize("text", ["", "\n\n", HEADER, f"{HEADER}\n", f"{HEADER}\n,,,,,,,,,\n"])
def test_a_file_without_rows_is_refused(text: str) -> None:
    assert reasons(text) == [(1, "empty_file", "")]


def test_an_open_quotation_mark_is_named_by_the_line_it_begins_on() -> None:
    assert reasons(file_with() + '"E2,U1\n\n') == [(3, "broken_csv", "")]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    good = ",".join((GOOD | {"unit": '"U\n2"'}).values())
    assert reasons(f"{HEADER}\r\n\r\n{good}\r\n{good[:-1]}x\r\n")[0] == (3, "control_character", "unit")
    assert reasons(f"{HEADER}\r\n\r\n{good}\r\nx\r\n")[-1] == (5, "field_count", "")


def test_too_many_rows_are_refused() -> None:
    rows = (",".join((GOOD | {"unit": f"U{place}"}).values()) for place in range(MAX_ROWS + 1))
    assert reasons("\n".join((HEADER, *rows))) == [(MAX_ROWS + 2, "too_many_rows", "")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_chinese_names_are_read_in_the_encodings_spreadsheets_write(encoding: str) -> None:
    text = decode_text(file_with(entity="云岭能源", unit="1号机组").encode(encoding))
    assert read_rows(text).units[0].entity == "云岭能源"


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04\x00\x00", HEADER.encode("utf-16"), b"\xff\xd8\xff\xe0", b"a,\x80\xff\n"]
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(NotText):
        decode_text(content)


def test_a_name_that_holds_a_comma_comes_out_as_it_went_in() -> None:
    reading = read_rows(file_with(entity='"Jianghai, Power"'))
    assert '\n"Jianghai, Power",U1,I,' in result_csv(reading.rows, allocate(reading.units, 2024))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_sentence(reason: Reason, language: str) -> None:
    with translation.override(language):
        said = sentence(Problem(7, reason, "heat_gj", "VALUE", "LIMIT"))
    assert "%" not in said.replace("85 %", "")
    assert said.isascii() or language == "zh-hans" or "“VALUE”" in said


def test_reasons_and_sentences_are_the_same_set() -> None:
    assert set(SENTENCES) == set(Reason)


def test_a_problem_is_told_with_its_place() -> None:
    problem = Problem(7, Reason.OUTSIDE_0_1, "load_factor", "85")
    with translation.override("en"):
        assert line_of(problem) == "Line 7, load_factor: “85” lies outside 0 to 1: write 85 % as 0.85."
    with translation.override("zh-hans"):
        assert line_of(problem) == "第 7 行 load_factor：“85”不在 0 至 1 之间：85 % 请填 0.85。"


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    reading = read_rows(text)
    assert reading.problems
    assert not reading.rows


@given(st.lists(st.text(alphabet="0123456789.,-eE+NaIVXy\"'\n １%=", max_size=8), min_size=10, max_size=10))
def test_a_row_is_either_wholly_good_or_refused_with_a_reason(fields: list[str]) -> None:
    reading = read_rows(f"{HEADER}\n{','.join(fields)}\n")
    assert bool(reading.rows) is not bool(reading.problems)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_decoder(content: bytes) -> None:
    with suppress(NotText):
        assert "\0" not in decode_text(content)
