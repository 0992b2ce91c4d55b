"""The result of an auction and its demand curve. There is none before the engine has ended it: bids are sealed.

Everything is read from the orders and trades that the engine wrote; nothing is worked out a second time but sums.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Max, Min, Sum

from accounts.models import Organisation
from exchange.auction.models import Auction
from exchange.matching.money import round_half_up
from exchange.models import Command, Event, Order, Trade


@dataclass(frozen=True, slots=True)
class Step:
    """All bids at one price; tonnes, and the tonnes bid at this price or more."""

    price_fen: int
    qty_t: int
    cumulative_t: int
    filled_t: int


@dataclass(frozen=True, slots=True)
class Result:
    """Prices and money in fen, quantities in tonnes. The prices are None where nothing was sold."""

    offered_t: int
    sold_t: int
    turnover_fen: int
    #: the lowest accepted bid: in a uniform auction the price of every fill
    clearing_fen: int | None
    lowest_fen: int | None
    highest_fen: int | None
    average_fen: int | None
    #: bids that stood when the window ended, of how many bidders, for how many tonnes
    bids: int
    bidders: int
    bid_t: int
    winners: int
    #: the day ended before the window: nothing was ranked, everything expired
    expired: bool
    curve: tuple[Step, ...]

    @property
    def unsold_t(self) -> int:
        return self.offered_t - self.sold_t


@dataclass(frozen=True, slots=True)
class Bought:
    qty_t: int
    turnover_fen: int

    @property
    def average_fen(self) -> int:
        return round_half_up(self.turnover_fen, self.qty_t)


def of(auction: Auction) -> Result | None:
    """The result; None for an auction that the engine has not ended."""
    offer = Order.objects.filter(pk=auction.command_id).first()
    if offer is None or offer.status == Order.Status.OPEN:
        return None
    bids = ranked(auction)
    trades = Trade.objects.filter(listing=offer, kind=Trade.Kind.AUCTION)
    sums = trades.aggregate(
        sold=Sum("qty_t"), money=Sum(F("price_fen") * F("qty_t")), low=Min("price_fen"), high=Max("price_fen"),
        winners=Count("buyer", distinct=True),
    )  # fmt: skip
    sold, money = sums["sold"] or 0, sums["money"] or 0
    accepted = [bid.price_fen for bid in bids if bid.filled_t]
    return Result(
        offered_t=offer.qty_t, sold_t=sold, turnover_fen=money, clearing_fen=min(accepted, default=None),
        lowest_fen=sums["low"], highest_fen=sums["high"],
        average_fen=round_half_up(money, sold) if sold else None, bids=len(bids),
        bidders=len({bid.organisation_id for bid in bids}), bid_t=sum(bid.qty_t for bid in bids),
        winners=sums["winners"], expired=offer.status == Order.Status.EXPIRED, curve=tuple(curve(bids)),
    )  # fmt: skip


def ranked(auction: Auction) -> list[Order]:
    """The bids that stood at the end, highest price first, then oldest; empty while they are sealed.

    A bid that was withdrawn or replaced was changed before the end, and is none of them.
    """
    ended = _last_event(auction)
    if ended is None:
        return []
    found = Order.objects.filter(parent=auction.command_id, kind=Command.Kind.BID, changed_event__gte=ended)
    return list(found.select_related("organisation").order_by("-price_fen", "accepted_event"))


def _last_event(auction: Auction) -> int | None:
    """The first event of the command that ended the offer: its close, or the close of its day."""
    offer = Order.objects.filter(pk=auction.command_id).exclude(status=Order.Status.OPEN).first()
    if offer is None:
        return None
    said = Event.objects.select_related("command").filter(no=offer.changed_event, day=offer.day).get()
    return said.command.decided_event


def curve(bids: Iterable[Order]) -> list[Step]:
    """The demand: for each price bid, highest first, what was asked for at it and above."""
    steps: list[Step] = []
    for bid in bids:
        before = steps[-1] if steps else None
        if before is not None and before.price_fen == bid.price_fen:
            steps[-1] = Step(
                bid.price_fen, before.qty_t + bid.qty_t, before.cumulative_t + bid.qty_t,
                before.filled_t + bid.filled_t,
            )  # fmt: skip
        else:
            cumulative = before.cumulative_t if before else 0
            steps.append(Step(bid.price_fen, bid.qty_t, cumulative + bid.qty_t, bid.filled_t))
    return steps


def by_buyer(auction: Auction) -> dict[int, Bought]:
    """What each buyer got, by its id."""
    rows = (
        Trade.objects.filter(listing=auction.command_id, kind=Trade.Kind.AUCTION)
        .values("buyer")
        .annotate(qty=Sum("qty_t"), money=Sum(F("price_fen") * F("qty_t")))
        .order_by("buyer")
    )
    return {row["buyer"]: Bought(row["qty"], row["money"]) for row in rows}


def bought_by(auction: Auction, organisation: Organisation) -> Bought | None:
    """What one organisation got; None where it got nothing, or nothing is known yet."""
    return by_buyer(auction).get(organisation.pk)
