"""Sessions and keys: seen, ended, and never anybody else's; the second factor again before what stays."""

import datetime as dt
import re
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.api.keys import make_key, visible_to
from accounts.approvals.models import Notice
from accounts.models import ApiKey, Organisation, User
from accounts.sign_in import access, alerts
from accounts.sign_in.models import SignIn
from tests.sign_in.conftest import PASSWORD, add_app, browser, code, person, signed_in, type_in
from tests.sign_in.test_second_factor import SHOW_AGAIN, grow_old

KEYS = "/accounts/keys/"
NEW = {"name": "robot", "scopes": ["read", "trade"], "days": "30", "allowed_ips": "192.0.2.7\n2001:db8::1"}


def ask(plain: str, path: str = "/api/v1/keys/", **extra: Any) -> Any:
    return APIClient(headers={"authorization": f"Token {plain}"}).get(path, **extra)


@pytest.fixture
def boss(house: Organisation) -> User:
    return person(house, "boss@plant.example", "administrator")


@pytest.fixture
def stranger(db: None) -> User:
    other = Organisation.objects.create(code="other", kind="emitter", name_zh="他", name_en="Other")
    return person(other, "stranger@other.example", "administrator")


# --- keys ---------------------------------------------------------------------------------------


def test_a_key_is_made_and_its_text_shown_once(trader: User, pocket: Client) -> None:
    answer = pocket.post(KEYS, NEW)
    plain = re.findall(r'id="new-key">(\w+)<', answer.text)[0]
    assert "no-store" in answer.headers["Cache-Control"]
    key = ApiKey.objects.get()
    assert (key.name, key.scopes, key.allowed_ips) == (
        "robot",
        ["read", "trade"],
        ["192.0.2.7", "2001:db8::1"],
    )
    assert key.expiry is not None
    assert abs(key.expiry - timezone.now() - dt.timedelta(days=30)) < dt.timedelta(minutes=1)
    assert plain not in pocket.get(KEYS).text
    assert ask(plain, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert ask(plain).json()["code"] == "ADDRESS_NOT_ALLOWED"
    assert Notice.objects.filter(to=trader, kind=alerts.KEY_MADE).exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "required"),
        ({"scopes": []}, "required"),
        ({"scopes": ["everything"]}, "not one of the available choices"),
        ({"days": "99999"}, "not one of the available choices"),
        ({"allowed_ips": "192.0.2.7 nonsense"}, "“nonsense” is no IP address"),
        ({"allowed_ips": " ".join(f"192.0.2.{n}" for n in range(30))}, "at most 20 addresses"),
    ],
)
def test_a_bad_form_makes_no_key_and_keeps_what_was_typed(
    pocket: Client, change: dict[str, Any], words: str
) -> None:
    answer = pocket.post(KEYS, {**NEW, **change})
    assert answer.status_code == 400
    assert words in answer.text
    assert not ApiKey.objects.exists()
    assert 'value="robot"' in answer.text or change.get("name") == ""


def test_a_key_waits_for_the_second_factor_and_is_made_when_it_was_shown(
    trader: User, pocket: Client
) -> None:
    grow_old(pocket)
    asked = pocket.post(KEYS, NEW)
    assert asked.headers["Location"] == f"{SHOW_AGAIN}?next=%2Faccounts%2Fkeys%2F"
    assert not ApiKey.objects.exists()
    # A wrong code, and the password, do not help.
    pocket.post(asked.headers["Location"], {"code": "000000"})
    pocket.post(asked.headers["Location"], {"password": PASSWORD})
    assert not ApiKey.objects.exists()
    made = pocket.post(asked.headers["Location"], {"code": code(1)})
    assert 'id="new-key"' in made.text
    assert ApiKey.objects.count() == 1


def test_who_has_no_second_factor_shows_the_password_again(viewer: User) -> None:
    client = signed_in(viewer)
    grow_old(client)
    asked = client.post(KEYS, NEW)
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    client.post(asked.headers["Location"], {"password": "wrong"})
    assert not ApiKey.objects.exists()
    assert 'id="new-key"' in client.post(asked.headers["Location"], {"password": PASSWORD}).text


