"""Allocation of the power sector (registry-rules.md 3): units from their rows, entities from their units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from registry.allocation.formulas import working
from registry.allocation.formulas.arithmetic import floor_t, product, ratio_half_up, share_t
from registry.allocation.formulas.derivation import Step
from registry.allocation.formulas.table import YearRules, rules_of
from registry.allocation.formulas.units import UnitInput

GAP_PLACES = 2


@dataclass(frozen=True)
class UnitResult:
    """One unit: load factor, electricity and heat allocation, gas top-up and their sum, in whole tonnes."""

    row: UnitInput
    rules: YearRules = field(repr=False)
    ff: Decimal
    electricity_t: int
    heat_t: int
    topup_t: int
    unit_t: int
    #: What the unit adds to the obligation: its verified emissions, of gas before 2021 at most its allocation.
    obligation_t: int

    @property
    def entity(self) -> str:
        return self.row.entity

    @property
    def unit(self) -> str:
        return self.row.unit

    @property
    def derivation(self) -> tuple[Step, ...]:
        """Every figure above with its formula, its values and their sources."""
        return working.of_unit(self)


@dataclass(frozen=True)
class EntityResult:
    """One entity, in whole tonnes; `gap_rate_pct` is None where nothing was emitted."""

    entity: str
    initial_t: int
    floor_t: int
    final_t: int
    verified_t: int
    gap_rate_pct: Decimal | None
    obligation_t: int
    units: tuple[UnitResult, ...] = field(repr=False)

    @property
    def derivation(self) -> tuple[Step, ...]:
        return working.of_entity(self)


@dataclass(frozen=True)
class Allocation:
    """A year's allocation: units in the order given, entities in the order in which they first appear."""

    rules: YearRules = field(repr=False)
    units: tuple[UnitResult, ...]
    entities: tuple[EntityResult, ...]


def allocate(rows: Sequence[UnitInput], year: int) -> Allocation:
    """Allocate every row of a compliance year. Raises UnknownYear, and ValueError for a unit that stands twice."""
    rules = rules_of(year)
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if (row.entity, row.unit) in seen:
            raise ValueError(f"unit {row.unit} of {row.entity} stands twice")
        seen.add((row.entity, row.unit))
    units = tuple(allocate_unit(row, rules) for row in rows)
    by_entity: dict[str, list[UnitResult]] = {}
    for unit in units:
        by_entity.setdefault(unit.entity, []).append(unit)
    entities = tuple(allocate_entity(entity, its, rules) for entity, its in by_entity.items())
    return Allocation(rules, units, entities)


def allocate_unit(row: UnitInput, rules: YearRules) -> UnitResult:
    """Ff, Ae and Ah, each rounded as the rules say, and the gas unit's top-up to its verified emissions."""
    ff = rules.load.factor(row.unit_class, row.heat_gj, row.load_factor)
    electricity_t = floor_t(product(value.number for value in working.electricity_values(row, rules, ff)))
    heat_t = floor_t(product(value.number for value in working.heat_values(row, rules)))
    by_formula_t = electricity_t + heat_t
    tops_up = rules.relief.gas_topup and row.unit_class.is_gas
    topup_t = max(0, row.verified_t - by_formula_t) if tops_up else 0
    capped = rules.relief.obligation_cap is not None and row.unit_class.is_gas
    obligation_t = min(row.verified_t, by_formula_t) if capped else row.verified_t
    return UnitResult(
        row, rules, ff, electricity_t, heat_t, topup_t, by_formula_t + topup_t, obligation_t
    )  # fmt: skip


def allocate_entity(entity: str, units: Iterable[UnitResult], rules: YearRules) -> EntityResult:
    """Sum, 80 % floor (from 2021), gap rate and obligation (before 2021 capped) of one entity."""
    units = tuple(units)
    initial_t = sum(unit.unit_t for unit in units)
    verified_t = sum(unit.row.verified_t for unit in units)
    floor_share = rules.relief.entity_floor
    lowest_t = 0 if floor_share is None else share_t(floor_share, verified_t)
    final_t = max(initial_t, lowest_t)
    return EntityResult(
        entity, initial_t, lowest_t, final_t, verified_t, gap_rate_pct(verified_t, final_t),
        capped_obligation_t(units, final_t, verified_t, rules), units,
    )  # fmt: skip


def gap_rate_pct(verified_t: int, final_t: int) -> Decimal | None:
    """`(verified − final) / verified` in percent, half away from zero at 2 decimals; None where verified is 0."""
    if verified_t == 0:
        return None
    return ratio_half_up(100 * (verified_t - final_t), verified_t, GAP_PLACES)


def capped_obligation_t(units: Iterable[UnitResult], final_t: int, verified_t: int, rules: YearRules) -> int:
    """Σ of the units' obligations; 2019–2020 at most the allocation + 20 % of verified emissions, rounded down."""
    total_t = sum(unit.obligation_t for unit in units)
    cap = rules.relief.obligation_cap
    if cap is None:
        return total_t
    return min(total_t, final_t + share_t(cap, verified_t))
