"""The page to try the API, in a real browser under the strict content security policy."""

from typing import Any

from playwright.sync_api import expect

from tests.support.market import make_market
from tests.support.processes import Site


def test_the_page_shows_every_operation_and_breaks_no_policy(site: Site, page: Any) -> None:
    make_market()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{site.url}/api/docs/")
    page.get_by_role("button", name="Expand operation").first.wait_for(timeout=90_000)
    for tag in ("orders", "instruments"):
        page.locator(f'[data-tag="{tag}"]').click()
    expect(page.get_by_text("/api/v1/orders/batch/").first).to_be_visible()
    page.get_by_text("/api/v1/instruments/", exact=True).first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.get_by_text('"limit_up"').first).to_be_visible()
    assert complaints == []
