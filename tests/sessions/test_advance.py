"""Days open, and phases go out, as commands in the sequence of the orders."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection

from exchange import sessions, settlement
from exchange.models import Command, Event, Instrument, TradingDay
from tests.sessions.conftest import beijing

pytestmark = pytest.mark.usefixtures("real_sessions")

DAY = dt.date(2026, 9, 29)
Tick = Callable[[str], list[str]]
Phases = Callable[[], list[str]]


def test_the_day_opens_a_quarter_of_an_hour_before_its_first_session(tick: Tick, phases: Phases) -> None:
    assert tick("2026-09-29 09:14:59") == []
    assert not TradingDay.objects.exists()
    assert tick("2026-09-29 09:15:00") == ["opened 2026-09-29"]
    day = TradingDay.objects.get()
    assert (day.day, day.status, day.calendar, day.opened_at) == (
        DAY, "open", "xshg", beijing("2026-09-29 09:15:00"),
    )  # fmt: skip
    assert phases() == ["closed", "closed"]


def test_every_phase_is_sent_once_to_every_instrument(tick: Tick, phases: Phases) -> None:
    seen = []
    for time in (
        "09:30:00",
        "09:30:01",
        "11:30:00",
        "11:30:01",
        "13:00:00",
        "14:59:59",
        "15:00:00",
        "15:00:01",
    ):
        tick(f"2026-09-29 {time}")
        seen.append(phases()[0])
    assert seen == ["morning", "morning", "break", "break", "afternoon", "afternoon", "closed", "closed"]
    bodies = (
        Command.objects.filter(kind="phase", instrument__code="CEA25")
        .order_by("pk")
        .values_list("body", flat=True)
    )
    assert [body["phase"] for body in bodies] == ["morning", "break", "afternoon", "closed"]
    assert Event.objects.filter(kind="phase").count() == 8


def test_a_phase_that_waits_for_the_engine_is_not_sent_again(instruments: list[Instrument]) -> None:
    moment = beijing("2026-09-29 09:30:00")
    assert len(sessions.advance(moment)) == 3
    assert sessions.advance(moment) == []
    assert Command.objects.count() == len(instruments)


def test_a_phase_that_was_slept_through_is_left_out(tick: Tick, phases: Phases) -> None:
    tick("2026-09-29 09:30:00")
    tick("2026-09-29 13:30:00")
    assert phases() == ["afternoon", "afternoon"]
    assert Command.objects.count() == 4


def test_a_holiday_does_not_open(tick: Tick) -> None:
    assert tick("2026-10-01 10:00:00") == []
    assert tick("2026-10-10 10:00:00") == []
    assert not TradingDay.objects.exists()


def test_a_day_whose_sessions_are_over_is_not_opened_any_more(tick: Tick) -> None:
    assert tick("2026-09-29 15:00:00") == []
    assert not TradingDay.objects.exists()


def test_partitions_for_the_month_are_there_when_the_day_is_open(tick: Tick) -> None:
    tick("2026-09-29 09:15:00")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_regclass('exchange_trade_2026_09'), to_regclass('registry_transfer_2026_10')"
        )
        assert None not in cursor.fetchone()


def test_the_next_day_does_not_open_before_the_last_one_is_settled(
    tick: Tick, phases: Phases, settle: Callable[[dt.date], None]
) -> None:
    tick("2026-09-29 14:00:00")
    # Down from here over midnight. The old day's phases close first …
    assert sorted(tick("2026-09-30 09:40:00")) == ["CEA24 closed", "CEA25 closed"]
    assert phases() == ["closed", "closed"]
    assert TradingDay.objects.get().day == DAY
    # … then it is closed, and as long as it is not settled nothing opens …
    settlement.close_day(DAY, at=beijing("2026-09-30 09:40:01"))
    assert TradingDay.objects.get().status == TradingDay.Status.CLOSED
    assert tick("2026-09-30 09:40:02") == []
    assert phases() == ["closed", "closed"]
    # … and once it is, the new one does, late or not.
    settle(DAY)
    assert "opened 2026-09-30" in tick("2026-09-30 09:41:00")
    assert phases() == ["morning", "morning"]


def test_a_settled_day_does_not_open_again(tick: Tick, settle: Callable[[dt.date], None]) -> None:
    tick("2026-09-29 14:00:00")
    settlement.close_day(DAY, at=beijing("2026-09-29 14:00:01"))
    settle(DAY)
    assert tick("2026-09-29 14:00:02") == []
    assert TradingDay.objects.count() == 1
    moment = beijing("2026-09-29 14:00:03")
    assert sessions.next_phase(moment) == ("morning", beijing("2026-09-30 09:30:00"))


def test_only_one_process_sends_phases_at_a_time(instruments: list[Instrument]) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [sessions.LOCK_KEY])
            assert sessions.advance(beijing("2026-09-29 09:30:00")) == []
            assert not TradingDay.objects.exists()
            cursor.execute("SELECT pg_advisory_unlock(%s)", [sessions.LOCK_KEY])
    finally:
        other.close()
    assert len(sessions.advance(beijing("2026-09-29 09:30:00"))) == 3
