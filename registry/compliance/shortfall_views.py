"""Shortfalls: the list, one with its working, and the proposal of a decision."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import clock
from accounts.approvals import uploads
from accounts.approvals.errors import Refused
from accounts.approvals.models import Document
from accounts.approvals.verbs import LONGEST_REASON
from registry import exports
from registry.compliance import rules, shortfalls
from registry.compliance.models import Shortfall
from registry.compliance.selectors import day_of
from registry.compliance.views import reader
from registry.exports import Column, Kind
from registry.words import grouped, yuan

PAGE = 100
YUAN = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?", re.ASCII)
WHOLE = re.compile(r"[0-9]{1,15}", re.ASCII)


COLUMNS = (
    Column(gettext_lazy("Code")), Column(gettext_lazy("Emitter")), Column(gettext_lazy("Year")),
    Column(gettext_lazy("Missing, t"), Kind.TONNES), Column(gettext_lazy("Fine from, yuan"), Kind.FEN),
    Column(gettext_lazy("Fine to, yuan"), Kind.FEN), Column(gettext_lazy("Deduction, t"), Kind.TONNES),
    Column(gettext_lazy("State")), Column(gettext_lazy("Fine, yuan"), Kind.FEN),
)  # fmt: skip


def _cells(row: Shortfall) -> list[Any]:
    """The bounds are empty where the month had no trades."""
    house, known = row.compliance_year.emitter.organisation, row.working.get("price_known", True)
    return [
        house.code, house.name, str(row.compliance_year.year), row.missing_t, row.fine_low_fen if known else None,
        row.fine_high_fen if known else None, row.deduction_t, row.get_state_display(), row.fine_fen,
    ]  # fmt: skip


@never_cache
@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """For authorities: theirs, by year and state; what waits first."""
    user = reader(request)
    if not shortfalls.is_office(user):
        raise PermissionDenied
    found = shortfalls.visible_to(user).order_by("-compliance_year__year", "-missing_t", "pk")
    state, year = request.GET.get("state", ""), request.GET.get("year", "")
    if state in Shortfall.State.values:
        found = found.filter(state=state)
    if year.isascii() and year.isdigit():
        found = found.filter(compliance_year__year=int(year[:4]))
    if exports.wanted(request):
        rows = map(_cells, found.iterator(chunk_size=500))
        return exports.table_response(request, "shortfalls", COLUMNS, rows)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    filters = request.GET.copy()
    filters.pop("page", None)
    lines = [(row, yuan(row.fine_low_fen), yuan(row.fine_high_fen)) for row in page]
    return render(
        request,
        "registry/shortfalls/listing.html",
        {
            "page": page, "lines": lines, "state": state, "year": year, "states": Shortfall.State.choices,
            "years": rules.years(), "filters": filters.urlencode(),
        },
    )  # fmt: skip


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Its working; posted by the province's regulator, the proposal of a decision."""
    user = reader(request)
    found = get_object_or_404(shortfalls.visible_to(user), pk=pk)
    if request.method != "POST":
        return _page(request, found)
    files = uploads.kept(request, user)
    fine, deduction = request.POST.get("fine", "").strip(), request.POST.get("deduction", "").strip() or "0"
    try:
        uploads.attach(request, user, files)
        if not YUAN.fullmatch(fine) or not WHOLE.fullmatch(deduction):
            words = _("Give the fine in yuan, such as 3118000.00, and the deduction in whole tonnes.")
            return _page(request, found, words, 400, files)
        shortfalls.propose(
            found.pk,
            fine_fen=int(Decimal(fine) * 100),
            deduction_t=int(deduction),
            decision=request.POST.get("decision", ""),
            by=user,
            reason=request.POST.get("reason", ""),
            at=clock.now(),
            documents=files,
        )
    except Refused as refused:
        return _page(request, found, refused.detail, 409, files)
    messages.success(request, _("Proposed. It now waits for the approver of the national authority."))
    return redirect("shortfall", pk=pk)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the working: what, the formula with its values, and the result."""

    what: str
    formula: str
    result: str


def _page(
    request: HttpRequest, found: Shortfall, error: str = "", status: int = 200, files: Sequence[Document] = ()
) -> HttpResponse:
    user = reader(request)
    row = found.compliance_year
    shown: dict[str, Any] = {
        "shortfall": found,
        "row": row,
        "steps": working(found),
        "late_t": max(0, row.surrendered_t - int(found.working.get("surrendered_t", 0))),
        "may_propose": shortfalls.may_propose(user, found),
        "deduction_most_t": rules.deduction_t(found.missing_t, day_of(clock.now())),
        "office": shortfalls.is_office(user),
        "fine": None if found.fine_fen is None else yuan(found.fine_fen),
        "error": error,
        "typed": request.POST,
        "longest_reason": LONGEST_REASON,
        "kept": files,
    }
    return render(request, "registry/shortfalls/one.html", shown, status=status)


def working(found: Shortfall) -> list[Step]:
    """Every number of it with the values that it came from."""
    stated = found.working
    steps = [
        Step(
            _("Missing on %(deadline)s") % {"deadline": stated["deadline"]},
            f"{grouped(stated['obligation_t'])} t − {grouped(stated['surrendered_t'])} t",
            f"{grouped(found.missing_t)} t",
        )
    ]
    if found.price_month is not None:
        steps += _by_price(found)
    else:
        steps.append(
            Step(
                _("Fine"),
                _("a sum whatever is missing"),
                _("%(low)s to %(high)s yuan")
                % {"low": yuan(found.fine_low_fen), "high": yuan(found.fine_high_fen)},
            )
        )
    allowed = _("the same tonnes, where the decision falls before 2026-08-15")
    steps.append(Step(_("Deduction from next year's allocation"), allowed, f"{grouped(found.deduction_t)} t"))
    return steps


def _by_price(found: Shortfall) -> list[Step]:
    assert found.price_month is not None
    month = f"{found.price_month:%Y-%m}"
    what = _("Average price of %(month)s, all trades") % {"month": month}
    if not found.working["price_known"]:
        none = _("cannot be computed: the market had no trades that month")
        return [Step(what, "0 ÷ 0", none), Step(_("Fine"), "", none)]
    average = (Decimal(found.turnover_fen) / 100 / found.volume_t).quantize(Decimal("0.0001"))
    formula = _("%(turnover)s yuan ÷ %(volume)s t") % {
        "turnover": yuan(found.turnover_fen),
        "volume": grouped(found.volume_t),
    }
    exact = f"{yuan(found.turnover_fen)} ÷ {grouped(found.volume_t)} × {grouped(found.missing_t)} t"
    return [
        Step(what, formula, _("%(average)s yuan/t (rounded for reading only)") % {"average": average}),
        Step(_("Fine, lowest"), f"{found.working['low_times']} × {exact}", f"{yuan(found.fine_low_fen)}"),
        Step(_("Fine, highest"), f"{found.working['high_times']} × {exact}", f"{yuan(found.fine_high_fen)}"),
    ]
