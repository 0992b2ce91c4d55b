"""GET /api/v1/instruments/ and what lies under it: for everybody."""

import pytest
from rest_framework.test import APIClient

from exchange.models import TradingDay
from exchange.settlement import close_day
from market_data.api.serializers import (
    BookSerializer,
    CandlesSerializer,
    InstrumentSerializer,
    PublicTradeSerializer,
    QuoteSerializer,
)
from tests.support.market import Market

CEA = "/api/v1/instruments/CEA/"


@pytest.fixture
def traded(market: Market) -> Market:
    """A sells 100 t at 48.00, of which B takes 40; C bids 47.50; and a block of 100 000 t at 50.00."""
    market.submit("A", "list", "a1", side="sell", price="48.00", qty=100)
    market.submit("C", "list", "c1", side="buy", price="47.50", qty=7)
    market.submit("A", "block", "a2", side="sell", price="50.00", qty=100_000)
    market.drain()
    market.submit("B", "take", "b1", side="buy", price="48.00", qty=40)
    market.submit("B", "block_accept", "b2", offer={"member": "A", "id": "a2"})
    market.drain()
    return market


def test_instruments_tell_their_band_and_limits(market: Market, anybody: APIClient) -> None:
    (instrument,) = anybody.get("/api/v1/instruments/").json()["results"]
    assert set(instrument) == set(InstrumentSerializer().fields)
    assert (instrument["limit_up"], instrument["limit_down"], instrument["tick"]) == (
        "52.80",
        "43.20",
        "0.01",
    )
    assert (instrument["max_qty"], instrument["block_min_qty"]) == (99_999, 100_000)
    assert instrument["phase"] == "afternoon"
    assert instrument["next_phase"]
    assert instrument["next_at"]


def test_the_quote_is_the_day_in_figures(traded: Market, anybody: APIClient) -> None:
    quote = anybody.get(f"{CEA}quote/").json()
    assert set(quote) == set(QuoteSerializer().fields)
    assert (quote["last"], quote["close"], quote["volume"], quote["turnover"]) == (
        "48.00",
        "48.00",
        40,
        "1920.00",
    )
    assert (quote["block_volume"], quote["block_turnover"]) == (None, None)


def test_blocks_are_in_the_quote_once_the_day_is_closed(traded: Market, anybody: APIClient) -> None:
    close_day(traded.day)
    quote = anybody.get(f"{CEA}quote/").json()
    assert (quote["block_volume"], quote["block_turnover"]) == (100_000, "5000000.00")


def test_the_book_names_listings_and_nobody(traded: Market, anybody: APIClient) -> None:
    book = anybody.get(f"{CEA}book/").json()
    assert set(book) == set(BookSerializer().fields)
    (level,) = book["sell"]
    assert (level["price"], level["qty"], level["count"]) == ("48.00", 60, 1)
    assert [set(listing) for listing in level["listings"]] == [{"no", "qty"}]
    assert book["buy"][0]["price"] == "47.50"


def test_a_quote_that_is_known_is_not_sent_again(traded: Market, anybody: APIClient) -> None:
    for name in ("quote", "book"):
        etag = anybody.get(f"{CEA}{name}/")["ETag"]
        assert anybody.get(f"{CEA}{name}/", headers={"if-none-match": f"W/{etag}"}).status_code == 304
    traded.submit("A", "list", "a3", side="sell", price="48.10", qty=1)
    traded.drain()
    assert anybody.get(f"{CEA}book/", headers={"if-none-match": etag}).status_code == 200


def test_block_trades_are_public_after_their_day(traded: Market, anybody: APIClient) -> None:
    (trade,) = anybody.get(f"{CEA}trades/").json()["results"]
    assert set(trade) == set(PublicTradeSerializer().fields)
    assert (trade["price"], trade["qty"], trade["kind"]) == ("48.00", 40, "listed")
    TradingDay.objects.update(status="settled")
    kinds = [trade["kind"] for trade in anybody.get(f"{CEA}trades/").json()["results"]]
    assert sorted(kinds) == ["block", "listed"]


def test_trades_after_a_number_are_the_rest(traded: Market, anybody: APIClient) -> None:
    assert anybody.get(f"{CEA}trades/?after=1").json()["results"] == []
    assert anybody.get(f"{CEA}trades/?date=2021-07-16").json()["results"] == []


@pytest.mark.parametrize("interval", ["1m", "5m", "15m", "1h", "1d"])
def test_candles_have_every_interval(traded: Market, anybody: APIClient, interval: str) -> None:
    answer = anybody.get(f"{CEA}candles/?interval={interval}").json()
    assert set(answer) == set(CandlesSerializer().fields)
    (candle,) = answer["results"]
    assert (candle["open"], candle["close"], candle["volume"]) == ("48.00", "48.00", 40)


@pytest.mark.parametrize(
    "query",
    [
        "interval=2m", "from=yesterday", "to=2026-13-01", "from=0001-01-01", "to=9999-12-31T23:59:59%2B00:00",
        "from=2026-01-01T00:00:00", "from=9999-12-31T23:59:59-23:59",
    ],
)  # fmt: skip
def test_a_range_that_cannot_be_is_refused(market: Market, anybody: APIClient, query: str) -> None:
    answer = anybody.get(f"{CEA}candles/?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("name", ["quote", "book", "trades", "candles"])
@pytest.mark.parametrize("code", ["NONE", "%F0%9F%8D%95", "x" * 300, "%00"])
def test_an_instrument_that_does_not_exist_is_not_found(
    market: Market, anybody: APIClient, name: str, code: str
) -> None:
    answer = anybody.get(f"/api/v1/instruments/{code}/{name}/")
    assert answer.status_code == (400 if code == "%00" else 404)
    assert answer.json()["code"] in {"UNKNOWN_INSTRUMENT", "NUL_CHARACTER"}


def test_quote_and_book_read_one_row(
    traded: Market, anybody: APIClient, django_assert_num_queries: object
) -> None:
    for name in ("quote", "book"):
        with django_assert_num_queries(1):  # type: ignore[operator]
            anybody.get(f"{CEA}{name}/")
