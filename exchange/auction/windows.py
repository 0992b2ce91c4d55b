"""Opens what is due, closes what is over (trading-rules.md: One-way auction). Beat calls `advance` every second.

It decides nothing: opening and closing are commands in the instrument's own sequence, which the engine decides, so
that a day replays exactly. Each step looks at what is there and does the next one: run twice it changes nothing,
and after an hour's absence it catches up. One row's lock is one auction; another process at it is not waited for.
"""

import datetime as dt
import logging
from collections.abc import Callable

from django.db import transaction
from django.db.models import Q, QuerySet

from exchange import clock, intake
from exchange.auction import asking, ending
from exchange.auction.models import Auction
from exchange.auction.terms import cap_of, floor_of
from exchange.matching import refusals
from exchange.matching.money import yuan
from exchange.models import Order, TradingDay

log = logging.getLogger(__name__)
State = Auction.State
NOT_OPENED = "NOT_OPENED"


def advance(moment: dt.datetime | None = None) -> list[str]:
    """Does for every auction what is due at `moment` (now); says what it did."""
    at = moment or clock.now()
    under_way = Q(state=State.ANNOUNCED, opens_at__lte=at) | Q(state=State.OPEN)
    ids = Auction.objects.filter(under_way).order_by("pk").values_list("pk", flat=True)
    return [done for pk in list(ids) if (done := _step(pk, at))]


def close_what_is_over(at: dt.datetime) -> None:
    """Sends the closes that are due: before the close of a day, which would let the auctions expire."""
    over = Auction.objects.filter(
        state__in=[State.ANNOUNCED, State.OPEN], closes_at__lte=at, command__isnull=False
    )
    for pk in list(over.order_by("pk").values_list("pk", flat=True)):
        _step(pk, at)


@transaction.atomic
def _step(pk: int, at: dt.datetime) -> str:
    """The next step of one auction; empty where there is none, or another process is at it."""
    auction = _locked(Auction.objects.filter(pk=pk))
    if auction is None:
        return ""
    if auction.command is None:
        return _fail_or_open(auction, at)
    if auction.command.decided_event is None:
        return ""
    steps: tuple[Callable[[Auction, dt.datetime], str], ...] = (_note_opening, _close, _end)
    return next((done for step in steps if (done := step(auction, at))), "")


def _locked(found: QuerySet[Auction]) -> Auction | None:
    locked = found.select_for_update(of=("self",), skip_locked=True)
    return locked.select_related("seller", "instrument", "command", "close_command").first()


def _fail_or_open(auction: Auction, at: dt.datetime) -> str:
    if auction.state != State.ANNOUNCED or at < auction.opens_at:
        return ""
    if at >= auction.closes_at:
        return _fail(auction, NOT_OPENED, at)
    instrument = auction.instrument
    open_day = TradingDay.objects.filter(
        day=auction.opens_at.astimezone(clock.BEIJING).date(), status=TradingDay.Status.OPEN
    )
    # Halted, or not open yet: it opens when the market does, if that is within the window.
    if instrument.phase not in refusals.AUCTION_PHASES or not open_day.exists():
        return ""
    auction.floor_fen = floor_of(auction.floor_rule, instrument.prev_close_fen)
    auction.cap_fen = cap_of(instrument.prev_close_fen)
    auction.command = intake.submit(
        {
            "cmd": "auction", "id": auction.client_id, "instrument": instrument.code, "qty": auction.quantity_t,
            "floor": yuan(auction.floor_fen), "model": auction.price_model,
            "surrender_only": auction.surrender_only, "set_aside": True,
        },
        organisation=auction.seller, at=at,
    ).command  # fmt: skip
    auction.save(update_fields=["floor_fen", "cap_fen", "command"])
    return f"{auction} is being opened"


def _note_opening(auction: Auction, at: dt.datetime) -> str:
    """What the engine said to the opening."""
    if auction.state != State.ANNOUNCED:
        return ""
    assert auction.command is not None
    if auction.command.reason:
        return _fail(auction, auction.command.reason, at)
    auction.state, auction.set_aside = State.OPEN, False
    auction.save(update_fields=["state", "set_aside"])
    return f"{auction} is open"


def _close(auction: Auction, at: dt.datetime) -> str:
    """Sends the close once. A day that ended before the window has ended the auction already."""
    if auction.close_command is not None or at < auction.closes_at or not _is_open(auction):
        return ""
    line = {"cmd": "auction_close", "id": auction.client_id}
    auction.close_command = intake.submit(line, organisation=auction.seller, at=at).command
    auction.save(update_fields=["close_command"])
    return f"{auction} is being closed"


def _end(auction: Auction, at: dt.datetime) -> str:
    if auction.state != State.OPEN or _is_open(auction):
        return ""
    ending.end(auction, at)
    return f"{auction} has ended"


def _is_open(auction: Auction) -> bool:
    """Whether the engine has it open."""
    return Order.objects.filter(pk=auction.command_id, status=Order.Status.OPEN).exists()


def _fail(auction: Auction, why: str, at: dt.datetime) -> str:
    """Not held: the tonnes go back where the engine has not given them back already."""
    if auction.command is None or why == "ENGINE_FAULT":
        asking.give_back(auction, at)
    elif auction.pays_for_allocation:
        # Refused by the engine: what was set aside has come to `trading`, where an authority keeps nothing.
        asking.recall(auction, "trading", auction.quantity_t, at)
    auction.set_aside = False
    auction.state, auction.why, auction.ended_at = State.FAILED, why, at
    auction.save(update_fields=["state", "why", "set_aside", "ended_at"])
    log.warning("%s of %s was not held: %s", auction, auction.seller.code, why)
    return f"{auction} is not held"
