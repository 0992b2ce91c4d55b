"""Allocation of steel, cement and aluminium (registry-rules.md 3, domain.md 5.6).

`A = E × (1 + α)`: E verified emissions of a process or line, α from how its intensity I compares with the sector's
balance value BP, `X = (BP − I) / BP`. All decisions fall on exact fractions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from registry.allocation.formulas.arithmetic import PRECISE
from registry.allocation.formulas.derivation import SourceKind, Step, Value, column, from_plan, from_step
from registry.allocation.formulas.power import gap_rate_pct
from registry.allocation.formulas.table import IndustryRules, industry_rules_of
from registry.allocation.formulas.units import MAX_QUANTITY, within

ALPHA_PLACES = 6


class Sector(StrEnum):
    """Covered sectors beside power."""

    STEEL = "steel"
    CEMENT = "cement"
    ALUMINIUM = "aluminium"


@dataclass(frozen=True)
class IndustryInput:
    """One process or line: verified tonnes, and tonnes CO2e per tonne of product (None where `exempt`).

    `exempt`: the plan's special cases, whose allocation is their emissions. Raises ValueError, TypeError.
    """

    entity: str
    unit: str
    sector: Sector
    verified_t: int
    intensity: Decimal | None
    exempt: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "sector", Sector(self.sector))
        if not self.entity or not self.unit:
            raise ValueError("entity and unit need a name")
        if type(self.verified_t) is not int:
            raise TypeError(f"verified_t is whole tonnes, not {self.verified_t!r}")
        within("verified_t", self.verified_t, MAX_QUANTITY)
        if self.intensity is not None:
            object.__setattr__(self, "intensity", within("intensity", self.intensity, MAX_QUANTITY))


@dataclass(frozen=True)
class IndustryResult:
    """One process or line. `alpha` is exact; None where the allocation equals the emissions."""

    row: IndustryInput
    rules: IndustryRules = field(repr=False)
    balance_value: Decimal | None
    alpha: Fraction | None
    unit_t: int

    @property
    def entity(self) -> str:
        return self.row.entity

    @property
    def unit(self) -> str:
        return self.row.unit

    @property
    def derivation(self) -> tuple[Step, ...]:
        return _derivation(self)


@dataclass(frozen=True)
class IndustryEntity:
    """One entity: sums of its processes; the obligation is its verified emissions."""

    entity: str
    final_t: int
    verified_t: int
    gap_rate_pct: Decimal | None
    obligation_t: int
    units: tuple[IndustryResult, ...] = field(repr=False)


@dataclass(frozen=True)
class IndustryAllocation:
    """Units in the order given, entities in the order in which they first appear."""

    rules: IndustryRules = field(repr=False)
    units: tuple[IndustryResult, ...]
    entities: tuple[IndustryEntity, ...]


def allocate_industry(
    rows: Sequence[IndustryInput], year: int, balance_values: Mapping[Sector, Decimal] | None = None
) -> IndustryAllocation:
    """Allocate every row of a compliance year; `balance_values` (tCO2e per t) are not read for 2024.

    Raises UnknownYear; ValueError for a unit that stands twice, and where a row needs an intensity or its sector's
    balance value and has none.
    """
    rules = industry_rules_of(year)
    if len({(row.entity, row.unit) for row in rows}) < len(rows):
        raise ValueError("a unit stands twice")
    units = tuple(_allocate(row, rules, balance_values or {}) for row in rows)
    by_entity: dict[str, list[IndustryResult]] = {}
    for unit in units:
        by_entity.setdefault(unit.entity, []).append(unit)
    return IndustryAllocation(rules, units, tuple(_entity(name, its) for name, its in by_entity.items()))


def alpha(rules: IndustryRules, balance_value: Decimal, intensity: Decimal) -> Fraction:
    """`slope × X` inside the band, ±`most` from its edges on; 0 where the plan allocates what was emitted."""
    if balance_value <= 0:
        raise ValueError(f"a balance value is above 0, not {balance_value}")
    if rules.slope is None:
        return Fraction(0)
    deviation = 1 - Fraction(intensity) / Fraction(balance_value)
    band, most = Fraction(rules.band), Fraction(rules.most)
    if abs(deviation) < band:
        return Fraction(rules.slope) * deviation
    return most if deviation > 0 else -most


def _allocate(
    row: IndustryInput, rules: IndustryRules, balance_values: Mapping[Sector, Decimal]
) -> IndustryResult:
    if rules.slope is None or row.exempt:
        return IndustryResult(row, rules, None, None, row.verified_t)
    if row.intensity is None:
        raise ValueError(f"unit {row.unit} of {row.entity} has no intensity")
    if row.sector not in balance_values:
        raise ValueError(f"there is no balance value of {row.sector}")
    value = balance_values[row.sector]
    given = alpha(rules, value, row.intensity)
    exact = row.verified_t * (1 + given)
    return IndustryResult(row, rules, value, given, exact.numerator // exact.denominator)


def _entity(name: str, units: Sequence[IndustryResult]) -> IndustryEntity:
    final_t, verified_t = sum(unit.unit_t for unit in units), sum(unit.row.verified_t for unit in units)
    gap = gap_rate_pct(verified_t, final_t)
    return IndustryEntity(name, final_t, verified_t, gap, verified_t, tuple(units))


def _rounded(number: Fraction) -> Decimal:
    with_digits = PRECISE.divide(Decimal(number.numerator), Decimal(number.denominator))
    return with_digits.quantize(Decimal(1).scaleb(-ALPHA_PLACES), rounding=ROUND_HALF_UP, context=PRECISE)


def _derivation(unit: IndustryResult) -> tuple[Step, ...]:
    """Deviation, α and allocation; the shown figures are rounded, the allocation is computed with exact ones."""
    document, result = unit.rules.document.number, Decimal(unit.unit_t)
    emissions = column("E", unit.row.verified_t, "t", "verified_t")
    if unit.alpha is None or unit.balance_value is None or unit.row.intensity is None:
        case = "exempt" if unit.row.exempt else "equal"
        return (Step("unit", case, "{E}", (emissions,), result, "t", "", document),)
    compared = (
        Value("BP", unit.balance_value, "", SourceKind.GIVEN, "balance_value"),
        column("I", unit.row.intensity, "", "intensity"),
    )
    deviation = _rounded(1 - Fraction(unit.row.intensity) / Fraction(unit.balance_value))
    given = _alpha_step(unit, unit.alpha, deviation)
    total = (emissions, from_step("α", given.result, "", "alpha"))
    return (
        Step("deviation", "", "({BP} − {I}) ÷ {BP}", compared, deviation, "", "half_up_6", document),
        given,
        Step("unit", "intensity", "{E} × (1 + {α})", total, result, "t", "floor_t", document),
    )


def _alpha_step(unit: IndustryResult, exact: Fraction, deviation: Decimal) -> Step:
    """α in the band, or its limit beyond."""
    rules, document = unit.rules, unit.rules.document.number
    assert rules.slope is not None
    shown = _rounded(exact)
    if abs(exact) < Fraction(rules.most):
        values = (from_plan("k", rules.slope, document), from_step("X", deviation, "", "deviation"))
        return Step("alpha", "inside", "{k} × {X}", values, shown, "", "half_up_6", document)
    limit = rules.most if exact > 0 else -rules.most
    return Step("alpha", "beyond", "{m}", (from_plan("m", limit, document),), limit, "", "", document)
