"""The working of units and entities: the values that go into each formula, and the steps a page shows.

The values here are the ones that are multiplied (power.py), so a derivation cannot tell another story.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from registry.allocation.formulas.arithmetic import EXACT
from registry.allocation.formulas.derivation import (
    SourceKind,
    Step,
    Value,
    column,
    from_plan,
    from_step,
)
from registry.allocation.formulas.load import Flat
from registry.allocation.formulas.table import Basis, Corrections, YearRules
from registry.allocation.formulas.units import UnitInput

if TYPE_CHECKING:
    from registry.allocation.formulas.power import EntityResult, UnitResult

T = "t"


def heat_factor(row: UnitInput, corrections: Corrections) -> Decimal:
    """Fr = 1 − rate × heat ratio, unrounded."""
    return EXACT.subtract(Decimal(1), EXACT.multiply(corrections.heat_rate(row), row.heat_ratio))


def electricity_values(row: UnitInput, rules: YearRules, ff: Decimal) -> tuple[Value, ...]:
    """The factors of Ae: electricity, benchmark, and the corrections of the year's plan."""
    document = rules.document.number
    if rules.basis is Basis.SUPPLY:
        electricity = column("Qe", row.supply_mwh, "MWh", "supply_mwh")
    else:
        electricity = column("Qe", row.generation_mwh, "MWh", "generation_mwh")
    values = [electricity, from_plan("Be", rules.benchmark(row.unit_class).electricity, document)]
    if rules.corrections is not None:
        cooling = rules.corrections.cooling_factor(row)
        if cooling is not None:
            values.append(from_plan("Fl", cooling, document))
        values.append(from_step("Fr", heat_factor(row, rules.corrections), "", "heat_factor"))
    # Gas has no load factor in its formula before 2023 and 1 after: the same tonnes.
    if rules.corrections is None or not row.unit_class.is_gas:
        values.append(from_step("Ff", ff, "", "load_factor"))
    return tuple(values)


def heat_values(row: UnitInput, rules: YearRules) -> tuple[Value, ...]:
    """The factors of Ah."""
    return (
        column("Qh", row.heat_gj, "GJ", "heat_gj"),
        from_plan("Bh", rules.benchmark(row.unit_class).heat, rules.document.number),
    )


def of_unit(unit: "UnitResult") -> tuple[Step, ...]:
    """Load factor, heat factor, Ae, Ah, top-up and total of one unit."""
    row, rules = unit.row, unit.rules
    document = rules.document.number
    steps = [_load_step(unit)]
    if rules.corrections is not None:
        steps.append(_heat_factor_step(row, rules.corrections, document))
    electricity, heat = electricity_values(row, rules, unit.ff), heat_values(row, rules)
    steps += [
        _product("electricity", rules.basis, electricity, unit.electricity_t, document),
        _product("heat", "", heat, unit.heat_t, document),
    ]
    parts = [
        from_step("Ae", unit.electricity_t, T, "electricity"),
        from_step("Ah", unit.heat_t, T, "heat"),
    ]
    if rules.relief.gas_topup and row.unit_class.is_gas:
        steps.append(_topup_step(unit, parts))
        parts.append(from_step("ΔA", unit.topup_t, T, "topup"))
    template = " + ".join(f"{{{part.symbol}}}" for part in parts)
    steps.append(Step("unit", "", template, tuple(parts), Decimal(unit.unit_t), T, "", document))
    if rules.relief.obligation_cap is not None and row.unit_class.is_gas:
        steps.append(_gas_obligation_step(unit))
    return tuple(steps)


def _load_step(unit: "UnitResult") -> Step:
    row, rule = unit.row, unit.rules.load
    curve = rule.curve(row.unit_class, row.heat_gj, row.load_factor)
    flat = isinstance(curve, Flat)
    values = () if flat else (column("F", row.load_factor, "", "load_factor"),)
    rounding = "" if flat else "half_up_6"
    case = _load_case(unit, flat=flat)
    document = unit.rules.document.number
    return Step("load_factor", case, curve.formula, values, unit.ff, "", rounding, document)


def _load_case(unit: "UnitResult", *, flat: bool) -> str:
    """Why this curve: `class`, `with_heat`, `high_load` (all 1), or `corrected`."""
    rule, row = unit.rules.load, unit.row
    if row.unit_class not in rule.classes:
        return "class"
    if rule.without_heat_only and row.heat_gj > 0:
        return "with_heat"
    return "high_load" if flat else "corrected"


