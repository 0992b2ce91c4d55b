"""What every emitter of a plan is due: pre-allocation, or the year's allocation, from verified figures or a file.

The formulas are in `formulas`; this reads what they need and keeps, for every unit, its inputs beside its results,
so that the working can be told again at any time (`derivations.py`). All quantities are tonnes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet

from registry.allocation.formulas import UnitInput, allocate
from registry.allocation.formulas.balance import balance_value
from registry.allocation.formulas.industry import IndustryInput, allocate_industry
from registry.allocation.formulas.industry import Sector as IndustrySector
from registry.allocation.formulas.stages import preallocation_t
from registry.allocation.formulas.units import Cooling, UnitClass
from registry.emitters.models import ActivityReport, Sector

#: Of a report, what the power formulas read.
FIGURES = ("generation_mwh", "supply_mwh", "heat_gj", "load_factor", "heat_ratio")


@dataclass(frozen=True, slots=True)
class Target:
    """One emitter: what it is due in all, and how each unit adds to it."""

    emitter_id: int
    target_t: int
    verified_t: int
    initial_t: int = 0
    floor_t: int = 0
    gap_rate_pct: Decimal | None = None
    units: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sourced:
    """A unit's row of the power formulas, with where it was read: a report's version or a line of a file."""

    emitter_id: int
    row: UnitInput
    source: dict[str, Any]


def latest_reports(year: int, emitter_ids: Iterable[int]) -> list[ActivityReport]:
    """The version that holds of every unit's verified year, by emitter and unit code."""
    found = _holding(ActivityReport.objects.filter(year=year, unit__emitter__in=list(emitter_ids)))
    return sorted(found, key=lambda report: (report.unit.emitter_id, report.unit.code))


def _holding(reports: QuerySet[ActivityReport]) -> QuerySet[ActivityReport]:
    """The latest version of each unit, with its unit and the emitter's code: a nation of them is read at once."""
    last = reports.order_by("unit_id", "-version").distinct("unit_id").select_related("unit")
    return last.annotate(entity=F("unit__emitter__organisation__code"))


def _entity(report: Any) -> str:
    """The emitter's code, as `_holding` read it."""
    code: str = report.entity
    return code


def pre_targets(
    year: int, sector: str, emitter_ids: Sequence[int], share: Decimal | None = None
) -> dict[int, Target]:
    """A share of the verified emissions of each unit in the year before. Raises UnknownYear; ValueError for a
    share above the plan's."""
    industry = sector != Sector.POWER
    units: dict[int, list[dict[str, Any]]] = {pk: [] for pk in emitter_ids}
    for report in latest_reports(year - 1, emitter_ids):
        pre_t = preallocation_t(report.verified_t, year, industry=industry, share=share)
        units[report.unit.emitter_id].append(
            {
                "unit": report.unit.code,
                "source": _report(report),
                "inputs": {"verified_t": report.verified_t},
                "unit_t": pre_t,
            }
        )
    return {
        pk: Target(
            pk,
            sum(unit["unit_t"] for unit in its),
            sum(unit["inputs"]["verified_t"] for unit in its),
            units=its,
        )
        for pk, its in units.items()
    }


def power_rows(year: int, emitter_ids: Sequence[int]) -> list[Sourced]:
    """The units' latest verified reports as the formulas read them."""
    return [
        Sourced(report.unit.emitter_id, _power_input(report), _report(report))
        for report in latest_reports(year, emitter_ids)
    ]


