"""API keys: who a key is, and when it opens nothing."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.api.keys import make_key, revoke_key
from accounts.models import ApiKey, User
from tests.support.clients import person
from tests.support.market import Market

ORDERS = "/api/v1/orders/"


@pytest.fixture
def trader(market: Market) -> User:
    return person(market.members["A"])


def ask(plain: str, **extra: Any) -> Any:
    return APIClient(headers={"authorization": f"Token {plain}"}).get(ORDERS, **extra)


def test_the_plain_key_is_nowhere_in_the_database(trader: User) -> None:
    key, plain = make_key(trader, "robot", ["read"])
    row = ApiKey.objects.values().get(pk=key.pk)
    assert plain not in str(row)
    assert ask(plain).status_code == 200


def test_a_revoked_key_opens_nothing(trader: User) -> None:
    key, plain = make_key(trader, "robot", ["read"])
    revoke_key(key)
    assert (ask(plain).status_code, ask(plain).json()["code"]) == (401, "BAD_KEY")


def test_an_expired_key_opens_nothing_and_stays_to_be_seen(trader: User) -> None:
    key, plain = make_key(trader, "robot", ["read"], lifetime=dt.timedelta(days=1))
    assert ask(plain).status_code == 200
    ApiKey.objects.filter(pk=key.pk).update(expiry=timezone.now())
    assert ask(plain).json()["code"] == "KEY_EXPIRED"
    assert ApiKey.objects.filter(pk=key.pk).exists()


def test_the_key_of_somebody_who_left_opens_nothing(trader: User) -> None:
    _key, plain = make_key(trader, "robot", ["read"])
    User.objects.filter(pk=trader.pk).update(is_active=False)
    assert (ask(plain).status_code, ask(plain).json()["code"]) == (401, "USER_INACTIVE")


def test_a_key_for_one_address_opens_nothing_from_another(trader: User) -> None:
    _key, plain = make_key(trader, "robot", ["read"], allowed_ips=["192.0.2.7"])
    assert ask(plain).json()["code"] == "ADDRESS_NOT_ALLOWED"
    assert ask(plain, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_a_forwarded_address_is_not_believed(trader: User) -> None:
    _key, plain = make_key(trader, "robot", ["read"], allowed_ips=["192.0.2.7"])
    assert ask(plain, HTTP_X_FORWARDED_FOR="192.0.2.7").status_code == 401


def test_a_scope_that_does_not_exist_makes_no_key(trader: User) -> None:
    with pytest.raises(ValueError, match="no such scope"):
        make_key(trader, "robot", ["read", "everything"])
    assert not ApiKey.objects.exists()


def test_a_session_needs_the_csrf_token(trader: User) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(trader, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get(ORDERS).status_code == 200
    assert browser.post(ORDERS, {}, format="json").status_code == 403
