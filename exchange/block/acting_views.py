"""Pages that act: a new offer, a counter-offer, an acceptance, a refusal, a withdrawal.

What locks or trades is shown first as it would be (money, fee, tonnes, what is left), and sent from there. After
sending the page waits a moment for the engine and says what it did; what it refuses comes back with what was typed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from exchange.api import placing
from exchange.block import money, shown, verbs
from exchange.block.forms import AcceptForm, CounterForm, EndForm, IdForm, OpenForm
from exchange.block.models import Negotiation, Turn
from exchange.block.page_access import for_traders, reader_of
from exchange.block.terms import Terms
from exchange.block.views import one, page_of
from exchange.intake import Refused
from exchange.matching.money import parse_price
from exchange.models import Instrument
from exchange.refusals import text
from registry.models import Asset

#: How long a page waits for the engine.
WAIT_SECONDS = 5.0
PREFILLED = ("instrument", "side", "price", "qty", "member")


@for_traders
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new offer: typed, checked, sent."""
    user = reader_of(request)
    if request.method != "POST":
        given = {name: request.GET[name][:64] for name in PREFILLED if name in request.GET}
        return _new_form(
            request,
            OpenForm(user=user, initial={"side": "sell", "audience": "directed", "firm": "no", **given}),
        )
    form = OpenForm(request.POST, user=user)
    if not form.is_valid():
        return _new_form(request, form, 400)
    if request.POST.get("step") == "change":
        return _new_form(request, form)
    typed = form.cleaned_data
    if request.POST.get("step") != "send":
        terms = form.terms()
        told = {"partner": _to_words(form), "kind": Turn.Kind.OPEN}
        again = partial(_new_form, request, form)
        return _check(request, form, typed["instrument"], typed["side"], terms, told, again)
    came = _tried(
        lambda: verbs.open_(
            by=user, instrument=typed["instrument"], side=typed["side"], terms=form.terms(), to=form.to(),
            client_id=typed["id"],
        )
    )  # fmt: skip
    if isinstance(came, verbs.Said):
        return _done(request, came)
    form.refused(came.code)
    return _new_form(request, form, 409)


def _to_words(form: OpenForm) -> str:
    to = form.to()
    if to is None:
        return str(Negotiation.Audience.PUBLIC.label)
    return (
        getattr(to, "name", "")
        if form.cleaned_data["audience"] == "directed"
        else _("Group: %(name)s") % {"name": to}
    )


def _new_form(request: HttpRequest, form: OpenForm, status: int = 200) -> HttpResponse:
    house = reader_of(request).organisation
    context = {"form": form, "limits": money.limits(house), "free_fen": money.free(house, Asset.CNY)}
    return render(request, "blocks/new.html", context, status=status)


