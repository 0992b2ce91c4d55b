"""An invented past for the demo, shown as simulated: plausible, the same on every machine, and within every rule.

Single trades are thrown with dice of a fixed seed, from whole numbers alone, and each day's figures are
counted from them as the exchange would (trading-rules.md: End of day). Prices wander about rounded
year-end levels of public record; volumes swell before the year's deadline. No real quote is in here.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from exchange.history.series import FIRST_DAY, LAUNCH_PRICE_FEN, SERIES, Series, weights_on
from exchange.matching.composite import Composite
from exchange.matching.money import BPS, band, round_half_up

MASK = (1 << 64) - 1
#: Trades stay well inside ±10 %, blocks inside ±30 %.
WANDER_BPS = 600
SECONDS_OF_TRADE = 4 * 60 * 60

#: Rounded levels in fen, between which prices wander in a straight line.
NATIONAL = [
    (FIRST_DAY, 4_800), (dt.date(2021, 8, 2), 5_400), (dt.date(2021, 11, 1), 4_300), (dt.date(2021, 12, 31), 5_400),
    (dt.date(2022, 12, 30), 5_500), (dt.date(2023, 7, 3), 6_000), (dt.date(2023, 12, 29), 7_900),
    (dt.date(2024, 12, 31), 9_700), (dt.date(2025, 10, 31), 5_300), (dt.date(2025, 12, 31), 7_500),
    (dt.date(2026, 5, 13), 8_200), (dt.date(2026, 12, 31), 8_800),
]  # fmt: skip
CREDITS = [
    (dt.date(2024, 1, 22), 6_400),
    (dt.date(2024, 12, 31), 9_400),
    (dt.date(2025, 12, 31), 7_800),
    (dt.date(2026, 12, 31), 9_000),
]
SHANGHAI = [
    (FIRST_DAY, 4_000),
    (dt.date(2022, 12, 30), 5_800),
    (dt.date(2023, 12, 29), 7_200),
    (dt.date(2026, 12, 31), 7_400),
]
#: Older vintages stand a little apart, in fen.
OFFSET = {"CEA24": -60, "CEA23": -110, "CEA22": -140, "CEA21": -170}


@dataclass(frozen=True, slots=True)
class Figures:
    """One instrument's day. Prices and turnover in fen, volumes in tonnes; high, low, last None without a trade."""

    prev_close: int
    open: int
    high: int | None
    low: int | None
    last: int | None
    close: int
    volume: int
    turnover: int
    trades: int
    block_volume: int
    block_turnover: int
    block_trades: int


@dataclass(frozen=True, slots=True)
class CompositeFigures:
    """The composite's day, in fen."""

    prev_close: int
    open: int
    high: int
    low: int
    close: int


@dataclass(frozen=True, slots=True)
class SimulatedDay:
    """One trading day of all instruments that were listed by then."""

    day: dt.date
    figures: dict[str, Figures]
    composite: CompositeFigures


@dataclass(frozen=True, slots=True)
class Throw:
    """One listed trade: the second of the trading hours, price in fen, tonnes."""

    second: int
    price: int
    qty: int


