"""A market with two instruments on the real calendar, around the National Day holidays of 2026."""

import datetime as dt
from collections.abc import Callable

import pytest
from pytest_django import Settings

from accounts.models import Organisation, User
from exchange import engine, sessions
from exchange.calendar_source import dates
from exchange.clock import BEIJING
from exchange.history.series import BY_CODE, list_instruments
from exchange.models import CalendarDay, Instrument, TradingDay

HOLIDAYS = set(dates(dt.date(2026, 10, 1), dt.date(2026, 10, 7)))


def beijing(text: str) -> dt.datetime:
    """An aware Beijing time from `2026-09-28 09:30:00`."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.fixture
def at() -> Callable[[str], dt.datetime]:
    return beijing


@pytest.fixture
def real_sessions(db: None, settings: Settings) -> None:
    """The real timetable, and a calendar from 2026-09-21 to 2026-10-16."""
    settings.MARKET_CALENDAR = "xshg"
    CalendarDay.objects.bulk_create(
        CalendarDay(day=day, is_trading=day.weekday() < 5 and day not in HOLIDAYS, source="XSHG")
        for day in dates(dt.date(2026, 9, 21), dt.date(2026, 10, 16))
    )


@pytest.fixture
def instruments(db: None) -> list[Instrument]:
    """CEA25 and CEA24, closed."""
    return list_instruments([BY_CODE["CEA25"], BY_CODE["CEA24"]], {"CEA25": 8000, "CEA24": 7900})


@pytest.fixture
def operator(db: None) -> User:
    return person("operator@exchange.example", Organisation.Kind.EXCHANGE, User.Role.OPERATOR)


def person(email: str, kind: str, role: str) -> User:
    organisation = Organisation.objects.create(code=email, kind=kind, name_zh="机构", name_en="House")
    return User.objects.create_user(email, None, organisation=organisation, roles=[role])


@pytest.fixture
def tick(instruments: list[Instrument]) -> Callable[[str], list[str]]:
    """What beat and the engine do in one second: advance, then decide what is pending."""

    def tick(text: str) -> list[str]:
        done = sessions.advance(beijing(text))
        engine.drain([row.pk for row in instruments], at=beijing(text))
        return done

    return tick


@pytest.fixture
def phases(instruments: list[Instrument]) -> Callable[[], list[str]]:
    """The phases of CEA25 and CEA24."""

    def phases() -> list[str]:
        rows = dict(Instrument.objects.values_list("code", "phase"))
        return [rows["CEA25"], rows["CEA24"]]

    return phases


@pytest.fixture
def settle() -> Callable[[dt.date], None]:
    """Marks a day as settled, as the last step of a settlement does."""

    def settle(day: dt.date) -> None:
        TradingDay.objects.filter(day=day).update(status=TradingDay.Status.SETTLED)

    return settle
