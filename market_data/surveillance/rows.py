"""Plain rows that detectors read, and what they find. Pure: prices in fen, quantities in tonnes, times aware.

A member is told by its code. Event numbers rise through the day, so that two of them span a piece of it.
"""

import datetime as dt
from dataclasses import dataclass, field

BUY, SELL = "buy", "sell"


@dataclass(frozen=True, slots=True)
class Day:
    """One instrument's settled day. `low_edge` and `high_edge` are the listed band, `ends` the end of its trade."""

    code: str
    day: dt.date
    prev_close: int
    close: int
    low_edge: int
    high_edge: int
    #: of listed trades
    volume: int
    turnover: int
    ends: dt.datetime | None = None
    #: closes of earlier trading days, the latest first
    closes_before: tuple[int, ...] = ()
    position_limit: int | None = None


@dataclass(frozen=True, slots=True)
class Trade:
    """One fill. `taker` is the member who met the other's listing."""

    no: int
    price: int
    qty: int
    buyer: str
    seller: str
    taker: str
    event: int
    at: dt.datetime

    @property
    def owner(self) -> str:
        """Whose listing was met."""
        return self.seller if self.taker == self.buyer else self.buyer

    def side_of(self, member: str) -> str:
        return BUY if member == self.buyer else SELL


@dataclass(frozen=True, slots=True)
class Flow:
    """What one member sold to another on one day, auctions apart, with its first and last event."""

    day: dt.date
    seller: str
    buyer: str
    qty: int
    turnover: int
    trades: int
    first_event: int
    last_event: int
    #: of it, in tonnes by listed trades alone
    listed: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A listing that its own member cancelled. `qty` is what was declared, `left` what was taken back."""

    number: int
    member: str
    side: str
    price: int
    qty: int
    left: int
    accepted_event: int
    accepted_at: dt.datetime
    cancelled_event: int
    cancelled_at: dt.datetime

    @property
    def seconds(self) -> float:
        """How long it stood."""
        return (self.cancelled_at - self.accepted_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Declared:
    """All tonnes that a member declared in listings of the day."""

    member: str
    qty: int
    orders: int


@dataclass(frozen=True, slots=True)
class Held:
    """A member's holding at the end of the day and at the end of the day before.

    `position`: of one instrument, what can trade (available, locked, bought); `total`: of all allowances, wherever
    they lie. `allocation`: what it was allocated for its latest year; 0 for who is no emitter.
    """

    member: str
    now: int
    before: int
    allocation: int = 0


@dataclass(frozen=True, slots=True)
class Leg:
    """Where in which day to look."""

    day: dt.date
    first_event: int
    last_event: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What a detector saw. `key` is the same whenever the same thing is found again.

    `figures` are whole numbers by name (the names end in their unit: `_t`, `_fen`, `_bps`, `_n`), and `thresholds`
    those that were compared, so that a reader can check the comparison by hand.
    """

    kind: str
    key: str
    parties: tuple[tuple[str, str], ...]
    figures: dict[str, int]
    thresholds: dict[str, int]
    legs: tuple[Leg, ...] = ()
    trades: tuple[int, ...] = ()
    orders: tuple[int, ...] = field(default=())


#: Trades and orders named in one finding; the figures count all of them.
MOST_NAMED = 100


def share_bps(part: int, whole: int) -> int:
    """`part` of `whole` in basis points, rounded down: a threshold is reached or it is not. 0 of nothing."""
    return part * 10_000 // whole if whole else 0


def away_bps(price: int, reference: int) -> int:
    """How far a price lies from a reference, either way, in basis points, rounded down."""
    return abs(price - reference) * 10_000 // reference
