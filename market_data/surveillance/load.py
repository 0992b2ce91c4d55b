"""From the tables to the detectors' plain rows: sums where sums are enough, single rows only where they can matter.

A day may have a million trades; nothing here reads them one by one but those of the last minutes, of blocks, at an
edge of the band, and of members that took back many tonnes.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection

from exchange.matching.money import band
from exchange.models import Bar, Event, Instrument, TradingDay
from market_data.boards import parameters_of
from market_data.surveillance.rows import Day, Declared, Flow, Trade, Withdrawn

TRADING = {Instrument.Phase.MORNING.value, Instrument.Phase.AFTERNOON.value}

TRADE = """
    SELECT trade.no, trade.price_fen, trade.qty_t, buyer.code, seller.code, taker.code, trade.event, trade.at
    FROM exchange_trade trade
    JOIN exchange_order met ON met.command_id = trade.taker_id
    JOIN accounts_organisation buyer ON buyer.id = trade.buyer_id
    JOIN accounts_organisation seller ON seller.id = trade.seller_id
    JOIN accounts_organisation taker ON taker.id = met.organisation_id
    WHERE trade.instrument_id = %(instrument)s AND trade.day = %(day)s AND trade.kind = %(kind)s
"""
FLOWS = """
    SELECT day, seller.code, buyer.code, qty, turnover, trades, first_event, last_event, listed
    FROM (
        SELECT day, seller_id, buyer_id, sum(qty_t)::bigint AS qty, sum(qty_t * price_fen)::bigint AS turnover,
               count(*) AS trades, min(event) AS first_event, max(event) AS last_event,
               coalesce(sum(qty_t) FILTER (WHERE kind = 'listed'), 0)::bigint AS listed
        FROM exchange_trade
        WHERE instrument_id = %(instrument)s AND day = ANY(%(days)s) AND kind <> 'auction'
        GROUP BY day, seller_id, buyer_id
    ) sums
    JOIN accounts_organisation seller ON seller.id = sums.seller_id
    JOIN accounts_organisation buyer ON buyer.id = sums.buyer_id
    ORDER BY day, first_event, seller.code, buyer.code
"""
WITHDRAWN = """
    SELECT own.command_id, member.code, own.side, own.price_fen, own.qty_t, event.qty_t,
           own.accepted_event, accepted.at, event.no, event.at
    FROM exchange_event event
    JOIN exchange_command command ON command.id = event.command_id AND command.kind = 'cancel'
    JOIN exchange_order own ON own.command_id = event.order_id AND own.kind IN ('list', 'take')
    JOIN exchange_event accepted ON accepted.no = own.accepted_event AND accepted.day = event.day
    JOIN accounts_organisation member ON member.id = own.organisation_id
    WHERE event.instrument_id = %(instrument)s AND event.day = %(day)s AND event.kind = 'cancelled'
    ORDER BY own.accepted_event
"""
# What a take does not list is never in the book, so it is not declared to anybody.
DECLARED = """
    SELECT member.code, sum(own.qty_t)::bigint, count(*)
    FROM exchange_order own
    JOIN exchange_command command ON command.id = own.command_id
    JOIN accounts_organisation member ON member.id = own.organisation_id
    WHERE own.instrument_id = %(instrument)s AND own.day = %(day)s
      AND (own.kind = 'list' OR own.kind = 'take' AND command.body ->> 'remainder' = 'list')
    GROUP BY member.code
"""


def rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def days_of(day: dt.date, count: int) -> tuple[dt.date, ...]:
    """The last `count` trading days of this market up to `day`, the earliest first."""
    found = TradingDay.objects.filter(day__lte=day).order_by("-day").values_list("day", flat=True)[:count]
    return tuple(reversed(found))


def day_of(instrument: Instrument, day: dt.date, closes: int) -> Day | None:
    """The instrument's day with so many closes before it; None where it has no final figures."""
    bar = Bar.objects.filter(instrument=instrument, day=day, final=True).first()
    if bar is None:
        return None
    parameters = parameters_of([instrument], day)[instrument.pk]
    low, high = band(bar.prev_close_fen, parameters.band_bps)
    before = Bar.objects.filter(instrument=instrument, day__lt=day, final=True).order_by("-day")
    return Day(
        code=instrument.code, day=day, prev_close=bar.prev_close_fen, close=bar.close_fen, low_edge=low,
        high_edge=high, volume=bar.volume_t, turnover=bar.turnover_fen, ends=trade_ends(instrument, day),
        closes_before=tuple(before.values_list("close_fen", flat=True)[:closes]),
        position_limit=parameters.position_limit_t,
    )  # fmt: skip


def trade_ends(instrument: Instrument, day: dt.date) -> dt.datetime | None:
    """When trade ended: the last change from a phase that trades to one that does not."""
    ends, traded = None, False
    changes = Event.objects.filter(instrument=instrument, day=day, kind=Event.Kind.PHASE).order_by("no")
    for phase, at in changes.values_list("reason", "at"):
        if traded and phase not in TRADING:
            ends = at
        traded = phase in TRADING
    if traded:
        last = Event.objects.filter(instrument=instrument, day=day, kind=Event.Kind.CLOSED).order_by("-no")
        ends = last.values_list("at", flat=True).first() or ends
    return ends


def flows(instrument: Instrument, days: Sequence[dt.date]) -> list[Flow]:
    return [Flow(*row) for row in rows(FLOWS, instrument=instrument.pk, days=list(days))]


def withdrawn(instrument: Instrument, day: dt.date) -> list[Withdrawn]:
    return [Withdrawn(*row) for row in rows(WITHDRAWN, instrument=instrument.pk, day=day)]


def declared(instrument: Instrument, day: dt.date) -> list[Declared]:
    return [Declared(*row) for row in rows(DECLARED, instrument=instrument.pk, day=day)]


def listed_since(instrument: Instrument, day: dt.date, since: dt.datetime) -> list[Trade]:
    """Listed trades from a time on."""
    statement = f"{TRADE} AND trade.at >= %(since)s ORDER BY trade.no"
    return _trades(statement, instrument, day, "listed", since=since)


def listed_at(instrument: Instrument, day: dt.date, price: int, most: int) -> list[Trade]:
    """The first `most` listed trades at a price."""
    statement = f"{TRADE} AND trade.price_fen = %(price)s ORDER BY trade.no LIMIT %(most)s"
    return _trades(statement, instrument, day, "listed", price=price, most=most)


def listed_of(instrument: Instrument, day: dt.date, members: Sequence[str]) -> list[Trade]:
    """Listed trades of some members."""
    if not members:
        return []
    statement = (
        f"{TRADE} AND (buyer.code = ANY(%(members)s) OR seller.code = ANY(%(members)s)) ORDER BY trade.no"
    )
    return _trades(statement, instrument, day, "listed", members=list(members))


def blocks(instrument: Instrument, day: dt.date) -> list[Trade]:
    return _trades(f"{TRADE} ORDER BY trade.no", instrument, day, "block")


def _trades(statement: str, instrument: Instrument, day: dt.date, kind: str, **values: Any) -> list[Trade]:
    found = rows(statement, instrument=instrument.pk, day=day, kind=kind, **values)
    return [Trade(*row) for row in found]
