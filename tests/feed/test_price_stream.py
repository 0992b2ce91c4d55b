"""/ws/prices/, against a real web process: every instrument's price and the composite."""

import json
from collections.abc import Callable
from typing import Any

import redis

from exchange.models import CompositeWeights
from exchange.pushes import MARKET_CHANNEL
from tests.feed.conftest import Stream
from tests.support.market import Market

PRICES = "/ws/prices/"


def trade(market: Market, number: int, price: str, code: str = "CEA") -> None:
    for member, cmd, side in (("A", "list", "sell"), ("B", "take", "buy")):
        market.submit(member, cmd, f"{cmd}{number}", instrument=code, side=side, price=price, qty=1)
        market.drain()


def priced(code: str, price: str) -> Callable[[dict[str, Any]], bool]:
    return lambda message: any(
        each["instrument"] == code and each["price"] == price for each in message.get("prices", ())
    )


def test_all_prices_at_first_then_what_changed_with_the_composite(
    market: Market, listen: Callable[..., Stream]
) -> None:
    CompositeWeights.objects.create(valid_from=market.day, weights={"CEA": 2, "CCER": 1})
    stream = listen(PRICES)
    first = stream.next()
    assert first["type"] == "snapshot"
    assert {each["instrument"]: each["price"] for each in first["prices"]} == {
        "CEA": "48.00",
        "CCER": "48.00",
    }
    assert first["composite"]["price"] == "48.00"
    trade(market, 1, "48.30")
    message = stream.until(priced("CEA", "48.30"))
    assert [each["instrument"] for each in message["prices"]] == ["CEA"]
    assert (message["prices"][0]["change"], message["prices"][0]["change_pct"]) == ("0.30", "0.63")
    told = stream.heard[-1]
    if "composite" not in told:
        told = stream.until(lambda message: "composite" in message)
    # (2 × 48.30 + 48.00) ÷ 3
    assert told["composite"]["price"] == "48.20"
    seqs = [message["seq"] for message in stream.heard]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))


def test_what_no_push_told_is_read_within_a_look(
    market: Market, listen: Callable[..., Stream], broker: redis.Redis
) -> None:
    stream = listen(PRICES)
    stream.next()
    # A push that lies about nothing but is not understood, then trades whose pushes go to nobody.
    broker.publish(MARKET_CHANNEL, json.dumps({"instrument": "CEA"}))
    broker.client_kill_filter(_type="pubsub")
    trade(market, 1, "49.00", "CCER")
    stream.until(priced("CCER", "49.00"))
