"""The end of a day, from the close to the published reports (trading-rules.md: End of day).

    close         orders expire, bars and closes are final, T+1 is released (exchange.settlement)
    composite     the composite's figures of the day
    reconcile     every check of the books; breaks do not stop the settlement, they stand in its report
    seal          the day's hash chain ends, its head is kept; the day takes no more transfers
    report        the public market report
    statements    each member's statement
    settled       the trading day's mark

Every step commits by itself and sees whether it was done before. So whoever dies between two steps, or inside
one, is finished by running it again, and a second run of a settled day changes nothing.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from django.db import Error, connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from exchange import clock, sessions
from exchange.matching.money import yuan
from exchange.models import CompositeBar, TradingDay
from exchange.settlement import close_day
from market_data.composite_day import composite_of
from market_data.models import Report, SettlementStep
from market_data.reports import market, statement
from market_data.reports.publish import publish_market, publish_statements
from registry.audit.chain import seal
from registry.audit.run import reconcile
from registry.models import LedgerDay

log = logging.getLogger(__name__)

#: Key of the advisory lock under which a day is settled; any number that nothing else uses.
LOCK_KEY = 0x7461_6E73_6869_01
#: What trades late in the last second is decided before the clock settles the day.
AFTER_CLOSE = {"demo": dt.timedelta(seconds=5)}
FIVE_MINUTES = dt.timedelta(minutes=5)

#: Called with the step's name and "started", "done" or "failed"; the work of a step is committed before "done".
OnStep = Callable[[str, str], None]


class SettlementRefused(Exception):
    """The day cannot be settled now; `code` for programs, the text for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(slots=True)
class Settlement:
    """What a run did: the steps by name with what each says, empty where the day was settled before."""

    day: dt.date
    done: dict[str, str] = field(default_factory=dict)


def settle(
    day: dt.date, *, early: bool = False, user: User | None = None, on_step: OnStep | None = None
) -> Settlement:
    """Settles a trading day, or finishes what an interrupted run left.

    `early` ends a day that is not over: the demo's operator, or a hand that knows why. Raises SettlementRefused:
    NOT_A_TRADING_DAY, FUTURE_DAY, DAY_NOT_OVER, EARLIER_DAY_UNSETTLED, UNDER_WAY.
    """
    with only_one_settles():
        settlement = Settlement(day)
        if refuse_unless_due(day, clock.now(), early=early).status != TradingDay.Status.SETTLED:
            for rank, (name, run) in enumerate(STEPS.items(), start=1):
                settlement.done[name] = run_step(day, name, rank, run, user, on_step or _nobody)
        return settlement


def refuse_unless_due(day: dt.date, now: dt.datetime, *, early: bool = False) -> TradingDay:
    """The trading day, if it may be settled; SettlementRefused says why not. A settled one may, again."""
    trading_day = TradingDay.objects.filter(day=day).first()
    if trading_day is None and day > now.astimezone(clock.BEIJING).date():
        raise SettlementRefused("FUTURE_DAY", _("%s has not come yet.") % day)
    if trading_day is None:
        raise SettlementRefused("NOT_A_TRADING_DAY", _("The market did not trade on %s.") % day)
    unsettled = TradingDay.objects.exclude(status=TradingDay.Status.SETTLED).order_by("day").first()
    if unsettled and unsettled.day < day:
        detail = _("%(earlier)s is not settled yet; it comes before %(day)s.") % {
            "earlier": unsettled.day,
            "day": day,
        }
        raise SettlementRefused("EARLIER_DAY_UNSETTLED", detail)
    if trading_day.status == TradingDay.Status.OPEN and not early and now < closes_at(trading_day):
        detail = _("%(day)s is not over: the market closes at %(time)s Beijing time.")
        raise SettlementRefused(
            "DAY_NOT_OVER", detail % {"day": day, "time": f"{closes_at(trading_day):%H:%M}"}
        )
    return trading_day


def closes_at(trading_day: TradingDay) -> dt.datetime:
    """When the day's last session ends, by the calendar it was opened under."""
    timetable = sessions.DEMO if trading_day.calendar == "demo" else sessions.XSHG
    return dt.datetime.combine(trading_day.day, timetable[-1][0], tzinfo=clock.BEIJING)


def due_days(now: dt.datetime) -> Iterator[dt.date]:
    """Days that the clock settles now, the earliest first: five minutes past their close (15:05), the demo's at once."""
    unsettled = TradingDay.objects.exclude(status=TradingDay.Status.SETTLED).order_by("day")
    for trading_day in unsettled:
        if now < closes_at(trading_day) + AFTER_CLOSE.get(trading_day.calendar, FIVE_MINUTES):
            return
        yield trading_day.day


