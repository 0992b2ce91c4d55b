"""The desk under a person's hands: what fits, what a click fills in, what the keyboard reaches, what it reckons."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from exchange.matching import money
from tests.charts.conftest import days
from tests.pages.conftest import ANALYST, JIANGHAI, Window, seed_book
from tests.support.market import Market
from tests.support.processes import Site

DESK = "/desk/CEA24/"


@pytest.fixture
def desk(market: Market, site: Site, window: Callable[..., Window]) -> Page:
    """江海's desk over a seeded book; nobody decides what is sent."""
    seed_book(market)
    page = window().sign_in(JIANGHAI, DESK)
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    expect(page.locator("#sum-available")).to_contain_text("3")
    return page


def fits(page: Page) -> bool:
    inside = "document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth"
    return bool(page.evaluate(inside))


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_all_of_it_fits_on_1280_by_720(
    locale: str, market: Market, site: Site, window: Callable[..., Window]
) -> None:
    seed_book(market)
    page = window(locale=locale).sign_in(JIANGHAI, DESK)
    for kind in ("list", "take", "block"):
        page.locator(f"input[name=kind][value={kind}] + span").click()
        assert fits(page)
        expect(page.locator("#preview")).to_be_in_viewport(ratio=1)
        overflow = "element => element.scrollHeight - element.clientHeight"
        assert page.locator("#ticket > .block-body").evaluate(overflow) <= 0
    expect(page.locator(".book .edge").last).to_be_in_viewport(ratio=0.9)


def test_a_level_fills_price_side_and_kind_and_keeps_the_quantity(desk: Page) -> None:
    desk.fill("#qty", "70")
    desk.locator("#book-sell .level").last.click(position={"x": 20, "y": 10})
    assert desk.input_value("#price") == "50.00"
    assert desk.input_value("#qty") == "70"
    assert desk.locator("input[name=kind]:checked").input_value() == "take"
    assert desk.locator("input[name=side]:checked").input_value() == "buy"
    desk.locator("#book-buy .price-button").first.click()
    assert desk.input_value("#price") == "47.50"
    assert desk.locator("input[name=side]:checked").input_value() == "sell"


def test_the_ticket_reckons_what_it_locks_and_what_it_would_get(desk: Page) -> None:
    desk.locator("#book-sell .price-button").last.click()
    desk.fill("#price", "50.10")
    desk.fill("#qty", "5200")
    expect(desk.locator("#sum-locks")).to_have_text("260\u00a0520.00 yuan + fee 0.00")
    expect(desk.locator("#sum-after")).to_have_text("2\u00a0739\u00a0480.00 yuan")
    # 5 000 at 50.00 and 200 at 50.10
    expect(desk.locator("#sum-fills")).to_have_text("5\u00a0200 t at 50.00 on average")
    desk.click("#preview")
    expect(desk.locator("#preview-lines li")).to_have_count(4)


def test_shares_of_what_is_available_are_whole_tonnes(desk: Page) -> None:
    desk.fill("#price", "48.00")
    desk.click("[data-share='100']")
    assert desk.input_value("#qty") == "62500"
    desk.click("[data-share='25']")
    assert desk.input_value("#qty") == "15625"
    desk.locator("input[name=side][value=sell] + span").click()
    desk.click("[data-share='50']")
    assert desk.input_value("#qty") == "10000"


def test_steps_move_the_price_by_the_tick(desk: Page) -> None:
    desk.fill("#price", "48.00")
    desk.click("[data-step='1']")
    assert desk.input_value("#price") == "48.01"
    desk.press("#price", "ArrowDown")
    desk.press("#price", "ArrowDown")
    assert desk.input_value("#price") == "47.99"


def test_what_is_no_number_is_refused_here_and_stays_typed(desk: Page) -> None:
    desk.fill("#price", "48.005")
    desk.fill("#qty", "10")
    desk.press("#qty", "Control+Enter")
    expect(desk.locator("#ticket-refusal")).to_contain_text("at most two decimals")
    expect(desk.locator("#price")).to_be_focused()
    assert desk.input_value("#price") == "48.005"


def test_an_undecided_order_is_shown_as_pending(desk: Page) -> None:
    desk.fill("#price", "47.00")
    desk.fill("#qty", "10")
    desk.press("#qty", "Control+Enter")
    expect(desk.locator("#ticket-outcome")).to_contain_text("not decided yet", timeout=10_000)
    expect(desk.locator("#orders tr")).to_have_attribute("data-status", "pending")


def test_the_keyboard_reaches_everything(desk: Page) -> None:
    desk.locator("body").press("/")
    expect(desk.locator("#instrument-switch")).to_be_focused()
    reached = set()
    for _ in range(60):
        desk.keyboard.press("Tab")
        reached.add(desk.evaluate("document.activeElement.id || document.activeElement.className"))
    assert {"price", "qty", "preview", "tab-orders", "tab-intraday", "price-button", "open-button"} <= reached


