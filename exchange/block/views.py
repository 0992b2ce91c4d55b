"""Pages to read: what waits, what was sent, what is offered; one negotiation with everything that was said."""

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Organisation, User
from exchange import clock
from exchange.block import recording, selectors, shown
from exchange.block.forms import AcceptForm, CounterForm, EndForm
from exchange.block.models import LIVE, Negotiation, State
from exchange.block.page_access import Over, for_readers, reader_of
from exchange.block.words import block_words
from exchange.matching.money import yuan
from exchange.models import Instrument, TradingDay
from registry.oversight.looks import record_look

#: Lines of a list.
MOST_LINES = 100
PAGE = 50
ENDED = tuple(state for state in State if state not in (*LIVE, State.PENDING))


@for_readers
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """A member's lists; everything, with filters, for whoever oversees."""
    user = reader_of(request)
    if user.organisation.kind not in Organisation.TRADING_KINDS:
        return _all_of_them(request, user)
    context = {**_lists(user), "words": block_words(), "may_open": _may_open(user)}
    return render(request, "blocks/index.html", context)


@for_readers
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """A member's lists alone, for htmx."""
    return render(request, "blocks/lists.html", _lists(reader_of(request)))


def _may_open(user: User) -> bool:
    return user.has_role(User.Role.TRADER) and user.organisation.may_trade


def _lists(user: User) -> dict[str, Any]:
    house = user.organisation
    found = selectors.visible_to(user)
    today = found.filter(selectors.own(house.pk), day__gte=_latest_day())
    return {
        "waiting": _lines(found.filter(selectors.waiting_for(house.pk)), house),
        "offers": _lines(found.filter(selectors.for_many(house.pk)), house),
        "sent": _lines(found.filter(selectors.sent_by(house.pk)), house),
        "ended": _lines(today.filter(standing__state__in=ENDED), house),
        "phases": Instrument.objects.order_by("rank", "code").only("code", "phase", "prev_close_fen"),
    }


def _latest_day() -> dt.date:
    latest = TradingDay.objects.order_by("-day").values_list("day", flat=True).first()
    return latest or clock.today()


def _lines(found: QuerySet[Negotiation], house: Organisation) -> list[shown.Line]:
    return shown.lines(found[:MOST_LINES], house)


def _all_of_them(request: HttpRequest, user: User) -> HttpResponse:
    found = selectors.visible_to(user)
    state, code, day = (request.GET.get(name, "")[:32] for name in ("state", "instrument", "day"))
    if state in State.values:
        found = found.filter(standing__state=state)
    if code:
        found = found.filter(instrument__code=code)
    if day and (date := _date(day)):
        found = found.filter(day=date)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page, "lines": shown.lines(page, user.organisation), "states": State.choices, "state": state,
        "code": code, "day": day, "query": query.urlencode(),
        "instruments": Instrument.objects.order_by("rank", "code").values_list("code", flat=True),
    }  # fmt: skip
    return render(request, "blocks/overseen.html", context)


def _date(typed: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        return None


@for_readers
@require_safe
def negotiation(request: HttpRequest, pk: int) -> HttpResponse:
    """One negotiation: terms first and last, what was said, and what the reader may do."""
    user = reader_of(request)
    found = one(pk, user)
    for party in (found.opener, found.other):
        if party is not None and user.organisation.kind not in Organisation.TRADING_KINDS:
            record_look(user, party, "negotiation")
    return render(request, "blocks/negotiation.html", page_of(found, user))


@for_readers
@require_safe
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """Its terms and turns alone, for htmx."""
    user = reader_of(request)
    return render(request, "blocks/thread.html", page_of(one(pk, user), user))


def one(pk: int, user: User) -> Negotiation:
    """Raises Http404 for one that the reader may not see, Over for an offer to many that is over."""
    found = selectors.visible_to(user).filter(pk=pk).first()
    if found is not None:
        return found
    posted = Negotiation.objects.filter(pk=pk, other=None).first()
    trades = user.organisation.kind in Organisation.TRADING_KINDS
    if posted is not None and trades and recording.may_answer(posted, user.organisation_id):
        raise Over
    raise Http404


def page_of(found: Negotiation, user: User, counter: CounterForm | None = None) -> dict[str, Any]:
    """What the page of a negotiation shows. `counter` is a form that was not right, with what was typed."""
    standing, may = found.standing, shown.may(found, user)
    answering = standing.turn.no if standing.turn else 0
    first = {"answering": answering}
    typed = {"price": yuan(standing.final_price_fen), "qty": standing.final_qty_t, "firm": "no"}
    answers = (
        found.answers.filter(Q(opener=user.organisation_id))
        .select_related(*selectors.READ_WITH)
        .order_by("-pk")
    )
    own = user.organisation_id == found.opener_id and found.other_id is None
    return {
        "negotiation": found,
        "standing": standing,
        "line": shown.line(found, user.organisation),
        "said": shown.thread(found, user),
        "may": may,
        "answering": answering,
        "counter": counter or CounterForm(initial=first | typed),
        "accept": AcceptForm(initial=first),
        "end": EndForm(initial=first),
        "answers": shown.lines(answers[:MOST_LINES], user.organisation) if own else [],
        "words": block_words(),
    }
