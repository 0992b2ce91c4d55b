"""Reads for the pages and the feed of all instruments: each one's price now, and the composite's."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from exchange.board import percent
from exchange.matching.money import parse_price, yuan
from exchange.models import Instrument, InstrumentParameters
from market_data.boards import board_of
from market_data.composite_day import COMPOSITE_CODE
from market_data.composite_now import CompositeNow, composite_now


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One row of a price list, ready to show; the change is the price's against the previous close."""

    code: str
    name: str
    price: str
    change: str
    change_pct: str
    direction: str
    volume_t: int
    turnover: str
    phase: str
    phase_text: str


def price_lines() -> list[PriceLine]:
    """Every instrument in the pages' order."""
    return [price_line(instrument) for instrument in Instrument.objects.order_by("rank", "code")]


def price_line(instrument: Instrument) -> PriceLine:
    board = board_of(instrument)
    price = price_of(instrument.code, board)
    return PriceLine(
        code=instrument.code,
        name=instrument.name,
        price=price["price"],
        change=signed(price["change"]),
        change_pct=signed(price["change_pct"]),
        direction=direction_of(price["change"]),
        volume_t=price["volume"],
        turnover=board["quote"]["turnover"],
        phase=instrument.phase,
        phase_text=instrument.get_phase_display(),
    )


def price_of(code: str, board: dict[str, Any]) -> dict[str, Any]:
    """The last price, or before the first trade the previous close, and how far it is from the previous close.

    The quote's own change is that of the close so far (VWAP); beside a last price it would contradict it.
    """
    quote = board["quote"]
    price, prev = quote["last"] or quote["prev_close"], quote["prev_close"]
    now_fen, prev_fen = parse_price(price), parse_price(prev)
    assert now_fen is not None, price
    assert prev_fen, prev
    return {
        "instrument": code,
        "price": price,
        "prev_close": prev,
        "change": yuan(now_fen - prev_fen),
        "change_pct": percent(now_fen - prev_fen, prev_fen),
        "traded": quote["last"] is not None,
        "volume": quote["volume"],
        "phase": board["phase"],
    }


def direction_of(change: str) -> str:
    """`change` is a decimal string with two places."""
    if change.strip("-0.") == "":
        return "flat"
    return "down" if change.startswith("-") else "up"


def signed(value: str) -> str:
    """A plus before what is above zero: colour alone must never say it."""
    return f"+{value}" if direction_of(value) == "up" else value.replace("-", "−")


@dataclass(frozen=True, slots=True)
class CompositeLine:
    """The composite in a price list; `final` where it is a close."""

    code: str
    day: dt.date
    price: str
    change: str
    change_pct: str
    direction: str
    final: bool


def composite_line(now: CompositeNow | None = None) -> CompositeLine | None:
    """The composite of the open day so far, else the last day's close; None without one."""
    now = now or composite_now()
    if now is None:
        return None
    change_fen = now.value_fen - now.prev_close_fen
    change = yuan(change_fen)
    pct = percent(change_fen, now.prev_close_fen)
    return CompositeLine(
        COMPOSITE_CODE,
        now.day,
        yuan(now.value_fen),
        signed(change),
        signed(pct),
        direction_of(change),
        now.final,
    )


def parameters_of(instrument: Instrument, day: dt.date) -> InstrumentParameters:
    """Those that hold on `day`; an instrument without any uses the rules' defaults."""
    found = instrument.parameters.filter(valid_from__lte=day).order_by("-valid_from").first()
    return found or InstrumentParameters(instrument=instrument, valid_from=day)
