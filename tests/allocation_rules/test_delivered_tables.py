"""The tables that the rules were delivered with, in the core and in the naive version."""

from pathlib import Path

import pytest

from registry.allocation.formulas import allocate
from registry.allocation.formulas.csv_result import result_csv
from registry.allocation.formulas.csv_rows import Reading, read_rows
from registry.allocation.formulas.csv_text import decode_text
from tests.allocation_rules import naive
from tests.support.house_rules import ROOT

FOLDER = ROOT / "tests" / "allocation"
YEARS = (2020, 2022, 2024, 2026)


def rows_of(year: int) -> Reading:
    return read_rows(decode_text((FOLDER / f"units-{year}.csv").read_bytes()))


def test_every_table_is_there() -> None:
    assert sorted(path.name for path in FOLDER.glob("*.csv")) == sorted(
        f"units-{year}{end}" for year in YEARS for end in (".csv", ".result.csv")
    )


@pytest.mark.parametrize("year", YEARS)
def test_a_delivered_table_gives_its_result_byte_for_byte(year: int) -> None:
    reading = rows_of(year)
    result = result_csv(reading.rows, allocate(reading.units, year))
    assert result.encode() == Path(FOLDER / f"units-{year}.result.csv").read_bytes()


@pytest.mark.parametrize("year", YEARS)
def test_the_naive_rules_say_the_same_of_a_delivered_table(year: int) -> None:
    sections = (FOLDER / f"units-{year}.result.csv").read_text().split("\n\n")
    printed = [line.split(",")[10:] for line in sections[0].splitlines()[1:]]
    told = [naive.unit(row, year) for row in rows_of(year).units]
    assert [[f"{float(ff):.6f}", *map(str, rest)] for ff, *rest in told] == printed
