"""Units and entities by hand (registry-rules.md 3, domain.md 5.3–5.5)."""

from decimal import Decimal

import pytest

from registry.allocation.formulas import UnitInput, allocate
from registry.allocation.formulas.power import EntityResult, gap_rate_pct
from tests.allocation_rules.rows import a_unit


def entity(year: int, *rows: UnitInput) -> EntityResult:
    return allocate(rows, year).entities[0]


def test_the_worked_example() -> None:
    """Class I, 2024, 3 000 000 MWh, 1 000 000 GJ, F 0.60."""
    row = a_unit(generation_mwh=3_000_000, heat_gj=1_000_000, load_factor="0.60")
    result = allocate([row], 2024).units[0]
    assert str(result.ff) == "1.061364"
    assert (result.electricity_t, result.heat_t, result.unit_t) == (2_518_616, 103_300, 2_621_916)


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_from_2023_supply_cooling_and_heat_ratio_do_not_count(year: int) -> None:
    plain = a_unit(generation_mwh=1_000_000)
    other = a_unit(generation_mwh=1_000_000, supply_mwh=5, cooling="air", heat_ratio="0.9")
    assert allocate([plain], year).units[0].unit_t == allocate([other], year).units[0].unit_t


def test_coal_until_2022_is_corrected_for_cooling_and_heat() -> None:
    row = a_unit(supply_mwh=1_000_000, heat_gj=100_000, heat_ratio="0.1", cooling="air", load_factor="0.60")
    result = allocate([row], 2022).units[0]
    assert result.electricity_t == 839_696  # 1 000 000 × 0.8177 × 1.05 × 0.978 = 839 696.13
    assert result.heat_t == 11_050


def test_gas_until_2022_has_its_own_heat_correction_and_no_other() -> None:
    row = a_unit(unit_class="IV", supply_mwh=1_000_000, heat_gj=100_000, heat_ratio="0.1", cooling="air")
    result = allocate([row], 2022).units[0]
    assert (result.electricity_t, result.heat_t) == (366_694, 5_570)  # 390 100 × 0.94; 100 000 × 0.0557


def test_back_pressure_is_cooled_by_water_as_far_as_the_rules_go() -> None:
    amounts = {
        cooling: allocate([a_unit(supply_mwh=1_000_000, cooling=cooling)], 2022).units[0].unit_t
        for cooling in ("water", "back_pressure", "air")
    }
    assert amounts == {"water": 817_700, "back_pressure": 817_700, "air": 858_585}


def test_electricity_and_heat_are_each_rounded_down() -> None:
    """2 MWh × 0.7910 = 1.582, 9 GJ × 0.1033 = 0.9297: together above 2 t, each on its own 1 and 0."""
    assert allocate([a_unit(generation_mwh=2, heat_gj=9)], 2024).units[0].unit_t == 1


def test_a_gas_unit_below_its_emissions_is_topped_up_to_them() -> None:
    row = a_unit(unit_class="IV", generation_mwh=1_000_000, verified_t=350_000)
    result = allocate([row], 2024).units[0]
    assert (result.electricity_t, result.topup_t, result.unit_t) == (328_800, 21_200, 350_000)


def test_a_gas_unit_above_its_emissions_keeps_its_allocation() -> None:
    row = a_unit(unit_class="IV", generation_mwh=1_000_000, verified_t=300_000)
    assert allocate([row], 2024).units[0].unit_t == 328_800


def test_a_coal_unit_is_not_topped_up_but_its_entity_is_to_80_percent() -> None:
    """79 100 of 200 003 t: floor 160 002 (160 002.4 rounded down), so the gap is 20.00 %."""
    result = entity(2024, a_unit(generation_mwh=100_000, verified_t=200_003))
    assert (result.units[0].topup_t, result.initial_t, result.floor_t) == (0, 79_100, 160_002)
    assert (result.final_t, str(result.gap_rate_pct)) == (160_002, "20.00")


