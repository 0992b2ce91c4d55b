"""axe finds nothing serious on the reports' pages, in both themes and languages, on a wide screen and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from exchange.models import CompositeWeights
from market_data.end_of_day import settle
from market_data.models import Report
from tests.pages.conftest import JIANGHAI, Window
from tests.pages.test_accessibility import LOOKS, violations
from tests.support.market import Market
from tests.support.processes import Site


@pytest.mark.parametrize("look", LOOKS, ids=["english light", "chinese dark", "phone"])
def test_no_serious_violation_on_the_reports_pages(
    look: dict[str, object], market: Market, site: Site, window: Callable[..., Window]
) -> None:
    market.submit("yunling", "list", "l1", instrument="CEA24", side="sell", price="50.00", qty=10)
    market.submit("jianghai", "take", "t1", instrument="CEA24", side="buy", price="50.00", qty=5)
    market.drain()
    CompositeWeights.objects.create(valid_from=market.day, weights={"CEA24": 1})
    settle(market.day, early=True)
    report = Report.objects.get(kind="market")
    visitor = window(**look)
    page = visitor.sign_in(JIANGHAI, "/reports/")
    found = violations(page)
    for path in (
        f"{report.day}/",
        f"{report.day}/versions/",
        "data/",
        f"check/?sha256={report.sha256}",
        "downloads/",
    ):
        page = visitor.open(f"/reports/{path}")
        found += violations(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
    assert found == []


def test_a_download_is_made_before_the_readers_eyes(
    market: Market, site: Site, worker: object, window: Callable[..., Window]
) -> None:
    settle(market.day, early=True)
    page = window().sign_in(JIANGHAI, "/reports/downloads/")
    page.get_by_role("button", name="Make it").click()
    expect(page.locator(".download-line")).to_have_attribute("data-state", "done", timeout=20_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download", exact=True).click()
    assert download.value.suggested_filename.endswith(".zip")
