"""The inbox in both languages: what waits, what it does, deciding it, notices, and who sees nothing of it."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from accounts import clock
from accounts.approvals import mail as notice_mail
from accounts.approvals import verbs
from accounts.approvals.models import Notice, Request
from accounts.approvals.selectors import may_see
from accounts.models import Organisation, User
from tests.approvals.conftest import HOLDING_T, Cast, balance
from tests.support.approvals import Parking, registered

ENGLISH = {"accept-language": "en"}
CHINESE = {"accept-language": "zh-hans"}


def signed_in(user: User, headers: dict[str, str] = ENGLISH) -> Client:
    client = Client(headers=headers)
    client.force_login(user)
    return client


def post(cast: Cast, who: str, request: Request, verdict: str, reason: str = "looked at it") -> Any:
    return signed_in(cast[who]).post(
        f"/inbox/{request.pk}/", {"verdict": verdict, "reason": reason}, follow=True
    )


def test_strangers_are_sent_to_the_sign_in(cast: Cast) -> None:
    request = cast.ask()
    for path in ("/inbox/", "/inbox/all/", "/inbox/notices/", f"/inbox/{request.pk}/"):
        assert Client().get(path).headers["Location"].startswith("/accounts/login/")


def test_the_inbox_says_what_waits_and_what_was_sent(cast: Cast) -> None:
    request = cast.ask(400)
    theirs = signed_in(cast["approves"]).get("/inbox/").text
    assert "Parks 400 t of plant House" in theirs
    assert f"/inbox/{request.pk}/" in theirs
    mine = signed_in(cast["asks"]).get("/inbox/").text
    assert "Nothing waits for you" in mine
    assert "Waiting for a decision" in mine
    assert "Parks 400 t of plant House" in mine
    assert "plant单位" in signed_in(cast["approves"], CHINESE).get("/inbox/").text
    assert "待我决定" in signed_in(cast["approves"], CHINESE).get("/inbox/").text


def test_the_header_counts_what_waits_and_what_is_unread(cast: Cast) -> None:
    cast.ask()
    cast.ask()
    page = signed_in(cast["approves"]).get("/reports/").text
    assert 'aria-label="Notices, 2 unread"' in page
    assert '<span class="tag warn num">2</span>' in page
    assert 'id="bell"' not in Client().get("/reports/").text


def test_a_request_shows_before_and_after_and_who_asked_why(cast: Cast) -> None:
    request = cast.ask(400)
    page = signed_in(cast["approves"]).get(f"/inbox/{request.pk}/").text
    for words in ("CEA frozen", "0 t", "400 t", "asks@plant.example", "because of the test", "Approve"):
        assert words in page
    own = signed_in(cast["asks"]).get(f"/inbox/{request.pk}/").text
    assert 'value="approve"' not in own
    assert 'value="withdraw"' in own
    looks = signed_in(cast["looks"]).get(f"/inbox/{request.pk}/").text
    assert 'name="verdict"' not in looks


def test_approving_in_the_browser_has_its_effect(cast: Cast) -> None:
    request = cast.ask(400)
    page = post(cast, "approves", request, "approve")
    assert "it has taken effect" in page.text
    assert balance("frozen") == 400
    again = post(cast, "second", request, "refuse")
    assert (again.status_code, "decided already: Approved" in again.text) == (409, True)


def test_a_missing_reason_is_said_and_nothing_happens(cast: Cast) -> None:
    request = cast.ask(400)
    page = post(cast, "approves", request, "refuse", "  ")
    assert "Give a reason" in page.text
    request.refresh_from_db()
    assert request.state == "pending"


def test_an_effect_that_is_refused_is_said_and_keeps_what_was_typed(cast: Cast) -> None:
    request = cast.ask(HOLDING_T + 1)
    page = post(cast, "approves", request, "approve", "my long reason")
    assert page.status_code == 409
    assert "my long reason" in page.text
    assert "balance" in page.text
    request.refresh_from_db()
    assert (request.state, balance("frozen")) == ("pending", 0)


def test_an_unknown_verdict_is_said(cast: Cast) -> None:
    page = post(cast, "approves", cast.ask(), "burn")
    assert "Choose what to do" in page.text


@pytest.mark.parametrize("who", ["stranger", "yunnan"])
def test_others_find_nothing(cast: Cast, who: str) -> None:
    request = cast.ask(400)
    client = signed_in(cast[who])
    assert client.get(f"/inbox/{request.pk}/").status_code == 404
    assert client.post(f"/inbox/{request.pk}/", {"verdict": "approve", "reason": "x"}).status_code == 404
    assert "Parks" not in client.get("/inbox/all/").text


@pytest.mark.parametrize("who", ["looks", "second", "shanghai", "nation", "checks"])
def test_own_people_the_province_and_the_nation_see_it(cast: Cast, who: str) -> None:
    assert may_see(cast[who], cast.ask(400))


def test_whom_it_is_about_sees_it_unless_that_would_warn_them(cast: Cast) -> None:
    request = cast.ask(about=cast["stranger"].organisation)
    assert may_see(cast["stranger"], request)
    with registered(Parking(about_may_see=False)):
        assert not may_see(cast["stranger"], request)
        verbs.approve(request.pk, by=cast["approves"], reason="yes", at=clock.now())
        assert may_see(cast["stranger"], request)


def test_text_of_others_is_never_markup(cast: Cast) -> None:
    Organisation.objects.filter(code="plant").update(name_en="<script>alert(1)</script>")
    request = verbs.submit("test.parking", by=cast["asks"], reason="<img src=x>", at=clock.now())
    for path in ("/inbox/", f"/inbox/{request.pk}/", "/inbox/notices/"):
        page = signed_in(cast["approves"]).get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_filters_of_all_requests(cast: Cast) -> None:
    request = cast.ask(400)
    client = signed_in(cast["nation"])
    assert f"/inbox/{request.pk}/" in client.get("/inbox/all/?state=pending&kind=test.parking").text
    assert "No request fits" in client.get("/inbox/all/?state=refused").text
    assert client.get("/inbox/all/?state=nonsense&page=x").status_code == 200
    assert "No request fits" in client.get("/inbox/all/?sent=1").text


def test_notices_are_read_one_by_one_or_all(cast: Cast) -> None:
    for _turn in range(3):
        cast.ask()
    client = signed_in(cast["approves"])
    first = Notice.objects.filter(to=cast["approves"]).first()
    assert first is not None
    assert "Waits for your decision: Parks 0 t" in client.get("/inbox/notices/").text
    client.post("/inbox/notices/read/", {"id": first.pk})
    assert Notice.objects.filter(to=cast["approves"], read_at=None).count() == 2
    other = Notice.objects.filter(to=cast["second"]).first()
    assert other is not None
    client.post("/inbox/notices/read/", {"id": other.pk})
    client.post("/inbox/notices/read/")
    assert Notice.objects.filter(to=cast["approves"], read_at=None).count() == 0
    assert Notice.objects.filter(to=cast["second"], read_at=None).count() == 3


def test_opening_a_request_reads_its_notice(cast: Cast) -> None:
    request = cast.ask()
    signed_in(cast["approves"]).get(f"/inbox/{request.pk}/")
    assert not Notice.objects.filter(to=cast["approves"], read_at=None).exists()


def test_the_requester_is_told_and_mail_goes_out_once(cast: Cast) -> None:
    request = cast.ask(400)
    verbs.approve(request.pk, by=cast["approves"], reason="yes", at=clock.now())
    assert notice_mail.send_due(clock.now()) == 3
    assert notice_mail.send_due(clock.now()) == 0
    told = {message.to[0]: message for message in mail.outbox}
    assert set(told) == {"approves@plant.example", "second@plant.example", "asks@plant.example"}
    answer = told["asks@plant.example"]
    assert "已批准" in answer.subject
    assert "Approved: Parks 400 t of plant House" in answer.body
    assert "\n" not in answer.subject


def test_an_address_that_fails_keeps_no_other_back(cast: Cast, settings: Settings) -> None:
    cast.ask()
    User.objects.filter(pk=cast["second"].pk).update(is_active=False)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert notice_mail.send_due(clock.now()) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert notice_mail.send_due(clock.now()) == 1
