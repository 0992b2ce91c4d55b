"""Rate limits."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.api.throttling import Buckets
from tests.support.market import Market


def test_too_many_requests_are_told_when_to_come_back(
    as_member: Callable[..., APIClient], settings: Any
) -> None:
    settings.API_RATES = {"sender": (0.1, 2), "anonymous": (0.1, 1)}
    client, other = as_member("A"), as_member("B")
    answers = [client.get("/api/v1/orders/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "THROTTLED"
    assert 1 <= int(answers[2]["Retry-After"]) <= 10
    assert other.get("/api/v1/orders/").status_code == 200


def test_the_public_market_is_counted_by_address(market: Market, anybody: APIClient, settings: Any) -> None:
    settings.API_RATES = {"sender": None, "anonymous": (0.1, 1)}
    url = "/api/v1/instruments/"
    assert [anybody.get(url).status_code, anybody.get(url).status_code] == [200, 429]
    assert anybody.get(url, REMOTE_ADDR="192.0.2.9").status_code == 200


def test_health_is_never_throttled(market: Market, anybody: APIClient, settings: Any) -> None:
    settings.API_RATES = {"sender": (0.1, 1), "anonymous": (0.1, 1)}
    assert {anybody.get("/healthz").status_code for _ in range(5)} == {200}


def test_a_bucket_refills_steadily() -> None:
    buckets = Buckets()
    assert [buckets.take("a", 10, 2, 0.0) for _ in range(2)] == [0, 0]
    assert buckets.take("a", 10, 2, 0.0) == pytest.approx(0.1)
    assert buckets.take("a", 10, 2, 0.11) == 0
    assert buckets.take("b", 10, 2, 0.11) == 0
