"""Steel, cement and aluminium by hand, and the balance value (registry-rules.md 3, domain.md 5.6)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.allocation.formulas import UnknownYear
from registry.allocation.formulas.balance import balance_value
from registry.allocation.formulas.industry import IndustryInput, Sector, allocate_industry
from registry.allocation.formulas.table import industry_rules_of

STEEL = {Sector.STEEL: Decimal("2.0")}


def line(verified_t: int, intensity: str | None, unit: str = "L1", exempt: bool = False) -> IndustryInput:
    amount = None if intensity is None else Decimal(intensity)
    return IndustryInput("E1", unit, Sector.STEEL, verified_t, amount, exempt)


def allocated(verified_t: int, intensity: str, year: int = 2025) -> int:
    return allocate_industry([line(verified_t, intensity)], year, STEEL).units[0].unit_t


@pytest.mark.parametrize("year", [2025, 2026])
@pytest.mark.parametrize(
    ("intensity", "expected"),
    [
        ("2.0", 1_000_000),
        ("1.8", 1_015_000),  # X = 10 %, α = 1.5 %
        ("2.2", 985_000),
        ("1.600001", 1_029_999),  # X just under 20 %
        ("1.6", 1_030_000),
        ("2.4", 970_000),
        ("0.5", 1_030_000),  # beyond 20 % it stays 3 %
        ("9", 970_000),
    ],
)
def test_alpha_follows_intensity_and_stops_at_3_percent(year: int, intensity: str, expected: int) -> None:
    assert allocated(1_000_000, intensity, year) == expected


def test_a_line_is_rounded_down() -> None:
    assert allocated(99, "1.8") == 100  # 100.485
    assert allocated(99, "2.2") == 97  # 97.515


def test_an_exact_tonne_is_not_lost_to_a_repeating_decimal() -> None:
    """X = 0.1 / 3 repeats; 200 × (1 + 0.15 × 0.1 / 3) is 201 all the same."""
    row = line(200, "2.9")
    assert allocate_industry([row], 2025, {Sector.STEEL: Decimal(3)}).units[0].unit_t == 201


def test_2024_allocates_what_was_emitted_and_asks_for_no_intensity() -> None:
    result = allocate_industry([line(123_457, None)], 2024)
    assert result.units[0].unit_t == 123_457
    assert [step.key for step in result.units[0].derivation] == ["unit"]


def test_special_cases_are_allocated_what_they_emitted() -> None:
    assert allocate_industry([line(5_000, None, exempt=True)], 2025).units[0].unit_t == 5_000


def test_an_entity_is_the_sum_of_its_lines() -> None:
    rows = [line(1_000_000, "1.8", "L1"), line(1_000_000, "2.4", "L2")]
    entity = allocate_industry(rows, 2025, STEEL).entities[0]
    assert (entity.final_t, entity.verified_t, entity.obligation_t) == (1_985_000, 2_000_000, 2_000_000)
    assert str(entity.gap_rate_pct) == "0.75"


def test_what_is_missing_is_said() -> None:
    with pytest.raises(ValueError, match="no balance value of steel"):
        allocate_industry([line(1, "2")], 2025)
    with pytest.raises(ValueError, match="L1 of E1 has no intensity"):
        allocate_industry([line(1, None)], 2025, STEEL)
    with pytest.raises(ValueError, match="above 0"):
        allocate_industry([line(1, "2")], 2025, {Sector.STEEL: Decimal(0)})
    with pytest.raises(ValueError, match="stands twice"):
        allocate_industry([line(1, "2"), line(2, "2")], 2025, STEEL)
    with pytest.raises(UnknownYear):
        allocate_industry([], 2023)


def test_the_derivation_of_a_line() -> None:
    steps = allocate_industry([line(1_000_000, "1.8")], 2025, STEEL).units[0].derivation
    assert [step.formula for step in steps] == ["(BP − I) ÷ BP", "k × X", "E × (1 + α)"]
    assert [step.filled.replace("\u00a0", " ") for step in steps] == [
        "(2.0 − 1.8) ÷ 2.0 = 0.100000",
        "0.15 × 0.100000 = 0.015000",
        "1 000 000 t × (1 + 0.015000) = 1 015 000 t",
    ]
    beyond = allocate_industry([line(1_000_000, "9")], 2025, STEEL).units[0].derivation[1]
    assert (beyond.case, beyond.filled) == ("beyond", "−0.03 = −0.03")


def test_equal_lines_have_their_own_intensity_as_balance_value() -> None:
    assert balance_value([line(10, "1.7", "A"), line(30, "1.7", "B")], 2025) == Decimal("1.7")


def test_the_balance_value_inside_the_band_is_the_weighted_mean() -> None:
    """All within ±20 %: Σ E (1 − I / BP) = 0, so BP = Σ E I / Σ E = (100 × 1.9 + 300 × 2.1) / 400."""
    assert balance_value([line(100, "1.9", "A"), line(300, "2.1", "B")], 2025) == Decimal("2.05")


def test_the_balance_value_with_a_line_beyond_the_band() -> None:
    """B and C in the band, A (1.0) beyond: 0.03 × 100 + 0.15 × (200 − (100 × 2 + 100 × 2.2) / BP) = 0.

    33 = 63 / BP, so BP = 1.909091 (to six decimals), at which A is 47.6 % better and B, C 4.8 and 15.2 % worse.
    """
    rows = [line(100, "1.0", "A"), line(100, "2.0", "B"), line(100, "2.2", "C")]
    assert balance_value(rows, 2025) == Decimal("1.909091")


def test_two_groups_far_apart_are_solved_by_the_lowest_value_of_an_interval() -> None:
    """I 1 and 4, as much each: from BP = 1.25 (X of the first 20 %) to 3.33 one gains what the other loses."""
    assert balance_value([line(100, "1", "A"), line(100, "4", "B")], 2025) == Decimal("1.25")


def test_exempt_lines_and_lines_without_emissions_take_no_part() -> None:
    rows = [
        line(100, "2", "A"),
        line(100, "9", "B", exempt=True),
        line(0, "9", "C"),
        line(5, None, "D", exempt=True),
    ]
    assert balance_value(rows, 2025) == Decimal(2)


def test_where_there_is_no_balance_value_it_is_said() -> None:
    with pytest.raises(ValueError, match="plan of 2024"):
        balance_value([line(1, "2")], 2024)
    with pytest.raises(ValueError, match="no row has emissions"):
        balance_value([], 2025)
    other = IndustryInput("E2", "L1", Sector.CEMENT, 1, Decimal(1))
    with pytest.raises(ValueError, match="of its own"):
        balance_value([line(1, "2"), other], 2025)


lines = st.lists(
    st.tuples(st.integers(1, 10**7), st.decimals("0.001", "20", places=3)), min_size=1, max_size=12
).map(lambda rows: [line(tonnes, str(per), f"L{place}") for place, (tonnes, per) in enumerate(rows)])


def surplus(rows: list[IndustryInput], value: Fraction) -> Fraction:
    """Σ A − Σ E before rounding, straight from the rules."""
    total = Fraction(0)
    for row in rows:
        assert row.intensity is not None
        deviation = (value - Fraction(row.intensity)) / value
        if deviation >= Fraction(2, 10):
            given_share = Fraction(3, 100)
        elif deviation <= Fraction(-2, 10):
            given_share = Fraction(-3, 100)
        else:
            given_share = Fraction(15, 100) * deviation
        total += row.verified_t * given_share
    return total


@settings(deadline=None)
@given(lines)
def test_around_the_balance_value_the_sum_changes_its_sign(rows: list[IndustryInput]) -> None:
    value, step = Fraction(balance_value(rows, 2025)), Fraction(1, 10**6)
    assert surplus(rows, value - step) <= 0 <= surplus(rows, value + step)


@settings(deadline=None)
@given(lines, st.decimals("0.001", "20", places=3))
def test_a_line_gets_within_3_percent_of_its_emissions(rows: list[IndustryInput], value: Decimal) -> None:
    for unit in allocate_industry(rows, 2026, {Sector.STEEL: value}).units:
        tonnes = unit.row.verified_t
        assert 97 * tonnes // 100 <= unit.unit_t <= 103 * tonnes // 100
        exact = tonnes + surplus([unit.row], Fraction(value))
        assert 0 <= exact - unit.unit_t < 1


@settings(deadline=None)
@given(st.integers(0, 10**7), lines, st.decimals("0.001", "20", places=3))
def test_a_cleaner_line_never_gets_less(tonnes: int, rows: list[IndustryInput], value: Decimal) -> None:
    ordered = sorted(row.intensity for row in rows if row.intensity is not None)
    same = [line(tonnes, str(per), f"L{place}") for place, per in enumerate(ordered)]
    gets = [unit.unit_t for unit in allocate_industry(same, 2026, {Sector.STEEL: value}).units]
    assert gets == sorted(gets, reverse=True)


def test_the_industry_table_ends_where_the_power_table_ends() -> None:
    assert industry_rules_of(2026).document.draft
    assert not industry_rules_of(2025).document.draft
