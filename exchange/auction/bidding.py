"""Bids: who may, and until when. Whether a bid is lawful the engine decides.

The window is the platform's own: the engine knows an auction as open or ended. A bid or a withdrawal that comes when
the window is over is refused here, also in the moment before the close has been decided.
"""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from accounts.models import Organisation, User
from exchange import intake
from exchange.auction.models import Auction
from exchange.auction.terms import may_bid
from exchange.intake import Refused, Submission
from exchange.models import Command

NOT_INVITED, WINDOW_CLOSED, NOT_YET_OPEN = "NOT_INVITED", "WINDOW_CLOSED", "NOT_YET_OPEN"


def bid(
    auction: Auction,
    *,
    id: str,  # noqa: A002 - the field's own name
    price: object,
    qty: object,
    organisation: Organisation,
    user: User | None,
    at: dt.datetime,
    replaces: str | None = None,
) -> Submission:
    """Takes in a sealed bid; with `replaces`, the id of an own bid that ends when this one is accepted.

    Prices are strings of yuan as the API takes them. Raises intake.Refused: `NOT_INVITED`, `NOT_YET_OPEN`,
    `WINDOW_CLOSED`, `DUPLICATE_ID`.
    """
    if not intake.is_known(organisation, id):  # sent again, it answers the first one's state at any time
        refuse_unless_invited(auction, organisation)
        refuse_outside(auction, at)
    line: dict[str, Any] = {
        "cmd": "bid", "id": id, "auction": {"member": auction.seller.code, "id": auction.client_id},
        "price": price, "qty": qty,
    }  # fmt: skip
    if replaces:
        line["replaces"] = {"member": organisation.code, "id": replaces}
    return intake.submit(line, organisation=organisation, user=user, at=at)


def withdraw(
    client_id: str,
    *,
    organisation: Organisation,
    user: User | None,
    at: dt.datetime,
    auction: Auction | None = None,
) -> Command:
    """Takes an own bid back. Raises intake.Refused: `UNKNOWN_ORDER`, `WINDOW_CLOSED`."""
    if auction is not None and not own_bids(auction, organisation).filter(client_id=client_id).exists():
        raise Refused("UNKNOWN_ORDER")
    line = {"cmd": "cancel", "id": client_id}
    return intake.submit(line, organisation=organisation, user=user, at=at).command


def refuse_unless_invited(auction: Auction, organisation: Organisation) -> None:
    if not may_bid(auction, organisation):
        raise Refused(NOT_INVITED)


def refuse_outside(auction: Auction, at: dt.datetime) -> None:
    """Raises Refused unless `at` lies in the window of an auction that the engine has open."""
    if at >= auction.closes_at or auction.state in {Auction.State.ENDED, Auction.State.FAILED}:
        raise Refused(WINDOW_CLOSED)
    if auction.command is None or auction.command.decided_event is None:
        raise Refused(NOT_YET_OPEN)


def own_bids(auction: Auction, organisation: Organisation) -> QuerySet[Command]:
    """The organisation's bids on an auction in every state, refused ones too, the newest first."""
    return (
        Command.objects.filter(
            kind=Command.Kind.BID, organisation=organisation, instrument=auction.instrument_id,
            body__auction__id=auction.client_id, body__auction__member=auction.seller.code,
        )
        .select_related("instrument", "order")
        .defer("instrument__board")
        .order_by("-pk")
    )  # fmt: skip
