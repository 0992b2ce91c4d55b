"""What takes two people here: an application, an announcement, a paid allocation."""

import datetime as dt

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.approvals.kinds import Kind, Stage, about, exchange_operator, register, registry_operator
from accounts.approvals.models import Decision, Request
from accounts.models import Organisation, User
from accounts.provinces import province_name
from exchange import clock
from exchange.auction import asking
from exchange.auction.models import Auction
from registry.ledger.models import Account
from registry.words import tonnes

Role, Origin = User.Role, Auction.Origin


class Announcing(Kind):
    """`about` is the seller."""

    origin = Origin.APPLICATION

    def __init__(self) -> None:
        self.name = str(self.origin)
        self.initiator_roles = asking.ASKERS[self.origin][1]

    def summary(self, request: Request) -> str:
        asked = request.payload
        return _(
            "%(seller)s sells %(quantity)s of %(instrument)s by auction, %(model)s, floor: %(floor)s; bids from"
            " %(opens)s to %(closes)s"
        ) % {
            "seller": request.about.name if request.about else "",
            "quantity": tonnes(asked["quantity_t"]),
            "instrument": asked["instrument"],
            "model": Auction.Price(asked["model"]).label,
            "floor": Auction.Floor(asked["floor"]).label,
            "opens": moment(asked["opens_at"]),
            "closes": moment(asked["closes_at"])[-5:],
        }

    def changes(self, request: Request) -> list[tuple[str, str, str]]:
        asked = request.payload
        what = f"{tonnes(asked['quantity_t'])} {asked['instrument']}"
        return [
            (what, self.place_before(), _("set aside for the auction")),
            (_("Who may bid"), "–", bidders_in_words(asked["bidders"], asked["province"], asked["named"])),
            (
                _("What is bought"),
                "–",
                _("can only be surrendered")
                if asked["surrender_only"]
                else _("can be traded from the next day"),
            ),
        ]

    def place_before(self) -> str:
        return str(Account.Purpose.TRADING.label)

    def link(self, request: Request) -> str:
        auction = Auction.objects.filter(pk=request.payload["auction"]).first()
        return reverse("auction", args=[auction.pk]) if auction and auction.announced_at else ""

    def approved(self, request: Request, decision: Decision) -> None:
        asking.announce(request, decision.at)

    def released(self, request: Request, at: dt.datetime) -> None:
        asking.drop(request, at)


class Application(Announcing):
    origin = Origin.APPLICATION
    title = gettext_lazy("Application for an auction")
    stages = (Stage(Role.OPERATOR, exchange_operator, gettext_lazy("Operator of the exchange")),)


class Announcement(Announcing):
    origin = Origin.ANNOUNCEMENT
    title = gettext_lazy("Announcement of an auction")
    stages = (Stage(Role.APPROVER, about, gettext_lazy("Approver of the seller")),)


class PaidAllocation(Announcing):
    origin = Origin.PAID_ALLOCATION
    title = gettext_lazy("Paid allocation by auction")
    stages = (Stage(Role.CHECKER, registry_operator, gettext_lazy("Checker of the registry")),)

    def place_before(self) -> str:
        return _("not issued yet; what is not sold is recalled")


def moment(text: str) -> str:
    """ "2026-03-02 10:00", Beijing time."""
    parsed = parse_datetime(text)
    assert parsed is not None, "written by ourselves"
    return parsed.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M")


def bidders_in_words(bidders: str, province: str, named: list[str]) -> str:
    """Who may bid, for people."""
    if bidders == Auction.Bidders.NAMED:
        names = Organisation.objects.filter(code__in=named).order_by("code")
        return ", ".join(one.name for one in names)
    words = str(Auction.Bidders(bidders).label)
    return f"{words}: {province_name(province)}" if province else words


for kind in (Application(), Announcement(), PaidAllocation()):
    register(kind)
