"""Pages of auctions that everybody may open: what comes, what is open, and what came of it."""

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Organisation, User
from exchange import clock, orders
from exchange.auction import asking, bidding, results, selectors
from exchange.auction.kinds import bidders_in_words
from exchange.auction.models import Auction
from exchange.auction.picture import picture
from exchange.auction.selectors import Standing
from exchange.auction.terms import may_bid
from exchange.refusals import text

PAGE = 20
#: After the end, those who run or oversee the market see who bid; the public never does (registry-rules.md 8).
SEES_BIDDERS = frozenset({Organisation.Kind.EXCHANGE, Organisation.Kind.NATIONAL})


def reader_of(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


@require_safe
@never_cache
def listing(request: HttpRequest) -> HttpResponse:
    """The calendar: open and coming auctions, one's own that wait for approval, and those that are over."""
    user, at = reader_of(request), clock.now()
    page = Paginator(selectors.over(), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "auctions/listing.html",
        {
            "under_way": [line(auction, user, at) for auction in selectors.under_way()],
            "over": [line(auction, user, at) for auction in page],
            "page": page,
            "asked": [line(one, user, at) for one in selectors.asked_by(user.organisation)[:PAGE]]
            if user
            else [],
            "may_ask": user is not None and asking.origin_for(user) is not None,
            "now": at,
        },
    )


def line(auction: Auction, user: User | None, at: dt.datetime) -> dict[str, Any]:
    """One auction in a list."""
    standing = selectors.standing(auction, at)
    return {
        "auction": auction,
        "standing": standing,
        "countdown_to": countdown_to(auction, standing),
        "invited": user is not None and may_bid(auction, user.organisation),
    }


def countdown_to(auction: Auction, standing: Standing) -> str:
    """The moment that people wait for, ISO 8601; empty where there is none any more."""
    if standing == Standing.ANNOUNCED:
        return auction.opens_at.isoformat()
    return auction.closes_at.isoformat() if standing == Standing.OPEN else ""


@require_safe
@never_cache
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """An auction: its terms, one's own bids, and its result once it has ended."""
    auction = get_object_or_404(selectors.visible_for(request.user), pk=pk)
    return render(request, "auctions/one.html", sheet(auction, reader_of(request), clock.now()))


def sheet(auction: Auction, user: User | None, at: dt.datetime) -> dict[str, Any]:
    """Everything that this reader sees of an auction."""
    standing = selectors.standing(auction, at)
    result = results.of(auction)
    found: dict[str, Any] = {
        "auction": auction,
        "standing": standing,
        "countdown_to": countdown_to(auction, standing),
        "bidders": bidders_in_words(auction.bidders, auction.province, auction.named),
        "why": text(auction.why) if auction.why else "",
        "result": result,
        "picture": picture(auction, result) if result else None,
        "polls": standing in {Standing.ANNOUNCED, Standing.OPEN, Standing.CLOSING},
    }
    if user is not None:
        found |= own_part(auction, user, at)
        if result and user.organisation.kind in SEES_BIDDERS:
            found["ranked"] = results.ranked(auction)
    return found


def own_part(auction: Auction, user: User, at: dt.datetime) -> dict[str, Any]:
    """One's own organisation's bids and certificates, and whether one can bid now."""
    house = user.organisation
    return {
        "invited": may_bid(auction, house),
        "can_bid": selectors.may_bid_now(auction, user, at),
        "bids": orders.states(bidding.own_bids(auction, house)[:100]),
        "bought": results.bought_by(auction, house),
        "own_certificates": selectors.own_certificates(auction, house),
        "is_seller": house.pk == auction.seller_id,
    }


@require_safe
@never_cache
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it stands, in one word, for the page that waits: when the word changes, the page reads itself again."""
    auction = get_object_or_404(selectors.visible_for(request.user), pk=pk)
    return HttpResponse(selectors.standing(auction, clock.now()).value, content_type="text/plain")
