"""The exchange's log at any event: what stood, what had traded, what came next. Indexed reads, whatever the day's size."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.db import connection

from exchange.matching.money import parse_price
from exchange.models import Event, Instrument
from market_data.replay.fold import Happened, Quote, Standing

SIDES = {"buy", "sell"}
#: Events of one reading.
PAGE = 500

EVENTS = """
    SELECT event.no, event.at, event.command_id, command.kind, event.kind, own.command_id, coalesce(own.kind, ''),
           coalesce(own.side, command.body ->> 'side', ''), coalesce(trade.price_fen, own.price_fen),
           coalesce(event.qty_t, own.qty_t), coalesce(member.code, ''), coalesce(other.code, ''),
           event.trade_no, coalesce(trade.kind, ''), event.reason,
           command.body ->> 'price', command.body ->> 'qty'
    FROM exchange_event event
    JOIN exchange_command command ON command.id = event.command_id
    LEFT JOIN exchange_order own
           ON own.command_id = CASE WHEN event.kind = 'accepted' THEN event.command_id ELSE event.order_id END
    LEFT JOIN exchange_trade trade ON event.kind = 'trade' AND trade.instrument_id = event.instrument_id
           AND trade.no = event.trade_no AND trade.day = event.day
    LEFT JOIN accounts_organisation member ON member.id = event.organisation_id
    LEFT JOIN accounts_organisation other ON other.id = event.other_id
    WHERE event.instrument_id = %(instrument)s AND event.day = %(day)s
"""
FORWARD = f"{EVENTS} AND event.no > %(no)s ORDER BY event.no LIMIT %(most)s"
BACKWARD = f"{EVENTS} AND event.no <= %(no)s ORDER BY event.no DESC LIMIT %(most)s"

# A listing that stands at an event was accepted before it, and changed once more after it, if only by the close.
STANDING = """
    SELECT own.command_id, member.code, own.side, own.price_fen,
           (own.qty_t - coalesce(met.qty, 0) - coalesce(took.qty, 0))::bigint AS left_t
    FROM exchange_order own
    JOIN accounts_organisation member ON member.id = own.organisation_id
    LEFT JOIN LATERAL (
        SELECT sum(trade.qty_t) AS qty FROM exchange_trade trade
        WHERE trade.day = own.day AND trade.listing_id = own.command_id AND trade.event <= %(no)s
    ) met ON true
    LEFT JOIN LATERAL (
        SELECT sum(trade.qty_t) AS qty FROM exchange_trade trade
        WHERE trade.day = own.day AND trade.taker_id = own.command_id AND trade.event <= %(no)s
    ) took ON true
    WHERE own.instrument_id = %(instrument)s AND own.day = %(day)s AND own.kind IN ('list', 'take')
      AND own.accepted_event <= %(no)s AND own.changed_event > %(no)s
    ORDER BY own.accepted_event
"""
QUOTE = """
    SELECT max(price_fen), min(price_fen), coalesce(sum(qty_t), 0)::bigint,
           coalesce(sum(qty_t * price_fen), 0)::bigint, count(*), min(no), max(no)
    FROM exchange_trade
    WHERE instrument_id = %(instrument)s AND day = %(day)s AND kind = 'listed' AND event <= %(no)s
"""
PRICE = "SELECT price_fen FROM exchange_trade WHERE instrument_id = %s AND day = %s AND no = %s"


def _rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def standing_at(instrument: Instrument, day: dt.date, no: int) -> list[Standing]:
    """The book of a closed day after event `no`, oldest listing first. `no` must end a step."""
    rows = _rows(STANDING, instrument=instrument.pk, day=day, no=no)
    return [Standing(*row) for row in rows]


def quote_at(instrument: Instrument, day: dt.date, no: int) -> Quote:
    """What had traded after event `no`."""
    ((high, low, volume, turnover, count, first, last),) = _rows(
        QUOTE, instrument=instrument.pk, day=day, no=no
    )
    if not count:
        return Quote()
    with connection.cursor() as cursor:
        prices = []
        for number in (first, last):
            cursor.execute(PRICE, [instrument.pk, day, number])
            prices.append(cursor.fetchone()[0])
    return Quote(prices[0], high, low, prices[1], volume, turnover, count)


def after(instrument: Instrument, day: dt.date, no: int, page: int = PAGE) -> Iterator[Happened]:
    """The day's events after `no`, read a page at a time."""
    while True:
        rows = _rows(FORWARD, instrument=instrument.pk, day=day, no=no, most=page)
        yield from map(_happened, rows)
        if len(rows) < page:
            return
        no = rows[-1][0]


def before(instrument: Instrument, day: dt.date, no: int, page: int = PAGE) -> Iterator[Happened]:
    """The day's events up to and with `no`, backwards, read a page at a time."""
    while True:
        rows = _rows(BACKWARD, instrument=instrument.pk, day=day, no=no, most=page)
        yield from map(_happened, rows)
        if len(rows) < page:
            return
        no = rows[-1][0] - 1


def _happened(row: tuple[Any, ...]) -> Happened:
    *given, price, qty = row
    event = Happened(*given)
    if event.kind != "rejected":
        return event
    # What was asked may be anything: it is shown as far as it can be read.
    readable = qty is not None and qty.isascii() and qty.isdigit() and len(qty) <= 15
    return replace(
        event,
        price=parse_price(price),
        qty=int(qty) if readable else None,
        side=event.side if event.side in SIDES else "",
    )


# --- where a time of the day stands ---------------------------------------------------------------------


def bounds(instrument: Instrument, day: dt.date) -> tuple[int, int] | None:
    """The first and the last event of a day; None where it has none."""
    first = _first(instrument, day, lambda of, _at: of >= day)
    beyond = _first(instrument, day, lambda of, _at: of > day)
    own = Event.objects.filter(instrument=instrument, day=day, no__gte=first, no__lt=beyond)
    numbers = own.values_list("no", flat=True)
    begins, ends = numbers.order_by("no").first(), numbers.order_by("-no").first()
    return None if begins is None or ends is None else (begins, ends)


def position_at(instrument: Instrument, day: dt.date, moment: dt.datetime) -> int:
    """A number after all events of the day that had been decided at a moment, and before all later ones."""
    return _first(instrument, day, lambda of, at: (of, at) > (day, moment)) - 1


def _first(instrument: Instrument, day: dt.date, beyond: Callable[[dt.date, dt.datetime], bool]) -> int:
    """The number from which on every event of the instrument is beyond what is looked for.

    Numbers, days and times rise together, so halving finds it in some thirty single reads of an index; a day with
    a million events would take a second to look through. Only the month of `day` is looked at: one partition.
    """
    month = day.replace(day=1)
    following = (month + dt.timedelta(days=32)).replace(day=1)
    events = Event.objects.filter(instrument=instrument, day__gte=month, day__lt=following).order_by("no")

    def is_beyond(no: int) -> bool:
        found = events.filter(no__gte=no).values_list("day", "at").first()
        return found is None or beyond(*found)

    return bisect_left(range(instrument.last_event + 2), True, key=is_beyond)
