"""The working behind each number: read as arithmetic it gives the number."""

import re
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given, settings

from registry.allocation.formulas import Step, UnitInput, allocate
from registry.allocation.formulas.derivation import SourceKind
from tests.allocation_rules.rows import a_unit, files, plan_years

NUMBER = re.compile(r"(?<![\w.'])\d+(?:\.\d+)?")
SIGNS = {"−": "-", "×": "*", "÷": "/", "^": "**", "\u00a0": "", "MWh": "", "GJ": "", "t": "", "%": ""}
PLACES = {"half_up_6": 6, "half_up_2": 2}


def worked(step: Step) -> Decimal:
    """What the left side of the shown formula comes to, rounded as the step says: a reader with a calculator."""
    left, _, right = step.filled.rpartition(" = ")
    for sign, plain in SIGNS.items():
        left, right = left.replace(sign, plain), right.replace(sign, plain)
    assert Decimal(right) == step.result
    code = NUMBER.sub(lambda found: f"Decimal('{found[0]}')", left)
    names: dict[str, Any] = {"Decimal": Decimal, "max": max, "min": min, "e": Decimal(1).exp()}
    with localcontext() as precise:
        precise.prec = 60
        names["e"] = Decimal(1).exp()
        value = Decimal(eval(code, {"__builtins__": {}}, names))
        if step.rounding == "floor_t":
            return value.to_integral_value(ROUND_FLOOR)
        if step.rounding:
            return value.quantize(Decimal(1).scaleb(-PLACES[step.rounding]), ROUND_HALF_UP)
        return value


def test_the_worked_example_shows_its_formula_with_the_values_in_it() -> None:
    row = a_unit(generation_mwh=3_000_000, heat_gj=1_000_000, load_factor="0.60")
    steps = {step.key: step for step in allocate([row], 2024).units[0].derivation}
    assert steps["load_factor"].formula == "1.015 ^ (16 − 20 × F)"
    assert steps["electricity"].formula == "Qe × Be × Ff"
    shown = {key: step.filled.replace("\u00a0", " ") for key, step in steps.items()}
    assert shown == {
        "load_factor": "1.015 ^ (16 − 20 × 0.60) = 1.061364",
        "electricity": "3 000 000 MWh × 0.7910 × 1.061364 = 2 518 616 t",
        "heat": "1 000 000 GJ × 0.1033 = 103 300 t",
        "unit": "2 518 616 t + 103 300 t = 2 621 916 t",
    }


def test_each_value_names_its_source() -> None:
    row = a_unit(supply_mwh=1_000, cooling="air", heat_ratio="0.1")
    steps = {step.key: step for step in allocate([row], 2022).units[0].derivation}
    assert [(value.symbol, value.kind, value.source) for value in steps["electricity"].values] == [
        ("Qe", "column", "supply_mwh"),
        ("Be", "document", "国环规气候〔2023〕1号"),
        ("Fl", "document", "国环规气候〔2023〕1号"),
        ("Fr", "step", "heat_factor"),
        ("Ff", "step", "load_factor"),
    ]


@pytest.mark.parametrize(
    ("year", "given_row", "case"),
    [
        (2024, {"unit_class": "III", "load_factor": "0.3"}, "class"),
        (2022, {"load_factor": "0.3", "heat_gj": "1"}, "with_heat"),
        (2024, {"load_factor": "0.65"}, "high_load"),
        (2024, {"load_factor": "0.64"}, "corrected"),
    ],
)
def test_the_load_factor_says_why_it_is_what_it_is(year: int, given_row: dict[str, Any], case: str) -> None:
    assert allocate([a_unit(**given_row)], year).units[0].derivation[0].case == case


def test_gas_shows_its_top_up_and_in_2020_its_obligation() -> None:
    row = a_unit(unit_class="IV", verified_t=100)
    assert [step.key for step in allocate([row], 2026).units[0].derivation] == [
        "load_factor", "electricity", "heat", "topup", "unit",
    ]  # fmt: skip
    assert [step.key for step in allocate([row], 2020).units[0].derivation] == [
        "load_factor", "heat_factor", "electricity", "heat", "unit", "unit_obligation",
    ]  # fmt: skip


def test_an_entity_shows_sum_floor_final_gap_and_in_2020_the_capped_obligation() -> None:
    rows = [a_unit(verified_t=100), a_unit(unit="U2", generation_mwh=10, supply_mwh=10)]
    later = allocate(rows, 2024).entities[0].derivation
    assert [step.key for step in later] == ["initial", "verified", "floor", "final", "gap_rate"]
    assert later[0].values[1].kind is SourceKind.UNIT
    assert later[0].values[1].source == "U2"
    assert later[3].case == "floor"
    first = allocate(rows, 2020).entities[0].derivation
    assert [step.key for step in first] == ["initial", "verified", "gap_rate", "own_obligation", "obligation"]
    assert (first[-1].case, int(first[-1].result)) == ("capped", 28)


@settings(deadline=None)
@given(files(), plan_years)
def test_every_formula_worked_by_hand_gives_its_number(rows: list[UnitInput], year: int) -> None:
    result = allocate(rows, year)
    for unit in result.units:
        steps = {step.key: step.result for step in unit.derivation}
        assert steps["load_factor"] == unit.ff
        assert int(steps["unit"]) == unit.unit_t
        for step in unit.derivation:
            assert worked(step) == step.result, step.filled
    for entity in result.entities:
        for step in entity.derivation:
            assert worked(step) == step.result, step.filled


@settings(deadline=None)
@given(files(), plan_years)
def test_what_a_value_says_of_an_earlier_step_is_that_steps_result(rows: list[UnitInput], year: int) -> None:
    result = allocate(rows, year)
    derivations = [unit.derivation for unit in result.units]
    derivations += [entity.derivation for entity in result.entities]
    for steps in derivations:
        seen: dict[str, Decimal] = {}
        for step in steps:
            for value in step.values:
                if value.kind is SourceKind.STEP:
                    assert seen[value.source] == value.number
            seen[step.key] = step.result
