"""Block agreement (大宗协议): large offers outside the book, taken whole at their price.

An offer is for everybody, for one named member, or for several named ones (the members of a group). An offer
may answer one that is open for its offerer alone: with its acceptance the answered one ends, in the same step.
"""

from typing import TYPE_CHECKING, Any

from exchange.matching import refusals
from exchange.matching.book import BLOCK, Book
from exchange.matching.events import Accepted, Event, rejected
from exchange.matching.orders import BUY, CANCELLED, OPEN, SELL, Order

if TYPE_CHECKING:
    from exchange.matching.market import Command, Market


def terms(book: Book, price: Any, qty: Any) -> tuple[int, str | None]:
    """Rules 5 to 7 for blocks: the price in fen, or why not. Words of a negotiation are held to them too."""
    reason = refusals.quantity(qty, book.parameters.block_min_qty, None)
    if reason:
        return 0, reason
    fen, reason = refusals.price(price, book)
    return fen, reason or refusals.within(fen, book.price_band(block=True))


def block(market: "Market", command: "Command") -> list[Event]:
    """Offers a block to everybody or to the named; what it answers ends with it."""
    answered = _answered(market, command)
    reason = answered if isinstance(answered, str) else market.may_enter(command, refusals.BLOCK_PHASES)
    if reason:
        return [rejected(command, reason)]
    book = market.books[command["instrument"]]
    price, reason = terms(book, command["price"], command["qty"])
    named = _named(command)
    if reason is None and named is not None and not _may_be_named(market, named, command["member"]):
        reason = refusals.BAD_COUNTERPARTY
    reason = reason or market.may_afford(book, command["member"], command["side"], price, command["qty"])
    if reason:
        return [rejected(command, reason)]
    order = market.accept(command, book, price, command["qty"], command["side"], counterparties=named)
    book.rest(order)
    if not isinstance(answered, Order):
        return [Accepted(order)]
    book.withdraw(answered)
    return [Accepted(order), market.end(answered, CANCELLED)]


def _named(command: "Command") -> frozenset[str] | None:
    """Whom the offer is for; None for everybody. The one and the several together are nobody."""
    one, several = command.get("counterparty"), command.get("counterparties")
    if several is None:
        return None if one is None else frozenset({one})
    return frozenset(several) if one is None else frozenset()


def _may_be_named(market: "Market", named: frozenset[str], member: str) -> bool:
    return bool(named) and named <= market.members.keys() and member not in named


def _answered(market: "Market", command: "Command") -> Order | str | None:
    """The open offer for this member alone that the command answers, or why there is none; None if it names none."""
    if command.get("answers") is None:
        return None
    offer, member = market.named(command["answers"]), command["member"]
    if offer is None or offer.counterparties != frozenset({member}) or offer.code != command["instrument"]:
        return refusals.UNKNOWN_ORDER
    return offer if offer.status == OPEN else refusals.NOT_OPEN


def block_accept(market: "Market", command: "Command") -> list[Event]:
    """Takes an open block offer whole, at its price."""
    offer = market.named(command["offer"])
    member = command["member"]
    if offer is None or not _for_member(offer, member):
        return [rejected(command, refusals.UNKNOWN_ORDER)]
    if offer.status != OPEN:
        return [rejected(command, refusals.NOT_OPEN)]
    reason = market.may_enter({**command, "instrument": offer.code}, refusals.BLOCK_PHASES)
    if reason:
        return [rejected(command, reason)]
    book = market.books[offer.code]
    side = SELL if offer.side == BUY else BUY
    edges = book.price_band(block=True)
    reason = refusals.within(offer.price, edges) or market.may_afford(
        book, member, side, offer.price, offer.leaves
    )
    if reason:
        return [rejected(command, reason)]
    book.withdraw(offer)
    order = market.accept(command, book, offer.price, offer.leaves, side, parent=offer)
    return [Accepted(order), market.fill(book, BLOCK, offer, order, offer.price, order.leaves)]


def _for_member(offer: Order, member: str) -> bool:
    """Whether the member may know of the offer. An acceptance is a block order too, if one that was never open."""
    return (
        offer.kind in {"block", "block_accept"}
        and offer.member != member
        and (offer.counterparties is None or member in offer.counterparties)
    )
