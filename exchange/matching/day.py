"""Cancels, phases and the end of the day."""

from typing import TYPE_CHECKING

from exchange.matching import refusals
from exchange.matching.book import AUCTION, CLOSED, Book
from exchange.matching.composite import Composite
from exchange.matching.events import Event, PhaseSet, rejected
from exchange.matching.orders import CANCELLED, EXPIRED, OPEN

if TYPE_CHECKING:
    from exchange.matching.market import Command, Market


def cancel(market: "Market", command: "Command") -> list[Event]:
    """Takes back what is left of an own open order (Refusals: cancel)."""
    order = market.named(command)
    if order is None:
        return [rejected(command, refusals.UNKNOWN_ORDER)]
    if order.status != OPEN:
        return [rejected(command, refusals.NOT_OPEN)]
    if order.kind == AUCTION:
        return [rejected(command, refusals.NOT_CANCELLABLE)]
    book = market.books[order.code]
    reason = refusals.cancel_phase(book)
    if reason:
        return [rejected(command, reason)]
    book.withdraw(order)
    return [market.end(order, CANCELLED)]


def phase(market: "Market", command: "Command") -> list[Event]:
    """Sets an instrument's phase; sessions are commands like orders, so that a day replays exactly."""
    market.books[command["instrument"]].phase = command["phase"]
    return [PhaseSet(command["instrument"], command["phase"])]


def close_day(market: "Market", command: "Command") -> list[Event]:
    """End of day of the instrument named, or of all (End of day 1 to 4)."""
    date = command["date"]
    codes = [command["instrument"]] if "instrument" in command else sorted(market.books)
    still_open = [order for order in market.orders.values() if order.status == OPEN and order.code in codes]
    events: list[Event] = []
    for order in sorted(still_open, key=lambda order: order.age):
        market.books[order.code].withdraw(order)
        events.append(market.end(order, EXPIRED))
    bars = [market.books[code].bar(date) for code in codes]
    events += bars
    if market.composite is not None and "instrument" not in command:
        closes = {bar.code: bar.close for bar in bars}
        composite = market.composite.bar(date, closes)
        events.append(composite)
        market.composite = Composite(market.composite.weights, composite.close, closes)
    for bar in bars:
        _open_books_again(market, bar.code, bar.close)
    return events


def _open_books_again(market: "Market", code: str, close: int) -> None:
    """The close becomes the previous close, the day starts empty, what was bought can be sold (T+1)."""
    book = market.books[code]
    fresh = Book(code, close, book.parameters)
    fresh.trade_count = book.trade_count
    fresh.phase = CLOSED
    market.books[code] = fresh
    for member, asset in sorted(market.wallets.amounts):
        if asset == code:
            market.wallets.settle(member, asset, f"close:{code}")
