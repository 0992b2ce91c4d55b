"""The archive of settled days, and the bulletin of one of them."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from market_data.models import Report
from market_data.reports import selectors

DAYS_SHOWN = 250


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """Published days, newest first, with the figures that tell them apart."""
    reports = list(selectors.market_reports()[:DAYS_SHOWN])
    mine = own_days(request)
    return render(
        request, "pages/reports.html", {"reports": [(report, report.day in mine) for report in reports]}
    )


def own_days(request: HttpRequest) -> set[dt.date]:
    """Days with a statement of the reader's own organisation."""
    if not isinstance(request.user, User):
        return set()
    return set(selectors.statements(request.user.organisation).values_list("day", flat=True)[:DAYS_SHOWN])


@require_safe
@never_cache
def bulletin(request: HttpRequest, day: dt.date) -> HttpResponse:
    """The market report of a day as a page, and beside it the reader's own statement."""
    report = selectors.market_report(day, wanted_version(request))
    if report is None:
        raise Http404(_("No report of this day."))
    return render(
        request,
        "pages/report.html",
        {
            "report": report,
            "content": report.content,
            "versions": list(selectors.versions(report)),
            "statement": own_statement(request, day),
        },
    )


def wanted_version(request: HttpRequest) -> int | None:
    """`?version=2`; anything else is the latest."""
    text = request.GET.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def own_statement(request: HttpRequest, day: dt.date) -> Report | None:
    user = request.user
    return selectors.statement(user.organisation, day) if isinstance(user, User) else None
