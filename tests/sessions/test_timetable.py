"""Trading days and phases to the second (trading-rules.md: Phases)."""

import datetime as dt

import pytest
from pytest_django import Settings

from exchange import sessions
from tests.sessions.conftest import beijing

pytestmark = pytest.mark.usefixtures("real_sessions")


@pytest.mark.parametrize(
    ("day", "trades"),
    [
        ("2026-09-30", True),
        ("2026-10-01", False),  # a holiday on a Thursday
        ("2026-10-10", False),  # a Saturday
        ("2026-10-08", True),
        ("2027-06-01", False),  # beyond the table nobody knows
    ],
)
def test_it_trades_on_the_days_that_the_table_says(day: str, trades: bool) -> None:
    assert sessions.is_trading_day(dt.date.fromisoformat(day)) is trades


@pytest.mark.parametrize(
    ("time", "phase"),
    [
        ("00:00:00", "closed"),
        ("09:29:59.999999", "closed"),
        ("09:30:00", "morning"),
        ("11:29:59", "morning"),
        ("11:30:00", "break"),
        ("12:59:59", "break"),
        ("13:00:00", "afternoon"),
        ("14:59:59.999999", "afternoon"),
        ("15:00:00", "closed"),
        ("23:59:59", "closed"),
    ],
)
def test_a_phase_begins_with_the_first_second_of_its_time(time: str, phase: str) -> None:
    assert sessions.phase_due(beijing(f"2026-09-30 {time}")) == phase


def test_the_phase_is_that_of_beijing_wherever_the_moment_was_written() -> None:
    assert sessions.phase_due(dt.datetime(2026, 9, 30, 1, 30, tzinfo=dt.UTC)) == "morning"


def test_a_holiday_has_no_phases() -> None:
    assert sessions.schedule(dt.date(2026, 10, 1)) == []
    assert sessions.phase_due(beijing("2026-10-01 10:00:00")) == "closed"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-09-30 09:29:59", ("morning", "2026-09-30 09:30:00")),
        ("2026-09-30 09:30:00", ("break", "2026-09-30 11:30:00")),
        ("2026-09-30 14:00:00", ("closed", "2026-09-30 15:00:00")),
        ("2026-09-30 15:00:00", ("morning", "2026-10-08 09:30:00")),  # over the holidays
        ("2026-10-04 12:00:00", ("morning", "2026-10-08 09:30:00")),
    ],
)
def test_the_next_phase_looks_over_holidays(moment: str, expected: tuple[str, str]) -> None:
    assert sessions.next_phase(beijing(moment)) == (expected[0], beijing(expected[1]))


def test_there_is_no_next_phase_where_the_calendar_ends() -> None:
    assert sessions.next_phase(beijing("2026-10-16 15:00:00")) is None
    with pytest.raises(sessions.SessionError) as error:
        sessions.next_trading_day(dt.date(2026, 10, 16))
    assert error.value.code == "CALENDAR_ENDS"


def test_the_neighbours_of_a_day_are_trading_days() -> None:
    assert sessions.next_trading_day(dt.date(2026, 9, 30)) == dt.date(2026, 10, 8)
    assert sessions.previous_trading_day(dt.date(2026, 10, 8)) == dt.date(2026, 9, 30)
    assert sessions.previous_trading_day(dt.date(2026, 9, 21)) is None


def test_the_demo_trades_every_day_of_the_week_and_every_hour(settings: Settings) -> None:
    settings.MARKET_CALENDAR = "demo"
    assert sessions.is_trading_day(dt.date(2026, 10, 3))
    assert sessions.phase_due(beijing("2026-10-03 00:00:00")) == "afternoon"
    assert sessions.phase_due(beijing("2026-10-03 23:59:29")) == "afternoon"
    assert sessions.phase_due(beijing("2026-10-03 23:59:30")) == "closed"
    assert sessions.next_phase(beijing("2026-10-03 23:59:30")) == (
        "afternoon",
        beijing("2026-10-04 00:00:00"),
    )
