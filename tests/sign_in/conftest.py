"""People who sign in, with the second factor demanded as outside the demo."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from accounts.models import Organisation, User

PASSWORD = "lantern quarry mosaic thirteen"
ENGLISH = {"accept-language": "en"}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _demanded(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def house(db: None) -> Organisation:
    return Organisation.objects.create(code="plant", kind="emitter", name_zh="厂", name_en="Plant")


@pytest.fixture
def trader(house: Organisation) -> User:
    return person(house, "trader@plant.example", "trader")


@pytest.fixture
def viewer(house: Organisation) -> User:
    return person(house, "viewer@plant.example", "viewer")


def person(house: Organisation, email: str, *roles: str) -> User:
    return User.objects.create_user(email, PASSWORD, organisation=house, roles=list(roles), person=email)


def browser(address: str = "127.0.0.1", agent: str = "Browser/1", **options: Any) -> Client:
    return Client(headers={**ENGLISH, "user-agent": agent}, REMOTE_ADDR=address, **options)


def type_in(client: Client, email: str, password: str = PASSWORD, path: str = "/accounts/login/") -> Any:
    return client.post(path, {"login": email, "password": password})


def add_app(user: User, secret: str = SECRET) -> None:
    """As if the person had set up an authenticator app."""
    totp.TOTP.activate(user, secret)


def add_recovery_codes(user: User) -> list[str]:
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return codes


def code(steps: int = 0, secret: str = SECRET) -> str:
    """What the app shows now, or `steps` half minutes later."""
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + steps)))


def signed_in(user: User, client: Client | None = None, steps: int = 0) -> Client:
    """Through the pages: password, and the code where the person has an app."""
    client = client or browser()
    answer = type_in(client, user.email)
    if Authenticator.objects.filter(user=user, type="totp").exists():
        assert answer.headers["Location"] == "/accounts/2fa/authenticate/"
        answer = client.post("/accounts/2fa/authenticate/", {"code": code(steps)})
    assert answer.status_code == 302, answer.content.decode()[:500]
    assert client.session["_auth_user_id"] == str(user.pk)
    return client


@pytest.fixture
def pocket(trader: User) -> Client:
    """The trader's browser, signed in with both factors."""
    add_app(trader)
    return signed_in(trader)
