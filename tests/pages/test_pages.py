"""Pages answer in both languages, to the people they are for, and say why to the others."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from exchange.models import DemoClock, TradingDay
from market_data.end_of_day import settle
from tests.pages.conftest import ANALYST, JIANGHAI, OPERATOR, demo_market, person, seed_book
from tests.support.market import Market

pytestmark = pytest.mark.django_db
ENGLISH, CHINESE = {"accept-language": "en-GB,en;q=0.9"}, {"accept-language": "zh-CN,zh;q=0.9"}


@pytest.fixture
def market(db: None) -> Market:
    market = demo_market()
    seed_book(market)
    return market


def signed_in(email: str, language: dict[str, str] = ENGLISH) -> Client:
    client = Client(headers=language)
    client.force_login(User.objects.get(email=email))
    return client


@pytest.mark.parametrize(
    ("path", "english", "chinese"),
    [
        ("/", "Prices now", "最新行情"),
        ("/desk/CEA24/", "Five best levels", "五档行情"),
        ("/reports/", "No day has been settled yet", "尚无已结算的交易日"),
        ("/accounts/login/", "Demo sign-ins", "演示账号"),
    ],
)
def test_pages_speak_the_browsers_language(market: Market, path: str, english: str, chinese: str) -> None:
    assert english in Client(headers=ENGLISH).get(path).text
    answer = Client(headers=CHINESE).get(path)
    assert chinese in answer.text
    assert '<html lang="zh-hans"' in answer.text


def test_a_language_no_catalogue_has_gets_chinese(market: Market) -> None:
    assert "最新行情" in Client(headers={"accept-language": "fr"}).get("/").text


def test_the_switch_beats_the_browsers_language(market: Market) -> None:
    client = Client(headers=CHINESE)
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    assert "Prices now" in client.get("/").text


def test_a_stranger_watches_the_desk_and_is_told_why(market: Market) -> None:
    page = Client(headers=ENGLISH).get("/desk/CEA24/").text
    assert "Sign in as a trader to send orders" in page
    assert "inert" in page


def test_a_trader_has_a_ticket(market: Market) -> None:
    page = signed_in(JIANGHAI).get("/desk/CEA24/").text
    assert "You are watching" not in page
    assert "inert" not in page


def test_others_of_a_trading_house_watch_and_are_told_why(market: Market) -> None:
    person("approver@jianghai.example", market.members["jianghai"], "approver")
    assert "You are not a trader" in signed_in("approver@jianghai.example").get("/desk/CEA24/").text


def test_houses_that_do_not_trade_are_told_so(market: Market) -> None:
    assert "does not trade here" in signed_in(ANALYST).get("/desk/CEA24/").text


def test_the_desk_remembers_its_instrument(market: Market) -> None:
    client = Client()
    assert client.get("/desk/").headers["Location"] == "/desk/CEA24/"
    client.get("/desk/CCER/")
    assert client.get("/desk/").headers["Location"] == "/desk/CCER/"


def test_without_instruments_the_desk_says_what_to_do(db: None) -> None:
    assert "No instrument is listed" in Client(headers=ENGLISH).get("/desk/").text


@pytest.mark.parametrize("path", ["/desk/NOPE/", "/reports/2026-02-30/", "/reports/2020-01-01/", "/nowhere"])
def test_what_is_not_there_is_said_in_the_products_look(market: Market, path: str) -> None:
    answer = Client(headers=ENGLISH).get(path)
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert 'class="top"' in answer.text


def test_the_operators_page_is_for_operators(market: Market) -> None:
    assert Client().get("/operator/").headers["Location"] == "/accounts/login/?next=/operator/"
    refused = signed_in(JIANGHAI).get("/operator/")
    assert refused.status_code == 403
    assert "not for your role" in refused.text
    assert "Close and settle" in signed_in(OPERATOR).get("/operator/").text


@pytest.mark.parametrize(
    "path", ["/operator/close/", "/operator/next/", "/operator/calendar/", "/operator/CEA24/halt/"]
)
def test_what_changes_the_market_asks_for_the_role_and_a_post(market: Market, path: str) -> None:
    assert signed_in(JIANGHAI).post(path).status_code == 403
    assert signed_in(OPERATOR).get(path).status_code == 405


def test_a_close_sent_for_another_day_closes_nothing(market: Market) -> None:
    yesterday = (market.day - dt.timedelta(days=1)).isoformat()
    answer = signed_in(OPERATOR).post("/operator/close/", {"day": yesterday}, follow=True)
    assert "not open any more" in answer.text
    assert TradingDay.objects.get(day=market.day).status == TradingDay.Status.OPEN


def test_a_halt_without_a_reason_is_refused_in_words(market: Market) -> None:
    answer = signed_in(OPERATOR).post("/operator/CEA24/halt/", {"reason": "  "}, follow=True)
    assert "Give a reason" in answer.text


def test_a_calendar_day_that_has_passed_is_refused_in_words(market: Market) -> None:
    answer = signed_in(OPERATOR).post(
        "/operator/calendar/", {"day": "2021-07-16", "trading": "yes"}, follow=True
    )
    assert "has begun or passed" in answer.text


def test_the_clock_says_the_markets_time_not_the_worlds(market: Market) -> None:
    DemoClock.objects.create(pk=1, days=2)
    said = Client(headers=ENGLISH).get("/clock/").json()
    ahead = dt.datetime.fromisoformat(said["now"]) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=2) - ahead < dt.timedelta(minutes=1)
    assert said["is_demo"] is True
    assert said["now"].endswith("+08:00")


def test_a_settled_day_has_its_bulletin_and_the_readers_statement(market: Market) -> None:
    market.submit("yunling", "take", "t1", instrument="CEA24", side="buy", price="50.00", qty=1_000)
    market.drain()
    settle(market.day, early=True)
    path = f"/reports/{market.day.isoformat()}/"
    assert path in Client(headers=ENGLISH).get("/reports/").text
    public = Client(headers=ENGLISH).get(path).text
    assert "50.00" in public
    assert "Settlement statement" not in public
    own = signed_in("trader@yunling.example", CHINESE).get(path).text
    assert "云岭电力 结算单" in own
    assert "50&nbsp;000.00" in own or "50\u00a0000.00" in own


def test_cookies_choose_the_look_and_nothing_else(market: Market) -> None:
    client = Client()
    client.cookies["theme"], client.cookies["direction"] = 'dark"><script>', "green-up"
    page = client.get("/").text
    assert "<script>" not in page
    assert 'data-direction="green-up"' in page
    assert "data-bs-theme" not in page.split("<head>")[0]


def test_the_sign_in_names_no_demo_people_outside_the_demo(market: Market, settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    assert JIANGHAI not in Client(headers=ENGLISH).get("/accounts/login/").text


def test_a_broken_page_says_so_in_the_readers_language(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> list[object]:
        raise ZeroDivisionError

    monkeypatch.setattr("market_data.views.price_lines", broken)
    answer = Client(headers=ENGLISH, raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert '<html lang="en"' in answer.text
    assert "我们这边出了故障" in Client(headers=CHINESE, raise_request_exception=False).get("/").text
