"""The emitter's year: what it needs, has and may use; the form of a surrender, checked before it is sent."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.approvals import uploads
from accounts.approvals.errors import Refused
from accounts.approvals.models import Document
from accounts.approvals.verbs import LONGEST_REASON
from accounts.models import Organisation, User
from registry.compliance import forms, lawful, selectors, surrender
from registry.compliance.models import ComplianceYear, Surrender
from registry.compliance.sheet import Sheet, papers_of, sheet_of
from registry.compliance.shown import credits_line, days_words, lines_shown, state_word, ways_shown, widths
from registry.compliance.timeline import timeline


def reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "nobody else gets past the sign-in"
    return request.user


def own_year(user: User, year: int) -> ComplianceYear:
    """Raises Http404: other emitters' years are not found."""
    found = ComplianceYear.objects.select_related("emitter__organisation")
    return get_object_or_404(found, emitter=user.organisation_id, year=year)


@never_cache
@login_required
@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    return _page(request, own_year(reader(request), year))


@never_cache
@login_required
@require_POST
def submit(request: HttpRequest, year: int) -> HttpResponse:
    """`step=check` shows what would be sent; `step=send` sends it. Whatever is refused comes back as typed."""
    user = reader(request)
    row = own_year(user, year)
    typed = forms.read(request.POST)
    files = uploads.kept(request, user)
    try:
        uploads.attach(request, user, files)
        if typed.errors:
            return _page(request, row, typed, list(typed.errors.values()), 400, files)
        helped = _helped(typed.beneficiary)
        if request.POST.get("step") != "send":
            return _check(request, row, typed, helped, files)
        made = surrender.submit(
            year, user.organisation, typed.lines, by=user, reason=typed.reason, at=clock.now(),
            beneficiary=helped, client_id=typed.client_id, documents=files,
        )  # fmt: skip
    except Refused as refused:
        return _page(request, row, typed, [refused.detail], 409, files)
    messages.success(
        request, _("Submitted. It now waits for your approver; the tonnes are set aside until it is decided.")
    )
    return redirect("surrender", pk=made.pk)


@never_cache
@login_required
@require_safe
def one_surrender(request: HttpRequest, pk: int) -> HttpResponse:
    """Its request, with decisions and documents; one without a request leads to its year."""
    found = get_object_or_404(selectors.surrenders_visible_to(reader(request)), pk=pk)
    if found.request_id is None:
        return redirect("compliance_year", year=found.compliance_year.year)
    return redirect("inbox_request", pk=found.request_id)


def _helped(code: str) -> Organisation | None:
    """The emitter that is helped. Raises Refused for a code that is none."""
    if not code:
        return None
    found = Organisation.objects.filter(code=code, emitter__isnull=False).first()
    if found is None:
        raise Refused(
            "BENEFICIARY_UNKNOWN", _("beneficiary: no covered emitter has this code. Ask it for its code.")
        )
    return found


def _check(
    request: HttpRequest, row: ComplianceYear, typed: forms.Typed, helped: Organisation | None,
    files: list[Document],
) -> HttpResponse:  # fmt: skip
    """Check your answers: what would go, what would be left. Raises Refused as the verb would."""
    if not typed.reason.strip():
        raise Refused("REASON_MISSING", _("Give a reason: it is kept with the decision."))
    aim = row if helped is None else surrender.find_year(row.year, helped)
    own = aim.emitter_id == row.emitter_id
    credits_t = lawful.check(aim, typed.lines, own=own, at=clock.now())
    lawful.check_holdings(row.emitter.organisation, typed.lines)
    total_t = sum(typed.lines.values())
    shown: dict[str, Any] = {
        "row": row,
        "typed": typed,
        "lines": sorted(typed.lines.items()),
        "total_t": total_t,
        "credits_t": credits_t,
        "own": own,
        "helped": helped,
        "left_t": selectors.room_t(aim) - total_t,
        "client_id": typed.client_id or uuid.uuid4().hex,
        "kept": files,
    }
    return render(request, "registry/compliance/check.html", shown)


def _page(
    request: HttpRequest,
    row: ComplianceYear,
    typed: forms.Typed | None = None,
    errors: list[str] | None = None,
    status: int = 200,
    files: Sequence[Document] = (),
) -> HttpResponse:
    sheet = sheet_of(row, clock.now())
    user = reader(request)
    shown: dict[str, Any] = {
        "row": row,
        "sheet": sheet,
        "state_label": state_word(sheet.state),
        "lines": lines_shown(sheet, typed),
        "ways": ways_shown(sheet.proposal),
        "credits_line": credits_line(sheet),
        "days_words": days_words(sheet.days_left),
        "widths": widths(sheet),
        "papers": papers_of(row),
        "happenings": timeline(row),
        "may_submit": _may_submit(user, sheet),
        "typed": typed,
        "errors": errors or [],
        "longest_reason": LONGEST_REASON,
        "waiting": Surrender.State.PENDING,
        "kept": files,
        "years": _years(user),
    }
    return render(request, "registry/compliance/year.html", shown, status=status)


def _may_submit(user: User, sheet: Sheet) -> bool:
    return user.has_role(User.Role.INITIATOR) and sheet.row.obligation_t is not None


def _years(user: User) -> list[int]:
    found = ComplianceYear.objects.filter(emitter=user.organisation_id).order_by("year")
    years = list(found.values_list("year", flat=True))
    if not years:
        raise Http404
    return years
