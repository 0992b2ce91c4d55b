"""When a day may be settled: after its close, in its order, or because somebody says so."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from exchange import clock
from exchange.models import TradingDay
from market_data.end_of_day import STEPS, SettlementRefused, due_days, refuse_unless_due, settle
from market_data.models import SettlementStep
from market_data.tasks import settle_day, settle_due
from tests.support.trading_day import LAUNCH_DAY, Market, busy_market, open_market, organisation

NEXT_DAY = LAUNCH_DAY + dt.timedelta(days=3)


@pytest.fixture
def market(db: None) -> Market:
    return busy_market()


def refusal(day: dt.date, *, early: bool = False) -> str:
    with pytest.raises(SettlementRefused) as refused:
        settle(day, early=early)
    return refused.value.code


def at(time_of_day: str) -> dt.datetime:
    return dt.datetime.combine(LAUNCH_DAY, dt.time.fromisoformat(time_of_day), tzinfo=clock.BEIJING)


def test_what_is_no_day_of_the_market_is_refused(market: Market) -> None:
    assert refusal(dt.date(2099, 1, 1), early=True) == "FUTURE_DAY"
    assert refusal(LAUNCH_DAY - dt.timedelta(days=1), early=True) == "NOT_A_TRADING_DAY"
    with pytest.raises(CommandError, match="NOT_A_TRADING_DAY"):
        call_command("settle", "2021-07-15")


def test_a_day_is_over_at_its_close(market: Market) -> None:
    with pytest.raises(SettlementRefused, match="15:00"):
        refuse_unless_due(LAUNCH_DAY, market.now.replace(hour=14, minute=59, second=59))
    assert refuse_unless_due(LAUNCH_DAY, market.now.replace(hour=15)).day == LAUNCH_DAY


def test_a_day_that_is_not_over_needs_somebody_who_says_so(db: None) -> None:
    tomorrow = clock.today() + dt.timedelta(days=1)
    open_market(day=tomorrow)
    assert refusal(tomorrow) == "DAY_NOT_OVER"
    with pytest.raises(CommandError, match=r"DAY_NOT_OVER.*15:00"):
        call_command("settle", tomorrow.isoformat())
    call_command("settle", tomorrow.isoformat(), "--force", stdout=StringIO())
    assert TradingDay.objects.get().status == "settled"


def test_days_are_settled_in_their_order(market: Market) -> None:
    TradingDay.objects.filter(day=LAUNCH_DAY).update(status="closed")
    market.open_day(NEXT_DAY)
    assert refusal(NEXT_DAY, early=True) == "EARLIER_DAY_UNSETTLED"
    settle(LAUNCH_DAY)
    settle(NEXT_DAY)
    assert TradingDay.objects.filter(status="settled").count() == 2


@pytest.mark.parametrize(
    ("calendar", "early", "due"), [("xshg", "15:04:59", "15:05:00"), ("demo", "23:59:34", "23:59:35")]
)
def test_the_clock_settles_five_minutes_after_the_close_and_the_demo_at_once(
    market: Market, calendar: str, early: str, due: str
) -> None:
    TradingDay.objects.update(calendar=calendar)
    for moment, expected in ((at(early), []), (at(due), [LAUNCH_DAY])):
        assert list(due_days(moment)) == expected
    settle_due()
    assert TradingDay.objects.get().status == "settled"
    assert list(due_days(moment)) == []


def test_the_operators_button_settles_now_and_remembers_who(db: None) -> None:
    tomorrow = clock.today() + dt.timedelta(days=1)
    open_market(day=tomorrow)
    operator = User.objects.create_user(
        "o@exchange.example", "x", organisation=organisation("seee", "exchange")
    )
    settle_day(tomorrow.isoformat(), operator.pk)
    steps = list(SettlementStep.objects.order_by("rank").values_list("name", "state", "user"))
    assert steps == [(name, "done", operator.pk) for name in STEPS]
    settle_day(tomorrow.isoformat(), operator.pk)
    assert SettlementStep.objects.count() == len(STEPS)
