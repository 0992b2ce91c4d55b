"""A surrender in a real browser: look at the year, check, submit; the certificate's page for anybody."""

import datetime as dt
import os
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts import clock
from registry.certificates import issue
from registry.compliance.models import Deadline, Surrender
from tests.compliance.conftest import AT, year_of
from tests.pages.conftest import Window, complaints, window  # noqa: F401 - fixtures
from tests.support.registry import Registry, make_registry

OpenWindow = Callable[..., Window]


@pytest.fixture
def made(transactional_db: None) -> Registry:
    registry = make_registry()
    Deadline.objects.filter(year=2025).update(day=clock.now().date() + dt.timedelta(days=40))
    registry.year("jianghai", 2025, verified_t=60_000, obligation_t=60_000)
    for asset, quantity_t in (("CEA25", 50_000), ("CEA24", 9_000), ("CCER", 4_000)):
        registry.give("jianghai", asset, quantity_t)
    registry.give("jianghai", "CEA25", 4_000, "trading")
    return registry


def picture(seen: Window, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        seen.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_surrender_is_checked_and_submitted(made: Registry, window: OpenWindow) -> None:  # noqa: F811
    desk = window()
    page = desk.sign_in("initiator@jianghai.example", "/registry/")
    page.click("a.card-link >> text=2025")
    expect(page.locator("#need")).to_have_text("60\u00a0000")
    expect(page.locator("#gap")).to_have_text("3\u00a0000")
    expect(page.locator("#qty-CEA25")).to_have_value("50000")
    picture(desk, "year")
    page.fill("#reason", "for 2025")
    page.click("text=Check your answers")
    expect(page.locator("tbody")).to_contain_text("7\u00a0000")
    picture(desk, "check")
    page.click("button:has-text('Submit')")
    expect(page.locator(".said-success")).to_be_visible()
    picture(desk, "submitted")
    assert Surrender.objects.get().quantity_t == 53_000
    assert year_of(made, year=2025).pending_t == 53_000


def test_on_a_phone_in_chinese_and_dark(made: Registry, window: OpenWindow) -> None:  # noqa: F811
    phone = window(locale="zh-CN", viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = phone.sign_in("initiator@jianghai.example", "/registry/compliance/2025/")
    expect(page.locator("h1")).to_contain_text("2025")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "the page itself never scrolls sideways"
    picture(phone, "phone")


def test_a_certificate_for_anybody(made: Registry, window: OpenWindow) -> None:  # noqa: F811
    content = {"year": 2024, "obligation_t": 5, "surrendered_t": 5, "allowances_t": 5, "credits_t": 0}
    certificate = issue("compliance", made.organisations["jianghai"], content, AT)
    stranger = window()
    page = stranger.open("/certificates/")
    page.fill("#number", certificate.number.lower())
    page.press("#number", "Enter")
    expect(page.locator(".qr-box svg")).to_be_visible()
    expect(page.locator("body")).to_contain_text(certificate.sha256)
    picture(stranger, "certificate")
