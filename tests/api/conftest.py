"""A market of members A–D, and clients that speak to the API as one of them."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.api.throttling import BUCKETS
from tests.support.clients import EVERYTHING, person, speak
from tests.support.market import Market, make_market


@pytest.fixture(autouse=True)
def _fresh_buckets() -> None:
    BUCKETS.clear()


@pytest.fixture
def market(db: None) -> Market:
    return make_market()


@pytest.fixture
def as_member(market: Market) -> Callable[..., APIClient]:
    """`as_member("A")`: a trader of member A with a key of every scope."""

    def make(code: str, *roles: str, scopes: tuple[str, ...] = EVERYTHING, language: str = "en") -> APIClient:
        return speak(
            person(market.members[code], *roles, name=roles[0] if roles else "trader"), scopes, language
        )

    return make


@pytest.fixture
def anybody() -> APIClient:
    return APIClient(headers={"accept-language": "en"})
