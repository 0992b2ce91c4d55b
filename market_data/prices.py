"""Reads for the pages: each instrument's price now, and the composite, as strings ready to show."""

import datetime as dt
from dataclasses import dataclass

from exchange.matching.money import yuan
from exchange.models import CompositeBar, Instrument, InstrumentParameters
from market_data.boards import board_of


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One row of a price list. `direction` is up, down or flat, against the previous close."""

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
    quote = board_of(instrument)["quote"]
    change = quote["change"]
    return PriceLine(
        code=instrument.code,
        name=instrument.name,
        price=quote["last"] or quote["prev_close"],
        change=signed(change),
        change_pct=signed(quote["change_pct"]),
        direction=direction_of(change),
        volume_t=quote["volume"],
        turnover=quote["turnover"],
        phase=instrument.phase,
        phase_text=instrument.get_phase_display(),
    )


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
    day: dt.date
    close: str
    change: str
    direction: str
    source: str


def composite_line() -> CompositeLine | None:
    """The latest composite that was published, or none."""
    bar = CompositeBar.objects.order_by("-day").first()
    if bar is None:
        return None
    change = yuan(bar.close_fen - bar.prev_close_fen)
    return CompositeLine(bar.day, yuan(bar.close_fen), signed(change), direction_of(change), bar.source)


def parameters_of(instrument: Instrument, day: dt.date) -> InstrumentParameters:
    """Those that hold on `day`; an instrument without any uses the rules' defaults."""
    found = instrument.parameters.filter(valid_from__lte=day).order_by("-valid_from").first()
    return found or InstrumentParameters(instrument=instrument, valid_from=day)
