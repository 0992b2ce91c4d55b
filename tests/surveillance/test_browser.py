"""The exchange's operator in a real browser: from an alert to its evidence, through the replay, to an explanation."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from market_data.end_of_day import settle
from market_data.models import Alert
from market_data.surveillance.run import surveil
from tests.support.processes import Site
from tests.surveillance.conftest import conspicuous_market, watchers


def sign_in(page: Page, site: Site, user: User) -> None:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": site.url}])


@pytest.fixture
def operator(transactional_db: None) -> User:
    market = conspicuous_market()
    people = watchers()
    settle(market.day, early=True)
    surveil(market.day)
    return people["exchange"]


def test_from_the_alert_through_the_replay_to_the_explanation(operator: User, site: Site, page: Page) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_extra_http_headers({"accept-language": "en"})
    sign_in(page, site, operator)
    page.goto(f"{site.url}/surveillance/")
    page.get_by_role("link", name="Tiny trade at the band edge").click()
    page.get_by_role("link", name="Replay these minutes").click()
    # The first step of the evidence is shown: D takes A's tonne at the edge.
    now = page.locator("#now")
    expect(now).to_contain_text("1 t at 52.80, D Power takes")
    expect(page.locator("#quote [data-q=last]")).to_have_text("52.80")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#book-sell")).to_contain_text("A Power")
    expect(page.locator("#quote [data-q=last]")).to_have_text("48.00")
    page.keyboard.press("Home")
    expect(now).to_have_text("before the day's first event")
    expect(page.locator("#quote [data-q=last]")).to_have_text("–")
    page.keyboard.press("End")
    expect(now).to_contain_text("the day is closed")
    page.locator("#slider").fill("0")
    expect(page.locator("#book-sell tr")).to_have_count(0)
    page.get_by_role("link", name="Back to the alert").click()
    page.get_by_label("Reason").fill("a test of the terminal, agreed beforehand")
    page.get_by_role("button", name="Explain").click()
    expect(page.locator("#alert-state")).to_contain_text("Explained")
    assert Alert.objects.get(kind="edge").steps.get().reason == "a test of the terminal, agreed beforehand"
    assert complaints == []
