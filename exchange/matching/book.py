"""One instrument's book: two sides by price level, its phase, its parameters and its day in figures."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass

from exchange.matching.events import Bar
from exchange.matching.money import band, round_half_up
from exchange.matching.orders import BUY, SELL, Name, Order

CLOSED, MORNING, BREAK, AFTERNOON, HALTED = "closed", "morning", "break", "afternoon", "halted"
PHASES = (CLOSED, MORNING, BREAK, AFTERNOON, HALTED)
LISTED, BLOCK, AUCTION = "listed", "block", "auction"


class Level:
    """The listings at one price, oldest first, and their tonnes together."""

    __slots__ = ("orders", "price", "qty")

    def __init__(self, price: int) -> None:
        self.price = price
        self.qty = 0
        # A dict keeps the order of acceptance and forgets a listing in constant time.
        self.orders: dict[Order, None] = {}

    def has_listing_not_of(self, member: str) -> bool:
        return any(order.member != member for order in self.orders)


class Side:
    """One side of the book. `keys` holds its prices so that the best stands first: sells up, buys down."""

    __slots__ = ("keys", "levels", "sign")

    def __init__(self, side: str) -> None:
        self.sign = 1 if side == SELL else -1
        self.keys: list[int] = []
        self.levels: dict[int, Level] = {}

    def best(self) -> int | None:
        """The best price in fen, whoever owns it."""
        return self.keys[0] * self.sign if self.keys else None

    def __iter__(self) -> Iterator[Level]:
        """Levels, best first."""
        for key in self.keys:
            yield self.levels[key * self.sign]

    def add(self, order: Order) -> None:
        level = self.levels.get(order.price)
        if level is None:
            level = self.levels[order.price] = Level(order.price)
            insort(self.keys, order.price * self.sign)
        level.orders[order] = None
        level.qty += order.leaves

    def remove(self, order: Order) -> None:
        """Takes out a listing whose leaves are still what the level counts for it."""
        level = self.levels[order.price]
        del level.orders[order]
        level.qty -= order.leaves
        if not level.orders:
            del self.levels[order.price]
            del self.keys[bisect_left(self.keys, order.price * self.sign)]


@dataclass(slots=True)
class Parameters:
    """An instrument's parameters of the day (trading-rules.md: Instruments)."""

    tick: int = 1
    max_qty: int = 99_999
    block_min_qty: int = 100_000
    band_bps: int = 1_000
    block_band_bps: int = 3_000
    levels: int = 5
    position_limit: int | None = None
    fee_bps: int = 0


@dataclass(slots=True)
class DayFigures:
    """What traded today, by method. Turnover in fen."""

    open: int | None = None
    high: int | None = None
    low: int | None = None
    last: int | None = None
    volume: int = 0
    turnover: int = 0
    trades: int = 0
    block_volume: int = 0
    block_turnover: int = 0
    block_trades: int = 0
    auction_volume: int = 0
    auction_turnover: int = 0
    auction_trades: int = 0

    def add(self, kind: str, price: int, qty: int) -> None:
        if kind == LISTED:
            self.open = price if self.open is None else self.open
            self.high = price if self.high is None else max(self.high, price)
            self.low = price if self.low is None else min(self.low, price)
            self.last = price
            self.volume += qty
            self.turnover += price * qty
            self.trades += 1
        elif kind == BLOCK:
            self.block_volume += qty
            self.block_turnover += price * qty
            self.block_trades += 1
        else:
            self.auction_volume += qty
            self.auction_turnover += price * qty
            self.auction_trades += 1


class Book:
    """One instrument. Changed by `Market` alone."""

    __slots__ = ("_bands", "bids", "buy", "code", "day", "open_buys", "parameters", "phase", "prev_close", "sell",
                 "trade_count")  # fmt: skip

    def __init__(self, code: str, prev_close: int, parameters: Parameters) -> None:
        self.code = code
        self.prev_close = prev_close
        self.parameters = parameters
        self.phase = CLOSED
        self.buy = Side(BUY)
        self.sell = Side(SELL)
        self.day = DayFigures()
        self.trade_count = 0
        #: tonnes that a member's open buys may still bring it, for the position limit
        self.open_buys: dict[str, int] = {}
        #: open bids by their auction's name, oldest first
        self.bids: dict[Name, dict[Order, None]] = {}
        self._bands: tuple[int, tuple[int, int], tuple[int, int]] | None = None

    def side(self, side: str) -> Side:
        return self.buy if side == BUY else self.sell

    def opposite(self, side: str) -> Side:
        return self.sell if side == BUY else self.buy

    def price_band(self, *, block: bool = False) -> tuple[int, int]:
        """Lowest and highest price of the day for listed trades, or for blocks."""
        if self._bands is None or self._bands[0] != self.prev_close:
            self._bands = (
                self.prev_close,
                band(self.prev_close, self.parameters.band_bps),
                band(self.prev_close, self.parameters.block_band_bps),
            )
        _, listed, blocks = self._bands
        return blocks if block else listed

    def rest(self, order: Order) -> None:
        """Puts an open order where it waits: in the book, among its auction's bids, or outside both."""
        if order.rests_in_book:
            self.side(order.side).add(order)
        elif order.kind == "bid" and order.parent is not None:
            self.bids.setdefault(order.parent.name, {})[order] = None
        if order.side == BUY:
            self.open_buys[order.member] = self.open_buys.get(order.member, 0) + order.leaves

    def withdraw(self, order: Order) -> None:
        """Takes an open order away, before its leaves are set to nothing."""
        if order.rests_in_book:
            self.side(order.side).remove(order)
        elif order.kind == "bid" and order.parent is not None:
            del self.bids[order.parent.name][order]
        if order.side == BUY:
            self.open_buys[order.member] -= order.leaves

    def would_cross(self, side: str, price: int) -> bool:
        """Whether a listing at this price would reach the best opposite one, whoever owns it."""
        best = self.opposite(side).best()
        return best is not None and (price >= best if side == BUY else price <= best)

    def reach(self, member: str, side: str, limit: int) -> list[Level]:
        """The levels a take may consume (Listed agreement, take 1): five at most, none worse than the limit."""
        levels = []
        for level in self.opposite(side):
            if level.price > limit if side == BUY else level.price < limit:
                break
            if level.has_listing_not_of(member):
                levels.append(level)
                if len(levels) == self.parameters.levels:
                    break
        return levels

    def close_price(self) -> int:
        """The listed VWAP so far, half-up to the fen; the previous close without a listed trade."""
        day = self.day
        return round_half_up(day.turnover, day.volume) if day.volume else self.prev_close

    def last_price(self) -> int:
        """The last listed trade's price, or the previous close: what a vintage counts with in the composite."""
        return self.prev_close if self.day.last is None else self.day.last

    def bar(self, date: str) -> Bar:
        """The day in figures (End of day 2)."""
        day = self.day
        return Bar(
            self.code, date, self.prev_close if day.open is None else day.open, day.high, day.low,
            self.close_price(), self.prev_close, day.volume, day.turnover, day.trades,
            day.block_volume, day.block_turnover, day.block_trades,
            day.auction_volume, day.auction_turnover, day.auction_trades, day.last,
        )  # fmt: skip
