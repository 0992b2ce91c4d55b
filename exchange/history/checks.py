"""What the trading rules let us check in a day's bulletin. Nothing here refuses a row; it says what does not fit."""

import datetime as dt
from collections.abc import Iterator, Mapping

from exchange.history.bulletins import BulletinRow, Finding, Method
from exchange.history.series import FIRST_DAY, LAUNCH_PRICE_FEN
from exchange.matching.money import band, round_half_up, yuan

BAND_BPS = 1_000
BLOCK_BAND_BPS = 3_000
BLOCK_MIN_T = 100_000

#: For every trading day, the trading day before it; a date that is not a key is no trading day.
Previous = Mapping[dt.date, dt.date | None]


def check_all(rows: list[BulletinRow], previous: Previous) -> list[Finding]:
    """The findings on rows that stand in the order of their dates."""
    findings = []
    before: BulletinRow | None = None
    for row in rows:
        # Only the day before can be compared with: files have gaps.
        known = before if before and previous.get(row.day) == before.day else None
        findings += [
            Finding(row.line, f"{row.day} {text}") for text in check(row, known, row.day in previous)
        ]
        before = row
    return findings


def check(row: BulletinRow, before: BulletinRow | None, is_trading_day: bool) -> Iterator[str]:
    """What does not fit in one row; `before` is the bulletin of the previous trading day, if there is one."""
    if not is_trading_day:
        yield "is no trading day of the calendar"
    yield from sums(row)
    if row.basis == "listed":
        yield from listed_close(row)
    yield from order_of_prices(row)
    prev_close = previous_close(row, before)
    if prev_close is not None:
        if row.listed.volume_t == 0 and row.close_fen != prev_close:
            yield f"no listed trade, but close {yuan(row.close_fen)} is not the previous close {yuan(prev_close)}"
        if row.basis == "listed":
            yield from bands(row, prev_close)
    yield from cumulative(row, before)


def previous_close(row: BulletinRow, before: BulletinRow | None) -> int | None:
    """In fen; the launch day's is the listing reference price. None across a gap or a change of basis."""
    if row.day == FIRST_DAY:
        return LAUNCH_PRICE_FEN
    return before.close_fen if before and before.basis == row.basis else None


def sums(row: BulletinRow) -> Iterator[str]:
    """Totals are the sum of the methods; money and tonnes come together; a block is at least 100 000 t."""
    methods = {"listed": row.listed, "block": row.block, "auction": row.auction}
    for name, method in methods.items():
        if (method.volume_t == 0) != (method.turnover_fen == 0):
            yield f"{name}: {method.volume_t} t for {yuan(method.turnover_fen)} yuan"
    volume = sum(method.volume_t for method in methods.values())
    turnover = sum(method.turnover_fen for method in methods.values())
    if volume != row.total.volume_t:
        yield f"total {row.total.volume_t} t, but the methods make {volume} t"
    if turnover != row.total.turnover_fen:
        yield f"total {yuan(row.total.turnover_fen)} yuan, but the methods make {yuan(turnover)}"
    if 0 < row.block.volume_t < BLOCK_MIN_T:
        yield f"block volume {row.block.volume_t} t is below the least block of {BLOCK_MIN_T} t"


def listed_close(row: BulletinRow) -> Iterator[str]:
    """close = listed turnover ÷ listed volume, half-up (trading-rules.md: End of day 2)."""
    if row.listed.volume_t:
        average = round_half_up(row.listed.turnover_fen, row.listed.volume_t)
        if average != row.close_fen:
            yield f"close {yuan(row.close_fen)}, but turnover ÷ volume is {yuan(average)}"


def order_of_prices(row: BulletinRow) -> Iterator[str]:
    """low ≤ open ≤ high and low ≤ close ≤ high, where printed."""
    for name, price in (("open", row.open_fen), ("close", row.close_fen)):
        if price is None:
            continue
        if row.low_fen is not None and price < row.low_fen:
            yield f"{name} {yuan(price)} is below low {yuan(row.low_fen)}"
        if row.high_fen is not None and price > row.high_fen:
            yield f"{name} {yuan(price)} is above high {yuan(row.high_fen)}"


def bands(row: BulletinRow, prev_close: int) -> Iterator[str]:
    """Listed prices within ±10 % of the previous close, blocks ±30 %, auctions ±10 % (edges half-up)."""
    lowest, highest = band(prev_close, BAND_BPS)
    for name, price in (("open", row.open_fen), ("high", row.high_fen), ("low", row.low_fen)):
        if price is not None and not lowest <= price <= highest:
            yield f"{name} {yuan(price)} is outside {yuan(lowest)}–{yuan(highest)}"
    for name, method, bps in (("block", row.block, BLOCK_BAND_BPS), ("auction", row.auction, BAND_BPS)):
        if average := outside(method, *band(prev_close, bps)):
            yield f"{name}: average {average} is outside ±{bps // 100} % of {yuan(prev_close)}"


def outside(method: Method, lowest: int, highest: int) -> str | None:
    """The average price if it lies outside, compared without rounding; None if it does not."""
    if lowest * method.volume_t <= method.turnover_fen <= highest * method.volume_t:
        return None
    return yuan(round_half_up(method.turnover_fen, method.volume_t)) if method.volume_t else None


def cumulative(row: BulletinRow, before: BulletinRow | None) -> Iterator[str]:
    """cumulative = the day before's + the day's total; on the launch day the total itself."""
    if before is None and row.day != FIRST_DAY:
        return
    start = before.cumulative if before else Method(0, 0)
    volume = start.volume_t + row.total.volume_t
    turnover = start.turnover_fen + row.total.turnover_fen
    if row.cumulative.volume_t != volume:
        yield f"cumulative {row.cumulative.volume_t} t, but the sum is {volume} t"
    if row.cumulative.turnover_fen != turnover:
        yield f"cumulative {yuan(row.cumulative.turnover_fen)} yuan, but the sum is {yuan(turnover)}"
