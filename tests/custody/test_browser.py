"""Custody in the browsers of those who do it: move, trusted list, transfer, pledge, cancellation, freeze.

The server runs in this process, so that four working days pass when the story says so.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.custody.conftest import assert_clean
from tests.pages.conftest import Complaints, Window, complaints, window
from tests.support import story_clock
from tests.support.registry import Registry, beijing, make_registry

__all__ = ["complaints", "window"]

INITIATOR = "initiator@jianghai"
TRANSFER = {"asset": "CEA24", "quantity": "100", "receiver": "yunling", "ground": "merger"}
PDF = {"name": "proof.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 as sealed"}


@pytest.fixture
def site(live_server: Any, broker: object, settings: Settings, tmp_path: Path) -> Any:
    settings.PLATFORM_CLOCK = "tests.support.story_clock.now"
    settings.DATA_DIR = tmp_path
    story_clock.set_to(beijing(2026, 3, 2))
    return live_server


@pytest.fixture
def registry(site: Any) -> Registry:
    made = make_registry()
    made.give("jianghai", "CEA24", 500, "trading")
    made.give("jianghai", "CCER", 40)
    return made


@dataclass
class Seat:
    """One browser at which people take turns: what it has loaded once is there for all of them."""

    registry: Registry
    page: Page
    url: str
    sessions: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, path: str) -> Page:
        """The page as this person sees it."""
        if name not in self.sessions:
            client = Client()
            client.force_login(
                self.registry.people[name], backend="django.contrib.auth.backends.ModelBackend"
            )
            self.sessions[name] = client.cookies["sessionid"].value
        self.page.context.add_cookies([{"name": "sessionid", "value": self.sessions[name], "url": self.url}])
        self.page.goto(self.url + path)
        return self.page


@pytest.fixture
def seat(registry: Registry, site: Any, window: Callable[..., Window]) -> Seat:
    return Seat(registry, window().page, site.url)


def test_a_holders_custody_from_the_first_move_to_the_end_of_a_freeze(
    seat: Seat, complaints: Complaints
) -> None:
    registry = seat.registry
    moves(seat)
    asks(seat, "trusted", {"organisation": "yunling"})
    approves(seat, "approver@jianghai", "Trusted list")
    refused_before_four_working_days(seat)
    complaints.heard.clear()
    story_clock.set_to(beijing(2026, 3, 6))
    transfers(seat)
    assert (registry.balance("yunling", "CEA24"), registry.balance("jianghai", "CEA24")) == (100, 300)
    pledges_and_is_released(seat)
    cancels(seat)
    assert registry.balance("jianghai", "CCER", "cancelled") == 15
    freezes_and_lifts(seat)
    assert_clean()


def moves(seat: Seat) -> None:
    """400 of 500 t from trading to the registry, at once."""
    page = seat.take(INITIATOR, "/registry/holdings/")
    page.get_by_label("Unit").select_option(label="CEA24 · registry 0\u00a0t, trading 500\u00a0t")
    page.get_by_label("Tonnes, t").fill("400")
    page.get_by_label("From", exact=True).select_option("trading")
    page.get_by_label("To", exact=True).select_option("registry")
    page.get_by_role("button", name="Move").click()
    expect(page.locator(".said-success")).to_be_visible()
    expect(page.locator("#matrix tbody tr", has_text="CEA24").locator("td").nth(0)).to_have_text("400")


def asks(seat: Seat, what: str, fields: dict[str, str], *, proof: bool = False) -> None:
    """The initiator fills the form, reads the summary, sends it."""
    fills(seat.take(INITIATOR, f"/registry/{what}/new/"), fields, proof=proof)
    sends(seat.page)


def fills(page: Page, fields: dict[str, str], *, proof: bool = False) -> None:
    for name, value in {**fields, "reason": "as agreed"}.items():
        field = page.locator(f"#id_{name}")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    if proof:
        page.set_input_files("#id_file", PDF)  # type: ignore[arg-type]
    page.get_by_role("button", name="Check your answers").click()


def sends(page: Page) -> None:
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".said-success")).to_be_visible()


def approves(seat: Seat, person: str, what: str) -> None:
    """Finds it in the inbox and approves it."""
    page = seat.take(person, "/inbox/")
    waiting = page.locator("section", has=page.locator("#waiting-title"))
    waiting.get_by_role("link", name=what, exact=True).click()
    page.fill("#reason", "in order")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator(".said-success")).to_be_visible()


def refused_before_four_working_days(seat: Seat) -> None:
    """What was typed stays, and so does the proof."""
    page = seat.take(INITIATOR, "/registry/transfers/new/")
    fills(page, TRANSFER, proof=True)
    expect(page.locator("#errors")).to_contain_text("trusted list")
    expect(page.locator("#id_quantity")).to_have_value("100")
    expect(page.locator("form.ask")).to_contain_text("proof.pdf")


def transfers(seat: Seat) -> None:
    asks(seat, "transfers", TRANSFER, proof=True)
    approves(seat, "approver@jianghai", "Transfer without a trade")
    approves(seat, "checker@registry", "Transfer without a trade")
    with seat.page.expect_download() as saved:
        seat.page.get_by_role("link", name="proof.pdf").click()
    assert saved.value.suggested_filename == "proof.pdf"


def pledges_and_is_released(seat: Seat) -> None:
    terms = {
        "asset": "CEA24", "quantity": "60", "pledgee": "yunling", "loan": "3000.00", "starts_on": "2026-03-06",
        "ends_on": "2026-09-30",
    }  # fmt: skip
    asks(seat, "pledges", terms)
    approves(seat, "approver@jianghai", "Pledge")
    approves(seat, "approver@yunling", "Pledge")
    assert seat.registry.balance("jianghai", "CEA24", "pledged") == 60
    page = seat.take("initiator@yunling", "/registry/pledges/")
    page.get_by_role("link", name="Release").click()
    fills(page, {})
    sends(page)
    approves(seat, "approver@yunling", "Release of a pledge")
    assert seat.registry.balance("jianghai", "CEA24", "pledged") == 0


def cancels(seat: Seat) -> None:
    """240 nights and 48 000 km by rail are 14 542.08 kg: 15 t, and a certificate for everybody."""
    event = {
        "asset": "CCER", "beneficiary": "Spring Forum", "purpose": "conference", "event-rail": "48000",
        "event-hotel": "240",
    }  # fmt: skip
    asks(seat, "cancellations", event)
    approves(seat, "approver@jianghai", "Voluntary cancellation")
    page = seat.take(INITIATOR, "/registry/cancellations/")
    page.locator("td a[href^='/certificates/']").click()
    expect(page.locator("main")).to_contain_text("Spring Forum")


def freezes_and_lifts(seat: Seat) -> None:
    """The issuer sees what there is to freeze; the holder learns of it when it is in force."""
    page = seat.take("issuer@registry", "/registry/freezes/")
    page.get_by_role("link", name="New freeze").click()
    page.get_by_label("Code of the organisation").fill("jianghai")
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#id_qty-CEA24_helptext")).to_have_text("registry 300\u00a0t, trading 100\u00a0t")
    fills(page, {"document_number": "(2026) 7", "ordered_by": "court", "qty-CEA24": "350"}, proof=True)
    sends(page)
    holder = "approver@jianghai"
    expect(seat.take(holder, "/registry/freezes/").locator("main")).not_to_contain_text("(2026) 7")
    approves(seat, "checker@registry", "Freeze")
    assert seat.registry.balance("jianghai", "CEA24", "frozen") == 350
    expect(seat.take(holder, "/registry/freezes/").locator("main")).to_contain_text("(2026) 7")
    page = seat.take("issuer@registry", "/registry/freezes/")
    page.get_by_role("link", name="Ask for its end").click()
    fills(page, {}, proof=True)
    sends(page)
    approves(seat, "checker@registry", "Unfreeze")
    assert seat.registry.balance("jianghai", "CEA24", "frozen") == 0
