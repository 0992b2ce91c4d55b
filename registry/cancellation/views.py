"""Voluntary cancellation: the list, one of them with its footprint, and a new one with the calculator."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.approvals.models import Request
from accounts.models import User
from registry import exports
from registry.cancellation import cancelling
from registry.custody import selectors, tables
from registry.custody.ask_views import asked_for, asks, need
from registry.custody.asking import Question, answered, reader_of
from registry.custody.forms import CancelForm
from registry.factors.wording import ITEM_NAMES, UNIT_NAMES
from registry.ledger.post import BEIJING

PAGE = 50


@never_cache
@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    user = reader_of(request)
    table = tables.cancellations(selectors.cancellations(user))
    page = Paginator(table.found, PAGE).get_page(request.GET.get("page"))
    if exports.wanted(request):
        return table.file(request)
    may = user.has_role(User.Role.INITIATOR) and user.organisation.may_trade
    context = {
        "title": _("Voluntary cancellations"),
        "intro": _(
            "Tonnes that leave the total for somebody's benefit, for good, with a public certificate."
        ),
        "new": reverse("cancellation_new") if may else "",
        "new_words": _("New cancellation"),
        "columns": table.columns,
        "page": page,
        "rows": [table.row(row) for row in page],
        "empty": table.empty,
    }
    return render(request, "registry/custody/list.html", context)


@never_cache
@login_required
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.cancellations(reader_of(request)), pk=pk)
    rows = [
        {**row, "name": ITEM_NAMES.get(row["item"], row["item"]), "unit": UNIT_NAMES.get(row["unit"], row["unit"])}
        for row in found.footprint
    ]  # fmt: skip
    return render(request, "registry/custody/cancellation.html", {"row": found, "footprint": rows})


@never_cache
@login_required
@asks
def new(request: HttpRequest) -> HttpResponse:
    """With the calculator: without a quantity, that of the event is cancelled."""
    user = need(request, User.Role.INITIATOR)
    today = clock.now().astimezone(BEIJING).date()
    form = CancelForm(request.POST or None, day=today, holder=user.organisation)

    def verb(given: dict[str, Any]) -> Request:
        typed = form.cleaned_data
        return asked_for(
            cancelling.submit(
                asset=typed["asset"], quantity_t=typed["quantity"], beneficiary=typed["beneficiary"],
                purpose=typed["purpose"], footprint=form.event(), **given,
            )
        )  # fmt: skip

    intro = _("For an event, fill in what it used: each row is multiplied with the factor shown, the sum is rounded up to whole tonnes, and stands in the certificate. Or name the tonnes.")  # fmt: skip
    question = Question(_("New cancellation"), intro, reverse("cancellations"), form, verb)
    return answered(request, question)
