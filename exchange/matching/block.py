"""Block agreement (大宗协议): large offers outside the book, taken whole at their price."""

from typing import TYPE_CHECKING, Any

from exchange.matching import refusals
from exchange.matching.book import BLOCK, Book
from exchange.matching.events import Accepted, Event, rejected
from exchange.matching.orders import BUY, OPEN, SELL, Order

if TYPE_CHECKING:
    from exchange.matching.market import Command, Market


def _checked_block(
    market: "Market", command: "Command", book: Book, price: Any, qty: Any
) -> tuple[int, str | None]:
    """Rules 5 to 7 for blocks: the price in fen, or why not."""
    reason = refusals.quantity(qty, book.parameters.block_min_qty, None)
    if reason:
        return 0, reason
    fen, reason = refusals.price(price, book)
    return fen, reason or refusals.within(fen, book.price_band(block=True))


def block(market: "Market", command: "Command") -> list[Event]:
    """Offers a block to everybody, or to the one named counterparty."""
    reason = market.may_enter(command, refusals.BLOCK_PHASES)
    if reason:
        return [rejected(command, reason)]
    book = market.books[command["instrument"]]
    price, reason = _checked_block(market, command, book, command["price"], command["qty"])
    named = command.get("counterparty")
    if reason is None and named is not None and (named not in market.members or named == command["member"]):
        reason = refusals.BAD_COUNTERPARTY
    reason = reason or market.may_afford(book, command["member"], command["side"], price, command["qty"])
    if reason:
        return [rejected(command, reason)]
    order = market.accept(command, book, price, command["qty"], command["side"], counterparty=named)
    book.rest(order)
    return [Accepted(order)]


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
        and offer.counterparty in {None, member}
    )
