"""Pages of the reports: the month as a calendar, a day's bulletin, downloads with progress, proof, corrections."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.models import Request
from accounts.models import Organisation, User
from exchange import clock
from exchange.models import Bulletin, CompositeBar
from market_data.end_of_day import settle
from market_data.models import Download, Report
from market_data.reports import corrections, downloads
from market_data.reports.publish import correct
from market_data.reports.render import render
from tests.support.trading_day import LAUNCH_DAY, Market, busy_market

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]
ENGLISH = {"accept-language": "en"}
DAY = f"/reports/{LAUNCH_DAY}/"


@pytest.fixture
def market() -> Market:
    market = busy_market()
    settle(LAUNCH_DAY)
    return market


def person(organisation: Organisation, *roles: str, name: str = "a") -> User:
    return User.objects.create_user(
        f"{name}@{organisation.code}.example", "x", organisation=organisation, roles=list(roles)
    )


def signed_in(user: User) -> Client:
    client = Client(headers=ENGLISH)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def kept(day: dt.date, source: str) -> None:
    Bulletin.objects.create(
        day=day, source=source, basis="listed", prev_close_fen=4_700, open_fen=4_700, high_fen=4_800, low_fen=4_700,
        close_fen=4_800, volume_t=7, turnover_fen=33_600, block_volume_t=0, block_turnover_fen=0, auction_volume_t=0,
        auction_turnover_fen=0, cumulative_volume_t=7, cumulative_turnover_fen=33_600,
    )  # fmt: skip


def test_a_month_has_a_dot_for_each_published_report(market: Market) -> None:
    kept(LAUNCH_DAY - dt.timedelta(days=1), "simulated")
    page = Client(headers=ENGLISH).get("/reports/").text
    assert f'href="{DAY}"' in page
    assert page.count('<span class="visually-hidden">market report</span>') == 1
    assert page.count('<span class="visually-hidden">history only</span>') == 1
    assert "own statement" not in page
    own = signed_in(person(market.members["jianghai"])).get("/reports/").text
    assert own.count('<span class="visually-hidden">own statement</span>') == 1


def test_filters_let_through_what_they_say(market: Market) -> None:
    client = signed_in(person(market.members["jianghai"]))
    assert "market report</span>" not in client.get("/reports/?kind=member").text.split("legend")[0]
    assert "Nothing in this month fits" in client.get("/reports/?version=corrected").text
    assert "Nothing in this month fits" in client.get("/reports/?month=2030-01").text
    for odd in ("month=2021-13", "month=x", "kind=x&version=x", "month=0000-01", "month=9999-12"):
        assert client.get(f"/reports/?{odd}").status_code == 200
    report = Report.objects.get(kind="market")
    correct(report, {**report.content, "sources": []}, reason="why", at=clock.now())
    assert f'href="{DAY}"' in client.get("/reports/?version=corrected").text


def test_the_bulletin_page_says_the_notice_and_names_moves(market: Market) -> None:
    page = Client(headers=ENGLISH).get(DAY).text
    assert "National carbon market: prices and trades of 16 July 2021" in page
    for form in ("json", "csv", "xlsx", "parquet", "pdf", "txt"):
        assert f"/?as={form}&amp;version=1" in page
    own = signed_in(person(market.members["yunling"])).get(DAY).text
    assert "Payment of a trade" in own
    assert "opening and moves give the closing" in own


@pytest.mark.parametrize(
    ("source", "word"), [("simulated", "simulated history"), ("imported", "imported daily")]
)
def test_a_day_of_the_history_has_its_bulletin_and_says_where_it_is_from(
    db: None, source: str, word: str
) -> None:
    kept(LAUNCH_DAY, source)
    page = Client(headers=ENGLISH).get(DAY).text
    assert word in page
    assert "336.00" in page
    assert Client().get("/reports/2021-07-17/").status_code == 404


def test_a_download_from_the_form_to_the_file(market: Market) -> None:
    user = person(market.members["jianghai"])
    client = signed_in(user)
    form = {
        "kind": "member",
        "first": "2021-07-01",
        "last": "2021-07-31",
        "shape": "zip",
        "forms": ["csv", "pdf"],
    }
    assert client.post("/reports/downloads/", form).status_code == 302
    download = Download.objects.get()
    line = client.get(f"/reports/downloads/{download.pk}/").text
    assert 'hx-trigger="every 1s"' in line
    assert client.get(f"/reports/downloads/{download.pk}/file/").status_code == 410
    downloads.make(str(download.pk), at=clock.now())
    line = client.get(f"/reports/downloads/{download.pk}/").text
    assert "hx-trigger" not in line
    answer = client.get(f"/reports/downloads/{download.pk}/file/")
    assert answer.getvalue()[:2] == b"PK"
    assert "tanshi-statements-jianghai-2021-07-01-2021-07-31.zip" in answer["Content-Disposition"]
    Download.objects.update(expires_at=clock.now())
    gone = client.get(f"/reports/downloads/{download.pk}/file/")
    assert (gone.status_code, "24 hours are over" in gone.text) == (410, True)
    assert client.post(f"/reports/downloads/{download.pk}/remove/").status_code == 302
    assert not Download.objects.exists()


def test_a_wrong_range_keeps_what_was_typed(market: Market) -> None:
    client = signed_in(person(market.members["jianghai"]))
    form = {"kind": "market", "first": "2021-07-31", "last": "2021-07-01", "shape": "zip", "forms": ["xlsx"]}
    answer = client.post("/reports/downloads/", form)
    assert answer.status_code == 400
    assert "The last day is before the first." in answer.text
    assert 'value="2021-07-31"' in answer.text
    assert 'value="xlsx" checked' in answer.text
    assert client.post("/reports/downloads/", {**form, "first": "soon"}).status_code == 400
    assert client.post("/reports/downloads/", {}).status_code == 400


def test_downloads_are_their_persons_own(market: Market) -> None:
    mine, other = person(market.members["jianghai"]), person(market.members["yunling"])
    wish = downloads.Wish("member", LAUNCH_DAY, LAUNCH_DAY, "zip", ("csv",))
    download = downloads.ask(mine, wish, language="en", at=clock.now())
    downloads.make(str(download.pk), at=clock.now())
    for path in ("", "file/"):
        address = f"/reports/downloads/{download.pk}/{path}"
        assert signed_in(mine).get(address).status_code == 200
        assert signed_in(other).get(address).status_code == 404
        assert Client().get(address).status_code == 302
    assert signed_in(other).post(f"/reports/downloads/{download.pk}/remove/").status_code == 404
    # Who changes to another organisation leaves the old one's statements behind.
    User.objects.filter(pk=mine.pk).update(organisation=market.members["yunling"])
    assert (
        signed_in(User.objects.get(pk=mine.pk)).get(f"/reports/downloads/{download.pk}/file/").status_code
        == 404
    )


def test_anybody_checks_a_hash_or_a_file(market: Market) -> None:
    report = Report.objects.get(kind="market")
    client = Client(headers=ENGLISH)
    assert 'data-genuine="yes"' in client.get(f"/reports/check/?sha256={report.sha256}").text
    assert 'data-genuine="no"' in client.get(f"/reports/check/?sha256={'0' * 64}").text
    file = render(report, "csv")
    sent = client.post("/reports/check/", {"file": SimpleUploadedFile(file.name, file.data)})
    assert "byte for byte" in sent.text
    changed = client.post("/reports/check/", {"file": SimpleUploadedFile(file.name, file.data[:-1])})
    assert 'data-genuine="no"' in changed.text
    assert client.post("/reports/check/").status_code == 400


def test_a_hash_does_not_tell_whose_statement_it_is(market: Market) -> None:
    report = Report.objects.get(kind="member", organisation=market.members["jianghai"])
    path = f"/reports/check/?sha256={report.sha256}"
    assert "Settlement statement of a member" in Client(headers=ENGLISH).get(path).text
    assert "Jianghai" not in Client(headers=ENGLISH).get(path).text
    assert "Jianghai" in signed_in(person(market.members["jianghai"])).get(path).text


def test_a_correction_takes_two_people_and_something_to_correct(market: Market) -> None:
    asks = person(market.offices["exchange"], "operator", "approver")
    decides = person(market.offices["exchange"], "approver", name="b")
    client = signed_in(asks)
    said = client.post(f"{DAY}correct/", {"reason": "the composite was wrong"}, follow=True).text
    assert "The books give the same report" in said
    CompositeBar.objects.update(open_fen=4_801)
    said = client.post(f"{DAY}correct/", {"reason": "the composite's open was wrong"}, follow=True).text
    assert "waits for an approver" in said
    request = Request.objects.get()
    changed = {where for where, _, _ in corrections.Correcting().changes(request)}
    assert changed == {"bulletin.change", "bulletin.open", "composite.open"} - {"bulletin.change"}
    with pytest.raises(Refused) as refused:
        verbs.approve(request.pk, by=asks, reason="mine", at=clock.now())
    assert refused.value.code == "SAME_PERSON"
    verbs.approve(request.pk, by=decides, reason="seen", at=clock.now())
    last = Report.objects.filter(kind="market").latest("version")
    assert (last.version, last.reason) == (2, "the composite's open was wrong")
    assert last.content["bulletin"]["open"] == "48.01"
    page = Client(headers=ENGLISH).get(f"{DAY}versions/").text
    assert "the composite&#x27;s open was wrong" in page
    assert Report.objects.filter(kind="market", version=1).exists()


def test_only_operators_ask_for_corrections(market: Market) -> None:
    member = signed_in(person(market.members["jianghai"], "operator", "trader"))
    assert member.post(f"{DAY}correct/", {"reason": "please"}).status_code == 403
    assert Client().post(f"{DAY}correct/", {"reason": "please"}).status_code == 302
    assert "Correct a report" not in Client(headers=ENGLISH).get(f"{DAY}versions/").text
    assert not Request.objects.exists()


def test_versions_of_others_statements_are_not_shown(market: Market) -> None:
    report = Report.objects.get(kind="member", organisation=market.members["jianghai"])
    own = signed_in(person(market.members["jianghai"])).get(f"{DAY}versions/").text
    assert report.sha256 in own
    assert report.sha256 not in signed_in(person(market.members["yunling"])).get(f"{DAY}versions/").text
    assert report.sha256 not in Client().get(f"{DAY}versions/").text
    assert Client().get("/reports/2021-07-17/versions/").status_code == 404