def test_the_gas_top_up_comes_before_the_floor() -> None:
    gas = a_unit(unit="G", unit_class="IV", verified_t=100)
    coal = a_unit(unit="C", verified_t=100)
    result = entity(2024, gas, coal)
    assert (result.initial_t, result.floor_t, result.final_t) == (100, 160, 160)


def test_2019_and_2020_top_up_nothing() -> None:
    result = entity(2020, a_unit(unit_class="IV", verified_t=1_000))
    assert (result.initial_t, result.floor_t, result.final_t, str(result.gap_rate_pct)) == (0, 0, 0, "100.00")


def test_the_obligation_of_2020_is_capped_at_the_allocation_and_a_fifth_of_the_emissions() -> None:
    """Allocation 877 000 t; emissions 1 200 003 t: at most 877 000 + 240 000 (240 000.6 rounded down)."""
    result = entity(2020, a_unit(supply_mwh=1_000_000, verified_t=1_200_003))
    assert result.obligation_t == 1_117_000


def test_below_the_cap_the_obligation_of_2020_is_the_emissions() -> None:
    assert entity(2020, a_unit(supply_mwh=1_000_000, verified_t=1_000_000)).obligation_t == 1_000_000


def test_a_gas_unit_of_2020_owes_no_more_than_its_allocation() -> None:
    short = a_unit(unit="G1", unit_class="IV", supply_mwh=1_000_000, verified_t=400_000)  # allocated 392 000
    ample = a_unit(unit="G2", unit_class="IV", supply_mwh=1_000_000, verified_t=300_000)
    result = entity(2020, short, ample)
    assert [unit.obligation_t for unit in result.units] == [392_000, 300_000]
    assert result.obligation_t == 692_000


def test_from_2021_the_obligation_is_the_emissions() -> None:
    row = a_unit(unit_class="IV", supply_mwh=1_000, verified_t=400_000)
    assert [entity(year, row).obligation_t for year in range(2021, 2027)] == [400_000] * 6


@pytest.mark.parametrize(
    ("verified_t", "final_t", "shown"),
    [
        (100, 80, "20.00"),
        (80_000, 80_004, "-0.01"),  # −0.005 %: away from zero
        (80_000, 79_996, "0.01"),
        (100_000, 100_001, "0.00"),  # −0.001 %: no minus before a zero
        (1, 1, "0.00"),
        (3, 2, "33.33"),
        (3, 1, "66.67"),
    ],
)
def test_gap_rates_are_rounded_half_away_from_zero(verified_t: int, final_t: int, shown: str) -> None:
    assert str(gap_rate_pct(verified_t, final_t)) == shown


def test_without_emissions_there_is_no_gap_rate() -> None:
    assert gap_rate_pct(0, 500) is None


def test_entities_stand_in_the_order_of_their_first_unit() -> None:
    rows = [a_unit(entity=name, unit=f"U{place}") for place, name in enumerate(("B", "A", "B", "C"))]
    result = allocate(rows, 2024)
    assert [each.entity for each in result.entities] == ["B", "A", "C"]
    assert [unit.unit for unit in result.entities[0].units] == ["U0", "U2"]


def test_a_unit_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="U1 of E1 stands twice"):
        allocate([a_unit(), a_unit(generation_mwh=1)], 2024)


def test_no_rows_give_an_empty_allocation() -> None:
    assert allocate([], 2024).entities == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"load_factor": "1.0001"}, {"heat_ratio": "1.1"}, {"generation_mwh": "-1"}, {"supply_mwh": "NaN"},
        {"heat_gj": "Infinity"}, {"verified_t": -1}, {"unit_class": "V"}, {"cooling": "wind"}, {"entity": ""},
        {"heat_gj": "0.0000000000001"}, {"generation_mwh": "1000000000001"},
    ],
)  # fmt: skip
def test_impossible_figures_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        a_unit(**wrong)


def test_floats_and_halves_of_tonnes_are_no_figures() -> None:
    with pytest.raises(TypeError, match="generation_mwh"):
        UnitInput("E", "U", "I", 1.5, Decimal(0), Decimal(0), Decimal(0), Decimal(0), "water", 0)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="verified_t"):
        a_unit(verified_t=Decimal("1.5"))
