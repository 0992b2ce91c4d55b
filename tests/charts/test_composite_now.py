"""The composite of an open day: after every trade what a whole recomputation gives, and how it is made up."""

import pytest
from rest_framework.test import APIClient

from exchange.models import CompositeBar, CompositeWeights, Instrument
from market_data.composite_day import composite_of
from market_data.composite_now import composite_now, fold
from market_data.end_of_day import settle
from market_data.models import CompositeSoFar
from tests.charts.conftest import FIRST
from tests.support.trading_day import Market


def figures() -> tuple[int, int | None, int, int]:
    now = composite_now()
    assert now is not None
    return now.value_fen, now.open_fen, now.high_fen, now.low_fen


def test_it_moves_with_each_listed_trade_of_a_vintage(market: Market) -> None:
    assert figures() == (4800, None, 4800, 4800)
    market.trade("48.00", 10)
    assert figures() == (4800, 4800, 4800, 4800)
    # (48.01 + 48.00) ÷ 2 = 48.005
    market.trade("48.01", 1)
    assert figures() == (4801, 4800, 4801, 4800)
    market.trade("47.00", 5, "CEA22", seller="yunling", buyer="jianghai")
    assert figures() == (4751, 4800, 4801, 4751)
    assert CompositeSoFar.objects.count() == 1


def test_several_trades_at_once_are_folded_one_by_one(market: Market) -> None:
    """Highest and lowest stood only between the two: the fold must have seen each trade."""
    market.trade("50.00", 1)
    market.trade("46.00", 1)
    market.trade("48.00", 1)
    assert figures() == (4800, 4900, 4900, 4700)
    whole = composite_of(market.day)
    assert whole is not None
    assert (whole.open_fen, whole.high_fen, whole.low_fen) == (4900, 4900, 4700)


def test_reading_again_folds_nothing_twice(market: Market, django_assert_num_queries: object) -> None:
    market.trade("50.00", 1)
    before = figures()
    assert figures() == before
    kept = fold(market.day)
    assert kept is not None
    assert kept.prices == {"CEA21": 5000, "CEA22": 4800}


def test_other_weights_begin_the_day_anew(market: Market) -> None:
    market.trade("50.00", 1)
    assert figures()[0] == 4900
    CompositeWeights.objects.create(valid_from=market.day, weights={"CEA21": 1})
    assert figures() == (5000, 5000, 5000, 5000)


def test_a_closed_day_shows_its_close_and_what_it_was_made_of(market: Market) -> None:
    market.trade("50.00", 1)
    market.trade("49.00", 1)
    settle(market.day, early=True)
    now = composite_now()
    assert now is not None
    assert now.final
    # The vintage's close is its average, 49.50; the composite's is made of closes.
    assert [(part.code, part.price_fen, part.traded) for part in now.parts] == [
        ("CEA21", 4950, True), ("CEA22", 4800, False),
    ]  # fmt: skip
    assert now.value_fen == 4875 == CompositeBar.objects.get(day=market.day).close_fen


def test_the_api_says_the_sum(market: Market, anybody: APIClient) -> None:
    market.trade("48.03", 2)
    answer = anybody.get("/api/v1/composite/").json()
    assert (answer["price"], answer["change"], answer["change_pct"], answer["final"]) == (
        "48.02",
        "0.02",
        "0.04",
        False,
    )
    assert answer["parts"] == [
        {"instrument": "CEA21", "weight": 1, "price": "48.03", "traded": True},
        {"instrument": "CEA22", "weight": 1, "price": "48.00", "traded": False},
    ]


@pytest.mark.django_db
def test_without_weights_and_days_there_is_none(anybody: APIClient) -> None:
    assert composite_now() is None
    assert anybody.get("/api/v1/composite/").status_code == 404
    CompositeBar.objects.create(
        day=FIRST, prev_close_fen=4800, open_fen=4900, high_fen=4900, low_fen=4900, close_fen=4900
    )
    answer = anybody.get("/api/v1/composite/").json()
    assert (answer["price"], answer["change"], answer["parts"]) == ("49.00", "1.00", [])
    assert not Instrument.objects.exists()
