"""What the clock in the frame of every page says: market time, phase, and when the next one begins."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from exchange import clock, sessions
from exchange.models import Instrument, TradingDay


@dataclass(frozen=True, slots=True)
class MarketClock:
    """Times are ISO 8601 with offset; `next_at` is empty where nothing is due on the calendar."""

    now: str
    day: str
    phase: str
    phase_text: str
    next_phase: str
    next_text: str
    next_at: str
    is_demo: bool

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def market_clock() -> MarketClock:
    """The market as a whole: a halt concerns one instrument and shows on that instrument's desk."""
    now = clock.now()
    day = TradingDay.objects.filter(status=TradingDay.Status.OPEN).first()
    phase = sessions.phase_due(now) if day else Instrument.Phase.CLOSED.value
    coming = sessions.next_phase(now)
    if coming and phase == coming[0]:
        coming = None  # a day that was closed early has its timetable's close still before it
    return MarketClock(
        now=now.isoformat(),
        day=(day.day if day else now.date()).isoformat(),
        phase=phase,
        phase_text=phase_text(phase),
        next_phase=coming[0] if coming else "",
        next_text=becomes(coming[0], phase) if coming else "",
        next_at=moment(coming[1]) if coming else "",
        is_demo=settings.MARKET_CALENDAR == "demo",
    )


def phase_text(phase: str) -> str:
    """The phase in the language of the page."""
    return str(dict(Instrument.Phase.choices).get(phase, phase))


def becomes(phase: str, before: str) -> str:
    """What the countdown counts to: the phase to come, after the one `before` it."""
    if phase == Instrument.Phase.CLOSED:
        return _("closes in")
    if phase == Instrument.Phase.BREAK:
        return _("breaks in")
    return _("resumes in") if before == Instrument.Phase.BREAK else _("opens in")


def moment(at: dt.datetime) -> str:
    return at.astimezone(clock.BEIJING).isoformat()
