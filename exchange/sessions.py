"""Sessions: days open, phases go out, operators halt and resume (trading-rules.md: Phases).

Beat calls `advance` every second. It changes no phase itself: it sends phase commands, which the engine
decides in the same sequence as orders, so that a day replays exactly. Whatever is running late or was
down catches up: the old day's phases close, the old day is settled (market_data.tasks.settle_due), and
only then does the next one open. All times are Asia/Shanghai; `exchange.timetable` says what is due when.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from exchange import clock, intake
from exchange.calendar_source import WARN_DAYS, days_left_in_calendar
from exchange.models import Command, DemoClock, Instrument, TradingDay
from exchange.timetable import (
    DEMO,
    PREPARATION,
    XSHG,
    SessionError,
    at,
    current_day,
    is_trading_day,
    next_phase,
    next_trading_day,
    phase_due,
    previous_trading_day,
    schedule,
)
from registry.partitions import make_partitions

__all__ = [
    "DEMO",
    "XSHG",
    "SessionError",
    "advance",
    "at",
    "current_day",
    "days_left_in_calendar",
    "halt",
    "is_trading_day",
    "next_phase",
    "next_trading_day",
    "phase_due",
    "previous_trading_day",
    "resume",
    "schedule",
    "start_next_demo_day",
]

log = logging.getLogger(__name__)

Phase = Instrument.Phase
#: Key of the advisory lock under which phase commands are sent; any number that nothing else uses.
LOCK_KEY = 0x7461_6E73_6869
MAX_REASON = 200


# --- what beat does every second ------------------------------------------------------------------


def advance(moment: dt.datetime | None = None) -> list[str]:
    """Opens the day and sends the phase commands that are due at `moment` (now); says what it did.

    Idempotent; does nothing while another process is at it. Settles nothing.
    """
    moment = (moment or clock.now()).astimezone(clock.BEIJING)
    with phase_lock(wait=False) as mine:
        if not mine:
            return []
        done = []
        day = current_day()
        if day is None and (day := open_day(moment)):
            done.append(f"opened {day.day}")
        if day is not None and day.status == TradingDay.Status.OPEN:
            due = phase_due(moment) if day.day == moment.date() else Phase.CLOSED
            done += send_phases(due)
        return done


def open_day(moment: dt.datetime) -> TradingDay | None:
    """Opens the date's trading day if its hour has come and it was not open before; None otherwise.

    Only called when every earlier day is settled. A day whose sessions are over is not opened any more.
    """
    plan = schedule(moment.date())
    if not plan:
        return None
    day, opens = moment.date(), at(moment.date(), plan[0][0]) - PREPARATION[settings.MARKET_CALENDAR]
    if not opens <= moment < at(day, plan[-1][0]):
        return None
    # An earlier date would run the books backwards: the demo's clock may have been ahead.
    if TradingDay.objects.filter(day__gte=day).exists():
        return None
    make_partitions(day)
    try:
        with transaction.atomic():
            opened = TradingDay.objects.create(day=day, calendar=settings.MARKET_CALENDAR, opened_at=moment)
    except IntegrityError:
        return None
    log.info("trading day %s opened", day)
    left = days_left_in_calendar(day)
    if settings.MARKET_CALENDAR != "demo" and left < WARN_DAYS:
        log.warning("the trading calendar ends in %s days; enter the next year's holidays", left)
    return opened


def send_phases(due: str) -> list[str]:
    """Sends the due phase to every instrument that is in another one and has no phase command waiting.

    A halted instrument stays halted until it is resumed; only the close ends a halt by itself.
    """
    waiting = Command.objects.filter(
        instrument=OuterRef("pk"), kind=Command.Kind.PHASE, decided_event__isnull=True
    )
    # One statement, one snapshot: an instrument seen without a waiting command is seen in the phase it led to.
    instruments = Instrument.objects.exclude(phase=due).annotate(waits=Exists(waiting)).filter(waits=False)
    if due != Phase.CLOSED:
        instruments = instruments.exclude(phase=Phase.HALTED)
    sent = []
    for instrument in instruments:
        send_phase(instrument, due)
        sent.append(f"{instrument.code} {due}")
    return sent


def send_phase(instrument: Instrument, phase: str, *, reason: str = "", user: User | None = None) -> Command:
    """Stores one phase command and rings the engine's bell."""
    body = {"cmd": "phase", "instrument": instrument.code, "phase": str(phase)}
    if reason:
        body["reason"] = reason
    return intake.submit_control(instrument, body, user=user)