@contextmanager
def only_one_settles() -> Iterator[None]:
    """One settlement at a time on the whole platform; the lock goes with the database session if we die."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_KEY])
        if not cursor.fetchone()[0]:
            raise SettlementRefused("UNDER_WAY", _("A settlement is under way."))
    try:
        yield
    finally:
        # Without a connection there is nothing to unlock, and its error would hide the one that matters.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_KEY])


def run_step(day: dt.date, name: str, rank: int, run: "Step", user: User | None, on_step: OnStep) -> str:
    """Runs one step and keeps its state where a page can follow it. Its error goes on to the caller."""
    step = SettlementStep.objects.filter(day=day, name=name)
    # What an earlier run noted stays as it was: this one only passes by.
    noted = step.filter(state=SettlementStep.State.DONE).exists()
    if not noted:
        values = {
            "rank": rank,
            "state": SettlementStep.State.RUNNING,
            "started_at": clock.now(),
            "finished_at": None,
        }
        SettlementStep.objects.update_or_create(
            day=day, name=name, defaults={**values, "detail": ""}, create_defaults={**values, "user": user}
        )
    on_step(name, "started")
    try:
        said = run(day)
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"[:400]
        step.update(state=SettlementStep.State.FAILED, finished_at=clock.now(), detail=detail)
        on_step(name, "failed")
        raise
    if not noted:
        step.update(state=SettlementStep.State.DONE, finished_at=clock.now(), detail=said[:400])
        log.info("settlement of %s: %s: %s", day, name, said)
    on_step(name, "done")
    return said


def _nobody(name: str, state: str) -> None:
    """Nobody listens to the steps."""


# --- the steps: each takes the day and says in a few words what it did --------------------------------------

Step = Callable[[dt.date], str]
#: What a step says is stored as it stands here and translated where it is shown.
BEFORE = gettext_noop("done before")


def close(day: dt.date) -> str:
    return gettext_noop("orders expired, closes set, purchases released") if close_day(day) else BEFORE


def composite(day: dt.date) -> str:
    if CompositeBar.objects.filter(day=day).exists():
        return BEFORE
    bar = composite_of(day)
    if bar is None:
        return gettext_noop("no weights, no composite")
    bar.save(force_insert=True)
    return yuan(bar.close_fen)


def check_books(day: dt.date) -> str:
    if TradingDay.objects.filter(day=day, reconciliation__isnull=False).exists():
        return BEFORE
    result = reconcile()
    TradingDay.objects.filter(day=day).update(reconciliation=result.as_dict())
    for each in result.breaks:
        log.error("THE BOOKS DO NOT AGREE on %s: %s", day, each)
    return gettext_noop("clean") if result.clean else f"THE BOOKS DO NOT AGREE: {len(result.breaks)} break(s)"


def seal_day(day: dt.date) -> str:
    sealed_before = LedgerDay.objects.filter(day=day).exists()
    sealed = seal(day, clock.now())
    return BEFORE if sealed_before else f"{sealed.transfers} · {sealed.head}"


def market_report(day: dt.date) -> str:
    if Report.objects.filter(kind=Report.Kind.MARKET, day=day).exists():
        return BEFORE
    report = publish_market(day, market.build(day), at=clock.now())
    return f"SHA-256 {report.sha256}"


def statements(day: dt.date) -> str:
    """In portions, each with its own commit: what is published stays, a second run goes on with the rest."""
    published = set(
        Report.objects.filter(kind=Report.Kind.MEMBER, day=day).values_list("organisation_id", flat=True)
    )
    missing = [member for member in statement.members_with_statements() if member.pk not in published]
    if not missing:
        return BEFORE
    astray: list[str] = []
    for portion in statement.portions(day, missing):
        found = publish_statements(day, statement.build(day, portion), at=clock.now())
        astray += [organisation.code for organisation in found]
    if astray:
        log.error("STATEMENTS THAT DO NOT ADD UP on %s: %s", day, ", ".join(astray))
        return f"{len(missing)} published; THESE DO NOT ADD UP: {', '.join(astray)}"
    return str(len(missing))


def mark_settled(day: dt.date) -> str:
    closed = TradingDay.objects.filter(day=day, status=TradingDay.Status.CLOSED)
    marked = closed.update(status=TradingDay.Status.SETTLED, settled_at=clock.now())
    return gettext_noop("settled") if marked else BEFORE


STEPS: dict[str, Step] = {
    "close": close,
    "composite": composite,
    "reconcile": check_books,
    "seal": seal_day,
    "report": market_report,
    "statements": statements,
    "settled": mark_settled,
}
