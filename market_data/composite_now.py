"""The composite while its day is open (综合价实时): recomputed at every listed trade of a vintage.

What has been told so far is kept in one row of the day and folded forward by whoever reads, as candles are. Trades
of several vintages that were committed in the same moment may be folded in another order than they were numbered,
so open, high and low are figures so far; the day's own are worked out from all its trades at the close
(composite_day.composite_of).
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from exchange.board import percent
from exchange.matching.composite import Composite
from exchange.matching.money import yuan
from exchange.models import Bar, CompositeBar, Instrument, Trade
from market_data.boards import open_day
from market_data.composite_day import opening_of, weights_on
from market_data.models import CompositeSoFar


@dataclass(frozen=True, slots=True)
class Part:
    """A vintage in the composite: its price in fen is its last trade's, or its previous close."""

    code: str
    weight: int
    price_fen: int
    traded: bool


@dataclass(frozen=True, slots=True)
class CompositeNow:
    """Prices in fen; `open_fen` is None before the first trade. `final` once the day was closed."""

    day: dt.date
    value_fen: int
    prev_close_fen: int
    open_fen: int | None
    high_fen: int
    low_fen: int
    parts: tuple[Part, ...]
    final: bool

    @property
    def weight(self) -> int:
        return sum(part.weight for part in self.parts)


def composite_now() -> CompositeNow | None:
    """Of the open day, so far; with no day open that of the last one. None where there is none."""
    day = open_day()
    if day is not None and (kept := fold(day)) is not None:
        return _so_far(kept)
    return _last()


def fold(day: dt.date) -> CompositeSoFar | None:
    """Brings the day's row up to the last committed trades of the vintages; None without weights."""
    weights = weights_on(day)
    if not weights:
        return None
    instruments = list(Instrument.objects.filter(code__in=weights).values_list("code", "pk", "trade_count"))
    with transaction.atomic():
        kept = _row(day, weights)
        behind = [(code, pk, until) for code, pk, until in instruments if kept.marks.get(code, 0) < until]
        if behind:
            _fold(kept, weights, behind)
            kept.save()
    return kept


def _row(day: dt.date, weights: dict[str, int]) -> CompositeSoFar:
    """The day's row, locked; begun anew if the weights are of other vintages by now."""
    opening = opening_of(day, weights)
    fresh = {
        "marks": {}, "prices": opening.prices, "prev_close_fen": opening.prev_close, "open_fen": None,
        "high_fen": opening.prev_close, "low_fen": opening.prev_close,
    }  # fmt: skip
    kept, _made = CompositeSoFar.objects.select_for_update().get_or_create(day=day, defaults=fresh)
    if set(kept.prices) != set(weights):
        for name, value in fresh.items():
            setattr(kept, name, value)
    return kept


def _fold(kept: CompositeSoFar, weights: dict[str, int], behind: list[tuple[str, int, int]]) -> None:
    composite = Composite(weights, kept.prev_close_fen, kept.prices)
    composite.open, composite.high, composite.low = kept.open_fen, kept.high_fen, kept.low_fen
    new = Q()
    for code, pk, until in behind:
        new |= Q(instrument=pk, no__gt=kept.marks.get(code, 0), no__lte=until)
    trades = Trade.objects.filter(new, day=kept.day, kind=Trade.Kind.LISTED).order_by("event")
    for code, price_fen in trades.values_list("instrument__code", "price_fen").iterator():
        composite.trade(code, price_fen)
    kept.open_fen, kept.high_fen, kept.low_fen = composite.open, composite.high, composite.low
    kept.prices = composite.prices
    kept.marks = {**kept.marks, **{code: until for code, _pk, until in behind}}


def _so_far(kept: CompositeSoFar) -> CompositeNow:
    weights = weights_on(kept.day) or {}
    opening = opening_of(kept.day, weights)
    traded = dict(
        Bar.objects.filter(day=kept.day, instrument__code__in=weights).values_list(
            "instrument__code", "trades"
        )
    )
    return CompositeNow(
        day=kept.day, value_fen=opening.value(kept.prices), prev_close_fen=kept.prev_close_fen, open_fen=kept.open_fen,
        high_fen=kept.high_fen, low_fen=kept.low_fen, final=False,
        parts=tuple(Part(code, weight, kept.prices[code], bool(traded.get(code))) for code, weight in weights.items()),
    )  # fmt: skip


def _last() -> CompositeNow | None:
    bar = CompositeBar.objects.order_by("-day").first()
    if bar is None:
        return None
    weights = weights_on(bar.day) or {}
    bars = {
        row.instrument.code: row
        for row in Bar.objects.filter(day=bar.day, instrument__code__in=weights).select_related("instrument")
    }
    before = opening_of(bar.day, weights).prices if weights else {}
    return CompositeNow(
        day=bar.day, value_fen=bar.close_fen, prev_close_fen=bar.prev_close_fen, open_fen=bar.open_fen,
        high_fen=bar.high_fen, low_fen=bar.low_fen, final=True,
        parts=tuple(
            Part(code, weight, bars[code].close_fen if code in bars else before[code], code in bars and bars[code].trades > 0)
            for code, weight in weights.items()
        ),
    )  # fmt: skip


def shown(now: CompositeNow) -> dict[str, Any]:
    """As the API and the feed say it: prices in yuan."""
    change = now.value_fen - now.prev_close_fen
    return {
        "day": now.day.isoformat(),
        "price": yuan(now.value_fen),
        "open": None if now.open_fen is None else yuan(now.open_fen),
        "high": yuan(now.high_fen),
        "low": yuan(now.low_fen),
        "prev_close": yuan(now.prev_close_fen),
        "change": yuan(change),
        "change_pct": percent(change, now.prev_close_fen),
        "final": now.final,
        "parts": [
            {
                "instrument": part.code,
                "weight": part.weight,
                "price": yuan(part.price_fen),
                "traded": part.traded,
            }
            for part in now.parts
        ],
    }
