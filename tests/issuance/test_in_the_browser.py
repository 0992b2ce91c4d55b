"""The checker presses approve, a worker issues, the page follows until it is done; on a phone as well."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from registry.models import Transfer
from tests.issuance.conftest import Office
from tests.issuance.test_stages_issued import worked_year
from tests.support.processes import Site, Worker
from tests.support.registry import make_registry


@pytest.fixture
def live(transactional_db: None) -> Office:
    office = Office(make_registry())
    worked_year(office)
    return office


@pytest.fixture
def signed_in(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """A browser of one person; errors of scripts and of the content policy fail the test."""
    contexts: list[BrowserContext] = []
    heard: list[str] = []

    def make(user: User, **options: object) -> Page:
        context = browser.new_context(locale="en-US", **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
        client = Client()
        client.force_login(user)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": site.url}])
        page.goto(f"{site.url}/registry/allocation/")
        return page

    yield make
    for context in contexts:
        context.close()
    assert heard == []


def test_made_sent_and_issued_by_two_people(
    live: Office, worker: Worker, site: Site, signed_in: Callable[..., Page]
) -> None:
    issuer = signed_in(live["issuer@registry"])
    issuer.select_option("#make-year", "2024")
    issuer.select_option("#make-province", "310000")
    issuer.select_option("#make-stage", "final")
    issuer.get_by_role("button", name="Preview").click()
    expect(issuer.get_by_role("heading", level=1)).to_contain_text("Final allocation 2024")
    expect(issuer.locator("svg.picture rect").first).to_be_attached()
    issuer.get_by_role("link", name="jianghai Power").first.click()
    expect(issuer.get_by_text("× 1.061364 =")).to_be_visible()
    issuer.go_back()
    issuer.fill("#reason", "As worked out")
    issuer.get_by_role("button", name="Send for approval").click()
    expect(issuer.get_by_text("decides now")).to_be_visible()
    checker = signed_in(live["checker@registry"], viewport={"width": 390, "height": 800})
    checker.goto(issuer.url)
    assert checker.evaluate("document.documentElement.scrollWidth") <= 390
    checker.fill("#reason", "Checked")
    checker.get_by_role("button", name="Approve and issue").click()
    expect(checker.get_by_text("in 1 transfers")).to_be_visible(timeout=15_000)
    assert Transfer.objects.count() == 1
    assert checker.evaluate("document.documentElement.scrollWidth") <= 390
