"""The tour of the README in real browsers: two traders, an operator, a lost connection, a report."""

import os
import re
import signal
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import JIANGHAI, OPERATOR, YUNLING, Complaints, Window
from tests.support.market import Market
from tests.support.processes import Site, Worker

#: "in both without reload within 1 s"
ONE_SECOND = 1_000
DESK = "/desk/CEA24/"
OpenWindow = Callable[..., Window]


@pytest.fixture
def traders(market: Market, worker: Worker, site: Site, window: OpenWindow) -> tuple[Window, Window]:
    """江海 in English and 云岭 in Chinese, both at the desk, live."""
    jianghai, yunling = window(), window(locale="zh-CN", color_scheme="dark")
    for one, email in ((jianghai, JIANGHAI), (yunling, YUNLING)):
        live(one.sign_in(email, DESK))
    # The first order of fresh processes pays for their imports; it is not what the second is about.
    market.submit("A", "list", "warm", instrument="CEA24", side="buy", price="45.00", qty=1)
    for one in (jianghai, yunling):
        expect(one.page.locator("#book-buy .level.buy").first).to_contain_text("45.00", timeout=20_000)
    return jianghai, yunling


@pytest.fixture
def quiet_complaints(complaints: Complaints) -> Iterator[None]:
    """A server that is away makes every browser complain; that is not the page's fault."""
    yield
    away = ("ERR_", "WebSocket", "htmx:")
    complaints.heard[:] = [line for line in complaints.heard if not any(word in line for word in away)]


def live(page: Page) -> Page:
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    return page


def write(page: Page, kind: str, side: str, price: str, qty: int) -> None:
    page.locator(f"input[name=kind][value={kind}] + span").click()
    page.locator(f"input[name=side][value={side}] + span").click()
    page.fill("#price", price)
    page.fill("#qty", str(qty))


def send(page: Page) -> None:
    page.click("#preview")
    page.click("#preview-send")


def expect_holding(page: Page, asset: str, purpose: str, amount: str, *, timeout: int | None = None) -> None:
    """Hidden cells have text too: tables are kept up whichever tab is open."""
    cell = page.locator(f'#holdings tr[data-asset="{asset}"] td[data-purpose="{purpose}"]')
    expect(cell).to_have_text(re.compile(r"^" + r"\s?".join(amount) + r"$"), timeout=timeout)


@pytest.mark.alone
def test_two_traders_deal_and_both_see_it_within_a_second(traders: tuple[Window, Window]) -> None:
    seller, buyer = traders[0].page, traders[1].page
    write(seller, "list", "sell", "50.00", 1_000)
    send(seller)
    for page in (seller, buyer):
        expect(page.locator("#book-sell .level.sell").last).to_contain_text("50.00", timeout=ONE_SECOND)
    expect(seller.locator("#orders tr")).to_have_attribute("data-status", "open", timeout=ONE_SECOND)
    expect_holding(seller, "CEA24", "order", "1000", timeout=ONE_SECOND)

    buyer.locator("#book-sell .price-button").last.click()
    assert buyer.input_value("#price") == "50.00"
    buyer.fill("#qty", "400")
    expect(buyer.locator("#sum-fills")).to_contain_text("400")
    send(buyer)
    for page in (seller, buyer):
        expect(page.locator('.quote [data-q="last"]')).to_have_text("50.00", timeout=ONE_SECOND)
        expect(page.locator("#book-sell .level.sell").last).to_contain_text("600", timeout=ONE_SECOND)
        expect(page.locator('#public-trades tr[data-no="1"]')).to_be_attached(timeout=ONE_SECOND)
        expect(page.locator('#own-trades tr[data-no="1"]')).to_be_attached(timeout=ONE_SECOND)
    expect(seller.locator("#orders tr td").nth(8)).to_have_text("600", timeout=ONE_SECOND)
    expect(buyer.locator("#orders tr")).to_have_attribute("data-status", "filled", timeout=ONE_SECOND)
    expect_holding(seller, "CNY", "trading", "3020000.00", timeout=ONE_SECOND)
    expect_holding(seller, "CEA24", "order", "600", timeout=ONE_SECOND)
    expect_holding(buyer, "CEA24", "unsettled", "400", timeout=ONE_SECOND)
    expect_holding(buyer, "CNY", "trading", "2980000.00", timeout=ONE_SECOND)
    expect(seller.locator("#toasts")).to_contain_text("CEA24: Sell 400 t at 50.00")


