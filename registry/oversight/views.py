"""The regulator's pages: a year at a glance, all its emitters, the overdue ones, the vintages' identity."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.approvals.kinds import kind_of
from accounts.provinces import PROVINCES, province_name
from registry import exports
from registry.compliance.rules import UnknownYear
from registry.compliance.selectors import day_of, deadline_of
from registry.models import ComplianceYear, Sector
from registry.oversight import columns, emitters, filters, pictures, vintages, years
from registry.oversight.rights import for_overseers, province_of, reader_of

PAGE = 50
FIRST_ROWS = 15


def today() -> dt.date:
    return day_of(clock.now())


def deadline(year: int) -> dt.date:
    """The last day to surrender; of a year without rules yet, the end of the following one."""
    try:
        return deadline_of(year)
    except UnknownYear:
        return dt.date(year + 1, 12, 31)


def asked_year(request: HttpRequest, known: list[int]) -> int:
    """`?year=` if it is one of the known, else the year that is being worked on."""
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if year in known else years.default_year(known, today())


@require_safe
@never_cache
@for_overseers
def regulator(request: HttpRequest) -> HttpResponseBase:
    """How far the year is: head figures, provinces, sectors, the curve, the largest gaps, what changed today."""
    user = reader_of(request)
    known = years.years_of(user)
    year = asked_year(request, known)
    rows = years.rows_of(user, year, today())
    found = years.overview(rows)
    points = years.curve(user, year)
    if exports.wanted(request):
        return _overview_file(request, year, found, points)
    last_day = deadline(year)
    return render(
        request,
        "oversight/regulator.html",
        {
            "year": year, "year_text": str(year), "years": known, "deadline": last_day, "days_left": (last_day - today()).days,
            "whole": found.whole, "by_province": [(group, pictures.bar(group)) for group in found.by_province],
            "by_sector": [(group, pictures.bar(group)) for group in found.by_sector],
            "curve": pictures.curve(points, found.whole.obligation_t, last_day, today()), "points": points,
            "gaps": years.largest_gaps(rows),
            "changed": [(row, kind_of(row.kind).title) for row in years.changed_today(user, today())],
            "rows": emitters.table(user, year, today(), filters.Filters(sort="-gap"))[:FIRST_ROWS],
            "province": province_of(user), **_choices(filters.Filters()),
        },
    )  # fmt: skip


def _overview_file(
    request: HttpRequest, year: int, found: years.Overview, points: list[years.CurvePoint]
) -> HttpResponseBase:
    """`?table=` sectors or curve; provinces where it says nothing."""
    match request.GET.get("table"):
        case "curve":
            rows = columns.curve_rows(points)
            return exports.table_response(request, f"surrendered-{year}", columns.CURVE, rows)
        case "sectors":
            rows = columns.group_rows(found.by_sector, lambda key: str(Sector(key).label))
            return exports.table_response(request, f"sectors-{year}", columns.GROUPS, rows)
    rows = columns.group_rows(found.by_province, province_name)
    return exports.table_response(request, f"provinces-{year}", columns.GROUPS, rows)


def _choices(wanted: filters.Filters) -> dict[str, Any]:
    """What the filters and heads of the table of emitters need."""
    return {
        "filters": wanted,
        "sort_heads": heads(wanted.sort),
        "provinces": [(code, province_name(code)) for code in PROVINCES],
        "sectors": Sector.choices,
        "states": ComplianceYear.State.choices,
    }


@dataclass(frozen=True, slots=True)
class SortName:
    """How a column is sorted by: upwards, downwards, and by a click on its head."""

    up: str
    down: str
    next: str


def heads(sort: str) -> list[tuple[SortName, str, bool]]:
    """(how to sort by it, heading, whether it is a figure) of each column; figures begin with the largest."""
    named = [
        ("code", _("Emitter"), False),
        ("province", _("Province"), False),
        ("sector", _("Sector"), False),
        ("verified", _("Verified, t"), True),
        ("allocated", _("Allocated, t"), True),
        ("surrendered", _("Surrendered, t"), True),
        ("credits", _("of it credits, t"), True),
        ("gap", _("Gap, t"), True),
        ("state", _("State"), False),
    ]
    return [
        (SortName(name, f"-{name}", _next(name, sort, figure)), label, figure)
        for name, label, figure in named
    ]


def _next(name: str, sort: str, figure: bool) -> str:
    first, second = (f"-{name}", name) if figure else (name, f"-{name}")
    return second if sort == first else first


@require_safe
@never_cache
@for_overseers
def table(request: HttpRequest) -> HttpResponseBase:
    """All emitters of a year, by province, sector, state and text."""
    user = reader_of(request)
    known = years.years_of(user)
    year = asked_year(request, known)
    wanted = filters.read(request.GET)
    rows = emitters.table(user, year, today(), wanted)
    if exports.wanted(request):
        found = columns.table_rows(rows.iterator(chunk_size=1000))
        return exports.table_response(request, f"emitters-{year}", columns.TABLE, found)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "oversight/emitters.html",
        {
            "year": year, "year_text": str(year), "years": known, "page": page, "rows": page, "province": province_of(user),
            "sorts": True, "query": "&".join(filter(None, [f"year={year}", wanted.query])), **_choices(wanted),
        },
    )  # fmt: skip


@require_safe
@never_cache
@for_overseers
def overdue(request: HttpRequest) -> HttpResponseBase:
    """Who missed the deadline, by how much, and the fines as computed; an authority decides them."""
    user = reader_of(request)
    known = years.years_of(user)
    year = asked_year(request, known)
    rows = emitters.overdue(user, year, today())
    if exports.wanted(request):
        found = columns.table_rows(rows.iterator(chunk_size=1000))
        return exports.table_response(request, f"overdue-{year}", columns.TABLE, found)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "oversight/overdue.html",
        {
            "year": year,
            "year_text": str(year),
            "years": known,
            "page": page,
            "rows": page,
            "deadline": deadline(year),
            "query": f"year={year}",
        },
    )


@require_safe
@never_cache
@for_overseers
def identity(request: HttpRequest) -> HttpResponseBase:
    """Issued, held, surrendered, cancelled, converted of each vintage, and whether they add up right now."""
    rows = vintages.vintages()
    if exports.wanted(request):
        return exports.table_response(request, "vintages", columns.VINTAGES, columns.vintage_rows(rows))
    context = {
        "vintages": rows, "holds": vintages.identity_holds(rows), "seal": vintages.last_seal(),
        "checked_at": clock.now(),
    }  # fmt: skip
    return render(request, "oversight/vintages.html", context)
