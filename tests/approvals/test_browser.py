"""Two people at their browsers: one asks, the other decides; readable for everybody, on a phone too.

The server runs in this process (`live_server`), where the kind of request that these tests use is known.
"""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.approvals.conftest import Cast, balance, make_cast
from tests.pages.conftest import Window, complaints, window

__all__ = ["complaints", "window"]

PHONE = {"width": 390, "height": 844}
LOOKS: list[dict[str, Any]] = [
    {"locale": "en-US", "color_scheme": "light"},
    {"locale": "zh-CN", "color_scheme": "dark"},
    {"locale": "zh-CN", "color_scheme": "light", "viewport": PHONE},
]
Browsers = Callable[..., Window]


@pytest.fixture
def site(live_server: Any, broker: object) -> Any:
    return live_server


@pytest.fixture
def players(site: Any) -> Cast:
    cast = make_cast()
    User.objects.update(password=make_password("demo"))
    return cast


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url} {one['id']}: {node['html'][:140]} {node.get('failureSummary', '')[-160:]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"][:2]
    ]


def too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("look", LOOKS, ids=["english light", "chinese dark", "phone"])
def test_every_page_of_the_inbox_is_accessible(look: dict[str, Any], players: Cast, window: Browsers) -> None:
    request = players.ask(400)
    page = window(**look).sign_in("approves@plant.example", "/inbox/")
    found = serious(page)
    for path in (f"/inbox/{request.pk}/", "/inbox/all/", "/inbox/notices/"):
        page.goto(page.url.split("/inbox/")[0] + path)
        assert not too_wide(page), path
        found += serious(page)
    assert found == []


def test_one_asks_and_another_approves_by_keyboard(players: Cast, window: Browsers) -> None:
    request = players.ask(400)
    decides = window(locale="zh-CN").sign_in("approves@plant.example", "/inbox/")
    expect(decides.locator(".places [aria-current]")).to_contain_text("待办")
    decides.get_by_role("link", name="Parking").click()
    expect(decides.locator("h1")).to_contain_text("Parking")
    decides.get_by_label("理由").fill("核对无误")
    decides.keyboard.press("Tab")
    expect(decides.get_by_role("button", name="批准", exact=True)).to_be_focused()
    decides.keyboard.press("Enter")
    expect(decides.locator(".said")).to_contain_text("已经生效")
    assert balance("frozen") == 400
    asks = window().sign_in("asks@plant.example", "/inbox/")
    expect(asks.locator("#bell")).to_have_attribute("aria-label", "Notices, 1 unread")
    asks.locator("#bell").click()
    expect(asks.locator(".notices")).to_contain_text("Approved: Parks 400 t")
    asks.get_by_role("link", name="Approved: Parks").click()
    expect(asks.locator(".events")).to_contain_text("核对无误")
    expect(asks.locator("#bell")).to_have_attribute("aria-label", "Notices, 0 unread")
    assert request.pk


def test_without_a_reason_the_browser_sends_nothing(players: Cast, window: Browsers) -> None:
    request = players.ask(400)
    page = window().sign_in("approves@plant.example", f"/inbox/{request.pk}/")
    page.get_by_role("button", name="Refuse").click()
    expect(page.locator("#reason")).to_be_focused()
    assert page.evaluate("document.querySelector('#reason').validity.valueMissing")
    request.refresh_from_db()
    assert request.state == "pending"
