"""Random units against the naive rules, and what must hold for all of them."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.allocation.formulas import UnitInput, allocate
from tests.allocation_rules import naive
from tests.allocation_rules.rows import files, plan_years, units

QUANTITIES = ("generation_mwh", "supply_mwh", "heat_gj")


@settings(deadline=None, max_examples=200)
@given(files(), plan_years)
def test_units_and_entities_are_what_the_naive_rules_say(rows: list[UnitInput], year: int) -> None:
    result = allocate(rows, year)
    for row, unit in zip(rows, result.units, strict=True):
        got = (Fraction(unit.ff), unit.electricity_t, unit.heat_t, unit.topup_t, unit.unit_t)
        assert got == naive.unit(row, year)
    for entity in result.entities:
        gap = None if entity.gap_rate_pct is None else Fraction(entity.gap_rate_pct)
        its = [row for row in rows if row.entity == entity.entity]
        assert (
            entity.initial_t, entity.floor_t, entity.final_t, entity.verified_t, gap, entity.obligation_t,
        ) == naive.entity(its, year)  # fmt: skip


@settings(deadline=None)
@given(units(), plan_years)
def test_rounding_is_never_above_the_exact_value_nor_a_tonne_below(row: UnitInput, year: int) -> None:
    unit = allocate([row], year).units[0]
    _, electricity, heat = naive.exact_parts(row, year)
    assert 0 <= electricity - unit.electricity_t < 1
    assert 0 <= heat - unit.heat_t < 1
    assert abs(Fraction(unit.ff) - naive.exact_load_factor(row, year)) <= Fraction(1, 2 * 10**6)


@settings(deadline=None)
@given(files(), plan_years)
def test_an_entity_is_the_sum_of_its_units_whatever_their_order(rows: list[UnitInput], year: int) -> None:
    forth, back = allocate(rows, year), allocate(rows[::-1], year)
    assert forth.units == back.units[::-1]
    totals = {each.entity: (each.final_t, each.obligation_t) for each in back.entities}
    for entity in forth.entities:
        assert entity.initial_t == sum(unit.unit_t for unit in forth.units if unit.entity == entity.entity)
        assert totals[entity.entity] == (entity.final_t, entity.obligation_t)


@settings(deadline=None)
@given(files(), plan_years)
def test_relief_keeps_the_gap_within_a_fifth(rows: list[UnitInput], year: int) -> None:
    for entity in allocate(rows, year).entities:
        assert 0 <= entity.obligation_t <= entity.verified_t
        if year >= 2021:
            assert 5 * entity.final_t > 4 * entity.verified_t - 5
            assert entity.obligation_t == entity.verified_t
        else:
            assert 5 * (entity.obligation_t - entity.final_t) <= entity.verified_t


@settings(deadline=None)
@given(units(), st.sampled_from(QUANTITIES), st.decimals(0, 10**6, places=3), plan_years)
def test_more_electricity_never_means_less(row: UnitInput, name: str, more: Decimal, year: int) -> None:
    """Heat is another matter: before 2023 a unit that supplies any loses its load correction."""
    if name == "heat_gj" and row.heat_gj == 0:
        row = replace(row, heat_gj=Decimal("0.001"))
    larger = replace(row, **{name: getattr(row, name) + more})
    assert unit_t(larger, year) >= unit_t(row, year)


@settings(deadline=None)
@given(units(), st.integers(0, 10**6), plan_years)
def test_more_emissions_never_mean_less(row: UnitInput, more_t: int, year: int) -> None:
    dirtier = replace(row, verified_t=row.verified_t + more_t)
    before, after = allocate([row], year).entities[0], allocate([dirtier], year).entities[0]
    assert after.initial_t >= before.initial_t
    assert after.final_t >= before.final_t
    assert after.obligation_t >= before.obligation_t


@settings(deadline=None)
@given(units(), st.lists(st.decimals(0, 1, places=4), min_size=2, max_size=6), plan_years)
def test_a_higher_load_never_means_more(row: UnitInput, loads: list[Decimal], year: int) -> None:
    amounts = [unit_t(replace(row, load_factor=load), year) for load in sorted(loads)]
    assert descending(amounts)


@settings(deadline=None)
@given(units(), st.lists(st.decimals(0, 1, places=4), min_size=2, max_size=6), plan_years)
def test_a_higher_heat_ratio_never_means_more(row: UnitInput, ratios: list[Decimal], year: int) -> None:
    amounts = [unit_t(replace(row, heat_ratio=ratio), year) for ratio in sorted(ratios)]
    assert descending(amounts)


def unit_t(row: UnitInput, year: int) -> int:
    return allocate([row], year).units[0].unit_t


def descending(amounts: Iterable[int]) -> bool:
    amounts = list(amounts)
    return amounts == sorted(amounts, reverse=True)