def power_targets(year: int, rows: Sequence[Sourced]) -> dict[int, Target]:
    """The power sector's allocation. Raises UnknownYear; ValueError for a unit that stands twice."""
    emitter_of = {sourced.row.entity: sourced.emitter_id for sourced in rows}
    sources = {(sourced.row.entity, sourced.row.unit): sourced.source for sourced in rows}
    found = {}
    for entity in allocate([sourced.row for sourced in rows], year).entities:
        units = [
            {
                "unit": unit.unit,
                "source": sources[unit.entity, unit.unit],
                "inputs": power_inputs(unit.row),
                "ff": str(unit.ff),
                "electricity_t": unit.electricity_t,
                "heat_t": unit.heat_t,
                "topup_t": unit.topup_t,
                "unit_t": unit.unit_t,
            }
            for unit in entity.units
        ]
        pk = emitter_of[entity.entity]
        found[pk] = Target(
            pk, entity.final_t, entity.verified_t, entity.initial_t, entity.floor_t, entity.gap_rate_pct, units
        )  # fmt: skip
    return found


def industry_targets(
    year: int, sector: str, emitter_ids: Sequence[int], value: Decimal | None
) -> dict[int, Target]:
    """Steel, cement, aluminium. A line without an intensity is one of the plan's special cases: given its emissions.

    `value` is the sector's balance value (`sector_balance_value`), None for a year that knows none.
    """
    reports = latest_reports(year, emitter_ids)
    reports_of = {(_entity(report), report.unit.code): report for report in reports}
    values = {} if value is None else {IndustrySector(sector): value}
    found = {}
    allocation = allocate_industry([_industry_input(report, sector) for report in reports], year, values)
    for entity in allocation.entities:
        units = [
            {
                "unit": unit.unit,
                "source": _report(reports_of[unit.entity, unit.unit]),
                "inputs": {
                    "verified_t": unit.row.verified_t,
                    "intensity": None if unit.row.intensity is None else str(unit.row.intensity),
                },
                "unit_t": unit.unit_t,
            }
            for unit in entity.units
        ]
        pk = reports_of[entity.entity, entity.units[0].unit].unit.emitter_id
        found[pk] = Target(
            pk, entity.final_t, entity.verified_t, entity.final_t, 0, entity.gap_rate_pct, units
        )
    return found


def sector_balance_value(year: int, sector: str) -> Decimal | None:
    """BP over all lines of the nation that are verified by now; None where the plan or the figures have none."""
    reports = _holding(ActivityReport.objects.filter(year=year, unit__emitter__sector=sector))
    try:
        return balance_value([_industry_input(report, sector) for report in reports], year)
    except ValueError:
        return None


def power_inputs(row: UnitInput) -> dict[str, Any]:
    """As kept with a plan's row; `power_input_of` reads it again."""
    figures = {name: str(getattr(row, name)) for name in FIGURES}
    return {
        "class": row.unit_class.value,
        **figures,
        "cooling": row.cooling.value,
        "verified_t": row.verified_t,
    }


def power_input_of(entity: str, unit: str, inputs: Mapping[str, Any]) -> UnitInput:
    """The formulas' row from what a plan's row kept."""
    figures = {name: Decimal(inputs[name]) for name in FIGURES}
    return UnitInput(
        entity=entity,
        unit=unit,
        unit_class=UnitClass(inputs["class"]),
        cooling=Cooling(inputs["cooling"]),
        verified_t=inputs["verified_t"],
        **figures,
    )


def plain(number: Decimal) -> Decimal:
    """Without the zeros that a column of a table adds: 3000000, not 3000000.0000."""
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()


def _report(report: ActivityReport) -> dict[str, Any]:
    return {"report": report.pk, "year": report.year, "version": report.version}


def _power_input(report: ActivityReport) -> UnitInput:
    unit = report.unit
    figures = {name: plain(getattr(report, name)) for name in FIGURES}
    return UnitInput(
        entity=_entity(report),
        unit=unit.code,
        unit_class=UnitClass(unit.unit_class),
        cooling=Cooling(report.cooling or unit.cooling or Cooling.WATER),
        verified_t=report.verified_t,
        **figures,
    )


def _industry_input(report: ActivityReport, sector: str) -> IndustryInput:
    return IndustryInput(
        entity=_entity(report),
        unit=report.unit.code,
        sector=IndustrySector(sector),
        verified_t=report.verified_t,
        intensity=None if report.intensity is None else plain(report.intensity),
        exempt=report.intensity is None,
    )
