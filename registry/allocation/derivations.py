"""The working behind a plan's row: the formula with the values in it, each value with its source.

A row keeps the inputs and results of every unit; the steps between them are the formulas', told again from those
inputs. The steps of the stage (what was issued before, what is deducted) rest on the moment and are kept as they were.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry.allocation.formulas import Step, allocate
from registry.allocation.formulas.derivation import column, from_plan
from registry.allocation.formulas.industry import IndustryInput, allocate_industry
from registry.allocation.formulas.industry import Sector as IndustrySector
from registry.allocation.formulas.table import industry_rules_of, rules_of
from registry.allocation.models import Plan, PlanRow
from registry.allocation.targets import power_input_of
from registry.emitters.models import Sector


@dataclass(frozen=True, slots=True)
class UnitWorking:
    """One unit: where its figures come from, what they are, and the steps from them to its tonnes."""

    unit: str
    source: dict[str, Any]
    inputs: dict[str, Any]
    unit_t: int
    steps: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Working:
    """All of a row: its units, the emitter's sums, and what this stage makes of them."""

    units: list[UnitWorking]
    entity: list[dict[str, Any]]
    stage: list[dict[str, Any]]


def working_of(row: PlanRow, plan: Plan) -> Working:
    """Never fails for a row that was kept: its inputs were good then."""
    steps_of, entity = _steps(row, plan)
    units = [
        UnitWorking(
            unit["unit"], unit.get("source", {}), unit["inputs"], unit["unit_t"],
            kept(steps_of.get(unit["unit"], ())),
        )
        for unit in row.units
    ]  # fmt: skip
    return Working(units, kept(entity), list(row.steps))


def kept(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Steps as JSON keeps them: figures as text, words as keys that pages translate."""
    return [
        {
            "key": step.key,
            "case": step.case,
            "formula": step.formula,
            "filled": step.filled,
            "result": str(step.result),
            "measure": step.measure,
            "rounding": step.rounding,
            "document": step.document,
            "values": [
                {
                    "symbol": value.symbol,
                    "shown": value.shown,
                    "kind": value.kind.value,
                    "source": value.source,
                }
                for value in step.values
            ],
        }
        for step in steps
    ]


def _steps(row: PlanRow, plan: Plan) -> tuple[dict[str, tuple[Step, ...]], tuple[Step, ...]]:
    """By unit, and of the entity."""
    if not row.units:
        return {}, ()
    if plan.stage == Plan.Stage.PRE:
        return {unit["unit"]: (_pre_step(unit, plan),) for unit in row.units}, ()
    if plan.sector == Sector.POWER:
        rows = [power_input_of("entity", unit["unit"], unit["inputs"]) for unit in row.units]
        power = allocate(rows, plan.year)
        return {unit.unit: unit.derivation for unit in power.units}, power.entities[0].derivation
    lines = [_line(unit, plan.sector) for unit in row.units]
    values = {} if plan.balance_value is None else {IndustrySector(plan.sector): plan.balance_value}
    industry = allocate_industry(lines, plan.year, values)
    return {unit.unit: unit.derivation for unit in industry.units}, ()


def _line(unit: dict[str, Any], sector: str) -> IndustryInput:
    intensity = unit["inputs"]["intensity"]
    return IndustryInput(
        entity="entity",
        unit=unit["unit"],
        sector=IndustrySector(sector),
        verified_t=unit["inputs"]["verified_t"],
        intensity=None if intensity is None else Decimal(intensity),
        exempt=intensity is None,
    )


def _pre_step(unit: dict[str, Any], plan: Plan) -> Step:
    """`2 700 000 t × 0.70 = 1 890 000 t`."""
    rules = rules_of(plan.year) if plan.sector == Sector.POWER else industry_rules_of(plan.year)
    share = rules.preallocation_share if plan.share is None else plan.share
    document = rules.document.number
    values = (
        column("E0", unit["inputs"]["verified_t"], "t", "verified_t"),
        from_plan("s", share, document),
    )
    return Step(
        "preallocation", "", "{E0} × {s}", values, Decimal(unit["unit_t"]), "t", "floor_t", document
    )  # fmt: skip
