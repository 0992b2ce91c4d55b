"""From verified emissions to the obligation (domain.md 8.5, registry-rules.md 3 and 4)."""

import datetime as dt
from collections.abc import Collection, Iterable
from decimal import Decimal

from django.db import connection, transaction

from registry.allocation.formulas import UnknownYear, rules_of
from registry.allocation.formulas.arithmetic import share_t
from registry.allocation.models import Plan, PlanRow
from registry.compliance.completion import note_completion
from registry.compliance.models import ComplianceYear
from registry.emitters.models import Sector

# A unit counts as missing in a year unless its first report is of a later one: it came later. One that was
# shut down is reported with zero.
VERIFIED = """
    WITH latest AS (
        SELECT DISTINCT ON (report.unit_id) report.unit_id, report.verified_t
        FROM registry_activityreport AS report JOIN registry_unit AS unit ON unit.id = report.unit_id
        WHERE report.year = %(year)s AND unit.emitter_id = ANY(%(emitters)s)
        ORDER BY report.unit_id, report.version DESC
    )
    SELECT unit.emitter_id, unit.code, unit.unit_class, latest.verified_t,
           latest.unit_id IS NULL AND NOT (
               EXISTS (SELECT FROM registry_activityreport r WHERE r.unit_id = unit.id AND r.year > %(year)s)
               AND NOT EXISTS (
                   SELECT FROM registry_activityreport r WHERE r.unit_id = unit.id AND r.year <= %(year)s)
           ) AS missing
    FROM registry_unit AS unit LEFT JOIN latest ON latest.unit_id = unit.id
    WHERE unit.emitter_id = ANY(%(emitters)s) ORDER BY unit.emitter_id, unit.id
"""
GAS = "IV"


def recalculate(emitter_id: int, year: int, *, at: dt.datetime) -> ComplianceYear | None:
    """Sets `verified_t` and `obligation_t` from the latest reports and, for 2019–2020, the final allocation.

    None where the emitter is not covered in that year. What was surrendered stays; a year that this completes or
    opens again says so. Requests that wait are judged anew when they are decided.
    """
    return next(iter(recalculate_many([emitter_id], year, at=at)), None)


@transaction.atomic
def recalculate_many(emitter_ids: Collection[int], year: int, *, at: dt.datetime) -> list[ComplianceYear]:
    """The same for many emitters of a year, in a handful of statements; returns the rows, in id order."""
    rows = list(
        ComplianceYear.objects.select_for_update(of=("self",))
        .filter(emitter__in=emitter_ids, year=year)
        .select_related("emitter__organisation")
        .order_by("pk")
    )
    units = _units([row.emitter_id for row in rows], year)
    allocated = _unit_allocations(year, [row.emitter_id for row in rows])
    changed = []
    for row in rows:
        own = units.get(row.emitter_id, [])
        figures = _figures(row, own, allocated.get(row.emitter_id, {}))
        if figures != (row.verified_t, row.obligation_t):
            row.verified_t, row.obligation_t = figures
            changed.append(row)
    ComplianceYear.objects.bulk_update(changed, ["verified_t", "obligation_t"], batch_size=2_000)
    for row in changed:
        note_completion(row, at)
    return rows


#: code, class, verified tonnes (None: not reported), whether it is missing
UnitYear = tuple[str, str, int | None, bool]


def _units(emitter_ids: list[int], year: int) -> dict[int, list[UnitYear]]:
    found: dict[int, list[UnitYear]] = {}
    with connection.cursor() as cursor:
        cursor.execute(VERIFIED, {"year": year, "emitters": emitter_ids})
        for emitter, code, unit_class, verified_t, missing in cursor.fetchall():
            found.setdefault(emitter, []).append((code, unit_class, verified_t, missing))
    return found


def _figures(
    row: ComplianceYear, units: list[UnitYear], allocated: dict[str, int]
) -> tuple[int | None, int | None]:
    """Verified emissions and obligation; both empty until every unit is verified."""
    reported = [verified_t for _code, _class, verified_t, _missing in units if verified_t is not None]
    if not reported or any(missing for *_rest, missing in units):
        return None, None
    verified_t = sum(reported)
    cap = _cap_share(row)
    if cap is None:
        return verified_t, verified_t
    by_unit_t = sum(
        min(own_t, allocated.get(code, own_t)) if unit_class == GAS else own_t
        for code, unit_class, own_t, _missing in units
        if own_t is not None
    )
    return verified_t, capped(by_unit_t, row.allocated_t, verified_t, cap)


def capped(by_unit_t: int, allocated_t: int | None, verified_t: int, share: Decimal) -> int:
    """2019–2020: at most allocation + 20 % of verified emissions, rounded down. Uncapped until it is allocated."""
    if allocated_t is None:
        return by_unit_t
    return min(by_unit_t, allocated_t + share_t(share, verified_t))


def _cap_share(row: ComplianceYear) -> Decimal | None:
    if row.emitter.sector != Sector.POWER:
        return None
    try:
        return rules_of(row.year).relief.obligation_cap
    except UnknownYear:
        return None


def _unit_allocations(year: int, emitter_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """What each unit was allocated by the issued final plan, and by corrections after it."""
    rows = PlanRow.objects.filter(
        emitter__in=list(emitter_ids), plan__year=year, plan__state=Plan.State.ISSUED
    ).exclude(plan__stage=Plan.Stage.PRE)
    found: dict[int, dict[str, int]] = {}
    for emitter, units in rows.order_by("plan__issued_at", "pk").values_list("emitter", "units"):
        found[emitter] = {
            str(unit["unit"]): int(unit["unit_t"]) for unit in units if "unit" in unit and "unit_t" in unit
        }
    return found
