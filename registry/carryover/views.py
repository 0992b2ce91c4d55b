"""Carry-over: T with its working, the applications, and a new one."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.approvals.models import Request
from accounts.models import User
from registry import exports
from registry.carryover import applications, reading
from registry.custody import selectors, tables
from registry.custody.ask_views import asked_for, asks, need
from registry.custody.asking import Question, answered, reader_of
from registry.custody.forms import CarryOverForm
from registry.ledger.post import BEIJING
from registry.words import grouped

PAGE = 50


@never_cache
@login_required
@require_safe
def carry_over(request: HttpRequest) -> HttpResponseBase:
    """An emitter sees its own T; an authority the applications of its emitters."""
    user = reader_of(request)
    rule = applications.present_rule()
    emitter = applications.emitter_of(user, rule)
    table = tables.carry_overs(selectors.carry_overs(user))
    if exports.wanted(request):
        return table.file(request)
    page = Paginator(table.found, PAGE).get_page(request.GET.get("page"))
    today = clock.now().astimezone(BEIJING).date()
    context: dict[str, Any] = {
        "rule": rule,
        "emitter": emitter,
        "working": reading.working(emitter, rule) if emitter else None,
        "readings": reading.at_cut_off(emitter, rule) if emitter else [],
        "overdue": applications.overdue_years(emitter, rule, clock.now()) if emitter else [],
        "open": rule.apply_from <= today <= rule.apply_to,
        "may_ask": emitter is not None and user.has_role(User.Role.INITIATOR),
        "columns": table.columns,
        "page": page,
        "rows": [table.row(row) for row in page],
        "empty": table.empty,
    }
    return render(request, "registry/custody/carry_over.html", context)


@never_cache
@login_required
@asks
def new(request: HttpRequest) -> HttpResponse:
    user = need(request, User.Role.INITIATOR)
    rule = applications.present_rule()
    emitter = applications.emitter_of(user, rule)
    if emitter is None:
        raise Http404
    form = CarryOverForm(request.POST or None, holder=user.organisation, vintages=reading.old_vintages(rule))

    def verb(given: dict[str, Any]) -> Request:
        return asked_for(applications.submit(lines=form.lines(), **given))

    working = reading.working(emitter, rule)
    most = _("At most %(room)s t more, of T = %(ceiling)s t and %(holding)s t held at the cut-off.") % {
        "room": grouped(working.room_t), "ceiling": grouped(working.ceiling_t),
        "holding": grouped(working.holding_t),
    }  # fmt: skip
    intro = _(
        "Tonnes of the registry holding. They are set aside at once; approved, as many %(target)s are issued."
    )
    words = intro % {"target": rule.target}
    question = Question(_("New carry-over"), words, reverse("carry_over"), form, verb, (most,))
    return answered(request, question)
