"""Candles hold every listed trade once, in Beijing's minutes, and come out the same when made anew."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from exchange import clock, engine
from exchange.models import Bar, Trade
from market_data.candles import candles, fold
from market_data.models import Candle
from tests.support.trading_day import LAUNCH_DAY, Market, open_market, tamper

pytestmark = pytest.mark.django_db
MIDNIGHT = dt.datetime.combine(LAUNCH_DAY, dt.time(), tzinfo=clock.BEIJING)
DAY = (MIDNIGHT, MIDNIGHT + dt.timedelta(days=1))


@pytest.fixture
def market() -> Market:
    return open_market()


def trade_at(market: Market, time: str, price: str, qty: int) -> None:
    at = dt.datetime.combine(market.day, dt.time.fromisoformat(time), tzinfo=clock.BEIJING)
    market.send("jianghai", "list", "sell", price, qty)
    market.send("yunling", "take", "buy", price, qty)
    engine.drain([instrument.pk for instrument in market.instruments.values()], at=at)


def figures(market: Market, interval: str) -> list[tuple[object, ...]]:
    found = candles(market.instruments["CEA21"], interval, *DAY)
    return [
        (
            each["time"][11:16],
            *(each[name] for name in ("open", "high", "low", "close", "volume", "turnover")),
        )
        for each in found
    ]


def morning(market: Market) -> None:
    for time, price, qty in (
        ("09:30:00", "48.00", 10),
        ("09:30:59.999999", "50.00", 20),
        ("09:31:00", "47.00", 5),
        ("09:59:30", "49.00", 1),
        ("10:00:00", "49.50", 2),
    ):
        trade_at(market, time, price, qty)


def test_a_minute_holds_its_trades_and_begins_with_its_first_instant(market: Market) -> None:
    morning(market)
    assert figures(market, "1m") == [
        ("09:30", "48.00", "50.00", "48.00", "50.00", 30, "1480.00"),
        ("09:31", "47.00", "47.00", "47.00", "47.00", 5, "235.00"),
        ("09:59", "49.00", "49.00", "49.00", "49.00", 1, "49.00"),
        ("10:00", "49.50", "49.50", "49.50", "49.50", 2, "99.00"),
    ]


def test_larger_intervals_are_aligned_to_beijings_hours(market: Market) -> None:
    morning(market)
    assert figures(market, "15m") == [
        ("09:30", "48.00", "50.00", "47.00", "47.00", 35, "1715.00"),
        ("09:45", "49.00", "49.00", "49.00", "49.00", 1, "49.00"),
        ("10:00", "49.50", "49.50", "49.50", "49.50", 2, "99.00"),
    ]
    assert [row[0] for row in figures(market, "1h")] == ["09:00", "10:00"]
    assert [row[0] for row in figures(market, "5m")] == ["09:30", "09:55", "10:00"]
    times = [each["time"] for each in candles(market.instruments["CEA21"], "1h", *DAY)]
    assert times[0] == "2021-07-16T09:00:00+08:00"


def test_folding_bit_by_bit_gives_the_same_as_at_once(market: Market) -> None:
    for price in ("48.00", "51.00", "46.00", "47.00"):
        trade_at(market, "09:30:10", price, 3)
        fold(market.instruments["CEA21"])
        fold(market.instruments["CEA21"])
    assert figures(market, "1m") == [("09:30", "48.00", "51.00", "46.00", "47.00", 12, "576.00")]
    assert Candle.objects.get().trades == Trade.objects.count() == 4


def test_a_range_gives_the_bins_that_begin_in_it(market: Market) -> None:
    morning(market)
    instrument = market.instruments["CEA21"]
    start = MIDNIGHT + dt.timedelta(hours=9, minutes=30, seconds=1)
    found = candles(instrument, "1m", start, MIDNIGHT + dt.timedelta(hours=9, minutes=59))
    assert [each["time"][11:16] for each in found] == ["09:31"]
    assert [each["time"][11:16] for each in candles(instrument, "1h", start, DAY[1])] == ["10:00"]


def test_block_trades_stand_in_no_minute(market: Market) -> None:
    for member in market.members:
        market.give(member, "CEA21", 1_000_000)
        market.give(member, "CNY", 10_000_000_000)
    offer = market.send("jianghai", "block", "sell", "40.00", 100_000)
    market.decide()
    market.send("yunling", "block_accept", "buy", "40.00", 100_000, offer=offer.pk)
    market.decide()
    assert Trade.objects.filter(kind="block").count() == 1
    assert figures(market, "1m") == []


def test_a_day_closes_at_its_vwap(market: Market) -> None:
    morning(market)
    Bar.objects.create(
        instrument=market.instruments["CEA21"], day=LAUNCH_DAY - dt.timedelta(days=1), source="imported", final=True,
        prev_close_fen=4800, open_fen=4800, close_fen=4800,
    )  # fmt: skip
    found = candles(market.instruments["CEA21"], "1d", DAY[0] - dt.timedelta(days=3), DAY[1])
    assert [(each["time"], each["high"], each["close"], each["source"]) for each in found] == [
        ("2021-07-15T00:00:00+08:00", None, "48.00", "imported"),
        ("2021-07-16T00:00:00+08:00", "50.00", "49.03", "market"),  # 1 863.00 yuan over 38 t
    ]


def test_an_interval_that_nobody_knows_is_refused(market: Market) -> None:
    with pytest.raises(ValueError, match="2m"):
        candles(market.instruments["CEA21"], "2m", *DAY)


def test_a_rebuild_gives_the_same_and_tells_what_was_not(market: Market) -> None:
    morning(market)
    before = figures(market, "1m")
    out = StringIO()
    call_command("rebuild_market_data", stdout=out)
    assert out.getvalue().count("identical") == 4
    tamper("UPDATE market_data_candle SET volume_t = volume_t + 1 WHERE volume_t = 30")
    tamper("UPDATE exchange_bar SET high_fen = high_fen + 1 WHERE trades > 0")
    err = StringIO()
    with pytest.raises(CommandError, match="2 thing"):
        call_command("rebuild_market_data", stdout=StringIO(), stderr=err)
    assert "minute candles of CEA21" in err.getvalue()
    assert "bar of CEA21 on 2021-07-16" in err.getvalue()
    assert figures(market, "1m") == before
