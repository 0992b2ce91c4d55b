"""axe finds nothing serious, in both themes and languages, on a wide screen and on a phone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from market_data.end_of_day import settle
from tests.pages.conftest import JIANGHAI, OPERATOR, Window, seed_book
from tests.support.market import Market
from tests.support.processes import Site

SERIOUS = {"serious", "critical"}
LOOKS = [
    {"locale": "en-US", "color_scheme": "light"},
    {"locale": "zh-CN", "color_scheme": "dark"},
    {"locale": "zh-CN", "color_scheme": "light", "viewport": {"width": 390, "height": 844}},
]


def violations(page: Page) -> list[str]:
    """Serious ones, one line each: rule and the first place."""
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url} {one['id']}: {node['html'][:140]} {node.get('failureSummary', '')[-120:]}"
        for one in found if one["impact"] in SERIOUS
        for node in one["nodes"][:3]
    ]  # fmt: skip


@pytest.mark.parametrize("look", LOOKS, ids=["english light", "chinese dark", "phone"])
def test_no_serious_violation_on_any_page(
    look: dict[str, object], market: Market, site: Site, window: Callable[..., Window]
) -> None:
    market.submit("yunling", "list", "l1", instrument="CEA24", side="sell", price="50.00", qty=10)
    market.submit("jianghai", "take", "t1", instrument="CEA24", side="buy", price="50.00", qty=5)
    market.drain()
    settle(market.day, early=True)
    trader, operator = window(**look), window(**look)
    found = []
    for path in (
        "/",
        "/accounts/login/",
        "/reports/",
        f"/reports/{market.day.isoformat()}/",
        "/accounts/signup/",
    ):
        found += violations(trader.open(path))
    page = trader.sign_in(JIANGHAI, "/desk/CEA24/")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    expect(page.locator("#orders tr")).to_have_count(1)
    found += violations(page)
    found += violations(operator.sign_in(OPERATOR, "/operator/"))
    assert found == []


def test_the_desk_with_an_open_level_and_a_preview(
    market: Market, site: Site, window: Callable[..., Window]
) -> None:
    seed_book(market)
    page = window().sign_in(JIANGHAI, "/desk/CEA24/")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    page.locator("#book-sell .open-button").last.click()
    page.locator("#book-sell .listing button").first.click()
    found = violations(page)
    page.click("#preview")
    expect(page.locator("#preview-dialog")).to_be_visible()
    assert found + violations(page) == []