class Dice:
    """SplitMix64: whole numbers alone, and the same on every machine and every Python."""

    def __init__(self, seed: str) -> None:
        self.state = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit` - 1."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        mixed = ((self.state ^ (self.state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        return (mixed ^ (mixed >> 31)) % limit

    def between(self, lowest: int, highest: int) -> int:
        """A whole number from `lowest` to `highest`, both included."""
        return lowest + self.below(highest - lowest + 1)

    def chance(self, percent: int) -> bool:
        return self.below(100) < percent

    def noise(self, price: int, bps: int) -> int:
        """Up to ± `bps` of a price, in fen; small more often than large."""
        reach = price * bps // BPS
        return (self.between(-reach, reach) + self.between(-reach, reach)) // 2


def simulate(days: Iterable[dt.date]) -> Iterator[SimulatedDay]:
    """Day after day, for trading days in order from the launch on."""
    closes: dict[str, int] = {}
    dice = {series.code: Dice(f"tanshi {series.code}") for series in SERIES}
    composite_close = LAUNCH_PRICE_FEN
    for day in days:
        figures: dict[str, Figures] = {}
        throws: list[tuple[int, str, int]] = []
        live = [series for series in SERIES if series.since <= day]
        before = {series.code: closes.get(series.code, level(series.code, day)) for series in live}
        for series in live:
            code = series.code
            listed = listed_trades(dice[code], series, day, before[code])
            figures[code] = count(listed, before[code], block(dice[code], series, day, before[code]))
            closes[code] = figures[code].close
            throws += [(throw.second, code, throw.price) for throw in listed]
        composite = composite_of(day, before, composite_close, throws, closes)
        composite_close = composite.close
        yield SimulatedDay(day, figures, composite)


def level(code: str, day: dt.date) -> int:
    """The price in fen about which an instrument wanders on a date."""
    anchors = {"CCER": CREDITS, "SHEA": SHANGHAI}.get(code, NATIONAL)
    offset = OFFSET.get(code, 0)
    for (begin, low), (end, high) in pairwise(anchors):
        if day <= end:
            return low + offset + (high - low) * max((day - begin).days, 0) // (end - begin).days
    return anchors[-1][1] + offset


def is_quiet(code: str, day: dt.date) -> bool:
    """Vintages that a newer one has taken over from."""
    newest = max(
        (row for row in SERIES if row.code.startswith("CEA") and row.since <= day), key=lambda row: row.since
    )
    return code.startswith("CEA") and newest.since != next(row.since for row in SERIES if row.code == code)


def season(day: dt.date) -> int:
    """How much busier the weeks before the deadline are."""
    return {10: 3, 11: 5, 12: 8}.get(day.month, 1)


def listed_trades(dice: Dice, series: Series, day: dt.date, prev: int) -> list[Throw]:
    """The day's listed trades in the order of time; none on some days, on more of them for older vintages."""
    idle = 35 if is_quiet(series.code, day) else 4
    if day != series.since and dice.chance(idle):
        return []
    lowest, highest = band(prev, WANDER_BPS)
    aim = prev + (level(series.code, day) - prev) // 5 + dice.noise(prev, 180)
    start = prev + dice.noise(prev, 120)
    number = dice.between(2, 8)
    seconds = sorted(dice.below(SECONDS_OF_TRADE) for _ in range(number))
    throws = []
    for index, second in enumerate(seconds):
        price = start + (aim - start) * index // number + dice.noise(prev, 60)
        qty = dice.between(1, 60) * 10 ** dice.between(1, 2) * season(day)
        throws.append(Throw(second, min(max(price, lowest), highest), qty))
    return throws


def block(dice: Dice, series: Series, day: dt.date, prev: int) -> tuple[int, int] | None:
    """Tonnes and fen of the day's block trade, if there is one; most are a little below the market."""
    if not series.code.startswith("CEA") or not dice.chance(3 * season(day)):
        return None
    qty = dice.between(100, 900) * 1_000
    return qty, qty * round_half_up(prev * dice.between(8_600, 10_200), BPS)


def count(listed: list[Throw], prev: int, blocks: tuple[int, int] | None) -> Figures:
    """The day's figures as the rules count them."""
    volume = sum(throw.qty for throw in listed)
    turnover = sum(throw.qty * throw.price for throw in listed)
    prices = [throw.price for throw in listed]
    block_volume, block_turnover = blocks or (0, 0)
    return Figures(
        prev_close=prev,
        open=prices[0] if prices else prev,
        high=max(prices, default=None),
        low=min(prices, default=None),
        last=prices[-1] if prices else None,
        close=round_half_up(turnover, volume) if volume else prev,
        volume=volume,
        turnover=turnover,
        trades=len(listed),
        block_volume=block_volume,
        block_turnover=block_turnover,
        block_trades=1 if blocks else 0,
    )


def composite_of(
    day: dt.date,
    before: dict[str, int],
    prev: int,
    throws: list[tuple[int, str, int]],
    closes: dict[str, int],
) -> CompositeFigures:
    """The composite, recomputed at every trade by the exchange's own rule."""
    composite = Composite(weights_on(day), prev, before)
    for _, code, price in sorted(throws):
        composite.trade(code, price)
    bar = composite.bar(day.isoformat(), closes)
    return CompositeFigures(prev, bar.open, bar.high, bar.low, bar.close)
