"""Ff by hand: check values, cliffs, and who is not corrected (registry-rules.md 3, domain.md 5.3)."""

from decimal import localcontext

import pytest

from registry.allocation.formulas import allocate
from tests.allocation_rules.rows import a_unit


def ff(year: int, load: str, **given: object) -> str:
    return str(allocate([a_unit(load_factor=load, **given)], year).units[0].ff)


@pytest.mark.parametrize("year", [2019, 2020, 2021, 2022])
@pytest.mark.parametrize(
    ("load", "expected"),
    [
        ("1", "1.000000"),
        ("0.85", "1.000000"),
        ("0.8499", "1.000014"),
        ("0.82", "1.004200"),
        ("0.80", "1.007000"),
        ("0.7999", "1.007016"),
        ("0.78", "1.010200"),
        ("0.75", "1.015000"),
        ("0.7499", "1.015030"),
        ("0.70", "1.030225"),
        ("0", "1.268986"),
    ],
)
def test_four_bands_until_2022(year: int, load: str, expected: str) -> None:
    assert ff(year, load) == expected
    assert ff(year, load, unit_class="II") == expected


@pytest.mark.parametrize("year", [2023, 2024])
@pytest.mark.parametrize(
    ("load", "expected"),
    [("0.60", "1.061364"), ("0.6499", "1.045710"), ("0.65", "1.000000"), ("1", "1.000000")],
)
def test_the_cliff_at_65_percent(year: int, load: str, expected: str) -> None:
    assert ff(year, load) == expected
    assert ff(year, load, heat_gj="1", heat_ratio="0.3") == expected


@pytest.mark.parametrize("year", [2025, 2026])
@pytest.mark.parametrize(
    ("load", "expected"),
    [("0.40", "1.160254"), ("0.50", "1.000000"), ("0.65", "1.000000"), ("0", "7.254000")],
)
def test_the_drafts_cliff_at_50_percent(year: int, load: str, expected: str) -> None:
    assert ff(year, load) == expected


def test_just_under_50_percent_the_draft_gives_1_1003() -> None:
    """The check value is rounded to four places; 1.100276 to six."""
    assert ff(2026, "0.499999999999") == "1.100276"


@pytest.mark.parametrize("year", range(2019, 2027))
@pytest.mark.parametrize("unit_class", ["III", "IV"])
def test_other_coal_and_gas_are_never_corrected(year: int, unit_class: str) -> None:
    assert ff(year, "0.30", unit_class=unit_class) == "1.000000"


def test_a_unit_that_supplied_heat_is_not_corrected_until_2022() -> None:
    assert ff(2022, "0.60", heat_gj="0.001") == "1.000000"
    assert ff(2022, "0.60") == "1.061364"


def test_a_tie_goes_up_at_the_sixth_decimal() -> None:
    """1.007 + 0.0016 × (80 − 79.9990625) = 1.0070015; of the neighbours one is below the half, one above."""
    assert ff(2022, "0.799990625") == "1.007002"
    assert ff(2022, "0.799990626") == "1.007001"
    assert ff(2022, "0.799990624") == "1.007002"


def test_a_callers_coarse_decimals_change_nothing() -> None:
    with localcontext() as coarse:
        coarse.prec = 3
        result = allocate([a_unit(load_factor="0.60", generation_mwh=3_000_000)], 2024).units[0]
    assert (str(result.ff), result.electricity_t) == ("1.061364", 2_518_616)
