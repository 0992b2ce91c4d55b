"""Prices that stand apart: blocks far from the close, and a close that ran away over some days.

**Far block.** A block's price lies at least `block_far_bps` from the day's close of its instrument.

**Price move.** The close lies at least `move_bps` from the one `move_days` trading days before, and the day before it
did not yet.
"""

from collections.abc import Iterator, Sequence

from market_data.surveillance.rows import Day, Finding, Leg, Trade, away_bps
from market_data.surveillance.thresholds import Thresholds, some


def far_blocks(day: Day, blocks: Sequence[Trade], thresholds: Thresholds) -> Iterator[Finding]:
    """Each block trade far from the close."""
    for trade in blocks:
        away = away_bps(trade.price, day.close)
        if away >= thresholds["block_far_bps"]:
            yield Finding(
                "far_block", str(trade.no), ((trade.buyer, "buyer"), (trade.seller, "seller")),
                {
                    "traded_t": trade.qty, "price_fen": trade.price, "close_fen": day.close,
                    "prev_close_fen": day.prev_close, "away_bps": away,
                },
                some(thresholds, "far_block"), (Leg(day.day, trade.event, trade.event),), (trade.no,),
            )  # fmt: skip


def price_moves(day: Day, thresholds: Thresholds) -> Iterator[Finding]:
    """One finding where the close has run away; it concerns nobody by name."""
    closes, days, least = (day.close, *day.closes_before), thresholds["move_days"], thresholds["move_bps"]
    if len(closes) <= days:
        return
    moved = away_bps(closes[0], closes[days])
    moved_before = away_bps(closes[1], closes[days + 1]) if len(closes) > days + 1 else 0
    if moved >= least > moved_before:
        yield Finding(
            "price_move", "up" if closes[0] > closes[days] else "down", (),
            {"close_fen": closes[0], "since_fen": closes[days], "moved_bps": moved, "days_n": days},
            some(thresholds, "price_move"),
        )  # fmt: skip
