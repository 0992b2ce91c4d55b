"""Pages that anybody may open: who is covered, how the years went, the vintages, projects, certificates."""

import datetime as dt

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.provinces import PROVINCES, province_name
from registry import exports
from registry.compliance.selectors import day_of
from registry.credits import selectors as credit_selectors
from registry.models import Project, Sector
from registry.oversight import columns as oversight_columns
from registry.oversight.vintages import identity_holds, last_seal, vintages
from registry.public import columns, selectors

PAGE = 50
#: The pages show who is signed in, so only the reader's own browser may keep one, and not for long.
briefly = cache_control(private=True, max_age=30)


def today() -> dt.date:
    return day_of(clock.now())


@require_safe
@briefly
def overview(request: HttpRequest) -> HttpResponseBase:
    """Compliance by year, and what is in circulation with the proof that it adds up."""
    if exports.wanted(request):
        rows = columns.year_rows(selectors.years(today()))
        return exports.table_response(request, "years", columns.YEARS, rows)
    return render(request, "public/overview.html", selectors.registers(clock.now()))


@require_safe
@briefly
def emitters(request: HttpRequest) -> HttpResponseBase:
    """Covered emitters of a year: verified emissions, allocation, and their state as of the latest deadline."""
    years = selectors.covered_years()
    wanted = selectors.read_wanted(request.GET)
    if wanted.year not in years:
        wanted = selectors.Wanted(years[0] if years else None, *_but_year(wanted))
    rows = selectors.emitters(wanted, today())
    if exports.wanted(request):
        found = columns.emitter_rows(rows.iterator(chunk_size=1000))
        return exports.table_response(request, f"emitters-{wanted.year or ''}", columns.EMITTERS, found)
    rows = rows.order_by("emitter__organisation__code")
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")), "years": years, "wanted": wanted,
        "provinces": [(code, province_name(code)) for code in PROVINCES], "sectors": Sector.choices,
        "states": [(state.value, state.label) for state in selectors.PUBLISHED], "query": query.urlencode(),
        "last": selectors.latest_deadline(today()),
    }  # fmt: skip
    return render(request, "public/emitters.html", context)


def _but_year(wanted: selectors.Wanted) -> tuple[str, str, str, str]:
    return wanted.province, wanted.sector, wanted.state, wanted.text


@require_safe
@briefly
def totals(request: HttpRequest) -> HttpResponseBase:
    """Each vintage's totals with the live check; as a file too."""
    rows = vintages()
    if exports.wanted(request):
        found = oversight_columns.vintage_rows(rows)
        return exports.table_response(request, "vintages", oversight_columns.VINTAGES, found)
    context = {
        "vintages": rows,
        "holds": identity_holds(rows),
        "seal": last_seal(),
        "checked_at": clock.now(),
    }
    return render(request, "public/vintages.html", context)


@require_safe
@briefly
def projects(request: HttpRequest) -> HttpResponseBase:
    """Registered credit projects with what was issued to them."""
    scheme = request.GET.get("scheme", "")
    scheme = scheme if scheme in Project.Scheme.values else ""
    text = request.GET.get("q", "").replace("\0", "").strip()[: selectors.LONGEST_TEXT]
    rows = credit_selectors.projects(scheme=scheme, text=text)
    if exports.wanted(request):
        return exports.table_response(request, "projects", columns.PROJECTS, columns.project_rows(rows))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")), "scheme": scheme, "text": text,
        "schemes": Project.Scheme.choices, "query": query.urlencode(),
    }  # fmt: skip
    return render(request, "public/projects.html", context)


@require_safe
@briefly
def project(request: HttpRequest, code: str) -> HttpResponseBase:
    """One project with its issues and serials."""
    found = get_object_or_404(credit_selectors.with_issues(None), code=code)
    return render(request, "public/project.html", {"project": found, "issues": found.seen_issues})  # type: ignore[attr-defined]


@require_safe
@briefly
def certificates(request: HttpRequest) -> HttpResponseBase:
    """Voluntary cancellations with their certificates, and the way to check any number."""
    text = request.GET.get("q", "").replace("\0", "").strip()[: selectors.LONGEST_TEXT]
    rows = selectors.cancellations(text)
    if exports.wanted(request):
        found = columns.cancellation_rows(rows.iterator(chunk_size=1000))
        return exports.table_response(request, "cancellations", columns.CANCELLATIONS, found)
    query = request.GET.copy()
    query.pop("page", None)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "text": text, "query": query.urlencode()}
    return render(request, "public/certificates.html", context)
