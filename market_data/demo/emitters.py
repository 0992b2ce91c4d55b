"""The demo's emitters in the database: as many as the real market has, all invented and marked so.

Written in one transaction with COPY, all of them or none; a second start finds them and does nothing.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from accounts.models import Organisation, User
from market_data.demo.emitters_made import YEARS, Figure, Made, MadeUnit, every_emitter, wanted_of
from market_data.demo.emitters_stats import TOTAL
from registry.copying import copy_rows
from registry.emitters.models import NATIONAL_SECTORS
from registry.models import Emitter, Unit

BEIJING = ZoneInfo("Asia/Shanghai")
REPORT_COLUMNS = (
    "unit_id", "year", "version", "generation_mwh", "supply_mwh", "heat_gj", "load_factor", "heat_ratio",
    "cooling", "output_t", "intensity", "verified_t", "entered_by_id", "at", "reason",
)  # fmt: skip


def settle_emitters(total: int = TOTAL) -> int:
    """Makes the emitters of a nation of about `total` where they are missing; returns how many there are then."""
    national = Emitter.objects.filter(sector__in=NATIONAL_SECTORS)
    if national.count() < sum(wanted_of(total).values()):
        with transaction.atomic():
            _write(every_emitter(total))
    return national.count()


def _write(emitters: list[Made]) -> None:
    """Organisations, emitters, units, reports and compliance years, in this order."""
    now = dt.datetime.now(BEIJING)
    there = set(Organisation.objects.values_list("code", flat=True))
    with connection.cursor() as cursor:
        columns = ("code", "kind", "status", "name_zh", "name_en", "province", "credit_code", "created_at")
        copy_rows(cursor, "accounts_organisation", columns, (
            (one.code, "emitter", "active", one.name_zh, one.name_en, one.province, one.credit_code, now)
            for one in emitters if one.code not in there
        ))  # fmt: skip
        for one in emitters:
            if one.code in there:
                Organisation.objects.filter(code=one.code, credit_code="").update(credit_code=one.credit_code)
        ids = dict(Organisation.objects.values_list("code", "pk"))
        known = set(Emitter.objects.values_list("pk", flat=True))
        emitters = [one for one in emitters if ids[one.code] not in known]
        copy_rows(cursor, "registry_emitter", ("organisation_id", "sector", "synthetic"), (
            (ids[one.code], one.sector, True) for one in emitters
        ))  # fmt: skip
        _write_units(cursor, emitters, ids)


def _write_units(cursor: Any, emitters: list[Made], ids: dict[str, int]) -> None:
    columns = ("emitter_id", "code", "name", "unit_class", "capacity_mw", "cooling")
    copy_rows(cursor, "registry_unit", columns, (
        (ids[one.code], unit.code, "", unit.unit_class, unit.capacity_mw, unit.cooling)
        for one in emitters for unit in one.units
    ))  # fmt: skip
    keys = {(emitter, code): pk for emitter, code, pk in Unit.objects.values_list("emitter", "code", "pk")}
    copy_rows(cursor, "registry_activityreport", REPORT_COLUMNS, _reports(emitters, ids, keys))
    sums = (
        "emitter_id", "year", "verified_t", "obligation_t", "preallocated_t", "issued_t", "surrendered_t", "credits_t",
        "pending_t", "state_at_deadline",
    )  # fmt: skip
    copy_rows(cursor, "registry_complianceyear", sums, (
        (ids[one.code], year, total, total, 0, 0, 0, 0, 0, "")
        for one in emitters for year in YEARS[one.sector]
        for total in [sum(unit.years[year].verified_t for unit in one.units)]
    ))  # fmt: skip


def _reports(
    emitters: list[Made], ids: dict[str, int], keys: dict[tuple[int, str], int]
) -> Iterator[tuple[object, ...]]:
    """Entered at the end of the June after each year; Jianghai's last year was corrected once."""
    people = dict(User.objects.filter(is_demo=True).values_list("email", "pk"))
    by_province = {
        "310000": people.get("regulator@shanghai.example"),
        "530000": people.get("regulator@yunnan.example"),
    }
    for one in emitters:
        by = by_province.get(one.province)
        for unit in one.units:
            key = keys[ids[one.code], unit.code]
            for year, figure in unit.years.items():
                at = dt.datetime(year + 1, 6, 26, 15, tzinfo=BEIJING)
                corrected = one.code == "jianghai" and year == 2025
                tonnes = figure.verified_t + 12_400 * corrected
                yield _report(key, unit, year, 1, figure, tonnes, by, at, "")
                if corrected:
                    later = at + dt.timedelta(days=6)
                    reason = "五月份入炉煤重复计量，按复核结果更正"
                    yield _report(key, unit, year, 2, figure, figure.verified_t, by, later, reason)


def _report(
    key: int, unit: MadeUnit, year: int, version: int, figure: Figure, tonnes: int, by: int | None,
    at: dt.datetime, reason: str,
) -> tuple[object, ...]:  # fmt: skip
    return (
        key, year, version, figure.generation_mwh, figure.generation_mwh * 94 // 100, figure.heat_gj,
        f"{Decimal(figure.load) / 10_000}", f"{Decimal(figure.heat_ratio) / 10_000}", unit.cooling, figure.output_t,
        figure.intensity, tonnes, by, at, reason,
    )  # fmt: skip
