"""What may be announced (trading-rules.md: One-way auction). Price and quantity are judged again when it opens."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.approvals.errors import Refused
from accounts.models import Organisation
from exchange import clock
from exchange.auction.models import Auction
from exchange.matching import refusals
from exchange.matching.auction import highest_bid, lower_floor
from exchange.matching.book import Parameters
from exchange.models import Instrument, InstrumentParameters
from exchange.timetable import is_trading_day, schedule
from registry.words import tonnes

#: A tick of beat is a second: a window must be longer than a few of them.
SHORTEST = dt.timedelta(minutes=1)
#: Nobody announces further ahead than the calendar of trading days is sure to reach.
FURTHEST = dt.timedelta(days=180)
MOST_NAMED = 500


@dataclass(frozen=True)
class Terms:
    """Everything but the seller. `named` are the organisations that may bid where bidders are named."""

    instrument: Instrument
    quantity_t: int
    floor_rule: str
    price_model: str
    bidders: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    surrender_only: bool = False
    province: str = ""
    named: tuple[Organisation, ...] = ()


def check(terms: Terms, seller: Organisation, at: dt.datetime) -> None:
    """Raises Refused: `BAD_QUANTITY`, `BAD_WINDOW`, `BAD_BIDDERS`."""
    _check_quantity(terms)
    check_window(terms.opens_at, terms.closes_at, at)
    _check_bidders(terms, seller)


def _check_quantity(terms: Terms) -> None:
    least = least_quantity(terms.instrument, terms.opens_at.astimezone(clock.BEIJING).date())
    if refusals.quantity(terms.quantity_t, least, 10**12):
        raise Refused(
            "BAD_QUANTITY",
            _("quantity: an auction offers at least %(least)s, whole. Offer that or more.")
            % {"least": tonnes(least)},
        )


def least_quantity(instrument: Instrument, day: dt.date) -> int:
    """`block_min_qty` of a day to come; the engine keeps what it reads of a day, so it is not asked for it."""
    rows = InstrumentParameters.objects.filter(instrument=instrument, valid_from__lte=day)
    found = rows.order_by("-valid_from").values_list("block_min_qty_t", flat=True).first()
    return Parameters().block_min_qty if found is None else found


def check_window(opens_at: dt.datetime, closes_at: dt.datetime, at: dt.datetime) -> None:
    """The window lies ahead, on one trading day, between its first session and its last. Raises Refused `BAD_WINDOW`."""
    opens, closes = opens_at.astimezone(clock.BEIJING), closes_at.astimezone(clock.BEIJING)
    if opens < at:
        raise Refused("BAD_WINDOW", _("opens_at: the window's beginning is over. Choose a later time."))
    if opens - at > FURTHEST:
        raise Refused("BAD_WINDOW", _("opens_at: more than 180 days ahead. Choose an earlier day."))
    if closes - opens < SHORTEST or closes.date() != opens.date():
        raise Refused(
            "BAD_WINDOW",
            _("closes_at: the window ends on the day it begins, at least a minute later. Change its end."),
        )
    plan = schedule(opens.date())
    if not plan or not is_trading_day(opens.date()):
        raise Refused("BAD_WINDOW", _("opens_at: that is no trading day. Choose a trading day."))
    if opens.time() < plan[0][0] or closes.time() > plan[-1][0]:
        raise Refused(
            "BAD_WINDOW",
            _("opens_at, closes_at: the market is open from %(first)s to %(last)s. Choose a window within.")
            % {"first": plan[0][0].strftime("%H:%M"), "last": plan[-1][0].strftime("%H:%M")},
        )


def _check_bidders(terms: Terms, seller: Organisation) -> None:
    wrong: Any = None
    if (terms.bidders == Auction.Bidders.NAMED) != bool(terms.named):
        wrong = _("named: name who may bid, or let a whole group bid: one of the two.")
    elif len(terms.named) > MOST_NAMED:
        wrong = _("named: at most %(most)s organisations.") % {"most": MOST_NAMED}
    elif seller in terms.named:
        wrong = _("named: the seller cannot bid for its own tonnes. Leave it out.")
    elif any(one.kind not in Organisation.TRADING_KINDS for one in terms.named):
        wrong = _("named: authorities and operators never trade. Leave them out.")
    elif terms.province and terms.bidders != Auction.Bidders.EMITTERS:
        wrong = _("province: only emitters are chosen by province. Leave it empty.")
    elif terms.surrender_only and not _surrenders(terms):
        wrong = _(
            "surrender_only: only emitters surrender. Let emitters alone bid, or sell without this condition."
        )
    if wrong is not None:
        raise Refused("BAD_BIDDERS", wrong)


def _surrenders(terms: Terms) -> bool:
    """Whether everybody who may bid has something to surrender for."""
    return terms.bidders == Auction.Bidders.EMITTERS or (
        bool(terms.named) and all(one.kind == Organisation.Kind.EMITTER for one in terms.named)
    )


def floor_of(rule: str, prev_close_fen: int) -> int:
    """The floor in fen on a day with this previous close."""
    return prev_close_fen if rule == Auction.Floor.CLOSE else lower_floor(prev_close_fen)


def cap_of(prev_close_fen: int) -> int:
    """The highest lawful bid in fen."""
    return highest_bid(prev_close_fen)


def may_bid(auction: Auction, organisation: Organisation) -> bool:
    """Whether the organisation is one of those that the announcement lets bid; its state is the engine's to judge."""
    if organisation.kind not in Organisation.TRADING_KINDS or organisation.pk == auction.seller_id:
        return False
    if auction.bidders == Auction.Bidders.NAMED:
        return organisation.code in auction.named
    if auction.bidders == Auction.Bidders.EMITTERS:
        emitter = organisation.kind == Organisation.Kind.EMITTER
        return emitter and auction.province in {"", organisation.province}
    return True
