"""The exchange's part of the end of a day: everything expires, bars become final, what was bought can be sold.

The close is a command in each instrument's own sequence, so that a replay of the day closes it at the same
place. One close a day and instrument: the database holds a unique key on it.
"""

import datetime as dt

from django.db import transaction

from exchange import clock, engine
from exchange.auction import windows
from exchange.intake import store
from exchange.models import Command, Instrument, TradingDay
from exchange.sessions import phase_lock


class NoSuchDay(Exception):
    """That day was never opened."""


def close_day(day: dt.date, *, at: dt.datetime | None = None) -> bool:
    """Closes every instrument's day (trading-rules.md: End of day). True if this call did it, False if it was done.

    May be called again after dying anywhere: what is closed stays closed, the rest follows.
    """
    instruments = _ask_for_the_close(day, at)
    if instruments is None:
        return False
    for instrument in instruments:
        engine.drain([instrument.pk], at=at)
    with transaction.atomic():
        row = TradingDay.objects.select_for_update().get(pk=day)
        row.closed_at = at or clock.now()
        row.save(update_fields=["closed_at"])
    return True


def _ask_for_the_close(day: dt.date, at: dt.datetime | None) -> list[Instrument] | None:
    """Stores the close of every instrument; from here on the sessions send no phase for this day any more."""
    windows.close_what_is_over(at or clock.now())
    with phase_lock(wait=True), transaction.atomic():
        row = TradingDay.objects.select_for_update().filter(pk=day).first()
        if row is None:
            raise NoSuchDay(day)
        if row.closed_at is not None:
            return None
        row.status = TradingDay.Status.CLOSED
        row.save(update_fields=["status"])
        instruments = list(Instrument.objects.order_by("pk"))
        asked = set(
            Command.objects.filter(kind=Command.Kind.CLOSE_DAY, body__date=day.isoformat()).values_list(
                "instrument_id", flat=True
            )
        )
        for instrument in instruments:
            if instrument.pk not in asked:
                body = {"cmd": "close_day", "instrument": instrument.code, "date": day.isoformat()}
                store(body, instrument=instrument, organisation=None, at=at)
    return instruments