@for_traders
@require_POST
def counter(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own terms as an answer: checked, then sent."""
    user = reader_of(request)
    found = one(pk, user)
    form = CounterForm(request.POST)
    if not form.is_valid() or request.POST.get("step") == "change":
        return _negotiation_form(request, pk, form, 200 if form.is_valid() else 400)
    typed, terms = form.cleaned_data, form.terms()
    if request.POST.get("step") != "send":
        told = {"kind": Turn.Kind.COUNTER, "negotiation": found, "may": shown.may(found, user),
                "partner": shown.partner_words(found, user.organisation)}  # fmt: skip
        side = found.side_of(user.organisation_id)
        again = partial(_negotiation_form, request, pk, form)
        return _check(request, form, found.instrument, side, terms, told, again)
    came = _tried(
        lambda: verbs.counter(
            pk, by=user, answering=typed["answering"], terms=terms, client_id=typed["id"],
            withdraw_posting=typed["withdraw_posting"],
        )
    )  # fmt: skip
    if isinstance(came, verbs.Said):
        return _done(request, came)
    form.refused(came.code)
    return _negotiation_form(request, came.number or pk, form, 409)


def _negotiation_form(request: HttpRequest, pk: int, form: CounterForm, status: int = 200) -> HttpResponse:
    user = reader_of(request)
    return render(request, "blocks/negotiation.html", page_of(one(pk, user), user, form), status=status)


@for_traders
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """What accepting would do; posted, it is done."""
    user = reader_of(request)
    found = one(pk, user)
    may = shown.may(found, user)
    if request.method != "POST":
        turn = found.standing.turn
        if not may.answer or turn is None:
            messages.error(request, text("NOT_YOUR_TURN"))
            return redirect("block", pk=pk)
        form = AcceptForm(initial={"answering": turn.no, "withdraw_posting": may.posting is not None})
        return _check_acceptance(request, form, found, user)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return redirect("block", pk=pk)
    typed = form.cleaned_data
    came = _tried(
        lambda: verbs.accept(
            pk, by=user, answering=typed["answering"], client_id=typed["id"],
            withdraw_posting=typed["withdraw_posting"],
        )
    )  # fmt: skip
    if isinstance(came, verbs.Said):
        return _done(request, came)
    messages.error(request, text(came.code))
    return redirect("block", pk=came.number or pk)


def _check_acceptance(request: HttpRequest, form: AcceptForm, found: Negotiation, user: User) -> HttpResponse:
    standing = found.standing
    terms = standing.terms
    firm = terms is not None and terms.firm
    told = {"firm": True, "kind": Turn.Kind.ACCEPT if firm else Turn.Kind.AGREE, "negotiation": found,
            "partner": shown.partner_words(found, user.organisation), "may": shown.may(found, user)}  # fmt: skip
    fen, side = standing.final_price_fen, found.side_of(user.organisation_id)
    preview = money.preview(user.organisation, found.instrument, side, fen, standing.final_qty_t)
    return render(
        request,
        "blocks/check.html",
        {"form": form, "preview": preview, "instrument": found.instrument, **told},
    )


@for_traders
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends the negotiation with a refusal."""
    user = reader_of(request)
    return _ended(
        request, pk,
        lambda form: verbs.refuse(
            pk, by=user, answering=form.cleaned_data["answering"] or 0, words=form.cleaned_data["words"]
        ),
    )  # fmt: skip


@for_traders
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back what one said last."""
    user = reader_of(request)
    return _ended(request, pk, lambda form: verbs.withdraw(pk, by=user, words=form.cleaned_data["words"]))


def _ended(request: HttpRequest, pk: int, verb: Callable[[EndForm], verbs.Said]) -> HttpResponse:
    one(pk, reader_of(request))
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, text("BAD_WORDS"))
        return redirect("block", pk=pk)
    came = _tried(lambda: verb(form))
    if isinstance(came, verbs.Said):
        return _done(request, came)
    # A cancel that came too late: the offer had been accepted, and the page shows the trade.
    messages.error(request, text(came.code))
    return redirect("block", pk=pk)


@dataclass(frozen=True)
class No:
    """A refusal, and the number of the negotiation that keeps it, where the engine gave it."""

    code: str
    number: int | None = None


def _tried(act: Callable[[], verbs.Said]) -> verbs.Said | No:
    """What was said, after a moment for the engine; or why not."""
    try:
        said = act()
    except Refused as refused:
        return No(refused.code)
    command = said.turn.command
    if command is not None:
        placing.wait([command.pk], WAIT_SECONDS)
        command.refresh_from_db(fields=["decided_event", "reason"])
        if command.reason:
            return No(command.reason, said.turn.negotiation_id)
    return said


def _done(request: HttpRequest, said: verbs.Said) -> HttpResponse:
    """Back to the negotiation, with a sentence on what happened."""
    turn = said.turn
    if turn.is_pending:
        messages.info(
            request, _("Received; the exchange has not decided it yet. It shows here as soon as it has.")
        )
    else:
        messages.success(request, _happened(turn))
    return redirect("block", pk=turn.negotiation_id)


def _happened(turn: Turn) -> str:
    words = {
        Turn.Kind.OPEN: _("Sent. The other side can answer now."),
        Turn.Kind.COUNTER: _("Sent. The other side can answer now."),
        Turn.Kind.AGREE: _("Agreed: your binding offer went to the other side, who trades by confirming it."),
        Turn.Kind.ACCEPT: _("Traded."),
        Turn.Kind.REFUSE: _("Refused. The negotiation is over."),
        Turn.Kind.WITHDRAW: _("Withdrawn. What it locked is free."),
    }
    return words[Turn.Kind(turn.kind)]


Again = Callable[[int], HttpResponse]


def _check(
    request: HttpRequest, form: IdForm, instrument: Instrument, side: str, terms: Terms, told: dict[str, Any], again: Again
) -> HttpResponse:  # fmt: skip
    """Check your answers: what the terms would lock, cost and bring. `again` shows the form with its errors."""
    user = reader_of(request)
    preview = money.preview(user.organisation, instrument, side, parse_price(terms.price) or 0, terms.qty)
    low, high = preview.band_fen
    if not low <= preview.price_fen <= high:
        form.add_error("price", text("PRICE_BAND"))
    if terms.qty < preview.least_t:
        form.add_error("qty", text("BAD_QUANTITY"))
    if form.errors:
        return again(400)
    typed = [(name, request.POST[name]) for name in form.fields if request.POST.get(name)]
    context = {
        "form": form,
        "typed": typed,
        "preview": preview,
        "instrument": instrument,
        "firm": terms.firm,
        "words": terms.words,
    }
    return render(request, "blocks/check.html", {**context, **told})