def test_revoking_ends_a_key_at_once(trader: User, pocket: Client) -> None:
    key, plain = make_key(trader, "robot", ["read"])
    assert ask(plain).status_code == 200
    assert pocket.post(reverse("key_revoke", args=[key.token_key])).status_code == 302
    assert (ask(plain).status_code, ask(plain).json()["code"]) == (401, "BAD_KEY")


def test_an_administrator_sees_and_revokes_the_peoples_keys(trader: User, boss: User, stranger: User) -> None:
    key, plain = make_key(trader, "robot", ["read"])
    for one in (boss, stranger):
        add_app(one)
    path = reverse("key_revoke", args=[key.token_key])
    outside = signed_in(stranger)
    assert "robot" not in outside.get(KEYS).text
    assert outside.post(path).status_code == 404
    inside = signed_in(boss)
    assert trader.email in inside.get(KEYS).text
    inside.post(path)
    assert ask(plain).status_code == 401
    assert Notice.objects.get(to=trader).params == {"name": "robot", "by": boss.email}


def test_a_colleague_without_that_role_sees_only_their_own(trader: User, house: Organisation) -> None:
    make_key(trader, "robot", ["read"])
    assert not visible_to(person(house, "second@plant.example", "trader")).exists()


def test_the_api_lists_and_revokes_but_makes_none(trader: User, boss: User, stranger: User) -> None:
    key, plain = make_key(trader, "robot", ["read"], lifetime=dt.timedelta(days=1))
    other, other_plain = make_key(trader, "second", ["read", "trade", "registry"])
    rows = ask(plain).json()["results"]
    assert [(row["name"], row["person"]) for row in rows] == [
        ("second", trader.email),
        ("robot", trader.email),
    ]
    assert rows[1]["id"] == key.token_key
    assert key.digest not in str(rows)
    client = APIClient(headers={"authorization": f"Token {other_plain}"})
    assert client.post("/api/v1/keys/", {}, format="json").status_code == 405
    # A key that leaked must not be able to shut the others.
    assert client.delete(f"/api/v1/keys/{key.token_key}/").status_code == 404
    assert client.delete(f"/api/v1/keys/{other.token_key}/").status_code == 204
    assert ask(other_plain).status_code == 401
    _key, outside = make_key(stranger, "x", ["read"])
    client = APIClient(headers={"authorization": f"Token {outside}"})
    assert client.delete(f"/api/v1/keys/{key.token_key}/").status_code == 404
    _key, no_read = make_key(trader, "x", ["trade"])
    assert ask(no_read).json()["code"] == "SCOPE_MISSING"


def test_a_session_revokes_through_the_api_with_the_csrf_token(trader: User, pocket: Client) -> None:
    key, _plain = make_key(trader, "robot", ["read"])
    strict = APIClient(enforce_csrf_checks=True)
    strict.cookies = pocket.cookies
    path = f"/api/v1/keys/{key.token_key}/"
    assert strict.delete(path).status_code == 403
    token = re.findall(r'name="csrf-token" content="(\w+)"', strict.get(KEYS).text)[0]
    assert strict.delete(path, headers={"x-csrftoken": token}).status_code == 204


def test_the_last_use_is_noted_at_most_once_a_minute(trader: User) -> None:
    key, plain = make_key(trader, "robot", ["read"])
    ask(plain, REMOTE_ADDR="192.0.2.7")
    key.refresh_from_db()
    first = key.last_used_at
    assert first is not None
    assert key.last_used_from == "192.0.2.7"
    ask(plain, REMOTE_ADDR="192.0.2.8")
    key.refresh_from_db()
    assert (key.last_used_at, key.last_used_from) == (first, "192.0.2.7")
    ApiKey.objects.update(last_used_at=first - dt.timedelta(minutes=2))
    ask(plain, REMOTE_ADDR="192.0.2.8")
    key.refresh_from_db()
    assert key.last_used_from == "192.0.2.8"


def test_nobody_makes_more_than_twenty(trader: User, pocket: Client) -> None:
    for number in range(20):
        make_key(trader, f"robot {number}", ["read"])
    assert "revoke one first" in pocket.post(KEYS, NEW).text
    assert ApiKey.objects.count() == 20


# --- sessions -----------------------------------------------------------------------------------


