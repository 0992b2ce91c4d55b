"""Passwords: guessing them, choosing them, forgetting them; and what a stranger learns by trying."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.sign_in import guesses, passwords
from accounts.sign_in.models import GuessBucket
from tests.sign_in.conftest import PASSWORD, browser, person, signed_in, type_in

HASHED: list[str] = []


class CountingHasher(MD5PasswordHasher):
    """Counts what a guess costs."""

    algorithm = "counting"

    def encode(self, password: str, salt: str) -> str:
        HASHED.append(password)
        return super().encode(password, salt)


def test_a_person_signs_in_and_goes_where_they_wanted(viewer: User) -> None:
    client = browser()
    answer = client.post("/accounts/login/?next=/inbox/", {"login": viewer.email, "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/inbox/")


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example/",
        "//evil.example/x",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
    ],
)
def test_the_way_on_never_leads_to_another_site(viewer: User, place: str) -> None:
    for data in ({}, {"next": place}):
        client = browser()
        answer = client.post(
            f"/accounts/login/?next={place}", {"login": viewer.email, "password": PASSWORD, **data}
        )
        assert answer.headers["Location"] == "/"


def test_brute_force_is_stopped_and_told_when_to_come_back(viewer: User) -> None:
    robot = browser("203.0.113.5")
    answers = [type_in(robot, viewer.email, f"guess {number}") for number in range(20)]
    codes = [answer.status_code for answer in answers]
    assert codes == [200] * 5 + [429] * 15
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert "Too many attempts" in answers[-1].text
    # The right one does not help any more: whoever knocks so often is not told.
    assert type_in(robot, viewer.email).status_code == 429


def test_guesses_come_back_with_time(viewer: User) -> None:
    robot = browser("203.0.113.5")
    for number in range(6):
        type_in(robot, viewer.email, f"guess {number}")
    for bucket in GuessBucket.objects.all():
        bucket.full_at -= dt.timedelta(minutes=1)
        bucket.save()
    assert type_in(robot, viewer.email, "guess").status_code == 200
    assert type_in(robot, viewer.email, "guess").status_code == 429


def test_one_password_tried_on_many_people_is_stopped(house: Organisation) -> None:
    robot = browser("203.0.113.5")
    codes = [
        type_in(robot, f"person{number}@plant.example", "spring2026").status_code for number in range(40)
    ]
    assert codes.count(200) == guesses.FROM_ADDRESS.burst


def test_a_swarm_is_slowed_and_the_person_is_not_locked_out(viewer: User) -> None:
    own = signed_in(viewer)
    own.post("/accounts/logout/")
    codes = [
        type_in(browser(f"203.0.113.{number}"), viewer.email, "guess").status_code for number in range(40)
    ]
    assert codes.count(200) == guesses.ACCOUNT_FROM_STRANGERS.burst
    assert type_in(browser("203.0.113.200"), viewer.email).status_code == 429
    # The browser that has signed in before is counted apart, from whatever address it comes.
    assert type_in(own, viewer.email).status_code == 302


def test_a_made_up_device_cookie_opens_no_bucket_of_its_own(viewer: User) -> None:
    for number in range(guesses.ACCOUNT_FROM_ADDRESS.burst + 1):
        robot = browser("203.0.113.5")
        robot.cookies["device"] = f"made-up-{number}"
        answer = type_in(robot, viewer.email, "guess")
    assert answer.status_code == 429


def test_an_ipv6_sender_has_one_bucket_for_its_whole_network(viewer: User) -> None:
    codes = [
        type_in(browser(f"2001:db8:1:2::{number:x}"), viewer.email, "guess").status_code
        for number in range(8)
    ]
    assert codes.count(200) == guesses.ACCOUNT_FROM_ADDRESS.burst


def test_right_passwords_use_up_no_guesses(viewer: User) -> None:
    for _time in range(30):
        assert type_in(browser("203.0.113.5"), viewer.email).status_code == 302


def test_an_unknown_address_gets_the_same_answer_for_the_same_work(viewer: User, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["tests.sign_in.test_passwords.CountingHasher"]
    User.objects.filter(pk=viewer.pk).update(password="")
    viewer.refresh_from_db()
    viewer.set_password(PASSWORD)
    viewer.save()

    def tried(email: str) -> tuple[int, str]:
        HASHED.clear()
        page = type_in(browser("203.0.113.77"), email, "a wrong password").text
        page = re.sub(
            r'csrf[^>]*>|data-(now|next-at)="[^"]*"|content="[^"]*"|X-CSRFToken[^}]*}', "", page
        ).replace(email, "")
        return len(HASHED), page

    known, unknown = tried(viewer.email), tried("nobody@plant.example")
    assert known[0] == unknown[0] > 0
    assert known[1] == unknown[1]


def test_asking_for_a_new_password_tells_nothing(viewer: User) -> None:
    answers = []
    for email in (viewer.email, "nobody@plant.example"):
        asked = browser().post("/accounts/password/reset/", {"email": email})
        answers.append((asked.status_code, asked.headers["Location"], asked.content))
    assert answers[0] == answers[1]


def test_a_mailed_link_sets_a_password_once(viewer: User) -> None:
    other = signed_in(viewer)
    assert passwords.send_reset(viewer.email.upper(), "http://testserver")
    assert not passwords.send_reset("nobody@plant.example", "http://testserver")
    assert [message.to for message in mail.outbox] == [[viewer.email]]
    text = str(mail.outbox[0].body)
    assert "一小时" in text
    assert "one hour" in text
    link = re.findall(r"http://testserver(\S+)", text)[0]
    client = browser()
    form = client.get(link).headers["Location"]
    new = "copper meadow violin ninety"
    assert (
        "easy to guess"
        in client.post(form, {"password1": "qwertyuiop123", "password2": "qwertyuiop123"}).text
    )
    done = client.post(form, {"password1": new, "password2": new})
    assert done.headers["Location"] == "/accounts/password/reset/key/done/"
    assert "was used or is too old" in browser().get(link).text
    assert type_in(browser(), viewer.email, new).status_code == 302
    # Whoever was signed in with the old password is signed out.
    assert other.get("/inbox/").status_code == 302


def test_a_person_who_left_gets_no_link(viewer: User) -> None:
    User.objects.filter(pk=viewer.pk).update(is_active=False)
    assert not passwords.send_reset(viewer.email, "http://testserver")


def test_resets_are_slowed_by_sender_and_silently_by_account(viewer: User) -> None:
    sender = browser("203.0.113.9")
    codes = [
        sender.post("/accounts/password/reset/", {"email": viewer.email}).status_code for _time in range(11)
    ]
    assert codes == [302] * 10 + [429]
    assert len(mail.outbox) <= guesses.RESET_OF_ACCOUNT.burst


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "At least 12"),
        ("administrator", "common word"),
        ("aaaaaaaaaaaaaaaa", "repeats itself"),
        ("abcdefghijklmnop", "sequence"),
        ("qwertyuiopasdf", "easy to guess"),
        ("trader@plant.example", "your own data"),
        ("x" * 129, "At most 128"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(trader: User, password: str, why: str) -> None:
    from django.utils import translation

    with translation.override("en"), pytest.raises(ValidationError, match=why):
        validate_password(password, trader)


@pytest.mark.parametrize(
    "password", ["lantern quarry mosaic thirteen", "shuai qi mao chi yu", "盐湖旧梯子飘过三只陶罐呀"]
)
def test_long_ones_without_digits_or_symbols_are_fine(trader: User, password: str) -> None:
    validate_password(password, trader)


def test_changing_it_needs_the_present_one_and_signs_other_browsers_out(viewer: User) -> None:
    here, there = signed_in(viewer), signed_in(viewer, browser(agent="Other/1"))
    new = "copper meadow violin ninety"
    wrong = here.post(
        "/accounts/password/change/", {"oldpassword": "wrong", "password1": new, "password2": new}
    )
    assert "This password is wrong" in wrong.text
    right = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/accounts/password/change/", right).headers["Location"] == "/accounts/security/"
    assert here.get("/inbox/").status_code == 200
    assert there.get("/inbox/").status_code == 302


def test_the_present_password_cannot_be_guessed_there_either(viewer: User) -> None:
    here = signed_in(viewer)
    data = {"oldpassword": "wrong", "password1": "x", "password2": "x"}
    codes = [here.post("/accounts/password/change/", data).status_code for _time in range(12)]
    assert codes == [200] * 10 + [429] * 2


def test_a_session_known_beforehand_is_worth_nothing_after_the_sign_in(viewer: User) -> None:
    victim = browser()
    victim.get("/accounts/login/?next=/inbox/")
    session = victim.session
    session["planted"] = True
    session.save()
    victim.cookies["sessionid"] = planted = session.session_key or ""
    signed_in(viewer, victim)
    assert victim.cookies["sessionid"].value != planted
    attacker = browser()
    attacker.cookies["sessionid"] = planted
    assert attacker.get("/inbox/").status_code == 302


def test_the_demos_password_still_opens_the_demo(house: Organisation, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    User.objects.create_user("demo@plant.example", "demo", organisation=house, roles=["trader"], is_demo=True)
    client = Client(headers={"accept-language": "en"})
    assert type_in(client, "demo@plant.example", "demo").status_code == 302
    assert "Signing in takes no second factor here" in client.get("/").text


def test_full_buckets_are_forgotten(viewer: User) -> None:
    type_in(browser(), viewer.email, "wrong")
    assert guesses.forget_full(timezone.now()) == 0
    assert guesses.forget_full(timezone.now() + dt.timedelta(hours=2)) == 3


def test_two_right_accounts_of_one_house_do_not_share_a_bucket(house: Organisation) -> None:
    first, second = person(house, "one@plant.example", "viewer"), person(house, "two@plant.example", "viewer")
    for _time in range(6):
        type_in(browser("203.0.113.5"), first.email, "guess")
    assert type_in(browser("203.0.113.5"), second.email).status_code == 302