def test_a_listing_can_be_picked(traders: tuple[Window, Window], market: Market) -> None:
    seller, buyer = traders[0].page, traders[1].page
    for id_, qty in (("first", 100), ("second", 200)):
        market.submit("A", "list", id_, instrument="CEA24", side="sell", price="50.00", qty=qty)
    write(seller, "list", "sell", "50.00", 300)
    send(seller)
    expect(buyer.locator("#book-sell .open-button").last).to_have_text("▸3")
    buyer.locator("#book-sell .open-button").last.click()
    buyer.locator("#book-sell .listing button").last.click()
    expect(buyer.locator("#picked")).to_contain_text("№")
    buyer.fill("#qty", "50")
    send(buyer)
    expect(seller.locator("#orders tr td").nth(7)).to_have_text("50")


def test_a_window_that_was_offline_recovers_without_a_gap(
    quiet_complaints: None, traders: tuple[Window, Window], market: Market
) -> None:
    seller, buyer = traders
    write(seller.page, "list", "sell", "50.00", 1_000)
    send(seller.page)
    expect(buyer.page.locator("#book-sell .level.sell").last).to_contain_text("50.00")
    buyer.context.set_offline(True)
    expect(buyer.page.locator("#live")).not_to_have_attribute("data-state", "live")
    for number in range(1, 6):
        market.submit(
            "A", "take", f"t{number}", instrument="CEA24", side="buy", price="50.00", qty=10 * number
        )
    expect(seller.page.locator("#public-trades tr")).to_have_count(5)
    expect(buyer.page.locator("#public-trades tr")).to_have_count(0)
    buyer.context.set_offline(False)
    live(buyer.page)
    expect(buyer.page.locator("#public-trades tr")).to_have_count(5)
    numbers = buyer.page.locator("#public-trades tr").evaluate_all("rows => rows.map(row => row.dataset.no)")
    assert numbers == ["5", "4", "3", "2", "1"]
    expect(buyer.page.locator("#book-sell .level.sell").last).to_contain_text("850")


def test_a_page_left_open_over_a_restart_comes_back_by_itself(
    quiet_complaints: None, traders: tuple[Window, Window], market: Market, site: Site
) -> None:
    seller, buyer = traders[0].page, traders[1].page
    write(seller, "list", "sell", "50.00", 1_000)
    send(seller)
    expect(buyer.locator("#book-sell .level.sell").last).to_contain_text("50.00")
    buyer.evaluate("window.sameDocument = true")
    site.stop()
    expect(buyer.locator("#live")).to_have_attribute("data-state", "reconnecting")
    market.submit("A", "take", "t1", instrument="CEA24", side="buy", price="50.00", qty=10)
    site.start()
    live(buyer)
    expect(buyer.locator("#public-trades tr")).to_have_count(1)
    write(buyer, "take", "buy", "50.00", 20)
    send(buyer)
    expect(buyer.locator("#public-trades tr")).to_have_count(2)
    assert buyer.evaluate("window.sameDocument") is True


def test_a_server_that_falls_silent_makes_the_desk_stale_and_its_return_live(
    traders: tuple[Window, Window], site: Site
) -> None:
    assert site.child is not None
    os.kill(site.child.pid, signal.SIGSTOP)
    try:
        expect(traders[0].page.locator("#live")).to_have_attribute("data-state", "stale")
    finally:
        os.kill(site.child.pid, signal.SIGCONT)
    live(traders[0].page)


