"""The day at a glance above the slider: listed volume by minute, as SVG of attributes and classes alone."""

import datetime as dt
from dataclasses import dataclass

from exchange.models import Instrument
from market_data.models import Candle

WIDTH, HEIGHT = 1_000, 40


@dataclass(frozen=True, slots=True)
class Column:
    """One minute; whole units of the view box."""

    x: int
    y: int
    height: int
    #: rose, fell or stayed within the minute
    way: str


def columns(instrument: Instrument, begins: dt.datetime, ends: dt.datetime) -> list[Column]:
    """Minutes with trades between the first and the last event of a day."""
    seconds = max(int((ends - begins).total_seconds()), 1)
    candles = Candle.objects.filter(
        instrument=instrument, start__gte=begins - dt.timedelta(minutes=1), start__lte=ends
    )
    rows = list(candles.order_by("start"))
    most = max((row.volume_t for row in rows), default=1)
    shown = []
    for row in rows:
        away = max(int((row.start - begins).total_seconds()), 0)
        height = max(HEIGHT * row.volume_t // most, 1)
        way = "up" if row.close_fen > row.open_fen else "down" if row.close_fen < row.open_fen else "same"
        shown.append(Column(min(away * WIDTH // seconds, WIDTH - 2), HEIGHT - height, height, way))
    return shown
