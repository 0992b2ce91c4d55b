"""The trading calendar and the day's timetable: which days trade, which phase is due when.

Reads alone; what is done about it is in `exchange.sessions`. All times are Asia/Shanghai (trading-rules.md: Phases).
"""

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _

from exchange import clock
from exchange.models import CalendarDay, Instrument, TradingDay

Phase = Instrument.Phase
Timetable = list[tuple[dt.time, str]]

#: The real sessions of every trading day.
XSHG: Timetable = [
    (dt.time(9, 30), Phase.MORNING.value),
    (dt.time(11, 30), Phase.BREAK.value),
    (dt.time(13, 0), Phase.AFTERNOON.value),
    (dt.time(15, 0), Phase.CLOSED.value),
]
#: The demo trades around the clock; the last half minute of the date is for its settlement.
DEMO: Timetable = [(dt.time(0, 0), Phase.AFTERNOON.value), (dt.time(23, 59, 30), Phase.CLOSED.value)]
#: The real day opens this long before its first session, so that the first second of trade finds all in place.
PREPARATION = {"xshg": dt.timedelta(minutes=15), "demo": dt.timedelta(0)}
ONE_DAY = dt.timedelta(days=1)


class SessionError(Exception):
    """A step that the state of the market does not allow; `code` for programs, the text for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


# --- the calendar ---------------------------------------------------------------------------------


def is_trading_day(day: dt.date) -> bool:
    """Whether the market trades on a date. Every date of the demo; of the real calendar, what the table says.

    A date that the table lacks is closed: nobody knows whether it is a holiday.
    """
    if settings.MARKET_CALENDAR == "demo":
        return True
    return CalendarDay.objects.filter(day=day, is_trading=True).exists()


def next_trading_day(after: dt.date) -> dt.date:
    """The first trading day later than `after`. Raises SessionError CALENDAR_ENDS beyond the table."""
    if settings.MARKET_CALENDAR == "demo":
        return after + ONE_DAY
    days = CalendarDay.objects.filter(day__gt=after, is_trading=True).order_by("day")
    if (found := days.values_list("day", flat=True).first()) is None:
        raise SessionError("CALENDAR_ENDS", _("The trading calendar has no trading day after %s.") % after)
    return found


def previous_trading_day(before: dt.date) -> dt.date | None:
    """The last trading day earlier than `before`; None before the calendar begins."""
    if settings.MARKET_CALENDAR == "demo":
        return before - ONE_DAY
    days = CalendarDay.objects.filter(day__lt=before, is_trading=True).order_by("-day")
    return days.values_list("day", flat=True).first()


def current_day() -> TradingDay | None:
    """The day that is open, or being settled; None between a settlement and the next opening."""
    return TradingDay.objects.exclude(status=TradingDay.Status.SETTLED).order_by("day").first()


# --- the timetable --------------------------------------------------------------------------------


def timetable() -> Timetable:
    return DEMO if settings.MARKET_CALENDAR == "demo" else XSHG


def schedule(day: dt.date) -> Timetable:
    """The phases of a date with the Beijing times at which they begin; empty if it is no trading day."""
    return list(timetable()) if is_trading_day(day) else []


def phase_due(moment: dt.datetime) -> str:
    """The phase that the timetable gives for a moment (aware). A phase begins with the first second of its time."""
    moment = moment.astimezone(clock.BEIJING)
    due: str = Phase.CLOSED
    for begins, phase in schedule(moment.date()):
        if begins <= moment.time():
            due = phase
    return due


def next_phase(moment: dt.datetime) -> tuple[str, dt.datetime] | None:
    """The next change of phase after a moment, with its time in Beijing; None when the calendar ends before.

    By the timetable; a day that is settled early (the demo) does not trade again.
    """
    moment = moment.astimezone(clock.BEIJING)
    day = moment.date()
    settled = TradingDay.objects.filter(day=day, status=TradingDay.Status.SETTLED).exists()
    for begins, phase in [] if settled else schedule(day):
        if begins > moment.time():
            return phase, at(day, begins)
    try:
        day = next_trading_day(day)
    except SessionError:
        return None
    begins, phase = timetable()[0]
    return phase, at(day, begins)


def at(day: dt.date, time: dt.time) -> dt.datetime:
    """A Beijing time of a date, aware."""
    return dt.datetime.combine(day, time, clock.BEIJING)
