"""The second factor: who needs it, how it is set up and shown, and that no way leads round it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.converters import get_converters

from accounts.approvals.models import Notice
from accounts.models import Organisation, User
from accounts.sign_in import guesses
from accounts.sign_in.middleware import OPEN
from accounts.sign_in.models import SignIn
from tests.sign_in.conftest import (
    PASSWORD,
    SECRET,
    add_app,
    add_recovery_codes,
    browser,
    code,
    person,
    signed_in,
    type_in,
)

ACTIVATE = "/accounts/2fa/totp/activate/"
AUTHENTICATE = "/accounts/2fa/authenticate/"
SHOW_AGAIN = "/accounts/2fa/reauthenticate/"
SAMPLES = ("1", "x", "2026-01-05", "a" * 64, "00000000-0000-0000-0000-000000000000")


def sample_for(kind: str | None) -> str:
    """Something that an address takes in such a place."""
    regex = get_converters()[kind or "str"].regex
    return next(one for one in SAMPLES if re.fullmatch(regex, one))


def addresses(patterns: Any = None, before: str = "") -> Iterator[tuple[str, str]]:
    """Every address that there is, with something in its places, and its name."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = before + re.sub(
            r"<(?:(\w+):)?\w+>",
            lambda found: sample_for(found[1]),
            str(pattern.pattern).removeprefix("^").removesuffix("$"),
        )
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and not set("(?") & set(path):
            assert resolve("/" + path).func is not None
            yield path, pattern.name or ""


def is_sent_away(answer: Any, place: str) -> bool:
    if answer.headers.get("Content-Type", "").startswith("application/problem+json"):
        return bool(answer.json()["code"] == "SECOND_FACTOR_MISSING")
    return bool(answer.status_code == 302 and answer.headers["Location"].startswith(place))


def open_addresses(client: Client, place: str) -> set[str]:
    """Names of those that let the person in, by reading or by writing."""
    found = [one for one in addresses() if one[1] != "account_logout"]
    assert len(found) > 60
    left = {
        name
        for path, name in found
        for answer in (client.get("/" + path), client.post("/" + path))
        if not is_sent_away(answer, place)
    }
    assert "_auth_user_id" in client.session, "the person was signed in all the while"
    return left


def test_without_one_no_address_opens_but_those_that_set_it_up(trader: User) -> None:
    client = signed_in(trader)
    client.raise_request_exception = False
    left = open_addresses(client, "/accounts/security/")
    assert left - OPEN == set()


def test_a_session_from_before_shows_it_first(trader: User) -> None:
    old = signed_in(trader)
    add_app(trader)
    old.raise_request_exception = False
    assert open_addresses(old, SHOW_AGAIN) - OPEN == set()
    answer = old.get("/inbox/")
    assert answer.headers["Location"] == f"{SHOW_AGAIN}?next=%2Finbox%2F"
    shown = old.post(answer.headers["Location"], {"code": code()})
    assert shown.headers["Location"] == "/inbox/"
    assert old.get("/inbox/").status_code == 200


@pytest.mark.parametrize("role", [role for role in User.Role.values if role not in {"viewer", "analyst"}])
def test_every_role_that_trades_or_decides_needs_one(house: Organisation, role: str) -> None:
    client = signed_in(person(house, "somebody@plant.example", "viewer", role))
    assert client.get("/inbox/").headers["Location"].startswith("/accounts/security/")
    assert client.get("/api/v1/requests/").json()["code"] == "SECOND_FACTOR_MISSING"
    assert "needs a second factor" in client.get("/accounts/security/").text


@pytest.mark.parametrize("role", ["viewer", "analyst"])
def test_who_only_looks_needs_none(house: Organisation, role: str) -> None:
    assert signed_in(person(house, "somebody@plant.example", role)).get("/inbox/").status_code == 200


