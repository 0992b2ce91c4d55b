"""What pages and the API read of emitters: lists with their filters, and one emitter with all that is known of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from accounts.provinces import PROVINCES
from registry.compliance.models import ComplianceYear
from registry.emitters.models import ActivityReport, Emitter, Objection, Sector, Unit
from registry.emitters.rights import visible

SORTS = {
    "code": "organisation__code",
    "name": "organisation__name_zh",
    "province": "organisation__province",
    "sector": "sector",
    "units": "unit_count",
    "verified": "verified_t",
}
LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asks of the list; unknown values are left out. `year` 0: whoever was covered in any year."""

    province: str = ""
    sector: str = ""
    year: int = 0
    text: str = ""
    sort: str = "code"


def filters_of(query: Mapping[str, str]) -> Filters:
    year, sort = query.get("year", ""), query.get("sort", "code")
    province, sector = query.get("province", ""), query.get("sector", "")
    return Filters(
        province=province if province in PROVINCES else "",
        sector=sector if sector in Sector.values else "",
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0,
        text=query.get("q", "").strip()[:LONGEST_TEXT].replace("\0", ""),
        sort=sort if sort.removeprefix("-") in SORTS else "code",
    )


def listed(user: User, filters: Filters) -> QuerySet[Emitter, Any]:
    """The reader's emitters with `unit_count` and, of the chosen or latest year, `verified_t` and `of_year`."""
    found: QuerySet[Emitter, Any] = visible(user)
    if filters.province:
        found = found.filter(organisation__province=filters.province)
    if filters.sector:
        found = found.filter(sector=filters.sector)
    if filters.year:
        found = found.filter(years__year=filters.year)
    if filters.text:
        found = found.filter(
            Q(organisation__code__icontains=filters.text)
            | Q(organisation__credit_code__icontains=filters.text)
            | Q(organisation__name_zh__icontains=filters.text)
            | Q(organisation__name_en__icontains=filters.text)
        )
    years = ComplianceYear.objects.filter(emitter=OuterRef("pk")).order_by("-year")
    if filters.year:
        years = years.filter(year=filters.year)
    units = Unit.objects.filter(emitter=OuterRef("pk")).order_by().values("emitter")
    found = found.annotate(
        unit_count=Subquery(units.annotate(n=Count("pk")).values("n")),
        verified_t=Subquery(years.values("verified_t")[:1]),
        of_year=Subquery(years.values("year")[:1]),
    )
    name = SORTS[filters.sort.removeprefix("-")]
    key = F(name).desc(nulls_last=True) if filters.sort.startswith("-") else F(name).asc(nulls_last=True)
    return found.order_by(key, "pk")


def years_known() -> list[int]:
    """Every compliance year, the latest first."""
    years = ComplianceYear.objects.order_by("-year").values_list("year", flat=True)
    return list(years.distinct())


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An emitter on the entry page of a year."""

    row: ComplianceYear
    units: int
    reported: int
    open_objections: int


def entry_rows(rows: Sequence[ComplianceYear], year: int) -> list[EntryRow]:
    """Units, reported ones and open objections of these emitters, in three questions."""
    ids = [row.emitter_id for row in rows]
    units = _counted(Unit.objects.filter(emitter__in=ids), "emitter", "pk")
    reports = ActivityReport.objects.filter(unit__emitter__in=ids, year=year)
    reported = _counted(reports, "unit__emitter", "unit")
    objections = Objection.objects.filter(
        report__unit__emitter__in=ids, report__year=year, state=Objection.State.OPEN
    )
    waiting = _counted(objections, "report__unit__emitter", "pk")
    return [
        EntryRow(
            row,
            units.get(row.emitter_id, 0),
            reported.get(row.emitter_id, 0),
            waiting.get(row.emitter_id, 0),
        )
        for row in rows
    ]


def _counted(rows: QuerySet[Any], by: str, what: str) -> dict[int, int]:
    counted = rows.order_by().values_list(by).annotate(n=Count(what, distinct=True))
    return {int(key): int(number) for key, number in counted}


def visible_reports(user: User) -> QuerySet[ActivityReport]:
    """All versions of the figures that the reader may see."""
    return ActivityReport.objects.filter(unit__emitter__in=visible(user)).select_related(
        "unit__emitter__organisation", "entered_by"
    )


def visible_objections(user: User) -> QuerySet[Objection]:
    return Objection.objects.filter(report__unit__emitter__in=visible(user)).select_related(
        "report__unit__emitter__organisation", "raised_by", "answered_by"
    )
