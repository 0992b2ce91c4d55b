"""Listed agreement (挂牌协议): one lists, another picks the listing and takes it (trading-rules.md)."""

from typing import TYPE_CHECKING

from exchange.matching import refusals
from exchange.matching.book import LISTED, Book, Level
from exchange.matching.events import Accepted, Event, rejected
from exchange.matching.orders import BUY, CANCELLED, Order

if TYPE_CHECKING:
    from exchange.matching.market import Command, Market


def list_(market: "Market", command: "Command") -> list[Event]:
    """Puts an offer into the book, where it waits to be taken (Listed agreement: list)."""
    reason = market.may_enter(command, refusals.LISTED_PHASES)
    if reason:
        return [rejected(command, reason)]
    book = market.books[command["instrument"]]
    price, reason = _checked_listed(market, command, book)
    if reason is None and book.would_cross(command["side"], price):
        reason = refusals.WOULD_CROSS
    reason = reason or market.may_afford(book, command["member"], command["side"], price, command["qty"])
    if reason:
        return [rejected(command, reason)]
    order = market.accept(command, book, price, command["qty"], command["side"])
    book.rest(order)
    return [Accepted(order)]


def take(market: "Market", command: "Command") -> list[Event]:
    """Trades with the listings in reach, best price first (Listed agreement: take 1 to 6)."""
    reason = market.may_enter(command, refusals.LISTED_PHASES)
    if reason:
        return [rejected(command, reason)]
    book = market.books[command["instrument"]]
    member, side = command["member"], command["side"]
    price, reason = _checked_listed(market, command, book)
    if reason:
        return [rejected(command, reason)]
    levels = book.reach(member, side, price)
    preferred = _preferred(market, command, book, levels)
    remainder_rests = command.get("remainder") == "list"
    if preferred is None:
        reason = refusals.LISTING_GONE
    elif not levels and not remainder_rests:
        reason = refusals.NO_COUNTERPARTY
    reason = reason or market.may_afford(book, member, side, price, command["qty"])
    if reason or preferred is None:
        return [rejected(command, reason or refusals.LISTING_GONE)]
    order = market.accept(command, book, price, command["qty"], side)
    events: list[Event] = [Accepted(order)]
    for level in levels:
        if not order.leaves:
            break
        _consume(market, book, level, order, preferred.get(level.price, ()), events)
    if order.leaves:
        if remainder_rests and not book.would_cross(side, price):
            book.rest(order)
        else:
            events.append(market.end(order, CANCELLED))
    return events


def _preferred(
    market: "Market", command: "Command", book: Book, levels: list[Level]
) -> dict[int, list[Order]] | None:
    """The preferred listings by level, in the order given; None where one is not within reach (take 2)."""
    by_level: dict[int, list[Order]] = {}
    if not command.get("prefer"):
        return by_level
    reachable = {level.price: level for level in levels}
    for entry in command["prefer"]:
        listing = market.orders.get((entry["member"], entry["id"]))
        if listing is None or listing.code != book.code or listing.member == command["member"]:
            return None
        level = reachable.get(listing.price)
        if level is None or listing not in level.orders:
            return None
        by_level.setdefault(listing.price, []).append(listing)
    return by_level


def _consume(
    market: "Market",
    book: Book,
    level: Level,
    order: Order,
    preferred: "list[Order] | tuple[()]",
    events: list[Event],
) -> None:
    """Fills from one level: the preferred listings first, then the rest oldest first (take 3)."""
    emptied: list[Order] = []
    for listings in (preferred, level.orders):
        for listing in listings:
            if not order.leaves:
                break
            if listing.member == order.member or not listing.leaves:
                continue
            qty = min(order.leaves, listing.leaves)
            level.qty -= qty
            if listing.side == BUY:
                book.open_buys[listing.member] -= qty
            events.append(market.fill(book, LISTED, listing, order, listing.price, qty))
            if not listing.leaves:
                emptied.append(listing)
    for listing in emptied:
        book.side(listing.side).remove(listing)


def _checked_listed(market: "Market", command: "Command", book: Book) -> tuple[int, str | None]:
    """Rules 5 to 7 for list and take: the price in fen, or why not."""
    reason = refusals.quantity(command["qty"], 1, book.parameters.max_qty)
    if reason:
        return 0, reason
    price, reason = refusals.price(command["price"], book)
    return price, reason or refusals.within(price, book.price_band())
