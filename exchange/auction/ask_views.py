"""Pages for those who act: asking for an auction, bidding, withdrawing a bid."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.approvals.models import Request
from accounts.models import User
from exchange import answers, clock, intake
from exchange.auction import advice, asking, bidding, selectors
from exchange.auction.forms import AuctionForm, BidForm
from exchange.auction.models import Auction
from exchange.models import Command, Order
from exchange.refusals import text
from registry.custody.asking import Question, answered, reader_of

#: A page waits so long for the engine; after that it says that the bid is being decided.
WAIT_SECONDS = 3
asks = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@login_required
@asks
def new(request: HttpRequest) -> HttpResponse:
    """A seller's application, the exchange's announcement, or an authority's paid allocation, by who asks."""
    user = reader_of(request)
    origin = asking.origin_for(user)
    if origin is None:
        raise PermissionDenied
    form = AuctionForm(request.POST or None, origin=origin)

    def verb(given: dict[str, Any]) -> Request:
        asked = asking.ask(form.terms(), seller=form.cleaned_data.get("seller"), **given).request
        assert asked is not None, "whatever is asked for has a request"
        return asked

    title, intro = words_of(origin)
    return answered(request, Question(title, intro, reverse("auctions"), form, verb))


def words_of(origin: Auction.Origin) -> tuple[str, str]:
    if origin == Auction.Origin.ANNOUNCEMENT:
        return _("Announce an auction"), _(
            "The seller's approver agrees; then its tonnes are set aside and the auction is public."
        )
    if origin == Auction.Origin.PAID_ALLOCATION:
        return _("Announce a paid allocation"), _(
            "The registry's checker approves; then the tonnes are issued for this auction. What is not sold is recalled, and the proceeds are yours."
        )
    return _("Apply for an auction"), _(
        "The tonnes must be in the trading account; they are set aside at once. The exchange operator approves or refuses, with its reason."
    )


@never_cache
@login_required
@asks
def bid(request: HttpRequest, pk: int) -> HttpResponse:
    """A sealed bid: typed, checked, sent. With `?replaces=` a change of one's own."""
    user, auction = bidder_of(request), found_auction(request, pk)
    if not selectors.may_bid_now(auction, user, clock.now()):
        messages.error(request, why_not(auction, user))
        return redirect("auction", pk=pk)
    replaced = own_open_bid(auction, user, request.POST.get("replaces") or request.GET.get("replaces", ""))
    if request.method != "POST":
        return bid_form(request, auction, BidForm(initial=first_values(replaced)), replaced)
    form = BidForm(request.POST)
    if not form.is_valid() or request.POST.get("step") == "change":
        return bid_form(request, auction, form, replaced, 400 if form.errors else 200)
    typed = form.cleaned_data
    fault = advice.fault(auction, typed["price"], typed["qty"])
    if fault:
        form.add_error(fault.field, fault.words)
        return bid_form(request, auction, form, replaced, 409)
    if request.POST.get("step") != "send":
        preview = advice.preview(auction, user.organisation, typed["price"], typed["qty"], replaced)
        context = {"auction": auction, "typed": typed, "preview": preview, "replaced": replaced}
        return render(request, "auctions/check.html", context)
    return sent(request, auction, user, form, replaced)


def sent(
    request: HttpRequest, auction: Auction, user: User, form: BidForm, replaced: Order | None
) -> HttpResponse:
    """Stores the bid, waits a moment for the engine, and says what it said; refused, what was typed stays."""
    typed = form.cleaned_data
    try:
        command = bidding.bid(
            auction, id=typed["id"], price=typed["price"], qty=typed["qty"], replaces=typed["replaces"] or None,
            organisation=user.organisation, user=user, at=clock.now(),
        ).command  # fmt: skip
    except intake.Refused as refused:
        form.add_error(None, text(refused.code))
        return bid_form(request, auction, form, replaced, 409)
    answers.wait_for([command.pk], WAIT_SECONDS)
    command = Command.objects.get(pk=command.pk)
    if command.reason:
        form.add_error(None, text(command.reason))
        return bid_form(request, auction, form, replaced, 409)
    if command.decided_event is None:
        messages.info(request, _("Your bid is stored and being decided; it shows below."))
    else:
        messages.success(request, _("Your bid is taken, sealed, and its money is locked."))
    return redirect("auction", pk=auction.pk)


@never_cache
@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int, client_id: str) -> HttpResponse:
    """Takes an own bid back, while the window is open."""
    user, auction = bidder_of(request), found_auction(request, pk)
    try:
        command = bidding.withdraw(
            client_id, organisation=user.organisation, user=user, at=clock.now(), auction=auction
        )
    except intake.Refused as refused:
        messages.error(request, text(refused.code))
        return redirect("auction", pk=pk)
    answers.wait_for([command.pk], WAIT_SECONDS)
    reason = Command.objects.values_list("reason", flat=True).get(pk=command.pk)
    if reason:
        messages.error(request, text(reason))
    else:
        messages.success(request, _("Your bid is withdrawn, and its money is free again."))
    return redirect("auction", pk=pk)


def bidder_of(request: HttpRequest) -> User:
    """Raises PermissionDenied for whoever is no trader of a member."""
    user = reader_of(request)
    if not user.has_role(User.Role.TRADER) or user.organisation.kind not in user.organisation.TRADING_KINDS:
        raise PermissionDenied
    return user


def found_auction(request: HttpRequest, pk: int) -> Auction:
    found: Auction = get_object_or_404(selectors.announced(), pk=pk)
    return found


def own_open_bid(auction: Auction, user: User, client_id: str) -> Order | None:
    return Order.objects.filter(
        parent=auction.command_id,
        organisation=user.organisation,
        client_id=client_id[:64],
        status=Order.Status.OPEN,
    ).first()


def first_values(replaced: Order | None) -> dict[str, Any]:
    values: dict[str, Any] = {"id": uuid.uuid4().hex}
    if replaced is not None:
        values |= {
            "replaces": replaced.client_id, "price": advice.yuan(replaced.price_fen), "qty": replaced.leaves_t,
        }  # fmt: skip
    return values


def why_not(auction: Auction, user: User) -> str:
    """Why this person cannot bid now, in words."""
    if not user.organisation.may_trade:
        return text("MEMBER_SUSPENDED")
    try:
        bidding.refuse_unless_invited(auction, user.organisation)
        bidding.refuse_outside(auction, clock.now())
    except intake.Refused as refused:
        return text(refused.code)
    return text("WINDOW_CLOSED")


def bid_form(
    request: HttpRequest, auction: Auction, form: BidForm, replaced: Order | None, status: int = 200
) -> HttpResponse:
    context = {"auction": auction, "form": form, "replaced": replaced}
    return render(request, "auctions/bid.html", context, status=status)