def test_arrows_move_between_tabs(desk: Page) -> None:
    desk.focus("#tab-orders")
    desk.keyboard.press("ArrowRight")
    expect(desk.locator("#tab-own-trades")).to_be_focused()
    expect(desk.locator("#panel-own-trades")).to_be_visible()
    expect(desk.locator("#panel-orders")).to_be_hidden()


def test_theme_and_colours_are_remembered(desk: Page) -> None:
    red = "element => getComputedStyle(element).color"
    before = desk.locator("#direction-switch .up").evaluate(red)
    desk.click("#theme-switch")
    desk.click("#direction-switch")
    desk.reload()
    expect(desk.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(desk.locator("html")).to_have_attribute("data-direction", "green-up")
    assert desk.locator("#direction-switch .up").evaluate(red) != before


def test_charts_open_with_what_was_chosen_last(desk: Page) -> None:
    desk.click("#tab-candles")
    expect(desk.locator("#chart-box canvas").first).to_be_visible()
    desk.click("[data-interval='15m']")
    desk.click("#chart-more summary")
    desk.uncheck("#chart-averages")
    desk.click("#chart-table-switch")
    expect(desk.locator("#chart-table")).to_be_visible()
    desk.reload()
    expect(desk.locator("#tab-candles")).to_have_attribute("aria-selected", "true")
    expect(desk.locator("[data-interval='15m']")).to_have_attribute("aria-pressed", "true")
    expect(desk.locator("#chart-averages")).not_to_be_checked()


def test_the_depth_is_a_picture_and_a_table_of_the_same(desk: Page) -> None:
    desk.click("#tab-depth")
    expect(desk.locator(".depth .area")).to_have_count(2)
    expect(desk.locator("#chart-legend")).to_have_text("buyers 800 t, sellers 5\u00a0500 t  spread 2.50")
    desk.click("#chart-more summary")
    desk.click("#chart-table-switch")
    rows = desk.locator("#chart-table tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.replace('\u00a0', '')))"
    )
    assert rows == [
        ["sell 2", "50.10", "500", "5500"], ["sell 1", "50.00", "5000", "5000"], ["buy 1", "47.50", "800", "800"],
    ]  # fmt: skip


def test_vintages_are_compared_and_events_are_listed(desk: Page, market: Market) -> None:
    for number, close in enumerate((4_000, 4_100, 4_200)):
        for instrument in market.instruments.values():
            days(instrument, [close], market.day - dt.timedelta(days=9 - number))
    desk.click("#tab-compare")
    desk.click("#chart-compare summary")
    desk.uncheck("#chart-compare input[value=CCER]")
    expect(desk.locator("#chart-legend")).not_to_contain_text("CCER")
    desk.check("#chart-compare input[value=CCER]")
    expect(desk.locator("#chart-legend")).to_contain_text("CCER")
    desk.click("#chart-more summary")
    desk.click("#chart-events-open")
    expect(desk.locator("#events-rows")).to_contain_text("Last day to surrender for 2024")


def test_on_a_phone_the_ticket_waits_behind_a_button(
    market: Market, site: Site, window: Callable[..., Window]
) -> None:
    seed_book(market)
    page = window(viewport={"width": 390, "height": 844}).sign_in(JIANGHAI, DESK)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator("#ticket")).to_be_hidden()
    page.click("#ticket-open")
    expect(page.locator("#price")).to_be_focused()
    page.click("#ticket-close")
    expect(page.locator("#ticket")).to_be_hidden()


def test_an_analyst_sees_the_market_and_can_send_nothing(
    market: Market, site: Site, window: Callable[..., Window]
) -> None:
    seed_book(market)
    page = window().sign_in(ANALYST, DESK)
    expect(page.locator(".read-only")).to_contain_text("does not trade here")
    page.locator("#book-sell .price-button").last.click()
    assert page.input_value("#price") == ""
    assert page.locator("#preview").evaluate("button => button.closest('form').inert") is True


SCRIPT = """async (cases) => {
  const money = await import("/static/js/money.js");
  return cases.map(([price, qty, bps]) => [
    String(money.parseYuan(price)), String(money.buyLock(money.parseYuan(price), BigInt(qty), bps).total),
    money.band(money.parseYuan(price), 1000).map(money.yuan).join(),
  ]);
}"""


def test_the_scripts_reckon_to_the_fen_as_the_exchange_does(
    market: Market, site: Site, window: Callable[..., Window]
) -> None:
    cases = [
        ("48.00", 1, 0),
        ("61.07", 99_999, 25),
        ("58.265", 1, 5),
        ("999999999.99", 99_999, 3),
        ("0.01", 7, 5_000),
        ("4", 3, 1),
    ]
    page = window().open("/")
    got = page.evaluate(SCRIPT, [case for case in cases if money.parse_price(case[0]) is not None])
    wanted = []
    for price, qty, bps in cases:
        fen = money.parse_price(price)
        if fen is not None:
            total = fen * qty + money.fee(fen * qty, bps)
            wanted.append([str(fen), str(total), ",".join(map(money.yuan, money.band(fen, 1_000)))])
    assert got == wanted
