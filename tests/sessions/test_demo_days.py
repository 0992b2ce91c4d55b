"""The demo's operator goes on to the next day; the clock runs ahead by whole days."""

import datetime as dt
from collections.abc import Callable

import pytest
from pytest_django import Settings

from accounts.models import User
from config.local.children import Child
from exchange import clock, engine, sessions, settlement
from exchange.models import DemoClock, Instrument, TradingDay
from tests.support.processes import Worker
from tests.support.waiting import eventually


@pytest.fixture
def traded_day(instruments: list[Instrument]) -> TradingDay:
    """Today, open since midnight (in its last ten minutes too)."""
    day = clock.today()
    assert sessions.open_day(sessions.at(day, dt.time(0, 0)))
    sessions.send_phases("afternoon")
    engine.drain([row.pk for row in instruments])
    return TradingDay.objects.get(day=day)


def test_the_next_day_opens_once_this_one_is_settled(
    traded_day: TradingDay, operator: User, settle: Callable[[dt.date], None]
) -> None:
    with pytest.raises(sessions.SessionError) as error:
        sessions.start_next_demo_day(operator)
    assert error.value.code == "NOT_SETTLED"
    assert DemoClock.days_ahead() == 0
    settlement.close_day(traded_day.day)
    settle(traded_day.day)
    for ahead in (1, 2):
        opened = sessions.start_next_demo_day(operator)
        tomorrow = traded_day.day + dt.timedelta(days=ahead)
        assert clock.today() == tomorrow
        if sessions.phase_due(clock.now()) != "closed":
            assert (opened.day, opened.status, opened.calendar) == (tomorrow, "open", "demo")
        else:  # the run fell into the last ten minutes before midnight: nothing trades, nothing opens
            return
        settlement.close_day(opened.day)
        settle(opened.day)


def test_a_day_that_has_not_traded_is_not_jumped_over(operator: User, instruments: list[Instrument]) -> None:
    with pytest.raises(sessions.SessionError) as error:
        sessions.start_next_demo_day(operator)
    assert error.value.code == "NOTHING_TRADED"


def test_the_real_calendar_never_jumps(operator: User, settings: Settings) -> None:
    settings.MARKET_CALENDAR = "xshg"
    with pytest.raises(sessions.SessionError) as error:
        sessions.start_next_demo_day(operator)
    assert error.value.code == "NOT_DEMO"


def test_beat_and_worker_open_the_market_by_themselves(
    transactional_db: None, instruments: list[Instrument], worker: Worker, beat: Child
) -> None:
    def market_is_as_due() -> bool:
        due = sessions.phase_due(clock.now())
        opened = due == "closed" or TradingDay.objects.filter(status="open").exists()
        return opened and set(Instrument.objects.values_list("phase", flat=True)) == {due}

    eventually(market_is_as_due, seconds=60)