def test_an_answer_that_was_lost_is_asked_for_again_and_trades_once(
    quiet_complaints: None, traders: tuple[Window, Window]
) -> None:
    seller = traders[0].page
    lost: list[str] = []

    def lose_the_first(route: object) -> None:
        request = route.request  # type: ignore[attr-defined]
        if request.method == "POST" and not lost:
            lost.append(request.post_data)
            route.fetch()  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    seller.route("**/api/v1/orders/**", lose_the_first)
    write(seller, "list", "sell", "50.00", 1_000)
    send(seller)
    expect(seller.locator("#ticket-outcome")).to_contain_text("is in the book")
    assert len(lost) == 1
    expect(seller.locator("#orders tr")).to_have_count(1)
    expect_holding(seller, "CEA24", "order", "1000")


def test_a_halt_shows_with_its_reason_and_cancels_still_go(
    traders: tuple[Window, Window], window: OpenWindow
) -> None:
    seller = traders[0].page
    write(seller, "list", "sell", "50.00", 1_000)
    send(seller)
    expect(seller.locator("#orders tr")).to_have_attribute("data-status", "open")
    operator = window().sign_in(OPERATOR, "/operator/")
    operator.get_by_label("Reason for CEA24").fill("Rumours about the cap")
    operator.get_by_label("Reason for CEA24").press("Enter")
    expect(seller.locator('.quote [data-q="phase"]')).to_have_attribute("data-phase", "halted")
    expect(seller.locator("#halt-reason")).to_have_text("Rumours about the cap")
    write(seller, "list", "sell", "51.00", 10)
    send(seller)
    expect(seller.locator("#ticket-refusal")).to_contain_text("halted")
    assert seller.input_value("#price") == "51.00"
    seller.locator("#orders button").click()
    expect(seller.locator("#orders tr[data-status=cancelled]")).to_have_count(1)
    operator.get_by_label("Reason for CEA24").fill("Denied by the ministry")
    operator.get_by_label("Reason for CEA24").press("Enter")
    expect(seller.locator('.quote [data-q="phase"]')).to_have_attribute("data-phase", "afternoon")
    expect(seller.locator("#halt-reason")).to_be_empty()


def test_the_operator_closes_the_day_and_the_report_has_the_close(
    traders: tuple[Window, Window], window: OpenWindow
) -> None:
    seller, buyer = traders[0].page, traders[1].page
    write(seller, "list", "sell", "50.00", 1_000)
    send(seller)
    expect(buyer.locator("#book-sell .level.sell").last).to_contain_text("50.00")
    write(buyer, "take", "buy", "50.00", 400)
    send(buyer)
    expect(buyer.locator("#public-trades tr")).to_have_count(1)

    operator = window().sign_in(OPERATOR, "/operator/")
    operator.click("#close-day")
    expect(operator.locator("#day-status")).to_have_attribute("data-status", "settled", timeout=30_000)
    expect(operator.locator(".progress-steps li:not([data-state=done])")).to_have_count(0)
    for page in (seller, buyer):
        expect(page.locator('.quote [data-q="phase"]')).to_have_attribute("data-phase", "closed")
    expect_holding(buyer, "CEA24", "trading", "20400")
    operator.click("#open-report")
    expect(operator.locator('tr[data-instrument="CEA24"] [data-figure="close"]')).to_have_text("50.00")
    with operator.expect_download() as download:
        operator.get_by_role("link", name="CSV").click()
    assert "50.00" in download.value.path().read_text(encoding="utf-8-sig")

    buyer.goto(buyer.url.replace("/desk/CEA24/", "/reports/"))
    buyer.locator("table a strong").first.click()
    expect(buyer.locator("#statement")).to_contain_text("云岭电力")

    operator.go_back()
    operator.click("#open-next")
    expect(operator.locator("#day-status")).to_have_attribute("data-status", "open")
    expect(seller.locator('.quote [data-q="prev_close"]')).to_have_text("50.00")
    expect(seller.locator('.quote [data-q="limit_up"]')).to_have_text("55.00")
