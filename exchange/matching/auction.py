"""One-way auctions (trading-rules.md: One-way auction): a seller's offer, sealed bids, the result by rule."""

from typing import TYPE_CHECKING

from exchange.matching import refusals
from exchange.matching.book import AUCTION, Book
from exchange.matching.events import Accepted, Event, rejected
from exchange.matching.money import BPS, round_half_up
from exchange.matching.orders import BUY, CANCELLED, OPEN, SELL, UNIFORM, Order

if TYPE_CHECKING:
    from exchange.matching.market import Command, Market

#: The floor may lie this much under the previous close, and a bid this much above it.
MARGIN_BPS = 1_000


def lower_floor(prev_close: int) -> int:
    return round_half_up(prev_close * (BPS - MARGIN_BPS), BPS)


def highest_bid(prev_close: int) -> int:
    return round_half_up(prev_close * (BPS + MARGIN_BPS), BPS)


def ranked(bids: "dict[Order, None]") -> list[Order]:
    """Highest price first, then oldest acceptance."""
    return sorted(bids, key=lambda bid: (-bid.price, bid.age))


def shares(bids: list[Order], offered: int) -> list[tuple[Order, int]]:
    """What each ranked bid gets of the offer, in tonnes; the last accepted one may be filled in part."""
    filled = []
    for bid in bids:
        if not offered:
            break
        qty = min(bid.leaves, offered)
        offered -= qty
        filled.append((bid, qty))
    return filled


def auction(market: "Market", command: "Command") -> list[Event]:
    """Opens a seller's auction and locks its tonnes; it cannot be cancelled any more."""
    reason = market.may_enter(command, refusals.AUCTION_PHASES)
    if reason:
        return [rejected(command, reason)]
    book = market.books[command["instrument"]]
    reason = refusals.quantity(command["qty"], book.parameters.block_min_qty, None)
    floor = 0
    if reason is None:
        floor, reason = refusals.price(command["floor"], book)
    if reason is None and floor not in {book.prev_close, lower_floor(book.prev_close)}:
        reason = refusals.BAD_FLOOR
    reason = reason or market.may_afford(book, command["member"], SELL, floor, command["qty"])
    if reason:
        return [rejected(command, reason)]
    order = market.accept(
        command, book, floor, command["qty"], SELL, model=command["model"],
        surrender_only=bool(command.get("surrender_only")),
    )  # fmt: skip
    book.rest(order)
    return [Accepted(order)]


def bid(market: "Market", command: "Command") -> list[Event]:
    """Takes a sealed bid on an open auction and locks its money at the bid.

    A changed bid is a new one, of its own age: it may name the own bid that it `replaces`, which ends in the same
    step, so that whoever changes a bid never stands without one.
    """
    offer = market.named(command["auction"])
    if offer is None or offer.kind != AUCTION or offer.member == command["member"]:
        return [rejected(command, refusals.UNKNOWN_ORDER)]
    if offer.status != OPEN:
        return [rejected(command, refusals.NOT_OPEN)]
    entered = {**command, "instrument": offer.code}
    book, price = market.books[offer.code], 0
    reason = market.may_enter(entered, refusals.AUCTION_PHASES)
    reason = reason or refusals.quantity(command["qty"], 1, offer.qty)
    if reason is None:
        price, reason = refusals.price(command["price"], book)
    reason = reason or refusals.within(price, (offer.price, highest_bid(book.prev_close)))
    before = _replaced(market, command, offer)
    if reason is None and isinstance(before, str):
        reason = before
    old = before if isinstance(before, Order) else None
    reason = reason or market.may_afford(book, command["member"], BUY, price, command["qty"], old)
    if reason:
        return [rejected(command, reason)]
    ended: list[Event] = []
    if old is not None:
        book.withdraw(old)
        ended = [market.end(old, CANCELLED)]
    order = market.accept(command, book, price, command["qty"], BUY, parent=offer)
    book.rest(order)
    return [Accepted(order), *ended]


def _replaced(market: "Market", command: "Command", offer: Order) -> Order | str | None:
    """The own open bid on this auction that the command replaces, or why there is none; None if it names none."""
    if command.get("replaces") is None:
        return None
    old = market.named(command["replaces"])
    if old is None or old.kind != "bid" or old.member != command["member"] or old.parent is not offer:
        return refusals.UNKNOWN_ORDER
    return old if old.status == OPEN else refusals.NOT_OPEN


def auction_close(market: "Market", command: "Command") -> list[Event]:
    """Ends the window: fills by rank, at one price or at each bid's own, and cancels what is left."""
    offer = market.named(command)
    if offer is None or offer.kind != AUCTION:
        return [rejected(command, refusals.UNKNOWN_ORDER)]
    if offer.status != OPEN:
        return [rejected(command, refusals.NOT_OPEN)]
    book: Book = market.books[offer.code]
    bids = ranked(book.bids.get(offer.name, {}))
    accepted = shares(bids, offer.leaves)
    events: list[Event] = []
    for order in bids:
        book.withdraw(order)
    for order, qty in accepted:
        price = accepted[-1][0].price if offer.model == UNIFORM else order.price
        events.append(market.fill(book, AUCTION, offer, order, price, qty))
    events += [market.end(order, CANCELLED) for order in (*bids, offer) if order.leaves]
    return events