def test_sessions_are_listed_and_end_one_by_one(viewer: User) -> None:
    here, there = signed_in(viewer), signed_in(viewer, browser("203.0.113.4", agent="Other/2"))
    page = here.get("/accounts/sessions/").text
    assert "Other/2" in page
    assert "203.0.113.4" in page
    assert "this browser" in page
    other = UserSession.objects.get(session_key=there.session.session_key)
    assert here.post(reverse("session_end", args=[other.pk])).status_code == 302
    assert there.get("/inbox/").headers["Location"].startswith("/accounts/login/")
    assert here.get("/inbox/").status_code == 200


def test_all_others_end_together(viewer: User) -> None:
    here, others = signed_in(viewer), [signed_in(viewer) for _time in range(3)]
    here.post("/accounts/sessions/end-others/")
    assert [other.get("/inbox/").status_code for other in others] == [302] * 3
    assert here.get("/inbox/").status_code == 200


def test_nobody_ends_another_persons_session(viewer: User, stranger: User) -> None:
    add_app(stranger)
    victim, attacker = signed_in(viewer), signed_in(stranger)
    session = UserSession.objects.get(session_key=victim.session.session_key)
    assert attacker.post(reverse("session_end", args=[session.pk])).status_code == 404
    assert victim.get("/inbox/").status_code == 200


def test_who_is_shut_out_has_no_session_and_no_key(viewer: User) -> None:
    client = signed_in(viewer)
    _key, plain = make_key(viewer, "robot", ["read"])
    access.shut_out(viewer)
    assert client.get("/inbox/").status_code == 302
    assert ask(plain).status_code == 401
    assert type_in(browser(), viewer.email).headers["Location"] == "/accounts/inactive/"


def test_a_session_lasts_a_working_day(viewer: User) -> None:
    client = signed_in(viewer)
    assert client.session.get_expiry_age() <= 12 * 3600


# --- alerts -------------------------------------------------------------------------------------


def test_a_new_browser_and_a_new_address_are_told(viewer: User) -> None:
    known = signed_in(viewer)
    assert not Notice.objects.exists()
    signed_in(viewer, known_again(known))
    assert not Notice.objects.exists()
    signed_in(viewer, browser(agent="Stranger/1 <script>"))
    notice = Notice.objects.get()
    assert (notice.kind, notice.to) == (alerts.NEW_DEVICE, viewer)
    assert notice.params["agent"] == "Stranger/1 <script>"
    page = known.get("/inbox/notices/").text
    assert "Sign-in from a new browser" in page
    assert "<script>" not in page.split("Stranger/1")[1][:30]
    moved = browser("203.0.113.4")
    moved.cookies["device"] = known.cookies["device"].value
    signed_in(viewer, moved)
    assert Notice.objects.order_by("-pk")[0].kind == alerts.NEW_ADDRESS
    assert SignIn.objects.filter(user=viewer).count() == 4


def known_again(client: Client) -> Client:
    again = browser()
    again.cookies["device"] = client.cookies["device"].value
    return again


def test_sign_ins_that_happened_stay_as_they_were(viewer: User) -> None:
    from django.db import InternalError

    signed_in(viewer)
    with pytest.raises(InternalError, match="Cannot update or delete"):
        SignIn.objects.update(address="192.0.2.1")


def test_a_sender_without_an_address_signs_in_too(viewer: User) -> None:
    """Behind a web server that speaks over a local socket."""
    signed_in(viewer, browser("")).get("/accounts/sessions/")
    assert SignIn.objects.get(user=viewer).address == "0.0.0.0"


# --- forgery ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/", "/accounts/logout/", "/accounts/password/change/", "/accounts/password/reset/",
        "/accounts/reauthenticate/", "/accounts/2fa/totp/activate/", "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/passkeys/add/", "/accounts/2fa/authenticate/",
        "/accounts/2fa/passkeys/login/", "/accounts/2fa/reauthenticate/", "/accounts/sessions/1/end/",
        "/accounts/2fa/passkeys/1/remove/", "/accounts/sessions/end-others/", KEYS, "/accounts/keys/x/revoke/",
    ],
)  # fmt: skip
def test_every_post_needs_the_csrf_token(pocket: Client, path: str) -> None:
    foreign = Client(enforce_csrf_checks=True)
    foreign.cookies = pocket.cookies
    assert foreign.post(path, {}).status_code == 403
