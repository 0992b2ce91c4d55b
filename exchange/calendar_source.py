"""Where the trading calendar comes from, and how people extend it.

The sessions of the Shanghai stock exchange (XSHG) are read once from `exchange_calendars` into CalendarDay;
they leave out statutory holidays, and weekends that make up for a holiday stay closed. The library knows
holidays only as far as they are published, so an operator enters the next year's and is warned in time.
`exchange_calendars` brings pandas: it is imported by the loader alone, never by a process that serves people.
"""

import csv
import datetime as dt
import logging
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple, TextIO

from django.db import transaction
from django.utils.translation import gettext as _

from exchange import clock
from exchange.models import CalendarDay, TradingDay

log = logging.getLogger(__name__)

#: the national market's launch
FIRST_DAY = dt.date(2021, 7, 16)
WARN_DAYS = 60
LIBRARY = "XSHG"
OPERATOR = "operator"
ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5


class CalendarError(ValueError):
    """Days that cannot be entered; the text says which and why."""


class Entry(NamedTuple):
    """What an operator says about one date."""

    day: dt.date
    is_trading: bool
    note: str = ""


def dates(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Every date from `first` to `last`, both included."""
    while first <= last:
        yield first
        first += ONE_DAY


def library_days() -> dict[dt.date, bool]:
    """Every date from the launch to the library's end: is it a session? Takes seconds (pandas)."""
    import exchange_calendars

    calendar = exchange_calendars.get_calendar(LIBRARY, start=FIRST_DAY.isoformat())
    sessions = {session.date() for session in calendar.sessions}
    return {day: day in sessions for day in dates(FIRST_DAY, calendar.last_session.date())}


@transaction.atomic
def load_library() -> int:
    """Writes the library's days into the table; returns how many rows were written.

    What an operator entered stays as it is. The library's own rows follow it, for days to come only:
    a day that has passed was traded, or not, by what the table said then.
    """
    known = {row.day: row for row in CalendarDay.objects.all()}
    days = library_days()
    missing = [
        CalendarDay(day=day, is_trading=is_trading, source=LIBRARY)
        for day, is_trading in days.items()
        if day not in known
    ]
    CalendarDay.objects.bulk_create(missing, ignore_conflicts=True)
    today = clock.today()
    changed = [
        row for day, row in known.items()
        if row.source == LIBRARY and day > today and days.get(day, row.is_trading) != row.is_trading
    ]  # fmt: skip
    for row in changed:
        row.is_trading = days[row.day]
    CalendarDay.objects.bulk_update(changed, ["is_trading"])
    return len(missing) + len(changed)


def calendar_is_loaded() -> bool:
    """Whether the library's days have been read before."""
    return CalendarDay.objects.filter(source=LIBRARY).exists()


@transaction.atomic
def enter_days(entries: Iterable[Entry]) -> int:
    """Enters an operator's days, over the library's where there are any; returns how many.

    Raises CalendarError, and enters nothing, for a date that is given twice, has begun or passed, or has
    been opened, and for a weekend that should trade: the market trades Monday to Friday (trading-rules.md: Phases).
    """
    rows = list(entries)
    today = clock.today()
    opened = set(TradingDay.objects.filter(day__in=[row.day for row in rows]).values_list("day", flat=True))
    seen: set[dt.date] = set()
    for row in rows:
        if row.day in seen:
            raise CalendarError(f"{row.day} is given twice.")
        if row.day <= today or row.day in opened:
            raise CalendarError(f"{row.day} has begun or passed; only days to come can be entered.")
        if row.is_trading and row.day.weekday() >= SATURDAY:
            raise CalendarError(f"{row.day} is a weekend; the market trades Monday to Friday only.")
        seen.add(row.day)
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=row.day, is_trading=row.is_trading, source=OPERATOR, note=row.note) for row in rows],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["is_trading", "source", "note"],
    )
    log.info("calendar: %s days entered by an operator", len(rows))
    return len(rows)


def year_entries(year: int, closed: Collection[dt.date]) -> list[Entry]:
    """All days of a year: Monday to Friday trade, but for the `closed` dates. Raises CalendarError."""
    outside = sorted(day for day in closed if day.year != year)
    if outside:
        raise CalendarError(f"{outside[0]} is not in {year}.")
    days = dates(dt.date(year, 1, 1), dt.date(year, 12, 31))
    return [
        Entry(day, day.weekday() < SATURDAY and day not in closed, "holiday" if day in closed else "")
        for day in days
    ]


def read_entries(stream: TextIO) -> list[Entry]:
    """Entries from CSV with the columns day, is_trading (1 or 0) and, optionally, note. Raises CalendarError."""
    reader = csv.DictReader(stream)
    if not {"day", "is_trading"} <= set(reader.fieldnames or ()):
        raise CalendarError("The first line must name the columns: day,is_trading[,note].")
    entries = []
    for row in reader:
        try:
            entry = Entry(
                dt.date.fromisoformat(row["day"]),
                {"0": False, "1": True}[row["is_trading"]],
                (row.get("note") or "")[:200],
            )
        except (ValueError, KeyError, TypeError) as error:
            raise CalendarError(f"Line {reader.line_num}: not a date and 0 or 1.") from error
        entries.append(entry)
    return entries


def last_known_day(today: dt.date | None = None) -> dt.date | None:
    """The last date up to which every day from today on is in the table; None if today is not."""
    today = today or clock.today()
    last = None
    expected = today
    for day in CalendarDay.objects.filter(day__gte=today).order_by("day").values_list("day", flat=True):
        if day != expected:
            break
        last, expected = day, day + ONE_DAY
    return last


def days_left_in_calendar(today: dt.date | None = None) -> int:
    """How many days after today the table covers without a gap; 0 if none, or if today itself is missing."""
    today = today or clock.today()
    last = last_known_day(today)
    return (last - today).days if last else 0


def calendar_warning(today: dt.date | None = None) -> str | None:
    """A sentence for the operator when fewer than 60 days are left, else None."""
    today = today or clock.today()
    left = days_left_in_calendar(today)
    if left >= WARN_DAYS:
        return None
    return _("The trading calendar ends in %(days)s days (%(date)s). Enter the next year's holidays.") % {
        "days": left,
        "date": today + dt.timedelta(days=left),
    }
