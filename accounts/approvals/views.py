"""The inbox: what waits for me, what I sent, one request with its decision, notices, documents."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock
from accounts.approvals import documents, kinds, notices, selectors, verbs
from accounts.approvals.models import Notice, Request
from accounts.approvals.shown import line_of, sheet_of
from accounts.models import User
from accounts.sign_in import step_up

PAGE = 50
#: Of what was sent, the inbox shows these; the rest is on the list of all.
SENT_SHOWN = 20
VERBS = {"approve": verbs.approve, "refuse": verbs.refuse, "withdraw": verbs.withdraw}


@never_cache
@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    user = _reader(request)
    waiting = Paginator(selectors.waiting_for(user), PAGE).get_page(request.GET.get("page"))
    sent = selectors.sent_by(user)[: SENT_SHOWN + 1]
    return render(
        request,
        "approvals/inbox.html",
        {
            "page": waiting,
            "waiting": [line_of(row) for row in waiting],
            "sent": [line_of(row) for row in sent[:SENT_SHOWN]],
            "more_sent": len(sent) > SENT_SHOWN,
        },
    )


@never_cache
@login_required
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """All that the reader may see, by state and kind."""
    found = selectors.visible_to(_reader(request)).order_by("-pk")
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    if request.GET.get("sent"):
        found = found.filter(requested_by=_reader(request))
    if state in Request.State.values:
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    filters = request.GET.copy()
    filters.pop("page", None)
    return render(
        request,
        "approvals/everything.html",
        {
            "page": page, "lines": [line_of(row) for row in page], "state": state, "kind": kind,
            "states": Request.State.choices, "kinds": [(one.name, one.title) for one in kinds.kinds()],
            "sent": bool(request.GET.get("sent")), "filters": filters.urlencode(),
        },
    )  # fmt: skip


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@step_up.required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A request; posted with `verdict` and `reason`, the decision of it."""
    user = _reader(request)
    found = get_object_or_404(selectors.visible_to(user), pk=pk)
    selectors.unread(user).filter(request=found).update(read_at=clock.now())
    if request.method != "POST":
        return _sheet(request, found)
    verb = VERBS.get(request.POST.get("verdict", ""))
    reason = request.POST.get("reason", "")
    if verb is None:
        return _sheet(request, found, reason, _("Choose what to do: approve, refuse or withdraw."), 400)
    try:
        decided = verb(found.pk, by=user, reason=reason, at=clock.now())
    except Exception as error:
        refusal = kinds.refusal_of(error)
        if refusal is None:
            raise
        return _sheet(
            request, get_object_or_404(selectors.visible_to(user), pk=pk), reason, refusal.detail, 409
        )
    messages.success(request, _said(decided))
    return redirect("inbox_request", pk=pk)


@never_cache
@login_required
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    rows = Notice.objects.filter(to=_reader(request)).order_by("-pk").select_related(
        "request__organisation", "request__about", "request__requested_by", "request__decider"
    )  # fmt: skip
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = [(row, notices.words_of(row)) for row in page]
    return render(request, "approvals/notices.html", {"page": page, "lines": lines})


@login_required
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Marks one notice (`id`) or all of them as read."""
    mine: QuerySet[Notice] = selectors.unread(_reader(request))
    one_id = request.POST.get("id", "")
    if one_id:
        mine = mine.filter(pk=int(one_id)) if one_id.isascii() and one_id.isdigit() else mine.none()
    mine.update(read_at=clock.now())
    return redirect("notices")


@never_cache
@login_required
@require_safe
def document(request: HttpRequest, pk: int) -> FileResponse:
    found = get_object_or_404(documents.readable_by(_reader(request)), pk=pk)
    answer = documents.download(found)
    if answer is None:
        raise Http404
    return answer


def _reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "nobody else gets past the sign-in"
    return request.user


def _sheet(
    request: HttpRequest, found: Request, reason: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    shown: dict[str, Any] = {
        "sheet": sheet_of(found, _reader(request)),
        "reason": reason,
        "error": error,
        "back": reverse("inbox"),
        "longest_reason": verbs.LONGEST_REASON,
    }
    return render(request, "approvals/request.html", shown, status=status)


def _said(decided: Request) -> str:
    """What happened, in one sentence."""
    if decided.state == Request.State.PENDING:
        return _("Approved; it now waits for the next decision: %(who)s.") % {
            "who": line_of(decided).waits_for
        }
    return {
        Request.State.APPROVED: _("Approved: it has taken effect."),
        Request.State.REFUSED: _("Refused: what was pending went back."),
        Request.State.WITHDRAWN: _("Withdrawn: what was pending went back."),
    }[Request.State(decided.state)]
