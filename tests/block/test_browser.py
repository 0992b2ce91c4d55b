"""Two organisations at two browsers negotiate a block to a trade; the books agree afterwards."""

import os
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from exchange.models import Trade
from registry.audit.run import reconcile
from tests.pages.conftest import JIANGHAI, YUNLING, Window, complaints, market, window
from tests.support.market import Market, endow
from tests.support.processes import Worker

__all__ = ["complaints", "market", "window"]

GAP = "\u00a0"


def readable(page: Page, name: str) -> None:
    """No serious fault for axe, nothing that sticks out; a picture where one is wanted."""
    found = [
        one["id"]
        for one in Axe().run(page).response["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
    assert found == [], page.url
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} scrolls sideways"
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/block-{name}.png", full_page=True)


def test_two_organisations_negotiate_to_a_trade(
    market: Market, worker: Worker, window: Callable[..., Window]
) -> None:
    endow(market.members["jianghai"], "CEA24", 500_000)
    endow(market.members["yunling"], "CNY", 3_000_000_000)
    seller = window().sign_in(JIANGHAI, "/blocks/")
    phone = {"width": 390, "height": 844}
    buyer = window(locale="zh-CN", color_scheme="dark", viewport=phone).sign_in(YUNLING, "/blocks/")
    readable(seller, "list-empty")

    offers_an_indication(seller)
    answers_with_a_binding_offer(buyer)
    assert market.balance("yunling", "CNY", "order") == 970_000_000

    # So was the seller's, with nothing typed: it shows the answer and what can be done with it.
    seller.click("text=Accept: see what it costs")
    expect(seller.locator("#total")).to_have_text(f"9{GAP}700{GAP}000.00")
    expect(seller.locator("#left")).to_have_text(f"320{GAP}000")
    seller.click("#send")
    expect(seller.locator("#state")).to_have_text("Traded")
    expect(buyer.locator("#state")).to_have_text("已成交")
    expect(buyer.locator("#terms")).to_contain_text("50.00")
    readable(seller, "traded")
    trade = Trade.objects.get()
    assert (trade.kind, trade.price_fen, trade.qty_t) == ("block", 4_850, 200_000)
    assert (trade.seller.code, trade.buyer.code) == ("jianghai", "yunling")
    assert reconcile().clean


def offers_an_indication(seller: Page) -> None:
    seller.click("text=New offer")
    seller.fill("#id_price", "50.00")
    seller.fill("#id_qty", "200 000")
    seller.check("label:has-text('Indication: nothing is locked') input")
    seller.fill("#id_member", "yunling")
    readable(seller, "new")
    seller.click("text=Check your answers")
    readable(seller, "check")
    seller.click("#send")
    expect(seller.locator(".said-success")).to_be_visible()


def answers_with_a_binding_offer(buyer: Page) -> None:
    """The buyer's page was open: it is told, and shows it."""
    expect(buyer.locator(".toast-note").first).to_contain_text("江海发电")
    expect(buyer.locator("#waiting tbody tr")).to_have_count(1)
    readable(buyer, "list-phone")
    buyer.click("#waiting tbody a")
    buyer.fill("#id_price", "48.50")
    buyer.check("label:has-text('正式报价') input")
    readable(buyer, "negotiation-phone")
    buyer.click("#counter-form button")
    expect(buyer.locator("#total")).to_have_text(f"9{GAP}700{GAP}000.00")
    readable(buyer, "check-phone")
    buyer.click("#send")
    expect(buyer.locator(".said-success")).to_be_visible()
