"""Pages of adjustments: all of them with what is left, ordering one, one with its uses."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import clock
from accounts.approvals import uploads
from accounts.approvals.errors import Refused
from accounts.approvals.models import Document
from accounts.approvals.verbs import LONGEST_REASON
from registry import exports
from registry.allocation import adjustments, rights
from registry.allocation.models import Adjustment
from registry.allocation.views import may_read, reader
from registry.emitters.models import Emitter
from registry.exports import Column, Kind

PAGE = 50
COLUMNS = (
    Column(lazy("Code")), Column(lazy("Emitter")), Column(lazy("Year")), Column(lazy("Ground")),
    Column(lazy("Ordered, t"), Kind.TONNES), Column(lazy("Left, t"), Kind.TONNES), Column(lazy("State")),
    Column(lazy("Since"), Kind.MOMENT), Column(lazy("Reason")),
)  # fmt: skip


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponseBase:
    """The list; posted, an order."""
    user = reader(request)
    if not may_read(user):
        raise PermissionDenied
    if request.method == "POST":
        return _order(request)
    return _page(request)


def _page(
    request: HttpRequest, typed: dict[str, str] | None = None, error: str = "", status: int = 200,
    files: Sequence[Document] = (),
) -> HttpResponseBase:  # fmt: skip
    user = reader(request)
    found = rights.visible_adjustments(user).order_by("-pk")
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()[:80]
    if state in Adjustment.State.values:
        found = found.filter(state=state)
    if words:
        found = found.filter(emitter__organisation__code__icontains=words)
    if exports.wanted(request):
        rows = (
            (row.emitter.organisation.code, row.emitter.organisation.name, str(row.year),
             row.get_ground_display(), row.ordered_t, row.remaining_t, row.get_state_display(), row.at, why(row))
            for row in found.iterator(chunk_size=500)
        )  # fmt: skip
        return exports.table_response(request, "adjustments", COLUMNS, rows)
    filters = request.GET.copy()
    filters.pop("page", None)
    context: dict[str, Any] = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")), "state": state, "words": words,
        "states": Adjustment.State.choices, "grounds": Adjustment.Ground.choices, "typed": typed or {},
        "error": error, "may_order": rights.may_make_any(user), "filters": filters.urlencode(),
        "longest_reason": LONGEST_REASON, "this_year": clock.now().year, "kept": files,
    }  # fmt: skip
    return render(request, "registry/allocation/adjustments.html", context, status=status)


def why(row: Adjustment) -> str:
    """Its reason; a recall's remainder says which plan left it."""
    if row.plan is None:
        return row.reason
    said = _("Recall of plan %(plan)s that was no longer in the registry holding")
    return said % {"plan": row.plan_id}


def _order(request: HttpRequest) -> HttpResponseBase:
    typed = {name: request.POST.get(name, "") for name in ("emitter", "year", "ground", "tonnes", "reason")}
    files = uploads.kept(request, reader(request))
    try:
        uploads.attach(request, reader(request), files)
        made = adjustments.order(
            _emitter(typed["emitter"]), year=_whole(typed["year"]), ground=typed["ground"], tonnes=_whole(typed["tonnes"]),
            by=reader(request), reason=typed["reason"], at=clock.now(), documents=files,
        )  # fmt: skip
    except Refused as refused:
        return _page(request, typed, refused.detail, 409, files)
    messages.success(request, _("Ordered: the registry's checker decides now."))
    return redirect("adjustment", pk=made.pk)


def _emitter(code: str) -> Emitter:
    """Raises Refused `FIELD`."""
    found = Emitter.objects.select_related("organisation").filter(organisation__code=code.strip()).first()
    if found is None:
        raise Refused("FIELD", _("emitter: no emitter has this code."))
    return found


def _whole(text: str) -> int:
    """0, which no rule takes, for what is no number."""
    text = text.strip().replace(",", "").replace(" ", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


@never_cache
@login_required
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(rights.visible_adjustments(reader(request)), pk=pk)
    return render(
        request,
        "registry/allocation/adjustment.html",
        {
            "adjustment": found, "why": why(found), "office": rights.is_office(reader(request)),
            "uses": found.uses.select_related("plan").order_by("pk"),
        },
    )  # fmt: skip
