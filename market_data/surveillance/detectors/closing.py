"""Small trades with a large effect: those that move the close (拉抬打压收盘价), and tiny ones at the band's edge.

The close is the average of all the day's listed trades, so a single tonne at the end of a quiet day can set it
(domain.md 1.3: CEA23 on 2026-02-06, 1 t at 77.00, close +10.00 %).

**Close move.** In the last `close_minutes` a member took at most `close_small_t` altogether, and without these trades
the close would be another by at least `close_move_bps` of the previous close. Without any trade it would be the
previous close itself.

**Edge.** All that traded at the upper (or lower) edge of the band on the day is at most `edge_small_t`: no price that
the market reached, but one that somebody wrote. Trades that a close move names already are left out.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from exchange.matching.money import round_half_up
from market_data.surveillance.rows import MOST_NAMED, Day, Finding, Leg, Trade
from market_data.surveillance.thresholds import Thresholds, some


def close_moves(day: Day, trades: Sequence[Trade], thresholds: Thresholds) -> Iterator[Finding]:
    """Takers whose few last tonnes moved the close. `trades` are listed, and hold at least the last minutes."""
    if day.ends is None:
        return
    since = day.ends - dt.timedelta(minutes=thresholds["close_minutes"])
    by_taker: dict[str, list[Trade]] = defaultdict(list)
    for trade in trades:
        if trade.at >= since:
            by_taker[trade.taker].append(trade)
    for taker, own in sorted(by_taker.items()):
        qty = sum(trade.qty for trade in own)
        turnover = sum(trade.qty * trade.price for trade in own)
        without = (
            round_half_up(day.turnover - turnover, day.volume - qty) if day.volume > qty else day.prev_close
        )
        moved = abs(day.close - without) * 10_000 // day.prev_close
        if qty <= thresholds["close_small_t"] and moved >= thresholds["close_move_bps"]:
            yield Finding(
                "close_move", f"{taker}|{'up' if day.close > without else 'down'}",
                ((taker, "taker"), *_owners(own)),
                {
                    "traded_t": qty, "price_fen": own[-1].price, "close_fen": day.close, "without_fen": without,
                    "prev_close_fen": day.prev_close, "moved_bps": moved, "volume_t": day.volume,
                    "at_edge_n": sum(trade.price in {day.low_edge, day.high_edge} for trade in own),
                },
                some(thresholds, "close_move"), (_span(day, own),), _numbers(own),
            )  # fmt: skip


def edge_trades(
    day: Day, trades: Sequence[Trade], thresholds: Thresholds, *, told: frozenset[int] = frozenset()
) -> Iterator[Finding]:
    """Tiny trades at an edge. `trades` are listed, and hold at least all those at an edge; `told` numbers are out."""
    for edge, name in ((day.low_edge, "low"), (day.high_edge, "high")):
        at_edge = [trade for trade in trades if trade.price == edge]
        qty = sum(trade.qty for trade in at_edge)
        if not 0 < qty <= thresholds["edge_small_t"] or all(trade.no in told for trade in at_edge):
            continue
        takers = sorted({trade.taker for trade in at_edge})
        yield Finding(
            "edge", f"{name}|{'|'.join(takers)}",
            (*((taker, "taker") for taker in takers), *(pair for pair in _owners(at_edge) if pair[0] not in takers)),
            {
                "traded_t": qty, "trades_n": len(at_edge), "price_fen": edge, "close_fen": day.close,
                "prev_close_fen": day.prev_close, "high_n": int(name == "high"),
            },
            some(thresholds, "edge"), (_span(day, at_edge),), _numbers(at_edge),
        )  # fmt: skip


def _owners(trades: Iterable[Trade]) -> list[tuple[str, str]]:
    """Whose listings were taken, each once."""
    return [(owner, "counterparty") for owner in sorted({trade.owner for trade in trades})]


def _numbers(trades: Sequence[Trade]) -> tuple[int, ...]:
    return tuple(trade.no for trade in trades[:MOST_NAMED])


def _span(day: Day, trades: Sequence[Trade]) -> Leg:
    return Leg(day.day, trades[0].event, trades[-1].event)
