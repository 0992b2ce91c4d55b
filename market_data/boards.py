"""Reads of what the world sees of an instrument: one row, whatever the number of orders behind it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from exchange import clock, sessions
from exchange.matching.money import band, yuan
from exchange.models import Instrument, InstrumentParameters, Trade, TradingDay

EMPTY_QUOTE: dict[str, Any] = {
    "last": None, "open": None, "high": None, "low": None, "change": "0.00", "change_pct": "0.00",
    "volume": 0, "turnover": "0.00", "trades": 0, "block_volume": None, "block_turnover": None,
    "auction_volume": 0, "auction_turnover": "0.00",
}  # fmt: skip


def board_of(instrument: Instrument) -> dict[str, Any]:
    """The committed board; before an instrument's first event one with its previous close alone."""
    board: dict[str, Any] = instrument.board
    if board:
        return board
    low, high = band(instrument.prev_close_fen, 1_000)
    close = yuan(instrument.prev_close_fen)
    edges = {"limit_up": yuan(high), "limit_down": yuan(low)}
    return {
        "event": instrument.last_event,
        "day": clock.today().isoformat(),
        "phase": instrument.phase,
        "quote": {**EMPTY_QUOTE, "close": close, "prev_close": close, **edges},
        "book": {"buy": [], "sell": []},
    }


def open_day() -> dt.date | None:
    """The day that is open; its block and auction trades are not public yet."""
    return TradingDay.objects.filter(status=TradingDay.Status.OPEN).values_list("day", flat=True).first()


def public_trades(instrument: Instrument) -> QuerySet[Trade]:
    """Listed trades at once; block and auction trades after their day. Newest first."""
    day = open_day()
    shown = Q(kind=Trade.Kind.LISTED) if day is None else Q(kind=Trade.Kind.LISTED) | Q(day__lt=day)
    if day is None:
        shown = Q()
    return Trade.objects.filter(shown, instrument=instrument).order_by("-no")


def trade_shown(trade: Trade) -> dict[str, Any]:
    """A public trade: no names."""
    return {
        "no": trade.no,
        "time": trade.at.astimezone(clock.BEIJING).isoformat(),
        "price": yuan(trade.price_fen),
        "qty": trade.qty_t,
        "kind": trade.kind,
    }


def next_phase() -> dict[str, str | None]:
    """What the timetable says comes next, and when."""
    coming = sessions.next_phase(clock.now())
    return {
        "next_phase": coming[0] if coming else None,
        "next_at": coming[1].isoformat() if coming else None,
    }


def parameters_of(instruments: Iterable[Instrument], day: dt.date) -> dict[int, InstrumentParameters]:
    """The parameters of each instrument that hold on `day`, the rules' defaults where it has none."""
    instruments = list(instruments)
    rows = InstrumentParameters.objects.filter(instrument__in=instruments, valid_from__lte=day)
    found = {row.instrument_id: row for row in rows.order_by("valid_from")}
    return {
        instrument.pk: found.get(instrument.pk) or InstrumentParameters(instrument=instrument, valid_from=day)
        for instrument in instruments
    }
