"""Proof: checking a file or a hash, the versions of a day's reports and why they are, asking for a correction."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.approvals.errors import Refused
from accounts.models import Organisation, User
from exchange import clock
from exchange.sessions import require_exchange_operator
from market_data.models import Report
from market_data.report_views import own_organisation
from market_data.reports import check, corrections, selectors


@require_http_methods(["GET", "POST"])
@never_cache
def check_file(request: HttpRequest) -> HttpResponse:
    """A hash by GET (`?sha256=`, so that it can be linked), a file by POST. Nothing that is sent is kept."""
    typed = request.GET.get("sha256", "").strip()
    context: dict[str, Any] = {"typed": typed, "asked": bool(typed)}
    if request.method == "POST":
        sent = request.FILES.get("file")
        context["asked"] = sent is not None
        if sent is None:
            context["wrong"] = _("Choose a file, or paste a hash.")
        elif sent.size is not None and sent.size > check.MOST_BYTES:
            context |= {"asked": False, "wrong": _("Reports are smaller than 50 MB: this is none of them.")}
        else:
            context |= {
                "verdict": check.of_file(sent.read(), sent.name or "", request.user),
                "file": sent.name,
            }
    elif typed:
        context["verdict"] = check.of_hash(typed)
    verdict = context.get("verdict")
    context["may_name"] = verdict is not None and check.may_name(verdict.report, request.user)
    return render(request, "pages/report_check.html", context, status=400 if "wrong" in context else 200)


@require_safe
@never_cache
def versions(request: HttpRequest, day: dt.date) -> HttpResponse:
    """Every version of a day's market report, and of the own statement, with reason and hash."""
    organisation = own_organisation(request)
    market = Report.objects.filter(kind=Report.Kind.MARKET, day=day).order_by("version").defer("content")
    own = Report.objects.none()
    if organisation is not None:
        own = Report.objects.filter(organisation=organisation, day=day).order_by("version").defer("content")
    if not market and not own:
        raise Http404(_("No report of this day."))
    may_correct = isinstance(request.user, User) and request.user.has_role(User.Role.OPERATOR)
    context = {"day": day, "market": market, "own": own, "may_correct": may_correct}
    if may_correct:
        context["members"] = (
            Organisation.objects.filter(statements__day=day, statements__kind=Report.Kind.MEMBER)
            .distinct()
            .order_by("code")
        )
    return render(request, "pages/report_versions.html", context)


@require_POST
@login_required
def ask_correction(request: HttpRequest, day: dt.date) -> HttpResponse:
    """An operator asks for the next version of the market report, or of one member's statement."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    require_exchange_operator(user)
    code = request.POST.get("member", "")
    member = Organisation.objects.filter(code=code).first() if code else None
    report = selectors.statement(member, day) if member else None if code else selectors.market_report(day)
    if report is None:
        raise Http404(_("No report of this day."))
    try:
        corrections.ask(report, by=user, reason=request.POST.get("reason", ""), at=clock.now())
        messages.success(request, _("The correction waits for an approver of the exchange."))
    except Refused as refused:
        messages.error(request, refused.detail)
    return redirect("report_versions", day=day)