def _heat_factor_step(row: UnitInput, corrections: Corrections, document: str) -> Step:
    values = (
        from_plan("r", corrections.heat_rate(row), document),
        column("h", row.heat_ratio, "", "heat_ratio"),
    )
    case = "gas" if row.unit_class.is_gas else "coal"
    result = heat_factor(row, corrections)
    return Step("heat_factor", case, "1 − {r} × {h}", values, result, "", "", document)


def _product(key: str, case: str, values: Sequence[Value], result_t: int, document: str) -> Step:
    template = " × ".join(f"{{{value.symbol}}}" for value in values)
    return Step(key, case, template, tuple(values), Decimal(result_t), T, "floor_t", document)


def _topup_step(unit: "UnitResult", parts: list[Value]) -> Step:
    values = (column("E", unit.row.verified_t, T, "verified_t"), *parts)
    case = "topped_up" if unit.topup_t else "enough"
    document = unit.rules.document.number
    return Step("topup", case, "max({E} − ({Ae} + {Ah}), 0)", values, Decimal(unit.topup_t), T, "", document)


def _gas_obligation_step(unit: "UnitResult") -> Step:
    values = (
        column("E", unit.row.verified_t, T, "verified_t"),
        from_step("A", unit.unit_t, T, "unit"),
    )
    document = unit.rules.document.number
    return Step(
        "unit_obligation", "gas", "min({E}, {A})", values, Decimal(unit.obligation_t), T, "", document
    )  # fmt: skip


def of_entity(entity: "EntityResult") -> tuple[Step, ...]:
    """Sum, floor, final allocation, gap rate and obligation of one entity."""
    rules = entity.units[0].rules
    document, share = rules.document.number, rules.relief.entity_floor
    initial = from_step("A", entity.initial_t, T, "initial")
    steps = [
        _sum("initial", "A", [(unit.unit, unit.unit_t) for unit in entity.units], document),
        _sum("verified", "E", [(unit.unit, unit.row.verified_t) for unit in entity.units], document),
    ]
    if share is not None:
        floor_values = (_verified(entity), from_plan("s", share, document))
        steps.append(_product("floor", "", floor_values, entity.floor_t, document))
        values = (initial, from_step("Am", entity.floor_t, T, "floor"))
        case = "floor" if entity.final_t > entity.initial_t else "initial"
        final = Decimal(entity.final_t)
        steps.append(Step("final", case, "max({A}, {Am})", values, final, T, "", document))
    steps += _gap_step(entity, document)
    steps += _obligation_steps(entity, rules)
    return tuple(steps)


def _verified(entity: "EntityResult") -> Value:
    return from_step("E", entity.verified_t, T, "verified")


def _final(entity: "EntityResult") -> Value:
    key = "initial" if entity.units[0].rules.relief.entity_floor is None else "final"
    return from_step("Af", entity.final_t, T, key)


def _sum(key: str, symbol: str, parts: Sequence[tuple[str, int]], document: str) -> Step:
    values = tuple(
        Value(f"{symbol}{place}", Decimal(tonnes), T, SourceKind.UNIT, unit)
        for place, (unit, tonnes) in enumerate(parts, 1)
    )
    template = " + ".join(f"{{{value.symbol}}}" for value in values)
    total = Decimal(sum(tonnes for _, tonnes in parts))
    return Step(key, "", template, values, total, T, "", document)


def _gap_step(entity: "EntityResult", document: str) -> list[Step]:
    if entity.gap_rate_pct is None:
        return []
    values = (_verified(entity), _final(entity))
    template = "({E} − {Af}) ÷ {E} × 100"
    return [Step("gap_rate", "", template, values, entity.gap_rate_pct, "%", "half_up_2", document)]


def _obligation_steps(entity: "EntityResult", rules: YearRules) -> list[Step]:
    """The obligation where a plan makes it differ from verified emissions."""
    cap, document = rules.relief.obligation_cap, rules.document.number
    if cap is None:
        return []
    own = _sum("own_obligation", "O", [(u.unit, u.obligation_t) for u in entity.units], document)
    values = (
        from_step("O", own.result, T, "own_obligation"), _final(entity), _verified(entity),
        from_plan("c", cap, document),
    )  # fmt: skip
    case = "capped" if entity.obligation_t < own.result else "own"
    result = Decimal(entity.obligation_t)
    template = "min({O}, {Af} + {E} × {c})"
    return [own, Step("obligation", case, template, values, result, T, "floor_t", document)]