@contextmanager
def phase_lock(*, wait: bool) -> Iterator[bool]:
    """One sender of phase commands at a time, in all processes; yields whether the lock was got.

    Without it a phase that has fallen due could be sent behind a halt that it did not see, and end it.
    A lock of the session, not of a transaction: commands are stored with their own commit.
    """
    function = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [LOCK_KEY])
        mine = cursor.fetchone()[0] is not False
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_KEY])


# --- what the exchange operator does --------------------------------------------------------------


def halt(instrument: Instrument, reason: str, user: User) -> Command:
    """Halts one instrument, for a reason; returns the command that the engine will decide.

    Raises PermissionDenied (not an exchange operator), SessionError REASON_REQUIRED, MARKET_CLOSED, ALREADY_HALTED.
    """
    reason = checked(reason, user)
    with phase_lock(wait=True):
        phase = phase_to_be(instrument)
        day = current_day()
        if phase == Phase.CLOSED or day is None or day.status != TradingDay.Status.OPEN:
            raise SessionError("MARKET_CLOSED", _("The market is closed; there is nothing to halt."))
        if phase == Phase.HALTED:
            raise SessionError("ALREADY_HALTED", _("%s is halted already.") % instrument.code)
        return send_phase(instrument, Phase.HALTED, reason=reason, user=user)


def resume(instrument: Instrument, reason: str, user: User, moment: dt.datetime | None = None) -> Command:
    """Ends a halt: the instrument goes to the phase that is due now; returns the command.

    Raises PermissionDenied (not an exchange operator), SessionError REASON_REQUIRED, NOT_HALTED.
    """
    reason = checked(reason, user)
    with phase_lock(wait=True):
        if phase_to_be(instrument) != Phase.HALTED:
            raise SessionError("NOT_HALTED", _("%s is not halted.") % instrument.code)
        moment, day = moment or clock.now(), current_day()
        over = day is None or day.day != moment.astimezone(clock.BEIJING).date()
        return send_phase(instrument, Phase.CLOSED if over else phase_due(moment), reason=reason, user=user)


def phase_to_be(instrument: Instrument) -> str:
    """The phase of an instrument once every waiting phase command is decided."""
    commands = Command.objects.filter(instrument=instrument, kind=Command.Kind.PHASE)
    # Before the row: a command that is decided in between has left its phase there.
    last = commands.filter(decided_event__isnull=True).order_by("-pk").values_list("body", flat=True).first()
    return last["phase"] if last else Instrument.objects.values_list("phase", flat=True).get(pk=instrument.pk)


def checked(reason: str, user: User) -> str:
    """The reason without blanks around it; raises unless an exchange operator gives one."""
    require_exchange_operator(user)
    reason = " ".join(reason.split())
    if not reason or len(reason) > MAX_REASON:
        raise SessionError("REASON_REQUIRED", _("Give a reason of at most %s characters.") % MAX_REASON)
    return reason


def require_exchange_operator(user: User) -> None:
    """Raises PermissionDenied unless the user may run the market."""
    organisation = user.organisation
    active = user.is_active and organisation.status == Organisation.Status.ACTIVE
    if not (active and organisation.kind == Organisation.Kind.EXCHANGE and user.has_role(User.Role.OPERATOR)):
        raise PermissionDenied(_("Only an operator of the exchange may do this."))


def start_next_demo_day(user: User) -> TradingDay:
    """Turns the demo's clock on to the next trading day, and opens it.

    Raises PermissionDenied (not an exchange operator), SessionError NOT_DEMO, NOT_SETTLED, NOTHING_TRADED.
    """
    require_exchange_operator(user)
    if settings.MARKET_CALENDAR != "demo":
        raise SessionError("NOT_DEMO", _("Only the demo can go on to the next day by hand."))
    with transaction.atomic():
        DemoClock.objects.get_or_create(pk=1)
        demo_clock = DemoClock.objects.select_for_update().get(pk=1)
        if current_day() is not None:
            raise SessionError("NOT_SETTLED", _("The day has not been settled yet."))
        last = TradingDay.objects.order_by("-day").first()
        today = clock.today()
        if last is None or last.day < today:
            raise SessionError("NOTHING_TRADED", _("Today has not been traded yet; it opens by itself."))
        demo_clock.days += (next_trading_day(last.day) - today).days
        demo_clock.save(update_fields=["days"])
    advance()
    opened = TradingDay.objects.order_by("-day").first()
    assert opened is not None
    log.info("demo: %s went on to %s", user, opened.day)
    return opened
