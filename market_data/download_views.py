"""Downloads of a range: asked for here, their progress, the file, its end. Each person sees the own ones alone."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from accounts.models import User
from exchange import clock
from market_data.models import Download
from market_data.reports import archive, selectors
from market_data.reports import downloads as verbs
from market_data.reports.render import TABLES, forms_of
from market_data.tasks import make_download


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def downloads(request: HttpRequest) -> HttpResponse:
    """The form for a new download and the own ones with their progress; POST asks for one."""
    user = person(request)
    if request.method == "GET":
        return page(request, user, first_values())
    values = {name: request.POST.get(name, "") for name in ("kind", "first", "last", "shape", "table")}
    typed: dict[str, Any] = {**values, "forms": request.POST.getlist("forms")}
    try:
        download = verbs.ask(user, wish_of(typed), language=get_language() or "zh-hans", at=clock.now())
    except verbs.DownloadRefused as refused:
        return page(request, user, typed, {refused.field or "first": refused.detail}, status=400)
    try:
        make_download.delay(str(download.pk))
    except OperationalError:
        messages.warning(request, _("The workers cannot be reached at the moment; it is made when they are."))
    return redirect("downloads")


def first_values() -> dict[str, Any]:
    """The month of the newest report as a ZIP of CSV files."""
    last = archive.latest_day() or clock.today()
    return {
        "kind": "market",
        "first": last.replace(day=1).isoformat(),
        "last": last.isoformat(),
        "shape": "zip",
        "forms": ["csv"],
        "table": "",
    }


def wish_of(typed: dict[str, Any]) -> verbs.Wish:
    """What was typed. Raises DownloadRefused for what is no date."""
    days = {}
    for name in ("first", "last"):
        try:
            days[name] = dt.date.fromisoformat(typed[name])
        except ValueError as error:
            raise verbs.DownloadRefused("BAD_DATE", name, _("A date such as 2026-01-05.")) from error
    return verbs.Wish(
        kind=typed["kind"],
        first=days["first"],
        last=days["last"],
        shape=typed["shape"],
        forms=tuple(typed["forms"]),
        table=typed["table"],
    )


def page(
    request: HttpRequest,
    user: User,
    typed: dict[str, Any],
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "typed": typed,
        "wrong": wrong or {},
        "forms": forms_of("market"),
        "tables": TABLES["market"] + TABLES["member"],
        "has_statements": selectors.statements(user.organisation).exists(),
        "downloads": list(verbs.of_person(user, clock.now())),
        "limits": verbs.MOST_DAYS,
    }
    return render(request, "pages/report_downloads.html", context, status=status)


@require_safe
@never_cache
@login_required
def state(request: HttpRequest, download: uuid.UUID) -> HttpResponse:
    """One download's line, for htmx to read again until it is done."""
    return render(request, "pages/report_download.html", {"download": own(request, download)})


@require_safe
@never_cache
@login_required
def file(request: HttpRequest, download: uuid.UUID) -> HttpResponseBase:
    """The file; 410 when its time is over."""
    row = own(request, download)
    if row.state != Download.State.DONE or row.expires_at is None or row.expires_at <= clock.now():
        return render(request, "pages/report_download_gone.html", {"download": row}, status=410)
    response = StreamingHttpResponse(verbs.pieces(row), content_type=TYPES[row.shape])
    response["Content-Length"] = str(row.size)
    response["Content-Disposition"] = f'attachment; filename="{row.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@login_required
def remove(request: HttpRequest, download: uuid.UUID) -> HttpResponse:
    """Removes an own download, finished or not."""
    own(request, download).delete()
    messages.success(request, _("The download was removed."))
    return redirect("downloads")


TYPES = {"zip": "application/zip", "parquet": "application/vnd.apache.parquet"}


def own(request: HttpRequest, download: uuid.UUID) -> Download:
    """Raises Http404 for another person's, and for statements of an organisation that the person has left."""
    row = get_object_or_404(Download, pk=download, user=person(request))
    if row.organisation_id not in {None, person(request).organisation_id}:
        return get_object_or_404(Download.objects.none())
    return row


def person(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "login_required"
    return request.user
