"""The archive of published days, the bulletin of one of them, and what the columns of the data mean."""

import datetime as dt
import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Organisation, User
from exchange import clock
from market_data.models import Report
from market_data.reports import archive as archives
from market_data.reports import data_guide as guide
from market_data.reports import notice, selectors
from market_data.reports.bulletin import national_day, shown
from market_data.reports.render import forms_of, notice_of

MONTH = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """A month as a calendar with a dot for each published report, and its days as a table."""
    filters = archives.Filters(
        wanted_month(request),
        kind=request.GET.get("kind", "all"),
        version=request.GET.get("version", "all"),
    )
    month = archives.month_of(filters, own_organisation(request))
    return render(
        request,
        "pages/reports.html",
        {
            "month": month,
            "filters": filters,
            "any": Report.objects.exists(),
            "forms": [form for form in forms_of("market") if form != "txt"],
            "last_day": archives.latest_day(),
        },
    )


def wanted_month(request: HttpRequest) -> dt.date:
    """The first day of `?month=2026-11`; without it the month of the newest report."""
    text = request.GET.get("month", "")
    if MONTH.fullmatch(text) and "1990" <= text[:4] <= "9000" and "01" <= text[5:] <= "12":
        return dt.date(int(text[:4]), int(text[5:]), 1)
    return (archives.latest_day() or clock.today()).replace(day=1)


@require_safe
@never_cache
def bulletin(request: HttpRequest, day: dt.date) -> HttpResponse:
    """The market report of a day as a page, and beside it the reader's own statement.

    Of a day before this platform's own there is only the kept bulletin.
    """
    report = selectors.market_report(day, wanted_version(request))
    if report is None:
        return kept_bulletin(request, day)
    content = report.content
    return render(
        request,
        "pages/report.html",
        {
            "report": report,
            "content": content,
            "notice": notice_of(day, content.get("bulletin")),
            "average": notice.average(content["bulletin"]) if content.get("bulletin") else None,
            "forms": [form for form in forms_of(report.kind) if form != "txt" or content.get("bulletin")],
            "versions": list(selectors.versions(report).defer("content")),
            "statement": own_statement(request, day),
            "statement_forms": forms_of("member"),
        },
    )


def kept_bulletin(request: HttpRequest, day: dt.date) -> HttpResponse:
    """A day of the imported or simulated history: no report was published here. Raises Http404."""
    found = national_day(day)
    if found is None:
        raise Http404(_("No report of this day."))
    content = shown(found)
    return render(
        request,
        "pages/report_kept.html",
        {
            "day": day,
            "bulletin": content,
            "notice": notice_of(day, content),
            "average": notice.average(content),
        },
    )


@require_safe
def data_guide(request: HttpRequest) -> HttpResponse:
    """For analysts: what each column means, and examples that run as they stand."""
    origin = request.build_absolute_uri("/").rstrip("/")
    return render(
        request,
        "pages/report_data.html",
        {"columns": guide.columns(), "examples": guide.examples(origin), "origin": origin},
    )


def wanted_version(request: HttpRequest) -> int | None:
    """`?version=2`; anything else is the latest."""
    text = request.GET.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def own_organisation(request: HttpRequest) -> Organisation | None:
    return request.user.organisation if isinstance(request.user, User) else None


def own_statement(request: HttpRequest, day: dt.date) -> Report | None:
    organisation = own_organisation(request)
    return selectors.statement(organisation, day) if organisation else None