def test_an_app_is_set_up_with_its_first_code_and_shows_recovery_codes_once(
    trader: User, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in(trader)
    page = client.get(ACTIVATE).text
    secret = re.findall(r'id="secret">(\w+)<', page)[0]
    assert "data:image/svg+xml" in page
    assert "wrong, or was used" in client.post(ACTIVATE, {"code": "000000"}).text
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(ACTIVATE, {"code": code(secret=secret)})
    assert done.headers["Location"] == "/accounts/2fa/recovery-codes/"
    codes = re.findall(r"<li>(\d{8})</li>", client.get("/accounts/2fa/recovery-codes/").text)
    assert len(codes) == 10
    again = client.get("/accounts/2fa/recovery-codes/").text
    assert not any(one in again for one in codes)
    assert client.get("/inbox/").status_code == 200
    stored = Authenticator.objects.get(user=trader, type="totp").data["secret"]
    assert secret not in stored
    assert Notice.objects.filter(to=trader, kind="sign_in.mfa/email/totp_activated").exists()


def test_the_code_that_set_it_up_does_not_sign_in(trader: User) -> None:
    client = signed_in(trader)
    secret = re.findall(r'id="secret">(\w+)<', client.get(ACTIVATE).text)[0]
    used = code(secret=secret)
    client.post(ACTIVATE, {"code": used})
    thief = browser()
    type_in(thief, trader.email)
    assert "was used before" in thief.post(AUTHENTICATE, {"code": used}).text


def test_the_password_alone_signs_nobody_in(trader: User) -> None:
    add_app(trader)
    client = browser()
    assert type_in(client, trader.email).headers["Location"] == AUTHENTICATE
    assert "_auth_user_id" not in client.session
    assert client.get("/inbox/").headers["Location"].startswith("/accounts/login/")
    assert client.get("/api/v1/requests/").status_code in {401, 403}


def test_a_replayed_code_is_refused(trader: User) -> None:
    add_app(trader)
    used = code()
    first = browser()
    type_in(first, trader.email)
    assert first.post(AUTHENTICATE, {"code": used}).status_code == 302
    second = browser("203.0.113.9")
    type_in(second, trader.email)
    for same in (used, f"{used[:3]} {used[3:]}", f"{used[:3]}-{used[3:]}"):
        assert "was used before" in second.post(AUTHENTICATE, {"code": same}).text
    assert "_auth_user_id" not in second.session
    assert second.post(AUTHENTICATE, {"code": code(1)}).status_code == 302


def test_an_old_code_opens_nothing(trader: User) -> None:
    add_app(trader)
    client = browser()
    type_in(client, trader.email)
    assert client.post(AUTHENTICATE, {"code": code(-3)}).status_code == 200
    assert client.post(AUTHENTICATE, {"code": code(3)}).status_code == 200


def test_codes_cannot_be_guessed_and_waiting_is_said(trader: User) -> None:
    add_app(trader)
    client = browser("203.0.113.9")
    type_in(client, trader.email)
    right = code()
    wrong = [f"{number:06}" for number in range(10) if f"{number:06}" not in {right, code(1), code(-1)}]
    answers = [client.post(AUTHENTICATE, {"code": one}) for one in wrong]
    burst = guesses.ACCOUNT_FROM_ADDRESS.burst
    assert [answer.status_code for answer in answers] == [200] * burst + [429] * (len(wrong) - burst)
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert client.post(AUTHENTICATE, {"code": right}).status_code == 429


def test_a_recovery_code_opens_once(trader: User) -> None:
    add_app(trader)
    spare = add_recovery_codes(trader)[3]
    first, second = browser(), browser()
    type_in(first, trader.email)
    assert first.post(AUTHENTICATE, {"code": spare}).status_code == 302
    assert SignIn.objects.get(user=trader).factor == "recovery_codes"
    type_in(second, trader.email)
    assert second.post(AUTHENTICATE, {"code": spare}).status_code == 200
    assert "_auth_user_id" not in second.session


def test_the_last_one_of_somebody_who_needs_it_stays(trader: User, viewer: User, pocket: Client) -> None:
    path = "/accounts/2fa/totp/deactivate/"
    assert "add another one before" in pocket.get(path).text
    pocket.post(path)
    assert Authenticator.objects.filter(user=trader, type="totp").exists()
    add_app(viewer)
    signed_in(viewer).post(path)
    assert not Authenticator.objects.filter(user=viewer).exists()


def test_a_new_phone_takes_the_old_ones_place(trader: User, pocket: Client) -> None:
    secret = re.findall(r'id="secret">(\w+)<', pocket.get(ACTIVATE).text)[0]
    assert pocket.post(ACTIVATE, {"code": code(secret=secret)}).status_code == 302
    assert Authenticator.objects.filter(user=trader, type="totp").count() == 1
    client = browser()
    type_in(client, trader.email)
    assert client.post(AUTHENTICATE, {"code": code(1)}).status_code == 200
    assert client.post(AUTHENTICATE, {"code": code(1, secret)}).status_code == 302


def grow_old(client: Client) -> None:
    """As if everything had been shown an hour ago."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3_600
    session.save()


def test_a_found_session_takes_no_factor_away_by_the_password(trader: User, pocket: Client) -> None:
    grow_old(pocket)
    for path in (ACTIVATE, "/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/totp/deactivate/"):
        for answer in (pocket.get(path), pocket.post(path, {"code": code(1)})):
            assert answer.headers["Location"].startswith(SHOW_AGAIN), path
    # The page that asks for the password again does not exist for who has a second factor.
    answer = pocket.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.headers["Location"].startswith(SHOW_AGAIN)
    assert pocket.get(ACTIVATE).status_code == 302


def test_another_persons_passkey_is_not_there(trader: User, viewer: User, pocket: Client) -> None:
    theirs = Authenticator.objects.create(user=viewer, type="webauthn", data={"name": "x", "credential": {}})
    assert pocket.post(f"/accounts/2fa/passkeys/{theirs.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=theirs.pk).exists()


def test_secrets_open_after_a_change_of_the_secret_key(trader: User, settings: Any) -> None:
    add_app(trader)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another long and random value"
    signed_in(trader)
    assert SECRET not in str(Authenticator.objects.get(user=trader).data)


def test_who_lost_everything_begins_anew(trader: User, pocket: Client) -> None:
    add_recovery_codes(trader)
    call_command("remove_second_factor", trader.email.upper())
    assert not Authenticator.objects.filter(user=trader).exists()
    assert pocket.get("/inbox/").headers["Location"].startswith("/accounts/login/")
    assert signed_in(trader).get("/inbox/").headers["Location"].startswith("/accounts/security/")
    assert Notice.objects.filter(to=trader, kind="sign_in.factors_removed").exists()
    for wrong in (trader.email, "nobody@plant.example"):
        with pytest.raises(CommandError):
            call_command("remove_second_factor", wrong)


def test_what_a_person_did_not_ask_for_is_not_there(pocket: Client) -> None:
    """allauth's own pages for addresses and e-mailed codes would let people rename themselves."""
    for path in ("/accounts/email/", "/accounts/login/code/", "/accounts/confirm-email/"):
        assert pocket.get(path).status_code == 404
