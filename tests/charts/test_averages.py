"""Moving averages are exact to the fen, and do not depend on where an answer begins."""

import datetime as dt
import random
from fractions import Fraction

import pytest
from rest_framework.test import APIClient

from exchange import clock, engine
from market_data.candles import closes_before
from market_data.charts.averages import moving_averages
from tests.charts.conftest import days
from tests.support.trading_day import Market

CANDLES = "/api/v1/instruments/CEA21/candles/"


def test_the_mean_of_the_latest_closes_is_rounded_half_up() -> None:
    # 48.00 + 48.01 = 96.01, half of it 48.005
    assert moving_averages([4800, 4801, 4802], 2) == [None, 4801, 4802]
    assert moving_averages([4800, 4800, 4801], 3) == [None, None, 4800]


def test_each_average_is_the_plain_mean_of_its_own_window() -> None:
    dice = random.Random(1)  # a repeatable sample
    for _ in range(300):
        length = dice.randint(2, 12)
        closes = [dice.randint(1, 10**12) for _ in range(dice.randint(0, 40))]
        for place, value in enumerate(moving_averages(closes, length)):
            window = closes[max(0, place + 1 - length) : place + 1]
            if len(window) < length:
                assert value is None
            else:
                assert value is not None
                # Half-up: what is above the mean may be a whole half, what is below it never.
                assert -Fraction(1, 2) <= Fraction(sum(window), length) - value < Fraction(1, 2)


def test_candles_before_the_answer_count(market: Market, anybody: APIClient) -> None:
    days(market.instruments["CEA21"], [4000, 4100, 4200, 4300, 4400, 4501])
    whole = anybody.get(f"{CANDLES}?averages=2,5&to=2021-09-07").json()["results"]
    part = anybody.get(f"{CANDLES}?averages=5,2&from=2021-09-05&to=2021-09-07").json()["results"]
    assert [candle["averages"] for candle in whole] == [
        # the market's own open day, at 48.00
        {"2": None, "5": None},
        {"2": "44.00", "5": None},
        {"2": "40.50", "5": None},
        {"2": "41.50", "5": None},
        {"2": "42.50", "5": "42.80"},
        {"2": "43.50", "5": "42.00"},
        {"2": "44.51", "5": "43.00"},
    ]
    assert part == whole[5:]


def test_minutes_before_the_answer_count_in_every_interval(market: Market) -> None:
    """Minutes with gaps: a bin's close is its last minute's, and empty bins are none."""
    instrument = market.instruments["CEA21"]
    for minute, price in (
        (0, "48.00"),
        (4, "48.10"),
        (5, "48.20"),
        (21, "48.30"),
        (59, "48.40"),
        (61, "48.50"),
    ):
        at = dt.datetime.combine(market.day, dt.time(9), clock.BEIJING) + dt.timedelta(minutes=minute)
        market.send("jianghai", "list", "sell", price, 1)
        market.send("yunling", "take", "buy", price, 1)
        engine.drain([instrument.pk], at=at)
    from market_data.candles import fold

    fold(instrument)
    ten = dt.datetime.combine(market.day, dt.time(10), clock.BEIJING).isoformat()
    assert closes_before(instrument, "1m", ten, 3) == [4820, 4830, 4840]
    assert closes_before(instrument, "5m", ten, 3) == [4820, 4830, 4840]
    assert closes_before(instrument, "5m", ten, 9) == [4810, 4820, 4830, 4840]
    assert closes_before(instrument, "15m", ten, 9) == [4820, 4830, 4840]
    assert closes_before(instrument, "1h", ten, 9) == [4840]


@pytest.mark.parametrize("value", ["0", "1", "251", "5,", "5;10", "2,3,4,5,6,7,8", "-5", "٥"])
def test_averages_that_cannot_be_are_refused(market: Market, anybody: APIClient, value: str) -> None:
    answer = anybody.get(CANDLES, {"averages": value})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["averages"]


def test_averages_cost_one_question_whatever_their_number(
    market: Market, anybody: APIClient, django_assert_num_queries: object
) -> None:
    days(market.instruments["CEA21"], list(range(4000, 4100)), dt.date(2021, 7, 17))
    with django_assert_num_queries(3):  # type: ignore[operator]
        anybody.get(f"{CANDLES}?from=2021-10-20")
    with django_assert_num_queries(4):  # type: ignore[operator]
        anybody.get(f"{CANDLES}?averages=5,10,20,60&from=2021-10-20")
