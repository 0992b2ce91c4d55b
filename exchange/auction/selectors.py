"""Reads: which auctions somebody may see, and where each stands at a moment."""

import datetime as dt

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import pgettext_lazy

from accounts.approvals.selectors import visible_to
from accounts.models import Organisation, User
from exchange.auction.models import Auction
from exchange.auction.terms import may_bid
from exchange.models import Order
from registry.compliance.models import Certificate


class Standing(models.TextChoices):
    """Where an auction stands for people: its state, and whether its window is over and the result due any moment."""

    ASKED = "asked", pgettext_lazy("auction", "Waiting for approval")
    REFUSED = "refused", pgettext_lazy("auction", "Not approved")
    ANNOUNCED = "announced", pgettext_lazy("auction", "Announced")
    OPEN = "open", pgettext_lazy("auction", "Open for bids")
    CLOSING = "closing", pgettext_lazy("auction", "Closing")
    ENDED = "ended", pgettext_lazy("auction", "Ended")
    FAILED = "failed", pgettext_lazy("auction", "Not held")


def announced() -> QuerySet[Auction]:
    """What everybody may know of: announced once, whatever became of it. `offer_status` and `sold_t` are the engine's words."""
    return _with_all(Auction.objects.filter(announced_at__isnull=False))


def visible_for(user: object) -> QuerySet[Auction]:
    """Announced ones, and for those who ask, decide or oversee also what waits for approval or was refused."""
    if not isinstance(user, User) or not user.is_authenticated:
        return announced()
    requests = visible_to(user).order_by().values("pk")
    return _with_all(Auction.objects.filter(Q(announced_at__isnull=False) | Q(request__in=requests)))


def _with_all(found: QuerySet[Auction]) -> QuerySet[Auction]:
    return (
        found.select_related("seller", "instrument__asset", "certificate", "command", "request")
        .defer("instrument__board")
        .annotate(offer_status=F("command__order__status"), sold_t=F("command__order__filled_t"))
    )


def standing(auction: Auction, at: dt.datetime) -> Standing:
    """By the engine's word where it has spoken: what it has closed has ended, certified or not. From `announced`."""
    status: str | None = getattr(auction, "offer_status", None)
    if auction.state not in {Auction.State.ANNOUNCED, Auction.State.OPEN} or status is None:
        return Standing(auction.state)
    if status != Order.Status.OPEN:
        return Standing.ENDED
    return Standing.CLOSING if at >= auction.closes_at else Standing.OPEN


def under_way() -> QuerySet[Auction]:
    """Coming and open ones, the next first."""
    return announced().filter(state__in=["announced", "open"]).order_by("opens_at", "pk")


def over() -> QuerySet[Auction]:
    """Those that have ended or were not held, the latest first."""
    return announced().filter(state__in=["ended", "failed"]).order_by("-closes_at", "-pk")


def asked_by(organisation: Organisation) -> QuerySet[Auction]:
    """An organisation's own that are not announced: waiting or refused."""
    own = Q(request__organisation=organisation) | Q(seller=organisation)
    return _with_all(Auction.objects.filter(own, announced_at__isnull=True)).order_by("-pk")


def may_bid_now(auction: Auction, user: object, at: dt.datetime) -> bool:
    """Whether this person can bid at this moment, as far as pages show it."""
    return (
        isinstance(user, User)
        and user.has_role(User.Role.TRADER)
        and user.organisation.may_trade
        and may_bid(auction, user.organisation)
        and standing(auction, at) == Standing.OPEN
    )


def own_certificates(auction: Auction, organisation: Organisation) -> QuerySet[Certificate]:
    """What an organisation was certified of this auction: its purchase, or as the seller its result."""
    return Certificate.objects.filter(
        kind__in=[Certificate.Kind.AUCTION, Certificate.Kind.PURCHASE], organisation=organisation,
        content__auction=auction.pk,
    ).order_by("pk")  # fmt: skip
