"""What can happen (replay-format.md: Events). Prices and money in fen, quantities in tonnes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exchange.matching.orders import Order


@dataclass(slots=True)
class Accepted:
    order: Order


@dataclass(slots=True)
class Rejected:
    member: str
    id: str
    reason: str


@dataclass(slots=True)
class Trade:
    """One fill at `price`; `no` counts the instrument's trades. `listing` was met by `taker`."""

    no: int
    code: str
    kind: str
    price: int
    qty: int
    buyer: Order
    seller: Order
    listing: Order
    taker: Order
    buyer_fee: int
    seller_fee: int


@dataclass(slots=True)
class Cancelled:
    order: Order
    qty: int


@dataclass(slots=True)
class Expired:
    order: Order
    qty: int


@dataclass(slots=True)
class PhaseSet:
    code: str
    phase: str


@dataclass(slots=True)
class Bar:
    """An instrument's day; `high` and `low` are None without a listed trade."""

    code: str
    date: str
    open: int
    high: int | None
    low: int | None
    close: int
    prev_close: int
    volume: int
    turnover: int
    trades: int
    block_volume: int
    block_turnover: int
    block_trades: int
    auction_volume: int
    auction_turnover: int
    auction_trades: int
    last: int | None = None


@dataclass(slots=True)
class CompositeBar:
    date: str
    open: int
    high: int
    low: int
    close: int
    prev_close: int


Event = Accepted | Rejected | Trade | Cancelled | Expired | PhaseSet | Bar | CompositeBar


@dataclass(slots=True)
class Move:
    """A ledger transfer that an event needs: `amount` of `asset` (fen or tonnes) between two purposes."""

    asset: str
    amount: int
    debit: str
    debit_purpose: str
    credit: str
    credit_purpose: str
    kind: str
    cause: str


def rejected(command: Mapping[str, Any], reason: str) -> Rejected:
    """The refusal of a member's command."""
    return Rejected(command["member"], command["id"], reason)
