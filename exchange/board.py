"""What the world sees of an instrument after an event: its quote and its book, in yuan and tonnes.

No name and no client id is in it; a listing is known by its public number.
"""

import datetime as dt
from itertools import islice
from typing import Any

from exchange.matching.book import Book, Side
from exchange.matching.events import Bar, Trade
from exchange.matching.money import round_half_up, yuan

#: Single listings shown in a level; `count` says how many there are.
LISTINGS_SHOWN = 50


def board_of(book: Book, bar: Bar, *, event: int, final: bool) -> dict[str, Any]:
    """The board after `event`. At the close `bar` is the final one, while the book is the next day's."""
    return {
        "event": event,
        "day": bar.date,
        "phase": book.phase,
        "quote": quote_of(bar, book, final=final),
        "book": {
            "buy": levels_of(book.buy, book.parameters.levels),
            "sell": levels_of(book.sell, book.parameters.levels),
        },
    }


def quote_of(bar: Bar, book: Book, *, final: bool) -> dict[str, Any]:
    """Last, open, high, low, close so far (VWAP), change against the previous close, and each method's figures.

    Of blocks nothing is told while the day is open: they are no part of the live quote (domain.md 1.5).
    """
    low, high = book.price_band()
    change = bar.close - bar.prev_close
    return {
        "last": _maybe(bar.last),
        "open": yuan(bar.open) if bar.trades else None,
        "high": _maybe(bar.high),
        "low": _maybe(bar.low),
        "close": yuan(bar.close),
        "prev_close": yuan(bar.prev_close),
        "change": yuan(change),
        "change_pct": percent(change, bar.prev_close),
        "volume": bar.volume,
        "turnover": yuan(bar.turnover),
        "trades": bar.trades,
        "block_volume": bar.block_volume if final else None,
        "block_turnover": yuan(bar.block_turnover) if final else None,
        "auction_volume": bar.auction_volume,
        "auction_turnover": yuan(bar.auction_turnover),
        "limit_up": yuan(high),
        "limit_down": yuan(low),
    }


def percent(part: int, whole: int) -> str:
    """`part / whole` in per cent with two places, half away from zero: "-6.73"."""
    sign = "-" if part < 0 else ""
    return sign + yuan(round_half_up(abs(part) * 10_000, whole))


def levels_of(side: Side, count: int) -> list[dict[str, Any]]:
    """The best levels, each with its oldest listings."""
    return [
        {
            "price": yuan(level.price),
            "qty": level.qty,
            "count": len(level.orders),
            "listings": [
                {"no": order.number, "qty": order.leaves} for order in islice(level.orders, LISTINGS_SHOWN)
            ],
        }
        for level in islice(side, count)
    ]


def trade_shown(trade: Trade, at: dt.datetime) -> dict[str, Any]:
    """A public trade."""
    return {
        "no": trade.no,
        "time": at.isoformat(),
        "price": yuan(trade.price),
        "qty": trade.qty,
        "kind": trade.kind,
    }


def _maybe(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen)
