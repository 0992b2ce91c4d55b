"""The pages of people: what was typed stays, what is refused is said at its field, nobody reaches another's."""

import logging
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import User
from accounts.people.models import Invitation
from tests.people.conftest import Cast
from tests.support.people import PASSWORD, resident_number, token_mailed_to, typed

ENGLISH = {"accept-language": "en"}


def browser(user: User | None = None) -> Client:
    client = Client(headers=ENGLISH)
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def invite(client: Client, nth: int = 1, **more: Any) -> Any:
    return client.post("/people/invite/", typed(nth, **{"roles": ["trader"], **more}))


def arrive(client: Client, token: str, first: str = PASSWORD, again: str = "") -> Any:
    answer = client.post("/invitation/", {"token": token})
    if answer.status_code != 302:
        return answer
    return client.post("/invitation/", {"password1": first, "password2": again or first})


def test_everybody_sees_who_acts_and_administrators_see_masked_documents(cast: Cast) -> None:
    assert invite(browser(cast["boss"])).status_code == 302
    arrive(browser(), token_mailed_to("guest1@plant.example"))
    shown = browser(cast["trader"]).get("/people/").content.decode()
    assert "boss@plant.example" in shown
    assert "guest1@plant.example" in shown
    assert resident_number(1)[-4:] not in shown
    managed = browser(cast["boss"]).get("/people/").content.decode()
    assert f"••••••{resident_number(1)[-4:]}" in managed
    assert resident_number(1) not in managed


def test_what_is_refused_is_said_at_its_field_and_what_was_typed_stays(cast: Cast) -> None:
    answer = invite(browser(cast["boss"]), identity_number="420106199003070010")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This is no number of a resident identity card" in page
    assert 'value="guest1@plant.example"' in page
    assert 'value="客人1"' in page
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("name", "=cmd()"),
        ("roles", []),
        ("roles", ["issuer"]),
        ("reason", ""),
        ("email", ""),
    ],
)
def test_a_bad_field_invites_nobody(cast: Cast, field: str, value: Any) -> None:
    answer = invite(browser(cast["boss"]), **{field: value})
    assert answer.status_code in {400, 409}
    assert 'class="bad"' in answer.content.decode()
    assert Invitation.objects.count() == 0


def test_a_name_that_is_a_script_is_shown_as_text(cast: Cast) -> None:
    invite(browser(cast["boss"]), name="<script>alert(1)</script>")
    page = browser(cast["boss"]).get("/people/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("who", ["trader", "approver"])
def test_who_is_no_administrator_changes_nobody_by_any_form(cast: Cast, who: str) -> None:
    client, boss = browser(cast[who]), cast["boss"]
    reason = {"reason": "because", "roles": ["administrator"]}
    assert invite(client).status_code == 403
    for path in (f"/people/{cast[who].pk}/", f"/people/{boss.pk}/remove/", f"/people/{boss.pk}/"):
        assert client.post(path, reason).status_code == 403
    assert cast[who].roles == [who]
    assert cast["boss"].is_active


def test_another_organisations_people_do_not_exist(cast: Cast) -> None:
    invite(browser(cast["boss"]))
    made = Invitation.objects.get()
    client = browser(cast["stranger"])
    for path in (
        f"/people/{cast['boss'].pk}/", f"/people/{cast['boss'].pk}/remove/",
        f"/people/invitations/{made.pk}/resend/", f"/people/invitations/{made.pk}/withdraw/",
    ):  # fmt: skip
        assert client.post(path, {"reason": "because", "roles": ["viewer"]}).status_code == 404
    assert "boss@plant.example" not in client.get("/people/").content.decode()
    made.refresh_from_db()
    assert made.state == "open"


def test_roles_and_leaving_on_the_persons_page(cast: Cast) -> None:
    client, trader = browser(cast["boss"]), cast["trader"]
    answer = client.post(f"/people/{trader.pk}/", {"roles": ["viewer"], "reason": "rests"}, follow=True)
    assert "The new roles hold from now on." in answer.content.decode()
    answer = client.post(f"/people/{trader.pk}/", {"roles": ["approver"], "reason": "decides"})
    assert answer.headers["Location"].startswith("/inbox/")
    page = client.post(f"/people/{trader.pk}/remove/", {"reason": ""})
    assert page.status_code == 400
    client.post(f"/people/{trader.pk}/remove/", {"reason": "left"})
    assert not cast["trader"].is_active
    history = client.get("/people/changes/").content.decode()
    assert "rests" in history
    assert "left" in history


def test_a_link_leads_to_a_password_and_then_to_the_second_factor(cast: Cast, settings: Any) -> None:
    invite(browser(cast["boss"]))
    settings.SECOND_FACTOR_REQUIRED = True
    client = browser()
    answer = arrive(client, token_mailed_to("guest1@plant.example"))
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(email="guest1@plant.example").pk)
    answer = client.get("/people/")
    assert answer.headers["Location"].startswith("/accounts/security/")
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    assert not Authenticator.objects.exists()


def test_a_weak_password_or_two_different_ones_make_no_account(cast: Cast) -> None:
    invite(browser(cast["boss"]))
    token = token_mailed_to("guest1@plant.example")
    for first, again in (("guest1@plant.example", ""), ("password1234", ""), (PASSWORD, PASSWORD + "x")):
        answer = arrive(browser(), token, first, again)
        assert answer.status_code == 400
    assert not User.objects.filter(email="guest1@plant.example").exists()
    assert arrive(browser(), token).status_code == 302


def test_a_used_link_says_so_and_signs_nobody_in(cast: Cast) -> None:
    invite(browser(cast["boss"]))
    token = token_mailed_to("guest1@plant.example")
    arrive(browser(), token)
    for given in (token, "x" * 200, "a.b", ""):
        client = browser()
        answer = arrive(client, given)
        assert answer.status_code in {400, 409}
        assert "_auth_user_id" not in client.session


def test_who_opens_a_link_at_a_colleagues_browser_is_not_the_colleague(cast: Cast) -> None:
    invite(browser(cast["boss"]))
    client = browser(cast["trader"])
    arrive(client, token_mailed_to("guest1@plant.example"))
    assert client.session["_auth_user_id"] == str(User.objects.get(email="guest1@plant.example").pk)


def test_no_log_holds_a_link_or_a_number(cast: Cast, caplog: pytest.LogCaptureFixture, capsys: Any) -> None:
    with caplog.at_level(logging.DEBUG):
        invite(browser(cast["boss"]))
        invite(browser(cast["boss"]), 2, identity_number=resident_number(2)[:-1] + "Y")
        token = token_mailed_to("guest1@plant.example")
        arrive(browser(), token)
    said = caplog.text + "".join(capsys.readouterr())
    for secret in (resident_number(1), resident_number(2)[:-1], token, PASSWORD):
        assert secret not in said
