"""What one side of a block would lock, pay and get: advice before it is sent (trading-rules.md: Money and holdings)."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import Organisation
from exchange import timetable
from exchange.block.terms import book_of
from exchange.matching.money import fee
from exchange.models import Instrument, Order
from registry.models import Account, Asset


@dataclass(frozen=True)
class Preview:
    """Money in fen, quantities in tonnes. `total_fen` is what a buyer pays and a seller gets."""

    side: str
    price_fen: int
    qty_t: int
    amount_fen: int
    fee_fen: int
    total_fen: int
    #: in fen of a buy, in tonnes of a sell
    available: int
    needed: int
    left: int
    #: from when what is bought can be sold
    sellable_from: dt.date | None
    #: lowest and highest price of a block today, and its least quantity
    band_fen: tuple[int, int]
    least_t: int

    @property
    def buys(self) -> bool:
        return self.side == Order.Side.BUY

    @property
    def enough(self) -> bool:
        return self.left >= 0


@dataclass(frozen=True)
class Limits:
    """What a block of an instrument must keep to today, and what one could sell of it."""

    code: str
    low_fen: int
    high_fen: int
    least_t: int
    free_t: int


def limits(house: Organisation) -> list[Limits]:
    """Of every instrument."""
    found = []
    for instrument in Instrument.objects.order_by("rank", "code").defer("board"):
        book = book_of(instrument)
        low, high = book.price_band(block=True)
        least = book.parameters.block_min_qty
        found.append(Limits(instrument.code, low, high, least, free(house, instrument.asset_id)))
    return found


def preview(house: Organisation, instrument: Instrument, side: str, price_fen: int, qty_t: int) -> Preview:
    """For an organisation that would buy or sell at these terms now."""
    book = book_of(instrument)
    amount = price_fen * qty_t
    charged = fee(amount, book.parameters.fee_bps)
    buys = side == Order.Side.BUY
    needed = amount + charged if buys else qty_t
    available = free(house, Asset.CNY if buys else instrument.asset_id)
    return Preview(
        side=side, price_fen=price_fen, qty_t=qty_t, amount_fen=amount, fee_fen=charged,
        total_fen=amount + charged if buys else amount - charged, available=available, needed=needed,
        left=available - needed, sellable_from=_sellable_from() if buys else None,
        band_fen=book.price_band(block=True), least_t=book.parameters.block_min_qty,
    )  # fmt: skip


def free(house: Organisation, asset: str) -> int:
    """Fen or tonnes that can be used for trading now."""
    found = Account.objects.filter(holder=house, asset=asset, purpose=Account.Purpose.TRADING)
    return found.values_list("balance", flat=True).first() or 0


def _sellable_from() -> dt.date | None:
    day = timetable.current_day()
    try:
        return timetable.next_trading_day(day.day) if day else None
    except timetable.SessionError:
        return None
