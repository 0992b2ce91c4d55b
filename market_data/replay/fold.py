"""Events folded into the book and the quote, one step a command. Pure: fen, tonnes, aware times, no clock.

The book between two commands is what the matching core had; inside one (a take that is filling) it is not shown.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from heapq import nlargest, nsmallest

BUY, SELL = "buy", "sell"
#: Orders that stand in the book; blocks, auctions and bids stand outside.
IN_BOOK = frozenset({"list", "take"})
LEVELS = 5


@dataclass(frozen=True, slots=True)
class Happened:
    """One event. `order` is the one it is about: of a trade the listing, whose `side` and `order_kind` are given.

    `price` is the trade's, or the order's. Of a refusal `side`, `price` and `qty` are what was asked, as far as it
    could be read; `at` is when the engine decided.
    """

    no: int
    at: dt.datetime
    command: int
    command_kind: str
    kind: str
    order: int | None = None
    order_kind: str = ""
    side: str = ""
    price: int | None = None
    qty: int | None = None
    member: str = ""
    other: str = ""
    trade_no: int | None = None
    trade_kind: str = ""
    reason: str = ""


@dataclass(slots=True)
class Standing:
    """A listing in the book; `left` is what can still be taken, in tonnes."""

    number: int
    member: str
    side: str
    price: int
    left: int


@dataclass(frozen=True, slots=True)
class Quote:
    """Listed trades so far. `turnover` in fen."""

    open: int | None = None
    high: int | None = None
    low: int | None = None
    last: int | None = None
    volume: int = 0
    turnover: int = 0
    trades: int = 0

    def after(self, price: int, qty: int) -> "Quote":
        return replace(
            self,
            open=price if self.open is None else self.open,
            high=price if self.high is None else max(self.high, price),
            low=price if self.low is None else min(self.low, price),
            last=price,
            volume=self.volume + qty,
            turnover=self.turnover + price * qty,
            trades=self.trades + 1,
        )


class Book:
    """What stands, by side, price and age."""

    def __init__(self, standing: Iterable[Standing] = ()) -> None:
        """`standing` comes oldest first."""
        self.listings: dict[int, Standing] = {}
        self.levels: dict[str, dict[int, dict[int, Standing]]] = {BUY: {}, SELL: {}}
        for listing in standing:
            self.add(listing)

    def add(self, listing: Standing) -> None:
        self.listings[listing.number] = listing
        self.levels[listing.side].setdefault(listing.price, {})[listing.number] = listing

    def remove(self, number: int) -> None:
        """Nothing where it does not stand: blocks and bids end too."""
        listing = self.listings.pop(number, None)
        if listing is None:
            return
        level = self.levels[listing.side][listing.price]
        del level[number]
        if not level:
            del self.levels[listing.side][listing.price]

    def fill(self, number: int, qty: int) -> None:
        listing = self.listings.get(number)
        if listing is not None:
            listing.left -= qty
            if listing.left <= 0:
                self.remove(number)

    def best(self, side: str, count: int = LEVELS) -> list[tuple[int, list[Standing]]]:
        """The best prices of a side with their listings, oldest first."""
        prices = self.levels[side]
        best = nlargest(count, prices) if side == BUY else nsmallest(count, prices)
        return [(price, list(prices[price].values())) for price in best]


@dataclass(slots=True)
class Step:
    """One command with its events, to be shown with the book and quote after it."""

    happened: list[Happened] = field(default_factory=list)

    @property
    def no(self) -> int:
        """The number of its last event: where the day stands after it."""
        return self.happened[-1].no


def steps(events: Iterable[Happened]) -> Iterator[Step]:
    """The events by command. Those of one command stand together in an instrument's log."""
    step = Step()
    for event in events:
        if step.happened and step.happened[0].command != event.command:
            yield step
            step = Step()
        step.happened.append(event)
    if step.happened:
        yield step


def apply(book: Book, quote: Quote, step: Step) -> Quote:
    """Carries a step into the book, and gives the quote after it."""
    for event in step.happened:
        match event.kind:
            case "accepted" if event.order_kind in IN_BOOK:
                assert event.order is not None
                assert event.price is not None
                assert event.qty is not None
                book.add(Standing(event.order, event.member, event.side, event.price, event.qty))
            case "trade":
                assert event.order is not None
                assert event.price is not None
                assert event.qty is not None
                book.fill(event.order, event.qty)
                book.fill(event.command, event.qty)
                if event.trade_kind == "listed":
                    quote = quote.after(event.price, event.qty)
            case "cancelled" | "expired":
                assert event.order is not None
                book.remove(event.order)
    return quote
