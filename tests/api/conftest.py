"""A market of members A–D, and clients that speak to the API as one of them."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.api.keys import make_key
from accounts.api.throttling import BUCKETS
from accounts.models import Organisation, User
from tests.support.market import Market, make_market

EVERYTHING = ("read", "trade", "registry")


@pytest.fixture(autouse=True)
def _fresh_buckets() -> None:
    BUCKETS.clear()


@pytest.fixture
def market(db: None) -> Market:
    return make_market()


def person(organisation: Organisation, *roles: str, name: str = "trader") -> User:
    found = User.objects.filter(email=f"{name}@{organisation.code.lower()}.example").first()
    return found or User.objects.create_user(
        f"{name}@{organisation.code}.example", None, organisation=organisation, roles=list(roles or ("trader",))
    )


def speak(user: User, scopes: tuple[str, ...] = EVERYTHING, language: str = "en") -> APIClient:
    """A client with a fresh key."""
    _key, plain = make_key(user, "test", scopes)
    return APIClient(headers={"authorization": f"Token {plain}", "accept-language": language})


@pytest.fixture
def as_member(market: Market) -> Callable[..., APIClient]:
    """`as_member("A")`: a trader of member A with a key of every scope."""

    def make(code: str, *roles: str, scopes: tuple[str, ...] = EVERYTHING, language: str = "en") -> APIClient:
        return speak(person(market.members[code], *roles, name=roles[0] if roles else "trader"), scopes, language)

    return make


@pytest.fixture
def anybody() -> APIClient:
    return APIClient(headers={"accept-language": "en"})
